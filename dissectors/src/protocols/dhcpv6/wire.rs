//! Messages and their options (RFC 9915, the formats of messages and options).

use std::net::Ipv6Addr;

use super::names::MESSAGES;
use crate::bytes::{Reader, Short};
use crate::limits::MAX_RELAYS;
use crate::span::Span;

pub(super) const SOLICIT: u8 = 1;
pub(super) const ADVERTISE: u8 = 2;
pub(super) const REQUEST: u8 = 3;
pub(super) const CONFIRM: u8 = 4;
pub(super) const RENEW: u8 = 5;
pub(super) const REBIND: u8 = 6;
pub(super) const REPLY: u8 = 7;
pub(super) const RELEASE: u8 = 8;
pub(super) const DECLINE: u8 = 9;
pub(super) const RECONFIGURE: u8 = 10;
pub(super) const INFORMATION: u8 = 11;
pub(super) const RELAY_FORW: u8 = 12;
pub(super) const RELAY_REPL: u8 = 13;
const LEASEQUERY_REPLY: u8 = 15;
/// The last type that is defined.
const LAST: u8 = 37;

pub(super) const CLIENT_ID: u16 = 1;
pub(super) const IA_NA: u16 = 3;
pub(super) const IA_TA: u16 = 4;
pub(super) const IA_ADDR: u16 = 5;
pub(super) const RELAY_MSG: u16 = 9;
pub(super) const STATUS: u16 = 13;
pub(super) const IA_PD: u16 = 25;
pub(super) const IA_PREFIX: u16 = 26;

/// Bytes before the options: of a client's and a server's message, of a relay's.
pub(super) const HEAD: usize = 4;
pub(super) const RELAY_HEAD: usize = 34;

/// Types that servers send to clients.
pub(super) const ANSWERS: &[u8] = &[ADVERTISE, REPLY, LEASEQUERY_REPLY];

/// Whether it goes from a server to a client.
pub(super) fn is_answer(kind: u8) -> bool {
    ANSWERS.contains(&kind) || matches!(kind, RECONFIGURE | RELAY_REPL)
}

/// What the first bytes of a message settle.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head<'a> {
    pub(super) kind: u8,
    /// The number of the exchange; 0 in a relay's message.
    pub(super) id: u32,
    bytes: &'a [u8],
}

impl<'a> Head<'a> {
    /// Reads a head; `None` if it cannot be one. The first option has to be one that exists, which
    /// all messages but the emptiest have.
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        const LAST_OPTION: u16 = 200;
        let [kind @ 1..=LAST, a, b, c, ..] = bytes else { return None };
        let is_relayed = matches!(*kind, RELAY_FORW | RELAY_REPL);
        let id = if is_relayed { 0 } else { u32::from_be_bytes([0, *a, *b, *c]) };
        let options = bytes.get(if is_relayed { RELAY_HEAD } else { HEAD }..)?;
        let fits = match options {
            [high, low, _, _, ..] => (1..=LAST_OPTION).contains(&u16::from_be_bytes([*high, *low])),
            rest => rest.is_empty() && !is_relayed,
        };
        fits.then_some(Self { kind: *kind, id, bytes })
    }

    pub(super) fn name(&self) -> &'static str {
        let kind = u64::from(self.kind);
        MESSAGES.iter().find(|(known, _)| *known == kind).map_or("Unknown", |(_, name)| name)
    }

    /// The link that a relay names.
    pub(super) fn link(&self) -> Option<Ipv6Addr> {
        let is_relayed = matches!(self.kind, RELAY_FORW | RELAY_REPL);
        let bytes = self.bytes.get(2..)?.first_chunk::<16>().filter(|_| is_relayed)?;
        Some((*bytes).into())
    }

    /// Its options, with no place of their own.
    pub(super) fn options(&self) -> Options<'a> {
        let at = if self.link().is_some() { RELAY_HEAD } else { HEAD };
        Options::of(self.bytes.get(at..).unwrap_or(&[]))
    }

    /// The data of the first option of that code.
    pub(super) fn find(&self, code: u16) -> Option<&'a [u8]> {
        self.options().find_code(code)
    }

    /// The first address that an association holds.
    pub(super) fn address(&self) -> Option<Ipv6Addr> {
        let inside = self.find(IA_NA)?.get(12..)?;
        let address = Options::of(inside).find_code(IA_ADDR)?;
        address.first_chunk::<16>().map(|bytes| (*bytes).into())
    }

    /// The first prefix that an association holds, and its length.
    pub(super) fn prefix(&self) -> Option<(Ipv6Addr, u8)> {
        let inside = self.find(IA_PD)?.get(12..)?;
        let prefix = Options::of(inside).find_code(IA_PREFIX)?;
        let bytes = prefix.get(9..)?.first_chunk::<16>()?;
        Some(((*bytes).into(), *prefix.get(8)?))
    }

    /// The status of the message, or of an association in it, where it is no success.
    pub(super) fn refusal(&self) -> Option<(u16, &'a [u8])> {
        let inside = |code| {
            let data = self.find(code)?.get(12..)?;
            Options::of(data).find_code(STATUS)
        };
        let status = self.find(STATUS).or_else(|| inside(IA_NA)).or_else(|| inside(IA_PD))?;
        let [high, low, text @ ..] = status else { return None };
        let code = u16::from_be_bytes([*high, *low]);
        (code != 0).then_some((code, text))
    }

    /// The message that a relay hands on.
    pub(super) fn relayed(&self) -> Option<&'a [u8]> {
        self.link()?;
        self.find(RELAY_MSG)
    }
}

/// The client's or the server's message, out of all relays around it.
pub(super) fn innermost(bytes: &[u8]) -> Option<Head<'_>> {
    let mut head = Head::read(bytes)?;
    for _ in 0..MAX_RELAYS {
        match head.relayed() {
            Some(inner) => head = Head::read(inner)?,
            None => break,
        }
    }
    Some(head)
}

/// The name that a message bears: its type and its number. What relays hand on goes between two
/// addresses that are known, and needs none.
pub(super) fn name_of(message: &[u8]) -> Option<&[u8]> {
    let head = Head::read(message)?;
    if matches!(head.kind, RELAY_FORW | RELAY_REPL | RECONFIGURE) { None } else { message.get(..4) }
}

/// One option.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stated<'a> {
    pub(super) code: u16,
    /// All of it.
    pub(super) span: Span,
    pub(super) data: Reader<'a>,
}

/// Options in their order, up to one that is cut.
pub(super) struct Options<'a>(pub(super) Reader<'a>);

impl<'a> Options<'a> {
    fn of(bytes: &'a [u8]) -> Self {
        let len = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        Self(Reader::new(bytes, Span { len, ..Span::NONE }))
    }

    fn find_code(self, code: u16) -> Option<&'a [u8]> {
        let mut whole = self.map_while(Result::ok);
        whole.find(|option| option.code == code).map(|option| option.data.rest())
    }

    fn one(&mut self, start: Span) -> Result<Stated<'a>, Short> {
        let (code, _) = self.0.u16("an option")?;
        let (len, _) = self.0.u16("the length of an option")?;
        let data = self.0.sub(len.into(), "the data of an option")?;
        Ok(Stated { code, span: start.part(0, 4 + usize::from(len)), data })
    }
}

impl<'a> Iterator for Options<'a> {
    type Item = Result<Stated<'a>, Short>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let start = self.0.span();
        let next = self.one(start);
        // Behind a broken one nothing can be told.
        if next.is_err() {
            self.0 = Reader::new(&[], start);
        }
        Some(next)
    }
}
