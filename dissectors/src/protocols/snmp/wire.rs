//! Messages as they lie in a datagram: version, who may ask, and the PDU (RFC 1157, section 4;
//! RFC 3412, section 6; RFC 3416, section 3).

use crate::bytes::Reader;
use crate::protocols::ber::{Element, Stop, number, signed};

pub(super) const INTEGER: u8 = 0x02;
pub(super) const OCTETS: u8 = 0x04;
pub(super) const OBJECT: u8 = 0x06;
pub(super) const SEQUENCE: u8 = 0x30;

/// Tags of PDUs.
pub(super) const GET: u8 = 0xa0;
pub(super) const GET_NEXT: u8 = 0xa1;
pub(super) const RESPONSE: u8 = 0xa2;
pub(super) const SET: u8 = 0xa3;
pub(super) const TRAP: u8 = 0xa4;
pub(super) const GET_BULK: u8 = 0xa5;
pub(super) const INFORM: u8 = 0xa6;
pub(super) const TRAP2: u8 = 0xa7;
pub(super) const REPORT: u8 = 0xa8;

/// A message, as far as it is there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Outer<'a> {
    pub(super) whole: Element<'a>,
    pub(super) version: Element<'a>,
    /// Versions 1 and 2c: the community.
    pub(super) community: Option<Element<'a>>,
    pub(super) v3: Option<Head<'a>>,
    /// The PDU; of version 3 what it lies in.
    pub(super) data: Option<Element<'a>>,
}

/// The header of version 3 (RFC 3412, section 6).
#[derive(Clone, Copy, Debug)]
pub(super) struct Head<'a> {
    pub(super) global: Element<'a>,
    pub(super) id: Option<u64>,
    pub(super) flags: u8,
    pub(super) security: Option<Element<'a>>,
}

impl Head<'_> {
    /// Whether it asks to hear why it could not be read: requests do.
    pub(super) const fn reportable(&self) -> bool {
        self.flags & 4 != 0
    }

    /// Whether what it carries is sealed.
    pub(super) const fn sealed(&self) -> bool {
        self.flags & 2 != 0
    }
}

impl<'a> Outer<'a> {
    /// Reads a message; `None` if it cannot be one. It may be cut behind its version.
    pub(super) fn read(mut reader: Reader<'a>) -> Option<Self> {
        let whole = Element::expect(&mut reader, SEQUENCE, "a message").ok()?;
        let mut inside = whole.content;
        let version = Element::expect(&mut inside, INTEGER, "the version").ok()?;
        let mut outer = Self { whole, version, community: None, v3: None, data: None };
        match version.whole() {
            Ok([0 | 1]) => {
                let community = Element::next(&mut inside, "the community").ok();
                if community.is_some_and(|community| community.tag != OCTETS) {
                    return None;
                }
                outer.community = community;
                outer.data = Element::next(&mut inside, "a PDU").ok();
                if outer.data.is_some_and(|data| !matches!(data.tag, GET..=REPORT)) {
                    return None;
                }
            }
            Ok([3]) => {
                let global = Element::next(&mut inside, "the global data").ok()?;
                if global.tag != SEQUENCE {
                    return None;
                }
                let (id, flags) = Self::global(global);
                let security = Element::next(&mut inside, "the security parameters").ok();
                if security.is_some_and(|security| security.tag != OCTETS) {
                    return None;
                }
                outer.v3 = Some(Head { global, id, flags, security });
                outer.data = Element::next(&mut inside, "the scoped PDU").ok();
                if outer.data.is_some_and(|data| !matches!(data.tag, SEQUENCE | OCTETS)) {
                    return None;
                }
            }
            _ => return None,
        }
        Some(outer)
    }

    /// The number and the flags of version 3.
    fn global(global: Element<'a>) -> (Option<u64>, u8) {
        let mut inside = global.content;
        let mut next = |what| Element::next(&mut inside, what).and_then(|one| one.whole()).ok();
        let (id, _size, flags) = (next("the number"), next("the size"), next("the flags"));
        (id.map(number), flags.and_then(|flags| flags.first().copied()).unwrap_or(0))
    }

