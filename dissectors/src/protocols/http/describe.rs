//! Says what a message holds: the start line, the headers, the body, field by field.

use std::borrow::Cow;
use std::fmt::{self, Write};
use std::ops::Range;

use super::body;
use super::facts::{Ended, Facts};
use super::fields as f;
use super::head::{Header, Headers, MAX_HEAD, StartLine, is_sound_version, line_end, trimmed};
use super::{Kind, Role, doubt, settings};
pub(super) use crate::bytes::Lossy as Shown;
use crate::engine::view::View;
use crate::field::{FieldId, Value};
use crate::ids::FrameId;
use crate::message::Message;
use crate::protocols::semantics::{codes, number};
use crate::sink::{Severity, Sink};
use crate::span::Span;

/// A head with its place.
pub(super) struct Placed<'a> {
    pub(super) bytes: &'a [u8],
    span: Span,
}

impl<'a> Placed<'a> {
    fn bytes(&self, range: &Range<usize>) -> &'a [u8] {
        self.bytes.get(range.clone()).unwrap_or(&[])
    }

    fn span(&self, range: &Range<usize>) -> Span {
        self.span.part(range.start, range.len())
    }

    fn text(&self, sink: &mut dyn Sink, field: FieldId, range: &Range<usize>) {
        sink.field(field, Value::text(self.bytes(range)), self.span(range));
    }
}

/// Describes a message of any kind.
pub(super) fn describe(message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
    let bytes = view.bytes(message.span);
    if message.is(Kind::Continuation) {
        sink.field(f::FILE_DATA, Value::text(bytes), message.span);
        if bytes.len() >= MAX_HEAD && StartLine::read(bytes).is_some() {
            let text =
                "A head longer than anyone takes, as in a flood of header fields: it is not read";
            sink.note(Severity::Broken, message.span, format_args!("{text}"));
        }
        return;
    }
    let Some(start) = StartLine::read(bytes) else {
        sink.note(Severity::Missing, message.span, format_args!("The head cannot be read again"));
        return;
    };
    let head = Placed { bytes, span: message.span };
    let line = trimmed(bytes, &(0..line_end(bytes, 0).unwrap_or(bytes.len())));
    let facts = Facts::of(message, view);
    sink.open(f::CHAT, Value::text(head.bytes(&line)), head.span(&line));
    let (StartLine::Request { version, .. } | StartLine::Response { version, .. }) = &start;
    let version_is_sound = version.is_empty() || is_sound_version(head.bytes(version));
    if !version_is_sound && facts.ended != Ended::InHead {
        let text = "A version is HTTP/, a digit, a dot and a digit (RFC 9112, section 2.3)";
        sink.note(Severity::Broken, head.span(version), format_args!("{text}"));
    }
    let line_field = match &start {
        StartLine::Request { method, target, version } => {
            head.text(sink, f::REQUEST_METHOD, method);
            uri(&head, target, sink);
            if !version.is_empty() {
                head.text(sink, f::REQUEST_VERSION, version);
            }
            f::REQUEST_LINE
        }
        StartLine::Response { version, code, number, phrase } => {
            head.text(sink, f::RESPONSE_VERSION, version);
            if code.is_empty() {
                let text = "A version is followed by a code of three digits (RFC 9112, section 4)";
                sink.note(Severity::Broken, head.span(&line), format_args!("{text}"));
            } else {
                let value = Value::Unsigned(u64::from(*number));
                sink.field(f::RESPONSE_CODE, value, head.span(code));
            }
            if !code.is_empty() && sink.wants(f::RESPONSE_CODE_DESC) {
                let name: Cow<'_, str> = codes::name(*number)
                    .map_or_else(|| format!("Unknown ({number})").into(), Cow::from);
                sink.field(f::RESPONSE_CODE_DESC, Value::Text(&name), Span::NONE);
            }
            if !phrase.is_empty() {
                head.text(sink, f::RESPONSE_PHRASE, phrase);
            }
            f::RESPONSE_LINE
        }
    };
    sink.close();
    if facts.ended == Ended::InHead {
        let text = "The capture cut this head: what is whole of it is shown";
        sink.note(Severity::Missing, message.span, format_args!("{text}"));
    }
    if facts.ended != Ended::InHead {
        for (doubt, place) in doubt::of(bytes) {
            sink.note(Severity::Broken, head.span(&place), format_args!("{}", doubt.sentence()));
        }
    }
    for one in Headers::new(bytes) {
        if sink.is_done() {
            return;
        }
        header(&head, &one, line_field, sink);
    }
    if matches!(start, StartLine::Request { .. }) {
        request(message, &head, facts, sink);
    } else {
        response(message, view, facts, sink);
    }
    body::describe(message, view, sink);
}

