//! Paints the follow panel: how it is told, and what was said.

use egui::{ComboBox, RichText, ScrollArea, Sense, Ui, vec2};

use super::asks::{Follow, Telling};
use super::{Explore, Input, panes};
use crate::diagram::color;
use crate::diagram::style::Style;
use crate::export::follow::Side;
use crate::gui::act::Act;
use crate::gui::theme::{Palette, Tone, medium, mono};

/// How high a line is.
const LINE: f32 = 17.0;

/// Shows the panel.
pub(super) fn show(ui: &mut Ui, explore: &mut Explore, palette: &Palette, acts: &mut Vec<Act>) {
    let Some(connection) = explore.followed() else {
        panes::no_connection(ui, explore, palette, "what its two sides said stands");
        return;
    };
    explore.read_followed();
    ui.horizontal_wrapped(|ui| bar(ui, explore, palette, acts));
    let name = super::connections::name(explore, connection);
    ui.add(egui::Label::new(RichText::new(name).size(12.0).tone(palette.dim)).truncate());
    let wanted = explore.stand_followed();
    let Some(told) = explore.following.told().cloned() else {
        panes::reading(ui, palette, explore.following.trouble());
        return;
    };
    if told.lines.is_empty() && !explore.following.is_busy() {
        let text = match explore.following.telling {
            Telling::Contents => "No request was found in this connection.",
            Telling::Carried => "Nothing was said on this connection.",
            _ => "Nothing was said that could be opened. Add keys, or choose “As carried”.",
        };
        panes::hint(ui, palette, text);
        return;
    }
    let server = color(palette.theme.colours(Style::Application).text);
    ui.spacing_mut().item_spacing.y = 0.0;
    let mut area = ScrollArea::both().id_salt("followed").auto_shrink(false);
    if let Some(line) = wanted {
        let target = line as f32 * LINE - ui.available_height() * 0.3;
        area = area.vertical_scroll_offset(target.max(0.0));
    }
    let chosen = explore.following.standing.chosen.clone().unwrap_or_default();
    let mut seen = 0..0;
    area.show_rows(ui, LINE, told.lines.len(), |ui, range| {
        seen = range.clone();
        for (nth, line) in range.clone().zip(told.lines.get(range).unwrap_or_default()) {
            let tone = if line.by_client { palette.ink } else { server };
            let font = if line.heads.is_some() { medium(11.5) } else { mono(12.0) };
            let galley = ui.painter().layout_no_wrap(line.text.clone(), font, tone);
            let width = (galley.size().x + 16.0).max(ui.available_width());
            let (rect, _) = ui.allocate_exact_size(vec2(width, LINE), Sense::hover());
            let sense = if line.heads.is_some() { Sense::CLICK } else { Sense::hover() };
            let response = ui.interact(rect, ui.scope_id().with(("said", nth)), sense);
            let role = if line.heads.is_some() { egui::Role::Button } else { egui::Role::Label };
            let is_chosen = chosen.contains(&nth);
            response.widget_info(|| match is_chosen {
                true => egui::WidgetInfo::selected(role, true, true, &line.text),
                false => egui::WidgetInfo::labeled(role, true, &line.text),
            });
            let ground = match (is_chosen, line.heads) {
                (true, _) => Some(palette.chosen),
                (false, Some(_)) => Some(palette.band),
                (false, None) => None,
            };
            if let Some(ground) = ground {
                ui.painter().rect_filled(rect, 0.0, ground);
            }
            if chosen.is_empty() && nth == chosen.start {
                // Here the chosen packet passed, and said nothing.
                ui.painter().hline(rect.x_range(), rect.top(), palette.outline());
            }
            let at = egui::pos2(rect.left() + 6.0, rect.center().y - galley.size().y / 2.0);
            ui.painter().galley(at, galley, tone);
            if let Some(frame) = line.heads.filter(|_| response.clicked()) {
                acts.push(Act::Explore(Input::Frame(frame)));
            }
        }
    });
    explore.following.standing.seen = seen;
}

/// How it is told, whose words, and where they go.
fn bar(ui: &mut Ui, explore: &Explore, palette: &Palette, acts: &mut Vec<Act>) {
    let following = &explore.following;
    let mut ask = |follow: Follow| acts.push(Act::Explore(Input::Follow(follow)));
    let shown = Telling::ALL.iter().find(|(one, _)| *one == following.telling);
    let combo = ComboBox::from_id_salt("telling").width(128.0);
    let combo = combo.selected_text(shown.map_or("", |(_, name)| name)).show_ui(ui, |ui| {
        for (telling, name) in Telling::ALL {
            if ui.selectable_label(following.telling == telling, name).clicked() {
                ask(Follow::Telling(telling));
            }
        }
    });
    combo.response.accessible_name("How it is told");
    let sides =
        [(None, "Both sides"), (Some(Side::Client), "Client"), (Some(Side::Server), "Server")];
    let shown = sides.iter().find(|(side, _)| *side == following.only.side);
    let combo = ComboBox::from_id_salt("side").width(88.0);
    let combo = combo.selected_text(shown.map_or("", |(_, name)| name)).show_ui(ui, |ui| {
        for (side, name) in sides {
            if ui.selectable_label(following.only.side == side, name).clicked() {
                ask(Follow::Side(side));
            }
        }
    });
    combo.response.accessible_name("Whose words");
    let streams = following.told().map(|told| &told.streams).filter(|all| !all.is_empty());
    if let Some(streams) = streams {
        let name = |stream: Option<u64>| match stream {
            None => "All streams".to_owned(),
            Some(stream) => format!("Stream {stream}"),
        };
        let combo = ComboBox::from_id_salt("stream").selected_text(name(following.only.stream));
        let combo = combo.show_ui(ui, |ui| {
            for stream in std::iter::once(None).chain(streams.iter().copied().map(Some)) {
                if ui.selectable_label(following.only.stream == stream, name(stream)).clicked() {
                    ask(Follow::Stream(stream));
                }
            }
        });
        combo.response.accessible_name("Which stream");
    }
    let is_told = following.told().is_some_and(|told| !told.lines.is_empty());
    if ui.add_enabled(is_told, egui::Button::new("Copy all")).clicked() {
        ask(Follow::Copy);
    }
    if ui.add_enabled(is_told, egui::Button::new("Save")).clicked() {
        ask(Follow::Save);
    }
    let said = match &following.saved {
        Some(path) => format!("Saved as {}", path.display()),
        None if following.told().is_some_and(|told| told.is_cut) => {
            "Only the beginning stands here; Save writes all.".to_owned()
        }
        None => String::new(),
    };
    ui.add(egui::Label::new(RichText::new(said).size(12.0).tone(palette.dim)).truncate());
}
