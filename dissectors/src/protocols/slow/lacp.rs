//! LACP (IEEE 802.1AX): two switches agree which links between them count as one.

use std::fmt::{self, Display};

use crate::field::{FieldDef, FieldId, Kind, Names};
use crate::fields;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::Protocol;

const TLVS: Names = &[
    (0, "Terminator"),
    (1, "Actor Information"),
    (2, "Partner Information"),
    (3, "Collector Information"),
];

fields! { "lacp", "LACP";
    PROTO = FieldDef::group("lacp", "Link Aggregation Control Protocol"),
    VERSION = FieldDef::u8("lacp.version", "LACP Version").hex(),
    TLV_TYPE = FieldDef::u8("lacp.tlv_type", "TLV Type").hex().names(TLVS),
    TLV_LENGTH = FieldDef::u8("lacp.tlv_length", "TLV Length").hex(),
    ACTOR_PRIORITY = FieldDef::u16("lacp.actor.sys_priority", "Actor System Priority"),
    ACTOR_SYSTEM = FieldDef::of("lacp.actor.sysid", "Actor System ID", Kind::Ether),
    ACTOR_KEY = FieldDef::u16("lacp.actor.key", "Actor Key"),
    ACTOR_PORT_PRIORITY = FieldDef::u16("lacp.actor.port_priority", "Actor Port Priority"),
    ACTOR_PORT = FieldDef::u16("lacp.actor.port", "Actor Port"),
    ACTOR_STATE = FieldDef::u8("lacp.actor.state", "Actor State").hex(),
    ACTOR_ACTIVE = FieldDef::flag("lacp.actor.state.activity", "LACP Activity", 0x01),
    ACTOR_FAST = FieldDef::flag("lacp.actor.state.timeout", "LACP Timeout", 0x02),
    ACTOR_AGGREGATION = FieldDef::flag("lacp.actor.state.aggregation", "Aggregation", 0x04),
    ACTOR_SYNC = FieldDef::flag("lacp.actor.state.synchronization", "Synchronization", 0x08),
    ACTOR_COLLECTING = FieldDef::flag("lacp.actor.state.collecting", "Collecting", 0x10),
    ACTOR_DISTRIBUTING = FieldDef::flag("lacp.actor.state.distributing", "Distributing", 0x20),
    ACTOR_DEFAULTED = FieldDef::flag("lacp.actor.state.defaulted", "Defaulted", 0x40),
    ACTOR_EXPIRED = FieldDef::flag("lacp.actor.state.expired", "Expired", 0x80),
    PARTNER_PRIORITY = FieldDef::u16("lacp.partner.sys_priority", "Partner System Priority"),
    PARTNER_SYSTEM = FieldDef::of("lacp.partner.sysid", "Partner System", Kind::Ether),
    PARTNER_KEY = FieldDef::u16("lacp.partner.key", "Partner Key"),
    PARTNER_PORT_PRIORITY = FieldDef::u16("lacp.partner.port_priority", "Partner Port Priority"),
    PARTNER_PORT = FieldDef::u16("lacp.partner.port", "Partner Port"),
    PARTNER_STATE = FieldDef::u8("lacp.partner.state", "Partner State").hex(),
    PARTNER_ACTIVE = FieldDef::flag("lacp.partner.state.activity", "LACP Activity", 0x01),
    PARTNER_FAST = FieldDef::flag("lacp.partner.state.timeout", "LACP Timeout", 0x02),
    PARTNER_AGGREGATION = FieldDef::flag("lacp.partner.state.aggregation", "Aggregation", 0x04),
    PARTNER_SYNC = FieldDef::flag("lacp.partner.state.synchronization", "Synchronization", 0x08),
    PARTNER_COLLECTING = FieldDef::flag("lacp.partner.state.collecting", "Collecting", 0x10),
    PARTNER_DISTRIBUTING =
        FieldDef::flag("lacp.partner.state.distributing", "Distributing", 0x20),
    PARTNER_DEFAULTED = FieldDef::flag("lacp.partner.state.defaulted", "Defaulted", 0x40),
    PARTNER_EXPIRED = FieldDef::flag("lacp.partner.state.expired", "Expired", 0x80),
    MAX_DELAY = FieldDef::u16("lacp.collector.max_delay", "Collector Max Delay"),
}

/// The Link Aggregation Control Protocol.
pub struct Lacp;

