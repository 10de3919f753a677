//! Says what a message holds, field by field (RFC 9114, section 7; RFC 9204).

mod list;
mod qpack;

use std::fmt::{self, Write};

use super::fields as f;
use super::frame::{
    CANCEL_PUSH, DATA, FrameHeader, GOAWAY, HEADERS, MAX_PUSH_ID, PRIORITY_UPDATE,
    PRIORITY_UPDATE_PUSH, PUSH_PROMISE, SETTINGS,
};
use super::kind::{Facts, Kind, Role};
use crate::bytes::{Reader, Short};
use crate::engine::view::View;
use crate::field::{FieldId, Value};
use crate::message::Message;
use crate::protocols::contents;
use crate::protocols::multiplexed::{describe_table, row};
use crate::protocols::values::bytes;
use crate::protocols::varint::varint;
use crate::sink::{Severity, Sink};
use crate::span::Span;

/// Describes a message of any kind.
pub(super) fn describe(message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
    let nothing = Facts::default();
    let facts = Facts::of(message, view).unwrap_or(&nothing);
    let mut reader = view.reader(message.span);
    let told = match message.kind() {
        Some(Kind::StreamType) => stream_type(facts, &mut reader, sink),
        Some(Kind::Frame) => frame(message, facts, view, sink),
        Some(Kind::Datagram) => datagram(&mut reader, sink),
        Some(Kind::Encoder) => {
            let told = qpack::encoder(reader, sink);
            if let Some(tables) = &facts.tables {
                describe_table(tables, &list::TABLE, sink);
            }
            told
        }
        Some(Kind::Decoder) => qpack::decoder(reader, sink),
        Some(Kind::End) => {
            end(message, facts, view, sink);
            Ok(())
        }
        None => Ok(()),
    };
    if let Err(short) = told {
        sink.note(Severity::Broken, short.place, format_args!("{short}"));
    }
}

