//! Says what a message of MongoDB holds.

mod bson;

use std::fmt::{self, Write};

use super::wire::{self, Head, opcode};
use super::{Kind, fields as f};
use crate::bytes::{Reader, Short};
use crate::engine::view::View;
use crate::field::{FieldId, Kind as Width, Value};
use crate::message::Message;
use crate::protocols::lines::text::Shown;
use crate::protocols::values;
use crate::sink::{Severity, Sink};
use bson::{document, documents};

/// The row's text: which way, the command, and what it is about.
pub(super) fn summary(message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
    let bytes = view.bytes(message.span);
    let Some(head) = Head::read(bytes) else { return Ok(()) };
    let side = if message.is(Kind::Request) { "Request" } else { "Response" };
    let opcode = f::OPCODE.def().name_of(head.opcode.into()).unwrap_or("Unknown");
    write!(line, "{side} : {opcode}")?;
    let about = wire::about(bytes);
    match message.kind() {
        Some(Kind::Request) if !about.command.is_empty() => {
            write!(line, ", {}", Shown(about.command))?;
            if !about.collection.is_empty() {
                write!(line, " {}.{}", Shown(about.database), Shown(about.collection))?;
            }
            Ok(())
        }
        Some(Kind::Response) if about.ok == Some(false) => {
            write!(line, ", {}", Shown(about.error))
        }
        _ => Ok(()),
    }
}

/// Describes a message.
pub(super) fn describe(message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
    let mut reader = view.reader(message.span);
    let head = Head::read(reader.rest());
    let told = whole(head, &mut reader, sink);
    let is_kept = head.is_none_or(|head| head.len <= u64::from(message.span.len));
    if let Err(short) = told
        && is_kept
    {
        sink.note(Severity::Broken, short.place, format_args!("{short}"));
    }
}

/// A little-endian number of so many bytes, told in the kind of its field.
pub(super) fn number(
    field: FieldId,
    width: usize,
    reader: &mut Reader<'_>,
    sink: &mut dyn Sink,
) -> Result<u64, Short> {
    let (bytes, place) = reader.take(width, field.def().title)?;
    let raw = bytes.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
    let value = match field.def().kind {
        Width::Signed(_) => {
            let shift = 64 - 8 * width.clamp(1, 8);
            Value::Signed(((raw << shift) as i64) >> shift)
        }
        _ => Value::Unsigned(raw),
    };
    sink.field(field, value, place);
    Ok(raw)
}

/// A text that a zero ends.
pub(super) fn text(
    field: FieldId,
    reader: &mut Reader<'_>,
    sink: &mut dyn Sink,
) -> Result<(), Short> {
    let len = memchr::memchr(0, reader.rest()).unwrap_or(reader.len());
    values::bytes(field, len, reader, sink)?;
    reader.take(1, "The zero that ends a text").map(|_| ())
}

fn whole(head: Option<Head>, reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    number(f::MESSAGE_LENGTH, 4, reader, sink)?;
    number(f::REQUEST_ID, 4, reader, sink)?;
    number(f::RESPONSE_TO, 4, reader, sink)?;
    number(f::OPCODE, 4, reader, sink)?;
    match head.map(|head| head.opcode) {
        Some(opcode::MSG) => sections(reader, sink)?,
        Some(opcode::REPLY) => {
            let flags = reader.rest().first().copied().unwrap_or(0);
            let (_, place) = reader.take(4, "The flags")?;
            sink.field(f::CURSOR_NOT_FOUND, Value::Bool(flags & 1 != 0), place);
            sink.field(f::QUERY_FAILURE, Value::Bool(flags & 2 != 0), place);
            number(f::CURSOR_ID, 8, reader, sink)?;
            number(f::STARTING_FROM, 4, reader, sink)?;
            number(f::NUMBER_RETURNED, 4, reader, sink)?;
            documents(reader, sink)?;
        }
        Some(opcode::QUERY) => {
            reader.take(4, "The flags")?;
            text(f::COLLECTION, reader, sink)?;
            number(f::NUMBER_TO_SKIP, 4, reader, sink)?;
            number(f::NUMBER_TO_RETURN, 4, reader, sink)?;
            documents(reader, sink)?;
        }
        Some(opcode::GET_MORE) => {
            reader.take(4, "The zero")?;
            text(f::COLLECTION, reader, sink)?;
            number(f::NUMBER_TO_RETURN, 4, reader, sink)?;
            number(f::CURSOR_ID, 8, reader, sink)?;
        }
        // Updates, inserts and deletes of before 2017: four bytes, then what is written to.
        Some(2001 | 2002 | 2006) => {
            reader.take(4, "The flags")?;
            text(f::COLLECTION, reader, sink)?;
        }
        Some(opcode::COMPRESSED) => {
            number(f::ORIGINAL_OPCODE, 4, reader, sink)?;
            number(f::ORIGINAL_SIZE, 4, reader, sink)?;
            number(f::COMPRESSOR, 1, reader, sink)?;
        }
        _ => {}
    }
    if !reader.is_empty() {
        values::bytes(f::UNKNOWN, reader.len(), reader, sink)?;
    }
    Ok(())
}

/// Flags and sections of a Msg.
fn sections(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let place = reader.span();
    let (bytes, _) = reader.take(4, "The flags")?;
    let flags = bytes.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
    let place = place.part(0, 4);
    sink.open(f::MSG_FLAGS, Value::Unsigned(flags), place);
    for (field, mask) in
        [(f::CHECKSUM_PRESENT, 1), (f::MORE_TO_COME, 2), (f::EXHAUST_ALLOWED, 0x1_0000)]
    {
        sink.field(field, Value::Bool(flags & mask != 0), place);
    }
    sink.close();
    let checksum = if flags & 1 == 0 { 0 } else { 4 };
    while reader.len() > checksum && !sink.is_done() {
        sink.open(f::SECTION, Value::None, reader.span().from(0));
        let told = section(reader, sink);
        sink.close();
        told?;
    }
    Ok(())
}

fn section(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    match number(f::SECTION_KIND, 1, reader, sink)? {
        0 => {
            sink.open(f::SECTION_BODY, Value::None, reader.span());
            let told = document(reader, 0, sink);
            sink.close();
            told
        }
        1 => {
            let size = number(f::SECTION_SIZE, 4, reader, sink)?;
            let size = usize::try_from(size).unwrap_or(usize::MAX).saturating_sub(4);
            let mut inside = reader.sub(size, "A section")?;
            text(f::SEQUENCE_ID, &mut inside, sink)?;
            documents(&mut inside, sink)
        }
        _ => values::bytes(f::UNKNOWN, reader.len(), reader, sink).map(|_| ()),
    }
}
