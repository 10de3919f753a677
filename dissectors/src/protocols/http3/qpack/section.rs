//! Header sections (RFC 9204, section 4.5).
//!
//! ```text
//!   |how many inserts it needs …|S base …|  representations …
//!
//!   1 T index…                  an entry, name and value
//!   01 N T index… | value       a value with the name of an entry
//!   001 N H length… name | value
//!   0001 index…                 an entry behind the base
//!   0000 N index… | value       a value with the name of an entry behind the base
//! ```

use super::table::Table;
use crate::engine::session::Out;
use crate::limits::{MAX_HEADER_FIELDS, MAX_HEADER_LIST};
use crate::protocols::multiplexed::{
    self as shared, Cursor, Fault, Fixed, NoShape, Text, Written, literal,
};
use crate::span::Span;

/// How a field is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// It names an entry of the fixed table.
    Fixed,
    /// It names an entry of the table that the encoder fills.
    Entry,
    /// A value with the name of a fixed entry.
    FixedName,
    /// A value with the name of an entry that the encoder put there.
    EntryName,
    /// It is written out.
    Literal,
}

/// The same, and the number of the entry that it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::protocols::http3) struct Form {
    kind: Kind,
    index: u64,
}

/// A field of a header section.
pub(in crate::protocols::http3) type FieldLine = shared::FieldLine<Form>;

impl shared::Form for Form {
    fn called(self) -> &'static str {
        match self.kind {
            Kind::Fixed => "Indexed, Static Table",
            Kind::Entry => "Indexed, Dynamic Table",
            Kind::FixedName => "Literal with Name Reference, Static Table",
            Kind::EntryName => "Literal with Name Reference, Dynamic Table",
            Kind::Literal => "Literal with Literal Name",
        }
    }

    fn index(self) -> Option<u64> {
        (self.kind != Kind::Literal).then_some(self.index)
    }
}

/// What a section begins with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::protocols::http3) struct Head {
    /// How many entries must have been put into the table.
    pub(in crate::protocols::http3) required: u64,
    /// From which entry on others are counted.
    base: u64,
    /// Where the first field begins.
    at: usize,
}

/// A section that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::protocols::http3) struct Section {
    pub(in crate::protocols::http3) lines: Vec<FieldLine>,
    /// Fields that were left out: there are too many, or they are too large.
    pub(in crate::protocols::http3) dropped: u32,
    /// Why nothing more could be read of it, and where.
    pub(in crate::protocols::http3) fault: Option<(Fault, Span)>,
}

/// Why nothing more can be read of a section.
const fn fault(why: NoShape) -> Fault {
    match why {
        NoShape::Need(_) => Fault::Cut,
        NoShape::TooLarge => Fault::TooLarge,
    }
}

impl Head {
    /// Reads what a section begins with (section 4.5.1).
    pub(in crate::protocols::http3) fn read(bytes: &[u8], table: &Table) -> Result<Self, Fault> {
        let mut cursor = Cursor::new(bytes, 0);
        let encoded = cursor.number(8).map_err(fault)?;
        let required = required(encoded, table).ok_or(Fault::BadCount)?;
        let is_behind = cursor.first().map_err(fault)? & 0x80 != 0;
        let delta = cursor.number(7).map_err(fault)?;
        let base = if is_behind {
            required.checked_sub(delta).and_then(|base| base.checked_sub(1))
        } else {
            required.checked_add(delta)
        };
        Ok(Self { required, base: base.ok_or(Fault::BadCount)?, at: cursor.at })
    }
}

/// Counts are written round, so that they stay short (section 4.5.1.1).
fn required(encoded: u64, table: &Table) -> Option<u64> {
    let Some(encoded) = encoded.checked_sub(1) else { return Some(0) };
    let most = table.most_entries();
    if most == 0 {
        // How large the table may be was not recorded: the first counts are as they are.
        return Some(encoded);
    }
    let round = 2 * most;
    if encoded >= round {
        return None;
    }
    let highest = table.inserted() + most;
    let counted = highest / round * round + encoded;
    let counted = if counted > highest { counted.checked_sub(round)? } else { counted };
    (counted > 0).then_some(counted)
}

impl Section {
    /// One of which nothing can be read.
    pub(in crate::protocols::http3) fn broken(fault: Fault, place: Span) -> Self {
        Self { fault: Some((fault, place)), ..Self::default() }
    }

