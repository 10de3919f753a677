//! Says what a header section holds, field by field, each with how it was written down.

use super::f;
use crate::engine::view::View;
use crate::field::Value;
use crate::protocols::http3::kind::List;
use crate::protocols::multiplexed::{self, Fields, Numbering, Part, TableFields, describe_table};
use crate::sink::{Severity, Sink};
use crate::span::Span;

/// What header fields are called here.
const OWN: Fields = Fields {
    header: f::HEADER,
    name: f::NAME,
    name_length: f::NAME_LENGTH,
    value: f::VALUE,
    value_length: f::VALUE_LENGTH,
    unescaped: None,
    representation: f::REPRESENTATION,
    index: f::INDEX,
    own: f::of_header,
    list: "section",
    entries: "RFC 9204, section 2.2.3",
    codes: "RFC 9204, section 4.1.2",
    numbers: "RFC 9204, section 4.1.1",
};

/// What the dynamic table is called here.
pub(super) const TABLE: TableFields = TableFields {
    table: f::TABLE,
    added: f::TABLE_ADDED,
    evicted: f::TABLE_EVICTED,
    gone: f::TABLE_GONE,
    new: f::TABLE_NEW,
    entry: f::TABLE_ENTRY,
    numbering: Numbering::Absolute,
};

/// Describes the fields of a section.
pub(super) fn describe(list: &List, view: &View<'_>, sink: &mut dyn Sink) {
    if sink.wants(f::HEADERS_COUNT) && !list.lines.is_empty() {
        let (count, bytes) = list.count(view);
        sink.field(f::HEADERS_COUNT, Value::Unsigned(count), Span::NONE);
        sink.field(f::HEADERS_LENGTH, Value::Unsigned(bytes), Span::NONE);
    }
    multiplexed::describe(list, &OWN, view, sink, |_, _| {});
    if let Some(tables) = &list.tables {
        describe_table(tables, &TABLE, sink);
    }
    if list.fault.is_none() && list.part == Part::Unknown {
        let text = "Which request or response this belongs to is in bytes that are missing";
        sink.note(Severity::Missing, Span::NONE, format_args!("{text}"));
    }
}
