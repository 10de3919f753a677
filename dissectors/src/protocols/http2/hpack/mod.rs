//! Header compression (RFC 7541): what a header block says, each field with the place of its name
//! and its value, or with the entry of a table that gave them.
//!
//! ```text
//!   block   |82|41 8c …|be|            representations, read as far as they are whole
//!             │  │       └ entry 62: leads to the frame that put it there
//!             │  └ the name of entry 1, a value in the Huffman code; the table takes it in
//!             └ entry 2 of the fixed table
//! ```

mod shape;
mod table;

pub(super) use shape::Kind;
pub(super) use table::Table;

use shape::Shape;
use table::Found;

use crate::engine::session::Out;
use crate::limits::{MAX_HEADER_FIELDS, MAX_HEADER_LIST};
use crate::protocols::multiplexed::{
    self as shared, Entry, Fault, Fixed, Form as Written, Name, NoShape, Text, literal,
};
use crate::span::Span;

/// How a field is written down, and which entry its representation names (0 for none); of a resize:
/// the size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Form {
    pub(super) kind: Kind,
    pub(super) index: u32,
}

/// A field of a header list, or a change of the table's size between two.
pub(super) type FieldLine = shared::FieldLine<Form>;

impl Written for Form {
    fn is_field(self) -> bool {
        self.kind != Kind::Resize
    }

    fn called(self) -> &'static str {
        match (self.kind, self.index) {
            (Kind::Indexed | Kind::Resize, _) => "Indexed Header Field",
            (Kind::Incremental, 0) => "Literal Header Field with Incremental Indexing - New Name",
            (Kind::Incremental, _) => {
                "Literal Header Field with Incremental Indexing - Indexed Name"
            }
            (Kind::Without, 0) => "Literal Header Field without Indexing - New Name",
            (Kind::Without, _) => "Literal Header Field without Indexing - Indexed Name",
            (Kind::Never, 0) => "Literal Header Field never Indexed - New Name",
            (Kind::Never, _) => "Literal Header Field never Indexed - Indexed Name",
        }
    }

    fn index(self) -> Option<u64> {
        (self.index > 0).then_some(self.index.into())
    }
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
    pub(super) lines: Vec<FieldLine>,
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
    bytes: (&[u8], Span),
    out: &mut Out<'_>,
) -> FieldLine {
    let form = Form { kind: shape.kind, index: shape.index };
    let (name, value) = (Text::Unknown, Text::Unknown);
    let mut line = FieldLine { at: bytes.1, name, value, form, fault: None };
    if form.kind == Kind::Resize {
        if progress.fields > 0 {
            line.fault = Some(Fault::LateResize);
        }
        if !table.resize(form.index) {
            line.fault = Some(Fault::NotOffered);
        }
        return line;
    }
    // What the table is given to keep of the name.
    let mut kept = Name::Unknown;
    if form.index > 0 || form.kind == Kind::Indexed {
        match table.get(form.index) {
            Found::Fixed(number) => {
                line.name = Text::FixedName(Fixed::Hpack, number);
                line.value = Text::FixedValue(Fixed::Hpack, number);
                kept = Name::Fixed(Fixed::Hpack, number);
            }
            Found::Entry(entry) => {
                line.name = entry.name(out);
                if form.kind == Kind::Indexed {
                    line.value = entry.value(out);
                }
                kept = entry.name.clone();
            }
            Found::Unknown => line.fault = Some(Fault::Before),
            Found::Nothing => line.fault = Some(Fault::NoEntry),
        }
    }
    if let Some(written) = &shape.name {
        let span = literal(written, bytes, &mut line.fault, out);
        line.name = Text::At(span);
        if form.kind == Kind::Incremental {
            kept = Name::Kept(out.keep(span));
        }
    }
    if let Some(written) = &shape.value {
        let span = literal(written, bytes, &mut line.fault, out);
        line.value = Text::At(span);
        if form.kind == Kind::Incremental {
            table.put(Entry { name: kept, value: out.keep(span) });
        }
    }
    let sizes = [line.name, line.value].map(|text| text.bytes(|span| out.bytes(span)).len());
    progress.size = sizes.iter().fold(progress.size + 32, |sum, len| sum.saturating_add(*len));
    line
}
