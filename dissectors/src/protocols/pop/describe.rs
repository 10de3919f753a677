//! Says what a message of POP3 holds, field by field.

use std::fmt::{self, Write};

use super::super::lines::text::{Placed, Shown, rest, word};
use super::super::lines::{dots, line, reply};
use super::{Kind, Role};
use crate::engine::view::View;
use crate::message::Message;
use crate::sink::Sink;

/// Lines of content that are shown one by one; the rest is shown as one.
const MAX_LINES: usize = 256;

/// Describes a message of any kind.
pub(super) fn describe(message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
    let here = Placed { bytes: view.bytes(message.span), span: message.span };
    let all = 0..here.bytes.len();
    let text = 0..line(here.bytes).map_or(all.end, |line| line.text);
    let first = word(here.get(&text), 0);
    let after = rest(here.get(&text), first.end);
    match message.kind() {
        Some(Kind::Command) => {
            here.open(sink, super::REQUEST, &all);
            if !first.is_empty() {
                here.text(sink, super::REQUEST_COMMAND, &first);
            }
            if !after.is_empty() {
                here.text(sink, super::REQUEST_PARAMETER, &after);
            }
            sink.close();
        }
        Some(Kind::Answer | Kind::Greeting) => {
            here.open(sink, super::RESPONSE, &all);
            here.text(sink, super::INDICATOR, &first);
            if !after.is_empty() {
                here.text(sink, super::DESCRIPTION, &after);
            }
            sink.close();
            content(message, view, sink);
        }
        Some(Kind::Auth) => {
            here.open(sink, super::REQUEST, &all);
            // Wireshark calls the first word of whatever a client says its command.
            here.text(sink, super::REQUEST_COMMAND, &text);
            sink.close();
        }
        // The content is told where it ends.
        Some(Kind::Part) => {}
        _ => here.text(sink, super::RESPONSE_DATA, &all),
    }
}

/// The row's text: who says it and what, and how much content goes with it, without the line that
/// ends that.
pub(super) fn summary(message: &Message, view: &View<'_>, out: &mut dyn Write) -> fmt::Result {
    let bytes = view.bytes(message.span);
    let end = line(bytes).map_or(bytes.len(), |line| line.text);
    let text = Shown(bytes.get(..end).unwrap_or(&[]));
    match message.kind() {
        Some(Kind::Command | Kind::Auth) => write!(out, "C: {text}"),
        Some(Kind::Answer | Kind::Greeting) => {
            write!(out, "S: {text}")?;
            let content = view.part(message, Role::Content).map_or(&[][..], |at| view.bytes(at));
            match dots::without_end(content).len() {
                0 => Ok(()),
                len => write!(out, "  ({len} bytes)"),
            }
        }
        Some(Kind::Part) => write!(out, "S: Content that goes on, {} bytes", bytes.len()),
        _ => write!(out, "Bytes that are no line: {}", bytes.len()),
    }
}

/// The content of an answer, line by line.
fn content(message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
    let Some(span) = view.part(message, Role::Content) else { return };
    let here = Placed { bytes: view.bytes(span), span };
    if sink.wants(super::RESPONSE_DATA) {
        let mut at = 0;
        for one in reply::lines(here.bytes).take(MAX_LINES) {
            let end = line(here.bytes.get(one.start..).unwrap_or(&[]));
            at = end.map_or(here.bytes.len(), |line| one.start + line.len);
            here.text(sink, super::RESPONSE_DATA, &(one.start..at));
        }
        if at < here.bytes.len() {
            here.text(sink, super::RESPONSE_DATA, &(at..here.bytes.len()));
        }
    }
}
