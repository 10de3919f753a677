//! Says what a frame does to a table, and what is in it from there on.

use super::entries::Entry;
use super::fixed::HPACK_ENTRIES;
use super::moment::Moment;
use crate::field::{FieldId, Value};
use crate::protocols::semantics::count;
use crate::sink::Sink;
use crate::span::Span;

/// What is said of a table.
pub(in crate::protocols) struct TableFields {
    /// The heading: how many entries, and bytes.
    pub(in crate::protocols) table: FieldId,
    /// How many were put in and pushed out.
    pub(in crate::protocols) added: FieldId,
    pub(in crate::protocols) evicted: FieldId,
    /// Entries: gone, new, and there before.
    pub(in crate::protocols) gone: FieldId,
    pub(in crate::protocols) new: FieldId,
    pub(in crate::protocols) entry: FieldId,
    pub(in crate::protocols) numbering: Numbering,
}

/// By which numbers entries go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::protocols) enum Numbering {
    /// From the newest one on, behind those of the fixed table (RFC 7541, section 2.3.3).
    FromNewest,
    /// From the first one that was ever put in (RFC 9204, section 3.2.4).
    Absolute,
}

/// Describes the table before and after a frame, the newest entry first; nothing where it is empty
/// all the while.
pub(in crate::protocols) fn describe_table(
    [before, after]: &[Moment; 2],
    fields: &TableFields,
    sink: &mut dyn Sink,
) {
    let (added, gone) = after.since(before);
    let is_empty = before.len() == 0 && after.len() == 0 && added == 0;
    if is_empty || !sink.wants(fields.table) {
        return;
    }
    let entries = count(after.len().into(), "entry", "entries");
    let whole = format!("{entries}, {} of {} bytes", after.size, after.capacity);
    sink.open(fields.table, Value::Text(&whole), Span::NONE);
    for (field, number) in [(fields.added, added), (fields.evicted, gone)] {
        if number > 0 {
            sink.field(field, Value::Unsigned(number), Span::NONE);
        }
    }
    for entry in before.entries().take(gone as usize) {
        sink.field(fields.gone, Value::Text(&entry.to_string()), Span::NONE);
    }
    let entries: Vec<&Entry> = after.entries().collect();
    for (back, entry) in (0..).zip(entries.iter().rev()) {
        let number = match fields.numbering {
            Numbering::FromNewest => u64::from(HPACK_ENTRIES) + 1 + back,
            Numbering::Absolute => after.inserted().saturating_sub(back + 1),
        };
        let field = if back < added { fields.new } else { fields.entry };
        sink.field(field, Value::Text(&format!("{number} {entry}")), Span::NONE);
    }
    sink.close();
}
