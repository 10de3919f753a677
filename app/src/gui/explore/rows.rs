//! The text of rows: at once from columns and headers, better once their conversation is read.

use std::collections::HashMap;

use wirestage_dissectors::describe::Dissection;
use wirestage_dissectors::engine::reader::Context;
use wirestage_dissectors::frames::Frames;
use wirestage_dissectors::ids::FrameId;
use wirestage_dissectors::registry;
use wirestage_dissectors::secret::Secrets;
use wirestage_dissectors::sinks::RowText;
use wirestage_dissectors::survey::Survey;

/// How many rows are kept. More than fit any screen, so that going back and forth is free.
const KEPT: usize = 1 << 14;

/// What one row says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// Who sends.
    pub from: String,
    /// To whom.
    pub to: String,
    /// The innermost protocol.
    pub protocol: &'static str,
    /// What it is, in a line.
    pub info: String,
    /// Whether its conversation was read for it.
    pub whole: bool,
}

impl Row {
    /// The row of a frame, from as much as the scene knows.
    #[must_use]
    pub(super) fn of(scene: &Dissection<'_>, frame: FrameId, whole: bool) -> Self {
        let mut text = RowText::new();
        let protocol = scene.row(frame, &mut text);
        let flow = scene.survey().row(frame).and_then(|row| {
            let flow = scene.survey().flow(row.flow)?;
            let way = row.direction();
            Some((flow.address(way).to_string(), flow.address(way.reverse()).to_string()))
        });
        let ends = || text.ends().map(|(from, to)| (from.to_owned(), to.to_owned()));
        let (from, to) = flow.or_else(ends).unwrap_or_default();
        Self { from, to, protocol, info: text.info, whole }
    }
}

/// Rows that were made, by frame.
#[derive(Default)]
pub(super) struct MadeRows {
    made: HashMap<FrameId, Row>,
}

impl MadeRows {
    /// The row of a frame; made from its headers where nothing better is known.
    pub(super) fn get(&mut self, frame: FrameId, frames: &dyn Frames, survey: &Survey) -> &Row {
        if self.made.len() > KEPT {
            self.made.clear();
        }
        self.made.entry(frame).or_insert_with(|| {
            // Headers are never sealed: no secret is needed to read them.
            let secrets = Secrets::default();
            let context = Context { frames, secrets: &secrets, registry: registry::standard() };
            Row::of(&Dissection::of_headers(context, survey), frame, false)
        })
    }

    /// Puts in rows as their conversations tell them.
    pub(super) fn put(&mut self, rows: Vec<(FrameId, Row)>) {
        self.made.extend(rows);
    }

    /// Forgets all rows: their conversations may read differently now.
    pub(super) fn forget(&mut self) {
        self.made.clear();
    }

    /// Those of some frames whose conversations are unread.
    #[must_use]
    pub(super) fn unread(&self, frames: impl IntoIterator<Item = FrameId>) -> Vec<FrameId> {
        let unread = |frame: &FrameId| !self.made.get(frame).is_some_and(|row| row.whole);
        frames.into_iter().filter(unread).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unread_is_asked_for_and_nothing_else() {
        let row = |whole| Row {
            from: String::new(),
            to: String::new(),
            protocol: "TCP",
            info: String::new(),
            whole,
        };
        let mut rows = MadeRows::default();
        rows.put((0..10).map(|n| (FrameId(n), row(!(3..5).contains(&n)))).collect());
        let unread = |rows: &MadeRows, range: std::ops::Range<u32>| -> Vec<u32> {
            rows.unread(range.map(FrameId)).into_iter().map(|frame| frame.0).collect()
        };
        assert_eq!(unread(&rows, 0..10), [3, 4]);
        assert!(unread(&rows, 5..10).is_empty());
        assert_eq!(unread(&rows, 8..12), [10, 11]);
        rows.forget();
        assert_eq!(unread(&rows, 8..10), [8, 9]);
    }
}
