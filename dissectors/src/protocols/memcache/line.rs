//! Commands and replies in lines of text (`protocol.txt` of memcached).

use std::ops::Range;

use crate::protocols::lines;
use crate::protocols::lines::text::{number, word};

/// The longest line that is one: a get of many keys, each of at most 250 bytes.
const MAX_LINE: usize = 1 << 16;

/// What is behind the keys of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Command {
    /// Its name.
    pub(super) name: Range<usize>,
    /// Its line, without its end.
    pub(super) text: usize,
    /// The line with its end.
    pub(super) len: usize,
    /// How many bytes follow the line, before the end of another.
    pub(super) carries: Option<u64>,
    /// Where that number stands.
    pub(super) size: Range<usize>,
    /// Whether it has flags and a time to live before the number of bytes.
    pub(super) is_classic: bool,
    /// Where it says that it wants no reply.
    pub(super) noreply: Option<Range<usize>>,
}

/// A reply, or one line of several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reply {
    pub(super) name: Range<usize>,
    pub(super) text: usize,
    pub(super) len: usize,
    pub(super) carries: Option<u64>,
    pub(super) size: Range<usize>,
    /// Whether more follow to the same command.
    pub(super) goes_on: bool,
}

/// Commands that carry a value, with flags and a time to live.
const STORES: &[&[u8]] = &[b"set", b"add", b"replace", b"append", b"prepend", b"cas"];
const OTHERS: &[&[u8]] = &[
    b"get",
    b"gets",
    b"gat",
    b"gats",
    b"delete",
    b"incr",
    b"decr",
    b"touch",
    b"stats",
    b"version",
    b"verbosity",
    b"flush_all",
    b"quit",
    b"slabs",
    b"lru",
    b"cache_memlimit",
    b"shutdown",
    b"mg",
    b"ms",
    b"md",
    b"ma",
    b"mn",
    b"me",
    b"watch",
    b"lru_crawler",
];
const REPLIES: &[&[u8]] = &[
    b"STORED",
    b"NOT_STORED",
    b"EXISTS",
    b"NOT_FOUND",
    b"DELETED",
    b"TOUCHED",
    b"OK",
    b"ERROR",
    b"CLIENT_ERROR",
    b"SERVER_ERROR",
    b"VERSION",
    b"RESET",
    b"BUSY",
    b"BADCLASS",
    b"END",
    b"VALUE",
    b"STAT",
    b"HD",
    b"VA",
    b"EN",
    b"NS",
    b"EX",
    b"NF",
    b"MN",
    b"ME",
];

/// The words of a line.
pub(super) fn words(text: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let found = word(text, at);
        at = found.end;
        (!found.is_empty()).then_some(found)
    })
}

/// The line that stands here, and its first word.
fn first(bytes: &[u8]) -> Option<(lines::Line, Range<usize>)> {
    let line = lines::line(bytes.get(..MAX_LINE).unwrap_or(bytes))?;
    let text = bytes.get(..line.text)?;
    let name = words(text).next()?;
    lines::is_text(text).then_some((line, name))
}

/// The command that begins here, if its line is whole.
pub(super) fn command(bytes: &[u8]) -> Option<Command> {
    let (line, name) = first(bytes)?;
    let text = bytes.get(..line.text)?;
    let called = text.get(name.clone())?;
    let is_classic = STORES.contains(&called);
    if !is_classic && !OTHERS.contains(&called) {
        return None;
    }
    let size = match called {
        b"ms" => words(text).nth(2),
        _ if is_classic => words(text).nth(4),
        _ => None,
    };
    let size = size.unwrap_or(0..0);
    let carries = number(text.get(size.clone())?).filter(|_| !size.is_empty());
    if is_classic && carries.is_none() {
        return None;
    }
    let noreply = words(text).last().filter(|word| text.get(word.clone()) == Some(b"noreply"));
    Some(Command { name, text: line.text, len: line.len, carries, size, is_classic, noreply })
}

/// The reply that begins here, if its line is whole.
pub(super) fn reply(bytes: &[u8]) -> Option<Reply> {
    let (line, name) = first(bytes)?;
    let text = bytes.get(..line.text)?;
    let called = text.get(name.clone())?;
    let is_number = called.first().is_some_and(u8::is_ascii_digit) && number(called).is_some();
    if !is_number && !REPLIES.contains(&called) {
        return None;
    }
    let size = match called {
        b"VALUE" => words(text).nth(3)?,
        b"VA" => words(text).nth(1)?,
        _ => 0..0,
    };
    let carries = number(text.get(size.clone())?).filter(|_| !size.is_empty());
    let goes_on = matches!(called, b"VALUE" | b"STAT");
    Some(Reply { name, text: line.text, len: line.len, carries, size, goes_on })
}

/// Whether a line that is not whole may still become one.
pub(super) fn may_go_on(bytes: &[u8]) -> bool {
    bytes.len() < MAX_LINE && lines::is_text(bytes.strip_suffix(b"\r").unwrap_or(bytes))
}
