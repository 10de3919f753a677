//! Says what frames of AMQP hold.

mod table;

use std::fmt::{self, Write};

use super::methods::Argument;
use super::wire::{self, Head, kind};
use super::{Kind, fields as f};
use crate::bytes::{Reader, Short};
use crate::engine::view::View;
use crate::field::{FieldId, Value};
use crate::message::Message;
use crate::protocols::lines::text::Shown;
use crate::protocols::values::{bits, bytes, number};
use crate::sink::{Severity, Sink};
use table::table;

/// Properties of a message, from the highest flag on (specification, section 1.8.1 of the
/// reference).
const PROPERTIES: &[(FieldId, Form)] = &[
    (f::CONTENT_TYPE, Form::Short),
    (f::CONTENT_ENCODING, Form::Short),
    (f::HEADERS, Form::Table),
    (f::DELIVERY_MODE, Form::Byte),
    (f::PRIORITY, Form::Byte),
    (f::CORRELATION_ID, Form::Short),
    (f::REPLY_TO, Form::Short),
    (f::EXPIRATION, Form::Short),
    (f::MESSAGE_ID, Form::Short),
    (f::TIMESTAMP, Form::Seconds),
    (f::MESSAGE_TYPE, Form::Short),
    (f::USER_ID, Form::Short),
    (f::APP_ID, Form::Short),
    (f::CLUSTER_ID, Form::Short),
];

/// How a property is written.
#[derive(Clone, Copy)]
enum Form {
    Short,
    Table,
    Byte,
    Seconds,
}

/// The row's text: the method, or what kind of frame it is.
pub(super) fn summary(message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
    let bytes = view.bytes(message.span);
    if message.is(Kind::Opening) {
        let version = bytes.get(5..8).unwrap_or(&[]);
        return match version {
            [major, minor, revision] => write!(line, "Protocol-Header {major}-{minor}-{revision}"),
            _ => line.write_str("Protocol-Header"),
        };
    }
    let Some(head) = Head::read(bytes) else { return Ok(()) };
    match (head.kind, wire::method(bytes)) {
        (kind::METHOD, Some((class, number))) => {
            match wire::known(bytes) {
                Some(method) => line.write_str(method.name)?,
                None => write!(line, "Method {class}.{number}")?,
            }
            about(bytes, line)
        }
        (kind::HEADER, _) => line.write_str("Content-Header"),
        (kind::BODY, _) => line.write_str("Content-Body"),
        (kind::HEARTBEAT, _) => line.write_str("Heartbeat"),
        _ => Ok(()),
    }
}

/// The texts that say what a method is about: exchange, queue and key.
fn about(bytes: &[u8], line: &mut dyn Write) -> fmt::Result {
    for (text, name) in names(bytes) {
        if !text.is_empty() {
            write!(line, " {name}={}", Shown(text))?;
        }
    }
    Ok(())
}

/// The first texts among the arguments of a method, with what they are.
pub(super) fn names(bytes: &[u8]) -> Vec<(&[u8], &'static str)> {
    let mut found = Vec::new();
    let Some(method) = wire::known(bytes) else { return found };
    let mut at = wire::HEAD + 4;
    for argument in method.arguments {
        match argument {
            Argument::Number(_, width) => at += width,
            Argument::Bits(_) => at += 1,
            Argument::Short(field) => {
                let Some(len) = bytes.get(at) else { break };
                let Some(text) = bytes.get(at + 1..at + 1 + usize::from(*len)) else { break };
                at += 1 + text.len();
                let name = match *field {
                    field if field == f::EXCHANGE => "x",
                    field if field == f::QUEUE => "q",
                    field if field == f::ROUTING_KEY => "rk",
                    field if field == f::REPLY_TEXT => "reply",
                    field if field == f::VIRTUAL_HOST => "vhost",
                    _ => continue,
                };
                found.push((text, name));
            }
            Argument::Long(_) | Argument::Table(_) => break,
        }
    }
    found
}

