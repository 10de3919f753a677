//! Heads: a start line, header lines, an empty line (RFC 9112, sections 2.1 to 5).
//!
//! Everything is a range of offsets into the head, so that the same reading serves the session,
//! which needs a few lengths, and the description, which needs the place of every value.

use std::ops::Range;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::probe::METHODS;

/// The longest start line that is waited for. RFC 9112, section 3 asks for 8000 bytes at least.
pub(super) const MAX_START_LINE: usize = 32 << 10;

/// The longest head that is waited for; servers refuse far shorter ones.
pub(super) const MAX_HEAD: usize = 256 << 10;

/// The longest method that is waited for; the longest registered one has 18 characters.
pub(super) const MAX_METHOD: usize = 32;

/// The longest version that is taken for one, after its slash: sound ones have 3 characters.
const MAX_VERSION: usize = 16;

/// How versions, and with them responses, begin.
pub(super) const VERSION: &[u8] = b"HTTP/";

/// Where the line that starts at `from` ends: past its line feed. A carriage return before it is
/// usual and not required (RFC 9112, section 2.2).
pub(super) fn line_end(bytes: &[u8], from: usize) -> Option<usize> {
    memchr::memchr(b'\n', bytes.get(from..)?).map(|at| from + at + 1)
}

/// A line without its end.
pub(super) fn trimmed(bytes: &[u8], line: &Range<usize>) -> Range<usize> {
    let text = bytes.get(line.clone()).unwrap_or(&[]);
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    let text = text.strip_suffix(b"\r").unwrap_or(text);
    line.start..line.start + text.len()
}

/// Whether a line is the empty one that ends a head.
fn is_empty(line: &[u8]) -> bool {
    matches!(line, b"\r\n" | b"\n")
}

/// Where the head ends whose line begins at `from`: past its empty line; else the beginning of
/// the first line that is not complete, where looking may go on when more bytes are there.
pub(super) fn end(bytes: &[u8], from: usize) -> Result<usize, usize> {
    // An empty line stands behind another, or at the beginning. Looking for both ends at once is
    // several times as fast as going from line to line.
    static BEHIND_A_LINE: LazyLock<[Finder<'static>; 2]> =
        LazyLock::new(|| [Finder::new(b"\n\r\n"), Finder::new(b"\n\n")]);
    let rest = bytes.get(from..).unwrap_or(&[]);
    match rest {
        [b'\r', b'\n', ..] => return Ok(from + 2),
        [b'\n', ..] => return Ok(from + 1),
        _ => {}
    }
    let [usual, bare] = &*BEHIND_A_LINE;
    let usual = usual.find(rest).map(|at| at + 3);
    let before = rest.get(..usual.unwrap_or(rest.len())).unwrap_or(rest);
    match bare.find(before).map(|at| at + 2).or(usual) {
        Some(len) => Ok(from + len),
        None => Err(from + memchr::memrchr(b'\n', rest).map_or(0, |at| at + 1)),
    }
}

/// Whether whole lines are fields of a trailer section: a name and a colon, or a fold, which is
/// never `first` of the section (RFC 9112, sections 5 and 5.2).
pub(super) fn are_fields(lines: &[u8], mut first: bool) -> bool {
    lines.split_inclusive(|byte| *byte == b'\n').all(|line| match line.first() {
        Some(b' ' | b'\t') => !first,
        _ => {
            first = false;
            line.contains(&b':')
        }
    })
}

/// A byte of a token (RFC 9110, section 5.6.2).
const fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.')
        || matches!(byte, b'^' | b'_' | b'`' | b'|' | b'~')
}

/// Whether this is meant as a version of HTTP. There are senders of `HTTP/1.01` and of bytes that
/// stand in no version, and receivers that take them.
fn is_version(word: &[u8]) -> bool {
    let number = word.strip_prefix(VERSION);
    number.is_some_and(|number| {
        number.first().is_some_and(u8::is_ascii_digit)
            && number.len() <= MAX_VERSION
            && !number.contains(&b' ')
    })
}

/// Whether a version is `HTTP/`, a digit, a dot and a digit (RFC 9112, section 2.3).
pub(super) fn is_sound_version(word: &[u8]) -> bool {
    matches!(word.strip_prefix(VERSION), Some([major, b'.', minor])
        if major.is_ascii_digit() && minor.is_ascii_digit())
}

/// A start line, as offsets into the head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum StartLine {
    /// `GET / HTTP/1.1` (RFC 9112, section 3).
    Request {
        /// `GET`.
        method: Range<usize>,
        /// `/`.
        target: Range<usize>,
        /// `HTTP/1.1`.
        version: Range<usize>,
    },
    /// `HTTP/1.1 200 OK` (RFC 9112, section 4).
    Response {
        /// `HTTP/1.1`.
        version: Range<usize>,
        /// `200`; empty where what stands there is none.
        code: Range<usize>,
        /// The code as a number; 0 where there is none.
        number: u16,
        /// `OK`; may be empty or left out.
        phrase: Range<usize>,
    },
}

