//! SNMP (RFC 3416 for what is asked, RFC 3412 for version 3): a manager polls values of agents,
//! and agents report what happens.
//!
//! ```text
//!   v1, v2c:  30 len │ version │ community │ PDU
//!   v3:       30 len │ version │ number, flags │ security │ context, PDU: in the clear or sealed
//!   PDU:      tag len │ request-id │ error-status │ error-index │ names and values
//! ```

mod describe;
mod fields;
mod names;
mod tell;
#[cfg(test)]
mod tests;
mod wire;

pub use fields::*;

use std::fmt::{self, Write};

use self::wire::{Outer, Pdu};
use super::ber::Oid;
use super::datagrams::{self, Asking, Seen};
use crate::bytes::Reader;
use crate::codes;
use crate::engine::session::Session;
use crate::engine::view::View;
use crate::field::{FieldDef, FieldId};
use crate::ids::FrameId;
use crate::message::{Message, MessageKind};
use crate::protocol::{Claim, Facts, Framing, Likelihood, Protocol};
use crate::sink::Sink;
use crate::span::Span;
use crate::telling::Telling;

codes! {
    /// What a message is.
    pub enum Kind {
        /// It asks.
        Request,
        /// It answers.
        Response,
        /// It reports, and nothing answers.
        Notice,
    }
}

impl MessageKind for Kind {
    /// Of a response the frame of the request; of a repeated request that of the first.
    type Extra = Option<FrameId>;
}

/// Names that a row shows; more would be longer than any screen is wide.
const MAX_NAMED: usize = 16;

/// The Simple Network Management Protocol.
pub struct Snmp;

impl Protocol for Snmp {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 3411", "RFC 3412", "RFC 3414", "RFC 3416", "RFC 1157"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::UdpPort(161), Claim::UdpPort(162)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        let outer = Outer::read(placeless(bytes));
        match outer.filter(|_| framing == Framing::Datagram) {
            // A version that exists, what belongs behind it, and a length that is the datagram's.
            Some(outer) if outer.fills(bytes.len()) => Likelihood::Surely,
            Some(_) => Likelihood::Unsaid,
            None => Likelihood::No,
        }
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        datagrams::open(facts, look)
    }

    fn summary(&self, message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
        let Some(outer) = Outer::read(view.reader(message.span)) else { return Ok(()) };
        let Some(data) = outer.pdu() else {
            return match outer.is_sealed() {
                true => line.write_str("encryptedPDU: privKey Unknown"),
                false => line.write_str("Message cut before its PDU"),
            };
        };
        line.write_str(names::pdu(data.tag))?;
        let pdu = Pdu::read(data);
        for binding in pdu.bindings().flatten().take(MAX_NAMED) {
            write!(line, " {}", Oid(binding.name.content.rest()))?;
        }
        Ok(())
    }

    fn describe(&self, message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
        describe::describe(message, view, sink);
    }

    fn tell(&self, message: &Message, view: &View<'_>) -> Option<Telling> {
        tell::tell(message, view)
    }
}

/// A reader over bytes that are only looked at.
fn placeless(bytes: &[u8]) -> Reader<'_> {
    let len = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    Reader::new(bytes, Span { len, ..Span::NONE })
}

/// What a datagram is. Its outermost length may not lead beyond it. Version 3 numbers messages, so
/// that sealed ones are paired as well.
fn look(bytes: &[u8], wire: usize) -> Option<Seen<Kind>> {
    let outer = Outer::read(placeless(bytes)).filter(|outer| outer.fits(wire))?;
    let same = datagrams::fingerprint(bytes);
    let pdu = outer.pdu();
    let key = match outer.v3 {
        Some(head) => head.id.map(|id| 1 << 40 | id & 0xffff_ffff),
        None => pdu.and_then(|data| Pdu::read(data).request_id).map(|id| u64::from(id as u32)),
    };
    let (kind, asking) =
        match (pdu.map(|data| data.tag), outer.v3.is_some_and(|head| head.reportable())) {
            (Some(wire::TRAP | wire::TRAP2), _) => (Kind::Notice, Asking::Alone),
            (Some(wire::RESPONSE | wire::REPORT), _) => {
                (Kind::Response, key.map_or(Asking::Alone, Asking::Answers))
            }
            (Some(_), _) | (None, true) => (Kind::Request, key.map_or(Asking::Alone, Asking::Asks)),
            // Sealed: who does not ask for a report answers, or reports himself.
            (None, false) if outer.is_sealed() => {
                (Kind::Response, key.map_or(Asking::Alone, Asking::Answers))
            }
            (None, false) => (Kind::Request, Asking::Alone),
        };
    Some(Seen { kind, asking, same })
}
