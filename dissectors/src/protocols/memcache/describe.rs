//! Says what commands and replies of memcached hold.

use std::fmt::{self, Write};
use std::ops::Range;

use super::binary::{HEAD, Head};
use super::{Kind, fields as f, line};
use crate::bytes::{Reader, Short};
use crate::engine::view::View;
use crate::field::{FieldId, Value};
use crate::limits::MAX_CONTENT_VALUES;
use crate::message::Message;
use crate::protocols::lines::text::{Placed, Shown, number as decimal};
use crate::protocols::values::{bytes, number};
use crate::sink::{Severity, Sink};

/// How much of a line a row shows.
const MAX_SHOWN: usize = 256;

/// The row's text: the line, or what stands for it.
pub(super) fn summary(message: &Message, view: &View<'_>, out: &mut dyn Write) -> fmt::Result {
    let bytes = view.bytes(message.span);
    if let Some(head) = Head::read(bytes) {
        let name = f::OPCODE.def().name_of(head.opcode.into()).unwrap_or("Unknown opcode");
        let side = if head.is_request { "Request" } else { "Response" };
        write!(out, "{name} {side}")?;
        return match f::STATUS.def().name_of(head.status.into()) {
            Some(status) if !head.is_request && head.status > 0 => write!(out, ", {status}"),
            _ => Ok(()),
        };
    }
    let end = memchr::memchr2(b'\r', b'\n', bytes).unwrap_or(bytes.len()).min(MAX_SHOWN);
    write!(out, "{}", Shown(bytes.get(..end).unwrap_or(&[])))
}

/// Describes a message of any kind.
pub(super) fn describe(message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
    let mut reader = view.reader(message.span);
    let told = match message.kind() {
        Some(Kind::Command) => command(&mut reader, sink),
        Some(Kind::Reply) => reply(&mut reader, sink),
        _ => binary(&mut reader, sink),
    };
    if let Err(short) = told {
        sink.note(Severity::Broken, short.place, format_args!("{short}"));
    }
}

/// A number in digits, told as far as it is one.
fn digits(field: FieldId, placed: Placed<'_>, range: &Range<usize>, sink: &mut dyn Sink) {
    if let Some(value) = decimal(placed.get(range)) {
        sink.field(field, Value::Unsigned(value), placed.place(range));
    }
}

fn command(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let placed = Placed { bytes: reader.rest(), span: reader.span() };
    let Some(found) = line::command(placed.bytes) else { return Ok(()) };
    placed.text(sink, f::COMMAND, &found.name);
    let text = placed.get(&(0..found.text));
    let mut words = line::words(text).skip(1);
    match placed.get(&found.name) {
        b"get" | b"gets" => {
            words.take(MAX_CONTENT_VALUES).for_each(|word| placed.text(sink, f::KEY, &word));
        }
        b"gat" | b"gats" => {
            words.next().iter().for_each(|word| digits(f::EXPIRATION, placed, word, sink));
            words.take(MAX_CONTENT_VALUES).for_each(|word| placed.text(sink, f::KEY, &word));
        }
        b"stats" | b"slabs" | b"lru" => {
            words.next().iter().for_each(|word| placed.text(sink, f::SUBCOMMAND, word));
        }
        b"version" | b"verbosity" | b"flush_all" | b"quit" | b"mn" => {}
        _ => {
            words.next().iter().for_each(|word| placed.text(sink, f::KEY, word));
            if found.is_classic {
                words.next().iter().for_each(|word| digits(f::FLAGS, placed, word, sink));
                words.next().iter().for_each(|word| digits(f::EXPIRATION, placed, word, sink));
            }
        }
    }
    digits(f::VALUE_LENGTH, placed, &found.size, sink);
    if let Some(word) = &found.noreply {
        placed.text(sink, f::NOREPLY, word);
    }
    value(found.len, found.carries, reader, sink)
}

fn reply(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let placed = Placed { bytes: reader.rest(), span: reader.span() };
    let Some(found) = line::reply(placed.bytes) else { return Ok(()) };
    let text = placed.get(&(0..found.text));
    let mut words = line::words(text).skip(1);
    match placed.get(&found.name) {
        b"VALUE" => {
            placed.text(sink, f::RESPONSE, &found.name);
            words.next().iter().for_each(|word| placed.text(sink, f::KEY, word));
            words.next().iter().for_each(|word| digits(f::FLAGS, placed, word, sink));
        }
        b"STAT" => {
            placed.text(sink, f::RESPONSE, &found.name);
            let name = words.next().unwrap_or(0..0);
            placed.text(sink, f::STAT_NAME, &name);
            placed.text(
                sink,
                f::STAT_VALUE,
                &(name.end.saturating_add(1).min(found.text)..found.text),
            );
        }
        b"VERSION" => {
            words.next().iter().for_each(|word| placed.text(sink, f::VERSION, word));
        }
        _ => placed.text(sink, f::RESPONSE, &(found.name.start..found.text)),
    }
    digits(f::VALUE_LENGTH, placed, &found.size, sink);
    value(found.len, found.carries, reader, sink)
}

/// What a line carries behind it: of a long one as much as was kept.
fn value(
    line: usize,
    carries: Option<u64>,
    reader: &mut Reader<'_>,
    sink: &mut dyn Sink,
) -> Result<(), Short> {
    let Some(len) = carries else { return Ok(()) };
    reader.take(line, "The line")?;
    let len = usize::try_from(len).unwrap_or(usize::MAX).min(reader.len());
    bytes(f::VALUE, len, reader, sink).map(|_| ())
}

fn binary(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let Some(head) = Head::read(reader.rest()) else { return Ok(()) };
    let status = if head.is_request { f::RESERVED } else { f::STATUS };
    for (field, width) in [
        (f::MAGIC, 1),
        (f::OPCODE, 1),
        (f::KEY_LENGTH, 2),
        (f::EXTRAS_LENGTH, 1),
        (f::DATA_TYPE, 1),
        (status, 2),
        (f::TOTAL_LENGTH, 4),
        (f::OPAQUE, 4),
        (f::CAS, 8),
    ] {
        number(field, width, reader, sink)?;
    }
    if head.extras_len > 0 {
        bytes(f::EXTRAS, head.extras_len.into(), reader, sink)?;
    }
    if head.key_len > 0 {
        bytes(f::KEY, head.key_len.into(), reader, sink)?;
    }
    let before = HEAD as u64 + u64::from(head.extras_len) + u64::from(head.key_len);
    let len = usize::try_from(head.len.saturating_sub(before)).unwrap_or(usize::MAX);
    if len > 0 {
        bytes(f::VALUE, len.min(reader.len()), reader, sink)?;
    }
    Ok(())
}