/// The row's text: the start line and a blank, then the media type of a body, as Wireshark's. Of
/// the head it reads no more.
pub(super) fn summary(message: &Message, view: &View<'_>, out: &mut dyn Write) -> fmt::Result {
    if message.is(Kind::Continuation) {
        return out.write_str("Continuation");
    }
    let head = view.bytes(message.span);
    if head.is_empty() {
        return Ok(());
    }
    let line = trimmed(head, &(0..line_end(head, 0).unwrap_or(head.len())));
    Shown(head.get(line).unwrap_or(&[])).put(out)?;
    out.write_char(' ')?;
    match view.part(message, Role::Body).and_then(|_| media_type(head)) {
        Some(kind) => {
            out.write_str(" (")?;
            put_in_lower_case(kind, out)?;
            out.write_char(')')
        }
        None => Ok(()),
    }
}

/// Writes bytes that are text most of the time in lower case, some at a time.
fn put_in_lower_case(bytes: &[u8], out: &mut dyn Write) -> fmt::Result {
    const SOME: usize = 64;
    let mut lower = [0; SOME];
    if let Some(lower) = lower.get_mut(..bytes.len()).filter(|_| bytes.is_ascii()) {
        lower.copy_from_slice(bytes);
        lower.make_ascii_lowercase();
        return Shown(lower).put(out);
    }
    bytes.utf8_chunks().try_for_each(|chunk| {
        chunk.valid().chars().try_for_each(|c| out.write_char(c.to_ascii_lowercase()))?;
        if chunk.invalid().is_empty() { Ok(()) } else { out.write_str("\u{fffd}") }
    })
}

fn uri(head: &Placed<'_>, target: &Range<usize>, sink: &mut dyn Sink) {
    let bytes = head.bytes(target);
    let Some(mark) = memchr::memchr(b'?', bytes) else {
        return head.text(sink, f::REQUEST_URI, target);
    };
    sink.open(f::REQUEST_URI, Value::text(bytes), head.span(target));
    let query = target.start + mark + 1..target.end;
    head.text(sink, f::REQUEST_URI_PATH, &(target.start..target.start + mark));
    sink.open(f::REQUEST_URI_QUERY, Value::text(head.bytes(&query)), head.span(&query));
    each(head, &query, b'&', |part| head.text(sink, f::REQUEST_URI_PARAMETER, &part));
    sink.close();
    sink.close();
}

/// Calls for each part of a range that a separator cuts.
fn each(
    head: &Placed<'_>,
    range: &Range<usize>,
    separator: u8,
    mut call: impl FnMut(Range<usize>),
) {
    let mut start = range.start;
    for part in head.bytes(range).split(|byte| *byte == separator) {
        call(start..start + part.len());
        start += part.len() + 1;
    }
}

fn header(head: &Placed<'_>, header: &Header, line_field: FieldId, sink: &mut dyn Sink) {
    let name = head.bytes(&header.name);
    match f::of_header(name) {
        Some(field) => known(head, header, field, sink),
        None if name.is_empty() => sink.note(
            Severity::Broken,
            head.span(&header.line),
            format_args!("A header line is a name, a colon and a value"),
        ),
        None => {}
    }
    head.text(sink, line_field, &header.line);
}

fn known(head: &Placed<'_>, header: &Header, field: FieldId, sink: &mut dyn Sink) {
    let value = head.bytes(&header.value);
    let span = head.span(&header.value);
    match field {
        field if field == f::CONTENT_LENGTH_HEADER => match number(value.trim_ascii()) {
            Some(length) => {
                sink.open(field, Value::text(value), span);
                sink.field(f::CONTENT_LENGTH, Value::Unsigned(length), span);
                sink.close();
            }
            None => {
                head.text(sink, field, &header.value);
                let text = "Content-Length is not one decimal number of bytes";
                sink.note(Severity::Broken, span, format_args!("{text}"));
            }
        },
        field if field == f::COOKIE => {
            sink.open(field, Value::text(value), span);
            each(head, &header.value, b';', |part| {
                let blanks = head.bytes(&part).iter().take_while(|byte| **byte == b' ').count();
                head.text(sink, f::COOKIE_PAIR, &(part.start + blanks..part.end));
            });
            sink.close();
        }
        field if [f::AUTHORIZATION, f::PROXY_AUTHORIZATION].contains(&field) => {
            match credentials(value) {
                Some(text) => {
                    sink.open(field, Value::text(value), span);
                    sink.field(f::AUTH_BASIC, Value::text(&text), Span::NONE);
                    sink.close();
                }
                None => head.text(sink, field, &header.value),
            }
        }
        field if field == f::HTTP2_SETTINGS => {
            sink.open(field, Value::text(value), span);
            settings::describe(value, span, sink);
            sink.close();
        }
        _ => head.text(sink, field, &header.value),
    }
}

