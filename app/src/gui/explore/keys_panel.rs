//! Paints the key schedule: which secret exists from which message on, what it is made of, what it
//! opens.

use egui::{
    ComboBox, Key, Modifiers, Panel, Rect, Role, ScrollArea, Sense, Shape, Stroke, Ui, Vec2,
    WidgetInfo, vec2,
};
use wirestage_dissectors::protocols::tls::names::{self, GROUPS, VERSIONS};
use wirestage_dissectors::protocols::tls::schedule::{Schedule, ScheduledSecret, Standing};
use wirestage_dissectors::wording::{counted, thousands};

use super::asks::{Secret, Turn};
use super::keys_plan::{BOX, Plan};
use super::{Explore, Input, keys_box, keys_detail, keys_words, panes};
use crate::gui::act::Act;
use crate::gui::command::Command;
use crate::gui::theme::Palette;

/// How high the part below may be, which tells the chosen secret: as high as its text.
const DETAIL: std::ops::RangeInclusive<f32> = 104.0..=200.0;

/// Shows the panel.
pub(super) fn show(ui: &mut Ui, explore: &mut Explore, palette: &Palette, acts: &mut Vec<Act>) {
    if explore.followed().is_none() {
        panes::no_connection(ui, explore, palette, "its secrets stand");
        return;
    }
    explore.read_schedules();
    explore.keys_panel.choose_lacking();
    let Some(all) = explore.keys_panel.known() else {
        panes::reading(ui, palette, explore.keys_panel.trouble());
        return;
    };
    let Some(schedule) = all.get(explore.keys_panel.handshake()) else {
        panes::hint(ui, palette, "No handshake of TLS was answered on this connection.");
        return;
    };
    bar(ui, explore, (schedule, all.len()), palette, acts);
    let below = egui::Frame::new().inner_margin(egui::Margin::symmetric(10, 6));
    Panel::bottom("key detail")
        .exact_size(explore.keys_panel.told.clamp(*DETAIL.start(), *DETAIL.end()))
        .resizable(false)
        .frame(below.fill(palette.band))
        .show(ui, |ui| {
            let told = keys_detail::show(ui, explore, schedule, palette, acts);
            if (told - explore.keys_panel.told).abs() > 0.5 {
                explore.keys_panel.told = told;
                ui.ctx().request_repaint();
            }
        });
    let room = ui.available_rect_before_wrap();
    let panel = ui.interact(room, ui.scope_id().with("keys"), Sense::focusable_noninteractive());
    let count = schedule.stages.len();
    let label = format!("Key schedule, {count} secrets");
    panel.widget_info(|| WidgetInfo::labeled(Role::ListBox, true, &label));
    if std::mem::take(&mut explore.keys_panel.focus) {
        panel.request_focus();
    }
    if panes::keyboard(ui, &panel) {
        keys(ui, acts);
    }
    let area = ScrollArea::vertical().id_salt("schedule").auto_shrink(false);
    area.show(ui, |ui| picture(ui, explore, schedule, palette, acts));
}

/// Which connection it is about, where there are others: their keys differ.
fn whose(ui: &mut Ui, explore: &Explore, palette: &Palette, acts: &mut Vec<Act>) {
    let all = &explore.ground.connections;
    let Some(own) = explore.followed().filter(|_| all.len() > 1) else { return };
    let Some(place) = all.iter().position(|one| *one == own) else { return };
    let text = format!("Connection {} of {}", place + 1, thousands(all.len() as u64));
    let label = ui.label(egui::RichText::new(text).size(12.0).color(palette.ink));
    label.on_hover_text(super::connections::name(explore, own));
    let next = ui.button(Command::NextConnection.name());
    if next.on_hover_text(Command::NextConnection.tip(ui.ctx())).clicked() {
        acts.push(Act::Do(Command::NextConnection));
    }
}

/// What was agreed on, which handshake it is, and whether values are shown.
fn bar(
    ui: &mut Ui,
    explore: &Explore,
    (schedule, count): (&Schedule, usize),
    palette: &Palette,
    acts: &mut Vec<Act>,
) {
    ui.horizontal_wrapped(|ui| {
        let mut asked = None;
        let mut ask = |secret: Secret| asked = Some(secret);
        whose(ui, explore, palette, acts);
        if count > 1 {
            let here = explore.keys_panel.handshake();
            let name = |number: usize| format!("Handshake {} of {count}", number + 1);
            let combo = ComboBox::from_id_salt("handshake").selected_text(name(here));
            let combo = combo.show_ui(ui, |ui| {
                for number in 0..count {
                    if ui.selectable_label(number == here, name(number)).clicked() {
                        ask(Secret::Handshake(number));
                    }
                }
            });
            combo.response.accessible_name("Which handshake");
        }
        let version = names::name(VERSIONS, schedule.version.0);
        let group = schedule.group.map(|group| format!(" · {}", names::name(GROUPS, group)));
        let suite = schedule.suite.name();
        let agreed = format!("{version} · {suite}{}", group.unwrap_or_default());
        ui.label(egui::RichText::new(agreed).size(12.0).color(palette.ink));
        let mut shows = explore.keys_panel.shows_values;
        let values = ui.checkbox(&mut shows, "Show values");
        if values.on_hover_text("Whoever sees a value can open what it seals (V)").clicked() {
            ask(Secret::Values);
        }
        acts.extend(asked.map(|secret| Act::Explore(Input::Secret(secret))));
        let missing = |stage: &&ScheduledSecret| stage.standing == Standing::Missing;
        let missing = schedule.stages.iter().filter(missing).count();
        if missing > 0 {
            let lines = counted(missing as u64, "line");
            let text = format!("× {lines} in no key log");
            ui.label(egui::RichText::new(text).size(12.0).color(palette.failure));
            let button = ui.button(Command::AddKeys.name());
            if button.on_hover_text(Command::AddKeys.tip(ui.ctx())).clicked() {
                acts.push(Act::Do(Command::AddKeys));
            }
        }
    });
}

