//! Says what a message of FTP holds, field by field.

use std::fmt::{self, Write};

use super::super::lines::text::{Placed, Shown, rest, word};
use super::super::lines::{line, reply};
use super::fields as f;
use super::{Kind, address};
use crate::engine::view::View;
use crate::field::Value;
use crate::message::Message;
use crate::sink::Sink;
use crate::span::Span;

/// Describes a message of any kind.
pub(super) fn describe(message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
    let here = Placed { bytes: view.bytes(message.span), span: message.span };
    match message.kind() {
        Some(Kind::Command) => command(&here, sink),
        Some(Kind::Reply) => response(&here, sink),
        _ => here.text(sink, f::LINE, &(0..here.bytes.len())),
    }
}

/// The row's text: who says it and what, of a reply the first line.
pub(super) fn summary(message: &Message, view: &View<'_>, out: &mut dyn Write) -> fmt::Result {
    let bytes = view.bytes(message.span);
    match message.kind() {
        Some(Kind::Command) => {
            let end = line(bytes).map_or(bytes.len(), |line| line.text);
            write!(out, "Request: {}", Shown(bytes.get(..end).unwrap_or(&[])))
        }
        Some(Kind::Reply) => {
            let first = reply::lines(bytes).next().unwrap_or(0..0);
            write!(out, "Response: {}", Shown(bytes.get(first).unwrap_or(&[])))
        }
        _ => write!(out, "Bytes that are no line: {}", bytes.len()),
    }
}

fn kind(request: bool, sink: &mut dyn Sink) {
    sink.field(f::REQUEST, Value::Bool(request), Span::NONE);
    sink.field(f::RESPONSE, Value::Bool(!request), Span::NONE);
}

fn command(here: &Placed<'_>, sink: &mut dyn Sink) {
    let end = line(here.bytes).map_or(here.bytes.len(), |line| line.text);
    let text = here.bytes.get(..end).unwrap_or(&[]);
    kind(true, sink);
    here.open(sink, f::LINE, &(0..here.bytes.len()));
    let verb = word(text, 0);
    if !verb.is_empty() {
        here.text(sink, f::REQUEST_COMMAND, &verb);
    }
    let arg = rest(text, verb.end);
    if !arg.is_empty() {
        here.text(sink, f::REQUEST_ARG, &arg);
    }
    if here.get(&verb).eq_ignore_ascii_case(b"PORT")
        && let Some((ip, port)) = address::six(here.get(&arg))
    {
        sink.field(f::ACTIVE_IP, Value::Bytes(&ip), here.place(&arg));
        sink.field(f::ACTIVE_PORT, Value::Unsigned(port.into()), here.place(&arg));
    }
    if here.get(&verb).eq_ignore_ascii_case(b"EPRT")
        && let Some((family, port)) = address::extended(here.get(&arg))
    {
        sink.field(f::EPRT_AF, Value::Unsigned(family.into()), here.place(&arg));
        sink.field(f::EPRT_PORT, Value::Unsigned(port.into()), here.place(&arg));
    }
    sink.close();
}

fn response(here: &Placed<'_>, sink: &mut dyn Sink) {
    kind(false, sink);
    let code = reply::code(here.bytes).map(|(code, _)| code);
    let mut is_first = true;
    for one in reply::lines(here.bytes) {
        // Only the first line has fields of its own, as in Wireshark.
        if !std::mem::take(&mut is_first) {
            here.text(sink, f::LINE, &one);
            continue;
        }
        here.open(sink, f::LINE, &one);
        if let Some(code) = code {
            sink.field(f::RESPONSE_CODE, Value::Unsigned(code.into()), here.place(&(0..3)));
        }
        let arg = reply::argument(here.bytes, &one);
        if !arg.is_empty() {
            here.text(sink, f::RESPONSE_ARG, &arg);
        }
        where_to(here, code, &arg, sink);
        sink.close();
    }
}

/// Where the server waits for the data connection.
fn where_to(
    here: &Placed<'_>,
    code: Option<u16>,
    arg: &std::ops::Range<usize>,
    sink: &mut dyn Sink,
) {
    let place = here.place(arg);
    if code == Some(227)
        && let Some((ip, port)) = address::six(here.get(arg))
    {
        sink.field(f::PASSIVE_IP, Value::Bytes(&ip), place);
        sink.field(f::PASSIVE_PORT, Value::Unsigned(port.into()), place);
    }
    if code == Some(229)
        && let Some(port) = address::passive(here.get(arg))
    {
        sink.field(f::EPSV_PORT, Value::Unsigned(port.into()), place);
    }
}
