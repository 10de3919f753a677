//! VRRP (RFC 9568 and before): routers that stand in for each other under one address.

use crate::field::{FieldDef, FieldId, Kind, Names};
use crate::fields;
use crate::headers::{Ends, Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};

const TYPES: Names = &[(1, "Advertisement")];

fields! { "vrrp", "VRRP";
    PROTO = FieldDef::group("vrrp", "Virtual Router Redundancy Protocol"),
    TYPE_VERSION = FieldDef::u8("vrrp.typever", "Version and type"),
    VERSION = FieldDef::u8("vrrp.version", "Version").mask(0xf0),
    TYPE = FieldDef::u8("vrrp.type", "Type").mask(0x0f).names(TYPES),
    ROUTER = FieldDef::u8("vrrp.virt_rtr_id", "Virtual Rtr ID"),
    PRIORITY = FieldDef::u8("vrrp.prio", "Priority"),
    COUNT = FieldDef::u8("vrrp.addr_count", "Addr Count"),
    AUTH_TYPE = FieldDef::u8("vrrp.auth_type", "Auth Type"),
    INTERVAL = FieldDef::u8("vrrp.adver_int", "Adver Int"),
    RESERVED = FieldDef::u8("vrrp.reserved_mbz", "Reserved").mask(0xf0),
    SHORT_INTERVAL = FieldDef::u16("vrrp.short_adver_int", "Adver Int").mask(0x0fff),
    CHECKSUM = FieldDef::u16("vrrp.checksum", "Checksum").hex(),
    IPV4 = FieldDef::of("vrrp.ip_addr", "IP Address", Kind::Ipv4),
    IPV6 = FieldDef::of("vrrp.ipv6_addr", "IPv6 Address", Kind::Ipv6),
}

/// The Virtual Router Redundancy Protocol.
pub struct Vrrp;

impl Protocol for Vrrp {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 9568", "RFC 5798", "RFC 3768"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::IpProtocol(112)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        Some(describe(part, found, walk))
    }
}

/// Length of a message before the addresses.
const LEN: usize = 8;

fn describe<'a>(part: Part<'a>, found: Found, walk: &mut Walk<'_>) -> Next<'a> {
    walk.plain_group(part.span, PROTO);
    walk.open(&part, 0, 1, TYPE_VERSION);
    walk.tell(&part, 0, 1, VERSION);
    walk.tell(&part, 0, 1, TYPE);
    walk.close();
    walk.tell(&part, 1, 1, ROUTER);
    walk.tell(&part, 2, 1, PRIORITY);
    walk.tell(&part, 3, 1, COUNT);
    let version = part.number(0, 1).unwrap_or_default() >> 4;
    if version >= 3 {
        walk.tell(&part, 4, 1, RESERVED);
        walk.tell(&part, 4, 2, SHORT_INTERVAL);
    } else {
        walk.tell(&part, 4, 1, AUTH_TYPE);
        walk.tell(&part, 5, 1, INTERVAL);
    }
    walk.tell(&part, 6, 2, CHECKSUM);
    let (field, len) = match found.ends {
        Some(Ends::V6(..)) => (IPV6, 16),
        _ => (IPV4, 4),
    };
    for index in 0..part.number(3, 1).unwrap_or_default() as usize {
        walk.tell(&part, LEN + len * index, len, field);
    }
    if part.get(0, LEN).is_none() {
        walk.stop(&part, "VRRP", format_args!("a message takes {LEN} bytes"));
    }
    walk.close();
    walk.summary(format_args!("Announcement (v{version})"));
    Next::Nothing
}
