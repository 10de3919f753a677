//! One thing that a connection says, whoever found it out: a message, a segment, bytes nobody
//! reads.

use super::came::came;
use crate::engine::view::View;
use crate::ids::{Direction, FrameId, MessageId, ProtocolId};
use crate::message::{Anchor, Message, Protection};
use crate::protocols::tcp;
use crate::story::{Outcome, Telling};

/// One thing a connection says.
#[derive(Clone)]
pub(super) struct Item {
    /// The frame of its first byte.
    pub(super) start: FrameId,
    /// The frame of its last byte.
    pub(super) end: FrameId,
    /// The last frame that carried any of it: an earlier one, where it lay there until what was
    /// missing before it had come.
    pub(super) came: FrameId,
    pub(super) direction: Direction,
    pub(super) protocol: ProtocolId,
    pub(super) protection: Protection,
    pub(super) told: Telling,
    pub(super) anchor: Option<Anchor>,
    /// The message behind it; none for bytes that nobody read.
    pub(super) message: MessageId,
    /// Its own bytes.
    pub(super) bytes: u64,
    /// Those of its head.
    pub(super) head: u64,
    pub(super) place: Place,
    /// Whether it is a second try, or never came: a step of its own.
    pub(super) is_try: bool,
    /// Whether it never came, by what both ends saw.
    pub(super) is_lost: bool,
}

/// Where an item stands among those of its frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Place {
    /// Before what it carries: SYN, ACK.
    Before,
    /// What a segment carries.
    Among,
    /// After that: FIN, RST.
    After,
}

impl Item {
    /// Where it stands among the items of its thread.
    pub(super) fn order(&self) -> (FrameId, Place, MessageId) {
        (self.start, self.place, self.message)
    }

    /// Whether it is an acknowledgement that changes the state of a connection.
    pub(super) fn decides(&self) -> bool {
        self.is_quiet() && !self.told.gained.is_empty() && !self.told.chapter.title.is_empty()
    }

    /// Whether it is an acknowledgement that rides along with what follows.
    pub(super) fn is_quiet(&self) -> bool {
        self.protocol == tcp::PROTOCOL_ID && self.told.chapter.weight <= QUIET
    }
}

/// The chapter weight up to which a segment waits for what its sender says next: that of the
/// acknowledgements that open or close a connection.
pub(super) const QUIET: u8 = 1;

impl Item {
    /// What is told of a message whose first byte came in frame `start`.
    pub(super) fn of_message(
        told: Telling,
        message: &Message,
        anchor: Anchor,
        start: FrameId,
        view: &View<'_>,
    ) -> Self {
        let came = came(message, start, view).filter(|_| told.lane.is_some());
        let told = told.on_its_lane();
        Self {
            came: came.unwrap_or(message.done),
            start: if told.stance.at_end { message.done } else { start },
            // Its content is told by others as it comes: the item ends with its own head.
            end: if told.stance.open_ended { start } else { message.done },
            direction: message.direction,
            protocol: anchor.protocol,
            protection: message.protection,
            bytes: if told.stance.at_end {
                0
            } else if told.stance.open_ended {
                message.span.len.into()
            } else {
                own_bytes(message, view) + told.unkept
            },
            is_try: told.outcome == Outcome::Repeated,
            is_lost: false,
            told,
            anchor: Some(anchor),
            message: message.id,
            head: message.span.len.into(),
            place: Place::Among,
        }
    }

    /// What is told of segments that were sent again, from the first to the last of their frames.
    pub(super) fn of_try(
        (start, end): (FrameId, FrameId),
        direction: Direction,
        told: Telling,
        anchor: Option<Anchor>,
    ) -> Self {
        Self {
            start,
            end,
            came: end,
            direction,
            protocol: tcp::PROTOCOL_ID,
            protection: Protection::Clear,
            told,
            anchor,
            message: MessageId::NONE,
            bytes: 0,
            head: 0,
            place: Place::Before,
            is_try: true,
            is_lost: false,
        }
    }

    /// What is told of a message of a datagram that stands in no frame of the thread.
    pub(super) fn of_datagram(
        (start, end): (FrameId, FrameId),
        protocol: ProtocolId,
        message: &Message,
        told: Telling,
    ) -> Self {
        Self {
            protocol,
            protection: message.protection,
            place: Place::Among,
            is_try: false,
            ..Self::of_try((start, end), message.direction, told, None)
        }
    }

    /// The same, as what a segment says beside the data it carries, which has tellers of its own.
    pub(super) fn of_segment(self, ends: bool) -> Self {
        let place = if ends { Place::After } else { Place::Before };
        Self { place, bytes: 0, ..self }
    }
}

/// The bytes of a message: its head and its own parts, as far as their lengths are known without
/// making them.
fn own_bytes(message: &Message, view: &View<'_>) -> u64 {
    let parts = view.parts(message);
    let own = parts.iter().filter(|part| !part.lent);
    let known = own.map(|part| part.span).filter(|span| span.len != u32::MAX);
    known.map(|span| u64::from(span.len)).sum::<u64>() + u64::from(message.span.len)
}
