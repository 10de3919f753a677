//! The parts every message is made of: header, questions, records (RFC 1035, section 4.1).
//!
//! ```text
//!   id flags  counts ×4        header, 12 bytes
//!   name type class            a question
//!   name type class ttl len …  a record: what its data are, its type says
//! ```
//!
//! What is cut off is missing, not wrong: a part tells which of its fields are there, and what
//! stopped it.

use super::name::{Broken, Name};
use crate::bytes::{Reader, Short};
use crate::span::{BufferId, Span};

/// Bytes of a header.
pub(super) const HEADER: usize = 12;

/// The bytes of one message, in which names point at each other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wire<'a> {
    whole: Reader<'a>,
}

impl<'a> Wire<'a> {
    /// A message that lies at a place.
    pub(super) const fn new(whole: Reader<'a>) -> Self {
        Self { whole }
    }

    /// A message that is only looked at, wherever it lies.
    pub(super) fn of(bytes: &'a [u8]) -> Self {
        let len = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        let place = Span { buffer: BufferId::derived(0), start: 0, len };
        Self { whole: Reader::new(bytes, place) }
    }

    pub(super) const fn bytes(&self) -> &'a [u8] {
        self.whole.rest()
    }

    /// A reader over all of it.
    pub(super) const fn reader(&self) -> Reader<'a> {
        self.whole
    }

    /// How far a reader in this message is from its first byte.
    pub(super) const fn position(&self, reader: &Reader<'_>) -> usize {
        reader.span().start.saturating_sub(self.whole.span().start) as usize
    }
}

/// What stopped the reading of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Stop {
    /// Fewer bytes than were claimed.
    #[error(transparent)]
    Short(#[from] Short),
    /// A name whose end is unknown.
    #[error("{0}")]
    Name(Broken, Span),
}

impl Stop {
    /// Where it stopped.
    pub(super) const fn place(&self) -> Span {
        match self {
            Self::Short(short) => short.place,
            Self::Name(_, place) => *place,
        }
    }

    /// Whether more bytes would have helped.
    pub(super) const fn is_short(&self) -> bool {
        matches!(self, Self::Short(_) | Self::Name(Broken::Beyond, _))
    }
}

/// Reads a name, or says what stops there.
pub(super) fn name<'a>(wire: &Wire<'a>, reader: &mut Reader<'a>) -> Result<Name<'a>, Stop> {
    let place = reader.span();
    Name::read(wire, reader).map_err(|broken| Stop::Name(broken, place))
}

/// What a message begins with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Header {
    pub(super) id: u16,
    pub(super) flags: u16,
    /// Questions, answers, authorities, additional records; in an update zones, prerequisites,
    /// updates, additional records (RFC 2136, section 2.2).
    pub(super) counts: [u16; 4],
}

impl Header {
    /// Reads a header that is there as a whole.
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Short> {
        let mut reader = reader.sub(HEADER, "the header")?;
        let mut next = || reader.u16("the header").map(|(value, _)| value);
        Ok(Self { id: next()?, flags: next()?, counts: [next()?, next()?, next()?, next()?] })
    }

    pub(super) const fn is_response(self) -> bool {
        self.flags & 0x8000 != 0
    }

    pub(super) const fn opcode(self) -> u16 {
        self.flags >> 11 & 0xf
    }

    pub(super) const fn is_truncated(self) -> bool {
        self.flags & 0x0200 != 0
    }

    pub(super) const fn rcode(self) -> u16 {
        self.flags & 0xf
    }

    /// A dynamic update (RFC 2136), which calls its sections by other names.
    pub(super) const fn is_update(self) -> bool {
        self.opcode() == 5
    }
}

/// A number and where it stands.
pub(super) type Number<T> = Option<(T, Span)>;

/// A question.
#[derive(Clone, Copy, Debug)]
pub(super) struct Question<'a> {
    pub(super) name: Name<'a>,
    pub(super) kind: Number<u16>,
    pub(super) class: Number<u16>,
    /// All of it that is there.
    pub(super) span: Span,
    pub(super) stop: Option<Stop>,
}

