//! The protocols panel: which protocols lie inside which, and how much of the recording is theirs.

use egui::Ui;
use wirestage_dissectors::registry;
use wirestage_dissectors::wording::{bytes, thousands};

use super::headings::Head;
use super::table::{self, Table};
use super::tables::Counted;
use super::{Explore, Input, panes};
use crate::document::Layered;
use crate::gui::act::Act;
use crate::gui::theme::Palette;

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Column {
    Protocol,
    Share,
    Frames,
    Bytes,
    Ends,
}

const COLUMNS: [Head<Column>; 5] = [
    (Column::Protocol, "Protocol", -1.0, false),
    (Column::Share, "Share of packets", 120.0, true),
    (Column::Frames, "Packets", 96.0, true),
    (Column::Bytes, "Bytes", 96.0, true),
    (Column::Ends, "Nothing inside", 110.0, true),
];

/// The panel.
pub(super) struct Hierarchy {
    counted: Counted<Vec<Layered>>,
    table: Table<Column>,
}

impl Default for Hierarchy {
    fn default() -> Self {
        Self { counted: Counted::default(), table: Table::new(Column::Protocol) }
    }
}

/// Shows the panel.
pub(super) fn show(ui: &mut Ui, explore: &mut Explore, palette: &Palette, acts: &mut Vec<Act>) {
    let stand = explore.stand();
    let panel = &mut explore.tables.hierarchy;
    let counted =
        panel.counted.look(&stand, |ground, rows, progress| ground.hierarchy(rows, progress));
    let Some(lines) = counted else {
        panes::counting(ui, palette, &panel.counted);
        return;
    };
    if lines.is_empty() {
        panes::hint(ui, palette, "No packet is shown: there is no protocol to be counted.");
        return;
    }
    let by = panel.table.by;
    panel.table.sort(lines.len(), panel.counted.times(), |row| {
        let line = lines.get(row);
        let number = |number: u64| (u64::MAX - number, row);
        match (by, line) {
            (Column::Share | Column::Frames, Some(line)) => number(line.amount.frames),
            (Column::Bytes, Some(line)) => number(line.amount.bytes),
            (Column::Ends, Some(line)) => number(line.ends.frames),
            _ => (0, row),
        }
    });
    let outer = lines.iter().filter(|line| line.depth == 0);
    let whole: u64 = outer.map(|line| line.amount.frames).sum();
    let is_tree = by == Column::Protocol;
    let pressed =
        table::show(ui, palette, &mut panel.table, (&COLUMNS, "Protocols"), |row, column| {
            let Some(line) = lines.get(row) else { return (String::new(), palette.ink) };
            let text = match column {
                Column::Protocol => {
                    let indent = "    ".repeat(if is_tree { line.depth } else { 0 });
                    let id = registry::standard().named(&line.name);
                    let title =
                        id.map_or(line.name.as_str(), |id| registry::standard().get(id).title());
                    return (format!("{indent}{title}"), palette.ink);
                }
                Column::Share => {
                    let share = line.amount.frames as f64 * 100.0 / whole.max(1) as f64;
                    format!("{share:.1} %")
                }
                Column::Frames => thousands(line.amount.frames),
                Column::Bytes => bytes(line.amount.bytes),
                Column::Ends => thousands(line.ends.frames),
            };
            (text, palette.dim)
        });
    // A protocol is a filter of its own.
    if let Some(line) = pressed.and_then(|row| lines.get(row)) {
        explore.filtering.typed.clone_from(&line.name);
        acts.push(Act::Explore(Input::FocusFilter));
    }
}
