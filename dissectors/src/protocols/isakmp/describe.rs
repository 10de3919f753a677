//! Says what a message holds, field by field: its head, and the chain of payloads.

use super::body;
use super::fields as f;
use super::wire::{self, Chain, Head, PAYLOAD_HEAD, Payload};
use crate::bytes::{Reader, Short};
use crate::engine::view::View;
use crate::field::Value;
use crate::message::Message;
use crate::protocols::datagrams::{is_cut, note_short, severity};
use crate::protocols::values::{bits, bytes, number};
use crate::sink::Sink;

/// Describes a message.
pub(super) fn describe(message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
    let mut reader = view.reader(message.span);
    let Some(head) = Head::read(reader.rest()) else { return };
    let is_cut = is_cut(message, view);
    let told = whole(&mut reader, &head, is_cut, sink);
    if let Err(short) = told {
        note_short(short, is_cut, sink);
    }
}

fn whole(
    reader: &mut Reader<'_>,
    head: &Head,
    is_cut: bool,
    sink: &mut dyn Sink,
) -> Result<(), Short> {
    reader.take(wire::start(reader.rest()), "a marker")?;
    tell_head(reader, head, sink)?;
    let claimed = (head.len as usize).saturating_sub(wire::HEAD);
    let mut body = reader.sub(claimed.min(reader.len()), "a message")?;
    if claimed > body.len() {
        let text = format_args!("Length claims {claimed} bytes, and {} follow", body.len());
        sink.note(severity(is_cut), body.span(), text);
    }
    if head.is_encrypted() {
        sealed(&mut body, sink);
    } else {
        payloads(Chain::new(head.next, body), head.major, is_cut, sink)?;
    }
    if !reader.is_empty() {
        bytes(f::EXTRA, reader.len(), reader, sink)?;
    }
    Ok(())
}

fn tell_head(reader: &mut Reader<'_>, head: &Head, sink: &mut dyn Sink) -> Result<(), Short> {
    bytes(f::ISPI, 8, reader, sink)?;
    bytes(f::RSPI, 8, reader, sink)?;
    number(f::NEXT, 1, reader, sink)?;
    let (version, place) = reader.number(1, "a version")?;
    sink.open(f::VERSION, Value::Unsigned(version), place);
    bits(f::MAJOR, version, place, sink);
    bits(f::MINOR, version, place, sink);
    sink.close();
    number(f::EXCHANGE, 1, reader, sink)?;
    let (flags, place) = reader.number(1, "flags")?;
    sink.open(f::FLAGS, Value::Unsigned(flags), place);
    let fields = match head.major {
        1 => [f::FLAG_E, f::FLAG_C, f::FLAG_A],
        _ => [f::FLAG_I, f::FLAG_V, f::FLAG_R],
    };
    for field in fields {
        bits(field, flags, place, sink);
    }
    sink.close();
    number(f::MESSAGE_ID, 4, reader, sink)?;
    number(f::LENGTH, 4, reader, sink)?;
    Ok(())
}

/// Tells that the rest is sealed.
pub(super) fn sealed(rest: &mut Reader<'_>, sink: &mut dyn Sink) {
    if !rest.is_empty() {
        sink.open(f::SEALED, Value::None, rest.span());
        sink.close();
    }
}

/// Tells a chain of payloads, and what is left where it breaks.
pub(super) fn payloads(
    mut chain: Chain<'_>,
    major: u8,
    is_cut: bool,
    sink: &mut dyn Sink,
) -> Result<(), Short> {
    for payload in chain.by_ref() {
        if sink.is_done() {
            return Ok(());
        }
        open(&payload, major, is_cut, sink)?;
        let mut rest = payload.reader;
        rest.take(PAYLOAD_HEAD, "the head of a payload")?;
        let told = body::tell(payload.kind, rest, major, is_cut, sink);
        if let Err(short) = told {
            note_short(short, is_cut, sink);
        }
        sink.close();
    }
    let mut rest = chain.rest();
    if !rest.is_empty() {
        bytes(f::EXTRA, rest.len(), &mut rest, sink)?;
    }
    Ok(())
}

/// Opens the group of a payload, and tells its head.
pub(super) fn open(
    payload: &Payload<'_>,
    major: u8,
    is_cut: bool,
    sink: &mut dyn Sink,
) -> Result<(), Short> {
    let mut reader = payload.reader;
    let (kind, claimed, there) = (payload.kind, payload.claimed, reader.len());
    sink.open(f::PAYLOAD, Value::Unsigned(kind.into()), reader.span());
    number(f::NEXT, 1, &mut reader, sink)?;
    let (second, place) = reader.number(1, "a critical bit")?;
    // Proposals and transforms are no payloads of version 2.
    if major == 2 && !matches!(kind, 2 | 3) {
        bits(f::CRITICAL, second, place, sink);
    }
    let place = reader.span().part(0, 2);
    number(f::PAYLOAD_LENGTH, 2, &mut reader, sink)?;
    if claimed < PAYLOAD_HEAD || claimed > there {
        let text = format_args!("A payload claims {claimed} bytes, and {there} are there");
        sink.note(severity(is_cut), place, text);
    }
    Ok(())
}