impl Protocol for Lacp {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["IEEE 802.1AX"]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        Some(describe(&part, walk))
    }
}

/// What is told of a side: its five numbers, its state, and the flags of that.
struct Fields {
    numbers: [FieldId; 5],
    state: FieldId,
    flags: [FieldId; 8],
}

const ACTOR: Fields = Fields {
    numbers: [ACTOR_PRIORITY, ACTOR_SYSTEM, ACTOR_KEY, ACTOR_PORT_PRIORITY, ACTOR_PORT],
    state: ACTOR_STATE,
    flags: [
        ACTOR_ACTIVE,
        ACTOR_FAST,
        ACTOR_AGGREGATION,
        ACTOR_SYNC,
        ACTOR_COLLECTING,
        ACTOR_DISTRIBUTING,
        ACTOR_DEFAULTED,
        ACTOR_EXPIRED,
    ],
};

const PARTNER: Fields = Fields {
    numbers: [PARTNER_PRIORITY, PARTNER_SYSTEM, PARTNER_KEY, PARTNER_PORT_PRIORITY, PARTNER_PORT],
    state: PARTNER_STATE,
    flags: [
        PARTNER_ACTIVE,
        PARTNER_FAST,
        PARTNER_AGGREGATION,
        PARTNER_SYNC,
        PARTNER_COLLECTING,
        PARTNER_DISTRIBUTING,
        PARTNER_DEFAULTED,
        PARTNER_EXPIRED,
    ],
};

/// Where the numbers of a side stand behind type and length, and how long they are.
const NUMBERS: [(usize, usize); 5] = [(2, 2), (4, 6), (10, 2), (12, 2), (14, 2)];
const STATE_AT: usize = 16;

/// Where actor, partner and collector stand (IEEE 802.1AX, "LACPDU structure and encoding").
const ACTOR_AT: usize = 1;
const PARTNER_AT: usize = 21;
const COLLECTOR_AT: usize = 41;

fn describe<'a>(part: &Part<'a>, walk: &mut Walk<'_>) -> Next<'a> {
    walk.plain_group(part.span, PROTO);
    walk.tell(part, 0, 1, VERSION);
    for (at, fields) in [(ACTOR_AT, ACTOR), (PARTNER_AT, PARTNER)] {
        let side = part.after(at);
        walk.tell(&side, 0, 1, TLV_TYPE);
        walk.tell(&side, 1, 1, TLV_LENGTH);
        for ((at, len), field) in NUMBERS.into_iter().zip(fields.numbers) {
            walk.tell(&side, at, len, field);
        }
        walk.open(&side, STATE_AT, 1, fields.state);
        for field in fields.flags {
            walk.tell(&side, STATE_AT, 1, field);
        }
        walk.close();
    }
    let collector = part.after(COLLECTOR_AT);
    walk.tell(&collector, 0, 1, TLV_TYPE);
    walk.tell(&collector, 1, 1, TLV_LENGTH);
    walk.tell(&collector, 2, 2, MAX_DELAY);
    if part.get(0, COLLECTOR_AT).is_none() {
        walk.stop(part, "LACP", format_args!("both sides take {COLLECTOR_AT} bytes"));
    }
    walk.close();
    let version = part.number(0, 1).unwrap_or_default();
    let (actor, partner) = (Side(part.after(ACTOR_AT)), Side(part.after(PARTNER_AT)));
    walk.summary(format_args!("v{version} ACTOR {actor} PARTNER {partner}"));
    Next::Nothing
}

/// A side in a row: its system, its port and key, and the flags that are set.
struct Side<'a>(Part<'a>);

impl Display for Side<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// A letter for each flag, the highest first, as Wireshark writes them.
        const LETTERS: &[u8] = b"EFDCSGSA";
        for (index, byte) in self.0.get(4, 6).unwrap_or(&[]).iter().enumerate() {
            let parted = if index > 0 { ":" } else { "" };
            write!(out, "{parted}{byte:02x}")?;
        }
        let number = |at| self.0.number(at, 2).unwrap_or_default();
        write!(out, " P: {} K: {} ", number(14), number(10))?;
        let state = self.0.number(STATE_AT, 1).unwrap_or_default();
        for (bit, letter) in (0..8).rev().zip(LETTERS) {
            let set = state >> bit & 1 != 0;
            write!(out, "{}", if set { char::from(*letter) } else { '*' })?;
        }
        Ok(())
    }
}
