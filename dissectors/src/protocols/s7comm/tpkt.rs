//! TPKT (RFC 1006): packets of ISO's transport protocol on TCP, each behind its length.
//!
//! ```text
//!   3 | 0 | length 2, with these four | a packet
//! ```

use std::fmt::{self, Write};
use std::ops::Range;

use crate::claim::Claim;
use crate::codes;
use crate::engine::session::Session;
use crate::engine::view::View;
use crate::field::{FieldDef, FieldId};
use crate::fields;
use crate::ids::Direction;
use crate::message::{Message, MessageKind};
use crate::protocol::{Facts, Framing, Likelihood, Protocol};
use crate::protocols::framed::{Framed, Grammar, Measure, Seen, Ties};
use crate::protocols::values::number;
use crate::sink::Sink;
use crate::telling::Telling;

codes! {
    /// What a message is.
    pub enum Kind {
        /// A packet with its length.
        Packet,
    }
}

impl MessageKind for Kind {
    type Extra = ();
}

fields! { "tpkt", "TPKT";
    VERSION = FieldDef::u8("tpkt.version", "Version"),
    RESERVED = FieldDef::u8("tpkt.reserved", "Reserved"),
    LENGTH = FieldDef::u16("tpkt.length", "Length"),
}

/// Version, reserved and length.
const HEAD: usize = 4;
/// A head and the shortest packet (RFC 1006, section 6).
const SHORTEST: usize = 7;

/// How long the packet is that begins here, with its head.
fn length(bytes: &[u8]) -> Option<usize> {
    let [3, 0, high, low] = *bytes.first_chunk::<HEAD>()? else { return None };
    Some(usize::from(u16::from_be_bytes([high, low]))).filter(|len| *len >= SHORTEST)
}

/// ISO transport on TCP.
pub struct Tpkt;

impl Protocol for Tpkt {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 1006"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::TcpPort(102)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        let is_one = length(bytes).is_some() || bytes.len() < HEAD;
        if framing == Framing::Stream && is_one { Likelihood::Unsaid } else { Likelihood::No }
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        let open = || Box::new(Framed::new(OnStream)) as Box<dyn Session>;
        (facts.framing == Framing::Stream).then(open)
    }

    /// What it carries speaks for itself.
    fn summary(&self, _message: &Message, _view: &View<'_>, _line: &mut dyn Write) -> fmt::Result {
        Ok(())
    }

    fn describe(&self, message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
        let mut reader = view.reader(message.span);
        for (field, width) in [(VERSION, 1), (RESERVED, 1), (LENGTH, 2)] {
            if number(field, width, &mut reader, sink).is_err() {
                return;
            }
        }
    }

    fn tell(&self, _message: &Message, _view: &View<'_>) -> Option<Telling> {
        None
    }
}

#[derive(Clone)]
struct OnStream;

impl Grammar for OnStream {
    type Kind = Kind;

    fn measure(&mut self, _from: Direction, bytes: &[u8]) -> Measure {
        match length(bytes) {
            Some(len) => Measure::Whole(len as u64),
            None if bytes.len() < HEAD => Measure::Need(HEAD),
            None => Measure::Nothing,
        }
    }

    fn accept(&mut self, _from: Direction, _bytes: &[u8]) -> Seen<Kind> {
        Seen { kind: Kind::Packet, extra: (), ties: Ties::ALONE }
    }

    fn begins(&self, _from: Direction, bytes: &[u8]) -> bool {
        length(bytes).is_some_and(|len| len <= bytes.len())
    }

    fn carried(&self, bytes: &[u8]) -> Option<(Claim<'static>, Range<usize>)> {
        Some((Claim::Named("cotp"), HEAD..bytes.len().max(HEAD)))
    }
}
