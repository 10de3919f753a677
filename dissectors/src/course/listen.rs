//! Listens to what frames and messages tell, for the few fields that a course is made of.

use crate::field::{FieldId, Value};
use crate::protocols::{quic, tcp};
use crate::sink::Sink;
use crate::span::Span;

/// What the TCP header of a frame says: of several, the innermost.
#[derive(Clone, Debug, Default)]
pub(super) struct Header {
    pub(super) seq: u32,
    pub(super) next: u32,
    pub(super) len: u32,
    pub(super) ack: u32,
    pub(super) window: u32,
    pub(super) acknowledges: bool,
    pub(super) resets: bool,
    pub(super) is_full: bool,
    /// Left and right edges of what came beyond holes.
    pub(super) left: Vec<u32>,
    pub(super) right: Vec<u32>,
}

/// What is wanted of it, and where that goes.
type Take = fn(&mut Header, u32);
const WANTED: [(FieldId, Take); 10] = [
    (tcp::SEQ, |own, number| own.seq = number),
    (tcp::NXTSEQ, |own, number| own.next = number),
    (tcp::LEN, |own, number| own.len = number),
    (tcp::ACK, |own, number| own.ack = number),
    (tcp::WINDOW, |own, number| own.window = number),
    (tcp::FLAG_ACK, |own, number| own.acknowledges = number != 0),
    (tcp::FLAG_RESET, |own, number| own.resets = number != 0),
    (tcp::ZERO_WINDOW, |own, number| own.is_full = number != 0),
    (tcp::SACK_LE, |own, number| own.left.push(number)),
    (tcp::SACK_RE, |own, number| own.right.push(number)),
];

impl Sink for Header {
    fn wants(&self, field: FieldId) -> bool {
        WANTED.iter().any(|(wanted, _)| *wanted == field)
    }

    fn open(&mut self, field: FieldId, value: Value<'_>, span: Span) {
        if field == tcp::PROTO {
            *self = Self::default();
        } else {
            self.field(field, value, span);
        }
    }

    fn field(&mut self, field: FieldId, value: Value<'_>, _: Span) {
        let number = match value {
            Value::Unsigned(number) => number as u32,
            Value::Bool(is_set) => is_set.into(),
            _ => return,
        };
        if let Some((_, take)) = WANTED.iter().find(|(wanted, _)| *wanted == field) {
            take(self, number);
        }
    }
}

/// What a packet of QUIC says.
#[derive(Clone, Debug, Default)]
pub(super) struct Packet {
    pub(super) number: Option<u64>,
    /// Whether its bytes count as under way until they are acknowledged: a packet does that has
    /// more than acknowledgements and a close, or padding (RFC 9002, section 2).
    pub(super) counts: bool,
    pub(super) is_copy: bool,
    /// The round trip that it ends, in nanoseconds.
    pub(super) trip: Option<i64>,
    /// The numbers of packets that count as lost by it.
    pub(super) lost: Vec<u64>,
}

/// What is wanted of it.
const OF_PACKET: [FieldId; 5] =
    [quic::PACKET_NUMBER, quic::FRAME_TYPE, quic::COPY, quic::ACK_RTT, quic::LOST_NUMBER];

impl Sink for Packet {
    fn wants(&self, field: FieldId) -> bool {
        OF_PACKET.contains(&field)
    }

    fn open(&mut self, field: FieldId, value: Value<'_>, span: Span) {
        self.field(field, value, span);
    }

    fn field(&mut self, field: FieldId, value: Value<'_>, _: Span) {
        match value {
            Value::Unsigned(number) if field == quic::PACKET_NUMBER => self.number = Some(number),
            Value::Unsigned(kind) if field == quic::FRAME_TYPE => {
                self.counts |= !UNCOUNTED.contains(&kind);
            }
            Value::Unsigned(number) if field == quic::LOST_NUMBER => self.lost.push(number),
            Value::Nanos(nanos) if field == quic::ACK_RTT => self.trip = Some(nanos),
            _ if field == quic::COPY => self.is_copy = true,
            _ => {}
        }
    }
}

/// ACK and CONNECTION_CLOSE (RFC 9000, table 3).
const UNCOUNTED: [u64; 4] = [0x02, 0x03, 0x1c, 0x1d];
