//! Documents in BSON (version 1.1), as far as names and values.

use super::super::wire::value_len;
use super::{f, number, text};
use crate::bytes::{Reader, Short};
use crate::field::Value;
use crate::limits::{MAX_CONTENT_DEPTH, MAX_CONTENT_VALUES};
use crate::protocols::values::bytes;
use crate::sink::{Severity, Sink};

/// Documents up to the end.
pub(super) fn documents(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    while !reader.is_empty() && !sink.is_done() {
        document(reader, 0, sink)?;
    }
    Ok(())
}

/// The document that stands here.
pub(super) fn document(
    reader: &mut Reader<'_>,
    depth: usize,
    sink: &mut dyn Sink,
) -> Result<(), Short> {
    let mut inside = *reader;
    sink.open(f::DOCUMENT, Value::None, reader.span());
    let told = number(f::DOCUMENT_LENGTH, 4, &mut inside, sink).and_then(|len| {
        let len = usize::try_from(len).unwrap_or(usize::MAX);
        let mut whole = reader.sub(len.max(5), "A document")?;
        whole.take(4, "The length")?;
        elements(&mut whole, depth, sink)
    });
    sink.close();
    told
}

fn elements(reader: &mut Reader<'_>, depth: usize, sink: &mut dyn Sink) -> Result<(), Short> {
    if depth >= MAX_CONTENT_DEPTH {
        sink.note(Severity::Hint, reader.span(), format_args!("Documents in documents end here"));
        return Ok(());
    }
    for _ in 0..MAX_CONTENT_VALUES {
        let (kind, kind_place) = reader.u8("The type of an element")?;
        if kind == 0 || sink.is_done() {
            break;
        }
        let len = memchr::memchr(0, reader.rest()).unwrap_or(reader.len());
        let (name, name_place) = reader.take(len, "The name of an element")?;
        reader.take(1, "The zero that ends a name")?;
        sink.open(f::ELEMENT, Value::text(name), name_place);
        sink.field(f::ELEMENT_TYPE, Value::Unsigned(kind.into()), kind_place);
        let told = value(kind, reader, depth, sink);
        sink.close();
        told?;
    }
    Ok(())
}

fn value(
    kind: u8,
    reader: &mut Reader<'_>,
    depth: usize,
    sink: &mut dyn Sink,
) -> Result<(), Short> {
    match kind {
        0x01 => {
            let (raw, place) = reader.take(8, "A number")?;
            let number = raw.first_chunk::<8>().map_or(0.0, |raw| f64::from_le_bytes(*raw));
            sink.field(f::VALUE_DOUBLE, Value::Text(&number.to_string()), place);
            Ok(())
        }
        0x02 | 0x0d | 0x0e => {
            let (len, _) = reader.take(4, "The length of a text")?;
            let len = len.iter().rev().fold(0, |sum, byte| sum << 8 | usize::from(*byte));
            bytes(f::VALUE_STRING, len.saturating_sub(1), reader, sink)?;
            reader.take(1, "The zero that ends a text").map(|_| ())
        }
        0x03 | 0x04 => document(reader, depth + 1, sink),
        0x08 => crate::protocols::values::number(f::VALUE_BOOL, 1, reader, sink).map(|_| ()),
        0x07 => bytes(f::VALUE_OBJECT_ID, 12, reader, sink).map(|_| ()),
        0x09 | 0x11 | 0x12 => number(f::VALUE_INT64, 8, reader, sink).map(|_| ()),
        0x0b => {
            text(f::REGEX_PATTERN, reader, sink)?;
            text(f::REGEX_OPTIONS, reader, sink)
        }
        0x10 => number(f::VALUE_INT, 4, reader, sink).map(|_| ()),
        _ => match value_len(kind, reader.rest()) {
            Some(0) => Ok(()),
            Some(len) => bytes(f::VALUE_BYTES, len, reader, sink).map(|_| ()),
            // Nobody knows how long it is.
            None => bytes(f::UNKNOWN, reader.len(), reader, sink).map(|_| ()),
        },
    }
}
