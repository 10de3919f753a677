//! L2TP: PPP over UDP, to a server far away (version 2, RFC 2661); and frames of any link, over UDP
//! or IP (version 3, RFC 3931).

mod inner;
mod v3;

use etherparse::EtherType;

use crate::field::{FieldDef, FieldId, Names};
use crate::fields;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};

const TYPES: Names = &[(0, "Data Message"), (1, "Control Message")];

const MESSAGES: Names = &[
    (1, "Start_Control_Request"),
    (2, "Start_Control_Reply"),
    (3, "Start_Control_Connected"),
    (4, "Stop_Control_Notification"),
    (6, "Hello"),
    (7, "Outgoing_Call_Request"),
    (8, "Outgoing_Call_Reply"),
    (9, "Outgoing_Call_Connected"),
    (10, "Incoming_Call_Request"),
    (11, "Incoming_Call_Reply"),
    (12, "Incoming_Call_Connected"),
    (14, "Call_Disconnect_Notification"),
    (15, "WAN_Error_Notify"),
    (16, "Set_Link_Info"),
    (20, "Explicit_Acknowledgement"),
];

fields! { "l2tp", "L2TP";
    PROTO = FieldDef::group("l2tp", "Layer 2 Tunneling Protocol"),
    FLAGS = FieldDef::u16("l2tp.flags", "Flags").hex(),
    TYPE = FieldDef::u16("l2tp.type", "Type").mask(0x8000).names(TYPES),
    LENGTH_BIT = FieldDef::flag("l2tp.length_bit", "Length Bit", 0x4000),
    SEQUENCE_BIT = FieldDef::flag("l2tp.seq_bit", "Sequence Bit", 0x0800),
    OFFSET_BIT = FieldDef::flag("l2tp.offset_bit", "Offset bit", 0x0200),
    PRIORITY = FieldDef::flag("l2tp.priority", "Priority", 0x0100),
    VERSION = FieldDef::u16("l2tp.version", "Version").mask(0x000f),
    LENGTH = FieldDef::u16("l2tp.length", "Length"),
    TUNNEL = FieldDef::u16("l2tp.tunnel", "Tunnel ID"),
    SESSION = FieldDef::u16("l2tp.session", "Session ID"),
    NS = FieldDef::u16("l2tp.Ns", "Ns"),
    NR = FieldDef::u16("l2tp.Nr", "Nr"),
    OFFSET = FieldDef::u16("l2tp.offset", "Offset"),
    SESSION_3 = FieldDef::u32("l2tp.sid", "Session ID").hex(),
    CCID = FieldDef::u32("l2tp.ccid", "Control Connection ID").hex(),
    RESERVED = FieldDef::u16("l2tp.res", "Reserved").hex(),
    COOKIE = FieldDef::bytes("l2tp.cookie", "Cookie"),
    SUBLAYER = FieldDef::group("l2tp.l2_spec_def", "Default L2-Specific Sublayer"),
    SUBLAYER_S = FieldDef::flag("l2tp.l2_spec_s", "S-bit", 0x40),
    SUBLAYER_SEQUENCE = FieldDef::u24("l2tp.l2_spec_sequence", "Sequence Number"),
    MESSAGE = FieldDef::u16("l2tp.avp.message_type", "Message Type").names(MESSAGES),
}

/// The Layer Two Tunneling Protocol.
pub struct L2tp;

impl Protocol for L2tp {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 3931", "RFC 2661"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::UdpPort(1701), OVER_IP]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        if found.claim == OVER_IP {
            return Some(v3::over_ip(&part, walk));
        }
        let bits = part.number(0, 2)?;
        match bits & 0x000f {
            2 => {}
            3 => return Some(v3::over_udp(&part, walk)),
            _ => return None,
        }
        walk.group(&part, head(bits), PROTO, format_args!("Version 2"));
        walk.open(&part, 0, 2, FLAGS);
        for field in [TYPE, LENGTH_BIT, SEQUENCE_BIT, OFFSET_BIT, PRIORITY, VERSION] {
            walk.tell(&part, 0, 2, field);
        }
        walk.close();
        let next = describe(&part, bits, walk);
        walk.close();
        Some(next)
    }
}

/// What version 3 is over IP itself.
const OVER_IP: Claim<'static> = Claim::IpProtocol(115);

const CONTROL: u64 = 0x8000;
const HAS_LENGTH: u64 = 0x4000;
const HAS_SEQUENCE: u64 = 0x0800;
const HAS_OFFSET: u64 = 0x0200;

/// The length of the header but for the padding that an offset may ask for.
const fn head(bits: u64) -> usize {
    let length = if bits & HAS_LENGTH == 0 { 0 } else { 2 };
    let sequence = if bits & HAS_SEQUENCE == 0 { 0 } else { 4 };
    let offset = if bits & HAS_OFFSET == 0 { 0 } else { 2 };
    2 + length + 4 + sequence + offset
}

/// Tells the fields behind the flags (RFC 2661, section 3.1), and what a control message is.
fn describe<'a>(part: &Part<'a>, bits: u64, walk: &mut Walk<'_>) -> Next<'a> {
    let (has, mut at) = (|bit| bits & bit != 0, 2);
    let mut whole = *part;
    if has(HAS_LENGTH) {
        walk.tell(part, at, 2, LENGTH);
        whole = part.number(at, 2).map_or(whole, |len| part.upto(len as usize));
        at += 2;
    }
    let (tunnel, session) = (part.number(at, 2), part.number(at + 2, 2));
    walk.tell(part, at, 2, TUNNEL);
    walk.tell(part, at + 2, 2, SESSION);
    at += 4;
    if has(HAS_SEQUENCE) {
        walk.tell(part, at, 2, NS);
        walk.tell(part, at + 2, 2, NR);
        at += 4;
    }
    if has(HAS_OFFSET) {
        walk.tell(part, at, 2, OFFSET);
        at += 2 + part.number(at, 2).unwrap_or(0) as usize;
    }
    let (Some(tunnel), Some(session)) = (tunnel, session) else {
        walk.stop(part, "L2TP", format_args!("a header takes {} bytes", head(bits)));
        walk.summary(format_args!("L2TP, not readable"));
        return Next::Nothing;
    };
    if !has(CONTROL) {
        walk.summary(format_args!("Data Message (tunnel id={tunnel}, session id={session})"));
        return Next::ether(EtherType(PPP), whole.after(at));
    }
    // The first value is the message's type: six bytes of header, then two (section 4.4.1).
    let is_type = whole.number(at + 2, 4) == Some(0);
    if is_type {
        walk.tell(&whole, at + 6, 2, MESSAGE);
    }
    let kind = whole.number(at + 6, 2).filter(|_| is_type);
    let name = match kind {
        Some(kind) => MESSAGE.def().name_of(kind).unwrap_or("Unknown"),
        // An acknowledgement carries nothing (section 5.8).
        None => "ZLB",
    };
    walk.summary(format_args!(
        "Control Message - {name} (tunnel id={tunnel}, session id={session})"
    ));
    Next::Nothing
}

/// PPP, as GRE numbers it.
const PPP: u16 = 0x880b;
