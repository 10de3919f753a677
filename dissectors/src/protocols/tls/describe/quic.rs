//! Describes what the two ends of a QUIC connection allow each other (RFC 9000, section 18; RFC
//! 9221, section 3; RFC 9368, section 3).
//!
//! ```text
//!   |type …|length …|  value  |      numbers of variable length; most values are one, too
//! ```

use super::super::fields as f;
use super::describer::{Described, Describer};
use crate::field::{FieldId, Value};
use crate::protocols::varint::varint;

/// A list of parameters.
pub(super) fn parameters(walk: &mut Describer<'_, '_>) -> Described {
    // Drafts before 27 began with the length of the list, and had other lengths.
    let mut ahead = walk.reader;
    let is_old = ahead
        .u16("the list's length")
        .is_ok_and(|(len, _)| usize::from(len) == ahead.len() && !ahead.is_empty());
    if is_old {
        let len = walk.reader.len();
        return walk.bytes(f::EXTENSION_DATA, len).map(|_| ());
    }
    while !walk.is_done() {
        one(walk)?;
    }
    Ok(())
}

fn one(walk: &mut Describer<'_, '_>) -> Described {
    let mut ahead = walk.reader;
    let (kind, _) = varint(&mut ahead, "the parameter's type")?;
    let (len, _) = varint(&mut ahead, "the parameter's length")?;
    let len = usize::try_from(len).unwrap_or(usize::MAX);
    let head = walk.reader.len() - ahead.len();
    let name = name(kind);
    let text = format!("{name} (len={len})");
    let whole = head.saturating_add(len);
    walk.group(f::QUIC_PARAMETER, Value::Text(&text), whole, |walk| {
        number(f::QUIC_TYPE, walk)?;
        number(f::QUIC_LENGTH, walk)?;
        value(kind, walk)
    })
}

/// What a parameter is called. Numbers of a certain form are reserved, so that nobody gets used to
/// knowing all of them (RFC 9000, section 18.1).
fn name(kind: u64) -> &'static str {
    match f::QUIC_TYPE.def().name_of(kind) {
        Some(name) => name,
        None if kind >= 27 && (kind - 27).is_multiple_of(31) => "GREASE",
        None => "Unknown parameter",
    }
}

/// The number that comes next.
fn number(field: FieldId, walk: &mut Describer<'_, '_>) -> Described {
    let (number, place) = varint(&mut walk.reader, field.def().title)?;
    walk.sink.field(field, Value::Unsigned(number), place);
    Ok(())
}

fn value(kind: u64, walk: &mut Describer<'_, '_>) -> Described {
    let rest = walk.reader;
    if !rest.is_empty() {
        walk.sink.field(f::QUIC_VALUE, Value::Bytes(rest.rest()), rest.span());
    }
    let field = match kind {
        0x00 => f::QUIC_ORIGINAL_ID,
        0x01 => f::QUIC_IDLE,
        0x02 => f::QUIC_RESET_TOKEN,
        0x03 => f::QUIC_PAYLOAD_SIZE,
        0x04 => f::QUIC_MAX_DATA,
        0x05 => f::QUIC_BIDI_LOCAL,
        0x06 => f::QUIC_BIDI_REMOTE,
        0x07 => f::QUIC_UNI,
        0x08 => f::QUIC_STREAMS_BIDI,
        0x09 => f::QUIC_STREAMS_UNI,
        0x0a => f::QUIC_ACK_EXPONENT,
        0x0b => f::QUIC_ACK_DELAY,
        0x0d => return preferred_address(walk),
        0x0e => f::QUIC_ACTIVE_IDS,
        0x0f => f::QUIC_SOURCE_ID,
        0x10 => f::QUIC_RETRY_ID,
        0x11 => return version_information(walk),
        0x20 => f::QUIC_DATAGRAM_SIZE,
        0xff04_de1b => f::QUIC_MIN_ACK_DELAY,
        // What it says is said by its being there, or nobody knows it.
        _ => {
            walk.reader.take(rest.len(), "the value")?;
            return Ok(());
        }
    };
    match field.def().kind {
        crate::field::Kind::Bytes => walk.bytes(field, rest.len()).map(|_| ()),
        _ => number(field, walk),
    }
}

/// Where the server would rather be reached.
fn preferred_address(walk: &mut Describer<'_, '_>) -> Described {
    walk.bytes(f::QUIC_V4, 4)?;
    walk.u16(f::QUIC_V4_PORT)?;
    walk.bytes(f::QUIC_V6, 16)?;
    walk.u16(f::QUIC_V6_PORT)?;
    walk.vector(f::QUIC_PREFERRED_LENGTH, 1, f::QUIC_PREFERRED_ID)?;
    walk.bytes(f::QUIC_PREFERRED_TOKEN, 16).map(|_| ())
}

/// The version in use, and those that its sender would speak as well.
fn version_information(walk: &mut Describer<'_, '_>) -> Described {
    walk.number(f::QUIC_CHOSEN, 4)?;
    walk.all_numbers(f::QUIC_OTHER, 4)
}
