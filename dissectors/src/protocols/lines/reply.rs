//! Replies of three digits and text, of one line or several: RFC 5321, section 4.2.1, and
//! RFC 959, section 4.2.
//!
//! ```text
//!   250-mail.example.org          250 mail.example.org
//!   250-SIZE 1000
//!   250 STARTTLS                  the last line has a blank after the code
//! ```

use std::ops::Range;

use super::{Cursor, MAX_LINE, Next, line};

/// The longest reply that is one message: banners of a few hundred lines.
const MAX_REPLY: usize = MAX_LINE;

/// What stands at the start of a server's unread bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// A reply of so many bytes; those without a code are a line that is none.
    Reply(Option<u16>, usize),
    /// Its last line is not there yet.
    Wait,
    /// So many bytes that go on too long to be one reply.
    Long(usize),
}

/// The code at the start of a line: three digits, followed by a blank, a hyphen or nothing.
#[must_use]
pub fn code(line: &[u8]) -> Option<(u16, bool)> {
    let [a @ b'1'..=b'6', b @ b'0'..=b'9', c @ b'0'..=b'9', rest @ ..] = line else { return None };
    let number = [a, b, c].iter().fold(0, |sum, digit| sum * 10 + u16::from(**digit - b'0'));
    match rest.first() {
        None | Some(b' ' | b'\t' | b'\r') => Some((number, true)),
        Some(b'-') => Some((number, false)),
        Some(_) => None,
    }
}

/// The code of a reply whose end will not come.
#[must_use]
pub fn unended(bytes: &[u8]) -> Option<u16> {
    let first = lines(bytes).next()?;
    bytes.get(first).and_then(code).map(|(number, _)| number)
}

/// Reads a reply whose first line has so many bytes at most. `scanned` is where to go on looking
/// for its last line, 0 for a new one; it is moved along.
fn read(most: usize, bytes: &[u8], scanned: &mut usize) -> Found {
    let first = bytes.get(..bytes.len().min(most)).unwrap_or(bytes);
    let Some(first_line) = line(first) else {
        return if bytes.len() < most { Found::Wait } else { Found::Long(bytes.len()) };
    };
    let opening = code(bytes.get(..first_line.text).unwrap_or(&[]));
    let Some((number, false)) = opening else {
        *scanned = 0;
        return Found::Reply(opening.map(|(number, _)| number), first_line.len);
    };
    let mut at = (*scanned).max(first_line.len);
    while let Some(next) = bytes.get(at..).and_then(line) {
        let text = bytes.get(at..at + next.text).unwrap_or(&[]);
        at += next.len;
        if code(text) == Some((number, true)) {
            *scanned = 0;
            return Found::Reply(Some(number), at);
        }
    }
    *scanned = at;
    if bytes.len() < MAX_REPLY {
        return Found::Wait;
    }
    *scanned = 0;
    Found::Long(at)
}

/// Reads a reply, or goes on with the rest of a line that was too long for one.
pub fn take(rest: &mut Cursor, scanned: &mut usize, bytes: &[u8]) -> Found {
    take_within(MAX_LINE, rest, scanned, bytes)
}

/// The same, where no line is longer than so many bytes.
pub fn take_within(most: usize, rest: &mut Cursor, scanned: &mut usize, bytes: &[u8]) -> Found {
    if *rest != Cursor::default()
        && let Next::Rest(len) = rest.next(bytes)
    {
        return Found::Long(len);
    }
    let found = read(most, bytes, scanned);
    if matches!(found, Found::Long(_)) && line(bytes).is_none() {
        rest.lost();
    }
    found
}

/// The lines of a reply, without their ends.
pub fn lines(bytes: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = bytes.get(at..).filter(|rest| !rest.is_empty())?;
        let (text, len) = line(rest).map_or((rest.len(), rest.len()), |line| (line.text, line.len));
        let found = at..at + text;
        at += len;
        Some(found)
    })
}

/// Where the text of a reply's line is: after its code, where it has one.
#[must_use]
pub fn argument(bytes: &[u8], line: &Range<usize>) -> Range<usize> {
    match bytes.get(line.clone()).and_then(code) {
        Some(_) => (line.start + 4).min(line.end)..line.end,
        None => line.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Found) {
        assert_eq!(read(MAX_LINE, text.as_bytes(), &mut 0), expected, "{text}");
        // Byte by byte, it comes out as the same.
        let mut scanned = 0;
        let mut found =
            (1..=text.len()).map(|len| read(MAX_LINE, &text.as_bytes()[..len], &mut scanned));
        assert_eq!(found.find(|one| *one != Found::Wait).unwrap_or(Found::Wait), expected);
    }

    #[test]
    fn a_reply_ends_with_the_line_that_has_a_blank_behind_the_code() {
        check("250 ok\r\n", Found::Reply(Some(250), 8));
        check("250\r\n", Found::Reply(Some(250), 5));
        check("250-a\r\n250 b\r\n", Found::Reply(Some(250), 14));
        check("211-a\r\n 220 b\r\n220 c\r\n211 d\r\n", Found::Reply(Some(211), 29));
        check("250-a\r\n250-b\r\n", Found::Wait);
        check("what?\r\n", Found::Reply(None, 7));
        check("2500 a\r\n", Found::Reply(None, 8));
        check("250 ok", Found::Wait);
    }
}
