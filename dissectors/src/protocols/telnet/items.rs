//! The parts of a run of bytes: data, commands, and what options have to say.

use std::ops::Range;

use super::{COMMAND, DATA, GROUP, HEIGHT, OPTION, OPTION_DATA, TEXT, WIDTH};
use crate::field::Value;
use crate::sink::Sink;
use crate::span::Span;

/// Interpret as command.
pub(super) const IAC: u8 = 255;
const SUB: u8 = 250;
const END: u8 = 240;

/// Options whose content is two numbers, and those whose content is a text behind a byte.
const WINDOW_SIZE: u8 = 31;
const TEXTS: [u8; 3] = [24, 32, 35];

/// A part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// Data.
    Data(Range<usize>),
    /// A command of two bytes.
    Command { at: usize, command: u8 },
    /// A command about an option.
    Option { at: usize, command: u8, option: u8 },
    /// What an option has to say, without its end.
    Sub { at: usize, option: u8, content: Range<usize> },
    /// The end of that.
    End(usize),
}

/// The part that stands here, and where the next one does; `None` if it is not complete.
pub(super) fn next(bytes: &[u8], at: usize) -> Option<(Item, usize)> {
    let rest = bytes.get(at..).filter(|rest| !rest.is_empty())?;
    match *rest {
        [IAC, IAC, ..] => Some((Item::Data(at..at + 2), at + 2)),
        [IAC, SUB, option, ..] => {
            let content = at + 3;
            let end = end(bytes, content)?;
            Some((Item::Sub { at, option, content: content..end }, end))
        }
        [IAC, SUB] | [IAC] => None,
        [IAC, END, ..] => Some((Item::End(at), at + 2)),
        [IAC, command @ 251..=254, option, ..] => {
            Some((Item::Option { at, command, option }, at + 3))
        }
        [IAC, 251..=254] => None,
        [IAC, command, ..] => Some((Item::Command { at, command }, at + 2)),
        _ => {
            let len = memchr::memchr(IAC, rest).unwrap_or(rest.len());
            Some((Item::Data(at..at + len), at + len))
        }
    }
}

/// Where what an option has to say ends: at the first byte of ones that is not sent twice.
fn end(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += memchr::memchr(IAC, bytes.get(at..)?)?;
        match bytes.get(at + 1)? {
            &IAC => at += 2,
            _ => return Some(at),
        }
    }
}

/// All parts; bytes at the end that are not complete are data.
pub(super) fn items(bytes: &[u8]) -> impl Iterator<Item = Item> {
    let mut at = 0;
    std::iter::from_fn(move || {
        if at >= bytes.len() {
            return None;
        }
        let (item, end) = next(bytes, at).unwrap_or((Item::Data(at..bytes.len()), bytes.len()));
        at = end;
        Some(item)
    })
}

/// Tells a part.
pub(super) fn describe(item: &Item, bytes: &[u8], span: Span, sink: &mut dyn Sink) {
    let (at, command) = match item {
        Item::Data(range) => {
            let text = Value::text(bytes.get(range.clone()).unwrap_or(&[]));
            return sink.field(DATA, text, span.part(range.start, range.len()));
        }
        Item::Command { at, command } | Item::Option { at, command, .. } => (*at, *command),
        Item::Sub { at, .. } => (*at, SUB),
        Item::End(at) => (*at, END),
    };
    let len = match item {
        Item::Option { .. } => 3,
        Item::Sub { content, .. } => content.end - at,
        _ => 2,
    };
    sink.open(GROUP, Value::None, span.part(at, len));
    sink.field(COMMAND, Value::Unsigned(command.into()), span.part(at + 1, 1));
    if let Item::Option { option, .. } | Item::Sub { option, .. } = item {
        sink.field(OPTION, Value::Unsigned((*option).into()), span.part(at + 2, 1));
    }
    if let Item::Sub { option, content, .. } = item {
        let value = bytes.get(content.clone()).unwrap_or(&[]);
        let place = span.part(content.start, content.len());
        match (*option, value) {
            (WINDOW_SIZE, &[a, b, c, d]) => {
                let [width, height] = [[a, b], [c, d]].map(u16::from_be_bytes);
                sink.field(WIDTH, Value::Unsigned(width.into()), place.part(0, 2));
                sink.field(HEIGHT, Value::Unsigned(height.into()), place.part(2, 2));
            }
            (option, [0, text @ ..]) if TEXTS.contains(&option) && !text.is_empty() => {
                sink.field(TEXT, Value::text(text), place.from(1));
            }
            (_, []) => {}
            (_, value) => sink.field(OPTION_DATA, Value::Bytes(value), place),
        }
    }
    sink.close();
}
