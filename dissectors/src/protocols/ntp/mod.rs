//! NTP (RFC 5905): what time it is, and how well whoever says so knows it.
//!
//! ```text
//!   client ── sent at t1 ───────────────────────> server
//!   client <── t1 again, came at t2, left at t3 ── server
//!
//!   flags stratum poll precision │ delay dispersion reference │ four timestamps │ extensions, MAC
//! ```
//!
//! Modes 6 and 7, by which servers are asked about themselves, have heads of their own.

mod describe;
mod fields;
mod tell;
#[cfg(test)]
mod tests;
mod wire;

pub use fields::*;

use std::fmt::{self, Write};

use self::wire::Head;
use super::datagrams::{self, Asking, Seen};
use crate::codes;
use crate::engine::session::Session;
use crate::engine::view::View;
use crate::field::{FieldDef, FieldId};
use crate::ids::FrameId;
use crate::message::{Message, MessageKind};
use crate::protocol::{Claim, Facts, Framing, Likelihood, Protocol};
use crate::sink::Sink;
use crate::telling::Telling;

codes! {
    /// What a message is.
    pub enum Kind {
        /// Clocks talk: modes 1 to 5.
        Time,
        /// A server is asked, or answers, about itself: mode 6.
        Control,
        /// The same in the form of one implementation: mode 7.
        Private,
    }
}

impl MessageKind for Kind {
    /// Of an answer the frame of the request; of a repeated request that of the first.
    type Extra = Option<FrameId>;
}

/// The Network Time Protocol.
pub struct Ntp;

impl Protocol for Ntp {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 5905", "RFC 8915", "RFC 9327"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::UdpPort(123)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    /// Times and small numbers: many bytes could be these, so that the port has to say the same.
    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        match Head::read(bytes).filter(|_| framing == Framing::Datagram) {
            Some(_) => Likelihood::Unsaid,
            None => Likelihood::No,
        }
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        datagrams::open(facts, look)
    }

    fn summary(&self, message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
        let Some(head) = Head::read(view.bytes(message.span)) else { return Ok(()) };
        write!(line, "NTP Version {}, {}", head.version, wire::name(head.mode))
    }

    fn describe(&self, message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
        describe::describe(message, view, sink);
    }

    fn tell(&self, message: &Message, view: &View<'_>) -> Option<Telling> {
        tell::tell(message, view)
    }
}

/// What a datagram is. An answer repeats when the question was sent; what controls has a number.
fn look(bytes: &[u8], _wire: usize) -> Option<Seen<Kind>> {
    let head = Head::read(bytes)?;
    let same = datagrams::fingerprint(bytes);
    let (kind, asking) = match head.mode {
        // Nothing tells which question is meant where none said when it was sent.
        1 | 3 => {
            (Kind::Time, wire::stamp(bytes, wire::TRANSMIT).map_or(Asking::Alone, Asking::Asks))
        }
        2 | 4 => {
            (Kind::Time, wire::stamp(bytes, wire::ORIGIN).map_or(Asking::Alone, Asking::Answers))
        }
        6 | 7 => {
            let key = head.number(bytes);
            let asking =
                if head.is_response(bytes) { Asking::Answers(key) } else { Asking::Asks(key) };
            (if head.mode == 6 { Kind::Control } else { Kind::Private }, asking)
        }
        _ => (Kind::Time, Asking::Alone),
    };
    Some(Seen { kind, asking, same })
}