    /// Reads a section whose entries are all there.
    pub(in crate::protocols::http3) fn read(
        head: Head,
        table: &Table,
        (bytes, place): (&[u8], Span),
        out: &mut Out<'_>,
    ) -> Self {
        let mut cursor = Cursor::new(bytes, head.at);
        let mut found = Self::default();
        let mut size = 0usize;
        while !cursor.is_done() {
            let start = cursor.at;
            match Shape::read(&mut cursor) {
                Ok(shape) => {
                    if found.lines.len() >= MAX_HEADER_FIELDS || size >= MAX_HEADER_LIST {
                        found.dropped += 1;
                        continue;
                    }
                    let at = place.part(start, cursor.at - start);
                    let line = shape.line(at, (head, table), (bytes, place), out);
                    let sizes =
                        [line.name, line.value].map(|one| one.bytes(|it| out.bytes(it)).len());
                    size = sizes.iter().fold(size + 32, |sum, len| sum.saturating_add(*len));
                    found.lines.push(line);
                }
                Err(why) => {
                    found.fault = Some((fault(why), place.from(start)));
                    break;
                }
            }
        }
        found
    }
}

/// A representation as it is written.
enum Shape {
    Fixed(u64),
    Back(u64),
    Behind(u64),
    FixedName(u64, Written),
    BackName(u64, Written),
    BehindName(u64, Written),
    Literal(Written, Written),
}

impl Shape {
    fn read(cursor: &mut Cursor<'_>) -> Result<Self, NoShape> {
        let first = cursor.first()?;
        Ok(match first {
            0xc0.. => Self::Fixed(cursor.number(6)?),
            0x80.. => Self::Back(cursor.number(6)?),
            0x40.. => {
                let index = cursor.number(4)?;
                let value = cursor.string(7)?;
                if first & 0x10 == 0 {
                    Self::BackName(index, value)
                } else {
                    Self::FixedName(index, value)
                }
            }
            0x20.. => {
                let name = cursor.string(3)?;
                Self::Literal(name, cursor.string(7)?)
            }
            0x10.. => Self::Behind(cursor.number(4)?),
            _ => {
                let index = cursor.number(3)?;
                Self::BehindName(index, cursor.string(7)?)
            }
        })
    }

    fn line(
        self,
        at: Span,
        (head, table): (Head, &Table),
        bytes: (&[u8], Span),
        out: &mut Out<'_>,
    ) -> FieldLine {
        let back = |index: u64| head.base.checked_sub(index).and_then(|it| it.checked_sub(1));
        let behind = |index: u64| head.base.checked_add(index);
        let (kind, number, name, value) = match self {
            Self::Fixed(index) => (Kind::Fixed, Some(index), None, None),
            Self::Back(index) => (Kind::Entry, back(index), None, None),
            Self::Behind(index) => (Kind::Entry, behind(index), None, None),
            Self::FixedName(index, value) => (Kind::FixedName, Some(index), None, Some(value)),
            Self::BackName(index, value) => (Kind::EntryName, back(index), None, Some(value)),
            Self::BehindName(index, value) => (Kind::EntryName, behind(index), None, Some(value)),
            Self::Literal(name, value) => (Kind::Literal, Some(0), Some(name), Some(value)),
        };
        let form = Form { kind, index: number.unwrap_or_default() };
        let mut line =
            FieldLine { at, name: Text::Unknown, value: Text::Unknown, form, fault: None };
        match kind {
            Kind::Fixed | Kind::FixedName => {
                let index = number.and_then(|number| u8::try_from(number).ok());
                match index.filter(|index| Fixed::Qpack.entry(*index).is_some()) {
                    Some(index) => {
                        line.name = Text::FixedName(Fixed::Qpack, index);
                        line.value = Text::FixedValue(Fixed::Qpack, index);
                    }
                    None => line.fault = Some(Fault::NoEntry),
                }
            }
            Kind::Entry | Kind::EntryName => match number.and_then(|number| table.get(number)) {
                Some(entry) => {
                    line.name = entry.name(out);
                    if kind == Kind::Entry {
                        line.value = entry.value(out);
                    }
                }
                None if table.is_lost() => line.fault = Some(Fault::Before),
                None => line.fault = Some(Fault::NoEntry),
            },
            Kind::Literal => {}
        }
        if let Some(name) = name {
            line.name = Text::At(literal(&name, bytes, &mut line.fault, out));
        }
        if let Some(value) = value {
            line.value = Text::At(literal(&value, bytes, &mut line.fault, out));
        }
        line
    }
}
