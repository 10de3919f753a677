//! The bar at the top: which screen, what can be opened, the theme, and the menu of commands.

use egui::{Button, RichText, Ui};

use super::act::Act;
use super::command::{COMMANDS, Command};
use super::focus;
use super::menu;
use super::state::{Screen, State};
use super::theme::{Palette, Tone};

/// In a window that is narrower than this, in points at its scale, what the menu has too stands
/// there alone.
const ROOMY: f32 = 1000.0;
/// In one that is narrower than this, the menu alone opens files.
const LEAST: f32 = 640.0;
/// The name of what is open is told where so much room is left for it.
const NAME: f32 = 72.0;

/// Shows the bar.
pub(super) fn show(ui: &mut Ui, state: &mut State) {
    let palette = state.palette.clone();
    let width = ui.ctx().content_rect().width();
    let bar = ui.max_rect();
    ui.horizontal_centered(|ui| {
        ui.label(RichText::new("Wirestage").head(15.0).tone(palette.ink));
        ui.add_space(8.0);
        for (screen, command) in [
            (Screen::Stage, Command::Stage),
            (Screen::Explore, Command::Explore),
            (Screen::Compare, Command::Compare),
        ] {
            let there = screen != Screen::Explore || state.explore.is_some();
            let button = Button::selectable(state.screen == screen, command.name());
            let button = ui.add_enabled(there, button.min_size(egui::vec2(72.0, 26.0)));
            if screen == Screen::Stage {
                focus::region(ui.ctx(), button.id, bar);
            }
            if button.on_hover_text(command.tip(ui.ctx())).clicked() {
                state.acts.push(Act::Do(command));
            }
        }
        ui.separator();
        if width >= LEAST {
            command(ui, state, Command::Open, true);
        }
        if width >= ROOMY {
            command(ui, state, Command::AddKeys, state.explore.is_some());
            command(ui, state, Command::Export, state.explore.is_some());
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            menu::show(ui, state);
            let theme = if state.settings.dark { "Light" } else { "Dark" };
            let button = ui.button(theme).on_hover_text(Command::Theme.tip(ui.ctx()));
            if button.clicked() {
                state.acts.push(Act::Do(Command::Theme));
            }
            ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| name(ui, state));
        });
    });
}

/// What is open, in the room that is left.
fn name(ui: &mut Ui, state: &State) {
    let explore = state.explore.as_ref().filter(|_| state.screen == Screen::Explore);
    let Some(explore) = explore.filter(|_| ui.available_width() >= NAME) else { return };
    ui.separator();
    let paths: Vec<_> =
        explore.source.paths.iter().map(|path| path.display().to_string()).collect();
    let name = explore.source.scenario.as_ref().unwrap_or(&explore.source.name);
    let name = RichText::new(name).tone(state.palette.dim);
    ui.add(egui::Label::new(name).truncate()).on_hover_text(paths.join("\n"));
}

fn command(ui: &mut Ui, state: &mut State, command: Command, enabled: bool) {
    let button = ui.add_enabled(enabled, Button::new(command.name()));
    if button.on_hover_text(command.tip(ui.ctx())).clicked() {
        state.acts.push(Act::Do(command));
    }
}

/// The title of the list of shortcuts, and what stays free above it and below.
const AROUND_SHORTCUTS: f32 = 96.0;

/// The list of shortcuts, in a window of its own.
pub(super) fn shortcuts(ui: &Ui, state: &mut State) {
    let mut open = state.shortcuts;
    egui::Window::new("Shortcuts")
        .open(&mut open)
        .resizable(false)
        .collapsible(false)
        .anchor(egui::Align2::CENTER_CENTER, egui::Vec2::ZERO)
        .show(ui.ctx(), |ui| {
            let room = ui.ctx().content_rect().height() - AROUND_SHORTCUTS;
            egui::ScrollArea::vertical().max_height(room).show(ui, |ui| table(ui, &state.palette));
        });
    state.shortcuts = open;
}

fn table(ui: &mut Ui, palette: &Palette) {
    egui::Grid::new("shortcuts").num_columns(3).spacing([20.0, 6.0]).show(ui, |ui| {
        for entry in COMMANDS {
            let keys = ui.ctx().format_shortcut(&entry.keys);
            ui.label(RichText::new(entry.name).tone(palette.ink));
            ui.label(RichText::new(keys).monospace().tone(palette.ink));
            ui.label(RichText::new(entry.help).tone(palette.dim));
            ui.end_row();
        }
    });
}

/// The window in which a key log is named.
pub(super) fn keys(ui: &Ui, state: &mut State) {
    let Some(mut typed) = state.adding.take() else { return };
    let mut open = true;
    egui::Window::new("Add keys")
        .open(&mut open)
        .resizable(false)
        .collapsible(false)
        .anchor(egui::Align2::CENTER_CENTER, egui::Vec2::ZERO)
        .show(ui.ctx(), |ui| {
            let what = "A key log opens what is sealed. Browsers and many programs write one to \
                        the file that SSLKEYLOGFILE names. Where a secret was sealed to a \
                        server's RSA key, that key (PEM) opens it, too. A .proto file, or a \
                        descriptor set (.desc, .binpb), names the fields of gRPC.";
            ui.set_max_width(460.0);
            ui.label(RichText::new(what).tone(state.palette.dim));
            ui.add_space(8.0);
            let label =
                ui.label(RichText::new("Key log or names").head(13.0).tone(state.palette.ink));
            let field = egui::TextEdit::singleline(&mut typed)
                .hint_text("path of a key log, or of a .proto file")
                .desired_width(440.0);
            let field = ui.add(field).labelled_by(label.id);
            let entered =
                field.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
            ui.add_space(8.0);
            ui.horizontal(|ui| {
                let ready = !typed.trim().is_empty();
                let add = ui.add_enabled(ready, Button::new("Add")).clicked();
                if ready && (add || entered) {
                    state.acts.push(Act::Keys(super::work::open::expand(typed.trim())));
                }
                if ui.button("Browse…").clicked() {
                    state.acts.push(Act::Browse);
                }
            });
        });
    state.adding = open.then_some(typed);
}
