//! Says what a frame holds, field by field (RFC 9113, section 6).

use std::fmt::{self, Write};

mod beside;
mod extensions;
mod list;

use super::facts::{Facts, List};
use super::fields as f;
use super::frame::{
    ALTSVC, CONTINUATION, DATA, END_STREAM, FrameHeader, GOAWAY, HAS_PRIORITY, HEADER_LEN, HEADERS,
    ORIGIN, PING, PRIORITY, PRIORITY_UPDATE, PUSH_PROMISE, RST_STREAM, SETTINGS, WINDOW_UPDATE,
};
use super::{Kind, Role};
use crate::bytes::{Reader, Short};
use crate::engine::view::View;
use crate::field::{FieldId, Value, reread};
use crate::message::Message;
use crate::protocols::multiplexed::row;
use crate::protocols::semantics::{SETTING_LEN, SettingFields, setting};
use crate::sink::{Severity, Sink};
use crate::span::Span;

/// What settings are called here.
const OWN_SETTINGS: SettingFields = SettingFields {
    setting: f::SETTING,
    id: f::SETTING_ID,
    values: [
        f::HEADER_TABLE_SIZE,
        f::ENABLE_PUSH,
        f::MAX_CONCURRENT_STREAMS,
        f::INITIAL_WINDOW_SIZE,
        f::MAX_FRAME_SIZE,
        f::MAX_HEADER_LIST_SIZE,
        f::EXTENDED_CONNECT,
        f::NO_OLD_PRIORITIES,
        f::TLS_RENEGOTIATION,
    ],
    unknown: f::UNKNOWN_SETTING,
};

/// Describes a message of any kind.
pub(super) fn describe(message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
    if message.is(Kind::Preface) {
        sink.open(f::STREAM, Value::Text("Magic"), message.span);
        sink.field(f::MAGIC, Value::text(view.bytes(message.span)), message.span);
        sink.close();
        return;
    }
    let mut reader = view.reader(message.span);
    let Some(header) = FrameHeader::read(reader.rest()) else { return };
    sink.open(f::STREAM, Value::Text(header.name()), message.span);
    let facts = Facts::of(message, view);
    let fields = facts.and_then(|facts| facts.list.as_deref()).map(|list| (list, view));
    let parts = (payload(message, view), fields);
    if let Err(short) = frame(&header, &mut reader, parts, sink) {
        sink.note(Severity::Broken, short.place, format_args!("{short}"));
    }
    if let Some(facts) = facts {
        beside::describe(message, facts, view, sink);
    }
    sink.close();
}

/// The row's text: what the frame is, and on which stream.
pub(super) fn summary(message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
    if message.is(Kind::Preface) {
        return line.write_str("Magic");
    }
    let Some(header) = FrameHeader::read(view.bytes(message.span)) else { return Ok(()) };
    write!(line, "{}[{}]", header.name(), header.stream)?;
    let Some(list) = Facts::of(message, view).and_then(|facts| facts.list.as_deref()) else {
        return Ok(());
    };
    row(list, view, line)
}

/// The payload of a frame whose message spans its head only.
fn payload<'a>(message: &Message, view: &View<'a>) -> Option<Reader<'a>> {
    view.part(message, Role::Payload).map(|span| view.reader(span))
}

