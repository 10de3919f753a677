//! IGMP (RFC 9776 and before): which groups a host listens to on its link.

use crate::field::{FieldDef, FieldId, Kind, Names, Value};
use crate::fields;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};

const TYPES: Names = &[
    (0x11, "Membership Query"),
    (0x12, "Membership Report"),
    (0x13, "DVMRP Protocol"),
    (0x14, "PIM Protocol"),
    (0x16, "Membership Report"),
    (0x17, "Leave Group"),
    (0x22, "Membership Report"),
];

const RECORDS: Names = &[
    (1, "Mode Is Include"),
    (2, "Mode Is Exclude"),
    (3, "Change To Include Mode"),
    (4, "Change To Exclude Mode"),
    (5, "Allow New Sources"),
    (6, "Block Old Sources"),
];

fields! { "igmp", "IGMP";
    PROTO = FieldDef::group("igmp", "Internet Group Management Protocol"),
    VERSION = FieldDef::u8("igmp.version", "IGMP Version").computed(),
    TYPE = FieldDef::u8("igmp.type", "Type").hex().names(TYPES),
    MAX_RESP = FieldDef::u8("igmp.max_resp", "Max Response Time"),
    CHECKSUM = FieldDef::u16("igmp.checksum", "Checksum").hex(),
    MADDR = FieldDef::of("igmp.maddr", "Multicast Address", Kind::Ipv4),
    RECORD_COUNT = FieldDef::u16("igmp.num_grp_recs", "Group Records"),
    RECORD = FieldDef::group("igmp.group_record", "Group Record"),
    RECORD_TYPE = FieldDef::u8("igmp.record_type", "Record Type").names(RECORDS),
    AUX_LEN = FieldDef::u8("igmp.aux_data_len", "Aux Data Length"),
    SOURCE_COUNT = FieldDef::u16("igmp.num_src", "Sources"),
    SADDR = FieldDef::of("igmp.saddr", "Source Address", Kind::Ipv4),
}

/// The Internet Group Management Protocol.
pub struct Igmp;

impl Protocol for Igmp {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 9776", "RFC 2236", "RFC 1112"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::IpProtocol(2)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        Some(describe(part, walk))
    }
}

/// Length of a message of version 1 or 2, and of the head of those of version 3.
const LEN: usize = 8;

/// Length of a group record before its sources.
const RECORD_LEN: usize = 8;

const QUERY: u64 = 0x11;
const REPORT_3: u64 = 0x22;

fn describe<'a>(part: Part<'a>, walk: &mut Walk<'_>) -> Next<'a> {
    walk.plain_group(part.span, PROTO);
    let (kind, response) = (part.number(0, 1).unwrap_or_default(), part.number(1, 1));
    // A query says its version by its length, and the first one waits for no time (RFC 9776,
    // section 7.1).
    let version = match (kind, response) {
        (QUERY, _) if part.wire > LEN => Some(3),
        (QUERY, Some(0)) | (0x12, _) => Some(1),
        (QUERY | 0x16 | 0x17, _) => Some(2),
        (REPORT_3, _) => Some(3),
        _ => None,
    };
    if let Some(version) = version {
        walk.work_out(VERSION, Value::Unsigned(version), part.place(0, 1));
    }
    walk.tell(&part, 0, 1, TYPE);
    if kind != REPORT_3 {
        walk.tell(&part, 1, 1, MAX_RESP);
    }
    walk.tell(&part, 2, 2, CHECKSUM);
    if kind == REPORT_3 {
        walk.tell(&part, 6, 2, RECORD_COUNT);
        records(&part, walk);
    } else {
        walk.tell(&part, 4, 4, MADDR);
        if version == Some(3) {
            walk.tell(&part, 10, 2, SOURCE_COUNT);
            sources(&part, 12, part.number(10, 2), walk);
        }
    }
    let name = TYPE.def().name_of(kind).unwrap_or("Unknown Type");
    match part.array::<4>(4).map(std::net::Ipv4Addr::from) {
        Some(group) if matches!(kind, QUERY | 0x12 | 0x16 | 0x17) => {
            walk.summary(format_args!("{name}, group {group}"));
        }
        _ => walk.summary(format_args!("{name}")),
    }
    if part.get(0, LEN).is_none() {
        walk.stop(&part, "IGMP", format_args!("a message takes {LEN} bytes"));
    }
    walk.close();
    Next::Nothing
}

/// Tells the group records of a report, as many as it counts and holds.
fn records(part: &Part<'_>, walk: &mut Walk<'_>) {
    let mut rest = part.after(LEN);
    for _ in 0..part.number(6, 2).unwrap_or_default() {
        let (Some(aux), Some(count)) = (rest.number(1, 1), rest.number(2, 2)) else { return };
        let len = RECORD_LEN + 4 * count as usize + 4 * aux as usize;
        walk.plain_group(rest.place(0, len), RECORD);
        walk.tell(&rest, 0, 1, RECORD_TYPE);
        walk.tell(&rest, 1, 1, AUX_LEN);
        walk.tell(&rest, 2, 2, SOURCE_COUNT);
        walk.tell(&rest, 4, 4, MADDR);
        sources(&rest, RECORD_LEN, Some(count), walk);
        walk.close();
        rest = rest.after(len);
    }
}

fn sources(part: &Part<'_>, start: usize, count: Option<u64>, walk: &mut Walk<'_>) {
    let held = part.bytes.len().saturating_sub(start) / 4;
    for index in 0..held.min(count.unwrap_or_default() as usize) {
        walk.tell(part, start + 4 * index, 4, SADDR);
    }
}
