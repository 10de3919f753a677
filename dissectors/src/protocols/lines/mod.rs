//! Lines of text on a stream, as SMTP, IMAP, POP3 and FTP speak them: what these protocols share.
//!
//! ```text
//!   RCPT TO:<a@example.org> CRLF      a command: a word, then its argument
//!   250-first CRLF 250 last CRLF      a reply of several lines (`reply`)
//!   text CRLF . CRLF                  content that a line of one dot ends (`dots`)
//! ```
//!
//! Nothing here is a session: each protocol has its own, made of these parts.

pub mod asked;
pub mod dots;
pub mod reply;
pub mod text;

use crate::engine::session::{Announce, Input, Out, Progress};
use crate::message::MessageKind;
use crate::protocol::Likelihood;

/// The longest line that is read as one. RFC 5321, section 4.5.3.1, allows 1000 bytes; IMAP and
/// the tokens of SASL need more, and none of them as much as this.
pub const MAX_LINE: usize = 1 << 16;

/// A complete line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// How many bytes it has before its end.
    pub text: usize,
    /// How many with it.
    pub len: usize,
}

/// The first line of these bytes, ended by LF or CRLF.
#[must_use]
pub fn line(bytes: &[u8]) -> Option<Line> {
    let end = memchr::memchr(b'\n', bytes)?;
    let text = if bytes.get(..end)?.ends_with(b"\r") { end - 1 } else { end };
    Some(Line { text, len: end + 1 })
}

/// A line whose end will not come.
#[must_use]
pub fn unended(bytes: &[u8]) -> Line {
    Line { text: bytes.strip_suffix(b"\r").unwrap_or(bytes).len(), len: bytes.len() }
}

/// What comes next in a direction that speaks in lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// A complete line.
    Line(Line),
    /// So many bytes that are no line: too long for one, or the rest of one whose start is lost.
    Rest(usize),
    /// A line that is not complete yet.
    Wait,
}

/// Where a direction is in its lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    inside: bool,
}

impl Cursor {
    /// Bytes are missing: what comes now may begin inside a line.
    pub fn lost(&mut self) {
        self.inside = true;
    }

    /// What stands at the start of these bytes.
    pub fn next(&mut self, bytes: &[u8]) -> Next {
        self.next_within(MAX_LINE, bytes)
    }

    /// The same, where no line is longer than so many bytes.
    pub fn next_within(&mut self, most: usize, bytes: &[u8]) -> Next {
        match line(bytes) {
            Some(line) if self.inside => {
                self.inside = false;
                Next::Rest(line.len)
            }
            Some(line) if line.len <= most => Next::Line(line),
            None if !self.inside && bytes.len() < most => Next::Wait,
            found => {
                self.inside = found.is_none();
                Next::Rest(found.map_or(bytes.len(), |line| line.len))
            }
        }
    }
}

/// The line that stands at the start of the unread bytes of a direction; else what a session
/// answers, which has announced bytes that are no line under that kind.
///
/// # Errors
/// The progress to return, where no complete line is there.
pub fn next<K: MessageKind>(
    cursor: &mut Cursor,
    none: K,
    input: Input<'_>,
    out: &mut Out<'_>,
) -> Result<Line, Progress> {
    next_within(MAX_LINE, cursor, none, input, out)
}

/// The same, where no line is longer than so many bytes.
///
/// # Errors
/// The progress to return, where no complete line is there.
pub fn next_within<K: MessageKind>(
    most: usize,
    cursor: &mut Cursor,
    none: K,
    input: Input<'_>,
    out: &mut Out<'_>,
) -> Result<Line, Progress> {
    match cursor.next_within(most, input.bytes) {
        Next::Line(line) => Ok(line),
        Next::Wait => Err(Progress::Need(input.bytes.len() + 1)),
        Next::Rest(len) => Err(other(none, len, input, out)),
    }
}

/// Bytes that are no line: a message of that kind.
pub fn other<K: MessageKind>(kind: K, len: usize, input: Input<'_>, out: &mut Out<'_>) -> Progress {
    let span = out.span(input.at, len);
    out.announce(Announce::new(kind, span));
    Progress::Took(len)
}

