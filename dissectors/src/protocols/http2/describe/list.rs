//! Says what a header block holds, field by field, each with how it was written down.

use std::fmt;

use super::f;
use crate::engine::view::View;
use crate::field::{FieldId, Kind as Is, Value};
use crate::protocols::http2::facts::List;
use crate::protocols::http2::hpack::{Fault, Kind, Line, Text};
use crate::protocols::semantics::number;
use crate::sink::{Severity, Sink};
use crate::span::Span;

/// What Wireshark adds for each field: two lengths of four bytes.
const LENGTHS: usize = 8;

/// Describes the fields that end in a frame.
pub(super) fn describe(list: &List, view: &View<'_>, sink: &mut dyn Sink) {
    let fields = || list.lines.iter().filter(|line| line.kind != Kind::Resize);
    if sink.wants(f::HEADER_LENGTH) && !list.lines.is_empty() {
        let size =
            |line: &Line| LENGTHS + text(line.name, view).len() + text(line.value, view).len();
        let all = fields().map(size).sum::<usize>() as u64;
        sink.field(f::HEADER_LENGTH, Value::Unsigned(all), Span::NONE);
        sink.field(f::HEADER_COUNT, Value::Unsigned(fields().count() as u64), Span::NONE);
    }
    for line in &list.lines {
        if sink.is_done() {
            return;
        }
        match line.kind {
            Kind::Resize => resize(line, sink),
            _ => field(line, view, sink),
        }
        if let Some(fault) = line.fault {
            note(fault, line.at, sink);
        }
    }
    if list.dropped > 0 {
        let text = "More fields than anyone sends: the rest of the list is left out, as a flood";
        sink.note(Severity::Broken, Span::NONE, format_args!("{text}"));
    }
    if let Some((fault, place)) = list.fault {
        note(fault, place, sink);
    }
}

/// The bytes of a name or a value.
pub(in crate::protocols::http2) fn text<'v>(text: Text, view: &View<'v>) -> &'v [u8] {
    text.bytes(|span| view.bytes(span))
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
        if sink.wants(f::UNESCAPED) {
            sink.field(f::UNESCAPED, Value::text(&unescaped(value)), at);
        }
    }
    sink.field(f::REPRESENTATION, Value::Text(representation(line)), line.at.part(0, 1));
    if line.index > 0 {
        sink.field(f::INDEX, Value::Unsigned(line.index.into()), line.at.part(0, 1));
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

fn resize(line: &Line, sink: &mut dyn Sink) {
    sink.open(f::TABLE_RESIZE, Value::None, line.at);
    sink.field(f::TABLE_SIZE, Value::Unsigned(line.index.into()), line.at);
    sink.close();
}

const fn representation(line: &Line) -> &'static str {
    match (line.kind, line.index) {
        (Kind::Indexed | Kind::Resize, _) => "Indexed Header Field",
        (Kind::Incremental, 0) => "Literal Header Field with Incremental Indexing - New Name",
        (Kind::Incremental, _) => "Literal Header Field with Incremental Indexing - Indexed Name",
        (Kind::Without, 0) => "Literal Header Field without Indexing - New Name",
        (Kind::Without, _) => "Literal Header Field without Indexing - Indexed Name",
        (Kind::Never, 0) => "Literal Header Field never Indexed - New Name",
        (Kind::Never, _) => "Literal Header Field never Indexed - Indexed Name",
    }
}

fn note(fault: Fault, place: Span, sink: &mut dyn Sink) {
    let (severity, text) = match fault {
        Fault::NoEntry => {
            (Severity::Broken, "No table has an entry of this number (RFC 7541, section 2.3.3)")
        }
        Fault::Before => (
            Severity::Missing,
            "The entry was put into the table before the recording began, or where bytes are missing from it",
        ),
        Fault::BrokenCode => {
            (Severity::Broken, "The string breaks the Huffman code (RFC 7541, section 5.2)")
        }
        Fault::NotOffered => (
            Severity::Broken,
            "The table becomes larger than its reader has offered (RFC 7541, section 6.3)",
        ),
        Fault::LateResize => (
            Severity::Broken,
            "The table changes its size only at the beginning of a block (RFC 7541, section 4.2)",
        ),
        Fault::TooLarge => (
            Severity::Broken,
            "The number is too large to be one (RFC 7541, section 5.1): nothing more can be read of the block",
        ),
        Fault::Cut => (Severity::Broken, "The block ends within a field"),
    };
    sink.note(severity, place, format_args!("{text}"));
}

/// A value with the bytes that stand for themselves (RFC 3986, section 2.1).
fn unescaped(value: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(value.len());
    let mut rest = value;
    while let Some((first, behind)) = rest.split_first() {
        let byte = match behind {
            [high, low, ..] if *first == b'%' => digit(*high).zip(digit(*low)),
            _ => None,
        };
        out.push(byte.map_or(*first, |(high, low)| high << 4 | low));
        rest = byte.and_then(|_| behind.get(2..)).unwrap_or(behind);
    }
    out
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}
