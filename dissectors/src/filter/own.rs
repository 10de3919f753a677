//! What a frame itself says of its length and its time: asked of all frames, and of hardly any by
//! looking at it.
//!
//! ```text
//!   frame.len > 1000            a table of all lengths that occur: each frame looks its answer up
//!   frame.time_relative > 5     a stretch of frames whose earliest and latest give one answer has
//!                               that; frames of the others are read
//! ```

use std::ops::Range;

use super::catch::Found;
use super::columns::{Column, Columns, OfFrame, To};
use super::evaluate::Evidence;
use super::program::{Ask, Slot, Take, Term};
use crate::bits::Bits;
use crate::field::FieldId;
use crate::frames::Frame;
use crate::ids::FrameId;

/// A test of nothing but what frames say of themselves.
pub(super) struct Own<'a> {
    ask: &'a Ask,
    slots: &'a [Slot],
    /// By slot, its fields.
    fields: Vec<(usize, Vec<(FieldId, OfFrame)>)>,
    how: How,
}

enum How {
    /// Lengths that pass.
    Lengths(Bits),
    /// What is true at two times is true between them.
    Times,
    /// Frame by frame, without reading any.
    Numbers,
    /// Frame by frame.
    Frames,
}

impl<'a> Own<'a> {
    /// The test; `None` if one of its columns is of another kind.
    pub(super) fn new(
        ask: &'a Ask,
        slots: &'a [Slot],
        columns: &[(usize, Vec<(FieldId, Column)>)],
        known: &Columns<'_>,
    ) -> Option<Self> {
        let of_frame = |(field, column): &(FieldId, Column)| match column {
            Column::Frame(what) => Some((*field, *what)),
            _ => None,
        };
        let fields = columns.iter().map(|(slot, columns)| {
            let fields: Option<Vec<_>> = columns.iter().map(of_frame).collect();
            Some((*slot, fields?))
        });
        let fields = fields.collect::<Option<Vec<_>>>()?;
        let mut own = Self { ask, slots, fields, how: How::Frames };
        own.how = own.how(known);
        Some(own)
    }

    fn how(&self, known: &Columns<'_>) -> How {
        let all = |test: fn(&OfFrame) -> bool| {
            self.fields.iter().flat_map(|(_, fields)| fields).all(|(_, what)| test(what))
        };
        if all(|what| *what == OfFrame::Len) {
            let mut found = Found::new(self.slots.len());
            let lengths = u32::from(known.survey.longest()) + 1;
            let passes = |len| {
                let frame = Frame { wire_len: len, ..Frame::EMPTY };
                self.passes(known, &mut found, FrameId::NONE, &frame)
            };
            return How::Lengths(Bits::of(lengths, passes));
        }
        if all(|what| *what == OfFrame::Number) {
            return How::Numbers;
        }
        if all(|what| matches!(what, OfFrame::Time | OfFrame::Relative)) && orders(self.ask) {
            return How::Times;
        }
        How::Frames
    }

    /// The frames of a range that pass, counted from its beginning.
    pub(super) fn of(&self, known: &Columns<'_>, frames: &Range<u32>) -> Bits {
        let mut found = Found::new(self.slots.len());
        let mut passes = |id: FrameId, frame: &Frame<'_>| self.passes(known, &mut found, id, frame);
        let read = |id| known.frames.frame(id);
        let len = frames.end.saturating_sub(frames.start);
        match &self.how {
            How::Lengths(lengths) => Bits::of(len, |at| {
                let id = FrameId(frames.start + at);
                match known.survey.wire_len(id) {
                    Some(len) => lengths.contains(len.into()),
                    None => passes(id, &read(id)),
                }
            }),
            How::Times => {
                let mut yes = Bits::none(len);
                for (stretch, span) in known.survey.stretches(frames.clone()) {
                    let mut at = |time| passes(FrameId::NONE, &Frame { time, ..Frame::EMPTY });
                    let ends = span.map(|(earliest, latest)| (at(earliest), at(latest)));
                    let pass = |id: &u32| match ends {
                        Some((earliest, latest)) if earliest == latest => earliest,
                        _ => passes(FrameId(*id), &read(FrameId(*id))),
                    };
                    stretch.filter(pass).for_each(|id| yes.insert(id - frames.start));
                }
                yes
            }
            How::Numbers => Bits::of(len, |at| passes(FrameId(frames.start + at), &Frame::EMPTY)),
            How::Frames => Bits::of(len, |at| {
                let id = FrameId(frames.start + at);
                passes(id, &read(id))
            }),
        }
    }

    fn passes(
        &self,
        known: &Columns<'_>,
        found: &mut Found,
        id: FrameId,
        frame: &Frame<'_>,
    ) -> bool {
        found.clear();
        for (slot, fields) in &self.fields {
            let take = self.slots.get(*slot).map_or(Take::Presence, |slot| slot.take);
            for (field, what) in fields {
                let mut to = To { found: &mut *found, slot: *slot, take, field: *field };
                known.of_frame(id, frame, *what, &mut to);
            }
        }
        Evidence { found, slots: self.slots }.passes(self.ask)
    }
}

/// Whether it asks which of a field and a constant comes first.
fn orders(ask: &Ask) -> bool {
    let is_slot = |term: &Term| matches!(term, Term::Slot(_));
    let is_constant = |term: &Term| matches!(term, Term::Constant(_));
    match ask {
        Ask::Compare { order, left, right, .. } => {
            let is_either =
                is_slot(left) && is_constant(right) || is_constant(left) && is_slot(right);
            order.is_ordering() && is_either
        }
        _ => false,
    }
}
