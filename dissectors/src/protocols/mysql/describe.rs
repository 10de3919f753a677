//! Says what a packet of MySQL holds.

use std::fmt::{self, Write};

use super::Kind;
use super::session::HEAD;
use crate::bytes::{Reader, Short};
use crate::engine::view::View;
use crate::field::{FieldId, Value};
use crate::message::Message;
use crate::protocols::values;
use crate::sink::{Severity, Sink};

/// Describes a message of any kind.
pub(super) fn describe(message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
    let mut reader = view.reader(message.span);
    if message.is(Kind::Other) {
        sink.field(super::PAYLOAD, Value::Bytes(reader.rest()), message.span);
        return;
    }
    if let Err(short) = packet(message, &mut reader, sink) {
        sink.note(Severity::Broken, short.place, format_args!("{short}"));
    }
}

/// The row's text: what the packet is, and of a command which.
pub(super) fn summary(message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
    match message.kind() {
        Some(Kind::Greeting) => line.write_str("Server Greeting"),
        Some(Kind::TlsRequest) => line.write_str("Login Request, SSL"),
        Some(Kind::Login) => line.write_str("Login Request"),
        Some(Kind::Error | Kind::Denied) => line.write_str("Response Error"),
        Some(Kind::Command) => {
            let first = view.bytes(message.span).get(HEAD).copied().unwrap_or(0);
            match super::COMMAND_CODE.def().name_of(first.into()) {
                Some(name) => write!(line, "Request {name}"),
                None => write!(line, "Request {first}"),
            }
        }
        Some(Kind::Packet | Kind::WayIn | Kind::Accepted) | None => line.write_str("Packet"),
        Some(Kind::Other) => line.write_str("Data"),
    }
}

/// A little-endian number, which no span can say.
fn little(
    reader: &mut Reader<'_>,
    width: usize,
    field: FieldId,
    sink: &mut dyn Sink,
) -> Result<u64, Short> {
    let (bytes, place) = reader.take(width, "A number")?;
    let value = bytes.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
    sink.field(field, Value::Unsigned(value), place);
    Ok(value)
}

/// A number of one byte, told.
fn small(reader: &mut Reader<'_>, field: FieldId, sink: &mut dyn Sink) -> Result<u8, Short> {
    values::number(field, 1, reader, sink).map(|value| value as u8)
}

/// Text up to a zero, or to the end.
fn text(reader: &mut Reader<'_>, field: FieldId, sink: &mut dyn Sink) -> Result<(), Short> {
    let rest = reader.rest();
    let len = memchr::memchr(0, rest).unwrap_or(rest.len());
    let (found, place) = reader.take(len, "A text")?;
    sink.field(field, Value::text(found), place);
    if reader.is_empty() { Ok(()) } else { reader.take(1, "The zero").map(|_| ()) }
}

fn rest(reader: &mut Reader<'_>, field: FieldId, sink: &mut dyn Sink) -> Result<(), Short> {
    let (found, place) = reader.take(reader.len(), "A text")?;
    sink.field(field, Value::text(found), place);
    Ok(())
}

fn packet(message: &Message, reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    little(reader, 3, super::PACKET_LENGTH, sink)?;
    small(reader, super::PACKET_NUMBER, sink)?;
    let place = reader.span();
    match message.kind() {
        Some(Kind::Greeting) => {
            sink.open(super::SERVER_GREETING, Value::None, place);
            let told = greeting(reader, sink);
            sink.close();
            told
        }
        Some(Kind::Login | Kind::TlsRequest) => {
            sink.open(super::LOGIN_REQUEST, Value::None, place);
            let told = login(message, reader, sink);
            sink.close();
            told
        }
        Some(Kind::Command) => {
            sink.open(super::REQUEST, Value::None, place);
            let told = command(reader, sink);
            sink.close();
            told
        }
        Some(Kind::Error | Kind::Denied) => {
            reader.take(1, "The marker of an error")?;
            little(reader, 2, super::ERROR_CODE, sink)?;
            if reader.rest().first() == Some(&b'#') {
                reader.take(1, "The marker of the state")?;
                let (state, place) = reader.take(5, "The state")?;
                sink.field(super::SQL_STATE, Value::text(state), place);
            }
            rest(reader, super::ERROR_MESSAGE, sink)
        }
        _ => {
            sink.field(super::PAYLOAD, Value::Bytes(reader.rest()), place);
            Ok(())
        }
    }
}

fn greeting(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    small(reader, super::PROTOCOL, sink)?;
    text(reader, super::VERSION, sink)?;
    little(reader, 4, super::THREAD_ID, sink)?;
    Ok(())
}

fn login(message: &Message, reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    little(reader, 2, super::CAPS_CLIENT, sink)?;
    little(reader, 2, super::EXT_CAPS_CLIENT, sink)?;
    little(reader, 4, super::MAX_PACKET, sink)?;
    reader.take(24, "The character set and the zeros")?;
    if message.is(Kind::Login) { text(reader, super::USER, sink) } else { Ok(()) }
}

fn command(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    match small(reader, super::COMMAND_CODE, sink)? {
        2 => rest(reader, super::SCHEMA, sink),
        3 => {
            let attributes = reader.len() - statement(reader.rest()).len();
            reader.take(attributes, "The attributes")?;
            rest(reader, super::QUERY, sink)
        }
        22 => rest(reader, super::QUERY, sink),
        _ => Ok(()),
    }
}

/// The text of a query. Since 8.0.23 attributes may stand before it: a count of them, a count of
/// their sets, which is one, and where there are any a bitmap, their types and names, and values.
/// No query begins with those bytes.
pub(super) fn statement(bytes: &[u8]) -> &[u8] {
    behind_attributes(bytes).unwrap_or(bytes)
}

fn behind_attributes(bytes: &[u8]) -> Option<&[u8]> {
    let [count @ 0..0x20, 1, rest @ ..] = bytes else { return None };
    let count = usize::from(*count);
    if count == 0 {
        return Some(rest);
    }
    let (nulls, rest) = rest.split_at_checked(count.div_ceil(8))?;
    let (_, mut rest) = rest.split_first().filter(|(is_bound, _)| **is_bound == 1)?;
    let mut kinds = Vec::new();
    for _ in 0..count {
        let (kind, name) = rest.split_at_checked(2)?;
        kinds.push(*kind.first()?);
        rest = name.get(counted(name)?..)?;
    }
    for (place, kind) in kinds.into_iter().enumerate() {
        let is_null = nulls.get(place / 8)? >> (place % 8) & 1 == 1;
        rest = if is_null { rest } else { rest.get(value_len(kind, rest)?..)? };
    }
    Some(rest)
}

/// How long a text with its length is: one byte says it, or what stands behind one.
fn counted(bytes: &[u8]) -> Option<usize> {
    let little = |width| crate::bytes::little(bytes, 1, width).map(|len| (1 + width, len));
    let (head, len) = match *bytes.first()? {
        len @ 0..=0xfa => (1, u64::from(len)),
        0xfc => little(2)?,
        0xfd => little(3)?,
        0xfe => little(8)?,
        _ => return None,
    };
    usize::try_from(len).ok()?.checked_add(head)
}

/// How long a value of that type is (binary protocol values).
fn value_len(kind: u8, bytes: &[u8]) -> Option<usize> {
    Some(match kind {
        1 => 1,
        2 | 13 => 2,
        3 | 4 | 9 => 4,
        5 | 8 => 8,
        6 => 0,
        7 | 10..=12 => 1 + usize::from(*bytes.first()?),
        _ => counted(bytes)?,
    })
}
