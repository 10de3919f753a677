//! Below the picture of a comparison: its steps as a grid, with a dot where a recording has the
//! step. A step opens to the fields that differ; the names of the recordings stay in sight.

use egui::{Align, Button, Label, Layout, RichText, ScrollArea, Sense, Ui, vec2};

use crate::compare::{Difference, Step};
use crate::gui::focus;
use crate::gui::theme::{Palette, Tone, mono};
use crate::gui::work::compare::Gathered;

/// A value is cut there: its recording has all of it.
const LONGEST: usize = 60;
/// How large values are written.
const SIZE: f32 = 12.0;
/// How wide the first column is: a part of all, within these bounds.
const FIRST: std::ops::RangeInclusive<f32> = 160.0..=300.0;
/// What the scroll bar takes.
const BAR: f32 = 14.0;

/// How wide the columns are.
#[derive(Clone, Copy)]
struct Columns {
    first: f32,
    each: f32,
}

/// Shows the steps; `all` asks for those fields, too, that differ between any two recordings.
pub(super) fn show(ui: &mut Ui, gathered: &Gathered, all: &mut bool, palette: &Palette) {
    ui.checkbox(all, "Also what differs between any two recordings: random values, times, ports");
    ui.add_space(4.0);
    let ways = &gathered.comparison.ways;
    let names: Vec<&str> = ways.iter().map(|way| way.name.as_str()).collect();
    ui.spacing_mut().item_spacing = vec2(4.0, 2.0);
    let width = ui.available_width() - BAR;
    let first = (width * 0.22).clamp(*FIRST.start(), *FIRST.end());
    let columns = Columns { first, each: (width - first) / names.len().max(1) as f32 - 4.0 };
    line(
        ui,
        columns,
        |ui| drop(ui.label("")),
        names.len(),
        |ui, at| {
            let name = names.get(at).copied().unwrap_or_default();
            ui.add(Label::new(RichText::new(name).size(SIZE).tone(palette.dim)).wrap());
        },
    );
    ui.separator();
    ScrollArea::vertical().id_salt("steps").auto_shrink(false).show(ui, |ui| {
        for words in &gathered.words {
            let words = RichText::new(words).size(SIZE).tone(palette.dim);
            ui.add(Label::new(words).wrap());
        }
        ui.add_space(4.0);
        let mut list = focus::List::new(ui, "steps");
        for (at, step) in gathered.steps.iter().enumerate() {
            let shown = |one: &&Difference| *all || !one.of_one_recording;
            let shown: Vec<&Difference> = step.differences.iter().filter(shown).collect();
            let id = ui.scope_id().with(("step", at));
            let mut is_open = ui.data(|data| data.get_temp::<bool>(id)).unwrap_or(false);
            let text = title(step, shown.len(), is_open);
            let (spoken, has_fields) = (spoken(step, shown.len(), &names), !shown.is_empty());
            let head = |ui: &mut Ui| {
                let text = RichText::new(text).size(13.0).tone(palette.ink);
                let button = Button::new(text).frame(false).truncate();
                let button = list.add(ui, button, at, false).accessible_name(spoken);
                if button.clicked() && has_fields {
                    is_open = !is_open;
                    ui.data_mut(|data| data.insert_temp(id, is_open));
                }
            };
            line(ui, columns, head, names.len(), |ui, way| {
                let has = step.present.get(way).copied().unwrap_or(false);
                let text = if has { "●" } else { "–" };
                // Level with the words of the step.
                ui.add_space(4.0);
                ui.label(RichText::new(text).tone(if has { palette.ink } else { palette.faint }));
            });
            if is_open {
                shown.iter().for_each(|one| row(ui, columns, one, palette));
            }
        }
        list.walk(ui);
    });
}

/// A line of the grid.
fn line(
    ui: &mut Ui,
    columns: Columns,
    first: impl FnOnce(&mut Ui),
    count: usize,
    mut cell: impl FnMut(&mut Ui, usize),
) {
    ui.horizontal_top(|ui| {
        let layout = Layout::top_down(Align::Min);
        ui.allocate_ui_with_layout(vec2(columns.first, 0.0), layout, |ui| {
            ui.set_width(columns.first);
            first(ui);
        });
        for at in 0..count {
            ui.allocate_ui_with_layout(vec2(columns.each, 0.0), layout, |ui| {
                ui.set_width(columns.each);
                cell(ui, at);
            });
        }
    });
}

fn row(ui: &mut Ui, columns: Columns, difference: &Difference, palette: &Palette) {
    let name = |ui: &mut Ui| {
        let text = RichText::new(difference.field).font(mono(SIZE - 1.0)).tone(palette.dim);
        ui.add(Label::new(text).wrap());
    };
    line(ui, columns, name, difference.values.len(), |ui, at| {
        let value = difference.values.get(at).and_then(Option::as_deref).unwrap_or("–");
        let short: String = value.chars().take(LONGEST).collect();
        let is_cut = short.len() < value.len();
        let text = if is_cut { format!("{short}…") } else { short };
        let text = RichText::new(text).font(mono(SIZE - 1.0)).tone(palette.ink);
        let label = ui.add(Label::new(text).wrap().sense(Sense::hover()));
        if is_cut {
            label.on_hover_text(value);
        }
    });
}

/// A step, and how many of its fields differ.
fn title(step: &Step, differs: usize, is_open: bool) -> String {
    let sign = match (differs, is_open) {
        (0, _) => "\u{2007} ",
        (_, true) => "− ",
        (_, false) => "+ ",
    };
    let from = if step.forward { "client" } else { "server" };
    let count = if differs > 0 { format!(" · {differs}") } else { String::new() };
    format!("{sign}{} ({from}){count}", step.name)
}

/// The same for whoever does not see the dots.
fn spoken(step: &Step, differs: usize, names: &[&str]) -> String {
    let from = if step.forward { "client" } else { "server" };
    let fields = match differs {
        0 => String::new(),
        1 => ": 1 field differs".to_owned(),
        more => format!(": {more} fields differ"),
    };
    format!("{} ({from}){}{fields}", step.name, step.only(names))
}
