//! Bare IP packets: the capture holds no link header at all.

use crate::field::{FieldDef, FieldId};
use crate::fields;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};
use crate::sink::Severity;

fields! { "raw", "Raw IP";
    PROTO = FieldDef::group("raw", "Raw packet data"),
}

/// Bare packets.
pub struct Raw;

impl Protocol for Raw {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::Link(101), Claim::Link(228), Claim::Link(229)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        Some(describe(part, walk))
    }
}

/// Tells that there is no header; the packet's first four bits name its version.
fn describe<'a>(part: Part<'a>, walk: &mut Walk<'_>) -> Next<'a> {
    walk.plain_group(part.span, PROTO);
    let version = part.number(0, 1).map(|byte| byte >> 4);
    let next = if matches!(version, Some(4 | 6)) { Next::packet(part) } else { Next::Nothing };
    if matches!(next, Next::Nothing) {
        let text = format_args!("Neither an IPv4 nor an IPv6 packet begins like this");
        walk.note(Severity::Broken, part.span, text);
        walk.summary(format_args!("Raw packet, {} bytes", part.wire));
    }
    walk.close();
    next
}
