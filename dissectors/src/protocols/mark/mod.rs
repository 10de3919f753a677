//! Marks: systemd journal entries in a recording, which say what a program did and when.
//!
//! The format is the Journal Export Format (<https://systemd.io/JOURNAL_EXPORT_FORMATS/>):
//!
//! ```text
//!   MESSAGE=accept⏎                      a field that is text
//!   MESSAGE⏎ 09 00 00 00 00 00 00 00 two⏎lines⏎   one that is not: name, length, bytes
//! ```

mod deed;
mod entry;

pub(crate) use self::deed::{Deed, deed};

use self::entry::Entry;
use crate::field::{FieldDef, FieldId, Kind, Value};
use crate::fields;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};
use crate::sink::Severity;

fields! { "systemd_journal", "Mark";
    PROTO = FieldDef::group("systemd_journal", "Mark"),
    MESSAGE = FieldDef::text("systemd_journal.message", "Message"),
    REALTIME = FieldDef::of("systemd_journal.realtime_timestamp", "Realtime Timestamp", Kind::Time)
        .computed(),
    PRIORITY = FieldDef::u8("systemd_journal.priority", "Priority").decimal(),
    BINARY_LEN = FieldDef::u64("systemd_journal.binary_data_len", "Binary data length").computed(),
    FIELD = FieldDef::group("systemd_journal.field", "Field"),
    FIELD_NAME = FieldDef::text("systemd_journal.field.name", "Field name"),
    FIELD_VALUE = FieldDef::text("systemd_journal.field.value", "Field value"),
    FIELD_DATA = FieldDef::bytes("systemd_journal.field.data", "Field data"),
}

/// Marks.
pub struct Mark;

impl Protocol for Mark {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["Journal Export Format"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::Link(0xfffe)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        describe(part, walk);
        Some(Next::Nothing)
    }
}

/// Tells a journal entry.
pub(crate) fn describe(part: Part<'_>, walk: &mut Walk<'_>) {
    walk.plain_group(part.span, PROTO);
    let mut at = 0;
    let mut message = None;
    let mut role = None;
    while let Some(entry) = entry::at(part.bytes, at) {
        tell(&part, &entry, walk);
        match entry.name {
            b"MESSAGE" => message = Some(entry.value),
            b"WIRESTAGE_ROLE" => role = Some(entry.value),
            _ => {}
        }
        at = entry.end;
    }
    let rest = part.after(at);
    // Blocks are filled up to whole words with zeros.
    if rest.bytes.iter().any(|byte| *byte != 0) {
        let text = format_args!("This is not a field of a journal entry");
        walk.note(Severity::Broken, rest.span, text);
    }
    walk.close();
    let text = |bytes: Option<&[u8]>| {
        String::from_utf8_lossy(bytes.unwrap_or_default()).replace('\n', "\\n")
    };
    match role {
        Some(role) => walk.summary(format_args!("{}: {}", text(Some(role)), text(message))),
        None => walk.summary(format_args!("{}", text(message))),
    }
}

fn tell(part: &Part<'_>, entry: &Entry<'_>, walk: &mut Walk<'_>) {
    let tell_value =
        |walk: &mut Walk<'_>, field| walk.tell(part, entry.value_start, entry.value.len(), field);
    match entry.name {
        b"__REALTIME_TIMESTAMP" => {
            let place = part.place(entry.value_start, entry.value.len());
            let micros: Option<i64> =
                std::str::from_utf8(entry.value).ok().and_then(|text| text.parse().ok());
            if let Some(nanos) = micros.and_then(|micros| micros.checked_mul(1000)) {
                walk.work_out(REALTIME, Value::Nanos(nanos), place);
            }
        }
        b"MESSAGE" => tell_value(walk, MESSAGE),
        b"PRIORITY" => tell_value(walk, PRIORITY),
        name => {
            walk.plain_group(part.place(entry.start, entry.end - entry.start), FIELD);
            walk.tell(part, entry.start, name.len(), FIELD_NAME);
            let field: FieldId = if entry.binary.is_some() { FIELD_DATA } else { FIELD_VALUE };
            tell_value(walk, field);
            walk.close();
        }
    }
    if let Some(at) = entry.binary {
        let len = Value::Unsigned(entry.value.len() as u64);
        walk.work_out(BINARY_LEN, len, part.place(at, 8));
    }
}
