//! MPLS (RFC 3032): labels that routers forward by, in a stack before the packet.

use crate::field::{FieldDef, FieldId};
use crate::fields;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};
use crate::sink::Severity;

fields! { "mpls", "MPLS";
    PROTO = FieldDef::group("mpls", "MultiProtocol Label Switching Header"),
    LABEL = FieldDef::u32("mpls.label", "Label").mask(0xffff_f000),
    EXP = FieldDef::u32("mpls.exp", "Experimental Bits").mask(0x0e00),
    BOTTOM = FieldDef::u32("mpls.bottom", "Bottom of Stack").mask(0x0100),
    TTL = FieldDef::u32("mpls.ttl", "Time to Live").mask(0x00ff),
}

/// Multiprotocol label switching.
pub struct Mpls;

impl Protocol for Mpls {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 3031", "RFC 3032"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[
            Claim::EtherType(0x8847),
            Claim::EtherType(0x8848),
            Claim::Ppp(0x0281),
            Claim::Ppp(0x0283),
        ]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        Some(describe(part, walk))
    }
}

/// Length of one entry of the stack.
const LEN: usize = 4;

/// Tells the stack, each entry in a group of its own. Nothing in it says what lies behind: a
/// packet of IP does, in its first four bits (RFC 4928, section 3).
fn describe<'a>(part: Part<'a>, walk: &mut Walk<'_>) -> Next<'a> {
    let mut rest = part;
    for _ in 0..crate::limits::MAX_HEADERS {
        let Some(entry) = rest.number(0, LEN) else {
            walk.plain_group(rest.span, PROTO);
            walk.stop(&rest, "MPLS", format_args!("an entry takes {LEN} bytes"));
            walk.close();
            walk.summary(format_args!("MPLS, cut"));
            return Next::Nothing;
        };
        let (label, is_last) = (entry >> 12, entry & 0x0100 != 0);
        walk.group(&rest, LEN, PROTO, format_args!("Label: {label}"));
        walk.tell(&rest, 0, LEN, LABEL);
        walk.tell(&rest, 0, LEN, EXP);
        walk.tell(&rest, 0, LEN, BOTTOM);
        walk.tell(&rest, 0, LEN, TTL);
        walk.close();
        rest = rest.after(LEN);
        if is_last {
            return match rest.number(0, 1).map(|byte| byte >> 4) {
                Some(4 | 6) => Next::packet(rest),
                _ => {
                    walk.unread(format_args!("MPLS label {label}, {} bytes", rest.wire));
                    walk.rest(rest);
                    Next::Nothing
                }
            };
        }
    }
    let text = format_args!("More labels than are read here");
    walk.note(Severity::Missing, rest.span, text);
    walk.summary(format_args!("MPLS"));
    Next::Nothing
}
