//! The attributes of routes (RFC 4271, section 4.3).

use super::fields as named;
use crate::bytes::{Reader, Short};
use crate::field::Value;
use crate::protocols::values::{bits, bytes, number};
use crate::sink::Sink;

/// The flag of a length of two bytes.
const EXTENDED: u64 = 0x10;

/// Tells attributes, one behind the other.
pub(super) fn describe(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    while !reader.is_empty() {
        sink.open(named::ATTRIBUTE, Value::None, reader.span());
        let told = attribute(reader, sink);
        sink.close();
        told?;
    }
    Ok(())
}

fn attribute(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let (flags, place) = reader.number(1, "Flags")?;
    sink.open(named::FLAGS, Value::Unsigned(flags), place);
    for flag in [named::OPTIONAL, named::TRANSITIVE, named::PARTIAL, named::EXTENDED] {
        bits(flag, flags, place, sink);
    }
    sink.close();
    let code = number(named::TYPE_CODE, 1, reader, sink)?;
    let width = if flags & EXTENDED != 0 { 2 } else { 1 };
    let len = number(named::ATTRIBUTE_LENGTH, width, reader, sink)? as usize;
    let mut inside = reader.sub(len, "An attribute")?;
    match (code, len) {
        (1, 1) => number(named::ORIGIN, 1, &mut inside, sink).map(drop),
        (2 | 17, _) => path(code == 17, &mut inside, sink),
        (3, 4) => bytes(named::NEXT_HOP, 4, &mut inside, sink).map(drop),
        (4, 4) => number(named::DISCRIMINATOR, 4, &mut inside, sink).map(drop),
        (5, 4) => number(named::PREFERENCE, 4, &mut inside, sink).map(drop),
        (8, _) => communities(&mut inside, sink),
        (14, 3..) => {
            number(named::REACH_FAMILY, 2, &mut inside, sink)?;
            number(named::REACH_SUBFAMILY, 1, &mut inside, sink)?;
            rest(&mut inside, sink)
        }
        (15, 3..) => {
            number(named::UNREACH_FAMILY, 2, &mut inside, sink)?;
            number(named::UNREACH_SUBFAMILY, 1, &mut inside, sink)?;
            rest(&mut inside, sink)
        }
        _ => rest(&mut inside, sink),
    }
}

fn rest(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    match reader.len() {
        0 => Ok(()),
        len => bytes(named::VALUE, len, reader, sink).map(drop),
    }
}

/// The systems on the way, segment by segment.
fn path(is_wide: bool, reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let width = if is_wide || fits(*reader, 4) { 4 } else { 2 };
    while !reader.is_empty() {
        number(named::SEGMENT_TYPE, 1, reader, sink)?;
        let count = number(named::SEGMENT_LENGTH, 1, reader, sink)?;
        let field = if width == 4 { named::AS4 } else { named::AS2 };
        for _ in 0..count {
            number(field, width, reader, sink)?;
        }
    }
    Ok(())
}

/// Whether segments of numbers that wide fill an attribute exactly: both sides have agreed on four
/// bytes (RFC 6793) in their Opens, which need not be in the capture.
fn fits(mut reader: Reader<'_>, width: usize) -> bool {
    while !reader.is_empty() {
        let Ok((kind, _)) = reader.u8("Type") else { return false };
        let Ok((count, _)) = reader.u8("Length") else { return false };
        let is_one = matches!(kind, 1..=4) && count > 0;
        if !is_one || reader.take(usize::from(count) * width, "Numbers").is_err() {
            return false;
        }
    }
    true
}

fn communities(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    while !reader.is_empty() {
        number(named::COMMUNITY_SYSTEM, 2, reader, sink)?;
        number(named::COMMUNITY_VALUE, 2, reader, sink)?;
    }
    Ok(())
}
