//! WireGuard (Donenfeld, "WireGuard: Next Generation Kernel Network Tunnel", section 5.4): a
//! handshake of two messages, then packets that only the two ends can open.
//!
//! ```text
//!   initiator ── initiation (1) ──> responder     each side names itself with a number of its own
//!   initiator <── response (2) ──── responder
//!   both      ── transport data (4), counted ──>
//! ```

use std::fmt::{self, Write};

use crate::codes;
use crate::engine::session::{Announce, Input, Out, Progress, Session};
use crate::engine::view::View;
use crate::field::{self, FieldDef, FieldId, Names, Value};
use crate::fields;
use crate::message::{Message, MessageKind};
use crate::protocol::{Claim, Facts, Framing, Likelihood, Protocol};
use crate::sink::Sink;
use crate::telling::Telling;
use crate::wording::counted;

codes! {
    /// What a message is.
    pub enum Kind {
        /// A datagram: its first byte says which.
        Datagram,
    }
}

impl MessageKind for Kind {
    type Extra = ();
}

const TYPES: Names = &[
    (1, "Handshake Initiation"),
    (2, "Handshake Response"),
    (3, "Cookie Reply"),
    (4, "Transport Data"),
];

fields! { "wg", "WireGuard";
    TYPE = FieldDef::u8("wg.type", "Type").names(TYPES),
    RESERVED = FieldDef::bytes("wg.reserved", "Reserved"),
    SENDER = FieldDef::u32("wg.sender", "Sender").hex().computed(),
    RECEIVER = FieldDef::u32("wg.receiver", "Receiver").hex().computed(),
    ENCRYPTED_STATIC = FieldDef::group("wg.encrypted_static", "Encrypted Static"),
    ENCRYPTED_TIMESTAMP = FieldDef::group("wg.encrypted_timestamp", "Encrypted Timestamp"),
    ENCRYPTED_EMPTY = FieldDef::group("wg.encrypted_empty", "Encrypted Empty"),
    MAC1 = FieldDef::bytes("wg.mac1", "mac1"),
    MAC2 = FieldDef::bytes("wg.mac2", "mac2"),
    NONCE = FieldDef::bytes("wg.nonce", "Nonce"),
    COOKIE = FieldDef::bytes("wg.encrypted_cookie", "Encrypted Cookie"),
    COUNTER = FieldDef::u64("wg.counter", "Counter").computed(),
    PACKET = FieldDef::group("wg.encrypted_packet", "Encrypted Packet"),
    KEEPALIVE = FieldDef::group("wg.keepalive", "This is a Keepalive message"),
}

/// WireGuard.
pub struct WireGuard;

/// A number in a message: they are little-endian here.
fn number(bytes: &[u8], at: usize, len: usize) -> u64 {
    let run = bytes.get(at..at + len).unwrap_or(&[]);
    run.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

impl Protocol for WireGuard {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::UdpPort(51820)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        match (framing, kind(bytes)) {
            (Framing::Stream, _) | (_, None) => Likelihood::No,
            // Lengths that are the messages' own; any number of words may be data.
            (_, Some(1..=3)) => Likelihood::Surely,
            _ => Likelihood::Unsaid,
        }
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        (facts.framing == Framing::Datagram).then(|| Box::new(Sealed) as Box<dyn Session>)
    }

    fn summary(&self, message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
        let bytes = view.bytes(message.span);
        let number = |at, len| number(bytes, at, len);
        let name = TYPE.def().name_of(number(0, 1)).unwrap_or("Unknown");
        let (first, second) = (number(4, 4), number(8, 4));
        match number(0, 1) {
            1 => write!(line, "{name}, sender=0x{first:08X}"),
            2 => write!(line, "{name}, sender=0x{first:08X}, receiver=0x{second:08X}"),
            3 => write!(line, "{name}, receiver=0x{first:08X}"),
            _ => {
                let what = if bytes.len() == KEEPALIVE_LEN { "Keepalive" } else { name };
                let (counter, len) = (number(8, 8), bytes.len().saturating_sub(KEEPALIVE_LEN));
                write!(line, "{what}, receiver=0x{first:08X}, counter={counter}, datalen={len}")
            }
        }
    }

    fn describe(&self, message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
        let (bytes, span) = (view.bytes(message.span), message.span);
        let number = |at, len| number(bytes, at, len);
        sink.field(TYPE, Value::Unsigned(number(0, 1)), span.part(0, 1));
        for (field, at, len) in parts(number(0, 1), bytes.len()) {
            let place = span.part(*at, *len);
            let value = match field.def().kind {
                field::Kind::Unsigned(_) => Value::Unsigned(number(*at, *len)),
                field::Kind::Group => Value::None,
                _ => Value::Bytes(bytes.get(*at..at + len).unwrap_or(&[])),
            };
            sink.field(*field, value, place);
        }
    }

    fn tell(&self, message: &Message, view: &View<'_>) -> Option<Telling> {
        let bytes = view.bytes(message.span);
        let chapter = "WireGuard";
        Some(match kind(bytes)? {
            1 => Telling::new("Initiation", "Opens a tunnel with a fresh key of its own", chapter)
                .detail("Who it is stands inside, sealed for the one it calls.")
                .asking(),
            2 => Telling::new("Response", "Answers with a fresh key: the tunnel is open", chapter)
                .answering(),
            3 => Telling::new("Cookie", "Is under load: asks to prove the address first", chapter)
                .answering(),
            _ if bytes.len() == KEEPALIVE_LEN => {
                Telling::new("Keepalive", "Says that it is still there", chapter)
            }
            _ => {
                let sealed = bytes.len() - KEEPALIVE_LEN;
                let label = counted(sealed as u64, "byte");
                Telling::new(label, "Sends a packet that only the other end can open", chapter)
            }
        })
    }
}

