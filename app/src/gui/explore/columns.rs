//! The columns of the packet list: which there are, how wide they are, and what times count from.

use std::sync::Arc;

use egui::Align2;
use wirestage_captures::Recording;
use wirestage_dissectors::frames::LinkType;
use wirestage_dissectors::registry;
use wirestage_dissectors::sinks::fields;

use super::Explore;
use crate::document::SortBy;

/// Fields that may be columns at once.
const MOST_FIELDS: usize = 12;
/// How wide a field's column is at first, and how narrow any may get.
const FIELD: f32 = 120.0;
pub(super) const MIN_COLUMN: f32 = 36.0;
/// How wide a digit of the first column is, about.
const DIGIT: f32 = 7.0;
/// How much room the last column keeps where others can give way.
const INFO: f32 = 120.0;
/// Which columns give way in a narrow list, the first one first. Times stay, and what somebody
/// asked for.
const GIVING_WAY: [SortBy; 6] = [
    SortBy::Length,
    SortBy::Protocol,
    SortBy::Destination,
    SortBy::Source,
    SortBy::Interface,
    SortBy::Number,
];

/// One column: what it shows and sorts by, its heading, and how wide it is.
#[derive(Clone, Debug)]
pub(super) struct Column {
    pub(super) by: SortBy,
    pub(super) title: &'static str,
    pub(super) width: f32,
}

impl Column {
    const fn new(by: SortBy, title: &'static str, width: f32) -> Self {
        Self { by, title, width }
    }

    /// Where its cells stand: numbers at the right.
    pub(super) fn align(&self) -> Align2 {
        match self.by {
            SortBy::Number | SortBy::Time | SortBy::Length => Align2::RIGHT_CENTER,
            _ => Align2::LEFT_CENTER,
        }
    }
}

/// All columns before the last, which takes the room that is left.
pub(super) struct Columns {
    pub(super) all: Vec<Column>,
    /// The fields among them, for those who read them.
    pub(super) fields: Option<Arc<fields::Columns>>,
}

impl Columns {
    /// The columns at first, for so many rows.
    pub(super) fn new(rows: u32) -> Self {
        let all = vec![
            Column::new(SortBy::Number, "No.", number(rows)),
            Column::new(SortBy::Time, "Time", 104.0),
            Column::new(SortBy::Source, "Source", 128.0),
            Column::new(SortBy::Destination, "Destination", 128.0),
            Column::new(SortBy::Protocol, "Protocol", 84.0),
            Column::new(SortBy::Length, "Length", 64.0),
        ];
        Self { all, fields: None }
    }

    /// Says at which end each frame was seen, where a recording was made at several.
    pub(super) fn tell_interfaces(&mut self, recording: &Recording) {
        let is_there = |column: &Column| column.by == SortBy::Interface;
        if ends(recording) > 1 && !self.all.iter().any(is_there) {
            let after = self.all.iter().position(|column| column.by == SortBy::Time);
            let column = Column::new(SortBy::Interface, "Seen at", 84.0);
            self.all.insert(after.map_or(self.all.len(), |time| time + 1), column);
        }
    }

    /// Which columns are shown in a list of that width, by position.
    pub(super) fn shown(&self, room: f32) -> Vec<usize> {
        let mut shown: Vec<usize> = (0..self.all.len()).collect();
        for by in GIVING_WAY {
            let columns = shown.iter().filter_map(|at| self.all.get(*at));
            if columns.map(|column| column.width).sum::<f32>() + INFO <= room {
                break;
            }
            shown.retain(|at| self.all.get(*at).is_some_and(|column| column.by != by));
        }
        shown
    }

    /// Makes room for the longest number of so many rows; what somebody made wider stays.
    pub(super) fn fit(&mut self, rows: u32) {
        if let Some(column) = self.all.first_mut() {
            column.width = column.width.max(number(rows));
        }
    }

