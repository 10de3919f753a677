//! Kerberos, version 5 (RFC 4120): a client gets a ticket from a server that both sides trust, and
//! shows it to the service that it wants.
//!
//! ```text
//!   client ── AS-REQ ───> KDC        who it is, and perhaps a proof
//!   client <── AS-REP ─── KDC        a ticket to get tickets with
//!   client ── TGS-REQ ──> KDC        that ticket, and the service it wants
//!   client <── TGS-REP ── KDC        a ticket for the service
//!   client ── AP-REQ ───> service
//! ```
//!
//! On a stream a length of four bytes stands before each message (section 7.2.2).

mod describe;
mod fields;
mod tell;
#[cfg(test)]
mod tests;
mod wire;

pub use fields::*;

use std::fmt::{self, Write};

use self::wire::kind;
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
        /// In a datagram.
        Datagram,
        /// On a stream, behind its length.
        Record,
    }
}

impl MessageKind for Kind {
    /// The frame of the request that is answered.
    type Extra = Option<FrameId>;
}

/// Kerberos.
pub struct Kerberos;

impl Protocol for Kerberos {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 4120"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::UdpPort(88), Claim::TcpPort(88)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    /// An application's tag in BER is much: the port has to say the same.
    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        let is_one = match framing {
            Framing::Datagram => wire::message(bytes).is_some(),
            Framing::Stream => wire::record(bytes).is_some() || bytes.len() < wire::MARK + 2,
        };
        if is_one { Likelihood::Unsaid } else { Likelihood::No }
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

/// Nothing in the clear ties an answer to its request: a client asks one thing at a time.
const IN_TURN: u64 = 0;

fn look(bytes: &[u8], _wire: usize) -> Option<Seen<Kind>> {
    let number = wire::message(bytes)?;
    let same = datagrams::fingerprint(bytes);
    let asking = if kind::asks(number) { Asking::Asks(IN_TURN) } else { Asking::Answers(IN_TURN) };
    Some(Seen { kind: Kind::Datagram, asking, same })
}

/// The same on a stream.
#[derive(Clone)]
struct OnStream;

impl Grammar for OnStream {
    type Kind = Kind;

    fn measure(&mut self, _from: Direction, bytes: &[u8]) -> Measure {
        match wire::record(bytes) {
            Some((len, _)) => Measure::Whole(len),
            None if bytes.len() < wire::MARK + 2 => Measure::Need(wire::MARK + 2),
            None => Measure::Nothing,
        }
    }

    fn accept(&mut self, _from: Direction, bytes: &[u8]) -> framed::Seen<Kind> {
        let asks = wire::record(bytes).is_some_and(|(_, number)| kind::asks(number));
        let ties = if asks { Ties::asks(IN_TURN) } else { Ties::answers(IN_TURN) };
        framed::Seen { kind: Kind::Record, extra: None, ties }
    }

    fn goes_by_order(key: u64) -> bool {
        key == IN_TURN
    }

    fn begins(&self, _from: Direction, bytes: &[u8]) -> bool {
        wire::record(bytes).is_some()
    }

    fn answered(_extra: Option<FrameId>, asked: FrameId) -> Option<FrameId> {
        Some(asked)
    }
}
