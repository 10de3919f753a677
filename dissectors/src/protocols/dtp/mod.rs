//! DTP: ports of Cisco's switches agree on whether their link carries several VLANs. No document of
//! its maker describes it; it is read as Wireshark does.
//!
//! ```text
//!   version │ type ×2 │ length ×2 │ value …
//! ```

use crate::field::{FieldDef, FieldId, Kind, Names};
use crate::fields;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};
use crate::sink::Severity;

const TLVS: Names = &[
    (DOMAIN_NAME, "Domain"),
    (STATUS, "Trunk Status"),
    (KIND, "Trunk Type"),
    (SENDER, "Sender ID"),
];
const OPERATING: Names = &[(0, "Access"), (1, "Trunk")];
const WANTED: Names = &[(1, "On"), (2, "Off"), (3, "Desirable"), (4, "Auto")];
const TAGS: Names = &[(0, "Negotiated"), (1, "Native"), (2, "ISL"), (5, "802.1Q")];

fields! { "dtp", "DTP";
    PROTO = FieldDef::group("dtp", "Dynamic Trunk Protocol"),
    VERSION = FieldDef::u8("dtp.version", "Version"),
    TLV = FieldDef::group("dtp.tlv", "TLV"),
    TYPE = FieldDef::u16("dtp.tlv_type", "Type").hex().names(TLVS),
    LEN = FieldDef::u16("dtp.tlv_len", "Length"),
    DOMAIN = FieldDef::text("dtp.domain", "Domain"),
    OPERATING_STATUS = FieldDef::u8("dtp.tos", "Trunk Operating Status").hex().mask(0x80)
        .names(OPERATING),
    WANTED_STATUS = FieldDef::u8("dtp.tas", "Trunk Administrative Status").hex().mask(0x07)
        .names(WANTED),
    OPERATING_TYPE = FieldDef::u8("dtp.tot", "Trunk Operating Type").hex().mask(0xe0).names(TAGS),
    WANTED_TYPE = FieldDef::u8("dtp.tat", "Trunk Administrative Type").hex().mask(0x07)
        .names(TAGS),
    SENDER_ID = FieldDef::of("dtp.senderid", "Sender ID", Kind::Ether),
}

/// The types of values.
const DOMAIN_NAME: u64 = 1;
const STATUS: u64 = 2;
const KIND: u64 = 3;
const SENDER: u64 = 4;

/// Length of a TLV's head.
const HEAD: usize = 4;

/// The Dynamic Trunk Protocol.
pub struct Dtp;

impl Protocol for Dtp {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::Snap(0x00_000c, 0x2004)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        walk.plain_group(part.span, PROTO);
        walk.tell(&part, 0, 1, VERSION);
        let status = tlvs(part.after(1), walk);
        walk.close();
        let name = |field: FieldId, bits: u64| field.def().name_of(bits).unwrap_or("Unknown");
        match status {
            Some(status) => walk.summary(format_args!(
                "{}, set to {}",
                name(OPERATING_STATUS, status >> 7),
                name(WANTED_STATUS, status & 0x07)
            )),
            None => walk.summary(format_args!("DTP")),
        }
        Some(Next::Nothing)
    }
}

/// Tells what follows the version; the status of the port.
fn tlvs(mut rest: Part<'_>, walk: &mut Walk<'_>) -> Option<u64> {
    let mut status = None;
    while let (Some(kind), Some(len)) = (rest.number(0, 2), rest.number(2, 2)) {
        let len = len as usize;
        if len < HEAD || len > rest.wire {
            let text = format_args!("A TLV claims {len} bytes, and {} are left", rest.wire);
            walk.note(Severity::Broken, rest.place(2, 2), text);
            break;
        }
        let value = rest.upto(len).after(HEAD);
        walk.plain_group(rest.place(0, len), TLV);
        walk.tell(&rest, 0, 2, TYPE);
        walk.tell(&rest, 2, 2, LEN);
        match kind {
            DOMAIN_NAME => {
                let len = memchr::memchr(0, value.bytes).unwrap_or(value.bytes.len());
                walk.tell(&value, 0, len, DOMAIN);
            }
            STATUS => {
                status = value.number(0, 1);
                walk.tell(&value, 0, 1, OPERATING_STATUS);
                walk.tell(&value, 0, 1, WANTED_STATUS);
            }
            KIND => {
                walk.tell(&value, 0, 1, OPERATING_TYPE);
                walk.tell(&value, 0, 1, WANTED_TYPE);
            }
            SENDER => walk.tell(&value, 0, 6, SENDER_ID),
            _ => {}
        }
        walk.close();
        rest = rest.after(len);
    }
    status
}