    /// Whether it is the whole of a datagram, to its last byte.
    pub(super) fn fills(&self, len: usize) -> bool {
        self.whole.short.is_none() && self.whole.span.len as usize == len && self.data.is_some()
    }

    /// Whether it ends within a datagram of so many bytes, of which fewer may be in the recording.
    pub(super) fn fits(&self, wire: usize) -> bool {
        let head = (self.whole.span.len as usize).saturating_sub(self.whole.content.len());
        let content = self.whole.short.map_or(self.whole.content.len(), |short| short.needed);
        content.saturating_add(head) <= wire
    }

    /// Whether its PDU is sealed.
    pub(super) fn is_sealed(&self) -> bool {
        self.v3.is_some() && self.data.is_some_and(|data| data.tag == OCTETS)
    }

    /// The PDU, where it can be read.
    pub(super) fn pdu(&self) -> Option<Element<'a>> {
        if self.v3.is_none() {
            return self.data;
        }
        let mut scoped = self.data.filter(|data| data.tag == SEQUENCE)?.content;
        Element::expect(&mut scoped, OCTETS, "the context's engine").ok()?;
        Element::expect(&mut scoped, OCTETS, "the context's name").ok()?;
        let pdu = Element::next(&mut scoped, "a PDU").ok()?;
        matches!(pdu.tag, GET..=REPORT).then_some(pdu)
    }
}

/// What a PDU says first.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pdu<'a> {
    pub(super) tag: u8,
    pub(super) request_id: Option<i64>,
    /// Error-status and error-index; of a bulk request non-repeaters and max-repetitions.
    pub(super) numbers: [Option<i64>; 2],
    bindings: Option<Reader<'a>>,
}

impl<'a> Pdu<'a> {
    /// Reads the head of a PDU.
    pub(super) fn read(pdu: Element<'a>) -> Self {
        let mut inside = pdu.content;
        let mut next = || Element::next(&mut inside, "a part of a PDU").ok();
        let number = |one: Option<Element<'a>>| {
            one.filter(|one| one.tag == INTEGER).and_then(|one| signed(one.whole().ok()?))
        };
        let mut found = Self { tag: pdu.tag, request_id: None, numbers: [None; 2], bindings: None };
        if pdu.tag == TRAP {
            // Enterprise, address, two numbers, a time (RFC 1157, section 4.1.6).
            let (_, _) = (next(), next());
            found.numbers = [number(next()), number(next())];
            next();
        } else {
            found.request_id = number(next());
            found.numbers = [number(next()), number(next())];
        }
        found.bindings = next().filter(|list| list.tag == SEQUENCE).map(|list| list.content);
        found
    }

    /// Names and values, until one is broken.
    pub(super) fn bindings(&self) -> Bindings<'a> {
        Bindings(self.bindings)
    }
}

/// A name and its value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Binding<'a> {
    pub(super) name: Element<'a>,
    pub(super) value: Element<'a>,
}

/// Bindings in their order.
pub(super) struct Bindings<'a>(pub(super) Option<Reader<'a>>);

impl<'a> Iterator for Bindings<'a> {
    type Item = Result<Binding<'a>, Stop>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut rest = self.0.take().filter(|rest| !rest.is_empty())?;
        let next = Self::one(&mut rest);
        // Behind a broken one nothing can be told.
        self.0 = next.is_ok().then_some(rest);
        Some(next)
    }
}

impl<'a> Bindings<'a> {
    fn one(rest: &mut Reader<'a>) -> Result<Binding<'a>, Stop> {
        let both = Element::expect(rest, SEQUENCE, "a binding")?;
        let mut inside = both.content;
        let name = Element::expect(&mut inside, OBJECT, "the name of a binding")?;
        name.whole()?;
        let value = Element::next(&mut inside, "the value of a binding")?;
        value.whole()?;
        Ok(Binding { name, value })
    }
}
