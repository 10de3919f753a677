//! GTP-U (3GPP TS 29.281): the packets of mobile phones, on their way through the operator's
//! network; and the head of what controls their tunnels (3GPP TS 29.060).

pub mod prime;

use crate::field::{FieldDef, FieldId, Names};
use crate::fields;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};

const MESSAGES: Names = &[
    (1, "Echo request"),
    (2, "Echo response"),
    (3, "Version not supported"),
    (4, "Node alive request"),
    (5, "Node alive response"),
    (6, "Redirection request"),
    (7, "Redirection response"),
    (16, "Create PDP context request"),
    (17, "Create PDP context response"),
    (18, "Update PDP context request"),
    (19, "Update PDP context response"),
    (20, "Delete PDP context request"),
    (21, "Delete PDP context response"),
    (26, "Error indication"),
    (31, "Supported extension header notification"),
    (50, "SGSN context request"),
    (51, "SGSN context response"),
    (52, "SGSN context acknowledgement"),
    (53, "Forward relocation request"),
    (54, "Forward relocation response"),
    (240, "Data record transfer request"),
    (241, "Data record transfer response"),
    (253, "Tunnel status"),
    (254, "End marker"),
    (255, "T-PDU"),
];

fields! { "gtp", "GTP";
    PROTO = FieldDef::group("gtp", "GPRS Tunneling Protocol"),
    FLAGS = FieldDef::u8("gtp.flags", "Flags").hex(),
    FLAG_VERSION = FieldDef::u8("gtp.flags.version", "Version").mask(0xe0),
    FLAG_TYPE = FieldDef::u8("gtp.flags.payload", "Protocol type").mask(0x10),
    FLAG_E = FieldDef::flag("gtp.flags.e", "Is Next Extension Header present?", 0x04),
    FLAG_S = FieldDef::flag("gtp.flags.s", "Is Sequence Number present?", 0x02),
    FLAG_PN = FieldDef::flag("gtp.flags.pn", "Is N-PDU number present?", 0x01),
    MESSAGE = FieldDef::u8("gtp.message", "Message Type").hex().names(MESSAGES),
    LENGTH = FieldDef::u16("gtp.length", "Length"),
    TEID = FieldDef::u32("gtp.teid", "TEID").hex(),
    SEQUENCE = FieldDef::u16("gtp.seq_number", "Sequence number").hex(),
    N_PDU = FieldDef::u8("gtp.npdu_number", "N-PDU Number").hex(),
    EXTENSION = FieldDef::group("gtp.ext_hdr", "Extension header"),
    EXTENSION_NEXT = FieldDef::u8("gtp.ext_hdr.next", "Next extension header type").hex(),
    EXTENSION_LENGTH = FieldDef::u8("gtp.ext_hdr.length", "Extension Header Length"),
}

/// GTP's user plane, and the head of its control plane.
pub struct Gtp;

impl Protocol for Gtp {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["3GPP TS 29.281", "3GPP TS 29.060"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::UdpPort(2152), Claim::UdpPort(2123)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        // Version 1, and not the one that charges for what was sent (GTP').
        let flags = part.number(0, 1).filter(|flags| flags & 0xf0 == 0x30)?;
        let (message, teid) = part.number(1, 1).zip(part.number(4, 4))?;
        // What claims more than the datagram holds is something else.
        part.number(2, 2).filter(|len| FIXED + *len as usize <= part.wire)?;
        let name = MESSAGE.def().name_of(message).unwrap_or("Unknown message");
        walk.group(&part, FIXED, PROTO, format_args!("{name}, TEID: 0x{teid:08x}"));
        walk.open(&part, 0, 1, FLAGS);
        for field in [FLAG_VERSION, FLAG_TYPE, FLAG_E, FLAG_S, FLAG_PN] {
            walk.tell(&part, 0, 1, field);
        }
        walk.close();
        walk.tell(&part, 1, 1, MESSAGE);
        walk.tell(&part, 2, 2, LENGTH);
        walk.tell(&part, 4, 4, TEID);
        let len = optional(&part, flags, walk);
        walk.close();
        walk.summary(format_args!("{name}, TEID 0x{teid:08x}"));
        match (message, len) {
            (_, None) => {
                walk.stop(&part, "GTP", format_args!("it claims more bytes than there are"));
                Some(Next::Nothing)
            }
            (255, Some(len)) => Some(packet(part.after(len))),
            _ => Some(Next::Nothing),
        }
    }
}

/// The length without what flags announce.
const FIXED: usize = 8;

/// An IP packet by its version; what else a phone may send has no number here.
fn packet(part: Part<'_>) -> Next<'_> {
    match part.number(0, 1).map(|byte| byte >> 4) {
        Some(4 | 6) => Next::packet(part),
        _ => Next::Nothing,
    }
}

/// Tells what flags announce: four bytes, and the extension headers that the last of them begins
/// (3GPP TS 29.281, section 5.2). The length of the whole header, where all of it is there.
fn optional(part: &Part<'_>, flags: u64, walk: &mut Walk<'_>) -> Option<usize> {
    if flags & 0x07 == 0 {
        return Some(FIXED);
    }
    if flags & 0x02 != 0 {
        walk.tell(part, 8, 2, SEQUENCE);
    }
    if flags & 0x01 != 0 {
        walk.tell(part, 10, 1, N_PDU);
    }
    if flags & 0x04 != 0 {
        walk.tell(part, 11, 1, EXTENSION_NEXT);
    }
    let (mut next, mut at) = (part.number(11, 1)?, FIXED + 4);
    for _ in 0..crate::limits::MAX_HEADERS {
        if next == 0 || flags & 0x04 == 0 {
            return Some(at);
        }
        let len = part.number(at, 1).filter(|units| *units > 0)? as usize * 4;
        next = part.number(at + len - 1, 1)?;
        walk.plain_group(part.place(at, len), EXTENSION);
        walk.tell(part, at, 1, EXTENSION_LENGTH);
        walk.tell(part, at + len - 1, 1, EXTENSION_NEXT);
        walk.close();
        at += len;
    }
    None
}
