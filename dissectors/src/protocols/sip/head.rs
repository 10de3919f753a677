//! The start line and the headers of a message (RFC 3261, section 7).

use std::ops::Range;

use super::super::lines::text::{number, word};
use super::super::lines::{self, line};
use crate::protocol::{Framing, Likelihood};

/// The longest head that is waited for. RFC 3261, section 18.1.1, wants messages that come near the
/// size of a packet to travel over TCP, and what is there has rarely more than some kilobytes.
pub(super) const MAX_HEAD: usize = 1 << 16;

/// Methods (RFC 3261, section 7.1, and the RFCs that added more).
const METHODS: &[&str] = &[
    "INVITE",
    "ACK",
    "BYE",
    "CANCEL",
    "REGISTER",
    "OPTIONS",
    "PRACK",
    "SUBSCRIBE",
    "NOTIFY",
    "PUBLISH",
    "INFO",
    "REFER",
    "MESSAGE",
    "UPDATE",
];

/// What each message names itself.
const VERSION: &[u8] = b"SIP/2.0";

/// The first line of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Start {
    /// Method and URI.
    Request(Range<usize>, Range<usize>),
    /// Code and reason.
    Response(Range<usize>, Range<usize>),
}

impl Start {
    /// Reads a line without its end.
    fn read(text: &[u8]) -> Option<Self> {
        let first = word(text, 0);
        let second = word(text, first.end);
        if text.get(first.clone())? == VERSION {
            let code = text.get(second.clone())?;
            let fits = code.len() == 3 && matches!(number(code), Some(100..=699));
            return fits
                .then(|| Self::Response(second.clone(), lines::text::rest(text, second.end)));
        }
        let version = word(text, second.end);
        let is_method = !first.is_empty()
            && text.get(first.clone())?.iter().all(|byte| byte.is_ascii_uppercase());
        let ends = text.get(version.clone())? == VERSION && version.end == text.len();
        (is_method && !second.is_empty() && ends).then_some(Self::Request(first, second))
    }
}

/// How much bytes look like a message: its first line says it. Of a line that is not complete, a
/// method and a URI of SIP are enough.
pub(super) fn probe(bytes: &[u8], framing: Framing) -> Likelihood {
    /// No start line is longer.
    const MOST: usize = 1024;
    let head = bytes.get(..MOST).unwrap_or(bytes);
    // Quick to say of most datagrams: methods and the version are in capitals.
    if !matches!(head.first(), Some(b'A'..=b'Z' | b'\r' | b'\n' | 0) | None) {
        return Likelihood::No;
    }
    if !head.is_empty() && head.iter().all(|byte| matches!(byte, b'\r' | b'\n' | 0)) {
        return lines::unsaid(head.len() <= 4);
    }
    if let Some(line) = line(head) {
        let text = head.get(..line.text).unwrap_or(head);
        let behind = head.get(line.len..).unwrap_or(&[]);
        let is_start = Start::read(text).is_some() && may_be_header(behind);
        return if is_start { Likelihood::Surely } else { Likelihood::No };
    }
    let begins = |start: &[u8]| start.get(..head.len()).is_some_and(|start| start == head);
    let first = head.get(word(head, 0)).unwrap_or(&[]);
    let behind = head.get(first.len() + 1..).unwrap_or(&[]);
    let is_method = METHODS.iter().any(|method| method.as_bytes() == first);
    if is_method && [&b"sip:"[..], b"sips:", b"tel:"].iter().any(|uri| behind.starts_with(uri)) {
        return Likelihood::Surely;
    }
    let may_become = framing == Framing::Stream
        && (begins(b"SIP/2.0 ") || is_method || METHODS.iter().any(|one| begins(one.as_bytes())));
    if head.starts_with(b"SIP/2.0 ") { Likelihood::Surely } else { lines::unsaid(may_become) }
}

/// Whether these bytes, as far as they are there, may be a header or the end of all: a name without
/// blanks comes before the colon.
fn may_be_header(bytes: &[u8]) -> bool {
    let name = bytes.iter().take_while(|byte| byte.is_ascii_graphic() && **byte != b':').count();
    match bytes.get(name) {
        Some(b':') => name > 0,
        Some(b'\r' | b'\n') => name == 0,
        // Some put blanks before the colon (RFC 3261, section 7.3.1).
        Some(b' ' | b'\t') => bytes.get(name..).is_some_and(|rest| {
            let rest = rest.trim_ascii_start();
            rest.is_empty() || rest.starts_with(b":")
        }),
        Some(_) => false,
        None => true,
    }
}

