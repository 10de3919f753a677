//! Says what a message of RESP holds, value by value.

use std::fmt::{self, Write};

use super::value::{self, Follows, Head};
use super::{Kind, grammar};
use crate::bytes::Reader;
use crate::engine::view::View;
use crate::field::{FieldId, Value};
use crate::limits::{MAX_CONTENT_DEPTH, MAX_CONTENT_VALUES};
use crate::message::Message;
use crate::protocols::lines::{self, text::Shown};
use crate::sink::{Severity, Sink};

/// Strings of a row that are longer show their length only.
const MAX_SHOWN: usize = 100;
/// Words of a command that stand in a row.
const MAX_WORDS: usize = 32;

/// The row's text, as Wireshark has it.
pub(super) fn summary(message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
    let bytes = view.bytes(message.span);
    match message.kind() {
        Some(Kind::Command) => {
            line.write_str("Request:")?;
            if value::head(bytes) == Err(value::Missing::Never) {
                let mut words = grammar::words(bytes).take(MAX_WORDS);
                return words.try_for_each(|word| shown(word, word.len() as u64, line));
            }
            let mut words = value::words(bytes).take(MAX_WORDS);
            words.try_for_each(|word| shown(word.text, word.len, line))
        }
        Some(Kind::Rest) | None => line.write_str("Rest of a long message"),
        Some(_) => {
            line.write_str("Response:")?;
            reply(bytes, line)
        }
    }
}

/// A string, or how long it is.
fn shown(word: &[u8], len: u64, line: &mut dyn Write) -> fmt::Result {
    if len < MAX_SHOWN as u64 {
        write!(line, " {}", Shown(word))
    } else {
        write!(line, " BulkString({len})")
    }
}

fn reply(bytes: &[u8], line: &mut dyn Write) -> fmt::Result {
    let Ok(head) = value::head(bytes) else { return Ok(()) };
    let text = bytes.get(head.text.clone()).unwrap_or(&[]);
    let name = match head.letter {
        b'-' | b'!' => {
            let error = value::text(bytes).and_then(|range| bytes.get(range)).unwrap_or(text);
            return write!(line, " Error: {}", Shown(error.get(..MAX_SHOWN).unwrap_or(error)));
        }
        b'_' => return line.write_str(" Null"),
        b'$' | b'=' if head.follows == Follows::Nothing => return line.write_str(" Null"),
        b'*' => "Array",
        b'~' => "Set",
        b'>' => "Push",
        b'%' => "Map",
        b'|' => "Attribute",
        _ => {
            let Some(word) = value::words(bytes).next() else { return Ok(()) };
            return shown(word.text, word.len, line);
        }
    };
    write!(line, " {name}({})", Shown(text))
}

/// Describes a message of any kind.
pub(super) fn describe(message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
    let mut reader = view.reader(message.span);
    if message.is(Kind::Command) && value::head(reader.rest()) == Err(value::Missing::Never) {
        let line = lines::line(reader.rest()).unwrap_or(lines::unended(reader.rest()));
        let text = Value::text(reader.rest().get(..line.text).unwrap_or(&[]));
        sink.field(super::FRAGMENT, text, reader.span().part(0, line.text));
        return;
    }
    let mut left = MAX_CONTENT_VALUES;
    while !reader.is_empty() && left > 0 && !sink.is_done() {
        if told(&mut reader, 0, &mut left, sink).is_none() {
            break;
        }
    }
}

/// What a list of each letter is called, and its length.
fn list(letter: u8) -> Option<(FieldId, FieldId)> {
    match letter {
        b'*' => Some((super::ARRAY, super::ARRAY_LENGTH)),
        b'~' => Some((super::SET, super::SET_LENGTH)),
        b'>' => Some((super::PUSH, super::PUSH_LENGTH)),
        b'%' => Some((super::MAP, super::MAP_LENGTH)),
        b'|' => Some((super::ATTRIBUTE, super::ATTRIBUTE_LENGTH)),
        _ => None,
    }
}

