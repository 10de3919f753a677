//! The window in which an export is prepared: what, how, where to, and how it went.

use std::time::Duration;

use egui::{Button, RichText, Spinner, TextEdit, Ui};

use super::{Exporting, Made, Step, What};
use crate::diagram::Axis;
use crate::export::Clock;
use crate::gui::act::Act;
use crate::gui::command::Command;
use crate::gui::state::State;
use crate::gui::theme::{Palette, Tone};
use crate::gui::{explore, problem};

/// How wide it is.
const WIDE: f32 = 520.0;
/// How often the clock of a running export is painted anew.
const TICK: Duration = Duration::from_millis(100);

/// Shows it, where it is open.
pub(in crate::gui) fn show(ui: &Ui, state: &mut State) {
    let Some(mut one) = state.exporting.take() else { return };
    match one.clip.take() {
        Some(Made::Picture(image)) => ui.ctx().copy_image(image),
        Some(Made::Text(text)) => ui.ctx().copy_text(text),
        Some(Made::File(..)) | None => {}
    }
    let palette = state.palette.clone();
    let axis = state.explore.as_ref().map_or_else(Axis::default, |open| open.shown.axis());
    let chosen = (state.settings.clock, axis);
    let request = state.explore.as_ref().and_then(|explore| explore.request());
    let mut open = true;
    egui::Window::new("Export")
        .open(&mut open)
        .resizable(false)
        .collapsible(false)
        .anchor(egui::Align2::CENTER_CENTER, egui::Vec2::ZERO)
        .show(ui.ctx(), |ui| {
            ui.set_width(WIDE);
            let acts = &mut state.acts;
            choices(ui, &mut one, &palette, acts);
            ui.add_space(8.0);
            match one.what {
                What::Story(_) => looks(ui, &mut one, chosen, acts),
                What::Recording => {}
                What::Archive => {
                    let help =
                        "Cookies, authorisation, tokens, and the values of queries and forms.";
                    ui.checkbox(&mut one.redact, "Take secrets out").on_hover_text(help);
                }
                What::Contents => {
                    let text = match request {
                        Some(number) => format!("Only those of request {number}"),
                        None => "Only those of the chosen request".to_owned(),
                    };
                    let only = egui::Checkbox::new(&mut one.only_chosen, text);
                    ui.add_enabled(request.is_some(), only);
                }
            }
            ui.add_space(8.0);
            let entered = file(ui, &mut one, &palette, acts);
            ui.add_space(8.0);
            buttons(ui, &one, &palette, entered, acts);
            if let Some(done) = &one.done {
                ui.add_space(8.0);
                ui.add(egui::Label::new(RichText::new(done).tone(palette.ink)).wrap());
            }
            if let Some(trouble) = one.problem.clone() {
                ui.add_space(8.0);
                if problem::card(ui, &trouble, &palette) {
                    one.problem = None;
                }
            }
        });
    state.exporting = open.then_some(one);
}

/// What is written.
fn choices(ui: &mut Ui, one: &mut Exporting, palette: &Palette, acts: &mut Vec<Act>) {
    ui.horizontal_wrapped(|ui| {
        for what in What::all() {
            let button = Button::selectable(one.what == what, what.name());
            let button = ui.add(button.min_size(egui::vec2(0.0, 26.0)));
            if button.on_hover_text(what.help()).clicked() {
                acts.push(Act::Export(Step::Choose(what)));
            }
        }
    });
    ui.add_space(4.0);
    ui.label(RichText::new(one.what.help()).tone(palette.dim));
}

/// How it looks.
fn looks(ui: &mut Ui, one: &mut Exporting, (clock, axis): (Clock, Axis), acts: &mut Vec<Act>) {
    ui.horizontal(|ui| {
        explore::clock(ui, "Times in the file", clock, acts);
        if matches!(one.what, What::Story(format) if format.is_picture()) {
            explore::axis(ui, "Scale of the file", axis, acts);
            ui.checkbox(&mut one.dark, "Dark");
        }
    });
}

/// Where to. Says whether it was entered.
fn file(ui: &mut Ui, one: &mut Exporting, palette: &Palette, acts: &mut Vec<Act>) -> bool {
    let label = ui.label(RichText::new("File").head(13.0).tone(palette.ink));
    let row = ui.horizontal(|ui| {
        let field = TextEdit::singleline(&mut one.path)
            .hint_text("path of the file")
            .margin(egui::Margin::symmetric(8, 4))
            .desired_width(WIDE - 96.0);
        let field = ui.add(field).labelled_by(label.id);
        if ui.button("Browse…").clicked() {
            acts.push(Act::Export(Step::Browse));
        }
        field.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter))
    });
    if one.replaces() {
        let text = RichText::new("There is a file of that name.").tone(palette.warning);
        ui.label(text);
    }
    row.inner
}

/// What it takes to get it, or how far it is.
fn buttons(ui: &mut Ui, one: &Exporting, palette: &Palette, entered: bool, acts: &mut Vec<Act>) {
    if let Some(job) = one.doing() {
        ui.horizontal(|ui| {
            ui.add(Spinner::new().size(16.0).color(palette.accent));
            let sheets = match job.progress.get() {
                (_, 0) => String::new(),
                (done, all) if one.what.is_of_requests() => format!("{done} of {all}, "),
                (done, all) => format!("sheet {done} of {all}, "),
            };
            let text = format!("{}: {sheets}{:.1} s", job.title, job.elapsed().as_secs_f32());
            ui.label(RichText::new(text).tone(palette.ink));
            if ui.button("Cancel").on_hover_text(Command::Cancel.tip(ui.ctx())).clicked() {
                acts.push(Act::Do(Command::Cancel));
            }
        });
        ui.ctx().request_repaint_after(TICK);
        return;
    }
    ui.horizontal(|ui| {
        let ready = !one.path.trim().is_empty();
        let replaces = one.replaces();
        let words = match (replaces, one.what) {
            (true, _) => "Replace the file",
            (false, What::Recording) => "Save the recording",
            (false, What::Story(_) | What::Archive) => "Write the file",
            (false, What::Contents) => "Write the files",
        };
        let text = RichText::new(words).tone(palette.on_accent);
        let write = ui.add_enabled(ready, Button::new(text).fill(palette.accent));
        // What replaces a file is pressed on purpose.
        if write.clicked() || (ready && entered && !replaces) {
            acts.push(Act::Export(Step::Write));
        }
        if one.what.is_of_requests() {
            return;
        }
        for (command, step) in
            [(Command::CopyPicture, Step::Picture), (Command::CopyText, Step::Text)]
        {
            let button = ui.button(command.name()).on_hover_text(command.tip(ui.ctx()));
            if button.clicked() {
                acts.push(Act::Export(step));
            }
        }
    });
}
