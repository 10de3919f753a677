//! Says what a message of STUN holds.

mod attributes;

use std::fmt::{self, Write};

use super::wire::{self, Class, Head, attribute};
use super::{Kind, fields as f};
use crate::bytes::{Reader, Short};
use crate::engine::view::View;
use crate::field::Value;
use crate::message::Message;
use crate::protocols::datagrams::{is_cut, note_short, request};
use crate::protocols::lines::text::Shown;
use crate::protocols::values::{bits, bytes, number};
use crate::sink::Sink;
use crate::span::Span;

/// The row's text, with what one looks for first: who asks, the address, the error.
pub(super) fn summary(message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
    let bytes = view.bytes(message.span);
    let Some(head) = Head::read(bytes) else {
        let number = wire::channel(bytes).map_or(0, |(number, _)| number);
        return write!(line, "ChannelData TURN Message, channel 0x{number:04x}");
    };
    match f::METHOD.def().name_of(head.method_bits(bytes).into()) {
        Some(name) => line.write_str(name)?,
        None => write!(line, "Unknown (0x{:03x})", head.method)?,
    }
    line.write_str(match head.class {
        Class::Request => " Request",
        Class::Indication => " Indication",
        Class::Success => " Success Response",
        Class::Error => " Error Response",
    })?;
    if let Some(user) = head.find(attribute::USERNAME) {
        write!(line, " user: {}", Shown(user))?;
    }
    for (number, name) in [
        (attribute::MAPPED_ADDRESS, "MAPPED-ADDRESS"),
        (attribute::XOR_MAPPED_ADDRESS, "XOR-MAPPED-ADDRESS"),
        (attribute::XOR_RELAYED_ADDRESS, "XOR-RELAYED-ADDRESS"),
    ] {
        if let Some(address) = head.address(number) {
            write!(line, " {name}: {address}")?;
        }
    }
    match head.error() {
        Some((code, words)) => write!(line, " error-code: {code} {}", Shown(words)),
        None => Ok(()),
    }
}

/// Describes a message.
pub(super) fn describe(message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
    let mut reader = view.reader(message.span);
    let told = if message.is(Kind::Channel) {
        channel(&mut reader, sink)
    } else {
        whole(message, view, &mut reader, sink)
    };
    if let Err(short) = told {
        note_short(short, is_cut(message, view), sink);
    }
}

fn channel(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    number(f::CHANNEL, 2, reader, sink)?;
    let len = number(f::LENGTH, 2, reader, sink)?;
    bytes(f::CHANNEL_DATA, len as usize, reader, sink).map(|_| ())
}

fn whole(
    message: &Message,
    view: &View<'_>,
    reader: &mut Reader<'_>,
    sink: &mut dyn Sink,
) -> Result<(), Short> {
    let all = *reader;
    let (kind, place) = reader.u16("The type")?;
    sink.open(f::TYPE, Value::Unsigned(kind.into()), place);
    for field in [f::CLASS, f::METHOD, f::ASSIGNMENT] {
        bits(field, kind.into(), place, sink);
    }
    sink.close();
    let len = number(f::LENGTH, 2, reader, sink)?;
    let mask = reader.rest();
    bytes(f::COOKIE, 4, reader, sink)?;
    bytes(f::ID, 12, reader, sink)?;
    if let Some(request) = request::<Kind>(message, view) {
        let frame = Value::Unsigned(request.frame.number().into());
        if kind & 0x0100 == 0 {
            sink.field(f::DUPLICATE, frame, Span::NONE);
        } else {
            sink.field(f::RESPONSE_TO, frame, Span::NONE);
            sink.field(f::TIME, Value::Nanos(request.before), Span::NONE);
        }
    }
    if len == 0 {
        return Ok(());
    }
    sink.open(f::ATTRIBUTES, Value::None, reader.span().part(0, len as usize));
    let told = attributes::attributes(all, mask, reader, sink);
    sink.close();
    told
}