/// The user and password of `Basic` credentials (RFC 7617, section 2), which anyone can read.
fn credentials(value: &[u8]) -> Option<Vec<u8>> {
    let mut bits = 0u32;
    let mut count = 0;
    let mut out = Vec::new();
    for byte in value.strip_prefix(b"Basic ")?.iter().take_while(|byte| **byte != b'=') {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(six);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
        }
    }
    Some(out)
}

fn request(message: &Message, head: &Placed<'_>, facts: Facts, sink: &mut dyn Sink) {
    if sink.wants(f::REQUEST_FULL_URI)
        && let Some(uri) = full_uri(head.bytes, message)
    {
        sink.field(f::REQUEST_FULL_URI, Value::text(&uri), Span::NONE);
    }
    sink.field(f::IS_REQUEST, Value::Bool(true), Span::NONE);
    count(f::REQUEST_NUMBER, facts.number, sink);
    frame(f::PREV_REQUEST_IN, facts.previous_request, sink);
}

fn response(message: &Message, view: &View<'_>, facts: Facts, sink: &mut dyn Sink) {
    sink.field(f::IS_RESPONSE, Value::Bool(true), Span::NONE);
    count(f::RESPONSE_NUMBER, facts.number, sink);
    let request = message.extra::<Kind>().flatten();
    if let Some(request) = request {
        let time = |frame| view.frames().frame(frame).time;
        if let (Some(came), Some(asked)) = (time(message.done).known(), time(request).known()) {
            sink.field(f::TIME, Value::Nanos(came.since(asked)), Span::NONE);
        }
    }
    frame(f::PREV_REQUEST_IN, facts.previous_request, sink);
    frame(f::PREV_RESPONSE_IN, facts.previous_response, sink);
    frame(f::REQUEST_IN, request.unwrap_or(FrameId::NONE), sink);
    let Some(request) = request_head(message, view) else { return };
    if let Some(target) = target(&request) {
        request.text(sink, f::REQUEST_URI, &target);
    }
    if sink.wants(f::REQUEST_FULL_URI)
        && let Some(uri) = full_uri(request.bytes, message)
    {
        sink.field(f::REQUEST_FULL_URI, Value::text(&uri), Span::NONE);
    }
}

fn count(field: FieldId, number: u32, sink: &mut dyn Sink) {
    sink.field(field, Value::Unsigned(u64::from(number)), Span::NONE);
}

fn frame(field: FieldId, frame: FrameId, sink: &mut dyn Sink) {
    if let Some(frame) = frame.some() {
        count(field, frame.number(), sink);
    }
}

/// The head of the request that a response answers.
pub(super) fn request_head<'a>(message: &Message, view: &View<'a>) -> Option<Placed<'a>> {
    let span = view.part(message, Role::RequestHead)?;
    Some(Placed { bytes: view.bytes(span), span })
}

/// The value of the first header of that name.
pub(super) fn value_of<'a>(head: &'a [u8], name: &str) -> Option<&'a [u8]> {
    let mut headers = Headers::new(head);
    let may_be = |line: &[u8]| {
        line.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()))
    };
    while let Some(header) = headers.next_of(may_be) {
        let found = head.get(header.name.clone());
        if found.is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes())) {
            return head.get(header.value).map(<[u8]>::trim_ascii);
        }
    }
    None
}

/// The fields of a head, each with its name and its value, blanks around it taken away.
pub(super) fn fields(head: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> + Clone {
    let pair =
        |header: Header| Some((head.get(header.name)?, head.get(header.value)?.trim_ascii()));
    Headers::new(head).filter_map(pair)
}

/// A body's media type without its parameters, its case as it came (RFC 9110, section 8.3.1).
fn media_type(head: &[u8]) -> Option<&[u8]> {
    let value = value_of(head, "content-type")?;
    let kind = value.split(|byte| *byte == b';' || byte.is_ascii_whitespace()).next()?;
    Some(kind).filter(|kind| !kind.is_empty())
}

/// Where a request's target stands in its head.
fn target(head: &Placed<'_>) -> Option<Range<usize>> {
    match StartLine::read(head.bytes)? {
        StartLine::Request { target, .. } => Some(target),
        StartLine::Response { .. } => None,
    }
}

/// What a request is for, as a URI: its target where that is one or names the far end of a tunnel,
/// else put together from scheme, host and path (RFC 9112, section 3.3). `None` if the request
/// names no host.
fn full_uri<'a>(head: &'a [u8], message: &Message) -> Option<Cow<'a, [u8]>> {
    let StartLine::Request { method, target, .. } = StartLine::read(head)? else { return None };
    let host = value_of(head, "host")?;
    let (method, target) = (head.get(method)?, head.get(target)?);
    let begins = |scheme: &[u8]| {
        target.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    if method == b"CONNECT" || begins(b"http://") || begins(b"https://") {
        return Some(target.into());
    }
    let scheme: &[u8] = if message.protection.is_sealed() { b"https://" } else { b"http://" };
    Some([scheme, host, target].concat().into())
}
