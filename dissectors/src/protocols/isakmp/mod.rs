//! IKE (RFC 7296; version 1: RFC 2408 and RFC 2409): two gateways agree on keys, prove to each
//! other who they are, and settle which packets go through the tunnel between them.
//!
//! ```text
//!   initiator's SPI ×8 │ responder's SPI ×8 │ next │ version │ exchange │ flags │ id ×4 │ length ×4
//!   payload: next │ critical or 0 │ length ×2 │ …        each names what the one behind it is
//! ```
//!
//! Where addresses are translated on the way it shares a port with ESP; four zero bytes then stand
//! before it, where ESP has its number (RFC 3948, section 2.2).

mod body;
mod describe;
mod fields;
mod names;
mod offer;
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
        /// Of version 1, where only the order says who answers what.
        Message,
        /// It asks.
        Request,
        /// It answers.
        Response,
    }
}

impl MessageKind for Kind {
    /// Of a response the frame of the request; of a repeated request that of the first.
    type Extra = Option<FrameId>;
}

/// The Internet Key Exchange.
pub struct Isakmp;

impl Protocol for Isakmp {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 7296", "RFC 2408", "RFC 2409", "RFC 3948"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::UdpPort(500)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        match Head::read(bytes).filter(|_| framing == Framing::Datagram) {
            // A length of four bytes that is the datagram's, and numbers that fit each other.
            Some(head) if head.is_whole(bytes) => Likelihood::Surely,
            Some(_) => Likelihood::Unsaid,
            None => Likelihood::No,
        }
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        datagrams::open(facts, look)
    }

    fn summary(&self, message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
        let Some(head) = Head::read(view.bytes(message.span)) else { return Ok(()) };
        line.write_str(head.name())?;
        if head.major != 2 {
            return Ok(());
        }
        let who = if head.is_from_initiator() { "Initiator" } else { "Responder" };
        let what = if head.is_response() { "Response" } else { "Request" };
        write!(line, " MID={:02} {who} {what}", head.id)
    }

    fn describe(&self, message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
        describe::describe(message, view, sink);
    }

    fn tell(&self, message: &Message, view: &View<'_>) -> Option<Telling> {
        tell::tell(message, view)
    }
}

/// What a datagram is. Either side of version 2 counts its requests; the answer repeats the number.
fn look(bytes: &[u8], _wire: usize) -> Option<Seen<Kind>> {
    let head = Head::read(bytes)?;
    let same = datagrams::fingerprint(bytes);
    if head.major != 2 {
        return Some(Seen { kind: Kind::Message, asking: Asking::Alone, same });
    }
    // Whose request it is: the initiator's, or the responder's.
    let asker = u8::from(head.is_from_initiator() != head.is_response());
    let named = [&head.initiator.to_be_bytes()[..], &head.id.to_be_bytes(), &[asker]].concat();
    let key = datagrams::fingerprint(&named);
    Some(match head.is_response() {
        true => Seen { kind: Kind::Response, asking: Asking::Answers(key), same },
        false => Seen { kind: Kind::Request, asking: Asking::Asks(key), same },
    })
}
