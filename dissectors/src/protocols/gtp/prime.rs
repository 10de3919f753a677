//! The port that GTP had before version 1 (GSM 09.60) and that GTP', by which a network reports
//! what is to be charged, has to this day (3GPP TS 32.295).
//!
//! ```text
//!   flags │ message │ length ×2 │ sequence ×2                          GTP': six bytes
//!   … │ flow label ×2 │ LLC number │ ff ff ff │ tunnel ×8 │ packet     GTP: twenty
//! ```

use super::{MESSAGES, packet};
use crate::field::{FieldDef, FieldId, Names};
use crate::fields;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};

const PAYLOADS: Names = &[(0, "GTP'"), (1, "GTP")];

fields! { "gtpprime", "GTP Prime";
    PROTO = FieldDef::group("gtpprime", "GPRS Tunneling Protocol Prime"),
    FLAGS = FieldDef::u8("gtp.flags", "Flags").hex(),
    FLAG_VERSION = FieldDef::u8("gtp.flags.version", "Version").mask(0xe0),
    FLAG_TYPE = FieldDef::u8("gtp.flags.payload", "Protocol type").mask(0x10).names(PAYLOADS),
    MESSAGE = FieldDef::u8("gtp.message", "Message Type").hex().names(MESSAGES),
    LENGTH = FieldDef::u16("gtp.length", "Length"),
    SEQUENCE = FieldDef::u16("gtp.seq_number", "Sequence number").hex(),
    FLOW = FieldDef::u16("gtp.flow_label", "Flow label").hex(),
    LLC = FieldDef::u8("gtp.sndcp_number", "SNDCP N-PDU LLC Number").hex(),
}

/// Bits of the flags: the version, GTP and not GTP', and GTP' with a head of six bytes.
const VERSION: u64 = 0xe0;
const IS_GTP: u64 = 0x10;
const IS_SHORT: u64 = 0x01;

/// Lengths of the two heads.
const LONG: usize = 20;
const SHORT: usize = 6;

/// A packet of the user.
const T_PDU: u64 = 255;

/// GTP' and the GTP before version 1.
pub struct GtpPrime;

impl Protocol for GtpPrime {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["3GPP TS 32.295", "GSM 09.60"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::UdpPort(3386)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        let flags = part.number(0, 1).filter(|flags| flags & VERSION <= 0x40)?;
        let is_gtp = flags & IS_GTP != 0;
        // Version 0 of GTP' may have the long head, later ones do not.
        let is_short = !is_gtp && (flags & VERSION != 0 || flags & IS_SHORT != 0);
        let len = if is_short { SHORT } else { LONG };
        let (message, claimed) = part.number(1, 1).zip(part.number(2, 2))?;
        // What claims more than the datagram holds is something else.
        if len + claimed as usize > part.wire {
            return None;
        }
        walk.plain_group(part.place(0, len), PROTO);
        walk.open(&part, 0, 1, FLAGS);
        walk.tell(&part, 0, 1, FLAG_VERSION);
        walk.tell(&part, 0, 1, FLAG_TYPE);
        walk.close();
        walk.tell(&part, 1, 1, MESSAGE);
        walk.tell(&part, 2, 2, LENGTH);
        walk.tell(&part, 4, 2, SEQUENCE);
        if !is_short {
            walk.tell(&part, 6, 2, FLOW);
            walk.tell(&part, 8, 1, LLC);
        }
        walk.close();
        let name = MESSAGE.def().name_of(message).unwrap_or("Unknown message");
        walk.summary(format_args!("{name}"));
        if message == T_PDU && is_gtp {
            return Some(packet(part.upto(len + claimed as usize).after(len)));
        }
        Some(Next::Nothing)
    }
}
