//! Says what a packet of MQTT holds.

use std::fmt::{self, Write};

use super::properties::properties;
use super::wire::{self, Packet, packet};
use super::{Kind, Version};
use crate::bytes::{Reader, Short};
use crate::engine::view::View;
use crate::field::{FieldId, Value};
use crate::message::Message;
use crate::protocols::lines::text::Shown;
use crate::protocols::values;
use crate::sink::{Severity, Sink};
use crate::span::Span;

pub(super) fn version(message: &Message) -> Version {
    message.extra::<Kind>().unwrap_or_default()
}

/// The row's text: which packet, its identifier and its topic.
pub(super) fn summary(message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
    let read = Packet::read(view.bytes(message.span), version(message));
    match super::MSGTYPE.def().name_of(read.number.into()) {
        Some(name) => line.write_str(name)?,
        None => write!(line, "Unknown (0x{:02x})", read.number)?,
    }
    if let Some(id) = read.id {
        write!(line, " (id={id})")?;
    }
    match read.number {
        packet::PUBLISH | packet::SUBSCRIBE => write!(line, " [{}]", Shown(read.name)),
        _ => Ok(()),
    }
}

/// Describes a packet.
pub(super) fn describe(message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
    let mut reader = view.reader(message.span);
    if let Err(short) = told(&mut reader, version(message), sink) {
        sink.note(Severity::Broken, short.place, format_args!("{short}"));
    }
}

fn told(reader: &mut Reader<'_>, version: Version, sink: &mut dyn Sink) -> Result<(), Short> {
    let (first, place) = reader.u8("The type")?;
    let number = first >> 4;
    header(first, version, place, sink);
    let (len, place) = wire::take_length(reader)?;
    sink.field(super::LEN, Value::Unsigned(len.into()), place);
    let is_five = version == Version::V5;
    match number {
        packet::CONNECT => connect(reader, sink),
        packet::CONNACK => acknowledged(reader, version, sink),
        packet::PUBLISH => {
            if !counted(super::TOPIC_LEN, super::TOPIC, reader, sink)? && !is_five {
                sink.note(Severity::Broken, reader.span(), format_args!("A topic has a name"));
            }
            if first & 0x06 != 0 {
                values::number(super::MSGID, 2, reader, sink)?;
            }
            settled(is_five, super::PROPERTIES, reader, sink)?;
            values::bytes(super::MSG, reader.len(), reader, sink).map(|_| ())
        }
        packet::PUBACK..=packet::PUBCOMP => {
            values::number(super::MSGID, 2, reader, sink)?;
            reason(number, is_five, reader, sink)
        }
        packet::SUBSCRIBE..=packet::UNSUBACK => {
            values::number(super::MSGID, 2, reader, sink)?;
            settled(is_five, super::PROPERTIES, reader, sink)?;
            while !reader.is_empty() && !sink.is_done() {
                subscription(number, version, reader, sink)?;
            }
            Ok(())
        }
        packet::DISCONNECT | packet::AUTH => reason(number, is_five, reader, sink),
        _ => Ok(()),
    }
}

/// The first byte: what its lower half says depends on the type and the version.
fn header(first: u8, version: Version, place: Span, sink: &mut dyn Sink) {
    sink.open(super::HDRFLAGS, Value::Unsigned(first.into()), place);
    let old = matches!(first >> 4, packet::PUBREL | packet::SUBSCRIBE | packet::UNSUBSCRIBE)
        && version == Version::V31;
    let fields: &[FieldId] = match first >> 4 {
        packet::PUBLISH => &[super::MSGTYPE, super::DUPFLAG, super::QOS, super::RETAIN],
        _ if old => &[super::MSGTYPE, super::DUPFLAG, super::QOS, super::RETAIN_RESERVED],
        _ => &[super::MSGTYPE, super::HDR_RESERVED],
    };
    for field in fields {
        values::bits(*field, first.into(), place, sink);
    }
    sink.close();
}

/// A length of two bytes and what it counts; says whether there is anything.
fn counted(
    length: FieldId,
    field: FieldId,
    reader: &mut Reader<'_>,
    sink: &mut dyn Sink,
) -> Result<bool, Short> {
    let len = values::number(length, 2, reader, sink)?;
    if len == 0 && field == super::TOPIC {
        return Ok(false);
    }
    values::bytes(field, len as usize, reader, sink).map(|_| len > 0)
}

/// Properties, where the version has them.
fn settled(
    are_there: bool,
    group: FieldId,
    reader: &mut Reader<'_>,
    sink: &mut dyn Sink,
) -> Result<(), Short> {
    if are_there { properties(group, reader, sink) } else { Ok(()) }
}