/// A data message without data: header, receiver, counter and the seal.
const KEEPALIVE_LEN: usize = 32;

/// What a message is, by its type, the zeros behind that, and its length.
fn kind(bytes: &[u8]) -> Option<u8> {
    let [kind, 0, 0, 0, ..] = bytes else { return None };
    let fits = match (kind, bytes.len()) {
        (1, 148) | (2, 92) | (3, 64) => true,
        // Packets are filled up to whole blocks of sixteen bytes.
        (4, len) => len >= KEEPALIVE_LEN && len.is_multiple_of(16),
        _ => false,
    };
    fits.then_some(*kind)
}

/// The fields of a message: where each starts, and its length.
fn parts(kind: u64, len: usize) -> &'static [(FieldId, usize, usize)] {
    match kind {
        1 => &[
            (RESERVED, 1, 3),
            (SENDER, 4, 4),
            (ENCRYPTED_STATIC, 40, 48),
            (ENCRYPTED_TIMESTAMP, 88, 28),
            (MAC1, 116, 16),
            (MAC2, 132, 16),
        ],
        2 => &[
            (RESERVED, 1, 3),
            (SENDER, 4, 4),
            (RECEIVER, 8, 4),
            (ENCRYPTED_EMPTY, 44, 16),
            (MAC1, 60, 16),
            (MAC2, 76, 16),
        ],
        3 => &[(RESERVED, 1, 3), (RECEIVER, 4, 4), (NONCE, 8, 24), (COOKIE, 32, 32)],
        _ if len == KEEPALIVE_LEN => {
            &[(RESERVED, 1, 3), (RECEIVER, 4, 4), (COUNTER, 8, 8), (KEEPALIVE, 16, 16)]
        }
        _ => &[(RESERVED, 1, 3), (RECEIVER, 4, 4), (COUNTER, 8, 8), (PACKET, 16, usize::MAX)],
    }
}

/// Every datagram is a message.
#[derive(Clone)]
struct Sealed;

impl Session for Sealed {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        if kind(input.bytes).is_none() {
            return Progress::GiveUp("a message of WireGuard has one of its four lengths");
        }
        let span = out.span(input.at, input.bytes.len());
        out.announce(Announce::new(Kind::Datagram, span));
        Progress::Took(input.bytes.len())
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::ports::Ports;
    use crate::protocols::stage::{ask, check_told, play_over, say};

    /// What a datagram of this type and length is taken for.
    #[track_caller]
    fn check(first: &[u8], len: usize, expected: Likelihood) {
        let mut bytes = first.to_vec();
        bytes.resize(len, 0xab);
        assert_eq!(WireGuard.probe(&bytes, Framing::Datagram), expected);
    }

    #[test]
    fn what_is_told() {
        let ports = Ports { framing: Framing::Datagram, ports: [51_820, 51_820], began: None };
        let message = |kind: u8, len: usize| {
            let mut bytes = vec![kind, 0, 0, 0];
            bytes.resize(len, 0xab);
            bytes
        };
        let steps = [
            ask(message(1, 148)),
            say(message(3, 64)),
            ask(message(1, 148)),
            say(message(2, 92)),
            ask(message(4, 32)),
            say(message(4, 1056)),
        ];
        let opens = "Initiation | Opens a tunnel with a fresh key of its own | Who it is stands \
                     inside, sealed for the one it calls.";
        check_told(
            &play_over(ports, &steps),
            &[
                opens,
                "Cookie | Is under load: asks to prove the address first",
                opens,
                "Response | Answers with a fresh key: the tunnel is open",
                "Keepalive | Says that it is still there",
                "1024 bytes | Sends a packet that only the other end can open",
            ],
        );
    }

    #[test]
    fn messages_show_by_type_and_length() {
        check(&[1, 0, 0, 0], 148, Likelihood::Surely);
        check(&[2, 0, 0, 0], 92, Likelihood::Surely);
        check(&[3, 0, 0, 0], 64, Likelihood::Surely);
        check(&[4, 0, 0, 0], 32, Likelihood::Unsaid);
        check(&[4, 0, 0, 0], 1056, Likelihood::Unsaid);
        check(&[4, 0, 0, 0], 40, Likelihood::No);
        check(&[1, 0, 0, 0], 147, Likelihood::No);
        check(&[1, 0, 0, 1], 148, Likelihood::No);
        check(&[], 0, Likelihood::No);
    }
}
