//! IPNET: packets as Solaris shows them on an interface of IP, behind 24 bytes that say between
//! which zones.

use etherparse::EtherType;

use crate::field::{FieldDef, FieldId};
use crate::fields;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};

fields! { "ipnet", "IPNET";
    PROTO = FieldDef::group("ipnet", "Solaris IPNET"),
    VERSION = FieldDef::u8("ipnet.version", "Header version"),
    FAMILY = FieldDef::u8("ipnet.family", "Address family").names(&[(2, "IPv4"), (26, "IPv6")]),
    HOOK = FieldDef::u16("ipnet.htype", "Hook type"),
    LENGTH = FieldDef::u32("ipnet.pktlen", "Data length"),
    INTERFACE = FieldDef::u32("ipnet.ifindex", "Interface index"),
    GROUP = FieldDef::u32("ipnet.grifindex", "Group interface index"),
    FROM_ZONE = FieldDef::u32("ipnet.zsrc", "Source Zone ID"),
    TO_ZONE = FieldDef::u32("ipnet.zdst", "Destination Zone ID"),
}

/// Solaris' interfaces of IP.
pub struct Ipnet;

impl Protocol for Ipnet {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::Link(226)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        Some(describe(part, walk))
    }
}

/// Length of the header.
const LEN: usize = 24;

fn describe<'a>(part: Part<'a>, walk: &mut Walk<'_>) -> Next<'a> {
    walk.plain_group(part.place(0, LEN), PROTO);
    walk.tell(&part, 0, 1, VERSION);
    walk.tell(&part, 1, 1, FAMILY);
    walk.tell(&part, 2, 2, HOOK);
    for (at, field) in [(4, LENGTH), (8, INTERFACE), (12, GROUP), (16, FROM_ZONE), (20, TO_ZONE)] {
        walk.tell(&part, at, 4, field);
    }
    let rest = part.after(LEN);
    let next = match part.number(1, 1) {
        Some(2) => Next::ether(EtherType::IPV4, rest),
        Some(26) => Next::ether(EtherType::IPV6, rest),
        _ => {
            walk.unread(format_args!("IPNET"));
            Next::Nothing
        }
    };
    if part.get(0, LEN).is_none() {
        walk.stop(&part, "IPNET", format_args!("it takes {LEN} bytes"));
    }
    walk.close();
    next
}