fn frame(
    header: &FrameHeader,
    reader: &mut Reader<'_>,
    (apart, fields): (Option<Reader<'_>>, Option<(&List, &View<'_>)>),
    sink: &mut dyn Sink,
) -> Result<(), Short> {
    exact(reader, 3, "the length", &[f::LENGTH], sink)?;
    exact(reader, 1, "the type", &[f::TYPE], sink)?;
    flags(header, reader, sink)?;
    exact(reader, 4, "the stream identifier", &[f::RESERVED, f::STREAM_ID], sink)?;
    let mut body = match (header.kind, apart) {
        // What passed by was collected together with the header.
        (kind, Some(mut apart)) if kind != DATA => {
            apart.take(HEADER_LEN, "a frame header")?;
            apart
        }
        _ => *reader,
    };
    match header.kind {
        DATA => data(header, &mut body, apart, sink),
        HEADERS => headers(header, &mut body, fields, sink),
        PRIORITY => {
            fixed(header, 5, &body, sink);
            priority(&mut body, sink)
        }
        RST_STREAM => {
            fixed(header, 4, &body, sink);
            exact(&mut body, 4, "the error code", &[f::RST_ERROR], sink)
        }
        SETTINGS => settings(header, &mut body, sink),
        PUSH_PROMISE => push_promise(header, &mut body, fields, sink),
        PING => {
            fixed(header, 8, &body, sink);
            let ack = header.has(END_STREAM);
            rest(&body, if ack { f::PONG_DATA } else { f::PING_DATA }, sink);
            Ok(())
        }
        GOAWAY => {
            exact(&mut body, 4, "the last stream", &[f::GOAWAY_RESERVED, f::GOAWAY_STREAM], sink)?;
            exact(&mut body, 4, "the error code", &[f::GOAWAY_ERROR], sink)?;
            rest(&body, f::GOAWAY_DATA, sink);
            Ok(())
        }
        WINDOW_UPDATE => {
            fixed(header, 4, &body, sink);
            let fields = [f::WINDOW_RESERVED, f::WINDOW_INCREMENT];
            exact(&mut body, 4, "the window increment", &fields, sink)
        }
        CONTINUATION => {
            sink.field(f::PAD_LENGTH, Value::Unsigned(0), Span::NONE);
            rest(&body, f::CONTINUATION_BLOCK, sink);
            unpacked(fields, sink);
            Ok(())
        }
        ALTSVC => extensions::altsvc(&mut body, sink),
        ORIGIN => extensions::origins(&mut body, sink),
        PRIORITY_UPDATE => extensions::priority_update(&mut body, sink),
        _ => {
            rest(&body, f::UNKNOWN, sink);
            Ok(())
        }
    }
}

/// Reads `len` bytes and gives each of the fields that lie in them.
fn exact(
    reader: &mut Reader<'_>,
    len: usize,
    what: &'static str,
    fields: &[FieldId],
    sink: &mut dyn Sink,
) -> Result<(), Short> {
    let (bytes, span) = reader.take(len, what)?;
    for field in fields {
        if let Some(value) = reread(field.def(), bytes) {
            sink.field(*field, value, span);
        }
    }
    Ok(())
}

/// All that is left, where anything is.
fn rest(reader: &Reader<'_>, field: FieldId, sink: &mut dyn Sink) {
    if !reader.is_empty() {
        sink.field(field, Value::Bytes(reader.rest()), reader.span());
    }
}

/// Notes a payload that has not the one length its type allows.
fn fixed(header: &FrameHeader, len: u32, body: &Reader<'_>, sink: &mut dyn Sink) {
    if header.length != len {
        let (name, is) = (header.name(), header.length);
        let text = format_args!("{name} has {is} bytes of payload, but its type takes {len}");
        sink.note(Severity::Broken, body.span(), text);
    }
}

fn flags(header: &FrameHeader, reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let fields: &[FieldId] = match header.kind {
        DATA => &[f::UNUSED_DATA, f::FLAG_PADDED, f::FLAG_END_STREAM],
        HEADERS => &[
            f::UNUSED_HEADERS,
            f::FLAG_PRIORITY,
            f::FLAG_PADDED,
            f::FLAG_END_HEADERS,
            f::FLAG_END_STREAM,
        ],
        SETTINGS => &[f::UNUSED_SETTINGS, f::FLAG_ACK_SETTINGS],
        PUSH_PROMISE => &[f::UNUSED_PUSH_PROMISE, f::FLAG_PADDED, f::FLAG_END_HEADERS],
        PING => &[f::UNUSED_PING, f::FLAG_ACK_PING],
        CONTINUATION => &[f::UNUSED_CONTINUATION, f::FLAG_END_HEADERS],
        _ => &[f::UNUSED],
    };
    let mut inside = *reader;
    let (bits, span) = reader.u8("the flags")?;
    sink.open(f::FLAGS_ALL, Value::Unsigned(u64::from(bits)), span);
    exact(&mut inside, 1, "the flags", fields, sink)?;
    sink.close();
    Ok(())
}

