//! BACnet (ANSI/ASHRAE 135), the network layer: what heats, lights and guards buildings; on LLC, or
//! over UDP behind a head of its own ([`bvlc`]).
//!
//! ```text
//!   version │ control │ to: network ×2, length, address │ from: network ×2, length, address │ hops │
//!   message of the network's own, or one of the application
//! ```

pub mod apdu;
pub mod bvlc;

use crate::field::{FieldDef, FieldId, Kind, Names};
use crate::fields;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};

const MESSAGES: Names = &[
    (0x00, "Who-Is-Router-To-Network"),
    (0x01, "I-Am-Router-To-Network"),
    (0x02, "I-Could-Be-Router-To-Network"),
    (0x03, "Reject-Message-To-Network"),
    (0x04, "Router-Busy-To-Network"),
    (0x05, "Router-Available-To-Network"),
    (0x06, "Initialize-Routing-Table"),
    (0x07, "Initialize-Routing-Table-Ack"),
    (0x08, "Establish-Connection-To-Network"),
    (0x09, "Disconnect-Connection-To-Network"),
    (0x12, "What-Is-Networknumber"),
    (0x13, "Networknumber-Is"),
];

fields! { "bacnet", "BACnet";
    PROTO = FieldDef::group("bacnet", "Building Automation and Control Network NPDU"),
    VERSION = FieldDef::u8("bacnet.version", "Version"),
    CONTROL = FieldDef::u8("bacnet.control", "Control").hex(),
    IS_OWN = FieldDef::flag("bacnet.control_net", "NSDU contains", NETWORK_MESSAGE),
    HAS_TO = FieldDef::flag("bacnet.control_dest", "Destination Specifier", DESTINATION),
    HAS_FROM = FieldDef::flag("bacnet.control_src", "Source specifier", SOURCE),
    EXPECTS = FieldDef::flag("bacnet.control_expect", "Expecting Reply", 0x04),
    PRIORITY_HIGH = FieldDef::flag("bacnet.control_prio_high", "Priority", 0x02),
    PRIORITY_LOW = FieldDef::flag("bacnet.control_prio_low", "Priority", 0x01),
    TO_NETWORK = FieldDef::u16("bacnet.dnet", "Destination Network Address"),
    TO_LENGTH = FieldDef::u8("bacnet.dlen", "Destination MAC Layer Address Length"),
    TO_ETHER =
        FieldDef::of("bacnet.dadr_eth", "Destination ISO 8802-3 MAC Address", Kind::Ether),
    TO_SERIAL = FieldDef::u8("bacnet.dadr_mstp", "DADR"),
    TO_OTHER = FieldDef::bytes("bacnet.dadr_tmp", "Unknown Destination MAC"),
    FROM_NETWORK = FieldDef::u16("bacnet.snet", "Source Network Address"),
    FROM_LENGTH = FieldDef::u8("bacnet.slen", "Source MAC Layer Address Length"),
    FROM_ETHER = FieldDef::of("bacnet.sadr_eth", "SADR", Kind::Ether),
    FROM_SERIAL = FieldDef::u8("bacnet.sadr_mstp", "SADR"),
    FROM_OTHER = FieldDef::bytes("bacnet.sadr_tmp", "Unknown Source MAC"),
    HOPS = FieldDef::u8("bacnet.hopc", "Hop Count"),
    MESSAGE = FieldDef::u8("bacnet.mesgtyp", "Network Layer Message Type").hex().names(MESSAGES),
    VENDOR = FieldDef::u16("bacnet.vendor", "Vendor ID"),
}

/// Bits of the control byte (clause 6.2.2).
const NETWORK_MESSAGE: u64 = 0x80;
const DESTINATION: u64 = 0x20;
const SOURCE: u64 = 0x08;

/// Messages of the network from here on are a vendor's, whose number follows.
const VENDORS: u64 = 0x80;

/// BACnet's network layer.
pub struct Bacnet;

impl Protocol for Bacnet {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["ANSI/ASHRAE 135"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::Sap(0x82)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        let len = Layout::of(&part);
        walk.plain_group(part.place(0, len.unwrap_or(part.bytes.len())), PROTO);
        walk.tell(&part, 0, 1, VERSION);
        walk.open(&part, 1, 1, CONTROL);
        for field in [IS_OWN, HAS_TO, HAS_FROM, EXPECTS, PRIORITY_HIGH, PRIORITY_LOW] {
            walk.tell(&part, 1, 1, field);
        }
        walk.close();
        let next = match len {
            Some(len) => {
                Layout::describe(&part, walk);
                let rest = part.after(len);
                if rest.wire > 0 { Next::named("bacapp", rest) } else { Next::Nothing }
            }
            None => {
                walk.stop(&part, "BACnet", format_args!("its addresses take more bytes"));
                walk.summary(format_args!("BACnet, cut"));
                Next::Nothing
            }
        };
        walk.close();
        let is_own = part.number(1, 1).is_some_and(|control| control & NETWORK_MESSAGE != 0);
        Some(if is_own { Next::Nothing } else { next })
    }
}

/// Where the parts of the header are, which the control byte and the lengths of addresses say.
struct Layout;

impl Layout {
    /// Walks the parts in their order with each one's place; `None` if one is not there.
    fn walk(
        part: &Part<'_>,
        mut each: impl FnMut(&'static [FieldId], usize, usize),
    ) -> Option<usize> {
        let control = part.number(1, 1)?;
        let mut at = 2;
        for (bit, fields) in [
            (DESTINATION, &[TO_NETWORK, TO_LENGTH, TO_SERIAL, TO_ETHER, TO_OTHER] as &[FieldId]),
            (SOURCE, &[FROM_NETWORK, FROM_LENGTH, FROM_SERIAL, FROM_ETHER, FROM_OTHER]),
        ] {
            if control & bit != 0 {
                let len = part.number(at + 2, 1)? as usize;
                part.get(at, 3 + len)?;
                each(fields, at, len);
                at += 3 + len;
            }
        }
        if control & DESTINATION != 0 {
            part.number(at, 1)?;
            each(&[HOPS], at, 1);
            at += 1;
        }
        Some(at)
    }

    /// How long the header is.
    fn of(part: &Part<'_>) -> Option<usize> {
        Self::walk(part, |_, _, _| ())
    }

    /// Tells the parts, and the row of a message of the network's own.
    fn describe(part: &Part<'_>, walk: &mut Walk<'_>) {
        let behind = Self::walk(part, |fields, at, len| match fields {
            [network, length, serial, ether, other] => {
                walk.tell(part, at, 2, *network);
                walk.tell(part, at + 2, 1, *length);
                match len {
                    0 => {}
                    1 => walk.tell(part, at + 3, 1, *serial),
                    6 => walk.tell(part, at + 3, 6, *ether),
                    _ => walk.tell(part, at + 3, len, *other),
                }
            }
            _ => walk.tell(part, at, 1, HOPS),
        });
        let is_own = part.number(1, 1).is_some_and(|control| control & NETWORK_MESSAGE != 0);
        let (Some(at), true) = (behind, is_own) else { return };
        let kind = part.number(at, 1).unwrap_or_default();
        walk.tell(part, at, 1, MESSAGE);
        if kind >= VENDORS {
            walk.tell(part, at + 1, 2, VENDOR);
        }
        match MESSAGE.def().name_of(kind) {
            Some(name) => walk.summary(format_args!("{name}")),
            None => walk.summary(format_args!("Message {kind} of the network")),
        }
    }
}
