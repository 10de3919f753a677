//! NFLOG: packets as Linux' firewall logs them, behind what it says of each.
//!
//! ```text
//!   family │ version │ resource (2) │ { length (2) │ type (2) │ value │ filling to 4 } …
//! ```
//!
//! Lengths and types are in the byte order of the host that captured.

use etherparse::EtherType;

use crate::field::{FieldDef, FieldId, Names, Value};
use crate::fields;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};
use crate::sink::Severity;

const TLVS: Names = &[
    (1, "NFULA_PACKET_HDR"),
    (2, "NFULA_MARK"),
    (3, "NFULA_TIMESTAMP"),
    (4, "NFULA_IFINDEX_INDEV"),
    (5, "NFULA_IFINDEX_OUTDEV"),
    (6, "NFULA_IFINDEX_PHYSINDEV"),
    (7, "NFULA_IFINDEX_PHYSOUTDEV"),
    (8, "NFULA_HWADDR"),
    (9, "NFULA_PAYLOAD"),
    (10, "NFULA_PREFIX"),
    (11, "NFULA_UID"),
    (12, "NFULA_SEQ"),
    (13, "NFULA_SEQ_GLOBAL"),
    (14, "NFULA_GID"),
    (15, "NFULA_HWTYPE"),
    (16, "NFULA_HWHEADER"),
    (17, "NFULA_HWLEN"),
];

fields! { "nflog", "NFLOG";
    PROTO = FieldDef::group("nflog", "Linux Netfilter NFLOG"),
    FAMILY = FieldDef::u8("nflog.family", "Family").names(&[(2, "IPv4"), (10, "IPv6")]),
    VERSION = FieldDef::u8("nflog.version", "Version"),
    RESOURCE = FieldDef::u16("nflog.res_id", "Resource id"),
    TLV = FieldDef::group("nflog.tlv", "TLV"),
    TLV_LEN = FieldDef::u16("nflog.tlv_length", "Length").computed(),
    TLV_TYPE = FieldDef::u16("nflog.tlv_type", "Type").computed().names(TLVS),
    PROTOCOL = FieldDef::u16("nflog.protocol", "HW protocol").hex(),
    HOOK = FieldDef::u8("nflog.hook", "Netfilter hook"),
    IN = FieldDef::u32("nflog.ifindex_indev", "IFINDEX_INDEV"),
    OUT = FieldDef::u32("nflog.ifindex_outdev", "IFINDEX_OUTDEV"),
    PREFIX = FieldDef::text("nflog.prefix", "Prefix"),
}

/// Linux' firewall log.
pub struct Nflog;

impl Protocol for Nflog {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::Link(239)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        Some(describe(part, walk))
    }
}

/// Lengths of the head, and of that of a TLV.
const HEAD: usize = 4;

/// The TLV that holds the packet.
const PAYLOAD: u64 = 9;

fn describe<'a>(part: Part<'a>, walk: &mut Walk<'_>) -> Next<'a> {
    walk.plain_group(part.span, PROTO);
    walk.tell(&part, 0, 1, FAMILY);
    walk.tell(&part, 1, 1, VERSION);
    walk.tell(&part, 2, 2, RESOURCE);
    let packet = tlvs(part.after(HEAD), walk);
    walk.close();
    match (packet, part.number(0, 1)) {
        (Some(packet), Some(2)) => Next::ether(EtherType::IPV4, packet),
        (Some(packet), Some(10)) => Next::ether(EtherType::IPV6, packet),
        (Some(packet), Some(family)) => {
            walk.unread(format_args!("NFLOG, family {family}, {} bytes", packet.wire));
            Next::Nothing
        }
        _ => {
            walk.summary(format_args!("NFLOG"));
            Next::Nothing
        }
    }
}

/// Tells what the firewall says of the packet; returns the packet.
fn tlvs<'a>(mut rest: Part<'a>, walk: &mut Walk<'_>) -> Option<Part<'a>> {
    // The first length is small in the order that was written.
    let is_big = rest.number(0, 2)? < rest.little(0, 2)?;
    let read = |part: &Part<'_>, at| if is_big { part.number(at, 2) } else { part.little(at, 2) };
    let mut packet = None;
    while let (Some(len), Some(kind)) = (read(&rest, 0), read(&rest, 2)) {
        let (len, kind) = (len as usize, kind & 0x7fff);
        if len < HEAD || len > rest.wire {
            let text = format_args!("A TLV claims {len} bytes, and {} are left", rest.wire);
            walk.note(Severity::Broken, rest.place(0, 2), text);
            break;
        }
        walk.plain_group(rest.place(0, len), TLV);
        walk.work_out(TLV_LEN, Value::Unsigned(len as u64), rest.place(0, 2));
        walk.work_out(TLV_TYPE, Value::Unsigned(kind), rest.place(2, 2));
        let value = rest.after(HEAD).upto(len - HEAD);
        match kind {
            1 => {
                walk.tell(&value, 0, 2, PROTOCOL);
                walk.tell(&value, 2, 1, HOOK);
            }
            4 => walk.tell(&value, 0, 4, IN),
            5 => walk.tell(&value, 0, 4, OUT),
            PAYLOAD => packet = Some(value),
            10 => walk.tell(&value, 0, value.bytes.len().saturating_sub(1), PREFIX),
            _ => {}
        }
        walk.close();
        rest = rest.after(len.next_multiple_of(HEAD));
    }
    packet
}