/// Whether these bytes begin a TLS record that holds the first message of a handshake
/// (RFC 8446, sections 4 and 5.1).
#[must_use]
pub fn is_tls(bytes: &[u8]) -> bool {
    matches!(bytes, [22, 3, 0..=4, _, _, 1 | 2, ..] | [22, 3, 0..=4, _, _] | [22, 3, 0..=4, _])
}

/// Whether all of this can stand in a line of text: no control characters but tabs.
#[must_use]
pub fn is_text(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| *byte >= b' ' && *byte != 0x7f || *byte == b'\t')
}

/// The first line of the first bytes of a direction, as far as it is there; `None` if it is not
/// text.
#[must_use]
pub fn opening(bytes: &[u8]) -> Option<&[u8]> {
    /// No greeting and no command that opens a connection is longer.
    const MOST: usize = 1024;
    /// No word that a line begins with is longer: a tag, a command, a code.
    const LONGEST_WORD: usize = 32;
    // Quick to say of most bytes that are no dialogue, and so of most bodies.
    let start = bytes.get(..LONGEST_WORD).unwrap_or(bytes);
    let ends = start.iter().any(|byte| matches!(byte, b' ' | b'-' | b'\r' | b'\n'));
    if !ends && bytes.len() >= LONGEST_WORD {
        return None;
    }
    let bytes = bytes.get(..MOST).unwrap_or(bytes);
    let text = line(bytes).map_or(bytes, |line| bytes.get(..line.text).unwrap_or(bytes));
    let text = text.strip_suffix(b"\r").unwrap_or(text);
    (!text.is_empty() && is_text(text)).then_some(text)
}

/// Whether a line holds one of these words, in capitals or not.
#[must_use]
pub fn holds(line: &[u8], words: &[&str]) -> bool {
    words
        .iter()
        .any(|word| line.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word.as_bytes())))
}

/// Whether a line begins with one of these commands: a whole word, or the start of one where the
/// line ends with it.
#[must_use]
pub fn commands(line: &[u8], words: &[&str]) -> bool {
    let word = text::word(line, 0);
    let found = line.get(word).unwrap_or(&[]);
    words.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(found))
}

/// Whether a line is USER and one name. Four words behind it are IRC's, and a bare word is what
/// finger is asked for.
#[must_use]
pub fn names_user(line: &[u8]) -> bool {
    let name = text::word(line, text::word(line, 0).end);
    commands(line, &["USER"]) && !name.is_empty() && text::word(line, name.end).is_empty()
}

/// Perhaps where it holds, else no.
#[must_use]
pub const fn perhaps(holds: bool) -> Likelihood {
    if holds { Likelihood::Perhaps } else { Likelihood::No }
}

/// Left to the port where it holds, else no.
#[must_use]
pub const fn unsaid(holds: bool) -> Likelihood {
    if holds { Likelihood::Unsaid } else { Likelihood::No }
}

/// Whether a line that is still to come may become one of these commands.
#[must_use]
pub fn begins(line: &[u8], words: &[&str]) -> bool {
    words.iter().any(|word| {
        let start = word.as_bytes().get(..line.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(line))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_with_a_line_feed() {
        assert_eq!(line(b"NOOP\r\nQUIT"), Some(Line { text: 4, len: 6 }));
        assert_eq!(line(b"NOOP\nQUIT"), Some(Line { text: 4, len: 5 }));
        assert_eq!(line(b"\r\n"), Some(Line { text: 0, len: 2 }));
        assert_eq!(line(b"NOOP\r"), None);
    }

    #[test]
    fn what_is_too_long_or_begins_in_the_middle_is_passed_over() {
        let mut cursor = Cursor::default();
        let long = vec![b'a'; MAX_LINE];
        assert_eq!(cursor.next(b"NOOP"), Next::Wait);
        assert_eq!(cursor.next(&long), Next::Rest(MAX_LINE));
        assert_eq!(cursor.next(b"more"), Next::Rest(4));
        assert_eq!(cursor.next(b"end\r\nNOOP\r\n"), Next::Rest(5));
        assert_eq!(cursor.next(b"NOOP\r\n"), Next::Line(Line { text: 4, len: 6 }));
        cursor.lost();
        assert_eq!(cursor.next(b"OP\r\nNOOP\r\n"), Next::Rest(4));
        assert_eq!(cursor.next(b"NOOP\r\n"), Next::Line(Line { text: 4, len: 6 }));
    }
}
