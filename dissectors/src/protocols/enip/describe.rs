//! Says what messages of EtherNet/IP hold.

use std::fmt::{self, Write};

use super::wire::{self, Head, command, item};
use super::{Kind, fields as named};
use crate::bytes::{Lossy, Reader, Short, little as first};
use crate::engine::view::View;
use crate::field::{FieldId, Value};
use crate::message::Message;
use crate::protocols::datagrams::{self, request};
use crate::protocols::values::{bytes, little, number, text};
use crate::sink::Sink;
use crate::span::Span;

/// The row's text.
pub(super) fn summary(message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
    let bytes = view.bytes(message.span);
    if let Some((connection, number)) = wire::implicit(bytes) {
        return write!(line, "Connection 0x{connection:08x}, number {number}");
    }
    let Some(head) = Head::read(bytes) else { return Ok(()) };
    // What it carries speaks for itself.
    if wire::carried(bytes).is_some() && message.is(Kind::Encapsulated) && head.status == 0 {
        return Ok(());
    }
    let name = named::COMMAND.def().name_of(head.command.into()).unwrap_or("Unknown command");
    line.write_str(name)?;
    match (head.answers(bytes), head.status) {
        (false, _) => Ok(()),
        (true, 0) => match product(bytes) {
            Some(name) => write!(line, ": {}", Lossy(name)),
            None => line.write_str(": Success"),
        },
        (true, status) => match named::STATUS.def().name_of(status.into()) {
            Some(status) => write!(line, ": {status}"),
            None => write!(line, ": status {status}"),
        },
    }
}

/// Where the length of a product's name stands in an identity.
const NAME_LENGTH: usize = 32;

/// The name of the product that an answer names first.
pub(super) fn product(bytes: &[u8]) -> Option<&[u8]> {
    let head = Head::read(bytes).filter(|head| head.command == command::LIST_IDENTITY)?;
    let item = wire::items(bytes, head.items()?).find(|item| item.kind == item::IDENTITY)?;
    let data = bytes.get(item.data)?;
    let len = usize::from(*data.get(NAME_LENGTH)?);
    data.get(NAME_LENGTH + 1..NAME_LENGTH + 1 + len)
}

/// Describes a message.
pub(super) fn describe(message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
    let mut reader = view.reader(message.span);
    let told = if message.is(Kind::Implicit) {
        items(&mut reader, false, sink)
    } else {
        encapsulated(&mut reader, sink)
    };
    if let Err(short) = told {
        datagrams::note_short(short, datagrams::is_cut(message, view), sink);
    }
    if let Some(request) = request::<Kind>(message, view) {
        let frame = Value::Unsigned(request.frame.number().into());
        sink.field(named::RESPONSE_TO, frame, Span::NONE);
        sink.field(named::RESPONSE_TIME, Value::Nanos(request.before), Span::NONE);
    }
}

fn encapsulated(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let command = little(named::COMMAND, 2, reader, sink)? as u16;
    let len = little(named::LENGTH, 2, reader, sink)? as usize;
    little(named::SESSION, 4, reader, sink)?;
    little(named::STATUS, 4, reader, sink)?;
    bytes(named::CONTEXT, 8, reader, sink)?;
    little(named::OPTIONS, 4, reader, sink)?;
    if len == 0 {
        return Ok(());
    }
    match command {
        command::REGISTER => {
            little(named::VERSION, 2, reader, sink)?;
            little(named::FLAGS, 2, reader, sink)?;
            Ok(())
        }
        command::SEND_RR | command::SEND_UNIT => {
            let is_unit = command == command::SEND_UNIT;
            let interface = if is_unit { named::UNIT_INTERFACE } else { named::RR_INTERFACE };
            little(interface, 4, reader, sink)?;
            little(named::TIMEOUT, 2, reader, sink)?;
            items(reader, true, sink)
        }
        command::LIST_IDENTITY | command::LIST_SERVICES | command::LIST_INTERFACES => {
            items(reader, true, sink)
        }
        _ => bytes(named::ENCAPSULATED, len, reader, sink).map(drop),
    }
}

/// The items, each in a group of its own. Data of connections has a number before it where it is
/// carried, and where it is sent at a rate only if both agreed on it.
fn items(reader: &mut Reader<'_>, is_carried: bool, sink: &mut dyn Sink) -> Result<(), Short> {
    let count = little(named::ITEM_COUNT, 2, reader, sink)? as usize;
    for _ in 0..count.min(wire::MAX_ITEMS) {
        let mut head = *reader;
        let (kind, place) = read_little(&mut head, named::ITEM_KIND)?;
        sink.open(named::ITEM_KIND, Value::Unsigned(kind.into()), place);
        reader.take(2, "An item")?;
        let told = little(named::ITEM_LENGTH, 2, reader, sink)
            .and_then(|len| reader.sub(len as usize, "An item"))
            .and_then(|mut inside| one(kind, &mut inside, is_carried, sink));
        sink.close();
        told?;
    }
    Ok(())
}

fn read_little(reader: &mut Reader<'_>, field: FieldId) -> Result<(u16, Span), Short> {
    let (bytes, place) = reader.take(2, field.def().title)?;
    Ok((first(bytes, 0, 2).unwrap_or(0) as u16, place))
}

/// What an item holds. What is carried is told by its own protocol.
fn one(
    kind: u16,
    inside: &mut Reader<'_>,
    is_carried: bool,
    sink: &mut dyn Sink,
) -> Result<(), Short> {
    match kind {
        item::CONNECTION => little(named::CONNECTION, 4, inside, sink).map(drop),
        item::SEQUENCED => {
            little(named::SEQUENCED, 4, inside, sink)?;
            little(named::SEQUENCE, 4, inside, sink).map(drop)
        }
        item::CONNECTED if is_carried => little(named::COUNTED, 2, inside, sink).map(drop),
        item::UNCONNECTED => Ok(()),
        item::IDENTITY => identity(inside, sink),
        item::SERVICES => {
            little(named::ENCAPSULATION, 2, inside, sink)?;
            little(named::CAPABILITIES, 2, inside, sink)?;
            text(named::SERVICE_NAME, *inside, sink);
            Ok(())
        }
        item::SOCKET_TO | item::SOCKET_FROM => socket(inside, sink),
        _ if inside.is_empty() => Ok(()),
        _ => bytes(named::DATA, inside.len(), inside, sink).map(drop),
    }
}

/// An address as sockets have it: the only numbers here that are big-endian.
fn socket(inside: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    number(named::FAMILY, 2, inside, sink)?;
    number(named::PORT, 2, inside, sink)?;
    bytes(named::ADDRESS, 4, inside, sink)?;
    bytes(named::ZERO, 8, inside, sink).map(drop)
}

fn identity(inside: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    little(named::ENCAPSULATION, 2, inside, sink)?;
    socket(inside, sink)?;
    little(named::VENDOR, 2, inside, sink)?;
    little(named::DEVICE, 2, inside, sink)?;
    little(named::PRODUCT, 2, inside, sink)?;
    number(named::REVISION, 2, inside, sink)?;
    little(named::DEVICE_STATUS, 2, inside, sink)?;
    little(named::SERIAL, 4, inside, sink)?;
    let len = number(named::NAME_LENGTH, 1, inside, sink)? as usize;
    bytes(named::NAME, len, inside, sink)?;
    number(named::STATE, 1, inside, sink).map(drop)
}
