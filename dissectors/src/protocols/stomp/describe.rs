//! Says what a frame holds.

use std::fmt::{self, Write};

use super::frame::{Frame, headers};
use super::{BEAT, BODY, COMMAND, HEADER, Kind, NAME, VALUE};
use crate::bytes::Lossy;
use crate::engine::view::View;
use crate::field::Value;
use crate::message::Message;
use crate::protocols::contents::{self, Media};
use crate::sink::{Severity, Sink};

/// The row's text: the command, and to where.
pub(super) fn summary(message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
    let Some(frame) = Frame::read(view.bytes(message.span)) else {
        return line.write_str("Heart-beat");
    };
    write!(line, "{}", Lossy(frame.command))?;
    match frame.value("destination") {
        Some(to) => write!(line, " {}", Lossy(to)),
        None => Ok(()),
    }
}

/// Describes a frame.
pub(super) fn describe(message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
    let (bytes, span) = (view.bytes(message.span), message.span);
    if message.is(Kind::Beat) {
        return sink.field(BEAT, Value::Bytes(bytes), span);
    }
    let Some(frame) = Frame::read(bytes) else { return };
    let place = |range: &std::ops::Range<usize>| span.part(range.start, range.len());
    let text = |range: &std::ops::Range<usize>| {
        Value::text(frame.head.get(range.clone()).unwrap_or_default())
    };
    let command = 0..frame.command.len();
    sink.field(COMMAND, text(&command), place(&command));
    for header in headers(frame.head) {
        sink.open(HEADER, text(&header.line), place(&header.line));
        sink.field(NAME, text(&header.name), place(&header.name));
        sink.field(VALUE, text(&header.value), place(&header.value));
        sink.close();
    }
    let body = place(&frame.body);
    if body.len > 0 {
        sink.field(BODY, Value::Bytes(view.bytes(body)), body);
        let media = frame.value("content-type").and_then(Media::of);
        if let Some(media) = media {
            contents::describe(&media, body, view, sink);
        }
    }
    if bytes.last() != Some(&0) {
        let text = "The frame goes on behind what is kept of it, or does not end with a zero";
        sink.note(Severity::Hint, span, format_args!("{text}"));
    }
}
