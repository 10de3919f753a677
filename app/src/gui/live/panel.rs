//! The window in which a capture is prepared: an interface, or a command.

use egui::{Button, ComboBox, RichText, TextEdit, Ui};

use super::asking::{Asking, Source, called};
use super::step::Step;
use crate::gui::act::Act;
use crate::gui::state::State;
use crate::gui::theme::{Palette, Tone, mono};

/// How wide it is.
const WIDE: f32 = 460.0;

/// Shows it, where it is open.
pub(in crate::gui) fn show(ui: &Ui, state: &mut State) {
    let Some(mut one) = state.listening.take() else { return };
    let palette = state.palette.clone();
    let is_busy = state.captures();
    let mut open = true;
    egui::Window::new("Capture")
        .open(&mut open)
        .resizable(false)
        .collapsible(false)
        .anchor(egui::Align2::CENTER_CENTER, egui::Vec2::ZERO)
        .show(ui.ctx(), |ui| {
            ui.set_width(WIDE);
            ui.horizontal(|ui| {
                ui.radio_value(&mut one.source, Source::Interface, "An interface");
                ui.radio_value(&mut one.source, Source::Command, "A command");
            });
            ui.add_space(8.0);
            let entered = match one.source {
                Source::Interface => interface(ui, &mut one, &palette),
                Source::Command => command(ui, &mut one, &palette),
            };
            ui.add_space(10.0);
            if is_busy {
                let wait = "Another capture goes on: stop it first.";
                ui.label(RichText::new(wait).tone(palette.warning));
            }
            let ready = one.wanted().is_some() && !is_busy;
            let text = RichText::new("Start").head(14.0).tone(palette.on_accent);
            let start = Button::new(text).fill(palette.accent).min_size(egui::vec2(120.0, 34.0));
            // In a row, the button's text stands in its middle.
            let start = ui.horizontal(|ui| ui.add_enabled(ready, start)).inner;
            if start.clicked() || entered && ready {
                state.acts.push(Act::Live(Step::Start));
            }
        });
    state.listening = open.then_some(one);
}

/// What is to be known of an interface. Says whether Enter was pressed.
fn interface(ui: &mut Ui, one: &mut Asking, palette: &Palette) -> bool {
    let label = ui.label(RichText::new("Interface").head(13.0).tone(palette.ink));
    let chosen = ComboBox::from_id_salt("interface")
        .selected_text(called(&one.interface))
        .width(280.0)
        .show_ui(ui, |ui| {
            for name in &one.interfaces {
                ui.selectable_value(&mut one.interface, name.clone(), called(name));
            }
        });
    chosen.response.labelled_by(label.id);
    let help = "Capturing takes a right that the window does not have. The helper beside it may be \
                given it: sudo setcap cap_net_raw+ep wirestage-capture";
    note(ui, help, palette);
    let filter = field(ui, "Capture filter", "tcp port 443", &mut one.filter, palette);
    note(ui, "In tcpdump’s language; empty for all packets.", palette);
    let keys = field(ui, "Key log", "path of a key log", &mut one.keys, palette);
    note(ui, "Read as it grows: what SSLKEYLOGFILE names for the programs that talk.", palette);
    filter || keys
}

/// What is to be known of a command. Says whether Enter was pressed.
fn command(ui: &mut Ui, one: &mut Asking, palette: &Palette) -> bool {
    let hint = "curl -k https://127.0.0.1:8443/";
    let command = field(ui, "Command", hint, &mut one.command, palette);
    let help = "Runs in a network of its own, where nothing outside can be reached; its keys are \
                logged and read. No right is needed.";
    note(ui, help, palette);
    let server = field(ui, "Server", "python3 -m http.server 8000", &mut one.server, palette);
    note(ui, "Started there before it; empty where the command needs none.", palette);
    command || server
}

/// A field with its name above. Says whether Enter was pressed in it.
fn field(ui: &mut Ui, name: &str, hint: &str, text: &mut String, palette: &Palette) -> bool {
    ui.add_space(6.0);
    let label = ui.label(RichText::new(name).head(13.0).tone(palette.ink));
    let edit = TextEdit::singleline(text).font(mono(12.5)).hint_text(hint).desired_width(440.0);
    let edit = ui.add(edit).labelled_by(label.id);
    edit.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter))
}

fn note(ui: &mut Ui, text: &str, palette: &Palette) {
    ui.label(RichText::new(text).size(12.0).tone(palette.dim));
}
