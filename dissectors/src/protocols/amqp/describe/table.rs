//! Tables of names and values (specification, section 4.2.5.5, and RabbitMQ's errata to it).

use super::f;
use crate::bytes::{Reader, Short};
use crate::field::{FieldId, Value};
use crate::limits::MAX_CONTENT_DEPTH;
use crate::protocols::values::bytes;
use crate::sink::{Severity, Sink};

/// Tells a table under a heading.
pub(super) fn table(
    field: FieldId,
    reader: &mut Reader<'_>,
    sink: &mut dyn Sink,
) -> Result<(), Short> {
    let place = reader.span();
    let (len, _) = reader.u32("The length of a table")?;
    let mut rows = reader.sub(len as usize, "A table")?;
    sink.open(field, Value::None, place.part(0, 4 + len as usize));
    let told = entries(&mut rows, 0, sink);
    sink.close();
    told
}

fn entries(rows: &mut Reader<'_>, depth: usize, sink: &mut dyn Sink) -> Result<(), Short> {
    while !rows.is_empty() && !sink.is_done() {
        let (len, _) = rows.u8("The length of a name")?;
        bytes(f::TABLE_NAME, len.into(), rows, sink)?;
        value(rows, depth, sink)?;
    }
    Ok(())
}

/// A value behind the letter that says what it is.
fn value(reader: &mut Reader<'_>, depth: usize, sink: &mut dyn Sink) -> Result<(), Short> {
    let (letter, place) = reader.u8("The kind of a value")?;
    let width = match letter {
        b't' | b'b' | b'B' => 1,
        b's' | b'u' | b'U' => 2,
        b'I' | b'i' | b'f' => 4,
        b'D' => 5,
        b'l' | b'L' | b'd' | b'T' => 8,
        b'V' => return Ok(()),
        b'S' | b'x' => {
            let (len, _) = reader.u32("The length of a value")?;
            let field = if letter == b'S' { f::TABLE_TEXT } else { f::TABLE_VALUE };
            return bytes(field, len as usize, reader, sink).map(|_| ());
        }
        b'F' | b'A' => {
            let (len, _) = reader.u32("The length of a value")?;
            let mut inside = reader.sub(len as usize, "A value")?;
            if depth >= MAX_CONTENT_DEPTH {
                sink.note(Severity::Hint, place, format_args!("Tables in tables end here"));
                return Ok(());
            }
            if letter == b'F' {
                return entries(&mut inside, depth + 1, sink);
            }
            while !inside.is_empty() && !sink.is_done() {
                value(&mut inside, depth + 1, sink)?;
            }
            return Ok(());
        }
        _ => {
            // Nobody knows how long it is.
            let text = format_args!("A value of a kind that is not known: {letter:#04x}");
            sink.note(Severity::Broken, place, text);
            return reader.take(reader.len(), "The rest of a table").map(|_| ());
        }
    };
    bytes(f::TABLE_VALUE, width, reader, sink).map(|_| ())
}
