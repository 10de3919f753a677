//! Slow protocols (IEEE 802.3, annex 57A), which never leave a link and send few frames: LACP and
//! the markers of link aggregation (IEEE 802.1AX).
//!
//! ```text
//!   subtype │ 1: LACP: version │ 1 20 actor … │ 2 20 partner … │ 3 16 collector … │ 0 0 │ zeros
//!           │ 2: marker: version │ 1 or 2, 16, requester … │ 0 0 │ zeros
//! ```

pub mod lacp;

use crate::field::{FieldDef, FieldId, Kind, Names};
use crate::fields;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};

/// IEEE 802.3, annex 57A.
const SUBTYPES: Names =
    &[(1, "LACP"), (2, "Marker Protocol"), (3, "OAM"), (10, "Organization Specific Slow Protocol")];

const MARKERS: Names = &[(1, "Marker Information"), (2, "Marker Response Information")];

fields! { "slow", "Slow Protocols";
    PROTO = FieldDef::group("slow", "Slow Protocols"),
    SUBTYPE = FieldDef::u8("slow.subtype", "Slow Protocols subtype").hex().names(SUBTYPES),
    MARKER_VERSION = FieldDef::u8("marker.version", "Version Number").hex(),
    MARKER_TYPE = FieldDef::u8("marker.tlvType", "TLV Type").hex().names(MARKERS),
    MARKER_LENGTH = FieldDef::u8("marker.tlvLen", "TLV Length").hex(),
    MARKER_PORT = FieldDef::u16("marker.requesterPort", "Requester Port"),
    MARKER_SYSTEM = FieldDef::of("marker.requesterSystem", "Requester System", Kind::Ether),
    MARKER_NUMBER = FieldDef::u32("marker.requesterTransId", "Requester Transaction ID"),
}

/// Slow protocols.
pub struct Slow;

impl Protocol for Slow {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["IEEE 802.3"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::EtherType(0x8809)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        let subtype = part.number(0, 1);
        walk.plain_group(part.place(0, 1), PROTO);
        walk.tell(&part, 0, 1, SUBTYPE);
        if subtype == Some(2) {
            marker(&part, walk);
        }
        walk.close();
        match subtype.and_then(|number| SUBTYPE.def().name_of(number)) {
            Some(name) => walk.summary(format_args!("{name}")),
            None => walk.summary(format_args!("Slow protocol of an unknown kind")),
        }
        Some(if subtype == Some(1) { Next::named("lacp", part.after(1)) } else { Next::Nothing })
    }
}

/// A frame that asks whether all before it has arrived, or says so (IEEE 802.1AX, "Marker
/// protocol").
fn marker(part: &Part<'_>, walk: &mut Walk<'_>) {
    walk.tell(part, 1, 1, MARKER_VERSION);
    walk.tell(part, 2, 1, MARKER_TYPE);
    walk.tell(part, 3, 1, MARKER_LENGTH);
    walk.tell(part, 4, 2, MARKER_PORT);
    walk.tell(part, 6, 6, MARKER_SYSTEM);
    walk.tell(part, 12, 4, MARKER_NUMBER);
}
