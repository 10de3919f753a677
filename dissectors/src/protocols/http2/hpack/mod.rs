//! Header compression (RFC 7541): what a header block says, each field with the place of its name
//! and its value, or with the entry of a table that gave them.
//!
//! ```text
//!   block   |82|41 8c …|be|            representations, read as far as they are whole
//!             │  │       └ entry 62: leads to the frame that put it there
//!             │  └ the name of entry 1, a value in the Huffman code; the table takes it in
//!             └ entry 2 of the fixed table
//! ```

pub(super) mod fixed;
mod shape;
mod table;

pub(super) use shape::Kind;
pub(super) use table::Table;

use shape::{NoShape, Shape, Text as Written};
use table::{Entry, Found, Name};

use crate::engine::derive::Coding;
use crate::engine::huffman;
use crate::engine::session::Out;
use crate::limits::{MAX_HEADER_FIELDS, MAX_HEADER_LIST};
use crate::span::Span;

/// Where a name or a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Text {
    /// The name of a fixed entry.
    FixedName(u8),
    /// The value of a fixed entry.
    FixedValue(u8),
    /// It stands here: in the block, decoded from there, or out of the table.
    At(Span),
    /// From an entry that nobody knows.
    Unknown,
}

impl Text {
    /// Its bytes; `at` gives those of a place.
    pub(super) fn bytes<'a>(self, at: impl FnOnce(Span) -> &'a [u8]) -> &'a [u8] {
        match self {
            Self::FixedName(number) => fixed::entry(number).unwrap_or_default().0.as_bytes(),
            Self::FixedValue(number) => fixed::entry(number).unwrap_or_default().1.as_bytes(),
            Self::At(span) => at(span),
            Self::Unknown => b"",
        }
    }
}

/// What is wrong with a field, or with a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// It names an entry that the table does not have.
    NoEntry,
    /// It names an entry that was put there before what was recorded.
    Before,
    /// Its bytes break the Huffman code.
    BrokenCode,
    /// The table may not become that large.
    NotOffered,
    /// The table changes its size behind a field.
    LateResize,
    /// A number is larger than anything it could count.
    TooLarge,
    /// The block ends within a field.
    Cut,
}

/// A field of a header list, or a change of the table's size between two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// Its representation.
    pub(super) at: Span,
    pub(super) name: Text,
    pub(super) value: Text,
    /// The entry that the representation names, 0 for none; of a resize: the size.
    pub(super) index: u32,
    pub(super) kind: Kind,
    pub(super) fault: Option<Fault>,
}

/// A header block while it is read.
#[derive(Clone, Debug, Default)]
pub(super) struct Progress {
    /// Fields read so far.
    pub(super) fields: usize,
    /// Their bytes, names and values, with what the standard adds for each (RFC 9113, section
    /// 6.5.2).
    pub(super) size: usize,
    /// Fields that were read and are not kept: there are too many, or they are too large.
    pub(super) dropped: usize,
}

/// What came of some bytes of a block.
pub(super) struct Read {
    /// Fields that are whole.
    pub(super) lines: Vec<Line>,
    /// How many bytes they have.
    pub(super) taken: usize,
    /// How many bytes are needed, from there on, for the next one.
    pub(super) needed: usize,
    /// Nothing more can be read of the block: why, and where.
    pub(super) fault: Option<Fault>,
}

/// Reads the fields that are whole in these bytes of a block, which lie at `place`.
pub(super) fn read(
    table: &mut Table,
    progress: &mut Progress,
    (bytes, place): (&[u8], Span),
    out: &mut Out<'_>,
) -> Read {
    let mut read = Read { lines: Vec::new(), taken: 0, needed: 0, fault: None };
    loop {
        let rest = bytes.get(read.taken..).unwrap_or_default();
        if rest.is_empty() {
            return read;
        }
        match Shape::read(rest) {
            Ok(shape) => {
                let at = place.part(read.taken, shape.len);
                read.taken += shape.len;
                let is_kept =
                    progress.fields < MAX_HEADER_FIELDS && progress.size < MAX_HEADER_LIST;
                if is_kept || matches!(shape.kind, Kind::Incremental | Kind::Resize) {
                    let line = take(table, progress, &shape, (rest, at), out);
                    if is_kept {
                        read.lines.push(line);
                    }
                }
                progress.dropped += usize::from(!is_kept);
                progress.fields += usize::from(shape.kind != Kind::Resize);
            }
            Err(NoShape::Need(needed)) => {
                read.needed = needed;
                return read;
            }
            Err(NoShape::TooLarge) => {
                read.fault = Some(Fault::TooLarge);
                return read;
            }
        }
    }
}

/// Takes one representation into account: looks up what it names, and puts it into the table where
/// it says so.
fn take(
    table: &mut Table,
    progress: &mut Progress,
    shape: &Shape,
    (bytes, at): (&[u8], Span),
    out: &mut Out<'_>,
) -> Line {
    let mut fault = None;
    let (kind, index) = (shape.kind, shape.index);
    if kind == Kind::Resize {
        if progress.fields > 0 {
            fault = Some(Fault::LateResize);
        }
        if !table.resize(index) {
            fault = Some(Fault::NotOffered);
        }
        return Line { at, name: Text::Unknown, value: Text::Unknown, index, kind, fault };
    }
    // What the table is given to keep of the name.
    let (mut name, mut value, mut kept) = (Text::Unknown, Text::Unknown, Name::Unknown);
    if index > 0 || kind == Kind::Indexed {
        match table.get(index) {
            Found::Fixed(number) => {
                (name, value) = (Text::FixedName(number), Text::FixedValue(number));
                kept = Name::Fixed(number);
            }
            Found::Entry(entry) => {
                name = match &entry.name {
                    Name::Fixed(number) => Text::FixedName(*number),
                    Name::Kept(name) => Text::At(out.recall(name)),
                    Name::Unknown => Text::Unknown,
                };
                if kind == Kind::Indexed {
                    value = Text::At(out.recall(&entry.value));
                }
                kept = entry.name.clone();
            }
            Found::Unknown => fault = Some(Fault::Before),
            Found::Nothing => fault = Some(Fault::NoEntry),
        }
    }
    if let Some(written) = &shape.name {
        let span = literal(written, (bytes, at), &mut fault, out);
        name = Text::At(span);
        if kind == Kind::Incremental {
            kept = Name::Kept(out.keep(span));
        }
    }
    if let Some(written) = &shape.value {
        let span = literal(written, (bytes, at), &mut fault, out);
        value = Text::At(span);
        if kind == Kind::Incremental {
            table.put(Entry { name: kept, value: out.keep(span) });
        }
    }
    let sizes = [name, value].map(|text| text.bytes(|span| out.bytes(span)).len());
    progress.size = sizes.iter().fold(progress.size + 32, |sum, len| sum.saturating_add(*len));
    Line { at, name, value, index, kind, fault }
}

/// Where a string that is written out can be read.
fn literal(
    written: &Written,
    (bytes, at): (&[u8], Span),
    fault: &mut Option<Fault>,
    out: &mut Out<'_>,
) -> Span {
    let place = at.part(written.place.start, written.place.len());
    if !written.coded {
        return place;
    }
    let coded = bytes.get(written.place.clone()).unwrap_or_default();
    let mut is_sound = true;
    let decoded = out.decoded(Coding::Huffman, place, |arena| {
        is_sound = huffman::decode(coded, arena);
    });
    if !is_sound {
        *fault = Some(Fault::BrokenCode);
    }
    decoded.unwrap_or(place)
}
