//! The head of a message, and the chain of payloads behind it.

use crate::bytes::Reader;

/// Bytes of the head (RFC 7296, section 3.1).
pub(super) const HEAD: usize = 28;

/// Bytes of the head of a payload (RFC 7296, section 3.2).
pub(super) const PAYLOAD_HEAD: usize = 4;

/// What stands before a message on ESP's port (RFC 3948, section 2.2).
const MARKER: [u8; 4] = [0; 4];

/// Bits of the flags: of version 1 what follows is encrypted; of version 2 who sends, and whether
/// it answers.
const ENCRYPTED: u8 = 0x01;
const FROM_INITIATOR: u8 = 0x08;
const RESPONSE: u8 = 0x20;

/// What a message begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) initiator: u64,
    pub(super) responder: u64,
    pub(super) next: u8,
    pub(super) major: u8,
    pub(super) exchange: u8,
    pub(super) flags: u8,
    pub(super) id: u32,
    pub(super) len: u32,
}

/// How many bytes stand before the head: initiators begin with a number that is not zero, so that
/// zeros are the marker.
pub(super) fn start(bytes: &[u8]) -> usize {
    if bytes.starts_with(&MARKER) { MARKER.len() } else { 0 }
}

impl Head {
    /// Reads a head, behind a marker or not; `None` if it cannot be one: the exchange has to be one
    /// of the version's.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let head = bytes.get(start(bytes)..)?.first_chunk::<HEAD>()?;
        let number = |at: usize, len: usize| {
            let run = head.get(at..at + len).unwrap_or(&[]);
            run.iter().fold(0u64, |sum, byte| sum << 8 | u64::from(*byte))
        };
        let byte = |at| number(at, 1) as u8;
        let (initiator, responder) = (number(0, 8), number(8, 8));
        let (next, major, exchange, flags) = (byte(16), byte(17) >> 4, byte(18), byte(19));
        let (id, len) = (number(20, 4) as u32, number(24, 4) as u32);
        let fits = match major {
            1 => matches!(exchange, 1..=6 | 32 | 33),
            2 => matches!(exchange, 34..=44),
            _ => false,
        };
        let head = Self { initiator, responder, next, major, exchange, flags, id, len };
        (fits && initiator != 0 && len as usize >= HEAD).then_some(head)
    }

    /// Whether the length is that of the datagram it was read from.
    pub(super) fn is_whole(&self, bytes: &[u8]) -> bool {
        self.len as usize == bytes.len() - start(bytes)
    }

    pub(super) const fn is_encrypted(&self) -> bool {
        self.major == 1 && self.flags & ENCRYPTED != 0
    }

    pub(super) const fn is_from_initiator(&self) -> bool {
        self.flags & FROM_INITIATOR != 0
    }

    pub(super) const fn is_response(&self) -> bool {
        self.flags & RESPONSE != 0
    }

    /// What the exchange is called.
    pub(super) fn name(&self) -> &'static str {
        super::EXCHANGE.def().name_of(self.exchange.into()).unwrap_or("Unknown exchange")
    }
}

/// A payload of a chain.
#[derive(Clone, Copy, Debug)]
pub(super) struct Payload<'a> {
    /// What it is.
    pub(super) kind: u8,
    /// All of it, its head included.
    pub(super) reader: Reader<'a>,
    /// How long it claims to be; it has as many bytes unless this cannot be.
    pub(super) claimed: usize,
}

/// The payloads of a chain, as long as their lengths hold.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chain<'a> {
    next: u8,
    rest: Reader<'a>,
}

/// What is sealed in one: the payload that it names lies inside.
pub(super) const SEALED: u8 = 46;
pub(super) const SEALED_PART: u8 = 53;

impl<'a> Chain<'a> {
    pub(super) const fn new(next: u8, rest: Reader<'a>) -> Self {
        Self { next, rest }
    }

    /// What is left behind the payloads read so far.
    pub(super) const fn rest(&self) -> Reader<'a> {
        self.rest
    }
}

impl<'a> Iterator for Chain<'a> {
    type Item = Payload<'a>;

    fn next(&mut self) -> Option<Payload<'a>> {
        if self.next == 0 {
            return None;
        }
        let [next, _, high, low, ..] = *self.rest.rest() else { return None };
        let (kind, claimed) = (self.next, usize::from(high) << 8 | usize::from(low));
        let len = if claimed < PAYLOAD_HEAD { self.rest.len() } else { claimed };
        let is_broken = claimed < PAYLOAD_HEAD || claimed > self.rest.len();
        let reader = self.rest.sub(len.min(self.rest.len()), "a payload").ok()?;
        let is_last = is_broken || matches!(kind, SEALED | SEALED_PART);
        self.next = if is_last { 0 } else { next };
        Some(Payload { kind, reader, claimed })
    }
}
