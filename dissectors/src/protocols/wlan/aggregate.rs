//! Several MSDUs in one frame of 802.11 (IEEE 802.11, clause 9.3.2.2): each with the addresses of
//! its own, a length, and filled up to a multiple of four bytes.
//!
//! ```text
//!   destination ×6 │ source ×6 │ length ×2 │ LLC …  │ fill │ destination …
//! ```
//!
//! A frame belongs to one flow, that of the first. What the others carry is told as packets inside
//! the frame.

use super::{DA, SA};
use crate::field::{FieldDef, FieldId};
use crate::fields;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::Protocol;
use crate::sink::Severity;

fields! { "wlan_aggregate", "802.11 A-MSDU";
    PROTO = FieldDef::group("wlan_aggregate", "IEEE 802.11 Aggregate MSDU"),
    SUBFRAME = FieldDef::group("wlan_aggregate.a_mdsu.subframe", "A-MSDU Subframe"),
    LENGTH = FieldDef::u16("wlan_aggregate.a_mdsu.length", "A-MSDU Length"),
}

/// Length of the head of each.
const HEAD: usize = 14;

/// Several MSDUs.
pub struct Aggregate;

impl Protocol for Aggregate {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["IEEE 802.11"]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        let first = subframe(&part)?;
        walk.plain_group(part.span, PROTO);
        let mut rest = part;
        let mut others = 0;
        while let Some(msdu) = subframe(&rest) {
            walk.plain_group(rest.place(0, HEAD + msdu.wire), SUBFRAME);
            walk.tell(&rest, 0, 6, DA);
            walk.tell(&rest, 6, 6, SA);
            walk.tell(&rest, 12, 2, LENGTH);
            if msdu.span.start != first.span.start {
                others += 1;
                walk.quote(|walk| Next::named("llc", msdu).describe(walk));
            }
            walk.close();
            let len = HEAD + msdu.wire;
            rest = rest.after(len.next_multiple_of(4));
        }
        if rest.wire > 0 {
            let text = format_args!("No MSDU begins here: {} bytes are left", rest.wire);
            walk.note(Severity::Broken, rest.span, text);
        }
        if others > 0 {
            let text = format_args!(
                "The frame holds {} MSDUs; it belongs to the flow of the first",
                others + 1
            );
            walk.note(Severity::Hint, part.span, text);
        }
        walk.close();
        walk.summary(format_args!("{} MSDUs", others + 1));
        Some(Next::named("llc", first))
    }
}

/// What the first of them carries, where its length can be: LLC takes bytes, and so it is more than
/// nothing and no more than there is.
fn subframe<'a>(part: &Part<'a>) -> Option<Part<'a>> {
    let len = part.number(12, 2)? as usize;
    let rest = part.after(HEAD);
    (1..=rest.wire).contains(&len).then(|| rest.upto(len))
}
