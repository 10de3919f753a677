//! One value of RESP: a letter that says what it is, and a line.
//!
//! ```text
//!   +OK CRLF                       the line is the value
//!   $5 CRLF hello CRLF             the line is the length of what follows
//!   *2 CRLF $3 CRLF GET CRLF …     the line says how many values follow
//! ```

use std::ops::Range;

use crate::protocols::lines::text::number;
use crate::protocols::lines::{self, MAX_LINE};

/// A line that counts something: the letter, a sign, the digits of 64 bits, and its end.
const MAX_COUNT_LINE: usize = 24;

/// What follows the line of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Follows {
    /// Nothing: the line is the value.
    Nothing,
    /// So many bytes, and the end of a line.
    Bytes(u64),
    /// So many values.
    Values(u64),
}

/// The line that a value begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Head {
    /// The letter.
    pub(super) letter: u8,
    /// The line without the letter and without its end.
    pub(super) text: Range<usize>,
    /// The line with both.
    pub(super) len: usize,
    /// What comes behind it.
    pub(super) follows: Follows,
}

/// Why no value can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Missing {
    /// More bytes will tell.
    More,
    /// These are none.
    Never,
}

/// The beginning of a value.
pub(super) fn head(bytes: &[u8]) -> Result<Head, Missing> {
    let letter = *bytes.first().ok_or(Missing::More)?;
    let longest = match letter {
        b'+' | b'-' | b'(' => MAX_LINE,
        b':' | b'_' | b'#' | b',' | b'$' | b'!' | b'=' | b'*' | b'~' | b'>' | b'%' | b'|' => {
            MAX_COUNT_LINE * 4
        }
        _ => return Err(Missing::Never),
    };
    let Some(line) = lines::line(bytes.get(..longest).unwrap_or(bytes)) else {
        return Err(if bytes.len() < longest { Missing::More } else { Missing::Never });
    };
    let text = 1..line.text.max(1);
    let count = || count(bytes.get(text.clone()).unwrap_or(&[]));
    let follows = match letter {
        b'$' | b'!' | b'=' => count()?.map_or(Follows::Nothing, Follows::Bytes),
        b'*' | b'~' | b'>' => Follows::Values(count()?.unwrap_or(0)),
        b'%' => Follows::Values(count()?.unwrap_or(0).saturating_mul(2)),
        // The value that the attributes belong to comes behind them.
        b'|' => Follows::Values(count()?.unwrap_or(0).saturating_mul(2).saturating_add(1)),
        _ => Follows::Nothing,
    };
    Ok(Head { letter, text, len: line.len, follows })
}

/// A count of bytes or values; nothing for -1, which stands for null.
fn count(digits: &[u8]) -> Result<Option<u64>, Missing> {
    match digits {
        b"-1" => Ok(None),
        [] => Err(Missing::Never),
        digits if digits.len() > MAX_COUNT_LINE => Err(Missing::Never),
        digits => number(digits).map(Some).ok_or(Missing::Never),
    }
}

/// The bytes of a value that is text and stands here, with its place: a line, or what its length
/// announces, as far as it is there.
pub(super) fn text(bytes: &[u8]) -> Option<Range<usize>> {
    let head = head(bytes).ok()?;
    match head.follows {
        Follows::Nothing => Some(head.text),
        Follows::Bytes(len) => {
            let len = usize::try_from(len).unwrap_or(usize::MAX);
            Some(head.len..head.len.saturating_add(len).min(bytes.len()))
        }
        Follows::Values(_) => None,
    }
}

/// A text that is there, and how many bytes it was announced with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word<'a> {
    pub(super) text: &'a [u8],
    pub(super) len: u64,
}

/// Words of a command, or the first texts of a list, as far as they are there.
#[derive(Clone, Debug)]
pub(super) struct Words<'a> {
    bytes: &'a [u8],
    left: u64,
}

/// The texts of the list that begins here; of anything else the one it is.
pub(super) fn words(bytes: &[u8]) -> Words<'_> {
    match head(bytes) {
        Ok(Head { follows: Follows::Values(left), len, .. }) => {
            Words { bytes: bytes.get(len..).unwrap_or(&[]), left }
        }
        Ok(_) => Words { bytes, left: 1 },
        Err(_) => Words { bytes: &[], left: 0 },
    }
}

impl<'a> Iterator for Words<'a> {
    type Item = Word<'a>;

    fn next(&mut self) -> Option<Word<'a>> {
        self.left = self.left.checked_sub(1)?;
        let text = self.bytes.get(text(self.bytes)?)?;
        let head = head(self.bytes).ok()?;
        let (len, end) = match head.follows {
            Follows::Bytes(len) => (len, usize::try_from(len).ok()?.saturating_add(head.len + 2)),
            _ => (text.len() as u64, head.len),
        };
        self.bytes = self.bytes.get(end..).unwrap_or(&[]);
        Some(Word { text, len })
    }
}

/// How far a message was measured: it may come in many pieces, and none is looked at twice.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scan {
    /// How many bytes were read.
    pub(super) at: usize,
    /// How many values are still to come.
    pub(super) left: u64,
    /// Whether they belong to a message whose beginning was told before.
    pub(super) is_rest: bool,
}

impl Default for Scan {
    fn default() -> Self {
        Self { at: 0, left: 1, is_rest: false }
    }
}

impl Scan {
    /// Goes on over the bytes of a message, until its end or until it is longer than `most`: its
    /// length so far, or why that cannot be said. What then is left begins the next message.
    pub(super) fn run(&mut self, bytes: &[u8], most: u64) -> Result<u64, Missing> {
        while self.left > 0 && (self.at as u64) <= most {
            let head = head(bytes.get(self.at..).unwrap_or(&[]))?;
            self.left -= 1;
            self.at += head.len;
            match head.follows {
                Follows::Nothing => {}
                Follows::Values(more) => self.left = self.left.saturating_add(more),
                Follows::Bytes(len) => {
                    let end = (self.at as u64).saturating_add(len).saturating_add(2);
                    if end > most {
                        return Ok(end);
                    }
                    self.at = usize::try_from(end).unwrap_or(usize::MAX);
                }
            }
        }
        Ok(self.at as u64)
    }
}
