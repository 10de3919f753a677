//! Mobile IPv6 (RFC 6275, section 6.1): a host that is on the way tells where it can be reached
//! now.
//!
//! ```text
//!   next header │ length, in 8 bytes beyond 8 │ type │ 0 │ checksum ×2 │ what the type says
//! ```

use etherparse::{IpNumber, ip_number};

use crate::field::{FieldDef, FieldId, Kind, Names};
use crate::fields;
use crate::headers::names::IP_NUMBERS;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};

const TYPES: Names = &[
    (0, "Binding Refresh Request"),
    (1, "Home Test Init"),
    (2, "Care-of Test Init"),
    (3, "Home Test"),
    (4, "Care-of Test"),
    (5, "Binding Update"),
    (6, "Binding Acknowledgement"),
    (7, "Binding Error"),
    (8, "Fast Binding Update"),
    (9, "Fast Binding Acknowledgment"),
    (10, "Fast Neighbor Advertisement"),
    (11, "Experimental Mobility Header"),
    (12, "Home Agent Switch"),
    (13, "Heartbeat"),
    (14, "Handover Initiate"),
    (15, "Handover Acknowledge"),
    (16, "Binding Revocation"),
    (17, "Localized Routing Initiation"),
    (18, "Localized Routing Acknowledgment"),
];

fields! { "mipv6", "MIPv6";
    PROTO = FieldDef::group("mipv6", "Mobile IPv6"),
    NEXT = FieldDef::u8("mip6.proto", "Payload protocol").names(IP_NUMBERS),
    LENGTH = FieldDef::u8("mip6.hlen", "Header length"),
    TYPE = FieldDef::u8("mip6.mhtype", "Mobility Header Type").names(TYPES),
    RESERVED = FieldDef::u8("mip6.reserved", "Reserved").hex(),
    CHECKSUM = FieldDef::u16("mip6.csum", "Checksum").hex(),
    HOME_COOKIE = FieldDef::u64("mip6.hoti.cookie", "Home Init Cookie").hex(),
    CARE_COOKIE = FieldDef::u64("mip6.coti.cookie", "Care-of Init Cookie").hex(),
    HOME_NONCE = FieldDef::u16("mip6.hot.nindex", "Home Nonce Index"),
    HOME_ECHO = FieldDef::u64("mip6.hot.cookie", "Home Init Cookie").hex(),
    HOME_TOKEN = FieldDef::u64("mip6.hot.token", "Home Keygen Token").hex(),
    CARE_NONCE = FieldDef::u16("mip6.cot.nindex", "Care-of Nonce Index"),
    CARE_ECHO = FieldDef::u64("mip6.cot.cookie", "Care-of Init Cookie").hex(),
    CARE_TOKEN = FieldDef::u64("mip6.cot.token", "Care-of Keygen Token").hex(),
    UPDATE_NUMBER = FieldDef::u16("mip6.bu.seqnr", "Sequence number"),
    ACKNOWLEDGE = FieldDef::flag("mip6.bu.a_flag", "Acknowledge (A) flag", 0x8000),
    HOME = FieldDef::flag("mip6.bu.h_flag", "Home Registration (H) flag", 0x4000),
    LINK_LOCAL = FieldDef::flag("mip6.bu.l_flag", "Link-Local Compatibility (L) flag", 0x2000),
    KEYS = FieldDef::flag("mip6.bu.k_flag", "Key Management Compatibility (K) flag", 0x1000),
    UPDATE_LIFETIME = FieldDef::u16("mip6.bu.lifetime", "Lifetime"),
    STATUS = FieldDef::u8("mip6.ba.status", "Status"),
    ANSWER_NUMBER = FieldDef::u16("mip6.ba.seqnr", "Sequence number"),
    ANSWER_LIFETIME = FieldDef::u16("mip6.ba.lifetime", "Lifetime"),
    ERROR_STATUS = FieldDef::u8("mip6.be.status", "Status"),
    ERROR_ADDRESS = FieldDef::of("mip6.be.haddr", "Home Address", Kind::Ipv6),
}

/// What the length does not count, and the length of the head.
const UNCOUNTED: usize = 8;
const HEAD: usize = 6;

/// Mobile IPv6.
pub struct Mipv6;

impl Protocol for Mipv6 {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 6275"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::IpProtocol(135)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        let len = part.number(1, 1).unwrap_or_default() as usize * 8 + UNCOUNTED;
        walk.plain_group(part.place(0, len), PROTO);
        walk.tell(&part, 0, 1, NEXT);
        walk.tell(&part, 1, 1, LENGTH);
        walk.tell(&part, 2, 1, TYPE);
        walk.tell(&part, 3, 1, RESERVED);
        walk.tell(&part, 4, 2, CHECKSUM);
        if len > part.bytes.len() {
            walk.stop(&part, "MIPv6", format_args!("it claims {len} bytes"));
        }
        let kind = part.number(2, 1).unwrap_or_default();
        message(kind, &part.upto(len).after(HEAD), walk);
        walk.close();
        match TYPE.def().name_of(kind) {
            Some(name) => walk.summary(format_args!("{name}")),
            None => walk.summary(format_args!("MIPv6, type {kind}")),
        }
        // Nothing is to follow (section 6.1.1), and what does is read on.
        let next = part
            .number(0, 1)
            .map_or(ip_number::IPV6_NO_NEXT_HEADER, |number| IpNumber(number as u8));
        let rest = part.after(len);
        Some(match found.ends.filter(|_| next != ip_number::IPV6_NO_NEXT_HEADER && rest.wire > 0) {
            Some(ends) => Next::ip(next, rest, ends),
            None => Next::Nothing,
        })
    }
}

/// Tells what a message of this type says (sections 6.1.2 to 6.1.9).
fn message(kind: u64, part: &Part<'_>, walk: &mut Walk<'_>) {
    let fields: &[(usize, usize, FieldId)] = match kind {
        1 => &[(2, 8, HOME_COOKIE)],
        2 => &[(2, 8, CARE_COOKIE)],
        3 => &[(0, 2, HOME_NONCE), (2, 8, HOME_ECHO), (10, 8, HOME_TOKEN)],
        4 => &[(0, 2, CARE_NONCE), (2, 8, CARE_ECHO), (10, 8, CARE_TOKEN)],
        5 => &[
            (0, 2, UPDATE_NUMBER),
            (2, 2, ACKNOWLEDGE),
            (2, 2, HOME),
            (2, 2, LINK_LOCAL),
            (2, 2, KEYS),
            (4, 2, UPDATE_LIFETIME),
        ],
        6 => &[(0, 1, STATUS), (2, 2, ANSWER_NUMBER), (4, 2, ANSWER_LIFETIME)],
        7 => &[(0, 1, ERROR_STATUS), (2, 16, ERROR_ADDRESS)],
        _ => &[],
    };
    for (at, len, field) in fields {
        walk.tell(part, *at, *len, *field);
    }
}