/// Hears the arrow keys along the derivation, and those of what is chosen.
fn keys(ui: &Ui, acts: &mut Vec<Act>) {
    let asks = [
        (Key::ArrowDown, Secret::Turn(Turn::Next)),
        (Key::ArrowUp, Secret::Turn(Turn::Before)),
        (Key::ArrowLeft, Secret::Turn(Turn::MadeOf)),
        (Key::ArrowRight, Secret::Turn(Turn::Makes)),
        (Key::Enter, Secret::Show),
        (Key::V, Secret::Values),
    ];
    let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    let asked = asks.into_iter().filter(|(key, _)| pressed(*key)).map(|(_, ask)| ask);
    acts.extend(asked.map(|ask| Act::Explore(Input::Secret(ask))));
    let line = Modifiers::COMMAND | Modifiers::SHIFT;
    if ui.input_mut(|input| input.consume_key(line, Key::C)) {
        acts.push(Act::Explore(Input::Secret(Secret::CopyLine)));
    }
    if super::row_menu::copies(ui) {
        acts.push(Act::Explore(Input::Secret(Secret::CopyValue)));
    }
}

fn picture(
    ui: &mut Ui,
    explore: &Explore,
    schedule: &Schedule,
    palette: &Palette,
    acts: &mut Vec<Act>,
) {
    let name = |nth: usize| schedule.stages.get(nth).map_or(0.0, |one| keys_box::name(ui, one));
    let height = |nth: usize, wide: f32| {
        schedule.stages.get(nth).map_or(BOX, |one| keys_box::height(ui, one, wide))
    };
    let plan = Plan::new(schedule, ui.available_width(), name, height);
    let (all, _) = ui.allocate_exact_size(vec2(ui.available_width(), plan.height), Sense::hover());
    let by = all.min.to_vec2();
    for (nth, band) in plan.bands.iter().enumerate() {
        let fill = if nth % 2 == 0 { palette.band } else { palette.tint(0.015) };
        ui.painter().rect_filled(band.rect.translate(by), 4.0, fill);
        said(ui, band.said.translate(by), band.since, palette);
    }
    let chosen = explore.keys_panel.chosen();
    for link in &plan.links {
        let is_made =
            schedule.stages.get(link.to).is_some_and(|one| one.standing != Standing::NotMade);
        let near = link.to == chosen || schedule.parent(link.to) == Some(chosen);
        let tone = if near { palette.accent } else { palette.dim };
        let points: Vec<_> = link.points.iter().map(|point| *point + by).collect();
        let stroke = Stroke::new(if near { 1.8 } else { 1.2 }, tone);
        match is_made {
            true => drop(ui.painter().line(points.clone(), stroke)),
            false => ui.painter().extend(Shape::dashed_line(&points, stroke, 4.0, 3.0)),
        }
        if let [.., before, end] = points.as_slice() {
            head(ui, (*end - *before).normalized(), *end, tone);
        }
    }
    for place in &plan.boxes {
        let Some(stage) = schedule.stages.get(place.stage) else { continue };
        let is_chosen = place.stage == chosen;
        let label = keys_words::label(schedule, place.stage);
        if keys_box::show(ui, (place, by), (stage, &label), is_chosen, palette) {
            acts.push(Act::Explore(Input::Secret(Secret::Choose(place.stage))));
        }
    }
}

/// Since when what stands in a band exists.
fn said(
    ui: &Ui,
    rect: Rect,
    (message, frame): (&str, Option<wirestage_dissectors::ids::FrameId>),
    palette: &Palette,
) {
    let text = match frame {
        Some(frame) => format!("from {message} on (frame {})", frame.number()),
        None => format!("from {message} on"),
    };
    let inner = rect.shrink2(vec2(10.0, 8.0));
    let font = egui::FontId::proportional(12.0);
    let galley = ui.painter().layout(text, font, palette.dim, inner.width());
    ui.painter().galley(inner.min, galley, palette.dim);
}

/// The head of an arrow.
fn head(ui: &Ui, way: Vec2, end: egui::Pos2, tone: egui::Color32) {
    let across = vec2(-way.y, way.x) * 3.5;
    let back = end - way * 7.0;
    let points = vec![end, back + across, back - across];
    ui.painter().add(Shape::convex_polygon(points, tone, Stroke::NONE));
}
