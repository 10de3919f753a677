//! Says what messages of BGP hold.

use super::wire::{self, Head, kind};
use super::{attributes, fields as named};
use crate::bytes::{Reader, Short};
use crate::engine::view::View;
use crate::field::{FieldId, Value};
use crate::message::Message;
use crate::protocols::datagrams::note_short;
use crate::protocols::values::{bytes, number};
use crate::sink::Sink;

/// Describes a message.
pub(super) fn describe(message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
    let mut reader = view.reader(message.span);
    let head = Head::read(reader.rest());
    if let Err(short) = described(head, &mut reader, sink) {
        note_short(short, false, sink);
    }
}

fn described(
    head: Option<Head>,
    reader: &mut Reader<'_>,
    sink: &mut dyn Sink,
) -> Result<(), Short> {
    bytes(named::MARKER, wire::MARKER, reader, sink)?;
    number(named::LENGTH, 2, reader, sink)?;
    number(named::TYPE, 1, reader, sink)?;
    match head.map(|head| head.kind) {
        Some(kind::OPEN) => open(reader, sink),
        Some(kind::UPDATE) => update(reader, sink),
        Some(kind::NOTIFICATION) => {
            number(named::MAJOR, 1, reader, sink)?;
            number(named::MINOR, 1, reader, sink)?;
            match reader.len() {
                0 => Ok(()),
                len => bytes(named::MINOR_DATA, len, reader, sink).map(drop),
            }
        }
        Some(kind::REFRESH) => {
            number(named::REFRESH_FAMILY, 2, reader, sink)?;
            number(named::REFRESH_SUBTYPE, 1, reader, sink)?;
            number(named::REFRESH_SUBFAMILY, 1, reader, sink).map(drop)
        }
        _ => Ok(()),
    }
}

/// The length and the first kind that say: the lengths of all options take two bytes
/// (RFC 9072, section 2).
const LONG: u8 = 255;

fn open(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    number(named::VERSION, 1, reader, sink)?;
    number(named::SYSTEM, 2, reader, sink)?;
    number(named::HOLD_TIME, 2, reader, sink)?;
    bytes(named::IDENTIFIER, 4, reader, sink)?;
    number(named::OPTIONS_LENGTH, 1, reader, sink)?;
    let is_long = reader.rest().first() == Some(&LONG);
    if is_long {
        reader.take(3, "The length of all options")?;
    }
    while !reader.is_empty() {
        sink.open(named::OPTION, Value::None, reader.span());
        let told = option(if is_long { 2 } else { 1 }, reader, sink);
        sink.close();
        told?;
    }
    Ok(())
}

/// The kind of option that holds capabilities (RFC 5492, section 4).
const CAPABILITIES: u64 = 2;

fn option(width: usize, reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let kind = number(named::OPTION_TYPE, 1, reader, sink)?;
    let len = number(named::OPTION_LENGTH, width, reader, sink)? as usize;
    let mut inside = reader.sub(len, "An option")?;
    while kind == CAPABILITIES && !inside.is_empty() {
        sink.open(named::CAPABILITY, Value::None, inside.span());
        let told = capability(&mut inside, sink);
        sink.close();
        told?;
    }
    Ok(())
}

fn capability(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let kind = number(named::CAPABILITY_TYPE, 1, reader, sink)?;
    let len = number(named::CAPABILITY_LENGTH, 1, reader, sink)? as usize;
    let mut inside = reader.sub(len, "A capability")?;
    match (kind, len) {
        // RFC 4760, section 8.
        (1, 4..) => {
            number(named::CAPABILITY_FAMILY, 2, &mut inside, sink)?;
            inside.take(1, "Reserved")?;
            number(named::CAPABILITY_SUBFAMILY, 1, &mut inside, sink).map(drop)
        }
        // RFC 6793, section 3.
        (65, 4..) => number(named::CAPABILITY_SYSTEM, 4, &mut inside, sink).map(drop),
        _ => Ok(()),
    }
}

fn update(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let len = number(named::WITHDRAWN_LENGTH, 2, reader, sink)? as usize;
    let inside = reader.sub(len, "Routes that are taken back")?;
    group(named::WITHDRAWN, inside, sink, |inside, sink| {
        prefixes(named::WITHDRAWN_PREFIX, inside, sink)
    })?;
    let len = number(named::ATTRIBUTES_LENGTH, 2, reader, sink)? as usize;
    let inside = reader.sub(len, "Attributes")?;
    group(named::ATTRIBUTES, inside, sink, attributes::describe)?;
    group(named::NAMED, *reader, sink, |inside, sink| prefixes(named::PREFIX, inside, sink))
}

/// What there is of it, in a group of its own.
fn group(
    field: FieldId,
    mut inside: Reader<'_>,
    sink: &mut dyn Sink,
    each: impl FnOnce(&mut Reader<'_>, &mut dyn Sink) -> Result<(), Short>,
) -> Result<(), Short> {
    if inside.is_empty() {
        return Ok(());
    }
    sink.open(field, Value::None, inside.span());
    let told = each(&mut inside, sink);
    sink.close();
    told
}

/// Prefixes of IPv4: so many bits, in as many bytes as they take.
fn prefixes(field: FieldId, reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    while !reader.is_empty() {
        let bits = number(named::PREFIX_LENGTH, 1, reader, sink)?;
        let (prefix, place) = reader.take(bits.div_ceil(8) as usize, "A prefix")?;
        let mut address = [0; 4];
        address.iter_mut().zip(prefix).for_each(|(to, from)| *to = *from);
        sink.field(field, Value::Bytes(&address), place);
    }
    Ok(())
}
