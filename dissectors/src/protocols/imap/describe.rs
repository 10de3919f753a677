//! Says what a message of IMAP holds, field by field.

use std::fmt::{self, Write};

use super::super::lines::line;
use super::super::lines::text::{Placed, Shown, word};
use super::fields as f;
use super::{Kind, Role, syntax};
use crate::engine::view::View;
use crate::field::Value;
use crate::message::Message;
use crate::sink::Sink;
use crate::span::Span;

/// Describes a message of any kind.
pub(super) fn describe(message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
    let here = Placed { bytes: view.bytes(message.span), span: message.span };
    let end = line(here.bytes).map_or(here.bytes.len(), |line| line.text);
    sink.field(f::IS_REQUEST, Value::Bool(is_request(message)), Span::NONE);
    here.open(sink, f::LINE_TEXT, &(0..here.bytes.len()));
    match message.kind() {
        Some(Kind::Command) => command(&here, end, sink),
        Some(Kind::Data) => here.text(sink, f::REQUEST, &(0..end)),
        Some(Kind::Response | Kind::Greeting) => response(&here, end, message, view, sink),
        _ => {}
    }
    sink.close();
    for part in view.parts(message) {
        let part_here = Placed { bytes: view.bytes(part.span), span: part.span };
        let all = 0..part_here.bytes.len();
        match part.role() {
            Some(Role::Literal) => part_here.text(sink, f::LITERAL_TEXT, &all),
            Some(Role::Line) => part_here.text(sink, f::LINE_TEXT, &all),
            _ => {}
        }
    }
}

fn is_request(message: &Message) -> bool {
    matches!(message.kind(), Some(Kind::Command | Kind::Data))
}

/// The row's text: who says it, its first line, and how many bytes of literals go with that.
pub(super) fn summary(message: &Message, view: &View<'_>, out: &mut dyn Write) -> fmt::Result {
    let bytes = view.bytes(message.span);
    let end = line(bytes).map_or(bytes.len(), |line| line.text);
    let side = if is_request(message) { "Request" } else { "Response" };
    write!(out, "{side}: {}", Shown(bytes.get(..end).unwrap_or(&[])))?;
    let literals = view.parts(message).iter().filter(|part| part.is(Role::Literal));
    match literals.map(|part| view.bytes(part.span).len()).sum::<usize>() {
        0 => Ok(()),
        len => write!(out, "  ({len} bytes of literals)"),
    }
}

fn command(here: &Placed<'_>, end: usize, sink: &mut dyn Sink) {
    let text = here.bytes.get(..end).unwrap_or(&[]);
    here.open(sink, f::REQUEST, &(0..end));
    if let Some((tag, mut verb)) = syntax::tagged(text) {
        here.text(sink, f::REQUEST_TAG, &tag);
        here.text(sink, f::TAG, &tag);
        if here.get(&verb).eq_ignore_ascii_case(b"UID") {
            let next = word(text, verb.end);
            if !next.is_empty() {
                sink.field(f::REQUEST_UID, Value::Bool(true), here.place(&verb));
                verb = next;
            }
        }
        here.text(sink, f::REQUEST_COMMAND, &verb);
        here.text(sink, f::ANY_COMMAND, &verb);
        arguments(here, text, &verb, sink);
    }
    sink.close();
}

/// The arguments that have fields: who, with which password, and which mailbox.
fn arguments(here: &Placed<'_>, text: &[u8], verb: &std::ops::Range<usize>, sink: &mut dyn Sink) {
    let first = syntax::argument(text, verb.end);
    if first.is_empty() {
        return;
    }
    match here.get(verb).to_ascii_uppercase().as_slice() {
        b"LOGIN" => {
            here.text(sink, f::REQUEST_USERNAME, &first);
            let second = syntax::argument(text, first.end);
            let bare = match here.get(&second) {
                [b'"', .., b'"'] => second.start + 1..second.end - 1,
                _ => second,
            };
            if !bare.is_empty() {
                here.text(sink, f::REQUEST_PASSWORD, &bare);
            }
        }
        b"SELECT" | b"EXAMINE" | b"CREATE" | b"DELETE" | b"RENAME" | b"SUBSCRIBE"
        | b"UNSUBSCRIBE" | b"STATUS" | b"APPEND" => here.text(sink, f::REQUEST_FOLDER, &first),
        _ => {}
    }
}

fn response(
    here: &Placed<'_>,
    end: usize,
    message: &Message,
    view: &View<'_>,
    sink: &mut dyn Sink,
) {
    let text = here.bytes.get(..end).unwrap_or(&[]);
    let Some((tag, status)) = syntax::tagged(text) else { return };
    here.open(sink, f::RESPONSE_TEXT, &(0..end));
    here.text(sink, f::RESPONSE_TAG, &tag);
    here.text(sink, f::TAG, &tag);
    here.text(sink, f::RESPONSE_STATUS, &status);
    let command = word(text, status.end);
    if !command.is_empty() {
        here.text(sink, f::RESPONSE_COMMAND, &command);
        here.text(sink, f::ANY_COMMAND, &command);
    }
    if let Some(request) = message.extra::<Kind>().flatten() {
        let time = |frame| view.frames().frame(frame).time;
        sink.field(f::RESPONSE_TO, Value::Unsigned(request.number().into()), Span::NONE);
        if message.done.some().is_some() {
            let nanos = time(message.done).since(time(request));
            sink.field(f::TIME, Value::Nanos(nanos), Span::NONE);
        }
    }
    sink.close();
}
