//! The notes panel: everything that was noted while reading, the worst first.

use egui::Ui;
use wirestage_dissectors::ids::FrameId;
use wirestage_dissectors::sink::Severity;
use wirestage_dissectors::wording::thousands;

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

/// Shows the panel.
pub(super) fn show(ui: &mut Ui, explore: &mut Explore, palette: &Palette, acts: &mut Vec<Act>) {
    let stand = explore.stand();
    let (remarked, remarks) = (remarked(explore), explore.remarks.changed());
    let panel = &mut explore.tables.noted;
    let counted = panel.counted.look(&stand, |ground, rows, progress| ground.noted(rows, progress));
    let Some(found) = counted else {
        panes::counting(ui, palette, &panel.counted);
        return;
    };
    // What somebody remarked stands first.
    let said = remarked.iter().map(|(frame, text)| Note::Said(*frame, text));
    let all: Vec<Note<'_>> = said.chain(found.iter().map(Note::Found)).collect();
    if all.is_empty() {
        panes::hint(
            ui,
            palette,
            "Nothing was noted: no packet is malformed, and nobody has remarked on one.",
        );
        return;
    }
    let by = panel.table.by;
    let mark = panel.counted.times() + (remarks as usize) * 1024;
    panel.table.sort(all.len(), mark, |row| {
        let Some(note) = all.get(row) else { return (u64::MAX, String::new(), row) };
        let first = note.places().first().map_or(u64::MAX, |frame| u64::from(frame.0));
        match by {
            Column::Severity => (0, String::new(), row),
            Column::Text => (0, note.text().to_lowercase(), row),
            Column::Count => (u64::MAX - note.count(), String::new(), row),
            Column::First => (first, String::new(), row),
        }
    });
    let table = &mut panel.table;
    let pressed = table::show(ui, palette, table, (&COLUMNS, "Notes"), |row, column| {
        let Some(note) = all.get(row) else { return (String::new(), palette.ink) };
        match column {
            Column::Severity => note.kind(palette),
            Column::Text => (note.text().to_owned(), palette.ink),
            Column::Count => (thousands(note.count()), palette.dim),
            Column::First => {
                let first = note.places().first().map(|frame| thousands(frame.number().into()));
                (first.unwrap_or_default(), palette.dim)
            }
        }
    });
    // Choosing it again goes on to the next packet that has it.
    if let Some(row) = pressed
        && let Some(note) = all.get(row)
    {
        let places = note.places();
        let next = panel.at.filter(|(known, _)| *known == row).map_or(0, |(_, place)| place + 1);
        let place = if next < places.len() { next } else { 0 };
        panel.at = Some((row, place));
        if let Some(frame) = places.get(place) {
            acts.push(Act::Explore(Input::Frame(*frame)));
        }
    }
}

/// A row: what somebody remarked on a packet, or what was noted while reading.
enum Note<'a> {
    Said(FrameId, &'a str),
    Found(&'a Noted),
}

impl Note<'_> {
    fn text(&self) -> &str {
        match self {
            Self::Said(_, text) => text,
            Self::Found(noted) => &noted.text,
        }
    }

    fn count(&self) -> u64 {
        match self {
            Self::Said(..) => 1,
            Self::Found(noted) => noted.count,
        }
    }

    fn places(&self) -> &[FrameId] {
        match self {
            Self::Said(frame, _) => std::slice::from_ref(frame),
            Self::Found(noted) => &noted.places,
        }
    }

    /// What kind of note it is, in words; a sign before them says it without a colour.
    fn kind(&self, palette: &Palette) -> (String, egui::Color32) {
        let (words, tone) = match self {
            Self::Said(..) => ("Remarked", palette.accent),
            Self::Found(noted) => match noted.severity {
                Severity::Broken => ("× Breaks the rules", palette.failure),
                Severity::Missing => ("… Not all is here", palette.warning),
                Severity::Hint => ("Worth knowing", palette.dim),
            },
        };
        (words.to_owned(), tone)
    }
}

/// What is remarked on packets that are shown.
fn remarked(explore: &Explore) -> Vec<(FrameId, String)> {
    let passed = explore.filtering.passed.as_ref();
    let is_shown = |frame: &FrameId| passed.is_none_or(|passed| passed.rows.contains(*frame));
    let shown = explore.remarks.frames().filter(is_shown);
    shown.filter_map(|frame| Some((frame, explore.remarks.words(frame)?))).collect()
}
