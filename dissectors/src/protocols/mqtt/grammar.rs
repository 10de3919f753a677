//! Where packets of MQTT end, and which packet answers which: by identifiers, four in a row for
//! what is to be delivered exactly once.

use super::wire::{self, Packet, packet};
use super::{Kind, Version};
use crate::ids::Direction;
use crate::protocols::framed::{Grammar, Measure, Seen, Ties};

/// The state of a connection.
#[derive(Clone, Default)]
pub(super) struct Mqtt {
    version: Version,
}

/// The key under which the packet of that number is waited for.
fn waits(number: u8, id: Option<u16>) -> u64 {
    u64::from(number) << 16 | u64::from(id.unwrap_or(0))
}

/// What a packet asks and answers (MQTT 5.0, sections 3 and 4.3).
fn ties(read: Packet<'_>) -> Ties {
    let asks = |number| Ties::asks(waits(number, read.id));
    let answers = Ties::answers(waits(read.number, read.id));
    match read.number {
        packet::CONNECT => asks(packet::CONNACK),
        packet::PUBLISH if read.quality() == 1 => asks(packet::PUBACK),
        packet::PUBLISH if read.quality() == 2 => asks(packet::PUBREC),
        // A code that says no ends the handshake.
        packet::PUBREC if read.code.is_some_and(|code| code >= 0x80) => answers,
        packet::PUBREC => Ties { asks: asks(packet::PUBREL).asks, ..answers },
        packet::PUBREL => Ties { asks: asks(packet::PUBCOMP).asks, ..answers },
        packet::SUBSCRIBE => asks(packet::SUBACK),
        packet::UNSUBSCRIBE => asks(packet::UNSUBACK),
        packet::PINGREQ => asks(packet::PINGRESP),
        packet::AUTH => Ties { asks: asks(packet::AUTH).asks, ..answers },
        packet::PUBLISH | packet::DISCONNECT => Ties::ALONE,
        _ => answers,
    }
}

impl Grammar for Mqtt {
    type Kind = Kind;

    fn measure(&mut self, _from: Direction, bytes: &[u8]) -> Measure {
        let Some((first, rest)) = bytes.split_first() else { return Measure::Need(2) };
        if !wire::may_begin(*first) {
            return Measure::Nothing;
        }
        match wire::length(rest) {
            Ok(Some((len, width))) => Measure::Whole(1 + width as u64 + u64::from(len)),
            Ok(None) => Measure::Need(bytes.len() + 1),
            Err(()) => Measure::Nothing,
        }
    }

    fn accept(&mut self, _from: Direction, bytes: &[u8]) -> Seen<Kind> {
        if let Some(version) = wire::connects(bytes) {
            self.version = version;
        }
        let read = Packet::read(bytes, self.version);
        Seen { kind: Kind::Packet, extra: self.version, ties: ties(read) }
    }

    /// A packet that ends with the bytes at hand.
    fn begins(&self, _from: Direction, bytes: &[u8]) -> bool {
        let Some((first, rest)) = bytes.split_first() else { return false };
        let whole = |(len, width): (u32, usize)| 1 + width + len as usize == bytes.len();
        wire::may_begin(*first) && wire::length(rest).is_ok_and(|found| found.is_some_and(whole))
    }
}
