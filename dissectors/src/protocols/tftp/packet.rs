//! Packets (RFC 1350, section 5; RFC 2347 for options).

use std::ops::Range;

use super::Kind;

/// Bytes before the data of a block, and before the text of an error.
pub(super) const HEAD: usize = 4;

/// How long blocks are where nothing else was agreed on.
pub(super) const BLOCK: usize = 512;

/// Strings that are looked at: a file, a mode, and more options than there are.
const MAX_STRINGS: usize = 64;

/// What a packet begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Packet {
    pub(super) kind: Kind,
    pub(super) opcode: u16,
    /// Of a block its number, of an error its code; else 0.
    pub(super) number: u16,
}

impl Packet {
    /// Reads a packet; `None` if it cannot be one.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let [0, opcode, rest @ ..] = bytes else { return None };
        let number = rest.first_chunk::<2>().map(|bytes| u16::from_be_bytes(*bytes));
        let (kind, number) = match opcode {
            1 | 2 => {
                let file = strings(bytes).next()?;
                let text = bytes.get(file).filter(|file| !file.is_empty())?;
                let is_name = text.iter().all(|byte| *byte >= b' ' && *byte != 0x7f);
                (is_name.then_some(if *opcode == 1 { Kind::Read } else { Kind::Write })?, 0)
            }
            3 => (Kind::Data, number?),
            4 if bytes.len() == HEAD => (Kind::Ack, number?),
            5 => (Kind::Error, number.filter(|code| *code <= 8)?),
            6 => {
                let mut words = strings(bytes);
                words.next().zip(words.next())?;
                (Kind::Options, 0)
            }
            _ => return None,
        };
        Some(Self { kind, opcode: u16::from(*opcode), number })
    }

    /// Whether it names a mode that exists, or only options that do: by chance nothing does.
    pub(super) fn is_sure(self, bytes: &[u8]) -> bool {
        let known = |word: Range<usize>, names: &[&str]| {
            let word = bytes.get(word).unwrap_or(&[]);
            names.iter().any(|name| name.as_bytes().eq_ignore_ascii_case(word))
        };
        match self.kind {
            Kind::Read | Kind::Write => {
                let mode = strings(bytes).nth(1);
                mode.is_some_and(|mode| known(mode, &["octet", "netascii", "mail"]))
            }
            Kind::Options => {
                let options = ["blksize", "tsize", "timeout", "windowsize", "multicast"];
                strings(bytes).step_by(2).all(|name| known(name, &options))
            }
            Kind::Data | Kind::Ack | Kind::Error => false,
        }
    }

    /// The text of an error.
    pub(super) fn text(self, bytes: &[u8]) -> &[u8] {
        let text = bytes.get(HEAD..).unwrap_or(&[]);
        text.split(|byte| *byte == 0).next().unwrap_or(&[])
    }
}

/// Strings behind the opcode, each ended by a zero.
pub(super) fn strings(bytes: &[u8]) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut at = 2;
    let next = move || {
        let rest = bytes.get(at..)?;
        let len = memchr::memchr(0, rest)?;
        let word = at..at + len;
        at += len + 1;
        Some(word)
    };
    std::iter::from_fn(next).take(MAX_STRINGS)
}
