//! MACsec (IEEE 802.1AE): frames that a link signs, and may seal. What is only signed is read on.

use crate::field::{FieldDef, FieldId, Kind, Value};
use crate::fields;
use crate::headers::names::ETHER_TYPES;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};

fields! { "macsec", "MACsec";
    PROTO = FieldDef::group("macsec", "802.1AE Security Tag"),
    TCI = FieldDef::u8("macsec.TCI", "TCI").hex().mask(0xfc),
    VERSION = FieldDef::u8("macsec.TCI.V", "VER").hex().mask(0x80),
    END_STATION = FieldDef::flag("macsec.TCI.ES", "ES", 0x40),
    HAS_SCI = FieldDef::flag("macsec.TCI.SC", "SC", HAS_IDENTIFIER as u64),
    BROADCAST = FieldDef::flag("macsec.TCI.SCB", "SCB", 0x10),
    SEALED = FieldDef::flag("macsec.TCI.E", "E", ENCRYPTED as u64),
    CHANGED = FieldDef::flag("macsec.TCI.C", "C", CHANGES as u64),
    ASSOCIATION = FieldDef::u8("macsec.AN", "AN").hex().mask(0x03),
    SHORT_LENGTH = FieldDef::u8("macsec.SL", "Short length"),
    PACKET = FieldDef::u32("macsec.PN", "Packet number"),
    SYSTEM = FieldDef::of("macsec.SCI.system_identifier", "System Identifier", Kind::Ether),
    PORT = FieldDef::u16("macsec.SCI.port_identifier", "Port Identifier"),
    TYPE = FieldDef::u16("macsec.etype", "Ethertype").hex().names(ETHER_TYPES),
    CHECK = FieldDef::bytes("macsec.ICV", "ICV"),
}

/// The tag names the channel (IEEE 802.1AE, clause 9.5).
const HAS_IDENTIFIER: u8 = 0x20;
/// What follows is encrypted.
const ENCRYPTED: u8 = 0x08;
/// What follows is not what was given to be sent.
const CHANGES: u8 = 0x04;
/// The tag without the channel's name, the EtherType of the tag itself not counted.
const SHORT: usize = 6;
/// The channel's name: an address and a port.
const IDENTIFIER: usize = 8;
/// The check value of the default cipher suite (IEEE 802.1AE, clause 14.5).
const CHECK_LEN: usize = 16;

/// MACsec.
pub struct Macsec;

impl Protocol for Macsec {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["IEEE 802.1AE"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::EtherType(0x88e5)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        let bits = part.number(0, 1)? as u8;
        let len = if bits & HAS_IDENTIFIER == 0 { SHORT } else { SHORT + IDENTIFIER };
        let is_plain = bits & (ENCRYPTED | CHANGES) == 0;
        walk.plain_group(part.place(0, if is_plain { len + 2 } else { len }), PROTO);
        for field in [TCI, VERSION, END_STATION, HAS_SCI, BROADCAST, SEALED, CHANGED, ASSOCIATION] {
            walk.tell(&part, 0, 1, field);
        }
        walk.tell(&part, 1, 1, SHORT_LENGTH);
        walk.tell(&part, 2, 4, PACKET);
        if len > SHORT {
            walk.tell(&part, SHORT, 6, SYSTEM);
            walk.tell(&part, SHORT + 6, 2, PORT);
        }
        let data = part.after(len);
        let signed = data.upto(data.wire.saturating_sub(CHECK_LEN));
        if let Some(check) = data.get(signed.wire, CHECK_LEN) {
            walk.work_out(CHECK, Value::Bytes(check), data.place(signed.wire, CHECK_LEN));
        }
        let next = if is_plain {
            walk.tell(&data, 0, 2, TYPE);
            Next::behind_tag(signed, 2, "MACsec", walk)
        } else {
            walk.summary(format_args!("MACsec, sealed"));
            Next::Nothing
        };
        walk.close();
        Some(next)
    }
}
