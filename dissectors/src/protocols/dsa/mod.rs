//! Tags by which a switch chip tells the host's processor which port a frame came through:
//! Broadcom's and Marvell's (DSA). Read past.
//!
//! ```text
//!   destination │ source │ tag │ EtherType │ …     inside the Ethernet header
//!   tag │ Ethernet frame                           before it
//! ```

use crate::field::{FieldDef, FieldId, Kind};
use crate::fields;
use crate::headers::{FIRST_TYPE, Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};

fields! { "dsa", "DSA";
    PROTO = FieldDef::group("dsa", "Switch tag"),
    DST = FieldDef::of("eth.dst", "Destination", Kind::Ether),
    SRC = FieldDef::of("eth.src", "Source", Kind::Ether),
    TAG = FieldDef::bytes("dsa.tag", "Tag"),
    TYPE = FieldDef::u16("eth.type", "Type").hex(),
}

/// Tags of switch chips.
pub struct Dsa;

impl Protocol for Dsa {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::Link(281), Claim::Link(282), Claim::Link(284), Claim::Link(285)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        Some(describe(part, found, walk))
    }
}

/// Length of the two addresses, and of a tag.
const ADDRESSES: usize = 12;
const SHORT: usize = 4;
const LONG: usize = 8;

fn describe<'a>(part: Part<'a>, found: Found, walk: &mut Walk<'_>) -> Next<'a> {
    let (at, len) = match found.claim {
        Claim::Link(282) => (0, SHORT),
        Claim::Link(285) => (ADDRESSES, LONG),
        _ => (ADDRESSES, SHORT),
    };
    walk.plain_group(part.place(0, at + len), PROTO);
    if at > 0 {
        walk.tell(&part, 0, 6, DST);
        walk.tell(&part, 6, 6, SRC);
    }
    walk.tell(&part, at, len, TAG);
    let rest = part.after(at + len);
    let next = match rest.number(0, 2).map(|number| number as u16) {
        _ if at == 0 => Next::claimed(Claim::Link(1), rest),
        Some(number) => {
            if number >= FIRST_TYPE {
                walk.tell(&rest, 0, 2, TYPE);
            }
            Next::typed_or_sized(number, rest.after(2))
        }
        None => {
            walk.stop(&part, "switch tag", format_args!("it takes {} bytes", at + len + 2));
            walk.summary(format_args!("Switch tag, cut"));
            Next::Nothing
        }
    };
    walk.close();
    next
}
