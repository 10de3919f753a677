//! What routers add behind the packet that they quote (RFC 4884): labels it had, interfaces it
//! passed.

use super::HEAD;
use super::fields::*;
use crate::headers::{Part, Walk};
use crate::sink::Severity;

/// What senders that know no length quote before extensions (RFC 4884, section 5.5).
const UNSAID: usize = 128;

/// Splits a complaint into the packet that it quotes and the extensions behind that.
pub(super) fn quoted<'a>(part: &Part<'a>, kind: u64) -> (Part<'a>, Option<Part<'a>>) {
    let behind = part.after(HEAD);
    let words = part.number(5, 1).filter(|_| matches!(kind, 3 | 11 | 12)).unwrap_or(0) as usize;
    let len = match words {
        // Extensions without a length have version 2, and nothing that a quoted packet of this
        // length could have there.
        0 => Some(UNSAID).filter(|at| kind == 11 && behind.number(*at, 2) == Some(0x2000)),
        words => Some(words * 4),
    };
    match len.filter(|len| *len < behind.bytes.len()) {
        Some(len) => (behind.upto(len), Some(behind.after(len))),
        None => (behind, None),
    }
}

/// Tells the objects (RFC 4884, section 7; labels: RFC 4950).
pub(super) fn describe(part: &Part<'_>, walk: &mut Walk<'_>) {
    walk.plain_group(part.span, EXTENSIONS);
    walk.tell(part, 0, 1, EXTENSION_VERSION);
    walk.tell(part, 0, 2, EXTENSION_RESERVED);
    walk.tell(part, 2, 2, EXTENSION_CHECKSUM);
    let mut at = 4;
    while let (Some(len), Some(class)) = (part.number(at, 2), part.number(at + 2, 1)) {
        let len = len as usize;
        if len < 4 || at + len > part.bytes.len() {
            let text = format_args!("An extension claims {len} bytes, and the message has fewer");
            walk.note(Severity::Broken, part.place(at, 2), text);
            break;
        }
        walk.tell(part, at, 2, EXTENSION_LENGTH);
        walk.tell(part, at + 2, 1, EXTENSION_CLASS);
        walk.tell(part, at + 3, 1, EXTENSION_TYPE);
        if class == 1 {
            for label in (at + 4..at + len).step_by(4) {
                walk.tell(part, label, 3, LABEL);
                walk.tell(part, label, 3, LABEL_CLASS);
                walk.tell(part, label + 2, 1, LABEL_BOTTOM);
                walk.tell(part, label + 3, 1, LABEL_TTL);
            }
        } else if len > 4 {
            walk.tell(part, at + 4, len - 4, EXTENSION_DATA);
        }
        at += len;
    }
    walk.close();
}
