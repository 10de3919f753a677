//! Says what a message of PostgreSQL holds: its type, its length, and the fields of those that
//! begin a connection or ask something.

use std::fmt::{self, Write};

use super::{Kind, Note};
use crate::bytes::{Reader, Short};
use crate::engine::view::View;
use crate::field::{FieldId, Value};
use crate::message::Message;
use crate::protocols::values;
use crate::sink::{Severity, Sink};
use crate::span::Span;

/// Parameters or error fields that are shown one by one; real messages have fewer than twenty.
const MAX_PARAMETERS: usize = 128;

/// What a message is called, as Wireshark calls it.
pub(super) fn name(message: &Message, bytes: &[u8]) -> &'static str {
    let first = bytes.first().copied().unwrap_or(0);
    match message.kind().unwrap_or(Kind::Other) {
        Kind::First => match bytes.get(4..8) {
            Some([0x04, 0xd2, 0x16, 0x2f]) => "SSL request",
            Some([0x04, 0xd2, 0x16, 0x30]) => "GSS encrypt request",
            Some([0x04, 0xd2, 0x16, 0x2e]) => "Cancel request",
            _ => "Startup message",
        },
        Kind::Consent if note(message) == Note::Tls => "SSL response",
        Kind::Consent => "GSS encrypt response",
        Kind::Frontend => frontend(first, note(message)),
        Kind::Backend => backend(first),
        _ => "Data",
    }
}

fn note(message: &Message) -> Note {
    message.extra::<Kind>().unwrap_or_default()
}

/// The client's messages; a message of type `p` is what the server's latest demand makes it.
fn frontend(kind: u8, demand: Note) -> &'static str {
    match (kind, demand) {
        (b'p', Note::Gss) => "GSSResponse message",
        (b'p', Note::Sasl) => "SASLInitialResponse message",
        (b'p', Note::SaslContinue) => "SASLResponse message",
        (b'p', _) => "Password message",
        (b'Q', _) => "Simple query",
        (b'P', _) => "Parse",
        (b'B', _) => "Bind",
        (b'E', _) => "Execute",
        (b'D', _) => "Describe",
        (b'C', _) => "Close",
        (b'H', _) => "Flush",
        (b'S', _) => "Sync",
        (b'F', _) => "Function call",
        (b'd', _) => "Copy data",
        (b'c', _) => "Copy completion",
        (b'f', _) => "Copy failure",
        (b'X', _) => "Termination",
        _ => "Unknown",
    }
}

fn backend(kind: u8) -> &'static str {
    match kind {
        b'R' => "Authentication request",
        b'K' => "Backend key data",
        b'S' => "Parameter status",
        b'1' => "Parse completion",
        b'2' => "Bind completion",
        b'3' => "Close completion",
        b'C' => "Command completion",
        b't' => "Parameter description",
        b'T' => "Row description",
        b'D' => "Data row",
        b'I' => "Empty query",
        b'n' => "No data",
        b'E' => "Error",
        b'N' => "Notice",
        b's' => "Portal suspended",
        b'Z' => "Ready for query",
        b'A' => "Notification",
        b'V' => "Function call response",
        b'G' => "CopyIn response",
        b'H' => "CopyOut response",
        b'W' => "CopyBoth response",
        b'd' => "Copy data",
        b'c' => "Copy completion",
        b'v' => "Negotiate protocol version",
        _ => "Unknown",
    }
}

/// Describes a message of any kind.
pub(super) fn describe(message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
    let bytes = view.bytes(message.span);
    let name = name(message, bytes);
    let mut reader = view.reader(message.span);
    let head = message.span.part(0, usize::from(!message.is(Kind::First)));
    let result = match message.kind().unwrap_or(Kind::Other) {
        Kind::First | Kind::Frontend | Kind::Backend => {
            sink.field(super::TYPE, Value::Text(name), head);
            body(message, &mut reader, sink)
        }
        Kind::Consent => {
            sink.field(super::TYPE, Value::Text(name), head);
            let tls = note(message) == Note::Tls;
            let field = if tls { super::SSL_RESPONSE } else { super::GSSENC_RESPONSE };
            sink.field(field, Value::text(bytes), message.span);
            Ok(())
        }
        _ => {
            sink.field(super::DATA, Value::Bytes(bytes), message.span);
            Ok(())
        }
    };
    // Of a long message only the head is kept.
    if let Err(short) = result
        && bytes.len() != 5
    {
        sink.note(Severity::Broken, short.place, format_args!("{short}"));
    }
}

