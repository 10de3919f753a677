//! The security layer that a bind by SASL may agree on (RFC 4513, section 5.2.1): buffers behind
//! their length (RFC 4422, section 3.7), each a token of Kerberos (RFC 4121, section 4.2.6.2).
//!
//! ```text
//!   len ×4 | 05 04 flags ff | extra ×2 | rotated ×2 | number ×8 | content and checksum
//! ```
//!
//! Content that is signed but not sealed can be read by anyone. Content and checksum, `extra` bytes
//! long, are turned to the right by `rotated` bytes: nothing, or so that the checksum comes first.

use std::fmt::{self, Write};
use std::ops::Range;

use super::{BUFFER_LENGTH, DATA, SEALED};
use crate::field::Value;
use crate::sink::Sink;
use crate::span::Span;
use crate::telling::Telling;
use crate::wording::counted;

/// Bytes of the length before a buffer.
pub(super) const PREFIX: usize = 4;

/// The longest buffer that is held as a whole: an inbox keeps no more.
const MAX_BUFFER: usize = crate::limits::MAX_INBOX - PREFIX;

/// Bytes of a token before its content.
const TOKEN_HEAD: usize = 16;

/// The flag of a token whose content is sealed.
const IS_SEALED: u8 = 2;

/// Where the first buffer lies behind its length, which need not be there as a whole.
pub(super) fn buffer(bytes: &[u8]) -> Option<Range<usize>> {
    let (len, _) = bytes.split_first_chunk::<PREFIX>()?;
    let len = u32::from_be_bytes(*len) as usize;
    (1..=MAX_BUFFER).contains(&len).then(|| PREFIX..PREFIX + len)
}

/// The flags and the content of a token of Kerberos.
fn token(bytes: &[u8]) -> Option<(u8, u16, u16, &[u8])> {
    let [5, 4, flags, 0xff, a, b, c, d, ..] = *bytes else { return None };
    let content = bytes.get(TOKEN_HEAD..)?;
    Some((flags, u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]), content))
}

/// Where in a token the content stands that is not sealed.
pub(super) fn plain(bytes: &[u8]) -> Option<Range<usize>> {
    let (flags, extra, rotated, content) = token(bytes)?;
    let len = content.len().checked_sub(extra.into()).filter(|len| *len > 0)?;
    let start = match rotated {
        _ if flags & IS_SEALED != 0 => return None,
        0 => TOKEN_HEAD,
        _ if rotated == extra => TOKEN_HEAD + usize::from(extra),
        // In the middle of itself: nobody sends that.
        _ => return None,
    };
    Some(start..start + len)
}

/// Says what a buffer is; the messages inside are told by themselves.
pub(super) fn describe(bytes: &[u8], place: Span, sink: &mut dyn Sink) {
    let inside = bytes.get(PREFIX..).unwrap_or(&[]);
    sink.field(BUFFER_LENGTH, Value::Unsigned(inside.len() as u64), place.part(0, PREFIX));
    match token(inside) {
        Some((flags, .., content)) if flags & IS_SEALED != 0 => {
            let span = place.from(PREFIX + TOKEN_HEAD);
            sink.field(SEALED, Value::Bytes(content), span);
        }
        Some(_) if plain(inside).is_some() => {}
        _ => sink.field(DATA, Value::Bytes(inside), place.from(PREFIX)),
    }
}

/// The row of a buffer.
pub(super) fn summary(bytes: &[u8], line: &mut dyn Write) -> fmt::Result {
    let inside = bytes.get(PREFIX..).unwrap_or(&[]);
    match token(inside) {
        Some((flags, .., content)) if flags & IS_SEALED != 0 => {
            write!(line, "SASL GSS-API Privacy: {} bytes", content.len())
        }
        Some(_) if plain(inside).is_some() => line.write_str("SASL GSS-API Integrity"),
        _ => write!(line, "SASL buffer: {} bytes", inside.len()),
    }
}

/// What a buffer means, where nothing inside says it.
pub(super) fn tell(bytes: &[u8]) -> Option<Telling> {
    let inside = bytes.get(PREFIX..)?;
    if plain(inside).is_some() {
        return None;
    }
    let label = counted(inside.len() as u64, "byte");
    let headline = "Sealed with the key that the bind agreed on: only the two ends can read it";
    let sealed = token(inside).is_some_and(|(flags, ..)| flags & IS_SEALED != 0);
    let headline = if sealed { headline } else { "In the layer that the bind agreed on" };
    Some(Telling::new(label, headline, "LDAP").weight(2, 2))
}
