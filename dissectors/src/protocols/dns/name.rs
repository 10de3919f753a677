//! Domain names: labels in a row, the last part perhaps a pointer to an earlier name
//! (RFC 1035, sections 3.1 and 4.1.4).
//!
//! ```text
//!   3 w w w 7 e x a m p l e 3 c o m 0        labels, each behind its length; the root ends them
//!   4 m a i l c0 14                          labels, then a pointer to offset 0x14 of the message
//! ```
//!
//! A pointer must lead to a *prior* occurrence. One that leads forward is followed and noted all
//! the same, so what makes every name end is a bound on jumps and one on bytes.

use std::fmt::{self, Write};

use super::wire::Wire;
use crate::bytes::Reader;
use crate::span::Span;

/// Bytes that a name may have, lengths and root included (RFC 1035, section 2.3.4). Names past it
/// are cut there, so that a message of pointers to one long name stays cheap.
const MAX_NAME: usize = 255;

/// Jumps that reading a name may take: one for each of the 127 labels that fit. Whatever needs more
/// goes in circles.
const MAX_JUMPS: u8 = 127;

/// Why a name ends before its root.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Broken {
    /// Pointers lead to each other.
    #[error("the pointers in this name lead in circles")]
    Loop,
    /// It runs past the message.
    #[error("this name runs past the end of the bytes that are there")]
    Beyond,
    /// The two upper bits of a length are 01 or 10.
    #[error("a label of this name begins with bits that stand for no kind of label")]
    Kind,
    /// More than [`MAX_NAME`] bytes.
    #[error("this name is longer than the {MAX_NAME} bytes that a name may have")]
    Long,
}

/// A name in its message.
#[derive(Clone, Copy, Debug)]
pub(super) struct Name<'a> {
    message: &'a [u8],
    at: usize,
    /// Where it is used: its labels up to the root or the pointer.
    pub(super) span: Span,
    /// How many labels it has.
    pub(super) labels: u16,
    /// How many bytes its text has before anything is escaped.
    pub(super) len: u16,
    /// What ended it too early.
    pub(super) broken: Option<Broken>,
    /// Whether a pointer leads forward.
    pub(super) forward: bool,
}

impl<'a> Name<'a> {
    /// Reads the name at the front of `reader`, which reads in `wire`. Nothing where it cannot be
    /// known where the name ends.
    pub(super) fn read(wire: &Wire<'a>, reader: &mut Reader<'a>) -> Result<Self, Broken> {
        let (at, message) = (wire.position(reader), wire.bytes());
        let in_place = in_place(reader.rest())?;
        let (_, span) = reader.take(in_place, "a name").map_err(|_| Broken::Beyond)?;
        let (mut labels, mut len, mut broken) = (0, 0, None);
        let mut walk = Labels::new(message, at);
        for label in walk.by_ref() {
            match label {
                Ok(label) => {
                    labels += 1;
                    // Below `MAX_NAME` together.
                    len += label.len() as u16 + 1;
                }
                Err(why) => broken = Some(why),
            }
        }
        let (len, forward) = (len.saturating_sub(1), walk.forward);
        Ok(Self { message, at, span, labels, len, broken, forward })
    }

    /// Its labels, from the first to the one before the root.
    pub(super) fn labels(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        Labels::new(self.message, self.at).map_while(Result::ok)
    }

    /// Whether it is the root, which has no label.
    pub(super) const fn is_root(&self) -> bool {
        self.labels == 0 && self.broken.is_none()
    }

    /// The labels from `from` up to `to`, as text.
    pub(super) fn part(&self, from: usize, to: usize) -> String {
        let mut out = String::new();
        let labels = self.labels().take(to).skip(from);
        // Writing to a string does not fail.
        let _ = write_labels(&mut out, labels);
        out
    }
}

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_root() {
            return f.write_str("<Root>");
        }
        // Of a name that has no end its labels say nothing: Wireshark tells the reason instead.
        match self.broken {
            Some(Broken::Long) => return f.write_str("<Name too long>"),
            Some(Broken::Loop) => return f.write_str("<Name contains a pointer that loops>"),
            _ => {}
        }
        write_labels(f, self.labels())?;
        match self.broken {
            Some(_) if self.labels > 0 => f.write_str(".…"),
            Some(_) => f.write_char('…'),
            None => Ok(()),
        }
    }
}

