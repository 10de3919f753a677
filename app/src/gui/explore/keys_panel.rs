//! Paints the key schedule: which secret exists from which message on, what it is made of, what it
//! opens.

use egui::{
    Align2, ComboBox, Key, Modifiers, Panel, Rect, Role, ScrollArea, Sense, Shape, Stroke, Ui,
    Vec2, WidgetInfo, vec2,
};
use wirestage_dissectors::message::Protection;
use wirestage_dissectors::protocols::tls::names::{self, GROUPS, VERSIONS};
use wirestage_dissectors::protocols::tls::schedule::{Schedule, ScheduledSecret, Standing};

use super::asks::{Secret, Turn};
use super::keys_plan::{Placed, Plan};
use super::list::cell_text;
use super::{Explore, Input, keys_detail, keys_words, panes};
use crate::diagram::color;
use crate::diagram::style::Style;
use crate::gui::act::Act;
use crate::gui::command::Command;
use crate::gui::theme::{Palette, medium, mono};

/// How high the part below is, which tells the chosen secret.
const DETAIL: f32 = 128.0;

/// Shows the panel.
pub(super) fn show(ui: &mut Ui, explore: &mut Explore, palette: &Palette, acts: &mut Vec<Act>) {
    if explore.followed().is_none() {
        panes::hint(ui, palette, "Choose a packet of a connection: its secrets stand here.");
        return;
    }
    explore.read_schedules();
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
        .exact_size(DETAIL)
        .resizable(false)
        .frame(below.fill(palette.band))
        .show(ui, |ui| keys_detail::show(ui, explore, schedule, palette, acts));
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
    panes::ring(ui, &panel);
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
            let text = format!("× {missing} in no key log");
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
    let plan = Plan::new(schedule, ui.available_width());
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
        if secret(ui, (place, by), stage, is_chosen, palette) {
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

/// The colours of a box, as those of the beads that it opens: fill and line.
fn colours(stage: &ScheduledSecret, palette: &Palette) -> (egui::Color32, egui::Color32) {
    let of = |style: Style| {
        let colours = palette.theme.colours(style);
        (color(colours.fill), color(colours.line))
    };
    match (stage.standing, stage.seals) {
        (Standing::Missing, _) => (palette.paper, palette.failure),
        (Standing::NotMade, _) => (palette.paper, palette.faint),
        (_, Some(Protection::Early)) => of(Style::Early),
        (_, Some(Protection::Handshake)) => of(Style::Handshake),
        (_, Some(_)) => of(Style::Application),
        (_, None) => (palette.paper, palette.dim),
    }
}

/// A secret in its box, and beside it what it opens. Says whether it was chosen.
fn secret(
    ui: &Ui,
    (place, by): (&Placed, Vec2),
    stage: &ScheduledSecret,
    is_chosen: bool,
    palette: &Palette,
) -> bool {
    let rect = place.rect.translate(by);
    let response = ui.interact(rect, ui.scope_id().with(("secret", place.stage)), Sense::CLICK);
    let label = keys_words::label(stage);
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, is_chosen, &label));
    let (fill, line) = colours(stage, palette);
    let painter = ui.painter();
    painter.rect_filled(rect, 6.0, fill);
    if matches!(stage.standing, Standing::NotMade | Standing::Missing) {
        let corners = [
            rect.left_top(),
            rect.right_top(),
            rect.right_bottom(),
            rect.left_bottom(),
            rect.left_top(),
        ];
        painter.extend(Shape::dashed_line(&corners, Stroke::new(1.2, line), 5.0, 3.0));
    } else {
        painter.rect_stroke(rect, 6.0, Stroke::new(1.2, line), egui::StrokeKind::Inside);
    }
    if is_chosen || response.hovered() {
        let ring = Stroke::new(if is_chosen { 2.0 } else { 1.0 }, palette.accent);
        painter.rect_stroke(rect.expand(2.0), 7.0, ring, egui::StrokeKind::Outside);
    }
    let (name, note) = rect.split_top_bottom_at_y(rect.top() + 23.0);
    let tone = if stage.standing == Standing::NotMade { palette.dim } else { palette.ink };
    cell_text(ui, name, Align2::LEFT_CENTER, &stage.name, medium(12.5), tone);
    let words = stage.words().map_or_else(|| stage.made_of.clone(), |words| format!("\"{words}\""));
    let font = if stage.words().is_some() { mono(11.0) } else { egui::FontId::proportional(11.5) };
    let standing = keys_words::standing(stage);
    let wide: f32 = if stage.is_inside() && stage.label.is_none() { 0.0 } else { 124.0 };
    let (left, right) = note.split_left_right_at_x(note.right() - wide.min(note.width() * 0.6));
    let up = vec2(0.0, -3.0);
    cell_text(ui, left.translate(up), Align2::LEFT_CENTER, &words, font, palette.dim);
    if wide > 0.0 {
        let is_missing = stage.standing == Standing::Missing;
        let tone = if is_missing { palette.failure } else { palette.dim };
        let font = egui::FontId::proportional(11.5);
        cell_text(ui, right.translate(up), Align2::RIGHT_CENTER, standing, font, tone);
    }
    if let Some(opened) = place.opened {
        let font = egui::FontId::proportional(12.0);
        let text = keys_words::opened(stage);
        let galley = ui.painter().layout(text, font, palette.ink, opened.width());
        let at = opened.translate(by).left_center() - vec2(0.0, galley.size().y / 2.0);
        ui.painter().galley(at, galley, palette.ink);
    }
    response.clicked()
}
