//! Messages of MongoDB as far as pairing, rows and sentences need them.

use crate::bytes::little;

/// Length, the message's number, the number of what it answers, and the opcode.
pub(super) const HEAD: usize = 16;

/// The longest message that servers take (`maxMessageSizeBytes`).
const MAX_MESSAGE: u64 = 48_000_000;

/// Opcodes that are asked for by their numbers.
pub(super) mod opcode {
    pub(crate) const REPLY: u32 = 1;
    pub(crate) const QUERY: u32 = 2004;
    pub(crate) const GET_MORE: u32 = 2005;
    pub(crate) const COMPRESSED: u32 = 2012;
    pub(crate) const MSG: u32 = 2013;
}

/// Opcodes in use, now or once.
const KNOWN: &[u32] = &[1, 1000, 2001, 2002, 2004, 2005, 2006, 2007, 2010, 2011, 2012, 2013];

/// The flag of a message after which its sender sends another one, unasked.
const MORE_TO_COME: u64 = 2;

/// The head of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) len: u64,
    pub(super) id: u32,
    pub(super) answers: u32,
    pub(super) opcode: u32,
}

impl Head {
    /// The head that stands here; `None` if it is none.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let number = |at| little(bytes, at, 4);
        let (len, opcode) = (number(0)?, number(12)? as u32);
        let is_one = (HEAD as u64..=MAX_MESSAGE).contains(&len) && KNOWN.contains(&opcode);
        is_one.then_some(Self { len, id: number(4)? as u32, answers: number(8)? as u32, opcode })
    }

    /// Whether nothing answers it: the old opcodes that write, and what says so itself.
    pub(super) fn is_silent(self, bytes: &[u8]) -> bool {
        let more = || little(bytes, HEAD, 4).is_some_and(|flags| flags & MORE_TO_COME != 0);
        match self.opcode {
            opcode::MSG => more(),
            opcode::QUERY | opcode::GET_MORE | opcode::COMPRESSED | 2010 => false,
            _ => true,
        }
    }
}

/// An element of a document: its type, its name, and its value.
pub(super) type Element<'a> = (u8, &'a [u8], &'a [u8]);

/// The elements of a document, as far as they are there.
pub(super) struct Elements<'a>(&'a [u8]);

/// Those of the document that stands here.
pub(super) fn elements(document: &[u8]) -> Elements<'_> {
    let len = little(document, 0, 4).map_or(0, |len| usize::try_from(len).unwrap_or(0));
    Elements(document.get(4..len.min(document.len())).unwrap_or(&[]))
}

/// How long a value of that type is; `None` if that is not known.
pub(super) fn value_len(kind: u8, value: &[u8]) -> Option<usize> {
    let counted = |more: usize| {
        let len = usize::try_from(little(value, 0, 4)?).ok()?;
        len.checked_add(more)
    };
    let text = |from: usize| {
        let rest = value.get(from..)?;
        Some(from + memchr::memchr(0, rest)? + 1)
    };
    match kind {
        0x01 | 0x09 | 0x11 | 0x12 => Some(8),
        0x02 | 0x0d | 0x0e => counted(4),
        0x03 | 0x04 | 0x0f => counted(0),
        0x05 => counted(5),
        0x06 | 0x0a | 0x7f | 0xff => Some(0),
        0x07 => Some(12),
        0x08 => Some(1),
        0x0b => text(text(0)?),
        0x0c => counted(16),
        0x10 => Some(4),
        0x13 => Some(16),
        _ => None,
    }
}

impl<'a> Iterator for Elements<'a> {
    type Item = Element<'a>;

    fn next(&mut self) -> Option<Element<'a>> {
        let (kind, rest) = self.0.split_first()?;
        if *kind == 0 {
            return None;
        }
        let end = memchr::memchr(0, rest)?;
        let (name, value) = (rest.get(..end)?, rest.get(end + 1..)?);
        let len = value_len(*kind, value)?;
        self.0 = value.get(len..)?;
        Some((*kind, name, value.get(..len)?))
    }
}

/// The document that a message is about: the body of a Msg, the query, the first document of a
/// reply.
pub(super) fn document(bytes: &[u8]) -> Option<&[u8]> {
    match Head::read(bytes)?.opcode {
        opcode::MSG => {
            // A sequence may stand before the body, and no driver puts one there.
            let (kind, rest) = bytes.get(HEAD + 4..)?.split_first()?;
            (*kind == 0).then_some(rest)
        }
        opcode::QUERY => {
            let name = bytes.get(HEAD + 4..)?;
            name.get(memchr::memchr(0, name)? + 9..)
        }
        opcode::REPLY => bytes.get(HEAD + 20..),
        _ => None,
    }
}

/// A text out of its value: without its length and its zero.
pub(super) fn text(value: &[u8]) -> &[u8] {
    let text = value.get(4..).unwrap_or(&[]);
    text.strip_suffix(b"\0").unwrap_or(text)
}

/// What a command is about.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct About<'a> {
    /// The command: the name of the first element.
    pub(super) command: &'a [u8],
    /// The collection, where the first element names one.
    pub(super) collection: &'a [u8],
    /// The database.
    pub(super) database: &'a [u8],
    /// Whether it says `ok`, and whether that is true.
    pub(super) ok: Option<bool>,
    /// The words of an error.
    pub(super) error: &'a [u8],
}

/// What a message is about, as far as its document says.
pub(super) fn about(bytes: &[u8]) -> About<'_> {
    let mut found = About::default();
    let Some(document) = document(bytes) else { return found };
    for (place, (kind, name, value)) in elements(document).enumerate() {
        match (place, name) {
            (_, b"ok") => found.ok = Some(value.iter().any(|byte| *byte != 0)),
            (_, b"errmsg") if kind == 2 => found.error = text(value),
            (_, b"$db") if kind == 2 => found.database = text(value),
            (0, name) => {
                found.command = name;
                found.collection = if kind == 2 { text(value) } else { &[] };
            }
            _ => {}
        }
    }
    found
}
