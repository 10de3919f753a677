//! Says what a message holds, field by field.

use super::fields as f;
use super::name::Shown;
use super::wire::{Entries, Entry, Header, NB, NBSTAT, Stop};
use crate::bytes::{Reader, Short};
use crate::engine::view::View;
use crate::field::{FieldId, Value};
use crate::message::Message;
use crate::protocols::datagrams::{is_cut, note_short, severity};
use crate::protocols::values::{bits, bytes, number};
use crate::sink::Sink;

/// Describes a message.
pub(super) fn describe(message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
    let reader = view.reader(message.span);
    let Some(header) = Header::read(reader.rest()) else { return };
    let is_cut = is_cut(message, view);
    let told = head(reader, header, sink);
    for part in Entries::new(reader, header) {
        if sink.is_done() {
            return;
        }
        match part {
            Ok(part) => {
                let told = one(&part, sink).and(part.short.map_or(Ok(()), Err));
                if let Err(short) = told {
                    note_short(short, is_cut, sink);
                }
            }
            Err(Stop::Short(short)) => note_short(short, is_cut, sink),
            Err(Stop::Name(place)) => {
                let text = format_args!("No name of NetBIOS stands here");
                sink.note(severity(is_cut && place.len < 34), place, text);
            }
        }
    }
    if let Err(short) = told {
        note_short(short, is_cut, sink);
    }
}

fn head(mut reader: Reader<'_>, header: Header, sink: &mut dyn Sink) -> Result<(), Short> {
    number(f::ID, 2, &mut reader, sink)?;
    let (flags, place) = reader.number(2, "flags")?;
    sink.open(f::FLAGS, Value::Unsigned(flags), place);
    let mut tell = |fields: &[FieldId]| {
        fields.iter().for_each(|field| bits(*field, flags, place, sink));
    };
    tell(&[f::RESPONSE, f::OPCODE]);
    if header.is_response() {
        tell(&[f::AUTHORITATIVE, f::TRUNCATED, f::RECDESIRED, f::RECAVAIL, f::BROADCAST, f::RCODE]);
    } else {
        tell(&[f::TRUNCATED, f::RECDESIRED, f::BROADCAST]);
    }
    sink.close();
    for field in [f::QUERIES, f::ANSWERS, f::AUTHORITIES, f::ADDITIONAL] {
        number(field, 2, &mut reader, sink)?;
    }
    Ok(())
}

fn one(part: &Entry<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    if sink.wants(f::NAME) {
        sink.field(f::NAME, Value::Text(&part.name.to_string()), part.name.span);
    }
    let mut rest = part.rest;
    number(f::TYPE, 2, &mut rest, sink)?;
    number(f::CLASS, 2, &mut rest, sink)?;
    if !part.is_record {
        return Ok(());
    }
    number(f::TTL, 4, &mut rest, sink)?;
    number(f::DATA_LENGTH, 2, &mut rest, sink)?;
    match part.kind {
        NB => addresses(part.data, sink),
        NBSTAT => state(part.data, sink),
        _ => {
            let mut data = part.data;
            bytes(f::DATA, data.len(), &mut data, sink).map(|_| ())
        }
    }
}

/// Flags and an address, for each (RFC 1002, section 4.2.2).
fn addresses(mut data: Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    while !data.is_empty() && !sink.is_done() {
        let (flags, place) = data.number(2, "the flags of a name")?;
        sink.open(f::NB_FLAGS, Value::Unsigned(flags), place);
        bits(f::NB_GROUP, flags, place, sink);
        bits(f::NB_ONT, flags, place, sink);
        sink.close();
        bytes(f::ADDR, 4, &mut data, sink)?;
    }
    Ok(())
}

/// The names of a host, then what its card counted (RFC 1002, section 4.2.18).
fn state(mut data: Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let count = number(f::NUMBER_OF_NAMES, 1, &mut data, sink)?;
    for _ in 0..count {
        let (name, place) = data.take(16, "a name")?;
        if sink.wants(f::NETBIOS_NAME) {
            let text = Shown(name.iter().copied()).to_string();
            sink.field(f::NETBIOS_NAME, Value::Text(&text), place);
        }
        let (flags, place) = data.number(2, "the flags of a name")?;
        sink.open(f::NAME_FLAGS, Value::Unsigned(flags), place);
        for bit in [f::NAME_GROUP, f::NAME_ONT, f::NAME_DRG, f::NAME_CNF, f::NAME_ACT, f::NAME_PRM]
        {
            bits(bit, flags, place, sink);
        }
        sink.close();
    }
    if data.is_empty() {
        return Ok(());
    }
    bytes(f::UNIT_ID, 6, &mut data, sink)?;
    for (field, width) in f::STATISTICS {
        // Hosts leave out what they do not count.
        if data.len() < *width {
            break;
        }
        number(*field, *width, &mut data, sink)?;
    }
    Ok(())
}
