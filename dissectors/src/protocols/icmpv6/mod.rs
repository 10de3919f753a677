//! ICMPv6 (RFC 4443) with neighbour discovery (RFC 4861), which does for IPv6 what ARP
//! did, and who listens to which group (RFC 2710, RFC 3810).

mod discovery;
mod fields;
mod listeners;
pub mod neighbour;
mod options;
pub mod tell;

use etherparse::{Icmpv6Header, Icmpv6Slice};

use crate::field::{FieldDef, FieldId, Value};
use crate::headers::{Ends, Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};
use crate::sink::Severity;
use crate::span::Span;

pub use fields::*;

/// The Internet Control Message Protocol of IPv6.
pub struct Icmpv6;

impl Protocol for Icmpv6 {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 4443", "RFC 4861", "RFC 2710", "RFC 3810"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::IpProtocol(58)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        Some(describe(part, found.ends?, walk))
    }
}

/// The length of the part all messages have: type, code, checksum and four bytes of their own.
const HEAD: usize = Icmpv6Header::MIN_LEN;

/// Tells an ICMPv6 message, and the packet it quotes.
pub(crate) fn describe<'a>(part: Part<'a>, ends: Ends, walk: &mut Walk<'_>) -> Next<'a> {
    let kind = part.number(0, 1);
    let name = kind.and_then(|kind| TYPE.def().name_of(kind)).unwrap_or("Unknown type");
    walk.group(&part, part.bytes.len(), PROTO, format_args!("{name}"));
    walk.tell(&part, 0, 1, TYPE);
    let code = match kind {
        Some(1) => CODE_UNREACHABLE,
        Some(3) => CODE_EXCEEDED,
        Some(4) => CODE_PROBLEM,
        _ => CODE,
    };
    walk.tell(&part, 1, 1, code);
    walk.tell(&part, 2, 2, CHECKSUM);
    let slice = match Icmpv6Slice::from_slice(part.bytes) {
        Ok(slice) => slice,
        Err(error) => {
            walk.stop(&part, "ICMPv6", format_args!("{error}"));
            walk.close();
            walk.summary(format_args!("{name}"));
            return Next::Nothing;
        }
    };
    checksum(&part, &slice, ends, walk);
    let mut next = Next::Nothing;
    match kind {
        Some(128 | 129) => {
            walk.tell(&part, 4, 2, ECHO_IDENTIFIER);
            walk.tell(&part, 6, 2, ECHO_SEQUENCE);
            let read = |at| part.number(at, 2).unwrap_or(0);
            walk.summary(format_args!("{name} id=0x{:04x}, seq={}", read(4), read(6)));
            let data = part.after(HEAD);
            if !data.bytes.is_empty() {
                next = Next::named("data", data);
            }
        }
        Some(kind @ 1..=4) => {
            match kind {
                2 => walk.tell(&part, 4, 4, MTU),
                4 => walk.tell(&part, 4, 4, POINTER),
                _ => walk.tell(&part, 4, 4, RESERVED),
            }
            match part.number(1, 1).and_then(|number| code.def().name_of(number)) {
                Some(why) => walk.summary(format_args!("{name} ({why})")),
                None => walk.summary(format_args!("{name}")),
            }
            let quoted = part.after(HEAD);
            walk.quote(|walk| Next::packet(quoted).describe(walk));
        }
        Some(kind @ (130..=132 | 143)) => listeners::describe(&part, kind, name, walk),
        Some(kind @ 133..=137) => discovery::describe(&part, kind, name, walk),
        _ => walk.summary(format_args!("{name}")),
    }
    walk.close();
    next
}

/// Verifies the checksum, which also covers the addresses (RFC 4443, section 2.3).
fn checksum(part: &Part<'_>, slice: &Icmpv6Slice<'_>, ends: Ends, walk: &mut Walk<'_>) {
    let status = match ends {
        Ends::V6(from, to) if !part.is_cut() => {
            let valid = slice.is_checksum_valid(from, to);
            if !valid {
                let text = format_args!("The checksum does not match the message");
                walk.note(Severity::Broken, part.place(2, 2), text);
            }
            u64::from(valid)
        }
        _ => 2,
    };
    walk.work_out(STATUS, Value::Unsigned(status), Span::NONE);
}
