//! Below the scenario: recent recordings, a button and a field to open others.

use std::path::Path;

use egui::{Button, RichText, TextEdit, Ui};

use crate::gui::act::Act;
use crate::gui::command::Command;
use crate::gui::state::State;
use crate::gui::theme::{Tone, mono};
use crate::gui::work::open::{expand, name};

/// Shows them.
pub(super) fn show(ui: &mut Ui, state: &mut State) {
    let palette = state.palette.clone();
    ui.label(RichText::new("Recordings").head(14.0).tone(palette.ink));
    ui.add_space(6.0);
    if state.settings.recent.is_empty() {
        let empty = "None yet. Run a scenario, open a file, or drop one anywhere in this window.";
        ui.label(RichText::new(empty).tone(palette.dim));
    }
    for path in state.settings.recent.clone() {
        if recent(ui, state, &path) {
            state.acts.push(Act::Open(vec![path]));
        }
    }
    ui.add_space(12.0);
    ui.horizontal(|ui| {
        let button = ui.button(Command::Open.name()).on_hover_text(Command::Open.tip(ui.ctx()));
        if button.clicked() {
            state.acts.push(Act::Do(Command::Open));
        }
        let capture = ui.button(Command::Capture.name());
        if capture.on_hover_text(Command::Capture.tip(ui.ctx())).clicked() {
            state.acts.push(Act::Do(Command::Capture));
        }
        let field = TextEdit::singleline(&mut state.stage.path)
            .hint_text("or type the path of a pcapng or pcap file")
            .margin(egui::Margin::symmetric(8, 4))
            .desired_width((ui.available_width() - 112.0).max(120.0));
        let field = ui.add(field).accessible_name("Path of a recording");
        let entered = field.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
        let typed = !state.stage.path.trim().is_empty();
        let go = ui.add_enabled(typed, Button::new("Open path"));
        if typed && (entered || go.clicked()) {
            let path = expand(state.stage.path.trim());
            state.acts.push(Act::Open(vec![path]));
        }
    });
}

/// One recent recording. Says whether it was chosen.
fn recent(ui: &mut Ui, state: &State, path: &Path) -> bool {
    let palette = &state.palette;
    let folder = path.parent().map(|folder| folder.display().to_string()).unwrap_or_default();
    let row = ui.horizontal(|ui| {
        let text = RichText::new(name(path)).tone(palette.accent);
        let button = ui.add(Button::new(text).frame(false));
        let folder = RichText::new(folder).font(mono(11.0)).tone(palette.faint);
        ui.add(egui::Label::new(folder).truncate());
        button
    });
    row.inner.on_hover_text(path.display().to_string()).clicked()
}
