//! The options of IPv4 (RFC 791, section 3.1): routes, times, and what routers must look at.

use super::fields::*;
use crate::headers::{Part, Walk};
use crate::sink::Severity;

/// Tells the options: each a type, and all but two of them a length and data.
pub(super) fn describe(part: &Part<'_>, header_len: usize, walk: &mut Walk<'_>) {
    let mut at = etherparse::Ipv4Header::MIN_LEN;
    while at < header_len {
        let Some(kind) = part.number(at, 1) else { return };
        let len = match kind {
            0 | 1 => 1,
            _ => part.number(at + 1, 1).unwrap_or(0) as usize,
        };
        if len == 0 || at + len > header_len || (len == 1 && kind > 1) {
            let text = format_args!("An IP option claims {len} bytes, and the header has fewer");
            walk.note(Severity::Broken, part.place(at, 2), text);
            return;
        }
        walk.open(part, at, len, OPTION);
        walk.open(part, at, 1, OPTION_TYPE);
        walk.tell(part, at, 1, OPTION_COPY);
        walk.tell(part, at, 1, OPTION_CLASS);
        walk.tell(part, at, 1, OPTION_NUMBER);
        walk.close();
        if len > 1 {
            walk.tell(part, at + 1, 1, OPTION_LEN);
            data(kind, &part.after(at).upto(len), len, walk);
        }
        walk.close();
        at += len;
    }
}

/// Tells what stands behind type and length.
fn data(kind: u64, option: &Part<'_>, len: usize, walk: &mut Walk<'_>) {
    match (kind, len) {
        (7 | 131 | 137, _) => route(kind, option, len, walk),
        (68, _) => times(option, len, walk),
        (136, 4) => walk.tell(option, 2, 2, OPTION_STREAM),
        (11 | 12, 4) => walk.tell(option, 2, 2, OPTION_MTU),
        // RFC 2113, section 2.1.
        (148, 4) => walk.tell(option, 2, 2, OPTION_ALERT),
        _ => walk.tell(option, 2, len - 2, OPTION_DATA),
    }
}

/// Addresses: those before the pointer have been passed, the one at it comes next.
fn route(kind: u64, option: &Part<'_>, len: usize, walk: &mut Walk<'_>) {
    walk.tell(option, 2, 1, OPTION_POINTER);
    let pointer = option.number(2, 1).unwrap_or(0) as usize;
    for at in (3..len.saturating_sub(3)).step_by(4) {
        // The pointer counts from one.
        let field = match (at + 1).cmp(&pointer) {
            std::cmp::Ordering::Less => RECORDED,
            _ if kind == 7 => EMPTY,
            std::cmp::Ordering::Equal => CURRENT,
            std::cmp::Ordering::Greater => SOURCE,
        };
        walk.tell(option, at, 4, field);
    }
}

/// Times in milliseconds since midnight, with the addresses of those who wrote them.
fn times(option: &Part<'_>, len: usize, walk: &mut Walk<'_>) {
    walk.tell(option, 2, 1, OPTION_POINTER);
    walk.tell(option, 3, 1, OPTION_OVERFLOW);
    walk.tell(option, 3, 1, OPTION_FLAG);
    let has_address = option.number(3, 1).is_some_and(|flags| flags & 0x0f != 0);
    let mut at = 4;
    while at + if has_address { 8 } else { 4 } <= len {
        if has_address {
            walk.tell(option, at, 4, OPTION_TIME_ADDRESS);
            at += 4;
        }
        walk.tell(option, at, 4, OPTION_TIME);
        at += 4;
    }
}
