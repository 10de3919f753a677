//! Where a connection was seen from: at one place, or at both its ends.

use std::collections::HashMap;

use super::clock::Clock;
use crate::engine::reader::Context;
use crate::ids::{Direction, FlowId, FrameId};
use crate::story::Moment;
use crate::story::sighting::{Sighting, Stray, never_came};

/// What the other end saw of the frames that this reading has.
#[derive(Debug, Default)]
pub(super) struct Vantage {
    /// For a frame seen at the initiator's end, the sighting of its packet.
    sightings: Option<HashMap<FrameId, Sighting>>,
    /// What the responder's end sent and the initiator's never saw, in the order of sending.
    lost: Vec<FrameId>,
    /// Every packet, in the order of sending.
    all: Vec<Sighting>,
    /// What came and was not sent, by its frame.
    strays: HashMap<FrameId, Stray>,
    /// The same flow as the responder's end saw it.
    far: Option<FlowId>,
    /// The clock of what was recorded at one place.
    clock: Clock,
}

impl Vantage {
    /// Both ends, the reading being that of the initiator's.
    pub(super) fn both(sightings: Vec<Sighting>) -> Self {
        let lost = never_came(&sightings);
        let by_near = sightings.iter().filter_map(|one| Some((one.near()?, *one)));
        let by_near = Some(by_near.collect());
        Self { sightings: by_near, lost, all: sightings, ..Self::default() }
    }

    /// The same, with fragments of packets that are told one by one, and are no packets themselves.
    pub(super) fn with_fragments(mut self, fragments: Vec<Sighting>) -> Self {
        if let Some(sightings) = &mut self.sightings {
            sightings.extend(fragments.into_iter().filter_map(|one| Some((one.near()?, one))));
        }
        self
    }

    /// The same, with what came to either end and never left the other.
    pub(super) fn with_strays(self, strays: Vec<Stray>) -> Self {
        let strays = strays.into_iter().map(|one| (one.received.frame, one)).collect();
        Self { strays, ..self }
    }

    /// What is known of a frame whose packet never left the end that it bears the address of.
    pub(super) fn stray(&self, frame: FrameId) -> Option<&Stray> {
        self.strays.get(&frame)
    }

    /// The same, with the flow that the responder's end saw.
    pub(super) fn with_far(self, far: FlowId) -> Self {
        Self { far: Some(far), ..self }
    }

    /// The flow that the responder's end saw, where that was recorded.
    pub(super) const fn far(&self) -> Option<FlowId> {
        self.far
    }

    /// What the responder's end sent and the initiator's never saw: frames of the other reading.
    pub(super) fn never_seen(&self) -> &[FrameId] {
        &self.lost
    }

    /// Every packet as both ends saw it; `None` if it was recorded at one place.
    pub(super) fn sightings(&self) -> Option<&[Sighting]> {
        self.sightings.is_some().then_some(&self.all)
    }

    fn sighting(&self, frame: FrameId) -> Option<&Sighting> {
        self.sightings.as_ref()?.get(&frame)
    }

    /// The frame in which the responder's end saw the packet of a frame.
    pub(super) fn there(&self, frame: FrameId) -> Option<FrameId> {
        let one = self.sighting(frame)?;
        match one.direction {
            Direction::Forward => one.received.map(|moment| moment.frame),
            Direction::Backward => Some(one.sent.frame),
        }
    }

    /// When something that is no packet of the connection left and came, where both ends saw it: by
    /// its frame at the initiator's end and that at the responder's, and the way it went.
    pub(super) fn both_seen(
        &self,
        (here, there): (FrameId, FrameId),
        direction: Direction,
        context: Context<'_>,
    ) -> (Moment, Moment) {
        let (here, there) = (self.seen(here, context), self.seen(there, context));
        match direction {
            Direction::Forward => (here, there),
            Direction::Backward => (there, here),
        }
    }

    /// Tells times by this clock from now on.
    pub(super) fn keep(&mut self, clock: Clock) {
        self.clock = clock;
    }

    fn seen(&self, frame: FrameId, context: Context<'_>) -> Moment {
        Moment { frame, time: self.clock.time(frame, context.frames.frame(frame).time) }
    }

    /// When a frame's packet was sent: at its sender's end where that was recorded.
    pub(super) fn sent(
        &self,
        frame: FrameId,
        direction: Direction,
        context: Context<'_>,
    ) -> Moment {
        let there = self.sighting(frame).filter(|one| one.direction == direction);
        there.map_or_else(|| self.seen(frame, context), |one| one.sent)
    }

    /// When it was received, where both ends were recorded.
    pub(super) fn received(
        &self,
        frame: FrameId,
        direction: Direction,
        context: Context<'_>,
    ) -> Option<Moment> {
        self.sightings.as_ref()?;
        match direction {
            Direction::Forward => self.sighting(frame)?.received,
            Direction::Backward if self.lost(frame, direction) => None,
            Direction::Backward => Some(self.seen(frame, context)),
        }
    }

    /// When something left its sender, where both ends were recorded.
    pub(super) fn left(&self, frame: FrameId, direction: Direction) -> Option<Moment> {
        let one = self.sighting(frame).filter(|one| one.direction == direction);
        one.map(|one| one.sent)
    }

    /// Whether it left and never came.
    pub(super) fn lost(&self, frame: FrameId, direction: Direction) -> bool {
        match direction {
            Direction::Forward => self.sighting(frame).is_some_and(|one| one.received.is_none()),
            Direction::Backward => self.lost.binary_search(&frame).is_ok(),
        }
    }

    /// When an answer came to whoever asked; at one vantage point, when it was seen there.
    pub(super) fn came(
        &self,
        frame: FrameId,
        direction: Direction,
        context: Context<'_>,
    ) -> Moment {
        let received = self.received(frame, direction, context);
        received.unwrap_or_else(|| self.sent(frame, direction, context))
    }
}