/// A header: its name and its value, without the blanks around.
#[derive(Clone, Debug)]
pub(super) struct Header {
    pub(super) name: Range<usize>,
    pub(super) value: Range<usize>,
}

/// The head of a message.
#[derive(Clone, Debug)]
pub(super) struct Head {
    pub(super) start: Start,
    /// Length of the start line without its end.
    pub(super) line: usize,
    /// Where the headers begin, and where the body does.
    pub(super) headers: usize,
    pub(super) body: usize,
}

impl Head {
    /// Reads a head; `None` if these bytes hold none, or none that is complete. One that the bytes
    /// end within is told as far as it goes, once its start line is there.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let first = line(bytes)?;
        let start = Start::read(bytes.get(..first.text)?)?;
        let body = end(bytes, first.len).unwrap_or(bytes.len());
        Some(Self { start, line: first.text, headers: first.len, body })
    }

    /// Its headers, in their order; lines that go on (section 7.3.1) belong to the one before.
    pub(super) fn headers<'a>(&self, bytes: &'a [u8]) -> impl Iterator<Item = Header> + use<'a> {
        let (mut at, end) = (self.headers, self.body);
        std::iter::from_fn(move || {
            let from = at;
            let mut text = from;
            loop {
                let rest = bytes.get(at..end).unwrap_or(&[]);
                let found = line(rest).filter(|line| line.text > 0)?;
                text = text.max(at + found.text);
                at += found.len;
                if !matches!(bytes.get(at), Some(b' ' | b'\t')) {
                    break;
                }
            }
            let whole = bytes.get(from..text).unwrap_or(&[]);
            let colon = memchr::memchr(b':', whole).unwrap_or(whole.len());
            let name = whole.get(..colon).unwrap_or(whole).trim_ascii_end().len();
            let value = whole.get(colon + 1..).unwrap_or(&[]);
            let blanks = value.len() - value.trim_ascii_start().len();
            let start = (from + colon + 1 + blanks).min(text);
            let len = value.trim_ascii().len();
            Some(Header { name: from..from + name, value: start..start + len })
        })
    }

    /// The value of the first header of that name, or of its short form (section 7.3.3).
    pub(super) fn value<'a>(&self, bytes: &'a [u8], name: &str) -> Option<&'a [u8]> {
        let is_it = |one: &Header| bytes.get(one.name.clone()).is_some_and(|it| is(it, name));
        let found = self.headers(bytes).find(is_it)?;
        bytes.get(found.value)
    }

    /// How long its body says it is.
    pub(super) fn content_length(&self, bytes: &[u8]) -> Option<usize> {
        let value = number(self.value(bytes, "Content-Length")?)?;
        usize::try_from(value).ok()
    }

    /// The media type of its body, without parameters.
    pub(super) fn content_type<'a>(&self, bytes: &'a [u8]) -> Option<&'a [u8]> {
        let value = self.value(bytes, "Content-Type")?;
        value.split(|byte| *byte == b';').next().map(<[u8]>::trim_ascii)
    }
}

/// Where the body begins: behind the first empty line at or after this place, where a line begins;
/// else the beginning of the first line that is not complete, where looking may go on when more
/// bytes are there.
pub(super) fn end(bytes: &[u8], from: usize) -> Result<usize, usize> {
    let mut at = from;
    loop {
        let found = bytes.get(at..).and_then(line).ok_or(at)?;
        at += found.len;
        if found.text == 0 {
            return Ok(at);
        }
    }
}

/// Short forms of names (section 20).
const SHORT: &[(&str, &str)] = &[
    ("Call-ID", "i"),
    ("Contact", "m"),
    ("Content-Length", "l"),
    ("Content-Type", "c"),
    ("From", "f"),
    ("Supported", "k"),
    ("To", "t"),
    ("Via", "v"),
];

/// Whether a header has that name.
pub(super) fn is(name: &[u8], wanted: &str) -> bool {
    let short = SHORT.iter().find(|(long, _)| *long == wanted).map(|(_, short)| *short);
    [Some(wanted), short].into_iter().flatten().any(|one| name.eq_ignore_ascii_case(one.as_bytes()))
}
