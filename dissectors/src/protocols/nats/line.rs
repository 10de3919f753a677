//! Lines of NATS: an operation, words, and how many bytes follow.

use std::ops::Range;

use crate::protocols::lines;
use crate::protocols::lines::text::{number, word};

/// The longest line: INFO and CONNECT hold JSON, and servers take four thousand bytes.
const MAX_LINE: usize = 1 << 15;

/// What a line does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Op {
    Info,
    Connect,
    Pub,
    HPub,
    Sub,
    Unsub,
    Msg,
    HMsg,
    Ping,
    Pong,
    Ok,
    Err,
}

/// Operations by their names, which may be written in any case.
const OPS: &[(&str, Op)] = &[
    ("INFO", Op::Info),
    ("CONNECT", Op::Connect),
    ("PUB", Op::Pub),
    ("HPUB", Op::HPub),
    ("SUB", Op::Sub),
    ("UNSUB", Op::Unsub),
    ("MSG", Op::Msg),
    ("HMSG", Op::HMsg),
    ("PING", Op::Ping),
    ("PONG", Op::Pong),
    ("+OK", Op::Ok),
    ("-ERR", Op::Err),
];

/// A line and its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) op: Op,
    pub(super) name: Range<usize>,
    /// Without its end.
    pub(super) text: usize,
    /// With its end.
    pub(super) len: usize,
    pub(super) subject: Range<usize>,
    pub(super) sid: Range<usize>,
    pub(super) reply: Range<usize>,
    /// The queue group of a subscription.
    pub(super) group: Range<usize>,
    /// After how many messages a subscription ends.
    pub(super) max: Range<usize>,
    /// How long the headers are.
    pub(super) headers: Range<usize>,
    /// How long headers and content are together.
    pub(super) total: Range<usize>,
}

impl Line {
    /// How many bytes follow the line, without the end of another; `None` if none follow.
    pub(super) fn carries(&self, bytes: &[u8]) -> Option<u64> {
        number(bytes.get(self.total.clone())?).filter(|_| !self.total.is_empty())
    }

    /// How long the message is with all that it carries.
    pub(super) fn whole(&self, bytes: &[u8]) -> u64 {
        let carries = self.carries(bytes).map_or(0, |len| len.saturating_add(2));
        (self.len as u64).saturating_add(carries)
    }
}

/// The line that begins here, if it is whole.
pub(super) fn read(bytes: &[u8]) -> Option<Line> {
    let line = lines::line(bytes.get(..MAX_LINE).unwrap_or(bytes))?;
    let text = bytes.get(..line.text)?;
    let name = word(text, 0);
    let called = std::str::from_utf8(text.get(name.clone())?).ok()?;
    let (_, op) = OPS.iter().find(|(known, _)| known.eq_ignore_ascii_case(called))?;
    let mut words = Vec::new();
    let mut at = name.end;
    // No line but those with JSON has more than five.
    while words.len() < 6 {
        let next = word(text, at);
        if next.is_empty() {
            break;
        }
        at = next.end;
        words.push(next);
    }
    let none = || 0..0;
    let at = |place: usize| words.get(place).cloned().unwrap_or(0..0);
    let last = |back: usize| words.len().checked_sub(back).map_or(0..0, at);
    let mut found = Line {
        op: *op,
        name,
        text: line.text,
        len: line.len,
        subject: none(),
        sid: none(),
        reply: none(),
        group: none(),
        max: none(),
        headers: none(),
        total: none(),
    };
    match op {
        Op::Pub => {
            (found.subject, found.total) = (at(0), last(1));
            found.reply = if words.len() == 3 { at(1) } else { none() };
        }
        Op::HPub => {
            (found.subject, found.headers, found.total) = (at(0), last(2), last(1));
            found.reply = if words.len() == 4 { at(1) } else { none() };
        }
        Op::Msg => {
            (found.subject, found.sid, found.total) = (at(0), at(1), last(1));
            found.reply = if words.len() == 4 { at(2) } else { none() };
        }
        Op::HMsg => {
            (found.subject, found.sid) = (at(0), at(1));
            (found.headers, found.total) = (last(2), last(1));
            found.reply = if words.len() == 5 { at(2) } else { none() };
        }
        Op::Sub => {
            (found.subject, found.sid) = (at(0), last(1));
            found.group = if words.len() == 3 { at(1) } else { none() };
        }
        Op::Unsub => (found.sid, found.max) = (at(0), at(1)),
        _ => {}
    }
    let carries = matches!(op, Op::Pub | Op::HPub | Op::Msg | Op::HMsg);
    (!carries || found.carries(bytes).is_some()).then_some(found)
}

/// Whether a line that is not whole may still become one.
pub(super) fn may_go_on(bytes: &[u8]) -> bool {
    let text = bytes.strip_suffix(b"\r").unwrap_or(bytes);
    let name = text.get(word(text, 0)).unwrap_or(&[]);
    let begins = OPS.iter().any(|(known, _)| {
        let start = known.as_bytes().get(..name.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(name))
    });
    bytes.len() < MAX_LINE && begins && memchr::memchr(b'\n', bytes).is_none()
}