fn connect(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    counted(super::PROTO_LEN, super::PROTO_NAME, reader, sink)?;
    let is_five = values::number(super::VER, 1, reader, sink)? == 5;
    let (flags, place) = reader.u8("The flags")?;
    sink.open(super::CONFLAGS, Value::Unsigned(flags.into()), place);
    for field in [
        super::CONFLAG_USER,
        super::CONFLAG_PASSWORD,
        super::CONFLAG_RETAIN,
        super::CONFLAG_QOS,
        super::CONFLAG_WILL,
        super::CONFLAG_CLEAN,
        super::CONFLAG_RESERVED,
    ] {
        values::bits(field, flags.into(), place, sink);
    }
    sink.close();
    values::number(super::KEEP_ALIVE, 2, reader, sink)?;
    settled(is_five, super::PROPERTIES, reader, sink)?;
    counted(super::CLIENT_ID_LEN, super::CLIENT_ID, reader, sink)?;
    if flags & 0x04 != 0 {
        settled(is_five, super::WILL_PROPERTIES, reader, sink)?;
        counted(super::WILL_TOPIC_LEN, super::WILL_TOPIC, reader, sink)?;
        counted(super::WILL_MSG_LEN, super::WILL_MSG, reader, sink)?;
    }
    if flags & 0x80 != 0 && !reader.is_empty() {
        counted(super::USER_LEN, super::USER, reader, sink)?;
    }
    if flags & 0x40 != 0 && !reader.is_empty() {
        counted(super::PASSWORD_LEN, super::PASSWORD, reader, sink)?;
    }
    Ok(())
}

fn acknowledged(
    reader: &mut Reader<'_>,
    version: Version,
    sink: &mut dyn Sink,
) -> Result<(), Short> {
    let (flags, place) = reader.u8("The flags")?;
    sink.open(super::CONACK_FLAGS, Value::Unsigned(flags.into()), place);
    values::bits(super::CONACK_RESERVED, flags.into(), place, sink);
    values::bits(super::SESSION_PRESENT, flags.into(), place, sink);
    sink.close();
    let field = match version {
        Version::V31 | Version::V311 => super::CONACK_VAL,
        Version::Unknown | Version::V5 => super::CONNACK_REASON,
    };
    values::number(field, 1, reader, sink)?;
    settled(version == Version::V5, super::PROPERTIES, reader, sink)
}

/// The field that holds the code of a packet.
const fn reason_of(number: u8) -> FieldId {
    match number {
        packet::PUBACK => super::PUBACK_REASON,
        packet::PUBREC => super::PUBREC_REASON,
        packet::PUBREL => super::PUBREL_REASON,
        packet::PUBCOMP => super::PUBCOMP_REASON,
        packet::SUBACK => super::SUBACK_REASON,
        packet::UNSUBACK => super::UNSUBACK_REASON,
        packet::AUTH => super::AUTH_REASON,
        _ => super::DISCONNECT_REASON,
    }
}

/// A code and its properties, which may both be left out (MQTT 5.0, sections 3.4.2 and 3.14.2).
fn reason(
    number: u8,
    is_five: bool,
    reader: &mut Reader<'_>,
    sink: &mut dyn Sink,
) -> Result<(), Short> {
    if !is_five || reader.is_empty() {
        return Ok(());
    }
    values::number(reason_of(number), 1, reader, sink)?;
    settled(!reader.is_empty(), super::PROPERTIES, reader, sink)
}

/// One topic that is wanted or not wanted any more, or one code that answers.
fn subscription(
    number: u8,
    version: Version,
    reader: &mut Reader<'_>,
    sink: &mut dyn Sink,
) -> Result<(), Short> {
    let is_five = version == Version::V5;
    match number {
        packet::SUBACK if matches!(version, Version::V31 | Version::V311) => {
            values::number(super::SUBACK_QOS, 1, reader, sink).map(|_| ())
        }
        // Before 5.0 an UNSUBACK ends with its identifier.
        packet::UNSUBACK if !is_five => reader.take(reader.len(), "The rest").map(|_| ()),
        packet::SUBACK | packet::UNSUBACK => {
            values::number(reason_of(number), 1, reader, sink).map(|_| ())
        }
        _ => {
            counted(super::TOPIC_LEN, super::TOPIC, reader, sink)?;
            match number {
                packet::SUBSCRIBE if is_five => options(reader, sink),
                packet::SUBSCRIBE => values::number(super::SUB_QOS, 1, reader, sink).map(|_| ()),
                _ => Ok(()),
            }
        }
    }
}

fn options(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let (options, place) = reader.u8("The options")?;
    sink.open(super::OPTIONS, Value::Unsigned(options.into()), place);
    for field in [
        super::OPTION_RESERVED,
        super::OPTION_RETAIN,
        super::OPTION_AS_PUBLISHED,
        super::OPTION_NO_LOCAL,
        super::OPTION_QOS,
    ] {
        values::bits(field, options.into(), place, sink);
    }
    sink.close();
    Ok(())
}
