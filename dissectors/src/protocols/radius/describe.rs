//! Says what a packet holds, attribute by attribute.

use super::wire::{Attribute, Head, attributes};
use super::{Kind, fields as f};
use crate::bytes::{Reader, Short};
use crate::engine::view::View;
use crate::field::{self, FieldId, Value};
use crate::message::Message;
use crate::protocols::datagrams::{is_cut, note_short, request};
use crate::protocols::values::{bits, bytes, number};
use crate::sink::{Severity, Sink};
use crate::span::Span;

/// Describes a packet.
pub(super) fn describe(message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
    let reader = view.reader(message.span);
    let Some(head) = Head::read(reader.rest()) else { return };
    let is_cut = is_cut(message, view);
    let told = walk(reader, sink);
    pairing(message, view, head, sink);
    for attribute in attributes(reader, head) {
        match attribute {
            Ok(attribute) => one(&attribute, is_cut, sink),
            Err(short) => note_short(short, is_cut, sink),
        }
        if sink.is_done() {
            return;
        }
    }
    if let Err(short) = told {
        note_short(short, is_cut, sink);
    } else if reader.len() > head.len {
        // RFC 2865, section 3: such bytes are padding.
        let text = format_args!("{} bytes behind the packet's length", reader.len() - head.len);
        sink.note(Severity::Hint, reader.span().from(head.len), text);
    } else if reader.len() < head.len {
        let text =
            format_args!("The packet claims {} bytes, but {} are there", head.len, reader.len());
        let severity = if is_cut { Severity::Missing } else { Severity::Broken };
        sink.note(severity, reader.span().part(2, 2), text);
    }
}

fn walk(mut reader: Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    number(f::CODE, 1, &mut reader, sink)?;
    number(f::ID, 1, &mut reader, sink)?;
    number(f::LENGTH, 2, &mut reader, sink)?;
    bytes(f::AUTHENTICATOR, 16, &mut reader, sink)?;
    Ok(())
}

fn pairing(message: &Message, view: &View<'_>, head: Head, sink: &mut dyn Sink) {
    let is_response = message.is(Kind::Response);
    let flag = if is_response { f::RSP } else { f::REQ };
    sink.field(flag, Value::Bool(true), Span::NONE);
    let Some(request) = request::<Kind>(message, view) else { return };
    let frame = Value::Unsigned(request.frame.number().into());
    if is_response {
        sink.field(f::REQUEST_FRAME, frame, Span::NONE);
        sink.field(f::TIME, Value::Nanos(request.before), Span::NONE);
    } else {
        sink.field(f::DUPLICATE, Value::Unsigned(head.id.into()), Span::NONE);
        sink.field(f::DUPLICATE_OF, frame, Span::NONE);
    }
}

fn one(attribute: &Attribute<'_>, is_cut: bool, sink: &mut dyn Sink) {
    let Attribute { kind, span, value, bytes } = *attribute;
    sink.open(f::AVP, Value::Bytes(bytes), span);
    bits(f::AVP_TYPE, kind.into(), span.part(0, 1), sink);
    bits(f::AVP_LENGTH, bytes.len() as u64, span.part(1, 1), sink);
    let told = match kind {
        3 => chap(value, sink),
        26 => vendor(value, sink),
        _ => {
            let known = f::ATTRIBUTES.iter().find(|(known, _)| *known == kind);
            plain(known.map_or(f::UNKNOWN, |(_, field)| *field), value, sink);
            Ok(())
        }
    };
    if let Err(short) = told {
        note_short(short, is_cut, sink);
    }
    sink.close();
}

/// A value as its field has it, where it has the length for that.
fn plain(field: FieldId, value: Reader<'_>, sink: &mut dyn Sink) {
    let (bytes, place) = (value.rest(), value.span());
    let told = match field.def().kind {
        field::Kind::Unsigned(_) if bytes.len() == 4 => {
            let number = bytes.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
            Value::Unsigned(number)
        }
        field::Kind::Ipv4 if bytes.len() == 4 => Value::Bytes(bytes),
        field::Kind::Text => Value::text(bytes),
        field::Kind::Bytes => Value::Bytes(bytes),
        _ => return sink.field(f::UNKNOWN, Value::Bytes(bytes), place),
    };
    sink.field(field, told, place);
}

/// RFC 2865, section 5.3.
fn chap(mut value: Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    sink.open(f::CHAP_PASSWORD, Value::Bytes(value.rest()), value.span());
    let told = number(f::CHAP_IDENT, 1, &mut value, sink);
    if told.is_ok() {
        sink.field(f::CHAP_STRING, Value::Bytes(value.rest()), value.span());
    }
    sink.close();
    told.map(|_| ())
}

/// A vendor's number, then attributes of its own, in the form that is recommended for them (RFC
/// 2865, section 5.26).
fn vendor(mut value: Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    number(f::VENDOR_ID, 4, &mut value, sink)?;
    while value.len() >= 2 {
        number(f::VENDOR_TYPE, 1, &mut value, sink)?;
        let len = number(f::VENDOR_LENGTH, 1, &mut value, sink)? as usize;
        bytes(f::UNKNOWN, len.saturating_sub(2), &mut value, sink)?;
        if len < 2 {
            break;
        }
    }
    Ok(())
}