impl<'a> Question<'a> {
    pub(super) fn read(wire: &Wire<'a>, reader: &mut Reader<'a>) -> Result<Self, Stop> {
        let start = reader.span();
        let name = name(wire, reader)?;
        let mut question = Self { name, kind: None, class: None, span: start, stop: None };
        question.stop = question.fill(reader).err().map(Stop::Short);
        question.span = between(start, reader);
        Ok(question)
    }

    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<(), Short> {
        self.kind = Some(reader.u16("the type of a question")?);
        self.class = Some(reader.u16("the class of a question")?);
        Ok(())
    }
}

/// A resource record.
#[derive(Clone, Copy, Debug)]
pub(super) struct Record<'a> {
    pub(super) name: Name<'a>,
    pub(super) kind: Number<u16>,
    pub(super) class: Number<u16>,
    pub(super) ttl: Number<u32>,
    pub(super) len: Number<u16>,
    /// Its data, as far as they are there.
    pub(super) data: Reader<'a>,
    /// All of it that is there.
    pub(super) span: Span,
    pub(super) stop: Option<Stop>,
}

impl<'a> Record<'a> {
    pub(super) fn read(wire: &Wire<'a>, reader: &mut Reader<'a>) -> Result<Self, Stop> {
        let start = reader.span();
        let name = name(wire, reader)?;
        let mut record = Self {
            name,
            kind: None,
            class: None,
            ttl: None,
            len: None,
            data: Reader::new(&[], reader.span()),
            span: start,
            stop: None,
        };
        record.stop = record.fill(reader).err().map(Stop::Short);
        record.span = between(start, reader);
        Ok(record)
    }

    fn fill(&mut self, reader: &mut Reader<'a>) -> Result<(), Short> {
        self.kind = Some(reader.u16("the type of a record")?);
        self.class = Some(reader.u16("the class of a record")?);
        self.ttl = Some(reader.u32("the lifetime of a record")?);
        let (len, place) = reader.u16("the length of a record's data")?;
        self.len = Some((len, place));
        let (needed, present) = (usize::from(len), reader.len());
        let what = "the data of a record";
        self.data = reader.sub(needed.min(present), what)?;
        if present < needed {
            return Err(Short { what, needed, present, place });
        }
        Ok(())
    }

    pub(super) fn type_number(&self) -> u16 {
        self.kind.map_or(0, |(kind, _)| kind)
    }

    pub(super) fn class_number(&self) -> u16 {
        self.class.map_or(0, |(class, _)| class)
    }
}

/// From a place up to where a reader got.
fn between(start: Span, reader: &Reader<'_>) -> Span {
    start.part(0, reader.span().start.saturating_sub(start.start) as usize)
}

/// All parts of a message in their order, until one is broken.
#[derive(Clone, Debug)]
pub(super) struct Entries<'a> {
    wire: Wire<'a>,
    reader: Reader<'a>,
    left: [u16; 4],
}

/// A question or a record.
#[derive(Clone, Copy, Debug)]
pub(super) enum Entry<'a> {
    Question(Question<'a>),
    Record(Record<'a>),
}

impl<'a> Entries<'a> {
    pub(super) fn new(wire: Wire<'a>, header: Header) -> Self {
        let mut reader = wire.reader();
        // A header that was read is there.
        let _ = reader.take(HEADER, "the header");
        Self { wire, reader, left: header.counts }
    }

    /// What is behind the last part.
    pub(super) const fn rest(&self) -> Reader<'a> {
        self.reader
    }
}

impl<'a> Iterator for Entries<'a> {
    /// Which section, and the part or what stopped it.
    type Item = (usize, Result<Entry<'a>, Stop>);

    fn next(&mut self) -> Option<Self::Item> {
        let section = self.left.iter().position(|left| *left > 0)?;
        if let Some(left) = self.left.get_mut(section) {
            *left -= 1;
        }
        let part = match section {
            0 => Question::read(&self.wire, &mut self.reader).map(Entry::Question),
            _ => Record::read(&self.wire, &mut self.reader).map(Entry::Record),
        };
        let stopped = match &part {
            Ok(Entry::Question(question)) => question.stop.is_some(),
            Ok(Entry::Record(record)) => record.stop.is_some(),
            Err(_) => true,
        };
        if stopped {
            self.left = [0; 4];
        }
        Some((section, part))
    }
}
