//! Says what a header section holds, field by field, each with how it was written down.

use std::fmt;

use super::f;
use crate::engine::view::View;
use crate::field::{FieldId, Kind as Is, Value};
use crate::protocols::http3::kind::{List, Part};
use crate::protocols::http3::qpack::{Fault, Kind, Line, Text};
use crate::protocols::semantics::number;
use crate::sink::{Severity, Sink};
use crate::span::Span;

/// Describes the fields of a section.
pub(super) fn describe(list: &List, view: &View<'_>, sink: &mut dyn Sink) {
    let fields = &list.fields;
    if sink.wants(f::HEADERS_COUNT) && !fields.lines.is_empty() {
        let size = |line: &Line| text(line.name, view).len() + text(line.value, view).len();
        let all = fields.lines.iter().map(size).sum::<usize>() as u64;
        let count = fields.lines.len() as u64;
        sink.field(f::HEADERS_COUNT, Value::Unsigned(count), Span::NONE);
        sink.field(f::HEADERS_LENGTH, Value::Unsigned(all), Span::NONE);
    }
    for line in &fields.lines {
        if sink.is_done() {
            return;
        }
        field(line, view, sink);
        if let Some(fault) = line.fault {
            note(fault, line.at, sink);
        }
    }
    if fields.dropped > 0 {
        let text = "More fields than anyone sends: the rest of the list is left out, as a flood";
        sink.note(Severity::Broken, Span::NONE, format_args!("{text}"));
    }
    if let Some((fault, place)) = fields.fault {
        note(fault, place, sink);
    } else if list.part == Part::Unknown {
        let text = "Which request or response this belongs to is in bytes that are missing";
        sink.note(Severity::Missing, Span::NONE, format_args!("{text}"));
    }
}

/// The bytes of a name or a value.
pub(in crate::protocols::http3) fn text<'v>(text: Text, view: &View<'v>) -> &'v [u8] {
    text.bytes(|span| view.bytes(span))
}

/// The value of the first field of that name.
pub(in crate::protocols::http3) fn value_of<'v>(
    list: &List,
    name: &[u8],
    view: &View<'v>,
) -> Option<&'v [u8]> {
    let mut lines = list.fields.lines.iter();
    let line = lines.find(|line| text(line.name, view) == name)?;
    Some(text(line.value, view))
}

/// Where a name or a value can be read: what a fixed table gave is where it is named.
fn place(text: Text, line: &Line) -> Span {
    match text {
        Text::At(span) => span,
        Text::FixedName(_) | Text::FixedValue(_) | Text::Unknown => line.at.part(0, 1),
    }
}

/// A field in one line, for its heading.
struct Whole<'v>(&'v [u8], &'v [u8]);

impl fmt::Display for Whole<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [name, value] = [self.0, self.1].map(crate::bytes::Lossy);
        write!(out, "{name}: {value}")
    }
}

fn field(line: &Line, view: &View<'_>, sink: &mut dyn Sink) {
    let [name, value] = [line.name, line.value].map(|one| text(one, view));
    let heading = Whole(name, value).to_string();
    sink.open(f::HEADER, Value::Text(&heading), line.at);
    if line.name != Text::Unknown {
        let at = place(line.name, line);
        sink.field(f::NAME_LENGTH, Value::Unsigned(name.len() as u64), at);
        sink.field(f::NAME, Value::text(name), at);
    }
    if line.value != Text::Unknown {
        let at = place(line.value, line);
        sink.field(f::VALUE_LENGTH, Value::Unsigned(value.len() as u64), at);
        sink.field(f::VALUE, Value::text(value), at);
        if let Some(field) = f::of_header(name) {
            known(field, value, at, sink);
        }
    }
    let first = line.at.part(0, 1);
    sink.field(f::REPRESENTATION, Value::Text(representation(line.kind)), first);
    if line.kind != Kind::Literal {
        sink.field(f::INDEX, Value::Unsigned(line.index), first);
    }
    sink.close();
}

/// A field that has a name of its own; numbers are read where they are some.
fn known(field: FieldId, value: &[u8], at: Span, sink: &mut dyn Sink) {
    let value = match field.def().kind {
        Is::Unsigned(_) => number(value).map(Value::Unsigned),
        _ => Some(Value::text(value)),
    };
    if let Some(value) = value {
        sink.field(field, value, at);
    }
}

const fn representation(kind: Kind) -> &'static str {
    match kind {
        Kind::Fixed => "Indexed, Static Table",
        Kind::Entry => "Indexed, Dynamic Table",
        Kind::FixedName => "Literal with Name Reference, Static Table",
        Kind::EntryName => "Literal with Name Reference, Dynamic Table",
        Kind::Literal => "Literal with Literal Name",
    }
}

fn note(fault: Fault, place: Span, sink: &mut dyn Sink) {
    let (severity, text) = match fault {
        Fault::NoEntry => {
            (Severity::Broken, "No table has an entry of this number (RFC 9204, section 2.2.3)")
        }
        Fault::Before => (
            Severity::Missing,
            "The entry was put into the table before the recording began, or where bytes are missing from it",
        ),
        Fault::BrokenCode => {
            (Severity::Broken, "The string breaks the Huffman code (RFC 9204, section 4.1.2)")
        }
        Fault::BadCount => (
            Severity::Broken,
            "The section needs more entries than there can be (RFC 9204, section 4.5.1.1)",
        ),
        Fault::TooLarge => (
            Severity::Broken,
            "The number is too large to be one (RFC 9204, section 4.1.1): nothing more can be read of the section",
        ),
        Fault::Cut => (Severity::Broken, "The section ends within a field"),
        Fault::Blocked => (
            Severity::Missing,
            "The section names entries whose instructions are not in the recording",
        ),
    };
    sink.note(severity, place, format_args!("{text}"));
}
