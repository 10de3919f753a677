//! Says what lines of IRC hold.

use std::fmt::{self, Write};
use std::ops::Range;

use super::{Kind, line};
use crate::engine::view::View;
use crate::field::{FieldId, Value};
use crate::message::Message;
use crate::protocols::lines;
use crate::protocols::lines::text::{Placed, Shown};
use crate::sink::{Severity, Sink};

/// How much of a line a row shows.
const MAX_SHOWN: usize = 200;

/// The row's text: who speaks, and the line.
pub(super) fn summary(message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
    let bytes = view.bytes(message.span);
    let end = lines::line(bytes).unwrap_or_else(|| lines::unended(bytes));
    let who = if message.is(Kind::Request) { "C" } else { "S" };
    write!(line, "{who}: {}", Shown(bytes.get(..end.text.min(MAX_SHOWN)).unwrap_or(&[])))
}

/// The fields of one side.
struct Fields {
    whole: FieldId,
    prefix: FieldId,
    command: FieldId,
    parameter: FieldId,
    trailer: FieldId,
}

const REQUEST: Fields = Fields {
    whole: super::REQUEST,
    prefix: super::REQUEST_PREFIX,
    command: super::REQUEST_COMMAND,
    parameter: super::REQUEST_PARAMETER,
    trailer: super::REQUEST_TRAILER,
};

const RESPONSE: Fields = Fields {
    whole: super::RESPONSE,
    prefix: super::RESPONSE_PREFIX,
    command: super::RESPONSE_COMMAND,
    parameter: super::RESPONSE_PARAMETER,
    trailer: super::RESPONSE_TRAILER,
};

/// Describes a line.
pub(super) fn describe(message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
    let reader = view.reader(message.span);
    let placed = Placed { bytes: reader.rest(), span: reader.span() };
    let is_request = message.is(Kind::Request);
    let fields = if is_request { &REQUEST } else { &RESPONSE };
    let end = lines::line(placed.bytes).unwrap_or_else(|| lines::unended(placed.bytes));
    placed.open(sink, fields.whole, &(0..end.text));
    match line::of(placed.bytes) {
        Some(line) => {
            let told = |field: FieldId, range: &Range<usize>, sink: &mut dyn Sink| {
                if !range.is_empty() {
                    placed.text(sink, field, range);
                }
            };
            told(fields.prefix, &line.prefix, sink);
            match line.number(placed.bytes).filter(|_| !is_request) {
                Some(number) => {
                    let place = placed.place(&line.command);
                    sink.field(super::RESPONSE_NUMBER, Value::Unsigned(number), place);
                }
                None => told(fields.command, &line.command, sink),
            }
            line.words.iter().for_each(|word| told(fields.parameter, word, sink));
            if let Some(trailer) = &line.trailer {
                told(fields.trailer, trailer, sink);
            }
        }
        None if end.text > 0 => {
            sink.note(Severity::Broken, message.span, format_args!("The line has no command"));
        }
        None => {}
    }
    sink.close();
}
