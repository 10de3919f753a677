//! Lines of IRC (RFC 2812, section 2.3.1), and the tags that IRCv3 puts before them.

use std::ops::Range;

use super::FIRST;
use crate::protocols::lines;
use crate::protocols::lines::text::{number, word};

/// Words of a line; the standard allows fifteen.
const MAX_WORDS: usize = 15;

/// Where the parts of a line are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// Who it comes from, without the colon.
    pub(super) prefix: Range<usize>,
    pub(super) command: Range<usize>,
    pub(super) words: Vec<Range<usize>>,
    /// What stands behind a colon.
    pub(super) trailer: Option<Range<usize>>,
}

/// A line with its end.
pub(super) fn of(bytes: &[u8]) -> Option<Line> {
    let end = lines::line(bytes).unwrap_or_else(|| lines::unended(bytes));
    read(bytes.get(..end.text)?)
}

/// The parts of a line; `None` if no command is in it.
pub(super) fn read(text: &[u8]) -> Option<Line> {
    let mut at = 0;
    if text.starts_with(b"@") {
        at = word(text, 0).end;
    }
    let mut next = word(text, at);
    let prefix = if text.get(next.start) == Some(&b':') {
        let prefix = next.start + 1..next.end;
        next = word(text, next.end);
        prefix
    } else {
        0..0
    };
    let command = next;
    let found = text.get(command.clone())?;
    let is_command = found.iter().all(u8::is_ascii_alphabetic)
        || found.len() == 3 && found.iter().all(u8::is_ascii_digit);
    if found.is_empty() || !is_command {
        return None;
    }
    let mut line = Line { prefix, words: Vec::new(), trailer: None, command };
    at = line.command.end;
    while line.words.len() < MAX_WORDS {
        let next = word(text, at);
        match text.get(next.start) {
            None => break,
            Some(b':') => {
                line.trailer = Some(next.start + 1..text.len());
                break;
            }
            Some(_) => {
                at = next.end;
                line.words.push(next);
            }
        }
    }
    Some(line)
}

impl Line {
    pub(super) fn command<'a>(&self, text: &'a [u8]) -> &'a [u8] {
        text.get(self.command.clone()).unwrap_or(&[])
    }

    /// The number of an answer.
    pub(super) fn number(&self, text: &[u8]) -> Option<u64> {
        number(self.command(text))
    }

    /// The last word, or what stands behind the colon.
    pub(super) fn last<'a>(&self, text: &'a [u8]) -> Option<&'a [u8]> {
        let range = self.trailer.clone().or_else(|| self.words.last().cloned())?;
        text.get(range)
    }

    /// Whether nothing else than IRC begins like this: a nickname, a user with four words, a list
    /// of capabilities, or a server with its name and a number or a notice.
    pub(super) fn is_sure(&self, text: &[u8]) -> bool {
        let command = self.command(text);
        let words = self.words.len() + usize::from(self.trailer.is_some());
        let is = |name: &str| command.eq_ignore_ascii_case(name.as_bytes());
        if !self.prefix.is_empty() {
            return words >= 2 && (is("NOTICE") || self.number(text).is_some());
        }
        let begins = FIRST.iter().any(|first| is(first));
        begins && (is("NICK") && words == 1 || is("USER") && words == 4 || is("CAP") && words >= 1)
    }
}
