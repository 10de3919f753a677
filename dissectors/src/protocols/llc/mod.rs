//! LLC (IEEE 802.2), which 802.3 and others carry where no EtherType stands, and SNAP behind it.
//!
//! ```text
//!   DSAP │ SSAP │ control (1 or 2) │ …            by access point
//!   aa   │ aa   │ 03 │ owner (3) │ number (2) │ … SNAP: by the owner's number, or EtherType
//! ```

use crate::field::{FieldDef, FieldId, Names};
use crate::fields;
use crate::headers::names::ETHER_TYPES;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};

const ACCESS_POINTS: Names = &[
    (0x00, "NULL LSAP"),
    (0x06, "TCP/IP"),
    (0x42, "Spanning Tree BPDU"),
    (0xaa, "SNAP"),
    (0xe0, "NetWare"),
    (0xf0, "NetBIOS"),
    (0xfe, "ISO Network Layer"),
    (0xff, "Global LSAP"),
];

const OWNERS: Names =
    &[(0x00_0000, "Encapsulated Ethernet"), (0x00_000c, "Cisco"), (0x00_80c2, "IEEE 802.1")];

const COMMANDS: Names = &[
    (0x00, "Unnumbered Information"),
    (0x1b, "Set Asynchronous Balanced Mode Extended"),
    (0x2b, "Exchange identification"),
    (0x38, "Test"),
];

const RESPONSES: Names = &[
    (0x00, "Unnumbered Information"),
    (0x18, "Unnumbered Acknowledge"),
    (0x2b, "Exchange identification"),
    (0x38, "Test"),
];

const FRAMES: Names =
    &[(0, "Information frame"), (1, "Supervisory frame"), (3, "Unnumbered frame")];

fields! { "llc", "LLC";
    PROTO = FieldDef::group("llc", "Logical-Link Control"),
    DSAP = FieldDef::u8("llc.dsap", "DSAP").hex().names(ACCESS_POINTS),
    DSAP_SAP = FieldDef::u8("llc.dsap.sap", "SAP").mask(0xfe),
    DSAP_IG = FieldDef::flag("llc.dsap.ig", "Group address", 0x01),
    SSAP = FieldDef::u8("llc.ssap", "SSAP").hex().names(ACCESS_POINTS),
    SSAP_SAP = FieldDef::u8("llc.ssap.sap", "SAP").mask(0xfe),
    SSAP_CR = FieldDef::flag("llc.ssap.cr", "Response", 0x01),
    CONTROL = FieldDef::u16("llc.control", "Control").hex(),
    CONTROL_P = FieldDef::flag("llc.control.p", "Poll", 0x10),
    CONTROL_F = FieldDef::flag("llc.control.f", "Final", 0x10),
    COMMAND = FieldDef::u8("llc.control.u_modifier_cmd", "Command").hex().mask(0xec)
        .names(COMMANDS),
    RESPONSE = FieldDef::u8("llc.control.u_modifier_resp", "Response").hex().mask(0xec)
        .names(RESPONSES),
    FTYPE = FieldDef::u16("llc.control.ftype", "Frame type").hex().mask(0x03).names(FRAMES),
    OUI = FieldDef::u24("llc.oui", "Organization Code").names(OWNERS),
    TYPE = FieldDef::u16("llc.type", "Type").hex().names(ETHER_TYPES),
    PID = FieldDef::u16("llc.pid", "Protocol ID").hex(),
}

/// Logical link control.
pub struct Llc;

impl Protocol for Llc {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["IEEE 802.2", "IEEE 802"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        Some(describe(part, walk))
    }
}

/// The access point that SNAP stands behind, on both sides.
const SNAP: u64 = 0xaa;

/// The control byte of a frame that stands alone.
const ALONE: u64 = 0x03;

/// Novell's oldest frames have no LLC: a checksum of ones stands where the access points would.
const NO_LLC: u64 = 0xffff;

