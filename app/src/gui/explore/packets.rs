//! The packets: their list, the text of its rows, and the order in which they stand.

use std::sync::Arc;

use wirestage_captures::Recording;
use wirestage_dissectors::ids::FrameId;
use wirestage_dissectors::sinks::fields::Columns;

use super::list::List;
use super::rows::{MadeRows, Row};
use super::sorting::Sorting;

/// All that the packet list is made of.
pub(super) struct Packets {
    pub(super) list: List,
    /// What rows say, as far as that was made.
    pub(super) rows: MadeRows,
    pub(super) sorting: Sorting,
}

impl Packets {
    /// So many, in the order of the recording.
    pub(super) fn new(frames: u32, recording: &Recording) -> Self {
        let (rows, sorting) = (MadeRows::default(), Sorting::default());
        let mut list = List::new(frames);
        list.columns.tell_interfaces(recording);
        Self { list, rows, sorting }
    }

    /// There are so many now. Rows are made again when they are looked at.
    pub(super) fn grow(&mut self, frames: u32, recording: &Recording) {
        self.list.columns.fit(frames);
        self.list.columns.tell_interfaces(recording);
        self.rows.age();
    }

    /// Takes rows as their conversations tell them, unless other fields are columns by now.
    pub(super) fn take(&mut self, columns: Option<Arc<Columns>>, rows: Vec<(FrameId, Row)>) {
        let of = |columns: &Option<Arc<_>>| columns.as_ref().map(Arc::as_ptr);
        if of(&columns) == of(&self.list.columns.fields) {
            self.rows.put(rows);
        }
    }
}