/// How many bytes a name takes where it stands: up to its root or its first pointer.
fn in_place(bytes: &[u8]) -> Result<usize, Broken> {
    let mut at = 0;
    loop {
        let length = *bytes.get(at).ok_or(Broken::Beyond)?;
        match length {
            0 => return Ok(at + 1),
            1..=0x3f => at += 1 + usize::from(length),
            0xc0.. => return Ok(at + 2),
            _ => return Err(Broken::Kind),
        }
    }
}

/// Walks the labels of a name, over pointers.
#[derive(Clone, Debug)]
struct Labels<'a> {
    message: &'a [u8],
    /// The next length byte; nothing after the end.
    at: Option<usize>,
    /// Where the run of labels at hand began: a pointer has to lead before it.
    run: usize,
    jumps: u8,
    forward: bool,
    /// Bytes the name may still have.
    left: usize,
}

impl<'a> Labels<'a> {
    const fn new(message: &'a [u8], at: usize) -> Self {
        let (jumps, forward) = (MAX_JUMPS, false);
        Self { message, at: Some(at), run: at, jumps, forward, left: MAX_NAME - 1 }
    }

    fn step(&mut self, mut at: usize) -> Result<Option<&'a [u8]>, Broken> {
        loop {
            let length = *self.message.get(at).ok_or(Broken::Beyond)?;
            match length {
                0 => return Ok(None),
                1..=0x3f => {
                    let end = at + 1 + usize::from(length);
                    let label = self.message.get(at + 1..end).ok_or(Broken::Beyond)?;
                    self.left = self.left.checked_sub(1 + label.len()).ok_or(Broken::Long)?;
                    self.at = Some(end);
                    return Ok(Some(label));
                }
                0xc0.. => {
                    let low = *self.message.get(at + 1).ok_or(Broken::Beyond)?;
                    let target = usize::from(length & 0x3f) << 8 | usize::from(low);
                    self.jumps = self.jumps.checked_sub(1).ok_or(Broken::Loop)?;
                    self.forward |= target >= self.run;
                    (at, self.run) = (target, target);
                }
                _ => return Err(Broken::Kind),
            }
        }
    }
}

impl<'a> Iterator for Labels<'a> {
    type Item = Result<&'a [u8], Broken>;

    fn next(&mut self) -> Option<Self::Item> {
        let at = self.at.take()?;
        self.step(at).transpose()
    }
}

fn write_labels<'a>(
    out: &mut dyn fmt::Write,
    labels: impl Iterator<Item = &'a [u8]>,
) -> fmt::Result {
    for (index, label) in labels.enumerate() {
        if index > 0 {
            out.write_char('.')?;
        }
        escaped(out, label)?;
    }
    Ok(())
}

/// Writes the bytes of a label as Wireshark does: UTF-8 as it is, control characters as C writes
/// them, what is no UTF-8 as U+FFFD.
fn escaped(out: &mut dyn fmt::Write, label: &[u8]) -> fmt::Result {
    for chunk in label.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '\x07' => out.write_str("\\a")?,
                '\x08' => out.write_str("\\b")?,
                '\t' => out.write_str("\\t")?,
                '\n' => out.write_str("\\n")?,
                '\x0b' => out.write_str("\\v")?,
                '\x0c' => out.write_str("\\f")?,
                '\r' => out.write_str("\\r")?,
                c if c.is_ascii_control() => write!(out, "\\{:03o}", u32::from(c))?,
                c => out.write_char(c)?,
            }
        }
        if !chunk.invalid().is_empty() {
            out.write_char('\u{fffd}')?;
        }
    }
    Ok(())
}
