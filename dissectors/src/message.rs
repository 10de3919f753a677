//! Messages: the atom shared by the packet list, the details tree and the story.

use crate::ids::{Direction, FrameId, LayerId, MessageId};
use crate::span::Span;

/// Who can read a message, and under which keys it travelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Protection {
    /// Anyone on the way can read it.
    Clear,
    /// Sealed, and we have no key: nobody but the two ends can read it.
    Opaque,
    /// Sealed with keys that anyone can derive (QUIC Initial packets).
    Initial,
    /// Sealed with the early data keys.
    Early,
    /// Sealed with the handshake keys.
    Handshake,
    /// Sealed with the application keys.
    Application,
}

impl Protection {
    /// Whether it travelled sealed.
    #[must_use]
    pub fn is_sealed(self) -> bool {
        self != Self::Clear
    }
}

/// What a message is to its protocol: a request, a handshake message, a record.
/// The numbers are each protocol's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MessageKind(pub u8);

/// One message. It owns nothing and stays small, for there may be millions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its number within the connection.
    pub id: MessageId,
    /// Its bytes (of one that grows: its head).
    pub span: Span,
    /// The frame that completes it; [`FrameId::NONE`] while it is open.
    pub done: FrameId,
    /// The message it is part of, or [`MessageId::NONE`].
    pub parent: MessageId,
    /// The layer that read it, which names its protocol and stream.
    pub layer: LayerId,
    /// A number that its protocol needs to explain it and that its bytes do not hold,
    /// such as the frame of the request that a response answers.
    pub extra: u32,
    /// What it is to its protocol.
    pub kind: MessageKind,
    /// Under which keys it travelled.
    pub protection: Protection,
    /// Who sent it.
    pub direction: Direction,
}

/// How one message bears on another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Relation {
    /// A response to a request.
    Answers,
    /// An acknowledgement of data.
    Acknowledges,
    /// The same thing sent again.
    Repeats,
}

/// A relation between two messages of one connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Related {
    /// The later message.
    pub from: MessageId,
    /// What it does.
    pub relation: Relation,
    /// The earlier message.
    pub to: MessageId,
}

/// A part of a message that lies elsewhere than its head: a body as sent, a body decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// What the part is, in the protocol's own numbers.
    pub role: u8,
    /// Where it lies.
    pub span: Span,
}

/// What bytes cannot give back, kept beside a message for as long as its stretch lives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attachment {
    /// Parts, in their order.
    pub parts: Vec<Part>,
    /// Facts in the protocol's own encoding (a decoded header list, negotiated parameters).
    pub facts: Vec<u8>,
}

/// Where a message is, in terms that outlive any reading of it: what selections, bookmarks and
/// lecture steps hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Anchor {
    /// The connection.
    pub connection: crate::ids::ConnectionId,
    /// The protocol that read it.
    pub protocol: crate::ids::ProtocolId,
    /// Who sent it.
    pub direction: Direction,
    /// The frame of its first byte.
    pub frame: FrameId,
    /// The offset of its first byte in that frame (of its sealed form, where it was sealed; of the
    /// record, where the cipher keeps no byte in its place).
    pub offset: u32,
    /// Which of the messages that begin there, for several can come out of one record.
    pub ordinal: u16,
}

const _: () = assert!(size_of::<Message>() <= 40, "messages must stay small");
