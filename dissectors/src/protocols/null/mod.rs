//! The loopback of BSD and macOS: four bytes that name an address family, in the byte order of the
//! host that captured (link type 0) or of the network (108).

use etherparse::EtherType;

use crate::field::{FieldDef, FieldId, Names, Value};
use crate::fields;
use crate::headers::names::ETHER_TYPES;
use crate::headers::{FIRST_TYPE, Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};

/// Address families as the systems that write such captures number them; IPv6 has a number of
/// its own on each.
const FAMILIES: Names = &[
    (2, "IP"),
    (7, "OSI"),
    (10, "IPv6 (Linux)"),
    (23, "IPX or IPv6 (Windows)"),
    (24, "IPv6 (NetBSD, OpenBSD)"),
    (28, "IPv6 (FreeBSD)"),
    (30, "IPv6 (Darwin)"),
];

fields! { "null", "Loopback";
    PROTO = FieldDef::group("null", "Null/Loopback"),
    FAMILY = FieldDef::u32("null.family", "Family").computed().names(FAMILIES),
    TYPE = FieldDef::u16("null.type", "Type").hex().computed().names(ETHER_TYPES),
}

/// BSD's loopback.
pub struct Null;

impl Protocol for Null {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::Link(0), Claim::Link(108)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        Some(describe(part, walk))
    }
}

/// Length of the header.
const LEN: usize = 4;

/// Tells the address family. Its byte order shows in the number itself: families are small, and
/// a number that is large the one way round is small the other.
fn describe<'a>(part: Part<'a>, walk: &mut Walk<'_>) -> Next<'a> {
    walk.plain_group(part.place(0, LEN), PROTO);
    let Some(family) = part.array::<LEN>(0).map(family) else {
        walk.stop(&part, "loopback", format_args!("it takes {LEN} bytes"));
        walk.close();
        walk.summary(format_args!("Loopback, cut"));
        return Next::Nothing;
    };
    let rest = part.after(LEN);
    let field = if family < FIRST_TYPE.into() { FAMILY } else { TYPE };
    walk.work_out(field, Value::Unsigned(family.into()), part.place(0, LEN));
    walk.close();
    match family {
        2 => Next::ether(EtherType::IPV4, rest),
        10 | 23 | 24 | 28 | 30 => Next::ether(EtherType::IPV6, rest),
        _ => match u16::try_from(family).ok().filter(|number| *number >= FIRST_TYPE) {
            Some(number) => Next::ether(EtherType(number), rest),
            None => {
                walk.unread(format_args!("Address family {family}"));
                Next::Nothing
            }
        },
    }
}

/// The number, in the order in which it is small: both halves of it are never in use.
const fn family(bytes: [u8; LEN]) -> u32 {
    match bytes {
        [0, 0, ..] => u32::from_be_bytes(bytes),
        _ => u32::from_le_bytes(bytes),
    }
}
