//! Names of NetBIOS: fifteen bytes and one for the service, each half of a byte a letter from A
//! to P (RFC 1001, section 14.1).
//!
//! ```text
//!   "FRED           " 00  ──>  20 EGFCEFEECACACACACACACACACACACAAA 00
//! ```

use std::fmt;

use crate::bytes::Reader;
use crate::span::Span;

/// How long the first label of every name is.
const ENCODED: u8 = 32;

/// Labels of a scope that are walked; a name of DNS has no more than 127.
const MAX_LABELS: usize = 127;

/// A name in its message.
#[derive(Clone, Copy, Debug)]
pub(super) struct Name<'a> {
    /// Its first label, in letters.
    letters: &'a [u8],
    /// Where it is used.
    pub(super) span: Span,
}

impl<'a> Name<'a> {
    /// Reads the name at the front of `reader`, which reads in `message`; `None` if it is none. A
    /// pointer leads to a name that is spelled out.
    pub(super) fn read(message: &'a [u8], reader: &mut Reader<'a>) -> Option<Self> {
        let start = reader.span();
        if let [high @ 0xc0..=0xff, low, ..] = reader.rest() {
            let target = usize::from(high & 0x3f) << 8 | usize::from(*low);
            let letters = letters(message.get(target..)?)?;
            reader.take(2, "a pointer").ok()?;
            return Some(Self { letters, span: start.part(0, 2) });
        }
        let letters = letters(reader.rest())?;
        let len = in_place(reader.rest())?;
        reader.take(len, "a name").ok()?;
        Some(Self { letters, span: start.part(0, len) })
    }

    /// The sixteen bytes that it stands for.
    fn bytes(&self) -> impl Iterator<Item = u8> {
        let half = |letter: &u8| letter.wrapping_sub(b'A') & 0x0f;
        self.letters.chunks_exact(2).map(move |pair| match pair {
            [high, low] => half(high) << 4 | half(low),
            _ => 0,
        })
    }

    /// The byte that says which service of the name is meant.
    pub(super) fn service(&self) -> u8 {
        self.bytes().last().unwrap_or(0)
    }
}

/// The letters of a name that is spelled out.
fn letters(bytes: &[u8]) -> Option<&[u8]> {
    let (len, rest) = bytes.split_first()?;
    let letters = rest.get(..usize::from(ENCODED)).filter(|_| *len == ENCODED)?;
    letters.iter().all(|letter| (b'A'..=b'P').contains(letter)).then_some(letters)
}

/// How many bytes a name takes where it stands: up to its root, or to a pointer that ends it.
pub(super) fn in_place(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    for _ in 0..MAX_LABELS {
        match *bytes.get(at)? {
            0 => return Some(at + 1),
            len @ 1..=0x3f => at += 1 + usize::from(len),
            0xc0.. => return Some(at + 2),
            _ => return None,
        }
    }
    None
}

/// Fifteen bytes without the blanks behind them, as text; what is no letter as `<07>`.
pub(super) struct Shown<I>(pub(super) I);

impl<I: Iterator<Item = u8> + Clone> fmt::Display for Shown<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const NAME: usize = 15;
        let name = self.0.clone().take(NAME);
        let len = name.clone().enumerate().filter(|(_, byte)| *byte != b' ').last();
        let len = len.map_or(0, |(place, _)| place + 1);
        for byte in name.take(len) {
            match byte {
                b' '..=b'~' => write!(f, "{}", char::from(byte))?,
                byte => write!(f, "<{byte:02x}>")?,
            }
        }
        Ok(())
    }
}

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes: [u8; 16] = std::array::from_fn({
            let mut bytes = self.bytes();
            move |_| bytes.next().unwrap_or(0)
        });
        write!(f, "{}<{:02x}>", Shown(bytes.into_iter()), self.service())
    }
}