/// Tells the value that comes next; `None` if it is not there as a whole, or too much was told.
fn told(
    reader: &mut Reader<'_>,
    depth: usize,
    left: &mut usize,
    sink: &mut dyn Sink,
) -> Option<()> {
    *left = left.checked_sub(1)?;
    let Ok(head) = value::head(reader.rest()) else {
        let text = format_args!("A value that is not whole");
        sink.note(Severity::Missing, reader.span(), text);
        return None;
    };
    let (bytes, place) = (reader.rest(), reader.span());
    reader.take(head.len, "A line").ok()?;
    let text = bytes.get(head.text.clone()).unwrap_or(&[]);
    let text_place = place.part(head.text.start, head.text.len());
    if let Some((field, length)) = list(head.letter) {
        sink.open(field, Value::None, place.part(0, head.len));
        sink.field(length, Value::Signed(signed(text)), text_place);
        let told = values(&head, reader, depth, left, sink);
        sink.close();
        return told;
    }
    match head.letter {
        b'+' => sink.field(super::STRING, Value::text(text), text_place),
        b'-' => sink.field(super::ERROR, Value::text(text), text_place),
        b':' => sink.field(super::INTEGER, Value::Signed(signed(text)), text_place),
        b',' => sink.field(super::DOUBLE, Value::text(text), text_place),
        b'(' => sink.field(super::BIG_NUMBER, Value::text(text), text_place),
        b'#' => sink.field(super::BOOLEAN, Value::Bool(text == b"t"), text_place),
        b'_' => sink.field(super::NULL, Value::None, place.part(0, head.len)),
        _ => return bulk(&head, Value::Signed(signed(text)), reader, place, sink),
    }
    Some(())
}

/// The values of a list, in each other up to a depth.
fn values(
    head: &Head,
    reader: &mut Reader<'_>,
    depth: usize,
    left: &mut usize,
    sink: &mut dyn Sink,
) -> Option<()> {
    // What the attributes belong to stands beside them.
    let Follows::Values(count) = head.follows else { return Some(()) };
    let count = if head.letter == b'|' { count - 1 } else { count };
    if depth >= MAX_CONTENT_DEPTH {
        sink.note(Severity::Hint, reader.span(), format_args!("Lists in lists end here"));
        return None;
    }
    for _ in 0..count {
        // A long message ends inside its lists.
        if reader.is_empty() {
            return None;
        }
        told(reader, depth + 1, left, sink)?;
    }
    Some(())
}

/// A string, an error or a text whose length stands before it.
fn bulk(
    head: &Head,
    length: Value<'_>,
    reader: &mut Reader<'_>,
    place: crate::span::Span,
    sink: &mut dyn Sink,
) -> Option<()> {
    let (group, field, value) = match head.letter {
        b'!' => (super::BULK_ERROR, super::BULK_ERROR_LENGTH, super::BULK_ERROR_VALUE),
        b'=' => (super::VERBATIM, super::VERBATIM_LENGTH, super::VERBATIM_VALUE),
        _ => (super::BULK, super::BULK_LENGTH, super::BULK_VALUE),
    };
    let Follows::Bytes(len) = head.follows else {
        sink.open(group, Value::None, place.part(0, head.len));
        sink.field(field, length, place.part(head.text.start, head.text.len()));
        sink.close();
        return Some(());
    };
    let len = usize::try_from(len).unwrap_or(usize::MAX);
    sink.open(group, Value::None, place.part(0, head.len.saturating_add(len)));
    sink.field(field, length, place.part(head.text.start, head.text.len()));
    let mut content = reader.sub(len.min(reader.len()), "A string").ok()?;
    if head.letter == b'='
        && content.rest().get(3) == Some(&b':')
        && let Ok((encoding, place)) = content.take(3, "The encoding")
    {
        sink.field(super::VERBATIM_ENCODING, Value::text(encoding), place);
        content.take(1, "The colon").ok()?;
    }
    if !content.is_empty() {
        sink.field(value, Value::Bytes(content.rest()), content.span());
    }
    sink.close();
    reader.take(2, "The end of a string").ok().map(|_| ())
}

/// A number with a sign; 0 where it is none.
fn signed(digits: &[u8]) -> i64 {
    std::str::from_utf8(digits).ok().and_then(|text| text.parse().ok()).unwrap_or(0)
}
