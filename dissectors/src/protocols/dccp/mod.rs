//! DCCP (RFC 4340): datagrams with congestion control, by their headers; no session reads them.
//!
//! ```text
//!   ports ×4 │ data's offset │ CCVal, coverage │ checksum ×2 │ type, X │ sequence (3, or 0 and 6)
//!   acknowledgement (0 and 3, or 0 ×2 and 6) but of Request and Data │ service or reason │ options
//! ```

use crate::field::{FieldDef, FieldId, Names};
use crate::fields;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};

/// RFC 4340, section 5.1.
const TYPES: Names = &[
    (0, "Request"),
    (1, "Response"),
    (2, "Data"),
    (3, "Ack"),
    (4, "DataAck"),
    (5, "CloseReq"),
    (6, "Close"),
    (7, "Reset"),
    (8, "Sync"),
    (9, "SyncAck"),
];

fields! { "dccp", "DCCP";
    PROTO = FieldDef::group("dccp", "Datagram Congestion Control Protocol"),
    SOURCE = FieldDef::u16("dccp.srcport", "Source Port"),
    DESTINATION = FieldDef::u16("dccp.dstport", "Destination Port"),
    PORT = FieldDef::u16("dccp.port", "Source or Destination Port").hidden(),
    OFFSET = FieldDef::u8("dccp.data_offset", "Data Offset"),
    CCVAL = FieldDef::u8("dccp.ccval", "CCVal").mask(0xf0),
    COVERAGE = FieldDef::u8("dccp.cscov", "Checksum Coverage").mask(0x0f),
    CHECKSUM = FieldDef::u16("dccp.checksum", "Checksum").hex(),
    TYPE = FieldDef::u8("dccp.type", "Type").mask(0x1e).names(TYPES),
    EXTENDED = FieldDef::flag("dccp.x", "Extended Sequence Numbers", 0x01),
    SEQUENCE = FieldDef::u64("dccp.seq_raw", "Sequence Number (raw)"),
    ACK = FieldDef::u64("dccp.ack_raw", "Acknowledgement Number (raw)"),
    SERVICE = FieldDef::u32("dccp.service_code", "Service Code"),
    RESET = FieldDef::u8("dccp.reset_code", "Reset Code"),
}

const REQUEST: u64 = 0;
const RESPONSE: u64 = 1;
const DATA: u64 = 2;
const RESET_TYPE: u64 = 7;

/// The Datagram Congestion Control Protocol.
pub struct Dccp;

impl Protocol for Dccp {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 4340"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::IpProtocol(33)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        let number = |at: usize, len: usize| part.number(at, len).unwrap_or_default();
        let (kind, is_extended) = (number(8, 1) >> 1 & 0x0f, number(8, 1) & 1 != 0);
        let (seq_at, width) = if is_extended { (10, 6) } else { (9, 3) };
        let behind = seq_at + width;
        let has_ack = !matches!(kind, REQUEST | DATA);
        let ack_at = behind + if is_extended { 2 } else { 1 };
        let more_at = if has_ack { ack_at + width } else { behind };
        let claimed = number(4, 1) as usize * 4;
        walk.plain_group(part.upto(claimed.max(more_at)).span, PROTO);
        for (at, len, field) in [
            (0, 2, SOURCE),
            (2, 2, DESTINATION),
            (0, 2, PORT),
            (2, 2, PORT),
            (4, 1, OFFSET),
            (5, 1, CCVAL),
            (5, 1, COVERAGE),
            (6, 2, CHECKSUM),
            (8, 1, TYPE),
            (8, 1, EXTENDED),
            (seq_at, width, SEQUENCE),
        ] {
            walk.tell(&part, at, len, field);
        }
        if has_ack {
            walk.tell(&part, ack_at, width, ACK);
        }
        match kind {
            REQUEST | RESPONSE => walk.tell(&part, more_at, 4, SERVICE),
            RESET_TYPE => walk.tell(&part, more_at, 1, RESET),
            _ => {}
        }
        if part.get(0, more_at).is_none() || claimed < more_at || claimed > part.wire {
            walk.stop(&part, "DCCP", format_args!("a header does not take {claimed} bytes"));
        }
        walk.close();
        let name = TYPE.def().name_of(kind).unwrap_or("Reserved");
        let (source, destination, seq) = (number(0, 2), number(2, 2), number(seq_at, width));
        walk.summary(format_args!("{source} → {destination} [{name}] Seq={seq}"));
        Some(Next::Nothing)
    }
}