/// Reads the pad length and cuts the padding off; what remains is content, then padding.
fn unpad<'a>(
    header: &FrameHeader,
    body: &mut Reader<'a>,
    sink: &mut dyn Sink,
) -> Result<(Reader<'a>, Reader<'a>), Short> {
    let (padding, span) =
        if header.is_padded() { body.u8("the pad length")? } else { (0, Span::NONE) };
    sink.field(f::PAD_LENGTH, Value::Unsigned(u64::from(padding)), span);
    let padding = usize::from(padding);
    let Some(content) = body.len().checked_sub(padding) else {
        let present = body.len();
        return Err(Short { what: "the pad length", needed: padding, present, place: span });
    };
    let content = body.sub(content, "the content")?;
    Ok((content, *body))
}

fn data(
    header: &FrameHeader,
    body: &mut Reader<'_>,
    apart: Option<Reader<'_>>,
    sink: &mut dyn Sink,
) -> Result<(), Short> {
    let (padding, span) = if header.is_padded() && header.length > 0 {
        body.u8("the pad length")?
    } else {
        (0, Span::NONE)
    };
    sink.field(f::PAD_LENGTH, Value::Unsigned(u64::from(padding)), span);
    let Some(mut payload) = apart else { return Ok(()) };
    let expected = header.length - u32::from(header.is_padded());
    let padding = usize::from(padding);
    if padding > expected as usize {
        let present = payload.len();
        return Err(Short { what: "the pad length", needed: padding, present, place: span });
    }
    let content = payload.len().min(expected as usize - padding);
    rest(&payload.sub(content, "the content")?, f::DATA_BYTES, sink);
    rest(&payload, f::DATA_PADDING, sink);
    Ok(())
}

/// The fields of a header block, where they were unpacked.
fn unpacked(fields: Option<(&List, &View<'_>)>, sink: &mut dyn Sink) {
    if let Some((list, view)) = fields {
        list::describe(list, view, sink);
    }
}

fn headers(
    header: &FrameHeader,
    body: &mut Reader<'_>,
    fields: Option<(&List, &View<'_>)>,
    sink: &mut dyn Sink,
) -> Result<(), Short> {
    let (mut block, padding) = unpad(header, body, sink)?;
    if header.has(HAS_PRIORITY) {
        priority(&mut block, sink)?;
    }
    rest(&block, f::HEADER_BLOCK, sink);
    unpacked(fields, sink);
    rest(&padding, f::HEADERS_PADDING, sink);
    Ok(())
}

fn priority(body: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    exact(body, 4, "the stream dependency", &[f::EXCLUSIVE, f::DEPENDENCY], sink)?;
    let (weight, span) = body.u8("the weight")?;
    sink.field(f::WEIGHT, Value::Unsigned(u64::from(weight)), span);
    sink.field(f::WEIGHT_REAL, Value::Unsigned(u64::from(weight) + 1), span);
    Ok(())
}

fn settings(header: &FrameHeader, body: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    if header.has(END_STREAM) {
        fixed(header, 0, body, sink);
    }
    while !body.is_empty() {
        let whole = body.span().part(0, SETTING_LEN);
        let (id, place) = body.u16("a setting's identifier")?;
        let (value, value_place) = body.u32("a setting's value")?;
        setting((id, value), [whole, place, value_place], &OWN_SETTINGS, sink);
    }
    Ok(())
}

fn push_promise(
    header: &FrameHeader,
    body: &mut Reader<'_>,
    fields: Option<(&List, &View<'_>)>,
    sink: &mut dyn Sink,
) -> Result<(), Short> {
    let (mut block, padding) = unpad(header, body, sink)?;
    exact(&mut block, 4, "the promised stream", &[f::PUSH_RESERVED, f::PUSH_STREAM], sink)?;
    rest(&block, f::PUSH_BLOCK, sink);
    unpacked(fields, sink);
    rest(&padding, f::PUSH_PADDING, sink);
    Ok(())
}
