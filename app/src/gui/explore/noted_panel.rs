//! The notes panel: everything that was noted while reading, the worst first.

use egui::Ui;
use wirestage_dissectors::overview::words::thousands;
use wirestage_dissectors::sink::Severity;

use super::headings::Head;
use super::table::{self, Table};
use super::tables::Counted;
use super::{Explore, Input, panes};
use crate::document::Noted;
use crate::gui::act::Act;
use crate::gui::theme::Palette;

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Column {
    Severity,
    Text,
    Count,
    First,
}

const COLUMNS: [Head<Column>; 4] = [
    (Column::Severity, "How serious", 150.0, false),
    (Column::Text, "Note", -1.0, false),
    (Column::Count, "How often", 90.0, true),
    (Column::First, "First packet", 100.0, true),
];

/// The panel.
pub(super) struct NotedPanel {
    counted: Counted<Vec<Noted>>,
    table: Table<Column>,
    /// The note that was chosen last, and which of its packets.
    at: Option<(usize, usize)>,
}

impl Default for NotedPanel {
    fn default() -> Self {
        Self { counted: Counted::default(), table: Table::new(Column::Severity), at: None }
    }
}

/// What a severity is in words; a sign before them says it without a colour.
const fn words(severity: Severity) -> &'static str {
    match severity {
        Severity::Broken => "× Breaks the rules",
        Severity::Missing => "… Not all is here",
        Severity::Hint => "Worth knowing",
    }
}

/// Shows the panel.
pub(super) fn show(ui: &mut Ui, explore: &mut Explore, palette: &Palette, acts: &mut Vec<Act>) {
    let stand = explore.stand();
    let panel = &mut explore.tables.noted;
    let counted = panel.counted.look(&stand, |ground, rows, progress| ground.noted(rows, progress));
    let Some(all) = counted else {
        panes::counting(ui, palette, panel.counted.share());
        return;
    };
    if all.is_empty() {
        panes::hint(ui, palette, "Nothing was noted: all that is shown reads as it should.");
        return;
    }
    let by = panel.table.by;
    panel.table.sort(all.len(), panel.counted.times, |row| {
        let Some(noted) = all.get(row) else { return (u64::MAX, String::new(), row) };
        let first = noted.places.first().map_or(u64::MAX, |frame| u64::from(frame.0));
        match by {
            Column::Severity => (0, String::new(), row),
            Column::Text => (0, noted.text.to_lowercase(), row),
            Column::Count => (u64::MAX - noted.count, String::new(), row),
            Column::First => (first, String::new(), row),
        }
    });
    let table = &mut panel.table;
    let pressed = table::show(ui, palette, table, (&COLUMNS, "Notes"), |row, column| {
        let Some(noted) = all.get(row) else { return (String::new(), palette.ink) };
        let tone = match noted.severity {
            Severity::Broken => palette.failure,
            Severity::Missing => palette.warning,
            Severity::Hint => palette.dim,
        };
        match column {
            Column::Severity => (words(noted.severity).to_owned(), tone),
            Column::Text => (noted.text.clone(), palette.ink),
            Column::Count => (thousands(noted.count), palette.dim),
            Column::First => {
                let first = noted.places.first().map(|frame| thousands(frame.number().into()));
                (first.unwrap_or_default(), palette.dim)
            }
        }
    });
    // Choosing it again goes on to the next packet that has it.
    if let Some(row) = pressed
        && let Some(noted) = all.get(row)
    {
        let next = panel.at.filter(|(known, _)| *known == row).map_or(0, |(_, place)| place + 1);
        let place = if next < noted.places.len() { next } else { 0 };
        panel.at = Some((row, place));
        if let Some(frame) = noted.places.get(place) {
            acts.push(Act::Explore(Input::Frame(*frame)));
        }
    }
}
