//! Says what messages of Modbus hold (MODBUS Application Protocol Specification V1.1b3, chapter 6).

use std::fmt::{self, Write};

use super::wire::{self, Head};
use super::{Kind, fields as named};
use crate::bytes::{Reader, Short};
use crate::engine::view::View;
use crate::field::{FieldId, Value};
use crate::message::Message;
use crate::protocols::datagrams::{note_short, request};
use crate::protocols::values::{bytes, number};
use crate::sink::Sink;
use crate::span::Span;

/// What a function is called.
pub(super) fn name(function: u8) -> String {
    let code = function & !wire::REFUSED;
    let known = named::FUNCTION.def().name_of(code.into());
    known.map_or_else(|| format!("Function {code}"), str::to_owned)
}

/// Where the message's place and count stand, of questions that have both first.
pub(super) fn place_and_count(bytes: &[u8], head: Head) -> Option<(u16, u16)> {
    let number = |at: usize| bytes.get(at..at + 2)?.try_into().ok().map(u16::from_be_bytes);
    let pair = || Some((number(wire::HEAD)?, number(wire::HEAD + 2)?));
    matches!(head.function, 1..=4 | 15 | 16).then(pair).flatten()
}

/// The row's text.
pub(super) fn summary(message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
    let bytes = view.bytes(message.span);
    let Some(head) = Head::read(bytes) else { return Ok(()) };
    write!(line, "{} {}, unit {}", head.number, name(head.function), head.unit)?;
    if head.is_refusal() {
        let code = bytes.get(wire::HEAD).copied().unwrap_or(0);
        return match named::EXCEPTION.def().name_of(code.into()) {
            Some(name) => write!(line, ": {name}"),
            None => write!(line, ": exception {code}"),
        };
    }
    match (message.is(Kind::Request), place_and_count(bytes, head)) {
        (true, Some((place, count))) => write!(line, ": {count} from {place}"),
        (true, None) => Ok(()),
        (false, _) => line.write_str(": done"),
    }
}

/// Describes a message.
pub(super) fn describe(message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
    let mut reader = view.reader(message.span);
    let is_request = message.is(Kind::Request);
    if let Err(short) = described(&mut reader, is_request, sink) {
        note_short(short, false, sink);
    }
    if let Some(request) = request::<Kind>(message, view) {
        let frame = Value::Unsigned(request.frame.number().into());
        sink.field(named::REQUEST_FRAME, frame, Span::NONE);
        sink.field(named::RESPONSE_TIME, Value::Nanos(request.before), Span::NONE);
    }
}

fn described(reader: &mut Reader<'_>, is_request: bool, sink: &mut dyn Sink) -> Result<(), Short> {
    sink.open(named::HEAD, Value::None, reader.span().part(0, wire::MARK + 1));
    let told = head(reader, sink);
    sink.close();
    told?;
    let (function, place) = reader.u8("Function Code")?;
    sink.field(named::FUNCTION, Value::Unsigned((function & !wire::REFUSED).into()), place);
    if function & wire::REFUSED != 0 {
        return number(named::EXCEPTION, 1, reader, sink).map(drop);
    }
    if is_request { asked(function, reader, sink) } else { answered(function, reader, sink) }?;
    rest(reader, sink)
}

fn head(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    for (field, width) in
        [(named::NUMBER, 2), (named::PROTOCOL, 2), (named::LENGTH, 2), (named::UNIT, 1)]
    {
        number(field, width, reader, sink)?;
    }
    Ok(())
}

/// Numbers of sixteen bits, one behind the other.
fn words(fields: &[FieldId], reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    fields.iter().try_for_each(|field| number(*field, 2, reader, sink).map(drop))
}

fn asked(function: u8, reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    match function {
        1 | 2 => words(&[named::REFERENCE, named::BIT_COUNT], reader, sink),
        3 | 4 => words(&[named::REFERENCE, named::WORD_COUNT], reader, sink),
        5 => words(&[named::REFERENCE], reader, sink),
        6 => words(&[named::REFERENCE, named::REGISTER], reader, sink),
        8 => words(&[named::DIAGNOSTIC], reader, sink),
        15 => {
            words(&[named::REFERENCE, named::BIT_COUNT], reader, sink)?;
            number(named::BYTE_COUNT, 1, reader, sink).map(drop)
        }
        16 => {
            words(&[named::REFERENCE, named::WORD_COUNT], reader, sink)?;
            registers(reader, sink)
        }
        22 => words(&[named::REFERENCE, named::AND_MASK, named::OR_MASK], reader, sink),
        23 => {
            let fields = [
                named::READ_REFERENCE,
                named::READ_COUNT,
                named::WRITE_REFERENCE,
                named::WRITE_COUNT,
            ];
            words(&fields, reader, sink)?;
            registers(reader, sink)
        }
        43 => {
            for field in [named::MEI, named::READ_DEVICE, named::OBJECT] {
                number(field, 1, reader, sink)?;
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

fn answered(function: u8, reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    match function {
        1 | 2 | 12 | 17 | 20 | 21 => number(named::BYTE_COUNT, 1, reader, sink).map(drop),
        3 | 4 | 23 => registers(reader, sink),
        15 => words(&[named::REFERENCE, named::BIT_COUNT], reader, sink),
        16 => words(&[named::REFERENCE, named::WORD_COUNT], reader, sink),
        43 => identification(reader, sink),
        // What these set, they repeat.
        5 | 6 | 8 | 22 => asked(function, reader, sink),
        _ => Ok(()),
    }
}

/// A count of bytes, and so many registers.
fn registers(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let count = number(named::BYTE_COUNT, 1, reader, sink)? as usize;
    let mut inside = reader.sub(count, "Registers")?;
    while inside.len() >= 2 {
        number(named::REGISTER, 2, &mut inside, sink)?;
    }
    Ok(())
}

/// Who the machine is, object by object (section 6.21).
fn identification(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let fields = [named::MEI, named::READ_DEVICE, named::CONFORMITY, named::MORE, named::NEXT];
    for field in fields {
        number(field, 1, reader, sink)?;
    }
    let count = number(named::OBJECTS, 1, reader, sink)?;
    for _ in 0..count {
        number(named::OBJECT, 1, reader, sink)?;
        let len = number(named::OBJECT_LENGTH, 1, reader, sink)? as usize;
        bytes(named::OBJECT_TEXT, len, reader, sink)?;
    }
    Ok(())
}

fn rest(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    match reader.len() {
        0 => Ok(()),
        len => bytes(named::DATA, len, reader, sink).map(drop),
    }
}
