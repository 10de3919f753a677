//! ICMP (RFC 792): hosts and routers tell a sender what became of its packets.

use etherparse::{Icmpv4Header, Icmpv4Slice, checksum::Sum16BitWords};

use crate::field::{FieldDef, FieldId, Kind, Names, Value};
use crate::fields;
use crate::headers::names::CHECKSUM_STATUS;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};
use crate::sink::Severity;
use crate::span::Span;

const TYPES: Names = &[
    (0, "Echo (ping) reply"),
    (3, "Destination unreachable"),
    (4, "Source quench (flow control)"),
    (5, "Redirect"),
    (8, "Echo (ping) request"),
    (9, "Router advertisement"),
    (10, "Router solicitation"),
    (11, "Time-to-live exceeded"),
    (12, "Parameter problem"),
    (13, "Timestamp request"),
    (14, "Timestamp reply"),
];

const UNREACHABLE: Names = &[
    (0, "Network unreachable"),
    (1, "Host unreachable"),
    (2, "Protocol unreachable"),
    (3, "Port unreachable"),
    (4, "Fragmentation needed"),
    (5, "Source route failed"),
    (6, "Network unknown"),
    (7, "Host unknown"),
    (9, "Network administratively prohibited"),
    (10, "Host administratively prohibited"),
    (13, "Communication administratively filtered"),
];

const REDIRECT: Names = &[
    (0, "Redirect for network"),
    (1, "Redirect for host"),
    (2, "Redirect for TOS and network"),
    (3, "Redirect for TOS and host"),
];

const EXCEEDED: Names =
    &[(0, "Time to live exceeded in transit"), (1, "Fragment reassembly time exceeded")];

fields! { "icmp", "ICMP";
    PROTO = FieldDef::group("icmp", "Internet Control Message Protocol"),
    TYPE = FieldDef::u8("icmp.type", "Type").names(TYPES),
    CODE = FieldDef::u8("icmp.code", "Code"),
    CODE_UNREACHABLE = FieldDef::u8("icmp.code", "Code").names(UNREACHABLE),
    CODE_REDIRECT = FieldDef::u8("icmp.code", "Code").names(REDIRECT),
    CODE_EXCEEDED = FieldDef::u8("icmp.code", "Code").names(EXCEEDED),
    CHECKSUM = FieldDef::u16("icmp.checksum", "Checksum").hex(),
    STATUS = FieldDef::u8("icmp.checksum.status", "Checksum Status").computed()
        .names(CHECKSUM_STATUS),
    IDENT = FieldDef::u16("icmp.ident", "Identifier (BE)"),
    IDENT_LE = FieldDef::u16("icmp.ident_le", "Identifier (LE)").computed(),
    SEQ = FieldDef::u16("icmp.seq", "Sequence Number (BE)"),
    SEQ_LE = FieldDef::u16("icmp.seq_le", "Sequence Number (LE)").computed(),
    UNUSED = FieldDef::bytes("icmp.unused", "Unused"),
    MTU = FieldDef::u16("icmp.mtu", "MTU of next hop"),
    GATEWAY = FieldDef::of("icmp.redir_gw", "Gateway Address", Kind::Ipv4),
}

/// The Internet Control Message Protocol.
pub struct Icmp;

impl Protocol for Icmp {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 792", "RFC 1191"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::IpProtocol(1)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        Some(describe(part, walk))
    }
}

/// The length of the part all messages have: type, code, checksum and four bytes of their own.
const HEAD: usize = Icmpv4Header::MIN_LEN;

/// Tells an ICMP message, and the packet it quotes.
pub(crate) fn describe<'a>(part: Part<'a>, walk: &mut Walk<'_>) -> Next<'a> {
    let kind = part.number(0, 1);
    let name = kind.and_then(|kind| TYPE.def().name_of(kind)).unwrap_or("Unknown type");
    walk.group(&part, part.bytes.len().min(HEAD), PROTO, format_args!("{name}"));
    walk.tell(&part, 0, 1, TYPE);
    let code = match kind {
        Some(3) => CODE_UNREACHABLE,
        Some(5) => CODE_REDIRECT,
        Some(11) => CODE_EXCEEDED,
        _ => CODE,
    };
    walk.tell(&part, 1, 1, code);
    walk.tell(&part, 2, 2, CHECKSUM);
    checksum(&part, walk);
    if let Err(error) = Icmpv4Slice::from_slice(part.bytes) {
        walk.stop(&part, "ICMP", format_args!("{error}"));
        walk.close();
        walk.summary(format_args!("{name}"));
        return Next::Nothing;
    }
    match kind {
        Some(kind @ (0 | 8)) => echo(&part, kind, name, walk),
        Some(3 | 4 | 5 | 11 | 12) => {
            complaint(&part, kind, walk);
            match part.number(1, 1).and_then(|number| code.def().name_of(number)) {
                Some(why) => walk.summary(format_args!("{name} ({why})")),
                None => walk.summary(format_args!("{name}")),
            }
            let quoted = part.after(HEAD);
            // The quotation is shorter than its own length field says: that is no fault.
            walk.quote(|walk| Next::packet(quoted).describe(walk));
        }
        _ => walk.summary(format_args!("{name}")),
    }
    walk.close();
    Next::Nothing
}

/// Verifies the checksum, which here always covers bytes that were really sent.
fn checksum(part: &Part<'_>, walk: &mut Walk<'_>) {
    if part.number(2, 2).is_none() {
        return;
    }
    let status = if part.is_cut() {
        2
    } else if Sum16BitWords::new().add_slice(part.bytes).ones_complement() == 0 {
        1
    } else {
        let text = format_args!("The checksum does not match the message");
        walk.note(Severity::Broken, part.place(2, 2), text);
        0
    };
    walk.work_out(STATUS, Value::Unsigned(status), Span::NONE);
}

fn echo(part: &Part<'_>, kind: u64, name: &str, walk: &mut Walk<'_>) {
    let read = |at| part.number(at, 2).unwrap_or(0);
    let (ident, seq) = (read(4), read(6));
    let swapped = |number: u64| Value::Unsigned((number as u16).swap_bytes().into());
    walk.tell(part, 4, 2, IDENT);
    walk.work_out(IDENT_LE, swapped(ident), part.place(4, 2));
    walk.tell(part, 6, 2, SEQ);
    walk.work_out(SEQ_LE, swapped(seq), part.place(6, 2));
    let pad = if kind == 0 { "   " } else { "" };
    let other = (seq as u16).swap_bytes();
    walk.summary(format_args!("{name}{pad} id=0x{ident:04x}, seq={seq}/{other}"));
}

/// The four bytes that each complaint uses in its own way.
fn complaint(part: &Part<'_>, kind: Option<u64>, walk: &mut Walk<'_>) {
    match (kind, part.number(1, 1)) {
        // RFC 1191, section 4.
        (Some(3), Some(4)) => {
            walk.tell(part, 4, 2, UNUSED);
            walk.tell(part, 6, 2, MTU);
        }
        (Some(5), _) => walk.tell(part, 4, 4, GATEWAY),
        _ => walk.tell(part, 4, 4, UNUSED),
    }
}
