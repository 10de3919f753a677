//! What is told of the chosen secret below its schedule: how it is made, its value where somebody
//! asked for it, what it gives and opens.

use data_encoding::HEXLOWER;
use egui::{Button, Label, RichText, ScrollArea, Ui};
use wirestage_dissectors::protocols::tls::schedule::{Schedule, ScheduledSecret};

use super::asks::Secret;
use super::{Explore, Input, keys_words};
use crate::gui::act::Act;
use crate::gui::theme::{Palette, Tone, mono};

/// How wide the buttons are.
const BUTTONS: f32 = 132.0;

/// What stands above and below what is told.
const AROUND: f32 = 18.0;

/// Shows it; returns how high that is.
pub(super) fn show(
    ui: &mut Ui,
    explore: &Explore,
    schedule: &Schedule,
    palette: &Palette,
    acts: &mut Vec<Act>,
) -> f32 {
    let mut height = 0.0;
    ui.horizontal_top(|ui| {
        let wide = (ui.available_width() - BUTTONS - 12.0).max(120.0);
        ui.allocate_ui(egui::vec2(wide, ui.available_height()), |ui| {
            let area = ScrollArea::vertical().id_salt("secret").auto_shrink(false);
            let told = area.show(ui, |ui| {
                ui.vertical(|ui| told(ui, explore, schedule, palette, acts));
            });
            height = told.content_size.y + AROUND;
        });
        ui.vertical(|ui| buttons(ui, explore, acts));
    });
    height
}

fn told(
    ui: &mut Ui,
    explore: &Explore,
    schedule: &Schedule,
    palette: &Palette,
    acts: &mut Vec<Act>,
) {
    let chosen = explore.keys_panel.chosen();
    let Some(stage) = schedule.stages.get(chosen) else { return };
    // Lines of text, not of buttons.
    ui.spacing_mut().interact_size.y = 0.0;
    ui.spacing_mut().item_spacing.y = 2.0;
    ui.label(RichText::new(&stage.name).head(13.0).tone(palette.ink));
    let line = |ui: &mut Ui, name: &str, text: &str, is_value: bool| {
        ui.horizontal_wrapped(|ui| {
            ui.label(RichText::new(name).size(12.0).tone(palette.dim));
            let text = RichText::new(text).size(12.0).tone(palette.ink);
            ui.add(Label::new(if is_value { text.font(mono(11.5)) } else { text }).wrap());
        });
    };
    let made = format!("{} · {}", stage.made_of, keys_words::standing_of(schedule, chosen));
    line(ui, "made", &made, false);
    ui.horizontal_wrapped(|ui| since(ui, stage, palette, acts));
    let opened = keys_words::opened(stage);
    if !opened.is_empty() {
        line(ui, "opens", &opened, false);
    }
    if let Some((what, finished)) = stage.proof() {
        let how = if finished.is_right { "is right" } else { "× is WRONG" };
        let text =
            format!("the {what} in frame {} was made anew, and {how}", finished.frame.number());
        line(ui, "proves", &text, false);
    }
    if !explore.keys_panel.shows_values {
        if let Some(value) = &stage.value {
            line(ui, "value", &format!("{} bytes, hidden", value.len()), false);
        }
        return;
    }
    if let Some(value) = &stage.value {
        line(ui, "value", &HEXLOWER.encode(value), true);
    }
    if let Some((key, iv)) = &stage.keys {
        line(ui, "gives key", &HEXLOWER.encode(key), true);
        line(ui, "and IV", &HEXLOWER.encode(iv), true);
    }
}

/// Since when it exists, with a way to there.
fn since(ui: &mut Ui, stage: &ScheduledSecret, palette: &Palette, acts: &mut Vec<Act>) {
    ui.label(RichText::new("exists from").size(12.0).tone(palette.dim));
    let text = keys_words::since(stage);
    let text = text.trim_start_matches("From ");
    let Some(frame) = stage.since.1 else {
        ui.label(RichText::new(text).size(12.0).tone(palette.ink));
        return;
    };
    let link = ui.link(RichText::new(text).size(12.0));
    if link.on_hover_text("Go to that frame.").clicked() {
        acts.push(Act::Explore(Input::Frame(frame)));
    }
}

fn buttons(ui: &mut Ui, explore: &Explore, acts: &mut Vec<Act>) {
    let panel = &explore.keys_panel;
    let entries = [
        ("Copy value", panel.value().is_some(), Secret::CopyValue),
        ("Copy as key log", panel.line().is_some(), Secret::CopyLine),
        ("Show its records", panel.opens(), Secret::Show),
    ];
    for (name, can, ask) in entries {
        let button = Button::new(name).min_size(egui::vec2(BUTTONS, 26.0));
        if ui.add_enabled(can, button).clicked() {
            acts.push(Act::Explore(Input::Secret(ask)));
        }
    }
}
