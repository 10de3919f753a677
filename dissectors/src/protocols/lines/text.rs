//! Words in lines, and lines with their places.

use std::fmt::{self, Display};
use std::ops::Range;

use crate::field::{FieldId, Value};
use crate::sink::Sink;
use crate::span::Span;
use crate::telling;

/// The longest text that stands on a bead.
const MAX_LABEL: usize = 40;

/// The word at or after this place: up to the next blank.
#[must_use]
pub fn word(line: &[u8], from: usize) -> Range<usize> {
    let rest = line.get(from..).unwrap_or(&[]);
    let blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let start = from + rest.iter().take_while(|byte| blank(byte)).count();
    let rest = line.get(start..).unwrap_or(&[]);
    start..start + rest.iter().take_while(|byte| !blank(byte)).count()
}

/// All after the blanks at this place.
#[must_use]
pub fn rest(line: &[u8], from: usize) -> Range<usize> {
    let start = word(line, from).start.min(line.len());
    start..line.len()
}

/// Bytes that are text most of the time, for summaries and sentences; without control characters.
pub struct Shown<'a>(pub &'a [u8]);

impl Display for Shown<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for chunk in self.0.utf8_chunks() {
            for part in chunk.valid().split(char::is_control) {
                out.write_str(part)?;
            }
            if !chunk.invalid().is_empty() {
                out.write_str("\u{fffd}")?;
            }
        }
        Ok(())
    }
}

/// Text that fits on a bead.
#[must_use]
pub fn short(text: &[u8]) -> String {
    let text = Shown(text).to_string();
    if text.chars().count() <= MAX_LABEL {
        return text;
    }
    text.chars().take(MAX_LABEL - 1).chain(['…']).collect()
}

/// Bytes with their place, of which ranges are told.
#[derive(Clone, Copy)]
pub struct Placed<'a> {
    /// The bytes.
    pub bytes: &'a [u8],
    /// Where they lie.
    pub span: Span,
}

impl<'a> Placed<'a> {
    /// The bytes of a range.
    #[must_use]
    pub fn get(&self, range: &Range<usize>) -> &'a [u8] {
        self.bytes.get(range.clone()).unwrap_or(&[])
    }

    /// The place of a range.
    #[must_use]
    pub fn place(&self, range: &Range<usize>) -> Span {
        self.span.part(range.start, range.len())
    }

    /// Tells a range as text.
    pub fn text(&self, sink: &mut dyn Sink, field: FieldId, range: &Range<usize>) {
        sink.field(field, Value::text(self.get(range)), self.place(range));
    }

    /// Opens a group whose text is a range.
    pub fn open(&self, sink: &mut dyn Sink, field: FieldId, range: &Range<usize>) {
        sink.open(field, Value::text(self.get(range)), self.place(range));
    }
}

/// A number in decimal digits, and nothing else.
#[must_use]
pub fn number(digits: &[u8]) -> Option<u64> {
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// Text as a sentence: with a full stop, unless it ends as one already.
#[must_use]
pub fn sentence(text: &str) -> String {
    match text.trim_end() {
        text if text.is_empty() || text.ends_with(':') => text.to_owned(),
        text => telling::sentence(text),
    }
}
