//! SCTP on datagrams of another protocol: DTLS, as data channels of browsers have it (RFC 8261), or
//! UDP (RFC 6951). Each packet is a message.

use std::fmt::{self, Write};
use std::sync::LazyLock;

use super::{HEAD, channel, chunk, told};
use crate::codes;
use crate::engine::session::{Announce, Input, Out, Progress, Session};
use crate::engine::view::View;
use crate::headers::{HeaderContext, Part, Walk};
use crate::ids::Time;
use crate::message::{Message, MessageKind};
use crate::protocol::{Facts, Framing, Likelihood, Registry};
use crate::sink::Sink;
use crate::span::Span;
use crate::telling::{Outcome, Telling};

codes! {
    /// What a message of SCTP is.
    pub(super) enum Kind {
        /// A packet: a common header and chunks.
        Packet,
    }
}

impl MessageKind for Kind {
    type Extra = ();
}

/// A packet, as a walk sees it.
fn part(bytes: &[u8], span: Span) -> Part<'_> {
    Part { bytes, span, wire: bytes.len() }
}

/// Ports, a chunk of a known type that fits, and a checksum that is right: nothing else is like it.
pub(super) fn probe(bytes: &[u8], framing: Framing) -> Likelihood {
    let first = part(bytes, Span::NONE).after(HEAD);
    let fits = |found: &chunk::Chunk<'_>| {
        found.is_known() && (chunk::HEAD..=first.bytes.len()).contains(&found.len)
    };
    let has_ports = bytes.get(..2).is_some_and(|port| port != [0; 2])
        && bytes.get(2..4).is_some_and(|port| port != [0; 2]);
    let is_one = framing == Framing::Datagram
        && has_ports
        && chunk::Chunk::read(&first).is_some_and(|found| fits(&found))
        && bytes.get(8..12) == Some(&checksum(bytes).to_le_bytes());
    if is_one { Likelihood::Surely } else { Likelihood::No }
}

/// CRC32c over a packet whose checksum counts as zero (RFC 9260, appendix A).
fn checksum(bytes: &[u8]) -> u32 {
    const POLYNOMIAL: u32 = 0x82f6_3b78;
    let sum = bytes.iter().enumerate().fold(u32::MAX, |sum, (place, byte)| {
        let byte = if (8..12).contains(&place) { 0 } else { *byte };
        (0..8).fold(sum ^ u32::from(byte), |sum, _| {
            if sum & 1 == 0 { sum >> 1 } else { sum >> 1 ^ POLYNOMIAL }
        })
    });
    !sum
}

pub(super) fn open(facts: &Facts<'_>) -> Option<Box<dyn Session>> {
    (facts.framing == Framing::Datagram).then(|| Box::new(Packets) as Box<dyn Session>)
}

/// Every datagram is a message of its own.
#[derive(Clone)]
struct Packets;

impl Session for Packets {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let span = out.span(input.at, input.bytes.len());
        out.announce(Announce::new(Kind::Packet, span));
        Progress::Took(input.bytes.len().max(1))
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}

pub(super) fn summary(message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
    let packet = part(view.bytes(message.span), message.span);
    write!(line, "{}", chunk::Names(packet.after(HEAD)))
}

pub(super) fn describe(message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
    // What chunks carry is told as it is: nothing is looked up.
    static ALONE: LazyLock<Registry> = LazyLock::new(|| Registry::new(&[&super::Sctp]));
    let context = HeaderContext::default();
    let mut walk = Walk::new(Time::UNKNOWN, &context, &ALONE, sink).over_message();
    told(part(view.bytes(message.span), message.span), &mut walk);
}

/// What a packet means, by its first chunk.
pub(super) fn tell(message: &Message, view: &View<'_>) -> Option<Telling> {
    let bytes = view.bytes(message.span);
    let label = chunk::Names(part(bytes, message.span).after(HEAD)).to_string();
    let first = *bytes.get(HEAD)?;
    let told = tell_first(first, label.trim());
    Some(match first {
        DATA | I_DATA => {
            channel::tell(chunk::carried(&part(bytes, message.span).after(HEAD)), told)
        }
        _ => told,
    })
}

const DATA: u8 = 0;
const I_DATA: u8 = 64;

/// What a packet means whose first chunk is of this type, and whose bead says this.
pub(super) fn tell_first(kind: u8, label: &str) -> Telling {
    let told = |headline: &str, section| {
        Telling::new(label, headline, "SCTP").lesson("sctp/association", "RFC 9260", section)
    };
    match kind {
        DATA | I_DATA => {
            told("Sends a message, or a part of one, on one of its streams", "3.3.1").weight(3, 4)
        }
        1 => told("Wants an association: names its tag, and how many streams it has", "3.3.2")
            .asking(),
        2 => told("Agrees, and keeps nothing: what it would have to is in the cookie", "3.3.3")
            .answering()
            .asking(),
        3 => {
            told("Says how far it has received, and which parts behind holes", "3.3.4").weight(2, 2)
        }
        4 => told("Tries whether the way to the other side still works", "3.3.5")
            .weight(2, 3)
            .asking(),
        5 => told("Gives the heartbeat back as it came", "3.3.6").weight(2, 3).answering(),
        6 => told("Ends the association at once", "3.3.7").outcome(Outcome::Refused).closing(),
        7 => {
            told("Has nothing more to send, and waits for the other side to end", "3.3.8").closing()
        }
        8 | 14 => told("Confirms that the association ends", "3.3.9").answering(),
        9 => told("Reports a mistake, and goes on", "3.3.10").outcome(Outcome::Refused),
        10 => told("Brings the cookie back: it was not asked for under a false address", "3.3.11")
            .answering()
            .asking(),
        11 => told("Has made the association out of the cookie", "3.3.12").answering(),
        192 | 194 => told("Gives up messages whose time is over: they are not waited for", "3.3")
            .weight(2, 2),
        _ => told("Sends chunks that say something about the association", "3.2").weight(2, 2),
    }
}
