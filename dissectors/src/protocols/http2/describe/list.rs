//! Says what a header block holds, field by field, each with how it was written down.

use super::f;
use crate::engine::view::View;
use crate::field::Value;
use crate::protocols::http2::facts::List;
use crate::protocols::http2::hpack::FieldLine;
use crate::protocols::multiplexed::{self, Fields, Numbering, TableFields, describe_table};
use crate::sink::Sink;
use crate::span::Span;

/// What Wireshark adds for each field: two lengths of four bytes.
const LENGTHS: u64 = 8;

/// What header fields are called here.
const OWN: Fields = Fields {
    header: f::HEADER,
    name: f::NAME,
    name_length: f::NAME_LENGTH,
    value: f::VALUE,
    value_length: f::VALUE_LENGTH,
    unescaped: Some(f::UNESCAPED),
    representation: f::REPRESENTATION,
    index: f::INDEX,
    own: f::of_header,
    list: "block",
    entries: "RFC 7541, section 2.3.3",
    codes: "RFC 7541, section 5.2",
    numbers: "RFC 7541, section 5.1",
};

/// What the dynamic table is called here.
const TABLE: TableFields = TableFields {
    table: f::TABLE,
    added: f::TABLE_ADDED,
    evicted: f::TABLE_EVICTED,
    gone: f::TABLE_GONE,
    new: f::TABLE_NEW,
    entry: f::TABLE_ENTRY,
    numbering: Numbering::FromNewest,
};

/// Describes the fields that end in a frame.
pub(super) fn describe(list: &List, view: &View<'_>, sink: &mut dyn Sink) {
    if sink.wants(f::HEADER_LENGTH) && !list.lines.is_empty() {
        let (count, bytes) = list.count(view);
        let all = bytes + count * LENGTHS;
        sink.field(f::HEADER_LENGTH, Value::Unsigned(all), Span::NONE);
        sink.field(f::HEADER_COUNT, Value::Unsigned(count), Span::NONE);
    }
    multiplexed::describe(list, &OWN, view, sink, resize);
    if let Some(tables) = &list.tables {
        describe_table(tables, &TABLE, sink);
    }
}

/// A change of the table's size.
fn resize(line: &FieldLine, sink: &mut dyn Sink) {
    sink.open(f::TABLE_RESIZE, Value::None, line.at);
    sink.field(f::TABLE_SIZE, Value::Unsigned(line.form.index.into()), line.at);
    sink.close();
}
