//! Messages: the atom shared by the packet list, the details tree and the story.

use crate::ids::{Direction, FrameId, LayerId, MessageId};
use crate::span::Span;
use crate::typed::{AnyFact, Code, Coded, Extra, Fact};

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
    /// Sealed to a key that the receiver has published: a ClientHello inside another (ECH).
    Ech,
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

    /// Whether who has no keys cannot read it: the keys of QUIC's first packets anyone can derive
    /// (RFC 9001, section 5.2).
    #[must_use]
    pub fn is_secret(self) -> bool {
        self.is_sealed() && self != Self::Initial
    }

    /// What its keys are called, wherever that is said; nothing where there are none here.
    #[must_use]
    pub const fn keys(self) -> Option<&'static str> {
        match self {
            Self::Clear | Self::Opaque => None,
            Self::Initial => Some("Initial keys"),
            Self::Ech => Some("ECH keys"),
            Self::Early => Some("early data keys"),
            Self::Handshake => Some("handshake keys"),
            Self::Application => Some("application keys"),
        }
    }
}

/// What messages of a protocol are: a request, a handshake message, a record. Each protocol has
/// an enum of its own.
pub trait MessageKind: Code {
    /// What its protocol needs to explain a message and its bytes do not hold, such as the frame
    /// of the request that a response answers.
    type Extra: Extra;
}

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
    /// Packed: read it with [`Message::extra`].
    pub(crate) extra: u32,
    /// What it is to its protocol: read it with [`Message::kind`].
    pub(crate) kind: Coded,
    /// Under which keys it travelled.
    pub protection: Protection,
    /// Who sent it.
    pub direction: Direction,
}

impl Message {
    /// What it is to its protocol; nothing where these are another protocol's kinds.
    #[must_use]
    pub fn kind<K: MessageKind>(&self) -> Option<K> {
        self.kind.get()
    }

    /// Whether it is of that kind.
    #[must_use]
    pub fn is<K: MessageKind>(&self, kind: K) -> bool {
        self.kind.is(kind)
    }

    /// The number of its kind among those of its protocol.
    #[must_use]
    pub const fn kind_number(&self) -> u8 {
        self.kind.number()
    }

    /// What its protocol needs to explain it and its bytes do not hold; nothing where these are
    /// another protocol's kinds.
    #[must_use]
    pub fn extra<K: MessageKind>(&self) -> Option<K::Extra> {
        self.kind::<K>().map(|_| K::Extra::unpack(self.extra))
    }
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
    /// What shows that something was sent again for nothing: an earlier try had come.
    Excuses,
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
pub struct MessagePart {
    pub(crate) role: Coded,
    /// Where it lies.
    pub span: Span,
    /// Whether it belongs to another message, and only helps to explain this one.
    pub lent: bool,
}

impl MessagePart {
    /// A part and what it is: each protocol has an enum of its own.
    #[must_use]
    pub fn new<R: Code>(role: R, span: Span) -> Self {
        Self { role: Coded::new(role), span, lent: false }
    }

    /// A part of another message, which this one cannot be explained without.
    #[must_use]
    pub fn lent<R: Code>(role: R, span: Span) -> Self {
        Self { lent: true, ..Self::new(role, span) }
    }

    /// What the part is; nothing where these are another protocol's roles.
    #[must_use]
    pub fn role<R: Code>(&self) -> Option<R> {
        self.role.get()
    }

    /// Whether the part is that.
    #[must_use]
    pub fn is<R: Code>(&self, role: R) -> bool {
        self.role.is(role)
    }
}

/// What bytes cannot give back, kept beside a message for as long as its stretch lives.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Attachment {
    /// Parts, in their order.
    pub parts: Vec<MessagePart>,
    facts: Option<AnyFact>,
}

impl Attachment {
    /// Keeps facts (a decoded header list, negotiated parameters) in place of those before.
    pub fn keep<F: Fact>(&mut self, facts: F) {
        self.facts = Some(AnyFact::new(facts));
    }

    /// The facts that were kept; nothing where they are of another type.
    #[must_use]
    pub fn facts<F: Fact>(&self) -> Option<&F> {
        self.facts.as_ref()?.get()
    }

    /// Where the first part of that role lies.
    #[must_use]
    pub fn part<R: Code>(&self, role: R) -> Option<Span> {
        self.parts.iter().find(|part| part.is(role)).map(|part| part.span)
    }

    /// Whether nothing is attached.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty() && self.facts.is_none()
    }

    /// About how many bytes of memory it takes.
    #[must_use]
    pub fn cost(&self) -> usize {
        let facts = self.facts.as_ref().map_or(0, AnyFact::size);
        size_of::<Self>() + self.parts.len() * size_of::<MessagePart>() + facts
    }
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
