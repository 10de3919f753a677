//! Says what a message of SIP holds.

use std::fmt::{self, Write};
use std::ops::Range;

use super::super::lines::text::{Placed, Shown, number, word};
use super::head::{Head, Start, is};
use super::*;
use crate::field::Value;
use crate::sink::Severity;
use crate::span::Span;

/// Headers that have a field of their own.
const NAMED: &[(&str, FieldId)] = &[
    ("Via", VIA),
    ("From", FROM),
    ("To", TO),
    ("Contact", CONTACT),
    ("Call-ID", CALL_ID),
    ("CSeq", CSEQ),
    ("Max-Forwards", MAX_FORWARDS),
    ("Expires", EXPIRES),
    ("Allow", ALLOW),
    ("Supported", SUPPORTED),
    ("User-Agent", USER_AGENT),
    ("Server", SERVER),
    ("Route", ROUTE),
    ("Record-Route", RECORD_ROUTE),
    ("WWW-Authenticate", AUTHENTICATE),
    ("Authorization", AUTHORIZATION),
    ("Proxy-Authenticate", PROXY_AUTHENTICATE),
    ("Proxy-Authorization", PROXY_AUTHORIZATION),
    ("Content-Type", CONTENT_TYPE),
    ("Content-Length", CONTENT_LENGTH),
];

/// The method that a CSeq names.
fn method_of<'a>(head: &Head, bytes: &'a [u8]) -> &'a [u8] {
    let value = head.value(bytes, "CSeq").unwrap_or(&[]);
    value.get(word(value, word(value, 0).end)).unwrap_or(&[])
}

/// The row's text.
pub(super) fn summary(message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
    if message.is(Kind::KeepAlive) {
        return line.write_str("Keep-alive");
    }
    let bytes = view.bytes(message.span);
    let Some(head) = Head::read(bytes) else { return line.write_str("Continuation") };
    let part = |range: &Range<usize>| Shown(bytes.get(range.clone()).unwrap_or(&[]));
    match &head.start {
        Start::Request(method, uri) => write!(line, "Request: {} {}", part(method), part(uri)),
        Start::Response(code, reason) => {
            write!(line, "Status: {} {}", part(code), part(reason))?;
            match bytes.get(code.clone()) {
                Some(b"200") => write!(line, " ({})", Shown(method_of(&head, bytes))),
                _ => Ok(()),
            }
        }
    }
}

/// Describes a message of any kind.
pub(super) fn describe(message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
    let bytes = view.bytes(message.span);
    let head = Head::read(bytes).filter(|_| !message.is(Kind::KeepAlive));
    let Some(head) = head else {
        return sink.field(DATA, Value::Bytes(bytes), message.span);
    };
    let placed = Placed { bytes, span: message.span };
    start(&head, message, &placed, sink);
    let headers = message.span.part(head.headers, head.body - head.headers);
    sink.open(HEADER, Value::None, headers);
    for one in head.headers(bytes) {
        let name = placed.get(&one.name);
        if let Some((_, field)) = NAMED.iter().find(|(known, _)| is(name, known)) {
            header(*field, &one.value, &placed, sink);
        }
    }
    sink.close();
    let said = head.content_length(bytes);
    let body = bytes.get(head.body..).unwrap_or(&[]);
    let len = said.map_or(body.len(), |said| said.min(body.len()));
    if len > 0 {
        let body = body.get(..len).unwrap_or(body);
        sink.field(BODY, Value::Bytes(body), message.span.part(head.body, len));
    }
    if let Some(said) = said.filter(|said| *said > body.len()) {
        let text = format_args!("Content-Length is {said}, but only {} bytes follow", body.len());
        sink.note(Severity::Missing, message.span.from(head.body), text);
    }
}

fn start(head: &Head, message: &Message, placed: &Placed<'_>, sink: &mut dyn Sink) {
    let line = 0..head.line;
    match &head.start {
        Start::Request(method, uri) => {
            placed.open(sink, REQUEST_LINE, &line);
            placed.text(sink, METHOD, method);
            placed.text(sink, URI, uri);
        }
        Start::Response(code, _) => {
            placed.open(sink, STATUS_LINE, &line);
            let value = number(placed.get(code)).unwrap_or_default();
            sink.field(STATUS_CODE, Value::Unsigned(value), placed.place(code));
        }
    }
    let earlier = message.extra::<Kind>().flatten();
    let is_again = message.is(Kind::Again);
    sink.field(RESEND, Value::Bool(is_again), Span::NONE);
    if let Some(frame) = earlier {
        let field = if is_again { RESEND_ORIGINAL } else { REQUEST_FRAME };
        sink.field(field, Value::Unsigned(frame.number().into()), Span::NONE);
    }
    sink.close();
}

fn header(field: FieldId, value: &Range<usize>, placed: &Placed<'_>, sink: &mut dyn Sink) {
    let text = placed.get(value);
    if field.def().reading == crate::field::Reading::Decimal {
        // A number that is none is left out: the header lines are there as bytes.
        if let Some(number) = number(text).filter(|number| *number <= u32::MAX.into()) {
            sink.field(field, Value::Unsigned(number), placed.place(value));
        }
        return;
    }
    if field != CSEQ {
        return placed.text(sink, field, value);
    }
    placed.open(sink, field, value);
    let first = word(text, 0);
    let behind = |range: Range<usize>| value.start + range.start..value.start + range.end;
    let method = word(text, first.end);
    if let Some(number) = number(text.get(first.clone()).unwrap_or(&[])) {
        sink.field(CSEQ_NUMBER, Value::Unsigned(number), placed.place(&behind(first)));
    }
    placed.text(sink, CSEQ_METHOD, &behind(method));
    sink.close();
}
