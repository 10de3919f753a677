//! A line taken apart (RFC 5424, section 6; RFC 3164, section 4.1): ranges into the datagram.

use std::ops::Range;

use super::fields as f;
use crate::field::FieldId;
use crate::protocols::lines::is_text;

/// The highest priority: facility 23, severity 7.
const HIGHEST: u16 = 191;

/// Parameters of one element, and elements, that are looked at.
const MAX_PARAMS: usize = 64;
const MAX_ELEMENTS: usize = 64;

/// How a line is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// RFC 5424.
    New,
    /// RFC 3164.
    Old,
    /// Text alone.
    Free,
}

/// A line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) form: Form,
    /// The priority, and where it stands.
    pub(super) priority: Option<(u16, Range<usize>)>,
    /// Version, time, host and so on, as far as the form has them.
    pub(super) parts: Vec<(FieldId, Range<usize>)>,
    /// Structured data, where there are any.
    pub(super) data: Range<usize>,
    /// The text itself.
    pub(super) message: Range<usize>,
}

impl Line {
    /// Reads a line; `None` if it cannot be one: without a priority it has to be text to its end,
    /// where a line feed or a zero may stand.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let end = bytes.iter().rposition(|byte| !matches!(byte, 0 | b'\n' | b'\r'))? + 1;
        let priority = priority(bytes);
        let start = priority.as_ref().map_or(0, |(_, range)| range.end + 1);
        let text = bytes.get(start..end).unwrap_or(&[]);
        if priority.is_none() && (!is_text(text) || std::str::from_utf8(text).is_err()) {
            return None;
        }
        let mut line = Self {
            form: Form::Free,
            priority,
            parts: Vec::new(),
            data: 0..0,
            message: start..end.max(start),
        };
        if line.priority.is_some() {
            line.new_form(bytes);
        }
        if line.form == Form::Free {
            line.old_form(bytes);
        }
        Some(line)
    }

    /// Where the line begins behind its priority.
    pub(super) fn text_at(&self) -> usize {
        self.priority.as_ref().map_or(0, |(_, range)| range.end + 1)
    }

    /// Version, time, host, program, process, kind, structured data, text.
    fn new_form(&mut self, bytes: &[u8]) {
        const PARTS: [FieldId; 6] =
            [f::VERSION, f::TIMESTAMP, f::HOSTNAME, f::APPNAME, f::PROCID, f::MSGID];
        let (mut at, end) = (self.message.start, self.message.end);
        let mut parts = Vec::new();
        for field in PARTS {
            let rest = bytes.get(at..end).unwrap_or(&[]);
            let Some(len) = rest.iter().position(|byte| *byte == b' ') else { return };
            // The version has digits only, and a date begins with a year.
            let word = rest.get(..len).unwrap_or(&[]);
            let fits = match field {
                _ if len == 0 => false,
                one if one == f::VERSION => len <= 3 && word.iter().all(u8::is_ascii_digit),
                one if one == f::TIMESTAMP => word == b"-" || word.get(4) == Some(&b'-'),
                _ => true,
            };
            if !fits {
                return;
            }
            parts.push((field, at..at + len));
            at += len + 1;
        }
        let rest = bytes.get(at..end).unwrap_or(&[]);
        let data = match rest.first() {
            Some(b'-') => 1,
            Some(b'[') => data_len(rest),
            _ => return,
        };
        if rest.first() == Some(&b'[') {
            self.data = at..at + data;
        }
        let text = at + data;
        let blank = usize::from(bytes.get(text) == Some(&b' ') && text < end);
        self.message = (text + blank).min(end)..end;
        self.parts = parts;
        self.form = Form::New;
    }

    /// A date without a year, a host, a program and perhaps its process, a colon, text.
    fn old_form(&mut self, bytes: &[u8]) {
        const DATE: usize = 15;
        let (start, end) = (self.message.start, self.message.end);
        let text = bytes.get(start..end).unwrap_or(&[]);
        if !text.get(..DATE).is_some_and(is_date) || text.get(DATE) != Some(&b' ') {
            return;
        }
        self.form = Form::Old;
        self.parts.push((f::TIMESTAMP_OLD, start..start + DATE));
        let mut at = start + DATE + 1;
        let rest = |at: usize| bytes.get(at..end).unwrap_or(&[]);
        let Some(host) = rest(at).iter().position(|byte| *byte == b' ') else {
            self.message = at..end;
            return;
        };
        self.parts.push((f::HOSTNAME, at..at + host));
        at += host + 1;
        // What ends with a colon, or with its process in brackets and a colon.
        let word = rest(at).iter().position(|byte| matches!(byte, b':' | b' ')).unwrap_or(0);
        if word > 0 && rest(at).get(word) == Some(&b':') {
            self.parts.push((f::PROCID, at..at + word));
            at += word + 1;
        }
        self.message = at.min(end)..end;
    }
}

