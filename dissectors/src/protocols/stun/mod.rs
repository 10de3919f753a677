//! STUN (RFC 8489): who stands behind a router learns how it is seen from outside; and TURN
//! (RFC 8656), by which a relay sends for it.
//!
//! ```text
//!   00 class and method, 14 bits | length | 21 12 a4 42 | transaction id, 96 bits
//!   attribute | length | value, filled up to 4 bytes            … and so on
//!
//!   4xxx channel | length | data                                through a relay
//! ```

mod describe;
mod fields;
mod tell;
#[cfg(test)]
mod tests;
mod wire;

pub use fields::*;

use std::fmt::{self, Write};

use self::wire::{Class, Head};
use super::datagrams::{self, Asking, Seen};
use super::framed::{self, Framed, Grammar, Measure, Ties};
use crate::codes;
use crate::engine::session::Session;
use crate::engine::view::View;
use crate::field::{FieldDef, FieldId};
use crate::ids::{Direction, FrameId};
use crate::message::{Message, MessageKind};
use crate::protocol::{Claim, Facts, Framing, Likelihood, Protocol};
use crate::sink::Sink;
use crate::telling::Telling;

codes! {
    /// What a message is.
    pub enum Kind {
        /// A message with a transaction id.
        Message,
        /// Data through a relay, behind the number of a channel.
        Channel,
    }
}

impl MessageKind for Kind {
    /// Of an answer the frame of the request; of a repeated request that of the first.
    type Extra = Option<FrameId>;
}

/// STUN.
pub struct Stun;

impl Protocol for Stun {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 8489", "RFC 8656", "RFC 8445"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::UdpPort(3478), Claim::TcpPort(3478), Claim::Alpn(b"stun.turn")]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    /// The cookie is there for this (RFC 8489, section 5).
    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        match (Head::read(bytes), framing) {
            (Some(head), Framing::Datagram) if wire::HEAD + head.len < bytes.len() => {
                Likelihood::Perhaps
            }
            (Some(_), _) => Likelihood::Surely,
            (None, _) if wire::channel(bytes).is_some() => Likelihood::Unsaid,
            (None, Framing::Stream) if bytes.len() < wire::HEAD => Likelihood::Unsaid,
            (None, _) => Likelihood::No,
        }
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        match facts.framing {
            Framing::Datagram => datagrams::open(facts, look),
            Framing::Stream => Some(Box::new(Framed::new(OnStream))),
        }
    }

    fn summary(&self, message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
        describe::summary(message, view, line)
    }

    fn describe(&self, message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
        describe::describe(message, view, sink);
    }

    fn tell(&self, message: &Message, view: &View<'_>) -> Option<Telling> {
        tell::tell(message, view)
    }
}

/// What a datagram is.
fn look(bytes: &[u8], _wire: usize) -> Option<Seen<Kind>> {
    let same = datagrams::fingerprint(bytes);
    let Some(head) = Head::read(bytes) else {
        wire::channel(bytes)?;
        return Some(Seen { kind: Kind::Channel, asking: Asking::Alone, same });
    };
    let asking = match head.class {
        Class::Request => Asking::Asks(head.key()),
        Class::Indication => Asking::Alone,
        Class::Success | Class::Error => Asking::Answers(head.key()),
    };
    Some(Seen { kind: Kind::Message, asking, same })
}

/// The same on a stream (RFC 8489, section 6.2.2; RFC 8656, section 12.5: what a channel carries is
/// filled up there).
#[derive(Clone)]
struct OnStream;

impl Grammar for OnStream {
    type Kind = Kind;

    fn measure(&mut self, _from: Direction, bytes: &[u8]) -> Measure {
        if let Some((_, len)) = wire::channel(bytes) {
            return Measure::Whole((wire::CHANNEL_HEAD + len.next_multiple_of(4)) as u64);
        }
        match Head::read(bytes) {
            Some(head) => Measure::Whole((wire::HEAD + head.len) as u64),
            None if bytes.len() < wire::HEAD => Measure::Need(wire::HEAD),
            None => Measure::Nothing,
        }
    }

    fn accept(&mut self, _from: Direction, bytes: &[u8]) -> framed::Seen<Kind> {
        let (kind, ties) = match Head::read(bytes) {
            None => (Kind::Channel, Ties::ALONE),
            Some(head) => {
                let ties = match head.class {
                    Class::Request => Ties::asks(head.key()),
                    Class::Indication => Ties::ALONE,
                    Class::Success | Class::Error => Ties::answers(head.key()),
                };
                (Kind::Message, ties)
            }
        };
        framed::Seen { kind, extra: None, ties }
    }

    fn begins(&self, _from: Direction, bytes: &[u8]) -> bool {
        Head::read(bytes).is_some()
    }

    fn answered(_extra: Option<FrameId>, asked: FrameId) -> Option<FrameId> {
        Some(asked)
    }
}