impl StartLine {
    /// Reads a start line; what follows its end is ignored. Of one that has no end in these
    /// bytes, for the capture cut it, it reads what is there: a request needs a method, a
    /// response a whole status code.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let end = line_end(bytes, 0);
        let line = bytes.get(trimmed(bytes, &(0..end.unwrap_or(bytes.len()))))?;
        if line.starts_with(VERSION) {
            // A cut line may have lost its code; a whole one has none.
            Self::response(line).filter(|start| end.is_some() || start.has_code())
        } else if end.is_some() {
            Self::request(line)
        } else {
            Self::request(line).or_else(|| Self::cut_request(line))
        }
    }

    /// A request line of which the beginning is there: only methods that are well known count.
    fn cut_request(line: &[u8]) -> Option<Self> {
        let begins = |method: &&&str| line.starts_with(method.as_bytes());
        let start = METHODS.iter().find(begins)?.len();
        let target = line.get(start..)?.iter().position(|byte| *byte == b' ');
        let target = start..target.map_or(line.len(), |len| start + len);
        let version = (target.end + 1).min(line.len())..line.len();
        Some(Self::Request { method: 0..start - 1, target, version })
    }

    fn request(line: &[u8]) -> Option<Self> {
        let method = line.get(..=MAX_METHOD).unwrap_or(line).iter().position(|b| *b == b' ')?;
        let space = memchr::memrchr(b' ', line)?;
        let version = line.get(space + 1..)?;
        let sound = method > 0
            && space > method + 1
            && line.get(..method)?.iter().all(|byte| is_token(*byte))
            && is_version(version);
        sound.then(|| Self::Request {
            method: 0..method,
            target: method + 1..space,
            version: space + 1..line.len(),
        })
    }

    /// Only responses begin with a version: one whose code is broken still is a response.
    fn response(line: &[u8]) -> Option<Self> {
        let blank = |from: usize| {
            let rest = line.get(from..).unwrap_or(&[]);
            memchr::memchr(b' ', rest).map_or(line.len(), |at| from + at)
        };
        let version = blank(0);
        if !is_version(line.get(..version)?) {
            return None;
        }
        let blanks = line.get(version..)?.iter().take_while(|byte| **byte == b' ').count();
        let start = version + blanks;
        let end = blank(start);
        let code = match line.get(start..end)? {
            [a, b, c, rest @ ..]
                if [a, b, c].into_iter().all(u8::is_ascii_digit)
                    && !rest.first().is_some_and(u8::is_ascii_alphanumeric) =>
            {
                start..start + 3
            }
            _ => start..start,
        };
        let digits = line.get(code.clone())?;
        let number = digits.iter().fold(0, |sum, digit| sum * 10 + u16::from(digit - b'0'));
        let phrase = (end + 1).min(line.len())..line.len();
        Some(Self::Response { version: 0..version, code, number, phrase })
    }

    /// Whether it is a request, or a response with a code.
    fn has_code(&self) -> bool {
        !matches!(self, Self::Response { code, .. } if code.is_empty())
    }
}

/// Whether bytes whose first line is not complete can still become a start line.
pub(super) fn may_become(bytes: &[u8]) -> bool {
    if bytes.starts_with(VERSION) || VERSION.starts_with(bytes) {
        return true;
    }
    match bytes.iter().take(MAX_METHOD + 1).position(|byte| !is_token(*byte)) {
        Some(at) => at > 0 && bytes.get(at) == Some(&b' '),
        None => bytes.len() <= MAX_METHOD,
    }
}

/// One header, as offsets into the head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Header {
    /// All of it, line ends included; several lines where it is folded.
    pub(super) line: Range<usize>,
    /// Its name; empty where the line has no colon.
    pub(super) name: Range<usize>,
    /// Its value, from the first byte that is not blank to the end of the line.
    pub(super) value: Range<usize>,
}

/// The headers of a head, or the fields of a trailer section, up to its empty line.
#[derive(Clone, Debug)]
pub(super) struct Headers<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Headers<'a> {
    /// The headers of a head, after its start line.
    pub(super) fn new(head: &'a [u8]) -> Self {
        Self { bytes: head, at: line_end(head, 0).unwrap_or(head.len()) }
    }

    /// The fields of a trailer section, which has no start line.
    pub(super) const fn trailer(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// The next header whose first line may be one that is looked for: the others are not read.
    pub(super) fn next_of(&mut self, may_be: impl Fn(&[u8]) -> bool) -> Option<Header> {
        let from = self.at;
        // A fold begins with a blank, and so is passed over as other lines are.
        for end in memchr::memchr_iter(b'\n', self.bytes.get(from..)?) {
            let line = self.bytes.get(self.at..=from + end)?;
            if may_be(line) || is_empty(line) {
                return self.next();
            }
            self.at = from + end + 1;
        }
        None
    }

    /// Where a header ends whose first line does: an obsolete fold continues the value on the next
    /// line (RFC 9112, section 5.2).
    fn behind_folds(&self, mut end: usize) -> Option<usize> {
        while matches!(self.bytes.get(end), Some(b' ' | b'\t')) {
            end = line_end(self.bytes, end)?;
        }
        Some(end)
    }

    /// Where reading stands: after the last header it is where the empty line begins.
    pub(super) const fn at(&self) -> usize {
        self.at
    }
}

impl Iterator for Headers<'_> {
    type Item = Header;

    fn next(&mut self) -> Option<Header> {
        let start = self.at;
        let end = line_end(self.bytes, start)?;
        if self.bytes.get(start..end).is_some_and(is_empty) {
            return None;
        }
        let end = self.behind_folds(end)?;
        self.at = end;
        let text = trimmed(self.bytes, &(start..end));
        let line = self.bytes.get(text.clone())?;
        let name = memchr::memchr(b':', line).unwrap_or(0);
        let after = line.get(name + usize::from(name > 0)..)?;
        let blanks = after.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        Some(Header {
            line: start..end,
            name: start..start + name,
            value: text.end - after.len() + blanks..text.end,
        })
    }
}