/// The row's text: which way it goes, and what it is called.
pub(super) fn summary(message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
    let side = match message.kind() {
        Some(Kind::First | Kind::Frontend) => ">",
        _ => "<",
    };
    line.write_str(side)?;
    line.write_str(name(message, view.bytes(message.span)))
}

fn body(message: &Message, reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let kind = if message.is(Kind::First) { 0 } else { reader.u8("The type")?.0 };
    let (len, place) = reader.u32("The length")?;
    sink.field(super::LENGTH, Value::Unsigned(len.into()), place);
    let client = !message.is(Kind::Backend);
    sink.field(super::IS_FRONTEND, Value::Bool(client), Span::NONE);
    match (message.kind().unwrap_or(Kind::Other), kind) {
        (Kind::First, _) => startup(reader, sink),
        (Kind::Frontend, b'Q') => text(reader, super::QUERY, sink),
        (Kind::Frontend, b'P') => {
            text(reader, super::STATEMENT, sink)?;
            text(reader, super::QUERY, sink)
        }
        (Kind::Backend, b'R') => number(reader, super::AUTH_TYPE, sink),
        (Kind::Backend, b'S') => {
            text(reader, super::PARAMETER_NAME, sink)?;
            text(reader, super::PARAMETER_VALUE, sink)
        }
        (Kind::Backend, b'C') => text(reader, super::TAG, sink),
        (Kind::Backend, b'K') => {
            number(reader, super::PID, sink)?;
            if reader.len() == 4 { number(reader, super::KEY, sink) } else { Ok(()) }
        }
        (Kind::Backend, b'Z') => {
            let (status, place) = reader.u8("The status")?;
            sink.field(super::STATUS, Value::Unsigned(status.into()), place);
            Ok(())
        }
        (Kind::Backend, b'E' | b'N') => error(reader, sink),
        _ => Ok(()),
    }
}

fn startup(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    if reader.rest().first() != Some(&0) {
        number(reader, super::REQUEST_CODE, sink)?;
        if reader.len() >= 8 {
            number(reader, super::PID, sink)?;
        }
        return if reader.len() == 4 { number(reader, super::KEY, sink) } else { Ok(()) };
    }
    for field in [super::MAJOR, super::MINOR] {
        let (value, place) = reader.u16("The version")?;
        sink.field(field, Value::Unsigned(value.into()), place);
    }
    for _ in 0..MAX_PARAMETERS {
        if reader.rest().first().is_none_or(|byte| *byte == 0) {
            break;
        }
        text(reader, super::PARAMETER_NAME, sink)?;
        text(reader, super::PARAMETER_VALUE, sink)?;
    }
    Ok(())
}

fn error(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    for _ in 0..MAX_PARAMETERS {
        let (kind, _) = reader.u8("The type of an error's field")?;
        let field = match kind {
            0 => break,
            b'S' => Some(super::SEVERITY),
            b'C' => Some(super::CODE),
            b'M' => Some(super::MESSAGE),
            _ => None,
        };
        match field {
            Some(field) => text(reader, field, sink)?,
            None => skip(reader)?,
        }
    }
    Ok(())
}

/// A number of four bytes, told.
fn number(reader: &mut Reader<'_>, field: FieldId, sink: &mut dyn Sink) -> Result<(), Short> {
    values::number(field, 4, reader, sink).map(|_| ())
}

/// A text that a zero ends.
fn text(reader: &mut Reader<'_>, field: FieldId, sink: &mut dyn Sink) -> Result<(), Short> {
    let rest = reader.rest();
    let len = memchr::memchr(0, rest).unwrap_or(rest.len());
    let (found, place) = reader.take(len, "A text")?;
    sink.field(field, Value::text(found), place);
    reader.take(1, "The zero that ends a text").map(|_| ())
}

fn skip(reader: &mut Reader<'_>) -> Result<(), Short> {
    let rest = reader.rest();
    let len = memchr::memchr(0, rest).unwrap_or(rest.len());
    reader.take(len, "A text")?;
    reader.take(1, "The zero that ends a text").map(|_| ())
}
