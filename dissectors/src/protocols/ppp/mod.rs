//! PPP (RFC 1661) with HDLC's framing (RFC 1662) or without: which protocol a packet on a line
//! between two is of; and the protocols by which its ends settle how the line is used.

pub mod authentication;
mod control;
pub mod lcp;
pub mod ncp;

use crate::field::{FieldDef, FieldId, Names};
use crate::fields;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};

/// Protocol numbers that are met.
const PROTOCOLS: Names = &[
    (0x0021, "Internet Protocol version 4"),
    (0x002d, "Van Jacobson Compressed TCP/IP"),
    (0x002f, "Van Jacobson Uncompressed TCP/IP"),
    (0x003d, "Multilink"),
    (0x0057, "Internet Protocol version 6"),
    (0x00fd, "Compressed Datagram"),
    (0x0281, "MPLS Unicast"),
    (0x0283, "MPLS Multicast"),
    (0x8021, "Internet Protocol Control Protocol"),
    (0x8057, "IPv6 Control Protocol"),
    (0x80fd, "Compression Control Protocol"),
    (0x8281, "MPLS Control Protocol"),
    (0xc021, "Link Control Protocol"),
    (0xc023, "Password Authentication Protocol"),
    (0xc025, "Link Quality Report"),
    (0xc223, "Challenge Handshake Authentication Protocol"),
    (0xc227, "Extensible Authentication Protocol"),
];

fields! { "ppp", "PPP";
    PROTO = FieldDef::group("ppp", "Point-to-Point Protocol"),
    DIRECTION = FieldDef::u8("ppp.direction", "Direction"),
    ADDRESS = FieldDef::u8("ppp.address", "Address").hex(),
    CONTROL = FieldDef::u8("ppp.control", "Control").hex(),
    PROTOCOL = FieldDef::u16("ppp.protocol", "Protocol").hex().names(PROTOCOLS),
}

/// The Point-to-Point Protocol.
pub struct Ppp;

impl Protocol for Ppp {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 1661", "RFC 1662"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[
            Claim::Link(9),
            Claim::Link(50),
            Claim::Link(166),
            Claim::Link(204),
            Claim::EtherType(0x880b),
        ]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        Some(describe(part, found, walk))
    }
}

/// The address that HDLC's framing begins with: all stations (RFC 1662, section 3.1).
const ALL_STATIONS: u64 = 0xff;

/// The addresses of Cisco's HDLC, which a line may turn out to speak.
const CISCO: [u64; 2] = [0x0f, 0x8f];

fn describe<'a>(part: Part<'a>, found: Found, walk: &mut Walk<'_>) -> Next<'a> {
    let has_direction = matches!(found.claim, Claim::Link(166 | 204));
    let start = usize::from(has_direction);
    let framed = part.number(start, 1);
    if matches!(found.claim, Claim::Link(_)) && framed.is_some_and(|byte| CISCO.contains(&byte)) {
        return Next::claimed(Claim::Link(104), part.after(start));
    }
    let at = if framed == Some(ALL_STATIONS) { start + 2 } else { start };
    // A number may be cut to its lower byte, which then is the first one that is odd.
    let is_short = part.number(at, 1).is_some_and(|byte| byte & 1 == 1);
    let len = if is_short { 1 } else { 2 };
    walk.plain_group(part.place(0, at + len), PROTO);
    if has_direction {
        walk.tell(&part, 0, 1, DIRECTION);
    }
    if at > start {
        walk.tell(&part, start, 1, ADDRESS);
        walk.tell(&part, start + 1, 1, CONTROL);
    }
    walk.tell(&part, at, len, PROTOCOL);
    let next = match part.number(at, len) {
        Some(number) => {
            if let Some(name) = PROTOCOL.def().name_of(number) {
                walk.summary(format_args!("PPP {name}"));
            }
            Next::claimed(Claim::Ppp(number as u16), part.after(at + len))
        }
        None => {
            walk.stop(&part, "PPP", format_args!("the protocol's number is missing"));
            walk.summary(format_args!("PPP, cut"));
            Next::Nothing
        }
    };
    walk.close();
    next
}