    /// The fields that are columns, by their names.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.all.iter().filter_map(|column| match column.by {
            SortBy::Field(name) => Some(name),
            _ => None,
        })
    }

    /// Shows a field as a column, or no longer. Says whether that changed anything.
    fn toggle(&mut self, name: &str) -> bool {
        let Some((by, title)) = field(name) else { return false };
        match self.all.iter().position(|column| column.by == by) {
            Some(at) => {
                self.all.remove(at);
            }
            None if self.names().count() < MOST_FIELDS => {
                self.all.push(Column::new(by, title, FIELD));
            }
            None => return false,
        }
        let names: Vec<&str> = self.names().collect();
        let known = |name: &str| registry::standard().fields_named(name).collect();
        self.fields = match names.is_empty() {
            true => None,
            false => fields::Columns::new(names, known).ok().map(Arc::new),
        };
        true
    }
}

/// At how many interfaces something was seen; what programs said is a stream of its own.
fn ends(recording: &Recording) -> usize {
    let interfaces = recording.interfaces();
    let seen =
        interfaces.iter().filter(|one| ![LinkType::MARK, LinkType::CUSTOM].contains(&one.link));
    seen.count()
}

/// How wide the column of numbers is in which the longest of so many rows fits.
fn number(rows: u32) -> f32 {
    let digits = rows.max(1).ilog10() + 1;
    (digits as f32 * DIGIT + 20.0).max(64.0)
}

/// A field by its name: what it sorts by, and its title.
fn field(name: &str) -> Option<(SortBy, &'static str)> {
    let def = registry::standard().fields_named(name).next()?.def();
    Some((SortBy::Field(def.name), def.title))
}

impl Explore {
    /// Shows a field as a column of the packet list, or no longer.
    pub(super) fn toggle_column(&mut self, name: &str) {
        if self.packets.list.columns.toggle(name) {
            self.packets.rows.forget();
            self.reader.columns(self.packets.list.columns.fields.clone());
            if !self
                .packets
                .list
                .columns
                .all
                .iter()
                .any(|column| column.by == self.packets.sorting.by)
            {
                self.sort(SortBy::Number, false);
            }
        }
    }

    /// The fields that are columns of the packet list.
    #[must_use]
    pub fn columns(&self) -> Vec<String> {
        self.packets.list.columns.names().map(str::to_owned).collect()
    }

    /// Shows these fields as columns of the packet list.
    pub fn show_columns(&mut self, names: &[String]) {
        for name in names {
            if !self.packets.list.columns.names().any(|known| known == name) {
                self.toggle_column(name);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_a_narrow_list_times_stay() {
        let mut columns = Columns::new(1_000);
        let shown = |columns: &Columns, room: f32| -> Vec<&str> {
            let of = |at: usize| columns.all[at].title;
            columns.shown(room).into_iter().map(of).collect()
        };
        let all = ["No.", "Time", "Source", "Destination", "Protocol", "Length"];
        assert_eq!(shown(&columns, 1_000.0), all);
        assert_eq!(shown(&columns, 640.0), all[..5]);
        assert_eq!(shown(&columns, 480.0), all[..3]);
        assert_eq!(shown(&columns, 200.0), ["Time"]);
        // What somebody asked for stays, too.
        assert!(columns.toggle("http.host"));
        assert_eq!(shown(&columns, 300.0), ["Time", "Host"]);
    }

    #[test]
    fn fields_come_and_go() {
        let mut columns = Columns::new(1_000_000);
        let before = columns.all.len();
        assert!(columns.toggle("tcp.srcport") && columns.toggle("http.host"));
        assert_eq!(columns.names().collect::<Vec<_>>(), ["tcp.srcport", "http.host"]);
        assert_eq!(columns.fields.as_ref().map(|fields| fields.count()), Some(2));
        assert!(!columns.toggle("no.such.field"));
        assert!(columns.toggle("tcp.srcport"));
        assert_eq!(columns.all.len(), before + 1);
        assert!(columns.toggle("http.host") && columns.fields.is_none());
    }
}
