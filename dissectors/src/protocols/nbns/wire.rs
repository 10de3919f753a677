//! The parts of a message: header, questions, records (RFC 1002, section 4.2.1).

use std::net::Ipv4Addr;

use super::name::Name;
use crate::bytes::{Reader, Short};
use crate::span::Span;

/// Bytes of a header.
pub(super) const HEADER: usize = 12;

/// Types of records: a name's addresses, and a host's state.
pub(super) const NB: u16 = 0x20;
pub(super) const NBSTAT: u16 = 0x21;

/// What a message begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) id: u16,
    pub(super) flags: u16,
    /// Questions, answers, authorities, additional records.
    pub(super) counts: [u16; 4],
}

impl Header {
    /// Reads a header; `None` if it cannot be one. No message has more than one question, and none
    /// has many records; each part takes bytes of its own.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        const MOST_RECORDS: u16 = 64;
        let mut numbers = bytes.get(..HEADER)?.chunks_exact(2).filter_map(|pair| match pair {
            [high, low] => Some(u16::from_be_bytes([*high, *low])),
            _ => None,
        });
        let mut next = || numbers.next();
        let (id, flags) = (next()?, next()?);
        let counts = [next()?, next()?, next()?, next()?];
        let header = Self { id, flags, counts };
        let records = counts.iter().skip(1).fold(0u16, |sum, count| sum.saturating_add(*count));
        let fits = matches!(header.opcode(), 0 | 5..=9 | 15)
            && counts[0] <= 1
            && records <= MOST_RECORDS
            && (counts[0] > 0 || records > 0 || header.is_response());
        fits.then_some(header)
    }

    pub(super) const fn is_response(self) -> bool {
        self.flags & 0x8000 != 0
    }

    pub(super) const fn opcode(self) -> u16 {
        self.flags >> 11 & 0xf
    }

    pub(super) const fn rcode(self) -> u16 {
        self.flags & 0xf
    }

    /// Whether it was sent to everybody.
    pub(super) const fn is_broadcast(self) -> bool {
        self.flags & 0x10 != 0
    }
}

/// A question or a record, as far as it is there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry<'a> {
    pub(super) is_record: bool,
    pub(super) name: Name<'a>,
    pub(super) kind: u16,
    /// What stands behind the name.
    pub(super) rest: Reader<'a>,
    /// The data of a record.
    pub(super) data: Reader<'a>,
    /// Where more was claimed.
    pub(super) short: Option<Short>,
    pub(super) span: Span,
}

impl Entry<'_> {
    /// The first address of a record that has any.
    pub(super) fn address(&self) -> Option<Ipv4Addr> {
        let data = self.data.rest().get(2..).filter(|_| self.is_record && self.kind == NB)?;
        data.first_chunk::<4>().map(|bytes| (*bytes).into())
    }
}

/// Why a message ends early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    Short(Short),
    /// No name of NetBIOS stands here.
    Name(Span),
}

/// All parts of a message in their order, until one is broken.
pub(super) struct Entries<'a> {
    message: &'a [u8],
    reader: Reader<'a>,
    questions: u16,
    records: u16,
}

impl<'a> Entries<'a> {
    pub(super) fn new(mut reader: Reader<'a>, header: Header) -> Self {
        let message = reader.rest();
        // A header that was read is there.
        let _ = reader.take(HEADER, "the header");
        let [questions, records @ ..] = header.counts;
        let records = records.iter().fold(0, |sum: u16, count| sum.saturating_add(*count));
        Self { message, reader, questions, records }
    }

    fn one(&mut self, is_record: bool) -> Result<Entry<'a>, Stop> {
        let start = self.reader.span();
        let place = |reader: &Reader<'_>| {
            start.part(0, reader.span().start.saturating_sub(start.start) as usize)
        };
        let name = Name::read(self.message, &mut self.reader).ok_or(Stop::Name(start))?;
        let rest = self.reader;
        let (kind, _) = self.reader.u16("the type").map_err(Stop::Short)?;
        self.reader.u16("the class").map_err(Stop::Short)?;
        let none = Reader::new(&[], self.reader.span());
        let mut part = Entry {
            is_record,
            name,
            kind,
            rest,
            data: none,
            short: None,
            span: place(&self.reader),
        };
        if is_record {
            self.reader.u32("the lifetime").map_err(Stop::Short)?;
            let what = "the data of a record";
            let (len, at) =
                self.reader.u16("the length of a record's data").map_err(Stop::Short)?;
            let (needed, present) = (usize::from(len), self.reader.len());
            part.data = self.reader.sub(needed.min(present), what).map_err(Stop::Short)?;
            part.short = (present < needed).then_some(Short { what, needed, present, place: at });
            part.span = place(&self.reader);
        }
        Ok(part)
    }
}

impl<'a> Iterator for Entries<'a> {
    type Item = Result<Entry<'a>, Stop>;

    fn next(&mut self) -> Option<Self::Item> {
        let is_record = match (self.questions, self.records) {
            (0, 0) => return None,
            (0, _) => {
                self.records -= 1;
                true
            }
            _ => {
                self.questions -= 1;
                false
            }
        };
        let part = self.one(is_record);
        if part.as_ref().map_or(true, |part| part.short.is_some()) {
            (self.questions, self.records) = (0, 0);
        }
        Some(part)
    }
}

/// Whether a datagram may be a message, and whether it surely is one: its first name and type say
/// so. It may be cut before them.
pub(super) fn probe(bytes: &[u8]) -> Option<bool> {
    let header = Header::read(bytes)?;
    let len = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    let reader = Reader::new(bytes, Span { len, ..Span::NONE });
    let Some(part) = Entries::new(reader, header).next() else { return Some(false) };
    match part {
        Ok(part) => matches!(part.kind, 0x01 | 0x02 | 0x0a | NB | NBSTAT)
            .then_some(matches!(part.kind, NB | NBSTAT)),
        Err(Stop::Short(_)) => Some(false),
        // One that is cut inside its name.
        Err(Stop::Name(_)) => (bytes.len() < HEADER + 34).then_some(false),
    }
}
