//! PNG (Portable Network Graphics Specification, Third Edition): chunks behind a signature.
//!
//! ```text
//!   89 P N G …   │ length 32 │ type 32 │ data … │ CRC 32 │ …       the first chunk is IHDR
//! ```

use super::Placed;
use crate::bytes::{Reader, Short};
use crate::field::{FieldDef, FieldId, Names, Value};
use crate::fields;
use crate::limits::MAX_CONTENT_PARTS;
use crate::protocol::Protocol;
use crate::protocols::values::number;
use crate::sink::{Severity, Sink};

const COLOURS: Names = &[
    (0, "Greyscale"),
    (2, "Truecolour"),
    (3, "Indexed-colour"),
    (4, "Greyscale with alpha"),
    (6, "Truecolour with alpha"),
];
const COMPRESSIONS: Names = &[(0, "Deflate")];
const FILTERS: Names = &[(0, "Adaptive")];
const INTERLACINGS: Names = &[(0, "No interlace"), (1, "Adam7")];

fields! { "png", "Portable Network Graphics";
    SIGNATURE = FieldDef::bytes("png.signature", "PNG Signature"),
    LENGTH = FieldDef::u32("png.chunk.len", "Len"),
    TYPE = FieldDef::text("png.chunk.type", "Chunk"),
    ANCILLARY = FieldDef::flag("png.chunk.flag.ancillary", "Ancillary", 0x2000_0000),
    PRIVATE = FieldDef::flag("png.chunk.flag.private", "Private", 0x0020_0000),
    SAFE_TO_COPY = FieldDef::flag("png.chunk.flag.stc", "Safe To Copy", 0x0000_0020),
    WIDTH = FieldDef::u32("png.ihdr.width", "Width"),
    HEIGHT = FieldDef::u32("png.ihdr.height", "Height"),
    BIT_DEPTH = FieldDef::u8("png.ihdr.bitdepth", "Bit Depth"),
    COLOUR_TYPE = FieldDef::u8("png.ihdr.colour_type", "Colour Type").names(COLOURS),
    COMPRESSION = FieldDef::u8("png.ihdr.compression_method", "Compression Method").names(COMPRESSIONS),
    FILTER = FieldDef::u8("png.ihdr.filter_method", "Filter Method").names(FILTERS),
    INTERLACE = FieldDef::u8("png.ihdr.interlace_method", "Interlace Method").names(INTERLACINGS),
    KEYWORD = FieldDef::text("png.text.keyword", "Keyword"),
    STRING = FieldDef::text("png.text.string", "String"),
    CRC = FieldDef::u32("png.chunk.crc", "CRC").hex(),
}

/// PNG.
pub struct Png;

impl Protocol for Png {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["PNG"]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }
}

/// Describes the chunks.
pub(super) fn describe(content: Placed<'_>, sink: &mut dyn Sink) {
    let mut reader = Reader::new(content.bytes, content.span);
    if let Err(short) = chunks(&mut reader, sink) {
        sink.note(Severity::Missing, short.place, format_args!("{short}"));
    }
}

fn chunks(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let (signature, place) = reader.take(8, "the signature")?;
    sink.field(SIGNATURE, Value::Bytes(signature), place);
    for _ in 0..MAX_CONTENT_PARTS {
        if reader.is_empty() || sink.is_done() {
            break;
        }
        let len = number(LENGTH, 4, reader, sink)?;
        let mut flags = *reader;
        let (kind, place) = reader.take(4, "the type")?;
        sink.field(TYPE, Value::text(kind), place);
        let (bits, place) = flags.number(4, "the type")?;
        for flag in [ANCILLARY, PRIVATE, SAFE_TO_COPY] {
            sink.field(flag, Value::Bool(bits & flag.def().mask != 0), place);
        }
        let len = usize::try_from(len).unwrap_or(usize::MAX);
        let mut data = reader.sub(len, "the length of a chunk")?;
        match kind {
            b"IHDR" => header(&mut data, sink)?,
            b"tEXt" => text(&data, sink),
            _ => {}
        }
        number(CRC, 4, reader, sink)?;
    }
    Ok(())
}

/// How large the picture is, and how it is written.
fn header(data: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    for field in [WIDTH, HEIGHT] {
        number(field, 4, data, sink)?;
    }
    for field in [BIT_DEPTH, COLOUR_TYPE, COMPRESSION, FILTER, INTERLACE] {
        number(field, 1, data, sink)?;
    }
    Ok(())
}

/// A keyword and what it is about, with a zero byte between.
fn text(data: &Reader<'_>, sink: &mut dyn Sink) {
    let (bytes, span) = (data.rest(), data.span());
    let end = memchr::memchr(0, bytes).unwrap_or(bytes.len());
    sink.field(KEYWORD, Value::text(bytes.get(..end).unwrap_or_default()), span.part(0, end));
    if let Some(string) = bytes.get(end + 1..) {
        sink.field(STRING, Value::text(string), span.from(end + 1));
    }
}
