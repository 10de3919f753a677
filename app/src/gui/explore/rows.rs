//! The text of rows: at once from columns and headers, better once their conversation is read.

use std::collections::HashMap;

use wirestage_dissectors::describe::Dissection;
use wirestage_dissectors::engine::reader::Context;
use wirestage_dissectors::engine::tcp::flags;
use wirestage_dissectors::engine::view::View;
use wirestage_dissectors::frames::Frames;
use wirestage_dissectors::ids::FrameId;
use wirestage_dissectors::message::Message;
use wirestage_dissectors::registry;
use wirestage_dissectors::secret::Secrets;
use wirestage_dissectors::sink::{Severity, Sink};
use wirestage_dissectors::sinks::fields::Columns;
use wirestage_dissectors::sinks::{FieldLines, RowText};
use wirestage_dissectors::span::Span;
use wirestage_dissectors::survey::Survey;
use wirestage_dissectors::telling::Outcome;

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
    /// The values of the fields that are columns, in their order.
    pub fields: Vec<String>,
    /// What is wrong with it.
    pub trouble: Trouble,
}

/// What is wrong with a frame, the worst last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Trouble {
    /// Nothing that was noticed.
    #[default]
    None,
    /// The capture does not hold all of it.
    Missing,
    /// It was sent before.
    Again,
    /// It breaks the rules of its protocol.
    Broken,
    /// It says no: a reset, an alert, an error.
    Refused,
}

impl Trouble {
    /// The same in words.
    pub(super) const fn words(self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Missing => Some("not all of it is here"),
            Self::Again => Some("sent again"),
            Self::Broken => Some("breaks the rules"),
            Self::Refused => Some("refuses"),
        }
    }

    /// What is wrong with a frame, from as much as the scene knows.
    fn of(scene: &Dissection<'_>, frame: FrameId) -> Self {
        let (registry, survey) = (scene.context().registry, scene.survey());
        let told = |(message, view): &(&Message, View<'_>)| {
            let layer = view.layer(message.layer)?;
            Some(registry.get(layer.protocol).tell(message, view)?.outcome)
        };
        let is_refused = scene
            .messages(frame)
            .iter()
            .filter_map(told)
            .any(|outcome| outcome == Outcome::Refused);
        let row = survey.row(frame).filter(|row| survey.flow(row.flow).is_some());
        if is_refused || row.is_some_and(|row| row.tcp_flags() & flags::RST != 0) {
            return Self::Refused;
        }
        let mut worst = Worst::default();
        scene.describe(frame, &mut worst);
        let again = match scene.segment(frame) {
            kind if kind.is_retransmission() => Self::Again,
            _ => Self::None,
        };
        worst.0.max(again)
    }
}

/// Hears notes alone, and keeps the worst.
#[derive(Default)]
struct Worst(Trouble);

impl Sink for Worst {
    fn note(&mut self, severity: Severity, _span: Span, _text: std::fmt::Arguments<'_>) {
        let trouble = match severity {
            Severity::Hint => Trouble::None,
            Severity::Missing => Trouble::Missing,
            Severity::Broken => Trouble::Broken,
        };
        self.0 = self.0.max(trouble);
    }
}

impl Row {
    /// The row of a frame, from as much as the scene knows.
    #[must_use]
    pub(super) fn of(
        scene: &Dissection<'_>,
        frame: FrameId,
        columns: Option<&Columns>,
        whole: bool,
    ) -> Self {
        let mut text = RowText::new();
        let protocol = scene.row(frame, &mut text);
        let flow = scene.survey().row(frame).and_then(|row| {
            let flow = scene.survey().flow(row.flow)?;
            let way = row.direction();
            Some((flow.address(way).to_string(), flow.address(way.reverse()).to_string()))
        });
        let ends = || text.ends().map(|(from, to)| (from.to_owned(), to.to_owned()));
        let (from, to) = flow.or_else(ends).unwrap_or_default();
        let fields = columns.map_or_else(Vec::new, |columns| {
            let (mut line, mut cells) = (FieldLines::new(columns), String::new());
            scene.describe(frame, &mut line);
            line.flush(&mut cells);
            cells.trim_end_matches('\n').split('\t').map(str::to_owned).collect()
        });
        let trouble = if whole { Trouble::of(scene, frame) } else { Trouble::None };
        Self { from, to, protocol, info: text.info, whole, fields, trouble }
    }
}

/// Rows that were made, by frame.
#[derive(Default)]
pub(super) struct MadeRows {
    made: HashMap<FrameId, Row>,
}

impl MadeRows {
    /// The row of a frame; made from its headers where nothing better is known.
    pub(super) fn get(
        &mut self,
        frame: FrameId,
        (frames, survey): (&dyn Frames, &Survey),
        columns: Option<&Columns>,
    ) -> &Row {
        if self.made.len() > KEPT {
            self.made.clear();
        }
        self.made.entry(frame).or_insert_with(|| {
            // Headers are never sealed: no secret is needed to read them.
            let secrets = Secrets::default();
            let context = Context { frames, secrets: &secrets, registry: registry::standard() };
            Row::of(&Dissection::of_headers(context, survey), frame, columns, false)
        })
    }

    /// Puts in rows as their conversations tell them.
    pub(super) fn put(&mut self, rows: Vec<(FrameId, Row)>) {
        self.made.extend(rows);
    }

    /// Lets rows stand until they were read again: more may be known of them by now.
    pub(super) fn age(&mut self) {
        self.made.values_mut().for_each(|row| row.whole = false);
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
            fields: Vec::new(),
            trouble: Trouble::None,
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
