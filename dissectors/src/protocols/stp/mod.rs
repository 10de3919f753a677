//! STP and its successors (IEEE 802.1D, 802.1Q): bridges agree on a tree, so that no frame goes
//! round in circles.

use crate::field::{FieldDef, FieldId, Kind, Names, Value};
use crate::fields;
use crate::headers::names::Address;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};

const VERSIONS: Names =
    &[(0, "Spanning Tree"), (2, "Rapid Spanning Tree"), (3, "Multiple Spanning Tree"), (4, "SPT")];

const TYPES: Names = &[
    (0x00, "Configuration"),
    (0x02, "Rapid/Multiple Spanning Tree"),
    (0x80, "Topology Change Notification"),
];

fields! { "stp", "STP";
    PROTO = FieldDef::group("stp", "Spanning Tree Protocol"),
    PROTOCOL = FieldDef::u16("stp.protocol", "Protocol Identifier").hex(),
    VERSION = FieldDef::u8("stp.version", "Protocol Version Identifier").names(VERSIONS),
    TYPE = FieldDef::u8("stp.type", "BPDU Type").hex().names(TYPES),
    FLAGS = FieldDef::u8("stp.flags", "BPDU flags").hex(),
    FLAG_TCACK = FieldDef::flag("stp.flags.tcack", "Topology Change Acknowledgment", 0x80),
    FLAG_TC = FieldDef::flag("stp.flags.tc", "Topology Change", 0x01),
    ROOT_PRIO = FieldDef::u16("stp.root.prio", "Root Bridge Priority").computed(),
    ROOT_EXT = FieldDef::u16("stp.root.ext", "Root Bridge System ID Extension").mask(0x0fff),
    ROOT_HW = FieldDef::of("stp.root.hw", "Root Bridge System ID", Kind::Ether),
    ROOT_COST = FieldDef::u32("stp.root.cost", "Root Path Cost"),
    BRIDGE_PRIO = FieldDef::u16("stp.bridge.prio", "Bridge Priority").computed(),
    BRIDGE_EXT = FieldDef::u16("stp.bridge.ext", "Bridge System ID Extension").mask(0x0fff),
    BRIDGE_HW = FieldDef::of("stp.bridge.hw", "Bridge System ID", Kind::Ether),
    PORT = FieldDef::u16("stp.port", "Port identifier").hex(),
    MSG_AGE = FieldDef::u16("stp.msg_age", "Message Age").computed(),
    MAX_AGE = FieldDef::u16("stp.max_age", "Max Age").computed(),
    HELLO = FieldDef::u16("stp.hello", "Hello Time").computed(),
    FORWARD = FieldDef::u16("stp.forward", "Forward Delay").computed(),
}

/// The Spanning Tree Protocol.
pub struct Stp;

impl Protocol for Stp {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["IEEE 802.1D", "IEEE 802.1Q"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::Sap(0x42), Claim::Snap(0x00_000c, 0x010b)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        Some(describe(part, walk))
    }
}

/// Length of the part that a notice of a change has, and of a whole configuration.
const HEAD: usize = 4;
const LEN: usize = 35;

/// A notice of a change: no more than the head.
const NOTICE: u64 = 0x80;

/// Times are counted in units of 1/256 s (IEEE 802.1D, clause 9.2.8).
const TICKS: u64 = 256;

fn describe<'a>(part: Part<'a>, walk: &mut Walk<'_>) -> Next<'a> {
    let kind = part.number(3, 1);
    let len = if kind == Some(NOTICE) { HEAD } else { LEN };
    walk.plain_group(part.place(0, len), PROTO);
    walk.tell(&part, 0, 2, PROTOCOL);
    walk.tell(&part, 2, 1, VERSION);
    walk.tell(&part, 3, 1, TYPE);
    if kind == Some(NOTICE) {
        walk.summary(format_args!("Topology Change Notification"));
    } else {
        configuration(&part, walk);
    }
    if part.get(0, len).is_none() {
        walk.stop(&part, "STP", format_args!("it takes {len} bytes"));
    }
    walk.close();
    Next::Nothing
}

fn configuration(part: &Part<'_>, walk: &mut Walk<'_>) {
    walk.open(part, 4, 1, FLAGS);
    walk.tell(part, 4, 1, FLAG_TCACK);
    walk.tell(part, 4, 1, FLAG_TC);
    walk.close();
    bridge(part, 5, [ROOT_PRIO, ROOT_EXT, ROOT_HW], walk);
    walk.tell(part, 13, 4, ROOT_COST);
    bridge(part, 17, [BRIDGE_PRIO, BRIDGE_EXT, BRIDGE_HW], walk);
    walk.tell(part, 25, 2, PORT);
    for (at, field) in [(27, MSG_AGE), (29, MAX_AGE), (31, HELLO), (33, FORWARD)] {
        if let Some(time) = part.number(at, 2) {
            walk.work_out(field, Value::Unsigned(time / TICKS), part.place(at, 2));
        }
    }
    let root = Address(part.array(7).unwrap_or_default());
    let (priority, cost) = (priority(part, 5).unwrap_or_default(), part.number(13, 4));
    let (cost, port) = (cost.unwrap_or_default(), part.number(25, 2).unwrap_or_default());
    let extension = part.number(5, 2).unwrap_or_default() & 0x0fff;
    walk.summary(format_args!(
        "Root = {priority}/{extension}/{root}  Cost = {cost}  Port = 0x{port:04x}"
    ));
}

/// Tells which bridge: its priority, in its upper four bits, what extends that, and its address.
fn bridge(part: &Part<'_>, at: usize, fields: [FieldId; 3], walk: &mut Walk<'_>) {
    let [first, extension, address] = fields;
    if let Some(priority) = priority(part, at) {
        walk.work_out(first, Value::Unsigned(priority), part.place(at, 1));
    }
    walk.tell(part, at, 2, extension);
    walk.tell(part, at + 2, 6, address);
}

fn priority(part: &Part<'_>, at: usize) -> Option<u64> {
    part.number(at, 2).map(|number| number & 0xf000)
}
