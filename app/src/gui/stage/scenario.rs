//! The chosen scenario: what it teaches, who takes part, Run, and its knobs.

use egui::{Button, ComboBox, RichText, TextEdit, Ui};
use wirestage_generators::{Knob, Scenario};

use super::{link, running};
use crate::gui::act::Act;
use crate::gui::command::Command;
use crate::gui::focus;
use crate::gui::state::State;
use crate::gui::theme::{Tone, mono};

/// Shows the scenario.
pub(super) fn show(ui: &mut Ui, state: &mut State, scenario: &'static Scenario) {
    let palette = state.palette.clone();
    ui.label(RichText::new(scenario.group.title()).size(12.0).tone(palette.dim));
    ui.label(RichText::new(scenario.title).heading().head(22.0).tone(palette.ink));
    ui.add_space(6.0);
    ui.label(RichText::new(scenario.teaches).size(14.0).tone(palette.ink));
    ui.add_space(10.0);
    ui.horizontal_wrapped(|ui| {
        let roles: Vec<&str> = scenario.roles.iter().map(|role| role.title).collect();
        ui.label(RichText::new(format!("Takes part: {}", roles.join(", "))).tone(palette.dim));
        ui.label(RichText::new("·").tone(palette.faint));
        ui.label(RichText::new(scenario.name).font(mono(12.0)).tone(palette.dim));
    });
    ui.add_space(16.0);
    // Above what may be set, which is long for some: it is always in sight.
    run(ui, state);
    ui.add_space(16.0);
    for knob in scenario.knobs {
        edit(ui, state, scenario, knob);
        ui.add_space(10.0);
    }
    link::show(ui, state, scenario);
}

/// The button that plays it, or how far that is.
fn run(ui: &mut Ui, state: &mut State) {
    if running::show(ui, state) {
        return;
    }
    let palette = state.palette.clone();
    let text = RichText::new("Run").head(14.0).tone(palette.on_accent);
    let run = Button::new(text).fill(palette.accent).min_size(egui::vec2(120.0, 34.0));
    // In a row, the button's text stands in its middle.
    let run = ui.horizontal(|ui| ui.add(run)).inner;
    focus::region(ui.ctx(), run.id, ui.max_rect());
    if run.on_hover_text(Command::Run.tip(ui.ctx())).clicked() {
        state.acts.push(Act::Do(Command::Run));
    }
    ui.add_space(4.0);
    let what = "Real programs talk in a private network; every packet and key is recorded.";
    ui.label(RichText::new(what).size(12.0).tone(palette.dim));
}

/// One knob as a form field.
fn edit(ui: &mut Ui, state: &mut State, scenario: &'static Scenario, knob: &'static Knob) {
    let palette = state.palette.clone();
    let name = capital(&knob.name.replace('-', " "));
    let label = ui.label(RichText::new(&name).head(13.0).tone(palette.ink));
    let value = state.stage.knob(scenario, knob);
    if knob.choices.is_empty() {
        let field = TextEdit::singleline(value).hint_text(knob.default).desired_width(240.0);
        ui.add(field).labelled_by(label.id);
    } else {
        let chosen = ComboBox::from_id_salt((scenario.name, knob.name))
            .selected_text(value.as_str())
            .width(240.0)
            .show_ui(ui, |ui| {
                for choice in knob.choices {
                    ui.selectable_value(value, (*choice).to_owned(), *choice);
                }
            });
        chosen.response.labelled_by(label.id);
    }
    ui.label(RichText::new(knob.help).size(12.0).tone(palette.dim));
}

/// The text with a capital first letter.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + letters.as_str()
    })
}
