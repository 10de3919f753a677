//! Below the picture of a comparison: its steps, each of which opens to the fields that differ.

use egui::{CollapsingHeader, Grid, RichText, ScrollArea, Ui};

use crate::compare::{Difference, Step};
use crate::gui::theme::{Palette, Tone, mono};
use crate::gui::work::compare::Gathered;

/// A value is cut there: its recording has all of it.
const LONGEST: usize = 60;

/// How large values are written.
const SIZE: f32 = 12.0;

/// Shows the steps; `all` asks for those fields, too, that differ between any two recordings.
pub(super) fn show(ui: &mut Ui, gathered: &Gathered, all: &mut bool, palette: &Palette) {
    ui.checkbox(all, "Also what differs between any two recordings: random values, times, ports");
    ui.add_space(4.0);
    let ways = &gathered.comparison.ways;
    let names: Vec<&str> = ways.iter().map(|way| way.name.as_str()).collect();
    ScrollArea::both().id_salt("steps").auto_shrink(false).show(ui, |ui| {
        for (at, step) in gathered.steps.iter().enumerate() {
            let shown = |one: &&Difference| *all || !one.of_one_recording;
            let shown: Vec<&Difference> = step.differences.iter().filter(shown).collect();
            let title = RichText::new(title(step, shown.len(), &names)).tone(palette.ink);
            CollapsingHeader::new(title).id_salt(("step", at)).show(ui, |ui| {
                if shown.is_empty() {
                    let alone = step.present.iter().filter(|present| **present).count() == 1;
                    let why = if alone { "The others do without it." } else { "Nothing differs." };
                    ui.label(RichText::new(why).tone(palette.dim));
                    return;
                }
                Grid::new(("fields", at)).striped(true).show(ui, |ui| {
                    ui.label("");
                    for name in &names {
                        ui.label(RichText::new(*name).tone(palette.dim));
                    }
                    ui.end_row();
                    shown.iter().for_each(|one| row(ui, one, palette));
                });
            });
        }
    });
}

fn row(ui: &mut Ui, difference: &Difference, palette: &Palette) {
    ui.label(RichText::new(difference.field).font(mono(SIZE)).tone(palette.dim));
    for value in &difference.values {
        let value = value.as_deref().unwrap_or("—");
        let short: String = value.chars().take(LONGEST).collect();
        let is_cut = short.len() < value.len();
        let text = if is_cut { format!("{short}…") } else { short };
        let label = ui.label(RichText::new(text).font(mono(SIZE)).tone(palette.ink));
        if is_cut {
            label.on_hover_text(value);
        }
    }
    ui.end_row();
}

/// A step with how many of its fields differ, or who alone has it.
fn title(step: &Step, differs: usize, names: &[&str]) -> String {
    let from = if step.forward { "client" } else { "server" };
    let only = step.only(names);
    let fields = match differs {
        0 => String::new(),
        1 => ": 1 field differs".to_owned(),
        more => format!(": {more} fields differ"),
    };
    format!("{} ({from}){only}{fields}", step.name)
}
