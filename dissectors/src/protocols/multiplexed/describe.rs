//! Says what a header list holds, field by field, each with how it was written down.

use std::fmt;

use super::line::{Fault, FieldLine, Form};
use super::list::List;
use super::text::Text;
use crate::bytes::Lossy;
use crate::engine::view::View;
use crate::field::{FieldId, Kind as Is, Value};
use crate::protocols::protobuf::status;
use crate::protocols::semantics::{number, unescaped};
use crate::sink::{Severity, Sink};
use crate::span::Span;

/// What the fields are called, and what a list is.
pub(in crate::protocols) struct Fields {
    /// The heading of a header field.
    pub(in crate::protocols) header: FieldId,
    pub(in crate::protocols) name: FieldId,
    pub(in crate::protocols) name_length: FieldId,
    pub(in crate::protocols) value: FieldId,
    pub(in crate::protocols) value_length: FieldId,
    /// The value with the bytes that stand for themselves, where it is shown.
    pub(in crate::protocols) unescaped: Option<FieldId>,
    pub(in crate::protocols) representation: FieldId,
    pub(in crate::protocols) index: FieldId,
    /// The field that a header field has to itself.
    pub(in crate::protocols) own: fn(&[u8]) -> Option<FieldId>,
    /// What the standard calls a list, and where it says what: of names that lead nowhere, of
    /// codes, of numbers.
    pub(in crate::protocols) list: &'static str,
    pub(in crate::protocols) entries: &'static str,
    pub(in crate::protocols) codes: &'static str,
    pub(in crate::protocols) numbers: &'static str,
}

/// Describes the fields of a list. What stands between them is described by `between`.
pub(in crate::protocols) fn describe<F: Form>(
    list: &List<F>,
    fields: &Fields,
    view: &View<'_>,
    sink: &mut dyn Sink,
    between: impl Fn(&FieldLine<F>, &mut dyn Sink),
) {
    for line in &list.lines {
        if sink.is_done() {
            return;
        }
        if line.form.is_field() {
            field(line, fields, view, sink);
        } else {
            between(line, sink);
        }
        if let Some(fault) = line.fault {
            note(fault, line.at, fields, sink);
        }
    }
    if list.dropped > 0 {
        let text = "More fields than anyone sends: the rest of the list is left out, as a flood";
        sink.note(Severity::Broken, Span::NONE, format_args!("{text}"));
    }
    if let Some((fault, place)) = list.fault {
        note(fault, place, fields, sink);
    }
}

/// Where a name or a value can be read: what a fixed table gave is where it is named.
fn place<F>(text: Text, line: &FieldLine<F>) -> Span {
    match text {
        Text::At(span) => span,
        Text::FixedName(..) | Text::FixedValue(..) | Text::Unknown => line.at.part(0, 1),
    }
}

/// A field in one line, for its heading.
struct Whole<'v>(&'v [u8], &'v [u8]);

impl fmt::Display for Whole<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", Lossy(self.0), Lossy(self.1))
    }
}

fn field<F: Form>(line: &FieldLine<F>, fields: &Fields, view: &View<'_>, sink: &mut dyn Sink) {
    let [name, value] = [line.name, line.value].map(|text| text.bytes(|span| view.bytes(span)));
    let heading = Whole(name, value).to_string();
    sink.open(fields.header, Value::Text(&heading), line.at);
    if line.name != Text::Unknown {
        let at = place(line.name, line);
        sink.field(fields.name_length, Value::Unsigned(name.len() as u64), at);
        sink.field(fields.name, Value::text(name), at);
    }
    if line.value != Text::Unknown {
        let at = place(line.value, line);
        sink.field(fields.value_length, Value::Unsigned(value.len() as u64), at);
        sink.field(fields.value, Value::text(value), at);
        if let Some(field) = (fields.own)(name) {
            known(field, value, at, sink);
        }
        if name == status::DETAILS {
            status::describe(value, at, sink);
        }
        if let Some(field) = fields.unescaped.filter(|field| sink.wants(*field)) {
            sink.field(field, Value::text(&unescaped(value)), at);
        }
    }
    let first = line.at.part(0, 1);
    sink.field(fields.representation, Value::Text(line.form.called()), first);
    if let Some(index) = line.form.index() {
        sink.field(fields.index, Value::Unsigned(index), first);
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

fn note(fault: Fault, place: Span, fields: &Fields, sink: &mut dyn Sink) {
    let Fields { list, entries, codes, numbers, .. } = fields;
    let mut broken = |text: fmt::Arguments<'_>| sink.note(Severity::Broken, place, text);
    match fault {
        Fault::NoEntry => broken(format_args!("No table has an entry of this number ({entries})")),
        Fault::BrokenCode => broken(format_args!("The string breaks the Huffman code ({codes})")),
        Fault::NotOffered => broken(format_args!(
            "The table becomes larger than its reader has offered (RFC 7541, section 6.3)"
        )),
        Fault::LateResize => broken(format_args!(
            "The table changes its size only at the beginning of a block (RFC 7541, section 4.2)"
        )),
        Fault::BadCount => broken(format_args!(
            "The section needs more entries than there can be (RFC 9204, section 4.5.1.1)"
        )),
        Fault::TooLarge => broken(format_args!(
            "The number is too large to be one ({numbers}): nothing more can be read of the {list}"
        )),
        Fault::Cut => broken(format_args!("The {list} ends within a field")),
        Fault::Before => {
            let text = "The entry was put into the table before the recording began, or where bytes are missing from it";
            sink.note(Severity::Missing, place, format_args!("{text}"));
        }
        Fault::Blocked => {
            let text = "The section names entries whose instructions are not in the recording";
            sink.note(Severity::Missing, place, format_args!("{text}"));
        }
    }
}
