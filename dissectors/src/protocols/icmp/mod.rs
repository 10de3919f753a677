//! ICMP (RFC 792): hosts and routers tell a sender what became of its packets.

pub mod echo;
mod extensions;
mod fields;
mod stamp;
pub mod tell;

use etherparse::{Icmpv4Header, Icmpv4Slice, checksum::Sum16BitWords};

use crate::field::{FieldDef, FieldId, Value};
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};
use crate::sink::Severity;
use crate::span::Span;

pub use fields::*;

/// The Internet Control Message Protocol.
pub struct Icmp;

impl Protocol for Icmp {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 792", "RFC 1191", "RFC 4884"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::IpProtocol(1)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        Some(describe(part, walk))
    }
}

/// The length of the part all messages have: type, code, checksum and four bytes of their own.
const HEAD: usize = Icmpv4Header::MIN_LEN;

/// Tells an ICMP message, and the packet it quotes.
pub(crate) fn describe<'a>(part: Part<'a>, walk: &mut Walk<'_>) -> Next<'a> {
    let kind = part.number(0, 1);
    let name = kind.and_then(|kind| TYPE.def().name_of(kind)).unwrap_or("Unknown type");
    walk.group(&part, part.bytes.len().min(HEAD), PROTO, format_args!("{name}"));
    walk.tell(&part, 0, 1, TYPE);
    let code = match kind {
        Some(3) => CODE_UNREACHABLE,
        Some(5) => CODE_REDIRECT,
        Some(11) => CODE_EXCEEDED,
        Some(12) => CODE_PROBLEM,
        _ => CODE,
    };
    walk.tell(&part, 1, 1, code);
    walk.tell(&part, 2, 2, CHECKSUM);
    checksum(&part, walk);
    if let Err(error) = Icmpv4Slice::from_slice(part.bytes) {
        walk.stop(&part, "ICMP", format_args!("{error}"));
        walk.close();
        walk.summary(format_args!("{name}"));
        return Next::Nothing;
    }
    let why = part.number(1, 1).and_then(|number| code.def().name_of(number));
    match (kind, why) {
        (Some(0 | 8), _) => {}
        (_, Some(why)) => walk.summary(format_args!("{name} ({why})")),
        (_, None) => walk.summary(format_args!("{name}")),
    }
    let next = match kind {
        Some(kind @ (0 | 8)) => {
            echo(&part, kind, name, walk);
            let data = part.after(HEAD);
            let data = data.after(stamp::describe(&data, walk));
            if data.bytes.is_empty() { Next::Nothing } else { Next::named("data", data) }
        }
        Some(kind @ (3 | 4 | 5 | 11 | 12)) => {
            complaint(&part, kind, walk);
            let (quoted, rest) = extensions::quoted(&part, kind);
            // The quotation is shorter than its own length field says: that is no fault.
            walk.quote(|walk| Next::packet(quoted).describe(walk));
            if let Some(rest) = rest {
                extensions::describe(&rest, walk);
            }
            Next::Nothing
        }
        Some(kind) => {
            question(&part, kind, walk);
            Next::Nothing
        }
        None => Next::Nothing,
    };
    walk.close();
    next
}

/// Questions about time and addresses, and what routers say of themselves.
fn question(part: &Part<'_>, kind: u64, walk: &mut Walk<'_>) {
    match kind {
        9 => routers(part, walk),
        10 => walk.tell(part, 4, 4, RESERVED),
        13..=18 => {
            walk.tell(part, 4, 2, IDENT);
            walk.work_out(IDENT_LE, swapped(part, 4), part.place(4, 2));
            walk.tell(part, 6, 2, SEQ);
            walk.work_out(SEQ_LE, swapped(part, 6), part.place(6, 2));
            match kind {
                13 | 14 => {
                    for (at, field) in [(8, ORIGINATE), (12, RECEIVE), (16, TRANSMIT)] {
                        walk.tell(part, at, 4, field);
                    }
                }
                17 | 18 => walk.tell(part, 8, 4, ADDRESS_MASK),
                _ => {}
            }
        }
        _ => {}
    }
}

/// A router's addresses, each with how much it is preferred (RFC 1256, section 3).
fn routers(part: &Part<'_>, walk: &mut Walk<'_>) {
    walk.tell(part, 4, 1, ADDRESSES);
    walk.tell(part, 5, 1, ENTRY_SIZE);
    walk.tell(part, 6, 2, LIFETIME);
    let count = part.number(4, 1).unwrap_or(0) as usize;
    let size = part.number(5, 1).unwrap_or(0) as usize * 4;
    for at in (HEAD..).step_by(size.max(8)).take(count) {
        walk.tell(part, at, 4, ROUTER);
        walk.tell(part, at + 4, 4, PREFERENCE);
    }
}

/// A number of two bytes, read from its other end.
fn swapped(part: &Part<'_>, at: usize) -> Value<'static> {
    Value::Unsigned((part.number(at, 2).unwrap_or(0) as u16).swap_bytes().into())
}

/// Verifies the checksum, which here always covers bytes that were really sent.
fn checksum(part: &Part<'_>, walk: &mut Walk<'_>) {
    if part.number(2, 2).is_none() {
        return;
    }
    let status = if part.is_cut() {
        2
    } else if Sum16BitWords::new().add_slice(part.bytes).ones_complement() == 0 {
        1
    } else {
        let text = format_args!("The checksum does not match the message");
        walk.note(Severity::Broken, part.place(2, 2), text);
        0
    };
    walk.work_out(STATUS, Value::Unsigned(status), Span::NONE);
}

fn echo(part: &Part<'_>, kind: u64, name: &str, walk: &mut Walk<'_>) {
    let read = |at| part.number(at, 2).unwrap_or(0);
    let (ident, seq) = (read(4), read(6));
    walk.tell(part, 4, 2, IDENT);
    walk.work_out(IDENT_LE, swapped(part, 4), part.place(4, 2));
    walk.tell(part, 6, 2, SEQ);
    walk.work_out(SEQ_LE, swapped(part, 6), part.place(6, 2));
    let pad = if kind == 0 { "   " } else { "" };
    let other = (seq as u16).swap_bytes();
    walk.summary(format_args!("{name}{pad} id=0x{ident:04x}, seq={seq}/{other}"));
}

/// The four bytes that each complaint uses in its own way; some hold how much is quoted (RFC 4884,
/// section 4).
fn complaint(part: &Part<'_>, kind: u64, walk: &mut Walk<'_>) {
    match (kind, part.number(1, 1)) {
        (5, _) => walk.tell(part, 4, 4, GATEWAY),
        (3 | 11 | 12, code) => {
            walk.tell(part, 4, 1, if kind == 12 { POINTER } else { UNUSED });
            walk.tell(part, 5, 1, LENGTH);
            if let Some(words) = part.number(5, 1).filter(|words| *words > 0) {
                walk.work_out(ORIGINAL_LENGTH, Value::Unsigned(words * 4), part.place(5, 1));
            }
            // RFC 1191, section 4.
            walk.tell(part, 6, 2, if (kind, code) == (3, Some(4)) { MTU } else { UNUSED });
        }
        _ => walk.tell(part, 4, 4, UNUSED),
    }
}