/// `<34>`: the number, and where it stands.
fn priority(bytes: &[u8]) -> Option<(u16, Range<usize>)> {
    const MOST_DIGITS: usize = 3;
    let rest = bytes.strip_prefix(b"<")?;
    let len = rest.iter().take(MOST_DIGITS + 1).position(|byte| *byte == b'>')?;
    let digits = rest.get(..len).filter(|digits| !digits.is_empty())?;
    let number = digits.iter().try_fold(0u16, |sum, digit| {
        digit.is_ascii_digit().then(|| sum * 10 + u16::from(digit - b'0'))
    })?;
    (number <= HIGHEST).then_some((number, 1..1 + len))
}

/// `Oct 11 22:14:15`.
fn is_date(text: &[u8]) -> bool {
    const MONTHS: [&[u8]; 12] = [
        b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov",
        b"Dec",
    ];
    let form = b"... .0 00:00:00";
    let fits = |(byte, form): (&u8, &u8)| match form {
        b'0' => byte.is_ascii_digit(),
        b'.' => true,
        form => byte == form,
    };
    text.len() == form.len()
        && MONTHS.iter().any(|month| text.starts_with(month))
        && text.iter().zip(form).all(fits)
        && text.get(4).is_some_and(|byte| byte.is_ascii_digit() || *byte == b' ')
}

/// How long structured data are: up to the bracket behind which no other opens.
fn data_len(text: &[u8]) -> usize {
    let (mut quoted, mut escaped) = (false, false);
    for (at, byte) in text.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b']' if !quoted && text.get(at + 1) != Some(&b'[') => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// An element of structured data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Element {
    pub(super) whole: Range<usize>,
    pub(super) name: Range<usize>,
    /// Names and values, without the quotation marks.
    pub(super) params: Vec<(Range<usize>, Range<usize>)>,
}

/// The elements of structured data.
pub(super) fn elements(bytes: &[u8], data: &Range<usize>) -> Vec<Element> {
    let mut found: Vec<Element> = Vec::new();
    let mut at = data.start;
    let byte = |at: usize| bytes.get(at).copied().filter(|_| at < data.end);
    let until = |from: usize, ends: &[u8]| {
        (from..data.end)
            .find(|at| byte(*at).is_some_and(|one| ends.contains(&one)))
            .unwrap_or(data.end)
    };
    while byte(at) == Some(b'[') && found.len() < MAX_ELEMENTS {
        let start = at;
        let name = at + 1..until(at + 1, b" ]");
        at = name.end;
        let mut params = Vec::new();
        while byte(at) == Some(b' ') && params.len() < MAX_PARAMS {
            let key = at + 1..until(at + 1, b"=]");
            if byte(key.end) != Some(b'=') || byte(key.end + 1) != Some(b'"') {
                break;
            }
            let value = key.end + 2;
            let mut end = value;
            while byte(end).is_some_and(|one| one != b'"') {
                end += if byte(end) == Some(b'\\') { 2 } else { 1 };
            }
            let end = end.min(data.end);
            params.push((key, value.min(end)..end));
            at = end + 1;
        }
        at = (until(at, b"]") + 1).min(data.end).max(start + 1);
        found.push(Element { whole: start..at, name, params });
    }
    found
}
