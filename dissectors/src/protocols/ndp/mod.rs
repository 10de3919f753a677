//! The discovery protocol of SynOptics, Bay Networks and Nortel (SONMP): switches tell their
//! neighbours and the manager who they are. No document of its makers describes it; it is read as
//! Wireshark does.
//!
//! ```text
//!   address ×4 │ segment ×3 │ chassis │ backplane │ state │ links
//! ```

use std::net::Ipv4Addr;

use crate::field::{FieldDef, FieldId, Kind, Names};
use crate::fields;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};

const STATES: Names = &[(1, "Topology Change"), (2, "Heartbeat"), (3, "New")];

fields! { "ndp", "NDP";
    PROTO = FieldDef::group("ndp", "Nortel Discovery Protocol"),
    ADDRESS = FieldDef::of("ndp.ipaddress", "IP address", Kind::Ipv4),
    SEGMENT = FieldDef::u24("ndp.segmentident", "Segment Identifier").hex(),
    CHASSIS = FieldDef::u8("ndp.chassis", "Chassis type"),
    BACKPLANE = FieldDef::u8("ndp.backplane", "Backplane type"),
    STATE = FieldDef::u8("ndp.state", "State").names(STATES),
    LINKS = FieldDef::u8("ndp.numberoflinks", "Number of links"),
}

/// Length of a message.
const LEN: usize = 11;

/// Nortel's discovery protocol.
pub struct Ndp;

impl Protocol for Ndp {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        // One says hello to the neighbour, the other to all of a segment.
        &[Claim::Snap(0x00_0081, 0x01a1), Claim::Snap(0x00_0081, 0x01a2)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        walk.plain_group(part.span, PROTO);
        walk.tell(&part, 0, 4, ADDRESS);
        walk.tell(&part, 4, 3, SEGMENT);
        walk.tell(&part, 7, 1, CHASSIS);
        walk.tell(&part, 8, 1, BACKPLANE);
        walk.tell(&part, 9, 1, STATE);
        walk.tell(&part, 10, 1, LINKS);
        if part.get(0, LEN).is_none() {
            walk.stop(&part, "NDP", format_args!("a message takes {LEN} bytes"));
        }
        walk.close();
        let state = STATE.def().name_of(part.number(9, 1).unwrap_or_default()).unwrap_or("NDP");
        match part.array::<4>(0).map(Ipv4Addr::from) {
            Some(address) => walk.summary(format_args!("{state} of {address}")),
            None => walk.summary(format_args!("NDP, cut")),
        }
        Some(Next::Nothing)
    }
}
