//! A frame: a command, headers, a body (STOMP 1.2, "STOMP Frames" and "Augmented BNF").

use std::ops::Range;

use crate::limits::MAX_FRAMED_HEAD;

/// Commands of clients and of servers.
const KNOWN: [&[u8]; 15] = [
    b"CONNECT",
    b"STOMP",
    b"CONNECTED",
    b"SEND",
    b"SUBSCRIBE",
    b"UNSUBSCRIBE",
    b"BEGIN",
    b"COMMIT",
    b"ABORT",
    b"ACK",
    b"NACK",
    b"DISCONNECT",
    b"MESSAGE",
    b"RECEIPT",
    b"ERROR",
];

/// The longest of them.
const MAX_COMMAND: usize = 11;

/// Whether a word is a command.
pub(super) fn is_known(command: &[u8]) -> bool {
    KNOWN.contains(&command)
}

/// Whether a connection begins with it. Another protocol has requests that begin with CONNECT, and
/// none whose first line is nothing else.
pub(super) fn opens(command: &[u8]) -> bool {
    matches!(command, b"CONNECT" | b"STOMP" | b"CONNECTED")
}

/// The first line, without its end, where that is there.
pub(super) fn command(bytes: &[u8]) -> Option<&[u8]> {
    let end = memchr::memchr(b'\n', bytes.get(..bytes.len().min(MAX_COMMAND + 2))?)?;
    let line = bytes.get(..end)?;
    Some(line.strip_suffix(b"\r").unwrap_or(line))
}

/// Whether a frame may begin like that, as far as is there.
pub(super) fn may_go_on(bytes: &[u8]) -> bool {
    match command(bytes) {
        Some(command) => is_known(command),
        None => KNOWN.iter().any(|known| known.starts_with(bytes.trim_ascii_end())),
    }
}

/// Where the empty line behind the headers ends.
pub(super) fn head_end(bytes: &[u8]) -> Option<usize> {
    let head = bytes.get(..bytes.len().min(MAX_FRAMED_HEAD))?;
    memchr::memchr_iter(b'\n', head).find_map(|at| match head.get(at + 1..)? {
        [b'\n', ..] => Some(at + 2),
        [b'\r', b'\n', ..] => Some(at + 3),
        _ => None,
    })
}

/// How long a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Len {
    /// So many bytes, its zero among them.
    Whole(u64),
    /// More bytes tell.
    More,
    /// It has no end that anybody waits for.
    Nothing,
}

/// How long the frame is that bytes begin with.
pub(super) fn len(bytes: &[u8]) -> Len {
    let Some(head) = head_end(bytes) else {
        return if bytes.len() < MAX_FRAMED_HEAD { Len::More } else { Len::Nothing };
    };
    let text = bytes.get(..head).unwrap_or_default();
    let length =
        headers(text).find(|header| text.get(header.name.clone()) == Some(b"content-length"));
    if let Some(length) = length {
        let digits = text.get(length.value).and_then(|value| std::str::from_utf8(value).ok());
        let Some(length) = digits.and_then(|digits| digits.parse::<u32>().ok()) else {
            return Len::Nothing;
        };
        return Len::Whole(head as u64 + u64::from(length) + 1);
    }
    match memchr::memchr(0, bytes.get(head..).unwrap_or_default()) {
        Some(zero) => Len::Whole((head + zero + 1) as u64),
        None => Len::More,
    }
}

/// A header, in offsets from the first byte of its frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) line: Range<usize>,
    pub(super) name: Range<usize>,
    pub(super) value: Range<usize>,
}

/// The headers of a frame whose head is all there.
pub(super) fn headers(head: &[u8]) -> impl Iterator<Item = Header> {
    let mut at = 0;
    let lines = head.split_inclusive(|byte| *byte == b'\n').map(move |line| {
        let start = at;
        at += line.len();
        let bare = line.strip_suffix(b"\n").unwrap_or(line);
        let bare = bare.strip_suffix(b"\r").unwrap_or(bare);
        (start, bare)
    });
    lines.skip(1).take_while(|(_, line)| !line.is_empty()).filter_map(|(start, line)| {
        let colon = memchr::memchr(b':', line)?;
        let end = start + line.len();
        let (name, value) = (start..start + colon, start + colon + 1..end);
        Some(Header { line: start..end, name, value })
    })
}

/// A frame.
pub(super) struct Frame<'a> {
    pub(super) command: &'a [u8],
    pub(super) head: &'a [u8],
    /// Without the zero behind it.
    pub(super) body: Range<usize>,
}

impl<'a> Frame<'a> {
    /// Reads a frame, or as much of one as there is; nothing of what is none.
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let command = command(bytes).filter(|command| is_known(command))?;
        let head = head_end(bytes).unwrap_or(bytes.len());
        let end = match len(bytes) {
            Len::Whole(len) => usize::try_from(len - 1).unwrap_or(usize::MAX).min(bytes.len()),
            _ => bytes.len(),
        };
        Some(Self { command, head: bytes.get(..head)?, body: head..end.max(head) })
    }

    /// The value of a header; of several of one name the first counts ("Repeated Header Entries").
    pub(super) fn value(&self, name: &str) -> Option<&'a [u8]> {
        let found = headers(self.head).find(|header| {
            self.head.get(header.name.clone()).is_some_and(|own| own == name.as_bytes())
        })?;
        self.head.get(found.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_ends_where_it_says_so() {
        let check = |bytes: &[u8], expected: Len| assert_eq!(len(bytes), expected, "{bytes:?}");
        check(b"SEND\ndestination:a\n\nhello\0\n", Len::Whole(26));
        check(b"SEND\r\ncontent-length:3\r\n\r\na\0b\0", Len::Whole(30));
        check(b"SEND\ncontent-length:300\n\na", Len::Whole(326));
        check(b"SEND\ndestination:a\n\nhello", Len::More);
        check(b"SEND\ndestination:a\n", Len::More);
        check(b"SEND\ncontent-length:x\n\n\0", Len::Nothing);
        check(&[&b"SEND\na:"[..], &[b'b'; MAX_FRAMED_HEAD]].concat(), Len::Nothing);
    }

    #[test]
    fn what_may_become_a_frame_is_waited_for() {
        for bytes in [&b"S"[..], b"SUBSCRIBE", b"SEND\r", b"ACK\n"] {
            assert!(may_go_on(bytes), "{bytes:?}");
        }
        for bytes in [&b"send\n"[..], b"GET / HTTP/1.1\r\n", b"CONNECT a:1 HTTP/1.1\r\n", b"\0"] {
            assert!(!may_go_on(bytes), "{bytes:?}");
        }
    }
}
