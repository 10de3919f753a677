//! BVLC (ANSI/ASHRAE 135, annex J): BACnet over UDP, and what replaces its broadcasts there.
//!
//! ```text
//!   0x81 │ function │ length ×2 │ where it came from, of what is handed on │ the network's message
//! ```

use crate::field::{FieldDef, FieldId, Kind, Names};
use crate::fields;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};

const TYPES: Names = &[(OVER_IP, "BACnet/IP (Annex J)")];

const FUNCTIONS: Names = &[
    (RESULT, "BVLC-Result"),
    (0x01, "Write-Broadcast-Distribution-Table"),
    (0x02, "Read-Broadcast-Distribution-Table"),
    (0x03, "Read-Broadcast-Distribution-Table-Ack"),
    (FORWARDED, "Forwarded-NPDU"),
    (REGISTER, "Register-Foreign-Device"),
    (0x06, "Read-Foreign-Device-Table"),
    (0x07, "Read-Foreign-Device-Table-Ack"),
    (0x08, "Delete-Foreign-Device-Table-Entry"),
    (DISTRIBUTE, "Distribute-Broadcast-To-Network"),
    (UNICAST, "Original-Unicast-NPDU"),
    (BROADCAST, "Original-Broadcast-NPDU"),
    (0x0c, "Secured-BVLL"),
];

fields! { "bvlc", "BVLC";
    PROTO = FieldDef::group("bvlc", "BACnet Virtual Link Control"),
    TYPE = FieldDef::u8("bvlc.type", "Type").hex().names(TYPES),
    FUNCTION = FieldDef::u8("bvlc.function", "Function").hex().names(FUNCTIONS),
    LENGTH = FieldDef::u16("bvlc.length", "BVLC-Length"),
    RESULT_CODE = FieldDef::u16("bvlc.result", "Result").hex(),
    TTL = FieldDef::u16("bvlc.reg_ttl", "TTL"),
    FROM = FieldDef::of("bvlc.fwd_ip", "IP", Kind::Ipv4),
    FROM_PORT = FieldDef::u16("bvlc.fwd_port", "Port"),
}

/// What every message begins with.
const OVER_IP: u64 = 0x81;

/// Functions that are told further, or that carry a message.
const RESULT: u64 = 0x00;
const FORWARDED: u64 = 0x04;
const REGISTER: u64 = 0x05;
const DISTRIBUTE: u64 = 0x09;
const UNICAST: u64 = 0x0a;
const BROADCAST: u64 = 0x0b;

/// Length of the head, and with where it came from.
const HEAD: usize = 4;
const FORWARDED_HEAD: usize = 10;

/// BACnet over UDP.
pub struct Bvlc;

impl Protocol for Bvlc {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["ANSI/ASHRAE 135"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::UdpPort(47808)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        let function = part.number(1, 1)?;
        let claimed = part.number(2, 2)? as usize;
        let is_one = part.number(0, 1) == Some(OVER_IP) && (HEAD..=part.wire).contains(&claimed);
        let name = FUNCTION.def().name_of(function).filter(|_| is_one)?;
        let message = part.upto(claimed);
        let len = match function {
            FORWARDED => FORWARDED_HEAD,
            DISTRIBUTE | UNICAST | BROADCAST => HEAD,
            _ => message.wire,
        };
        walk.plain_group(message.place(0, len), PROTO);
        walk.tell(&message, 0, 1, TYPE);
        walk.tell(&message, 1, 1, FUNCTION);
        walk.tell(&message, 2, 2, LENGTH);
        match function {
            RESULT => walk.tell(&message, HEAD, 2, RESULT_CODE),
            REGISTER => walk.tell(&message, HEAD, 2, TTL),
            FORWARDED => {
                walk.tell(&message, HEAD, 4, FROM);
                walk.tell(&message, HEAD + 4, 2, FROM_PORT);
            }
            _ => {}
        }
        walk.close();
        walk.summary(format_args!("{name}"));
        let rest = message.after(len);
        Some(if rest.wire > 0 { Next::named("bacnet", rest) } else { Next::Nothing })
    }
}