/// Owners whose numbers are EtherTypes: none (RFC 1042), and the bridges' for the same.
const OF_ETHER_TYPES: [u64; 2] = [0, 0x00_00f8];

fn describe<'a>(part: Part<'a>, walk: &mut Walk<'_>) -> Next<'a> {
    const IPX: u16 = 0x8137;
    if part.number(0, 2) == Some(NO_LLC) {
        return Next::claimed(Claim::EtherType(IPX), part);
    }
    let control = part.number(2, 1);
    let is_unnumbered = control.is_some_and(|control| control & 0x03 == 0x03);
    let is_snap = part.number(0, 3) == Some(SNAP << 16 | SNAP << 8 | ALONE);
    let len = match (is_snap, is_unnumbered) {
        (true, _) => 8,
        (false, true) => 3,
        (false, false) => 4,
    };
    walk.plain_group(part.place(0, len), PROTO);
    walk.open(&part, 0, 1, DSAP);
    walk.tell(&part, 0, 1, DSAP_SAP);
    walk.tell(&part, 0, 1, DSAP_IG);
    walk.close();
    walk.open(&part, 1, 1, SSAP);
    walk.tell(&part, 1, 1, SSAP_SAP);
    walk.tell(&part, 1, 1, SSAP_CR);
    walk.close();
    if is_unnumbered {
        unnumbered(&part, walk);
    } else {
        walk.tell(&part, 2, 2, CONTROL);
    }
    let next = if part.get(0, len).is_none() {
        walk.stop(&part, "LLC", format_args!("it takes {len} bytes"));
        walk.summary(format_args!("LLC, cut"));
        Next::Nothing
    } else if is_snap {
        snap(&part, walk)
    } else {
        by_access_point(&part, len, control, walk)
    };
    walk.close();
    next
}

/// Tells the control byte of an unnumbered frame.
fn unnumbered(part: &Part<'_>, walk: &mut Walk<'_>) {
    let is_response = part.number(1, 1).is_some_and(|ssap| ssap & 1 == 1);
    let (modifier, last) = if is_response { (RESPONSE, CONTROL_F) } else { (COMMAND, CONTROL_P) };
    walk.open(part, 2, 1, CONTROL);
    if part.number(2, 1).is_some_and(|control| control & 0x10 != 0) {
        walk.tell(part, 2, 1, last);
    }
    walk.tell(part, 2, 1, modifier);
    walk.tell(part, 2, 1, FTYPE);
    walk.close();
}

/// What the owner's number names.
fn snap<'a>(part: &Part<'a>, walk: &mut Walk<'_>) -> Next<'a> {
    let owner = part.number(3, 3).unwrap_or_default();
    let number = part.number(6, 2).unwrap_or_default() as u16;
    let rest = part.after(8);
    walk.tell(part, 3, 3, OUI);
    if OF_ETHER_TYPES.contains(&owner) {
        walk.tell(part, 6, 2, TYPE);
        Next::claimed(Claim::EtherType(number), rest)
    } else {
        walk.tell(part, 6, 2, PID);
        Next::claimed(Claim::Snap(owner as u32, number), rest)
    }
}

/// What the destination's access point names, where the frame carries data.
fn by_access_point<'a>(
    part: &Part<'a>,
    len: usize,
    control: Option<u64>,
    walk: &mut Walk<'_>,
) -> Next<'a> {
    let dsap = part.number(0, 1).unwrap_or_default();
    let rest = part.after(len);
    let carries = control.is_some_and(|control| control == ALONE || control & 1 == 0);
    if carries && rest.wire > 0 {
        return Next::claimed(Claim::Sap(dsap as u8), rest);
    }
    match DSAP.def().name_of(dsap) {
        Some(name) => walk.summary(format_args!("LLC to {name}")),
        None => walk.summary(format_args!("LLC to access point 0x{dsap:02x}")),
    }
    Next::Nothing
}
