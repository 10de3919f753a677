//! Paths of CIP (volume 1, appendix C): to which object a request goes, segment by segment, each as
//! long as a whole number of words.

use std::fmt::{self, Write};

use super::names;
use crate::bytes::{Reader, Short, little};
use crate::field::Value;
use crate::sink::Sink;
use crate::span::Span;

/// What a segment of a path names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Segment<'a> {
    /// A port, and the link address behind it.
    Port(u64, &'a [u8]),
    Class(u64),
    Instance(u64),
    Member(u64),
    Point(u64),
    Attribute(u64),
    /// A name, as controllers give their tags.
    Symbol(&'a [u8]),
    /// What is not told further.
    Other,
}

/// The next segment, with the place of what it names; nothing at the end and where it is cut off.
pub(super) fn next<'a>(reader: &mut Reader<'a>) -> Option<(Segment<'a>, Span)> {
    let (kind, _) = reader.u8("A segment").ok()?;
    match kind >> 5 {
        0 => port(kind, reader).ok(),
        1 => logical(kind, reader).ok(),
        _ if kind == 0x91 => {
            let (len, _) = reader.u8("A symbol").ok()?;
            let (name, place) = reader.take(usize::from(len), "A symbol").ok()?;
            even(len, reader);
            Some((Segment::Symbol(name), place))
        }
        // Other segments say how many words follow, or have one more byte.
        _ => {
            let (len, _) = reader.u8("A segment").ok()?;
            let words = if kind == 0x80 { usize::from(len) * 2 } else { 0 };
            let (_, place) = reader.take(words.min(reader.len()), "A segment").ok()?;
            Some((Segment::Other, place))
        }
    }
}

/// A byte of padding behind an odd length.
fn even(len: u8, reader: &mut Reader<'_>) {
    if len % 2 == 1 {
        let _ = reader.take(1, "Padding");
    }
}

fn port<'a>(kind: u8, reader: &mut Reader<'a>) -> Result<(Segment<'a>, Span), Short> {
    let len = if kind & 0x10 != 0 { reader.u8("A link address")?.0 } else { 1 };
    let number = match kind & 0x0f {
        0x0f => little(reader.take(2, "A port")?.0, 0, 2).unwrap_or(0),
        number => number.into(),
    };
    let (link, place) = reader.take(usize::from(len), "A link address")?;
    if kind & 0x10 != 0 {
        even(len, reader);
    }
    Ok((Segment::Port(number, link), place))
}

fn logical<'a>(kind: u8, reader: &mut Reader<'a>) -> Result<(Segment<'a>, Span), Short> {
    let (bytes, place) = match kind & 3 {
        0 => reader.take(1, "A number")?,
        wide => {
            reader.take(1, "Padding")?;
            reader.take(if wide == 1 { 2 } else { 4 }, "A number")?
        }
    };
    let number = little(bytes, 0, bytes.len()).unwrap_or(0);
    let segment = match kind >> 2 & 7 {
        0 => Segment::Class(number),
        1 => Segment::Instance(number),
        2 => Segment::Member(number),
        3 => Segment::Point(number),
        4 => Segment::Attribute(number),
        _ => Segment::Other,
    };
    Ok((segment, place))
}

/// The number of the class that a path goes to.
pub(super) fn class(mut path: Reader<'_>) -> Option<u64> {
    while let Some((segment, _)) = next(&mut path) {
        if let Segment::Class(class) = segment {
            return Some(class);
        }
    }
    None
}

/// Tells the segments.
pub(super) fn describe(mut path: Reader<'_>, sink: &mut dyn Sink) {
    while let Some((segment, place)) = next(&mut path) {
        let (field, number) = match segment {
            Segment::Class(number) => (super::CLASS, number),
            Segment::Instance(number) => (super::INSTANCE, number),
            Segment::Member(number) => (super::MEMBER, number),
            Segment::Point(number) => (super::POINT, number),
            Segment::Attribute(number) => (super::ATTRIBUTE, number),
            Segment::Port(number, link) => {
                sink.field(super::PORT, Value::Unsigned(number), place);
                sink.field(super::LINK, Value::Bytes(link), place);
                continue;
            }
            Segment::Symbol(name) => {
                sink.field(super::SYMBOL, Value::text(name), place);
                continue;
            }
            Segment::Other => continue,
        };
        sink.field(field, Value::Unsigned(number), place);
    }
}

/// Writes a path in words.
pub(super) fn write(mut path: Reader<'_>, line: &mut dyn Write) -> fmt::Result {
    let mut between = "";
    while let Some((segment, _)) = next(&mut path) {
        line.write_str(between)?;
        between = ", ";
        match segment {
            Segment::Class(class) => match names::class(class) {
                Some(name) => line.write_str(name)?,
                None => write!(line, "class 0x{class:02x}")?,
            },
            Segment::Instance(number) => write!(line, "instance {number}")?,
            Segment::Member(number) => write!(line, "member {number}")?,
            Segment::Point(number) => write!(line, "connection point {number}")?,
            Segment::Attribute(number) => write!(line, "attribute {number}")?,
            Segment::Port(number, _) => write!(line, "port {number}")?,
            Segment::Symbol(name) => write!(line, "{}", crate::bytes::Lossy(name))?,
            Segment::Other => line.write_str("…")?,
        }
    }
    Ok(())
}
