//! Messages that grow: announced at their head, complete later.
//!
//! They are kept by number, and what waits or is owed is found by what it waits for, so that a
//! connection with thousands of them pays no more for each than one with a few.

use std::collections::{BTreeMap, BTreeSet};

use super::inbox::Moment;
use super::slot::Lineage;
use super::stretch::Stretch;
use crate::ids::{Both, Direction, FrameId, MessageId};
use crate::limits::{MAX_OPEN_MESSAGES, MAX_PARKED, MAX_PARKED_FRAMES};
use crate::message::{Attachment, Message};
use crate::span::{Piece, Span};
use crate::typed::Coded;

/// A message that is not complete yet, and what was gathered for it.
#[derive(Clone, Debug)]
pub(super) struct Open {
    pub(super) message: Message,
    pub(super) lineage: Lineage,
    /// The lane that it was read on.
    pub(super) lane: u64,
    pub(super) attachment: Attachment,
    /// The last frame that brought bytes of it.
    pub(super) heard: Moment,
    /// Role and pieces of a body that passes by, and all its bytes.
    pub(super) collected: Option<(Coded, Vec<Piece>, u64)>,
}

impl Open {
    pub(super) fn places(&self) -> Vec<Span> {
        let mut places = Stretch::places(&self.message, &self.attachment);
        if let Some((_, pieces, _)) = &self.collected {
            places.extend(pieces);
        }
        places
    }
}

/// The messages of a connection that are not complete yet.
#[derive(Clone, Default)]
pub(super) struct Growing {
    /// By who sends them, in the order in which they began.
    sides: Both<BTreeMap<MessageId, Open>>,
    /// Those that wait for a key or for the other side, and stand on the frame where they were
    /// heard.
    parked: BTreeSet<MessageId>,
    /// Those that the other side has completed, by who sends them.
    finished: Both<BTreeSet<MessageId>>,
}

impl Growing {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.sides.iter().map(BTreeMap::len).sum()
    }

    /// The oldest of a side that has as many as may be.
    pub(super) fn surplus(&self, sender: Direction) -> Option<MessageId> {
        let side = self.sides.of(sender);
        let oldest = side.first_key_value().map(|(id, _)| *id);
        oldest.filter(|_| side.len() >= MAX_OPEN_MESSAGES)
    }

    pub(super) fn add(&mut self, open: Open) {
        let Message { id, direction, .. } = open.message;
        self.sides.of_mut(direction).insert(id, open);
    }

    pub(super) fn get(&self, id: MessageId) -> Option<&Open> {
        self.sides.iter().find_map(|side| side.get(&id))
    }

    pub(super) fn get_mut(&mut self, id: MessageId) -> Option<&mut Open> {
        self.sides.iter_mut().find_map(|side| side.get_mut(&id))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Open> {
        self.sides.iter().flat_map(BTreeMap::values)
    }

    /// Takes one out, and says whether it waited.
    pub(super) fn remove(&mut self, id: MessageId) -> Option<(Open, bool)> {
        let open = self.sides.iter_mut().find_map(|side| side.remove(&id))?;
        self.finished.of_mut(open.message.direction).remove(&id);
        Some((open, self.parked.remove(&id)))
    }

    /// Lets one wait; says no where it is not there, or where too much waits already.
    pub(super) fn park(&mut self, id: MessageId, heard: Moment) -> bool {
        let has_room = self.parked.len() < MAX_PARKED;
        let Some(open) = self.get_mut(id).filter(|_| has_room) else { return false };
        open.heard = heard;
        self.parked.insert(id);
        true
    }

    /// One waits no more.
    pub(super) fn go_on(&mut self, id: MessageId) {
        self.parked.remove(&id);
    }

    /// One is complete as soon as its sender goes on.
    pub(super) fn note_finished(&mut self, id: MessageId, sender: Direction) {
        self.finished.of_mut(sender).insert(id);
    }

    pub(super) fn is_parked(&self, id: MessageId) -> bool {
        self.parked.contains(&id)
    }

    /// Those that wait.
    pub(super) fn parked(&self) -> impl Iterator<Item = &Open> {
        self.parked.iter().filter_map(|id| self.get(*id))
    }

    /// All that wait, once the first of them has waited for too many frames of the recording. They
    /// give up together: a sweep's window ends only where nothing waits, so a chain of overlapping
    /// waits would keep everything after it in memory.
    pub(super) fn late(&self, now: FrameId) -> Vec<MessageId> {
        let first = self.parked().map(|open| open.heard.frame).min();
        let is_late = |first: FrameId| now.0.saturating_sub(first.0) > MAX_PARKED_FRAMES;
        if first.is_some_and(is_late) { self.parked.iter().copied().collect() } else { Vec::new() }
    }

    /// The next that the other side has completed, of those that one side sends.
    pub(super) fn finished(&self, sender: Direction) -> Option<MessageId> {
        self.finished.of(sender).first().copied()
    }

    /// Those that one side sends and that do not wait.
    pub(super) fn left(&self, sender: Direction) -> Vec<MessageId> {
        let of_sender = self.sides.of(sender).keys().copied();
        of_sender.filter(|id| !self.is_parked(*id)).collect()
    }

    /// All of them, in the order in which they began.
    pub(super) fn all(&self) -> Vec<MessageId> {
        let mut all: Vec<MessageId> = self.iter().map(|open| open.message.id).collect();
        all.sort_unstable();
        all
    }
}
