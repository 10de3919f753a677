//! OSPF (RFC 2328, for IPv6 RFC 5340): routers tell each other the map of the network. Read as far
//! as the head of a packet.

use crate::field::{FieldDef, FieldId, Kind, Names};
use crate::fields;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};

const MESSAGES: Names = &[
    (1, "Hello Packet"),
    (2, "DB Description"),
    (3, "LS Request"),
    (4, "LS Update"),
    (5, "LS Acknowledge"),
];

fields! { "ospf", "OSPF";
    PROTO = FieldDef::group("ospf", "Open Shortest Path First"),
    VERSION = FieldDef::u8("ospf.version", "Version"),
    MSG = FieldDef::u8("ospf.msg", "Message Type").names(MESSAGES),
    LENGTH = FieldDef::u16("ospf.packet_length", "Packet Length"),
    ROUTER = FieldDef::of("ospf.srcrouter", "Source OSPF Router", Kind::Ipv4),
    AREA = FieldDef::of("ospf.area_id", "Area ID", Kind::Ipv4),
    CHECKSUM = FieldDef::u16("ospf.checksum", "Checksum").hex(),
    AUTH_TYPE = FieldDef::u16("ospf.auth.type", "Auth Type"),
    INSTANCE = FieldDef::u8("ospf.instance_id", "Instance ID"),
}

/// Open Shortest Path First.
pub struct Ospf;

impl Protocol for Ospf {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 2328", "RFC 5340"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::IpProtocol(89)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        Some(describe(part, walk))
    }
}

/// Length of what both versions have in common.
const LEN: usize = 14;

fn describe<'a>(part: Part<'a>, walk: &mut Walk<'_>) -> Next<'a> {
    walk.plain_group(part.span, PROTO);
    walk.tell(&part, 0, 1, VERSION);
    walk.tell(&part, 1, 1, MSG);
    walk.tell(&part, 2, 2, LENGTH);
    walk.tell(&part, 4, 4, ROUTER);
    walk.tell(&part, 8, 4, AREA);
    walk.tell(&part, 12, 2, CHECKSUM);
    match part.number(0, 1) {
        Some(2) => walk.tell(&part, 14, 2, AUTH_TYPE),
        Some(3) => walk.tell(&part, 14, 1, INSTANCE),
        _ => {}
    }
    match part.number(1, 1).and_then(|kind| MSG.def().name_of(kind)) {
        Some(name) => walk.summary(format_args!("{name}")),
        None => walk.summary(format_args!("OSPF, unknown message")),
    }
    if part.get(0, LEN).is_none() {
        walk.stop(&part, "OSPF", format_args!("it takes {LEN} bytes"));
    }
    walk.close();
    Next::Nothing
}
