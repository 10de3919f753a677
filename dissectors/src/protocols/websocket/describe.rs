//! Says what a frame holds, and what the message that ends with it says.

use std::fmt::{self, Write};

use super::fields as f;
use super::frame::{BINARY, CLOSE, CONTINUATION, FrameHeader, MAX_HEADER, PING, PONG, TEXT};
use super::spoken::socketio;
use super::{Kind, Role, Spoken};
use crate::bytes::Short;
use crate::engine::view::View;
use crate::field::{FieldId, Value, reread};
use crate::message::Message;
use crate::protocols::contents::{self, Media};
use crate::sink::{Severity, Sink};
use crate::span::Span;

/// Describes a frame.
pub(super) fn describe(message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
    let Ok(header) = FrameHeader::read(head(message, view)) else { return };
    if let Err(short) = head_fields(message, view, sink) {
        sink.note(Severity::Broken, short.place, format_args!("{short}"));
    }
    if header.is_control() && (header.length > 125 || !header.fin) {
        let text = "A control frame has 125 bytes of payload at most, and is whole (RFC 6455, section 5.5)";
        sink.note(Severity::Broken, message.span, format_args!("{text}"));
    }
    let Some(payload) = payload(message, &header, view) else {
        let text = "The payload is too long to be kept: it passed by";
        sink.note(Severity::Hint, message.span, format_args!("{text}"));
        return;
    };
    if header.key.is_some() {
        let masked = message.span.from(header.header);
        sink.field(f::MASKED, Value::Bytes(view.bytes(masked)), masked);
    }
    sink.open(f::PAYLOAD, Value::Bytes(view.bytes(payload)), payload);
    match header.opcode {
        CLOSE => close(payload, view, sink),
        PING => sink.field(f::PING, Value::Bytes(view.bytes(payload)), payload),
        PONG => sink.field(f::PONG, Value::Bytes(view.bytes(payload)), payload),
        CONTINUATION | TEXT | BINARY => content(message, &header, payload, view, sink),
        _ => sink.field(f::UNKNOWN, Value::Bytes(view.bytes(payload)), payload),
    }
    sink.close();
}

/// The row's text, as Wireshark's.
pub(super) fn summary(message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
    let Ok(header) = FrameHeader::read(head(message, view)) else { return Ok(()) };
    line.write_str("WebSocket ")?;
    match f::OPCODE.def().name_of(header.opcode.into()) {
        Some(name) => line.write_str(name)?,
        None => write!(line, "Opcode {}", header.opcode)?,
    }
    if header.fin {
        line.write_str(" [FIN]")?;
    }
    if header.key.is_some() {
        line.write_str(" [MASKED]")?;
    }
    Ok(())
}

/// The bytes of a frame's header, and perhaps more.
pub(super) fn head<'v>(message: &Message, view: &View<'v>) -> &'v [u8] {
    view.bytes(message.span.part(0, MAX_HEADER))
}

/// Where the payload of a frame can be read; `None` if it passed by.
pub(super) fn payload(message: &Message, header: &FrameHeader, view: &View<'_>) -> Option<Span> {
    let passed = view.part(message, Role::Passed).is_some();
    let own = || Some(message.span.from(header.header)).filter(|_| !passed);
    view.part(message, Role::Payload).or_else(own)
}

fn head_fields(message: &Message, view: &View<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let mut reader = view.reader(message.span);
    let mut give = |bytes: &[u8], place: Span, fields: &[FieldId]| {
        for field in fields {
            if let Some(value) = reread(field.def(), bytes) {
                sink.field(*field, value, place);
            }
        }
    };
    let (first, place) = reader.take(1, "the opcode")?;
    let is_packed = first.first().is_some_and(|byte| byte & 0x48 == 0x40);
    let bits: &[FieldId] = if is_packed {
        &[f::FIN, f::RESERVED, f::PACKED, f::OPCODE]
    } else {
        &[f::FIN, f::RESERVED, f::OPCODE]
    };
    give(first, place, bits);
    let (second, place) = reader.take(1, "the length")?;
    give(second, place, &[f::MASK, f::LENGTH]);
    let second = second.first().copied().unwrap_or_default();
    let longer = match second & 0x7f {
        126 => Some((2, f::LENGTH_16)),
        127 => Some((8, f::LENGTH_64)),
        _ => None,
    };
    if let Some((len, field)) = longer {
        let (bytes, place) = reader.take(len, "the length")?;
        give(bytes, place, &[field]);
    }
    if second & 0x80 != 0 {
        let (bytes, place) = reader.take(4, "the masking key")?;
        give(bytes, place, &[f::KEY]);
    }
    Ok(())
}

fn close(payload: Span, view: &View<'_>, sink: &mut dyn Sink) {
    let mut reader = view.reader(payload);
    sink.open(f::CLOSE, Value::Bytes(reader.rest()), payload);
    if let Ok((code, place)) = reader.u16("the status code") {
        sink.field(f::STATUS_CODE, Value::Unsigned(code.into()), place);
        if !reader.is_empty() {
            sink.field(f::REASON, Value::text(reader.rest()), reader.span());
        }
    }
    sink.close();
}

/// What a frame says, or the message that ends with it.
fn content(
    message: &Message,
    header: &FrameHeader,
    payload: Span,
    view: &View<'_>,
    sink: &mut dyn Sink,
) {
    let unpacked = view.part(message, Role::Unpacked);
    let whole = unpacked.or_else(|| view.part(message, Role::Whole));
    if let Some(whole) = whole.filter(|_| header.opcode == CONTINUATION) {
        sink.field(f::WHOLE_LENGTH, Value::Unsigned(whole.len.into()), Span::NONE);
    }
    let note = message.extra::<Kind>().unwrap_or_default();
    let is_text = note.opcode == TEXT;
    let shown = whole.unwrap_or(payload);
    match (header.fin, is_text) {
        (true, true) => {
            sink.field(f::TEXT, Value::text(view.bytes(shown)), shown);
            contents::describe(&Media::text(), shown, view, sink);
            if note.spoken == Spoken::SocketIo {
                socketio::describe(shown, view, sink);
            } else if contents::is_json(view.bytes(shown)) {
                contents::describe(&Media::json(), shown, view, sink);
            }
        }
        (false, _) => sink.field(f::CONTINUE, Value::Bytes(view.bytes(payload)), payload),
        _ => {}
    }
}
