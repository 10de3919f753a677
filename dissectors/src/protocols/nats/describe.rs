//! Says what lines of NATS hold.

use std::fmt::{self, Write};
use std::ops::Range;

use super::Kind;
use super::line::{self, Line, Op};
use crate::bytes::{Reader, Short};
use crate::engine::view::View;
use crate::field::{FieldId, Value};
use crate::message::Message;
use crate::protocols::datagrams::request;
use crate::protocols::lines;
use crate::protocols::lines::text::{Placed, Shown, number};
use crate::protocols::values::bytes;
use crate::sink::{Severity, Sink};
use crate::span::Span;

/// How much of a line a row shows.
const MAX_SHOWN: usize = 200;

/// The row's text: the line.
pub(super) fn summary(message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
    let bytes = view.bytes(message.span);
    let end = memchr::memchr2(b'\r', b'\n', bytes).unwrap_or(bytes.len()).min(MAX_SHOWN);
    write!(line, "{}", Shown(bytes.get(..end).unwrap_or(&[])))
}

/// Describes a line and what it carries.
pub(super) fn describe(message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
    let mut reader = view.reader(message.span);
    let placed = Placed { bytes: reader.rest(), span: reader.span() };
    let Some(line) = line::read(placed.bytes) else {
        sink.note(Severity::Missing, message.span, format_args!("The line is not whole"));
        return;
    };
    let text = |field: FieldId, range: &Range<usize>, sink: &mut dyn Sink| {
        if !range.is_empty() {
            placed.text(sink, field, range);
        }
    };
    text(super::OP, &line.name, sink);
    text(super::SUBJECT, &line.subject, sink);
    text(super::SID, &line.sid, sink);
    text(super::REPLY_TO, &line.reply, sink);
    text(super::QUEUE_GROUP, &line.group, sink);
    text(super::MAX_MSGS, &line.max, sink);
    for (field, range) in [(super::HEADER_BYTES, &line.headers), (super::TOTAL_BYTES, &line.total)]
    {
        if let Some(value) = number(placed.get(range)).filter(|_| !range.is_empty()) {
            sink.field(field, Value::Unsigned(value), placed.place(range));
        }
    }
    let rest = lines::text::rest(placed.get(&(0..line.text)), line.name.end);
    match line.op {
        Op::Info | Op::Connect => {
            sink.open(super::FEATURES, Value::text(placed.get(&rest)), placed.place(&rest));
            sink.close();
        }
        Op::Err => text(super::ERROR, &rest, sink),
        _ => {}
    }
    if let Err(short) = content(&line, &placed, &mut reader, sink) {
        sink.note(Severity::Broken, short.place, format_args!("{short}"));
    }
    if let Some(request) = request::<Kind>(message, view) {
        let frame = Value::Unsigned(request.frame.number().into());
        sink.field(super::REQUEST_IN, frame, Span::NONE);
        sink.field(super::LATENCY, Value::Nanos(request.before), Span::NONE);
    }
}

/// Headers and content: of a long message as much as was kept.
fn content(
    line: &Line,
    placed: &Placed<'_>,
    reader: &mut Reader<'_>,
    sink: &mut dyn Sink,
) -> Result<(), Short> {
    let Some(total) = line.carries(placed.bytes) else { return Ok(()) };
    reader.take(line.len, "The line")?;
    let of_headers = number(placed.get(&line.headers)).unwrap_or(0).min(total);
    sink.field(super::BODY_BYTES, Value::Unsigned(total - of_headers), Span::NONE);
    let of_headers = usize::try_from(of_headers).unwrap_or(usize::MAX).min(reader.len());
    if of_headers > 0 {
        let headers = reader.sub(of_headers, "The headers")?;
        sink.open(super::HEADERS, Value::None, headers.span());
        told(headers, sink);
        sink.close();
    }
    let total = usize::try_from(total).unwrap_or(usize::MAX).saturating_sub(of_headers);
    if total > 0 {
        bytes(super::PAYLOAD, total.min(reader.len()), reader, sink)?;
    }
    Ok(())
}

/// The version, then a header in each line, as HTTP writes them.
fn told(mut headers: Reader<'_>, sink: &mut dyn Sink) {
    let mut field = super::HEADERS_VERSION;
    while let Some(line) = lines::line(headers.rest()) {
        let Ok((text, place)) = headers.take(line.len, "A header") else { return };
        if line.text > 0 {
            let text = Value::text(text.get(..line.text).unwrap_or(&[]));
            sink.field(field, text, place.part(0, line.text));
        }
        field = super::HEADER;
    }
}