/// A number of variable length.
fn number(field: FieldId, reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<u64, Short> {
    let (number, place) = varint(reader, field.def().title)?;
    sink.field(field, Value::Unsigned(number), place);
    Ok(number)
}

fn stream_type(facts: &Facts, reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let name = facts.of_type.and_then(|of_type| f::STREAM_TYPE.def().name_of(of_type));
    sink.open(f::UNI_STREAM, Value::Text(name.unwrap_or("Unknown")), reader.span());
    let told = number(f::STREAM_TYPE, reader, sink)
        .and_then(|_| if reader.is_empty() { Ok(0) } else { number(f::PUSH_ID, reader, sink) });
    sink.close();
    told.map(|_| ())
}

fn datagram(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    sink.open(f::DATAGRAM, Value::None, reader.span());
    let told = number(f::QUARTER, reader, sink).map(|quarter| {
        let stream = quarter.saturating_mul(4);
        sink.field(f::REQUEST_STREAM, Value::Unsigned(stream), Span::NONE);
        if !reader.is_empty() {
            sink.field(f::DATAGRAM_PAYLOAD, Value::Bytes(reader.rest()), reader.span());
        }
    });
    sink.close();
    told
}

fn frame(
    message: &Message,
    facts: &Facts,
    view: &View<'_>,
    sink: &mut dyn Sink,
) -> Result<(), Short> {
    let mut reader = view.reader(message.span);
    let Ok(header) = FrameHeader::read(reader.rest()) else { return Ok(()) };
    sink.open(f::FRAME, Value::Text(header.name()), message.span);
    let told = within(&header, &mut reader, (message, facts), view, sink);
    if let Some(list) = facts.list.as_deref() {
        list::describe(list, view, sink);
    }
    beside(message, facts, view, sink);
    sink.close();
    told
}

fn within(
    header: &FrameHeader,
    reader: &mut Reader<'_>,
    (message, facts): (&Message, &Facts),
    view: &View<'_>,
    sink: &mut dyn Sink,
) -> Result<(), Short> {
    number(f::FRAME_TYPE, reader, sink)?;
    number(f::FRAME_LENGTH, reader, sink)?;
    sink.field(f::FRAME_STREAM, Value::Unsigned(facts.stream), Span::NONE);
    if header.kind == DATA {
        let Some(span) = view.part(message, Role::Payload) else { return Ok(()) };
        if sink.wants(f::DATA) {
            sink.field(f::DATA, Value::Bytes(view.bytes(span)), span);
        }
        if u64::from(span.len) < header.length {
            let text = format_args!("{} of {} bytes are here", span.len, header.length);
            sink.note(Severity::Missing, span, text);
        }
        return Ok(());
    }
    if let Some(span) = view.part(message, Role::Payload) {
        // What passed by was collected together with the header.
        let mut apart = view.reader(span);
        apart.take(header.own, "the header")?;
        sink.field(f::PAYLOAD, Value::Bytes(apart.rest()), apart.span());
        return Ok(());
    }
    let rest = reader.len();
    match header.kind {
        HEADERS => {
            bytes(f::PAYLOAD, rest, reader, sink)?;
        }
        PUSH_PROMISE => {
            number(f::PUSH_ID, reader, sink)?;
            let rest = reader.len();
            bytes(f::PAYLOAD, rest, reader, sink)?;
        }
        SETTINGS => settings(reader, sink)?,
        GOAWAY => {
            number(f::GOAWAY_ID, reader, sink)?;
        }
        CANCEL_PUSH | MAX_PUSH_ID => {
            number(f::PUSH_ID, reader, sink)?;
        }
        PRIORITY_UPDATE | PRIORITY_UPDATE_PUSH => {
            number(f::PRIORITY_ELEMENT, reader, sink)?;
            let text = reader.rest();
            sink.field(f::PRIORITY_VALUE, Value::text(text), reader.span());
        }
        _ if rest > 0 => {
            bytes(f::PAYLOAD, rest, reader, sink)?;
        }
        _ => {}
    }
    Ok(())
}

fn settings(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    while !reader.is_empty() {
        sink.open(f::SETTINGS_GROUP, Value::None, reader.span());
        let told = setting(reader, sink);
        sink.close();
        told?;
    }
    Ok(())
}

fn setting(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let id = number(f::SETTING_ID, reader, sink)?;
    let (value, place) = varint(reader, f::SETTING_VALUE.def().title)?;
    sink.field(f::SETTING_VALUE, Value::Unsigned(value), place);
    let known = match id {
        0x01 => f::TABLE_CAPACITY,
        0x06 => f::SECTION_SIZE,
        0x07 => f::BLOCKED_STREAMS,
        0x08 => f::EXTENDED_CONNECT,
        0x33 => f::H3_DATAGRAM,
        0xff_d277 => f::H3_DATAGRAM_04,
        0x2b60_3742 => f::WEBTRANSPORT,
        _ => return Ok(()),
    };
    sink.field(known, Value::Unsigned(value), place);
    Ok(())
}

/// What a frame means to its connection.
fn beside(message: &Message, facts: &Facts, view: &View<'_>, sink: &mut dyn Sink) {
    let Some(list) = facts.list.as_deref() else { return };
    if sink.wants(f::FULL_URI)
        && let Some(uri) = facts.asked.as_ref().and_then(|asked| asked.uri())
    {
        sink.field(f::FULL_URI, Value::text(&uri), Span::NONE);
    }
    if let Some(request) = message.extra::<Kind>().flatten() {
        let time = |frame| view.frames().frame(frame).time;
        if let (Some(came), Some(asked)) = (time(message.done).known(), time(request).known()) {
            sink.field(f::TIME, Value::Nanos(came.since(asked)), Span::NONE);
        }
        sink.field(f::REQUEST_IN, Value::Unsigned(request.number().into()), Span::NONE);
    }
    if let Some(frame) = list.unblocked {
        sink.field(f::BLOCKED, Value::Bool(true), Span::NONE);
        sink.field(f::UNBLOCKED_IN, Value::Unsigned(frame.number().into()), Span::NONE);
    }
}

/// All content of a stream, as it travelled and decoded.
fn end(message: &Message, facts: &Facts, view: &View<'_>, sink: &mut dyn Sink) {
    let Some(body) = facts.body.filter(|body| body.frames > 0) else { return };
    let sent = message.span;
    sink.field(f::BODY_LENGTH, Value::Unsigned(body.came), Span::NONE);
    if !sent.is_some() {
        return;
    }
    if sink.wants(f::BODY) {
        sink.field(f::BODY, Value::Bytes(view.bytes(sent)), sent);
    }
    if !body.whole {
        let text = format_args!("Of the {} bytes of the body {} are shown", body.came, sent.len);
        sink.note(Severity::Hint, sent, text);
    }
    let shown = view.part(message, Role::Decoded).unwrap_or(sent);
    if sink.wants(f::CONTENT) {
        let content = view.bytes(shown);
        if shown != sent {
            contents::note_unpacked(sent, content, sink);
        }
        // The length of a decoded buffer is known only now that it was made.
        sink.field(f::CONTENT, Value::text(content), shown.part(0, content.len()));
    }
    if let Some(media) = &facts.media {
        contents::describe(media, shown, view, sink);
    }
}

/// The row's text: what the message is.
pub(super) fn summary(message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
    let bytes = || view.bytes(message.span);
    match message.kind() {
        Some(Kind::StreamType) => {
            let of_type = Facts::of(message, view).and_then(|facts| facts.of_type);
            let name = of_type.and_then(|of_type| f::STREAM_TYPE.def().name_of(of_type));
            line.write_str(name.unwrap_or("Unknown Stream"))
        }
        Some(Kind::Datagram) => line.write_str("DATAGRAM"),
        Some(Kind::Encoder) => line.write_str("QPACK ENC"),
        Some(Kind::Decoder) => line.write_str("QPACK DEC"),
        Some(Kind::Frame) => {
            let Ok(header) = FrameHeader::read(bytes()) else { return Ok(()) };
            line.write_str(header.name())?;
            let list = Facts::of(message, view).and_then(|facts| facts.list.as_deref());
            let Some(list) = list else { return Ok(()) };
            row(list, view, line)
        }
        Some(Kind::End) | None => Ok(()),
    }
}
