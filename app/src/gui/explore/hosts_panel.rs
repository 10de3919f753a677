//! The hosts panel: who sent how much, and who to whom.

use egui::Ui;
use wirestage_dissectors::wording::{bytes, thousands};

use super::headings::Head;
use super::table::{self, Table};
use super::tables::Counted;
use super::{Explore, Input, panes};
use crate::document::{Spoke, Spoken};
use crate::gui::act::Act;
use crate::gui::theme::Palette;

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Column {
    One,
    Other,
    Frames,
    Bytes,
    Sent,
    Received,
}

const PAIRS: [Head<Column>; 6] = [
    (Column::One, "Host", -0.5, false),
    (Column::Other, "Other host", -0.5, false),
    (Column::Frames, "Packets", 96.0, true),
    (Column::Bytes, "Bytes", 96.0, true),
    (Column::Sent, "Sent by first", 110.0, true),
    (Column::Received, "Sent by other", 110.0, true),
];

const HOSTS: [Head<Column>; 5] = [
    (Column::One, "Host", -1.0, false),
    (Column::Frames, "Packets", 96.0, true),
    (Column::Bytes, "Bytes", 96.0, true),
    (Column::Sent, "Sent", 110.0, true),
    (Column::Received, "Received", 110.0, true),
];

/// The panel.
pub(super) struct Hosts {
    spoken: Spoken,
    hosts: Counted<Vec<Spoke>>,
    pairs: Counted<Vec<Spoke>>,
    table: Table<Column>,
}

impl Default for Hosts {
    fn default() -> Self {
        let (hosts, pairs) = (Counted::default(), Counted::default());
        Self { spoken: Spoken::ByHost, hosts, pairs, table: Table::new(Column::Bytes) }
    }
}

/// Shows the panel.
pub(super) fn show(ui: &mut Ui, explore: &mut Explore, palette: &Palette, acts: &mut Vec<Act>) {
    let (stand, naming) = (explore.stand(), explore.naming());
    let panel = &mut explore.tables.hosts;
    ui.horizontal(|ui| {
        ui.add_space(8.0);
        ui.selectable_value(&mut panel.spoken, Spoken::ByHost, "Hosts");
        ui.selectable_value(&mut panel.spoken, Spoken::InPairs, "Pairs of hosts");
    });
    let spoken = panel.spoken;
    let in_pairs = spoken == Spoken::InPairs;
    let counted = if in_pairs { &mut panel.pairs } else { &mut panel.hosts };
    let found = counted.look(&stand, move |ground, rows, _| Some(ground.spoke(spoken, rows)));
    let mark = counted.times() * 2 + usize::from(in_pairs);
    let Some(all) = found else {
        panes::counting(ui, palette, counted);
        return;
    };
    if all.is_empty() {
        panes::hint(ui, palette, "No packet that is shown has a host that could be named.");
        return;
    }
    let by = panel.table.by;
    panel.table.sort(all.len(), mark, |row| {
        let Some(spoke) = all.get(row) else { return (u64::MAX, None, row) };
        let most = |count: u64| u64::MAX - count;
        match by {
            Column::One => (0, Some(spoke.one), row),
            Column::Other => (0, spoke.other, row),
            Column::Frames => (most(spoke.passed.frames), None, row),
            Column::Bytes => (most(spoke.passed.bytes), None, row),
            Column::Sent => (most(spoke.sent.bytes), None, row),
            Column::Received => (most(spoke.received.bytes), None, row),
        }
    });
    let cell = |row: usize, column: Column| {
        let Some(spoke) = all.get(row) else { return (String::new(), palette.ink) };
        let text = match column {
            Column::One => return (naming.name(spoke.one), palette.ink),
            Column::Other => {
                let other = spoke.other.map(|other| naming.name(other)).unwrap_or_default();
                return (other, palette.ink);
            }
            Column::Frames => thousands(spoke.passed.frames),
            Column::Bytes => bytes(spoke.passed.bytes),
            Column::Sent => bytes(spoke.sent.bytes),
            Column::Received => bytes(spoke.received.bytes),
        };
        (text, palette.dim)
    };
    let table = &mut panel.table;
    let pressed = match in_pairs {
        true => table::show(ui, palette, table, (&PAIRS, "Pairs of hosts"), cell),
        false => table::show(ui, palette, table, (&HOSTS, "Hosts"), cell),
    };
    // Whoever wants to see them alone has the filter at hand.
    if let Some(spoke) = pressed.and_then(|row| all.get(row)) {
        let is_old = spoke.one.is_ipv4() && spoke.other.is_none_or(|other| other.is_ipv4());
        let name = if is_old { "ip.addr" } else { "ipv6.addr" };
        let other = spoke.other.map(|other| format!(" and {name} == {other}"));
        explore.filtering.typed = format!("{name} == {}{}", spoke.one, other.unwrap_or_default());
        acts.push(Act::Explore(Input::FocusFilter));
    }
}
