//! Says what a packet holds, field by field.

use super::wire::{CONTROL_HEAD, Head, stamp};
use super::{Kind, fields as f, wire};
use crate::bytes::{Reader, Short};
use crate::engine::view::View;
use crate::field::{FieldId, Value};
use crate::message::Message;
use crate::protocols::datagrams::{is_cut, note_short, request};
use crate::protocols::values::{bits, bytes, number};
use crate::sink::Sink;
use crate::span::Span;

/// Describes a packet.
pub(super) fn describe(message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
    let reader = view.reader(message.span);
    let Some(head) = Head::read(reader.rest()) else { return };
    let told = match head.mode {
        6 => control(reader, sink),
        7 => private(reader, sink),
        _ => time(reader, sink),
    };
    if let Err(short) = told {
        note_short(short, is_cut(message, view), sink);
    }
    if !matches!(head.mode, 2 | 4) && !head.is_response(view.bytes(message.span)) {
        return;
    }
    if let Some(request) = request::<Kind>(message, view) {
        sink.field(f::REQUEST_IN, Value::Unsigned(request.frame.number().into()), Span::NONE);
        sink.field(f::DELTA, Value::Nanos(request.before), Span::NONE);
    }
}

fn flags(of: &[FieldId], reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let (flags, place) = reader.number(1, "flags")?;
    sink.open(f::FLAGS, Value::Unsigned(flags), place);
    of.iter().for_each(|field| bits(*field, flags, place, sink));
    sink.close();
    Ok(())
}

fn time(mut reader: Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let whole = reader;
    flags(&[f::LI, f::VN, f::MODE], &mut reader, sink)?;
    number(f::STRATUM, 1, &mut reader, sink)?;
    for field in [f::POLL, f::PRECISION] {
        let (exponent, place) = reader.u8("an exponent")?;
        sink.field(field, Value::Signed(i64::from(exponent as i8)), place);
    }
    number(f::ROOT_DELAY, 4, &mut reader, sink)?;
    number(f::ROOT_DISPERSION, 4, &mut reader, sink)?;
    bytes(f::REFERENCE, 4, &mut reader, sink)?;
    for (field, at) in [
        (f::REFERENCE_TIME, 16),
        (f::ORIGIN, wire::ORIGIN),
        (f::RECEIVE, wire::RECEIVE),
        (f::TRANSMIT, wire::TRANSMIT),
    ] {
        let (_, place) = reader.take(8, "a timestamp")?;
        let nanos = stamp(whole.rest(), at).map_or(0, wire::nanos);
        sink.field(field, Value::Nanos(nanos), place);
    }
    behind(reader, sink)
}

/// Extension fields, then a key and a digest (RFC 5905, section 7.5; RFC 7822, section 3). What is
/// 24 bytes or shorter is a digest, and no field.
fn behind(mut reader: Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    const LONGEST_DIGEST: usize = 24;
    const FIELD_HEAD: usize = 4;
    while reader.len() > LONGEST_DIGEST {
        let start = reader;
        let (_, len) = (reader.number(2, "a field")?, reader.number(2, "the length of a field")?);
        let value = (len.0 as usize).saturating_sub(FIELD_HEAD);
        let place = start.span().part(0, FIELD_HEAD + value.min(reader.len()));
        let mut inside = start;
        sink.open(f::EXTENSION, Value::None, place);
        let told = number(f::EXTENSION_TYPE, 2, &mut inside, sink)
            .and_then(|_| number(f::EXTENSION_LENGTH, 2, &mut inside, sink))
            .and_then(|_| bytes(f::EXTENSION_VALUE, value, &mut reader, sink));
        sink.close();
        told?;
        if sink.is_done() {
            return Ok(());
        }
    }
    if reader.is_empty() {
        return Ok(());
    }
    bytes(f::KEY_ID, 4, &mut reader, sink)?;
    if !reader.is_empty() {
        let len = reader.len();
        bytes(f::MAC, len, &mut reader, sink)?;
    }
    Ok(())
}

fn control(mut reader: Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    flags(&[f::LI, f::VN, f::MODE], &mut reader, sink)?;
    let (raw, place) = reader.number(1, "flags")?;
    sink.open(f::CONTROL_FLAGS, Value::Unsigned(raw), place);
    for bit in [f::CONTROL_RESPONSE, f::CONTROL_ERROR, f::CONTROL_MORE, f::CONTROL_OPCODE] {
        bits(bit, raw, place, sink);
    }
    sink.close();
    number(f::CONTROL_SEQUENCE, 2, &mut reader, sink)?;
    number(f::CONTROL_STATUS, 2, &mut reader, sink)?;
    number(f::CONTROL_ASSOCIATION, 2, &mut reader, sink)?;
    number(f::CONTROL_OFFSET, 2, &mut reader, sink)?;
    let count = number(f::CONTROL_COUNT, 2, &mut reader, sink)? as usize;
    debug_assert_eq!(CONTROL_HEAD, 12, "what was read");
    if count > 0 {
        let (_, place) = reader.take(count, "the data of a control message")?;
        sink.field(f::CONTROL_DATA, Value::None, place);
    }
    Ok(())
}

fn private(mut reader: Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    flags(&[f::PRIVATE_RESPONSE, f::PRIVATE_MORE, f::VN, f::MODE], &mut reader, sink)?;
    let (raw, place) = reader.number(1, "a sequence number")?;
    sink.open(f::PRIVATE_AUTH_SEQUENCE, Value::Unsigned(raw), place);
    bits(f::PRIVATE_AUTH, raw, place, sink);
    bits(f::PRIVATE_SEQUENCE, raw, place, sink);
    sink.close();
    number(f::PRIVATE_IMPLEMENTATION, 1, &mut reader, sink)?;
    number(f::PRIVATE_REQUEST, 1, &mut reader, sink)?;
    Ok(())
}