/// Describes a frame.
pub(super) fn describe(message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
    let mut reader = view.reader(message.span);
    let told = if message.is(Kind::Opening) {
        opening(&mut reader, sink)
    } else {
        frame(&mut reader, sink)
    };
    let is_kept = Head::read(view.bytes(message.span))
        .is_none_or(|head| head.len() <= u64::from(message.span.len));
    if let Err(short) = told
        && is_kept
    {
        sink.note(Severity::Broken, short.place, format_args!("{short}"));
    }
}

fn opening(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    bytes(f::INIT_PROTOCOL, 4, reader, sink)?;
    for field in [f::INIT_MAJOR_ID, f::INIT_MINOR_ID, f::INIT_MAJOR, f::INIT_MINOR] {
        number(field, 1, reader, sink)?;
    }
    Ok(())
}

fn frame(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let known = wire::known(reader.rest());
    let kind = number(f::TYPE, 1, reader, sink)?;
    number(f::CHANNEL, 2, reader, sink)?;
    let size = number(f::LENGTH, 4, reader, sink)? as usize;
    let mut content = reader.sub(size.min(reader.len()), "The content")?;
    match u8::try_from(kind).unwrap_or(0) {
        kind::METHOD => {
            number(f::CLASS, 2, &mut content, sink)?;
            number(f::METHOD, 2, &mut content, sink)?;
            let Some(method) = known.filter(|method| !method.arguments.is_empty()) else {
                return Ok(());
            };
            sink.open(f::ARGUMENTS, Value::None, content.span());
            let told = arguments(method.arguments, &mut content, sink);
            sink.close();
            told?;
        }
        kind::HEADER => header(&mut content, sink)?,
        kind::BODY => {
            bytes(f::PAYLOAD, content.len(), &mut content, sink)?;
        }
        _ => {}
    }
    if size == 0 || !reader.is_empty() {
        let (end, place) = reader.u8("The end of the frame")?;
        if end != wire::END {
            let text = format_args!("A frame ends with 0xce, and this one with {end:#04x}");
            sink.note(Severity::Broken, place, text);
        }
    }
    Ok(())
}

fn arguments(list: &[Argument], reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    for argument in list {
        match *argument {
            Argument::Number(field, width) => {
                number(field, width, reader, sink)?;
            }
            Argument::Short(field) => {
                let (len, _) = reader.u8("The length of a text")?;
                bytes(field, len.into(), reader, sink)?;
            }
            Argument::Long(field) => {
                let (len, _) = reader.u32("The length of a text")?;
                bytes(field, len as usize, reader, sink)?;
            }
            Argument::Table(field) => table(field, reader, sink)?,
            Argument::Bits(flags) => {
                let (byte, place) = reader.u8("Flags")?;
                for (field, mask) in flags {
                    if field.def().mask == 0 {
                        sink.field(*field, Value::Bool(byte & mask != 0), place);
                    } else {
                        bits(*field, byte.into(), place, sink);
                    }
                }
            }
        }
    }
    Ok(())
}

/// A content header: how long the body is, and what is said of it.
fn header(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    number(f::HEADER_CLASS, 2, reader, sink)?;
    number(f::HEADER_WEIGHT, 2, reader, sink)?;
    number(f::BODY_SIZE, 8, reader, sink)?;
    let flags = number(f::PROPERTY_FLAGS, 2, reader, sink)?;
    sink.open(f::PROPERTIES, Value::None, reader.span());
    let told = properties(flags, reader, sink);
    sink.close();
    told
}

fn properties(flags: u64, reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    for (place, (field, form)) in PROPERTIES.iter().enumerate() {
        if flags & 0x8000 >> place == 0 {
            continue;
        }
        match form {
            Form::Short => {
                let (len, _) = reader.u8("The length of a property")?;
                bytes(*field, len.into(), reader, sink)?;
            }
            Form::Table => table(*field, reader, sink)?,
            Form::Byte => {
                number(*field, 1, reader, sink)?;
            }
            Form::Seconds => {
                let (seconds, place) = reader.number(8, "A time")?;
                let nanos = seconds.saturating_mul(1_000_000_000);
                let nanos = i64::try_from(nanos).unwrap_or(i64::MAX);
                sink.field(*field, Value::Nanos(nanos), place);
            }
        }
    }
    Ok(())
}
