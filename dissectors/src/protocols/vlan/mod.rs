//! VLAN tags (IEEE 802.1Q): which virtual network of a shared link a frame belongs to.

use etherparse::{EtherType, SingleVlanSlice};

use crate::field::{FieldDef, FieldId, Names};
use crate::fields;
use crate::headers::names::ETHER_TYPES;
use crate::headers::{FIRST_TYPE, Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};

const PRIORITIES: Names = &[
    (0, "Best Effort (default)"),
    (1, "Background"),
    (2, "Excellent Effort"),
    (3, "Critical Applications"),
    (4, "Video, < 100ms latency and jitter"),
    (5, "Voice, < 10ms latency and jitter"),
    (6, "Internetwork Control"),
    (7, "Network Control"),
];

fields! { "vlan", "VLAN";
    PROTO = FieldDef::group("vlan", "802.1Q Virtual LAN"),
    PRIORITY = FieldDef::u16("vlan.priority", "Priority").mask(0xe000).names(PRIORITIES),
    DEI = FieldDef::flag("vlan.dei", "Drop eligible", 0x1000),
    ID = FieldDef::u16("vlan.id", "ID").mask(0x0fff),
    SIZED = FieldDef::group("vlan", "802.1Q Virtual LAN"),
    LEN_FIELD = FieldDef::u16("vlan.len", "Length"),
    ETYPE = FieldDef::u16("vlan.etype", "Type").hex().names(ETHER_TYPES),
    SERVICE = FieldDef::group("ieee8021ad", "IEEE 802.1ad"),
    SERVICE_PRIORITY = FieldDef::u16("ieee8021ad.priority", "Priority").mask(0xe000),
    SERVICE_DEI = FieldDef::flag("ieee8021ad.dei", "Drop eligible", 0x1000),
    SERVICE_ID = FieldDef::u16("ieee8021ad.id", "ID").mask(0x0fff),
    SERVICE_ETYPE = FieldDef::u16("ieee8021ah.etype", "Type").hex().names(ETHER_TYPES),
}

/// VLAN tags.
pub struct Vlan;

impl Protocol for Vlan {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["IEEE 802.1Q"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[
            Claim::EtherType(0x8100),
            Claim::EtherType(0x88a8),
            Claim::EtherType(0x9100),
            Claim::EtherType(0x9200),
        ]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        Some(describe(found.claim, part, walk))
    }
}

/// Tells one tag; `number` is the EtherType that announced it.
pub(crate) fn describe<'a>(number: Claim<'_>, part: Part<'a>, walk: &mut Walk<'_>) -> Next<'a> {
    const LEN: usize = etherparse::SingleVlanHeader::LEN;
    let fields = if number == Claim::EtherType(EtherType::PROVIDER_BRIDGING.0) {
        [SERVICE, SERVICE_PRIORITY, SERVICE_DEI, SERVICE_ID, SERVICE_ETYPE]
    } else if part.number(2, 2).is_some_and(|number| number < FIRST_TYPE.into()) {
        [SIZED, PRIORITY, DEI, ID, LEN_FIELD]
    } else {
        [PROTO, PRIORITY, DEI, ID, ETYPE]
    };
    let [group, priority, drop_eligible, id, ether_type] = fields;
    let slice = SingleVlanSlice::from_slice(part.bytes);
    let named = slice.as_ref().map_or(0, |slice| slice.vlan_identifier().value());
    walk.group(&part, LEN, group, format_args!("ID: {named}"));
    walk.tell(&part, 0, 2, priority);
    walk.tell(&part, 0, 2, drop_eligible);
    walk.tell(&part, 0, 2, id);
    walk.tell(&part, 2, 2, ether_type);
    let next = match slice {
        Ok(slice) => Next::typed_or_sized(slice.ether_type().0, part.after(LEN)),
        Err(error) => {
            walk.stop(&part, "VLAN", format_args!("{error}"));
            walk.summary(format_args!("VLAN tag, cut"));
            Next::Nothing
        }
    };
    walk.close();
    next
}
