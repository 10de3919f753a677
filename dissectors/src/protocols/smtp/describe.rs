//! Says what a message of SMTP holds, field by field.

use std::fmt::{self, Write};

use super::super::lines::dots::without_end;
use super::super::lines::text::{Placed, Shown, rest, word};
use super::super::lines::{line, reply};
use super::fields as f;
use super::{Kind, Note, Role, Secret};
use crate::engine::view::View;
use crate::field::Value;
use crate::message::Message;
use crate::sink::Sink;
use crate::span::Span;

/// Describes a message of any kind.
pub(super) fn describe(message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
    let here = Placed { bytes: view.bytes(message.span), span: message.span };
    let end = line(here.bytes).map_or(here.bytes.len(), |line| line.text);
    match message.kind() {
        Some(Kind::Command) => command(&here, end, sink),
        Some(Kind::Reply) => response(&here, sink),
        Some(Kind::Content) => mail(message, view, sink),
        // The mail is told where it ends.
        Some(Kind::Part) => {}
        Some(Kind::Auth) => {
            sink.field(f::REQ, Value::Bool(true), Span::NONE);
            let field = match message.extra::<Kind>() {
                Some(Note::Holds(Secret::Username)) => f::AUTH_USERNAME,
                Some(Note::Holds(Secret::Password)) => f::AUTH_PASSWORD,
                Some(Note::Holds(Secret::Both)) => f::AUTH_BOTH,
                _ => f::COMMAND_LINE,
            };
            here.text(sink, field, &(0..end));
        }
        _ => here.text(sink, f::MESSAGE_LINE, &(0..end)),
    }
}

/// The row's text: who says it and what, all lines of a reply in one.
pub(super) fn summary(message: &Message, view: &View<'_>, out: &mut dyn Write) -> fmt::Result {
    let bytes = view.bytes(message.span);
    match message.kind() {
        Some(Kind::Command | Kind::Auth) => {
            let end = line(bytes).map_or(bytes.len(), |line| line.text);
            write!(out, "C: {}", Shown(bytes.get(..end).unwrap_or(&[])))
        }
        Some(Kind::Reply) => {
            let mut lines = reply::lines(bytes);
            let first = lines.next().unwrap_or(0..0);
            write!(out, "S: {}", Shown(bytes.get(first).unwrap_or(&[])))?;
            lines.try_for_each(|one| {
                let argument = reply::argument(bytes, &one);
                write!(out, " | {}", Shown(bytes.get(argument).unwrap_or(&[])))
            })
        }
        Some(Kind::Content) => {
            write!(out, "C: Mail, {} bytes", without_end(mail_of(message, view).0).len())
        }
        Some(Kind::Part) => write!(out, "C: Mail that goes on, {} bytes", bytes.len()),
        _ => write!(out, "Bytes that are no line: {}", bytes.len()),
    }
}

fn command(here: &Placed<'_>, end: usize, sink: &mut dyn Sink) {
    let text = here.bytes.get(..end).unwrap_or(&[]);
    sink.field(f::REQ, Value::Bool(true), Span::NONE);
    here.open(sink, f::COMMAND_LINE, &(0..here.bytes.len()));
    let verb = word(text, 0);
    if !verb.is_empty() {
        here.text(sink, f::REQ_COMMAND, &verb);
    }
    let parameter = rest(text, verb.end);
    if !parameter.is_empty() {
        here.text(sink, f::REQ_PARAMETER, &parameter);
    }
    sink.close();
}

fn response(here: &Placed<'_>, sink: &mut dyn Sink) {
    sink.field(f::RSP, Value::Bool(true), Span::NONE);
    let first = line(here.bytes).map_or(here.bytes.len(), |line| line.len);
    here.open(sink, f::RESPONSE, &(0..first));
    if let Some((code, _)) = reply::code(here.bytes) {
        let place = here.place(&(0..3));
        sink.field(f::RESPONSE_CODE, Value::Unsigned(u64::from(code)), place);
    }
    for one in reply::lines(here.bytes) {
        let parameter = reply::argument(here.bytes, &one);
        if !parameter.is_empty() {
            here.text(sink, f::RSP_PARAMETER, &parameter);
        }
    }
    sink.close();
}

/// The mail of a message, as far as it was kept, without the line that ends it; and its place.
pub(super) fn mail_of<'a>(message: &Message, view: &View<'a>) -> (&'a [u8], Span) {
    let place = view.part(message, Role::Body).unwrap_or(message.span);
    (view.bytes(place), place)
}

fn mail(message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
    let (bytes, place) = mail_of(message, view);
    let content = without_end(bytes);
    sink.field(f::REQ, Value::Bool(true), Span::NONE);
    sink.field(f::MAIL, Value::text(content), place.part(0, content.len()));
    if content.len() < bytes.len() {
        sink.field(f::EOM, Value::None, place.from(content.len()));
    }
}
