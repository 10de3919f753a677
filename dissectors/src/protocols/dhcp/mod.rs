//! DHCP (RFC 2131) and BOOTP (RFC 951), whose messages it fills: a host asks for an address, and
//! for what else it needs on this network.
//!
//! ```text
//!   client ── Discover ──> everybody      who gives addresses here?
//!   client <── Offer ───── server         this one is free
//!   client ── Request ───> everybody      I take this one, of that server
//!   client <── ACK ─────── server         it is yours for so long
//!
//!   message:  head, 44 bytes │ server's name, 64 │ boot file, 128 │ cookie │ options
//! ```

mod describe;
mod fields;
mod options;
mod tell;
#[cfg(test)]
mod tests;
mod wire;

pub use fields::*;

use std::fmt::{self, Write};

use self::wire::{Head, Mac};
use super::datagrams::{self, Asking, Seen};
use crate::codes;
use crate::engine::session::{Input, Out, Session};
use crate::engine::view::View;
use crate::field::{FieldDef, FieldId};
use crate::ids::FrameId;
use crate::message::{Message, MessageKind};
use crate::protocol::{Bears, Claim, Facts, Framing, Likelihood, Protocol};
use crate::sink::Sink;
use crate::telling::Telling;

codes! {
    /// What a message is.
    pub enum Kind {
        /// A client's.
        Request,
        /// A server's.
        Reply,
    }
}

impl MessageKind for Kind {
    /// Of a reply the frame of the request; of a repeated request that of the first.
    type Extra = Option<FrameId>;
}

/// The Dynamic Host Configuration Protocol.
pub struct Dhcp;

impl Protocol for Dhcp {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 2131", "RFC 2132", "RFC 951"]
    }

    /// The server's port first: it is what both sides' datagrams have in common.
    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::UdpPort(67), Claim::UdpPort(68)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        match Head::read(bytes).filter(|_| framing == Framing::Datagram) {
            // Nothing else has these four bytes there, behind a head that holds.
            Some(head) if head.is_dhcp => Likelihood::Surely,
            Some(_) => Likelihood::Unsaid,
            None => Likelihood::No,
        }
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        datagrams::open_named(facts, look, publish)
    }

    /// Who has no address yet asks everybody, and is answered by everybody's address: what holds
    /// the four messages together is their number.
    fn has_names(&self) -> bool {
        true
    }

    fn bears<'a>(&self, datagram: &'a [u8], _known: &dyn Fn(&[u8]) -> bool) -> Bears<'a> {
        match wire::name_of(datagram) {
            Some(name) => Bears::Opening(name),
            None => Bears::Nothing,
        }
    }

    fn summary(&self, message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
        let bytes = view.bytes(message.span);
        let Some(head) = Head::read(bytes) else { return Ok(()) };
        match head.kind {
            Some(kind) => {
                let name = wire::name(kind);
                write!(line, "DHCP {name:<8} - Transaction ID 0x{:x}", head.id)
            }
            None if message.is(Kind::Request) => {
                let mac = Mac(bytes.get(28..34).unwrap_or(&[]));
                write!(line, "Boot Request from {mac} ({mac})")
            }
            None => line.write_str("Boot Reply"),
        }
    }

    fn describe(&self, message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
        describe::describe(message, view, sink);
    }

    fn tell(&self, message: &Message, view: &View<'_>) -> Option<Telling> {
        tell::tell(message, view)
    }
}

/// Both sides go by the number that the client chose.
fn publish(input: Input<'_>, out: &mut Out<'_>) {
    let Some(name) = wire::name_of(input.bytes) else { return };
    let Some((op, rest)) = name.split_first() else { return };
    let client = if *op == 1 { input.direction } else { input.direction.reverse() };
    for (op, side) in [(1, client.reverse()), (2, client)] {
        let name = [&[op], rest].concat();
        out.publish_for(side, &name);
    }
}

/// What a datagram is. An Offer answers a Discover, an ACK or a NAK what was asked otherwise, and
/// all four may bear one number.
fn look(bytes: &[u8], _wire: usize) -> Option<Seen<Kind>> {
    let head = Head::read(bytes)?;
    let is_search = matches!(head.kind, Some(wire::DISCOVER | wire::OFFER));
    let key = u64::from(head.id) << 1 | u64::from(is_search);
    let same = if head.is_request {
        // From one try to the next the seconds go on, and nothing else need.
        let who = datagrams::fingerprint(bytes.get(28..44).unwrap_or(&[]));
        u64::from(head.kind.unwrap_or(0)) << 48 ^ who
    } else {
        datagrams::fingerprint(bytes)
    };
    let (kind, asking) = match (head.is_request, head.kind) {
        // Nobody answers these.
        (true, Some(wire::DECLINE | wire::RELEASE)) => (Kind::Request, Asking::Alone),
        (true, _) => (Kind::Request, Asking::Asks(key)),
        (false, _) => (Kind::Reply, Asking::Answers(key)),
    };
    Some(Seen { kind, asking, same })
}
