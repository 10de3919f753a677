//! Reads the value of a field and tells it, in one step: what all protocols do that read on in
//! order. Headers do the same on a [`Walk`](crate::protocol::Walk), at fixed places.

use crate::bytes::{Reader, Short};
use crate::field::{FieldId, Kind, Value};
use crate::sink::Sink;
use crate::span::Span;

/// A big-endian number of that many bytes.
///
/// # Errors
/// Where fewer bytes are left.
pub fn number(
    field: FieldId,
    width: usize,
    reader: &mut Reader<'_>,
    sink: &mut dyn Sink,
) -> Result<u64, Short> {
    let (number, span) = reader.number(width, field.def().title)?;
    bits(field, number, span, sink);
    Ok(number)
}

/// A little-endian number of that many bytes: a field that is worked out.
///
/// # Errors
/// Where fewer bytes are left.
pub fn little(
    field: FieldId,
    width: usize,
    reader: &mut Reader<'_>,
    sink: &mut dyn Sink,
) -> Result<u64, Short> {
    let (bytes, span) = reader.take(width.min(8), field.def().title)?;
    let number = bytes.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
    bits(field, number, span, sink);
    Ok(number)
}

/// A number that was read, or the bits of it that are the field's.
pub fn bits(field: FieldId, number: u64, span: Span, sink: &mut dyn Sink) {
    let def = field.def();
    let masked = match def.mask {
        0 => number,
        mask => (number & mask) >> mask.trailing_zeros(),
    };
    let value = match def.kind {
        Kind::Bool => Value::Bool(masked != 0),
        _ => Value::Unsigned(masked),
    };
    sink.field(field, value, span);
}

/// That many bytes: an address, text, or bytes as they are.
///
/// # Errors
/// Where fewer are left.
pub fn bytes<'a>(
    field: FieldId,
    len: usize,
    reader: &mut Reader<'a>,
    sink: &mut dyn Sink,
) -> Result<&'a [u8], Short> {
    let (bytes, span) = reader.take(len, field.def().title)?;
    sink.field(field, value(field, bytes), span);
    Ok(bytes)
}

/// Bytes as the kind of a field has them.
#[must_use]
pub fn value(field: FieldId, bytes: &[u8]) -> Value<'_> {
    match field.def().kind {
        Kind::Text => Value::text(bytes),
        _ => Value::Bytes(bytes),
    }
}

/// All that is left, as text up to its first zero byte: C's strings, and what is filled up with
/// zeros.
pub fn text(field: FieldId, reader: Reader<'_>, sink: &mut dyn Sink) {
    let (bytes, span) = (reader.rest(), reader.span());
    let len = memchr::memchr(0, bytes).unwrap_or(bytes.len());
    sink.field(field, Value::text(bytes.get(..len).unwrap_or(bytes)), span.part(0, len));
}
