//! Generic Routing Encapsulation (RFC 2784, RFC 2890; version 1: RFC 2637): any protocol that has
//! an EtherType, inside IP.

mod fields;

use etherparse::EtherType;

use crate::field::{FieldDef, FieldId};
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};

pub use fields::*;

/// Generic Routing Encapsulation.
pub struct Gre;

impl Protocol for Gre {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 2784", "RFC 2890", "RFC 2637"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::IpProtocol(47)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        let text = format_args!("Protocol Type: 0x{:04x}", part.number(2, 2).unwrap_or(0));
        let len = len(&part);
        walk.group(&part, len.unwrap_or(part.bytes.len()), PROTO, text);
        let next = describe(&part, len, walk);
        walk.close();
        Some(next)
    }
}

/// A checksum, and an offset beside it, are there.
const CHECKSUM_BIT: u64 = 0x8000;
/// Routing entries are there, and so are the checksum and the offset.
const ROUTING_BIT: u64 = 0x4000;
const KEY_BIT: u64 = 0x2000;
const SEQUENCE_BIT: u64 = 0x1000;
/// Of version 1: an acknowledgement is there.
const ACK_BIT: u64 = 0x0080;
const VERSION_BITS: u64 = 0x0007;

/// Ethernet frames.
const BRIDGED: u16 = 0x6558;
/// Mirrored Ethernet frames, with a header of their own where GRE numbers them.
const MIRRORED: u16 = 0x88be;
/// Frames of 802.11 that Aruba's access points send to their controller: a number for each radio.
const ARUBA_FIRST: u16 = 0x8200;
const ARUBA_LAST: u16 = 0x8370;
/// What a router redirects to a web cache, with a header or without.
const REDIRECTED: u16 = 0x883e;

/// The length of the header, where all that tells it was kept.
fn len(part: &Part<'_>) -> Option<usize> {
    let bits = part.number(0, 2)?;
    let of = |bit: u64| if bits & bit == 0 { 0 } else { 4 };
    let is_enhanced = bits & VERSION_BITS == 1;
    let mut at = 4 + of(CHECKSUM_BIT | ROUTING_BIT) + of(KEY_BIT) + of(SEQUENCE_BIT);
    at += if is_enhanced { of(ACK_BIT) } else { 0 };
    if bits & ROUTING_BIT != 0 {
        // Entries follow, up to an empty one (RFC 1701).
        for _ in 0..crate::limits::MAX_HEADERS {
            let (family, len) = (part.number(at, 2)?, part.number(at + 3, 1)?);
            at += 4 + len as usize;
            if (family, len) == (0, 0) {
                return Some(at);
            }
        }
    }
    Some(at)
}

fn describe<'a>(part: &Part<'a>, len: Option<usize>, walk: &mut Walk<'_>) -> Next<'a> {
    let bits = part.number(0, 2).unwrap_or(0);
    let has = |bit| bits & bit != 0;
    let is_enhanced = bits & VERSION_BITS == 1;
    walk.open(part, 0, 2, FLAGS);
    for field in [FLAG_CHECKSUM, FLAG_ROUTING, FLAG_KEY, FLAG_SEQUENCE, FLAG_STRICT, RECURSION] {
        walk.tell(part, 0, 2, field);
    }
    walk.tell(part, 0, 2, if is_enhanced { FLAG_ACK } else { FLAG_RESERVED });
    walk.tell(part, 0, 2, VERSION);
    walk.close();
    walk.tell(part, 2, 2, PROTOCOL);
    let mut at = 4;
    if has(CHECKSUM_BIT | ROUTING_BIT) {
        walk.tell(part, at, 2, CHECKSUM);
        walk.tell(part, at + 2, 2, OFFSET);
        at += 4;
    }
    if has(KEY_BIT) {
        if is_enhanced {
            walk.tell(part, at, 2, KEY_LENGTH);
            walk.tell(part, at + 2, 2, KEY_CALL);
        } else {
            walk.tell(part, at, 4, KEY);
        }
        at += 4;
    }
    if has(SEQUENCE_BIT) {
        walk.tell(part, at, 4, SEQUENCE);
        at += 4;
    }
    if is_enhanced && has(ACK_BIT) {
        walk.tell(part, at, 4, ACK);
    }
    let Some((number, len)) = part.number(2, 2).zip(len.filter(|len| *len <= part.bytes.len()))
    else {
        walk.stop(part, "GRE", format_args!("it claims more bytes than there are"));
        walk.summary(format_args!("GRE, not readable"));
        return Next::Nothing;
    };
    let (number, behind) = (number as u16, part.after(len));
    walk.summary(format_args!("Encapsulated 0x{number:04x}"));
    match number {
        // Version 1 acknowledges without sending anything.
        _ if behind.wire == 0 => Next::Nothing,
        MIRRORED if !has(SEQUENCE_BIT) => Next::ether(EtherType(BRIDGED), behind),
        REDIRECTED => {
            // Whether the header is there shows in what would be the packet's version.
            let is_packet = behind.number(0, 1).is_some_and(|byte| byte >> 4 == 4);
            Next::ether(EtherType::IPV4, behind.after(if is_packet { 0 } else { 4 }))
        }
        ARUBA_FIRST..=ARUBA_LAST if number & 0x000f == 0 => Next::claimed(Claim::Link(105), behind),
        _ => Next::ether(EtherType(number), behind),
    }
}
