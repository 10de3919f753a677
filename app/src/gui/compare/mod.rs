//! The Compare screen: a set of the catalogue side by side, from its samples or recorded now; a
//! ladder opens its recording.

pub(super) mod input;
mod picture;
mod shown;
mod steps;

use std::sync::Arc;

use egui::{Button, CentralPanel, Frame, Margin, Panel, RichText, ScrollArea, TextEdit, Ui};

use super::act::Act;
use super::problem;
use super::state::State;
use super::theme::Tone;
use crate::compare::SETS;
use crate::lessons;

pub use input::Input;
pub use shown::Compare;
pub(super) use shown::Opens;

/// Shows the screen.
pub(super) fn show(ui: &mut Ui, state: &mut State) {
    let palette = state.palette.clone();
    let Some(mut compare) = state.compare.take() else { return };
    Panel::left("sets")
        .default_size(300.0)
        .size_range(220.0..=420.0)
        .frame(Frame::new().fill(palette.band).inner_margin(Margin::same(12)))
        .show(ui, |ui| side(ui, state, &mut compare));
    if let Some(gathered) = compare.gathered.clone().filter(|_| compare.by_field) {
        let half = ui.available_height() / 2.0;
        Panel::bottom("steps")
            .resizable(true)
            .default_size(half.min(360.0))
            .frame(Frame::new().fill(palette.band).inner_margin(Margin::same(12)))
            .show(ui, |ui| steps::show(ui, &gathered, &mut compare.all_fields, &palette));
    }
    CentralPanel::default().frame(Frame::new().fill(palette.paper)).show(ui, |ui| {
        if let Some(problem) = state.problem.clone()
            && problem::card(ui, &problem, &palette)
        {
            state.acts.push(Act::Dismiss);
        }
        match &compare.gathered {
            Some(gathered) => {
                let gathered = Arc::clone(gathered);
                picture::show(ui, &mut compare.drawn, &gathered, &palette, &mut state.acts);
            }
            None => {
                ui.add_space(24.0);
                ui.vertical_centered(|ui| ui.label(RichText::new("Drawing…").tone(palette.dim)));
            }
        }
    });
    state.compare = Some(compare);
}

/// The sets, what the chosen one teaches, and how it is recorded.
fn side(ui: &mut Ui, state: &mut State, compare: &mut Compare) {
    let palette = state.palette.clone();
    ui.label(RichText::new("Side by side").head(12.0).tone(palette.dim));
    for set in SETS {
        let text = RichText::new(set.title).tone(palette.ink);
        let is_chosen = set.name == compare.set.name;
        let button = Button::selectable(is_chosen, text)
            .truncate()
            .min_size(egui::vec2(ui.available_width(), 26.0));
        if ui.add(button).on_hover_text(set.teaches).clicked() && !is_chosen {
            state.acts.push(Act::Compare(Input::Choose(set.name)));
        }
    }
    ui.add_space(12.0);
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        ui.label(RichText::new(compare.set.teaches).tone(palette.ink));
        ui.add_space(14.0);
        let label =
            ui.label(RichText::new("Link of the next recording").head(13.0).tone(palette.ink));
        let field = TextEdit::singleline(&mut compare.link).desired_width(f32::INFINITY);
        ui.add(field).labelled_by(label.id);
        let help = "What lies between client and server: rtt=100ms, loss=2%, rate=10mbit, with \
                    commas between.";
        ui.label(RichText::new(help).size(12.0).tone(palette.dim));
        ui.add_space(8.0);
        match &compare.job {
            Some(job) => {
                let (done, all) = job.progress.get();
                let how_far =
                    if all > 0 { format!(", {} of {all}", done + 1) } else { String::new() };
                ui.label(RichText::new(format!("{}{how_far}…", job.title)).tone(palette.dim));
            }
            None => {
                let count = compare.set.members.len();
                let text = format!("Record all {count} now");
                let text = RichText::new(text).head(14.0).tone(palette.on_accent);
                let button =
                    Button::new(text).fill(palette.accent).min_size(egui::vec2(160.0, 34.0));
                if ui.horizontal(|ui| ui.add(button)).inner.clicked() {
                    state.acts.push(Act::Compare(Input::Record));
                }
            }
        }
        ui.add_space(4.0);
        ui.checkbox(&mut compare.by_field, "Field by field, below the picture");
        ui.add_space(4.0);
        let what = "Until then the samples that came with the program are shown. A ladder opens \
                    its recording.";
        ui.label(RichText::new(what).size(12.0).tone(palette.dim));
        if let Some(lesson) = lessons::find(compare.set.lesson) {
            ui.add_space(18.0);
            ui.label(RichText::new(lesson.title).head(14.0).tone(palette.ink));
            let gathered = compare.gathered.clone();
            for paragraph in lesson.paragraphs() {
                let filled = gathered.as_ref().map(|one| one.comparison.fill(&paragraph));
                let paragraph = filled.unwrap_or(paragraph);
                ui.add_space(6.0);
                ui.label(RichText::new(paragraph).tone(palette.dim));
            }
        }
    });
}
