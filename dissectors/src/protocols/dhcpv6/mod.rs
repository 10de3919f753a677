//! DHCPv6 (RFC 9915): a host asks for addresses, prefixes or settings.
//!
//! ```text
//!   client ── Solicit ───> everybody      who gives addresses here?
//!   client <── Advertise ── server
//!   client ── Request ───> everybody      with a number of its own
//!   client <── Reply ────── server
//!
//!   type │ number ×3 │ options: code ×2, length ×2, data, which may be options again
//!   type │ hops │ link │ peer │ options        a relay's: the message stands in an option
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

use self::wire::Head;
use super::datagrams::{self, Asking, Seen};
use crate::codes;
use crate::engine::session::{Input, Out, Session};
use crate::engine::view::View;
use crate::field::{FieldDef, FieldId};
use crate::ids::FrameId;
use crate::limits::MAX_RELAYS;
use crate::message::{Message, MessageKind};
use crate::protocol::{Bears, Claim, Facts, Framing, Likelihood, Protocol};
use crate::sink::Sink;
use crate::telling::Telling;

codes! {
    /// What a message is.
    pub enum Kind {
        /// A client's, or a relay's on its way to a server.
        Request,
        /// A server's, or on its way back.
        Reply,
    }
}

impl MessageKind for Kind {
    /// Of a reply the frame of the request; of a repeated request that of the first.
    type Extra = Option<FrameId>;
}

/// The Dynamic Host Configuration Protocol for IPv6.
pub struct Dhcpv6;

impl Protocol for Dhcpv6 {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 9915"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::UdpPort(547), Claim::UdpPort(546)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    /// Small numbers: the port has to say the same.
    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        match Head::read(bytes).filter(|_| framing == Framing::Datagram) {
            Some(_) => Likelihood::Unsaid,
            None => Likelihood::No,
        }
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        datagrams::open_named(facts, look, publish)
    }

    /// Who asks a group is answered from a server's own address: what holds them together is their
    /// number.
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
        let mut bytes = view.bytes(message.span);
        for _ in 0..=MAX_RELAYS {
            let Some(head) = Head::read(bytes) else { return Ok(()) };
            line.write_str(head.name())?;
            match head.link() {
                Some(link) => write!(line, " L: {link} ")?,
                None => write!(line, " XID: 0x{:x} ", head.id)?,
            }
            if let Some(client) = head.find(wire::CLIENT_ID) {
                line.write_str("CID: ")?;
                client.iter().try_for_each(|byte| write!(line, "{byte:02x}"))?;
                line.write_char(' ')?;
            }
            if let Some(address) = head.address() {
                write!(line, "IAA: {address} ")?;
            }
            match head.relayed() {
                Some(inner) => bytes = inner,
                None => return Ok(()),
            }
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

/// Both sides go by the number that the client chose, each with the types that it sends.
fn publish(input: Input<'_>, out: &mut Out<'_>) {
    let Some([kind, number @ ..]) = wire::name_of(input.bytes) else { return };
    let answers = wire::is_answer(*kind);
    let client = if answers { input.direction.reverse() } else { input.direction };
    // A request is known by its own type, for it may come again.
    let sent = if answers { &[][..] } else { std::slice::from_ref(kind) };
    let server = client.reverse();
    let names = [(server, sent), (client, wire::ANSWERS)];
    for (side, kinds) in names {
        for kind in kinds {
            out.publish_for(side, &[&[*kind], number].concat());
        }
    }
}

/// What a datagram is. A relay's carries the client's number inside.
fn look(bytes: &[u8], _wire: usize) -> Option<Seen<Kind>> {
    let head = Head::read(bytes)?;
    let inner = wire::innermost(bytes);
    let is_relayed = u64::from(head.link().is_some());
    let key = u64::from(inner.map_or(0, |inner| inner.id)) << 1 | is_relayed;
    let (kind, asking) = match (wire::is_answer(head.kind), head.kind) {
        // A server's own idea, which nobody asked for.
        (_, wire::RECONFIGURE) => (Kind::Reply, Asking::Alone),
        (true, _) => (Kind::Reply, Asking::Answers(key)),
        (false, _) => (Kind::Request, Asking::Asks(key)),
    };
    // From one try to the next the time that went by goes on, and nothing else need.
    let same = match kind {
        Kind::Request => {
            let client = inner.and_then(|inner| inner.find(wire::CLIENT_ID)).unwrap_or(&[]);
            u64::from(head.kind) << 56 ^ datagrams::fingerprint(client)
        }
        Kind::Reply => datagrams::fingerprint(bytes),
    };
    Some(Seen { kind, asking, same })
}
