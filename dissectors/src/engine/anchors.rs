//! Where messages are, in terms that outlive a reading: makes the [`Anchor`] of each.

use std::collections::HashMap;

use super::tcp::SegmentKind;
use super::view::View;
use crate::ids::{ConnectionId, Direction, FrameId, ProtocolId};
use crate::message::{Anchor, Message};
use crate::span::{Buffer, Span};

/// Makes the anchors of one connection's messages.
///
/// Messages are given in the order of completion, from the connection's beginning, because
/// several can begin at one byte and are then told apart by that order.
pub struct Anchors {
    connection: ConnectionId,
    begun: HashMap<(ProtocolId, Direction, FrameId, u32), u16>,
}

impl Anchors {
    /// At the beginning of a connection.
    #[must_use]
    pub fn new(connection: ConnectionId) -> Self {
        Self { connection, begun: HashMap::new() }
    }

    /// The anchor of the next message.
    pub fn next(&mut self, message: &Message, view: &View<'_>) -> Anchor {
        // A stretch knows the layers of its messages; of a stranger nothing is claimed.
        let stranger = ProtocolId::of("");
        let protocol = view.layer(message.layer).map_or(stranger, |layer| layer.protocol);
        let (frame, offset) = match first_byte(message, view) {
            Some(Span { buffer, start, .. }) => match buffer.kind() {
                Buffer::Frame(frame) => (frame, start),
                _ => (message.done, 0),
            },
            None => (message.done, 0),
        };
        let (connection, direction) = (self.connection, message.direction);
        if message.kind::<SegmentKind>().is_some() {
            // A frame holds one segment, and a long connection a million of them.
            return Anchor { connection, protocol, direction, frame, offset, ordinal: 0 };
        }
        let next = self.begun.entry((protocol, direction, frame, offset)).or_insert(0);
        let ordinal = *next;
        *next = next.saturating_add(1);
        Anchor { connection, protocol, direction, frame, offset, ordinal }
    }
}

/// The place of a message's first byte in a frame: of its sealed form, where the cipher keeps every
/// byte in its place; else of all that it came from.
#[must_use]
pub fn first_byte(message: &Message, view: &View<'_>) -> Option<Span> {
    view.trace(message.span.part(0, 1)).into_iter().next()
}
