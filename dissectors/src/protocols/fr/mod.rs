//! Frame Relay (RFC 2427, or with Cisco's types): packets on virtual circuits.
//!
//! ```text
//!   address (2) │ 03 │ protocol │ …                       RFC 2427
//!   address (2) │ 03 │ 00 │ 80 │ owner (3) │ number (2)   the same, with SNAP
//!   address (2) │ EtherType (2) │ …                       Cisco
//! ```

use etherparse::EtherType;

use crate::field::{FieldDef, FieldId, Names, Value};
use crate::fields;
use crate::headers::names::ETHER_TYPES;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};

/// Network layer protocol identifiers (ISO/IEC TR 9577).
const NLPIDS: Names = &[
    (0x08, "Q.933"),
    (0x80, "SNAP"),
    (0x81, "CLNP"),
    (0x82, "ESIS"),
    (0x83, "ISIS"),
    (0x8e, "IPv6"),
    (0xcc, "IPv4"),
    (0xcf, "PPP"),
];

fields! { "fr", "Frame Relay";
    PROTO = FieldDef::group("fr", "Frame Relay"),
    DLCI = FieldDef::u32("fr.dlci", "DLCI").computed(),
    CR = FieldDef::flag("fr.cr", "Command", 0x02),
    FECN = FieldDef::flag("fr.fecn", "FECN", 0x08),
    BECN = FieldDef::flag("fr.becn", "BECN", 0x04),
    DE = FieldDef::flag("fr.de", "Discard eligible", 0x02),
    CONTROL = FieldDef::u8("fr.control", "Control").hex(),
    NLPID = FieldDef::u8("fr.nlpid", "NLPID").hex().names(NLPIDS),
    SNAP_OUI = FieldDef::u24("fr.snap.oui", "Organization Code").hex(),
    SNAP_TYPE = FieldDef::u16("fr.snaptype", "Type").hex().names(ETHER_TYPES),
    SNAP_PID = FieldDef::u16("fr.snap.pid", "Protocol ID").hex(),
    CISCO_TYPE = FieldDef::u16("fr.chdlctype", "Type").hex().names(ETHER_TYPES),
}

/// Frame Relay.
pub struct Fr;

impl Protocol for Fr {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 2427"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::Link(107)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        Some(describe(part, walk))
    }
}

/// Length of the usual address.
const ADDRESS: usize = 2;

/// The control byte of a frame that stands alone.
const ALONE: u64 = 0x03;

/// The number of the bridges' organization, and its numbers for whole Ethernet frames.
const BRIDGES: u64 = 0x00_80c2;
const ETHERNET: [u64; 2] = [0x0001, 0x0007];

fn describe<'a>(part: Part<'a>, walk: &mut Walk<'_>) -> Next<'a> {
    walk.plain_group(part.place(0, ADDRESS + 2), PROTO);
    if let Some(address) = part.number(0, ADDRESS) {
        let circuit = (address >> 10) << 4 | address >> 4 & 0x0f;
        walk.work_out(DLCI, Value::Unsigned(circuit), part.place(0, ADDRESS));
    }
    walk.tell(&part, 0, 1, CR);
    walk.tell(&part, 1, 1, FECN);
    walk.tell(&part, 1, 1, BECN);
    walk.tell(&part, 1, 1, DE);
    let rest = part.after(ADDRESS);
    let next = match (rest.number(0, 1), rest.number(0, 2)) {
        (Some(ALONE), _) => by_nlpid(&rest, walk),
        (Some(_), Some(number)) => {
            walk.tell(&rest, 0, 2, CISCO_TYPE);
            Next::ether(EtherType(number as u16), rest.after(2))
        }
        _ => {
            walk.stop(&part, "Frame Relay", format_args!("it takes {} bytes", ADDRESS + 2));
            walk.summary(format_args!("Frame Relay, cut"));
            Next::Nothing
        }
    };
    walk.close();
    next
}

/// Tells what stands behind the control byte; a zero may fill up to an even place.
fn by_nlpid<'a>(part: &Part<'a>, walk: &mut Walk<'_>) -> Next<'a> {
    walk.tell(part, 0, 1, CONTROL);
    let at = if part.number(1, 1) == Some(0) { 2 } else { 1 };
    walk.tell(part, at, 1, NLPID);
    let rest = part.after(at + 1);
    match part.number(at, 1) {
        Some(0xcc) => Next::ether(EtherType::IPV4, rest),
        Some(0x8e) => Next::ether(EtherType::IPV6, rest),
        Some(0xcf) => Next::named("ppp", rest),
        Some(0x80) => snap(&rest, walk),
        // The identifier is the first byte of what these protocols say themselves.
        Some(0x81..=0x83) => Next::named("osi", part.after(at)),
        Some(number) => {
            match NLPID.def().name_of(number) {
                Some(name) => walk.unread(format_args!("Frame Relay, {name}")),
                None => walk.unread(format_args!("Frame Relay, NLPID 0x{number:02x}")),
            }
            Next::Nothing
        }
        None => {
            walk.summary(format_args!("Frame Relay, cut"));
            Next::Nothing
        }
    }
}

fn snap<'a>(part: &Part<'a>, walk: &mut Walk<'_>) -> Next<'a> {
    walk.tell(part, 0, 3, SNAP_OUI);
    let (Some(owner), Some(number)) = (part.number(0, 3), part.number(3, 2)) else {
        walk.summary(format_args!("Frame Relay, cut"));
        return Next::Nothing;
    };
    let rest = part.after(5);
    if owner == 0 {
        walk.tell(part, 3, 2, SNAP_TYPE);
        return Next::ether(EtherType(number as u16), rest);
    }
    walk.tell(part, 3, 2, SNAP_PID);
    if owner == BRIDGES && ETHERNET.contains(&number) {
        return Next::claimed(Claim::Link(1), rest);
    }
    Next::claimed(Claim::Snap(owner as u32, number as u16), rest)
}
