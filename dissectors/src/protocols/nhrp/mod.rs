//! NHRP (RFC 2332): on a network where nobody hears everybody, such as one of tunnels, a host asks
//! a server behind which outer address an inner one lies.
//!
//! ```text
//!   fixed, 20 bytes │ lengths │ flags │ number ×4 │ source's two addresses │ destination's │
//!   entries of clients, or the packet that is complained about │ extensions
//! ```

use crate::field::{FieldDef, FieldId, Kind, Names};
use crate::fields;
use crate::headers::names::ETHER_TYPES;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};
use crate::sink::Severity;

const TYPES: Names = &[
    (1, "NHRP Resolution Request"),
    (2, "NHRP Resolution Reply"),
    (3, "NHRP Registration Request"),
    (4, "NHRP Registration Reply"),
    (5, "NHRP Purge Request"),
    (6, "NHRP Purge Reply"),
    (7, "NHRP Error Indication"),
    (8, "NHRP Traffic Indication"),
];

/// RFC 2332, section 5.2.0.1: how a request went.
const ANSWERS: Names = &[
    (0, "Success"),
    (4, "Administratively Prohibited"),
    (5, "Insufficient Resources"),
    (12, "No Internetworking Layer Address to NBMA Address Binding Exists"),
    (13, "Binding Exists But Is Not Unique"),
    (14, "Unique Internetworking Layer Address Already Registered"),
];

fields! { "nhrp", "NHRP";
    PROTO = FieldDef::group("nhrp", "Next Hop Resolution Protocol"),
    FAMILY = FieldDef::u16("nhrp.hdr.afn", "Address Family Number").hex(),
    PROTOCOL = FieldDef::u16("nhrp.hdr.pro.type", "Protocol Type (short form)").hex()
        .names(ETHER_TYPES),
    HOPS = FieldDef::u8("nhrp.hdr.hopcnt", "Hop Count"),
    LENGTH = FieldDef::u16("nhrp.hdr.pktsz", "Packet Length"),
    CHECKSUM = FieldDef::u16("nhrp.hdr.chksum", "NHRP Packet Checksum").hex(),
    EXTENSIONS_AT = FieldDef::u16("nhrp.hdr.extoff", "Extension Offset"),
    VERSION = FieldDef::u8("nhrp.hdr.version", "Version"),
    TYPE = FieldDef::u8("nhrp.hdr.op.type", "NHRP Packet Type").names(TYPES),
    SOURCE_TL = FieldDef::u8("nhrp.hdr.shtl", "Source Address Type/Len"),
    SOURCE_SUB_TL = FieldDef::u8("nhrp.hdr.sstl", "Source SubAddress Type/Len"),
    SOURCE_LEN = FieldDef::u16("nhrp.src.prot.len", "Source Protocol Len"),
    DESTINATION_LEN = FieldDef::u16("nhrp.dst.prot.len", "Destination Protocol Len"),
    FLAGS = FieldDef::u16("nhrp.flags", "Flags").hex(),
    REQUEST = FieldDef::u32("nhrp.reqid", "Request ID").hex(),
    ERROR = FieldDef::u16("nhrp.err.code", "Error Code"),
    ERROR_AT = FieldDef::u16("nhrp.err.offset", "Error Offset"),
    SOURCE_NBMA = FieldDef::of("nhrp.src.nbma.addr", "Source NBMA Address", Kind::Ipv4),
    SOURCE_NBMA_BYTES = FieldDef::bytes("nhrp.src.nbma.addr_bytes", "Source NBMA Address"),
    SOURCE_SUB = FieldDef::bytes("nhrp.src.nbma.saddr", "Source NBMA Sub Address"),
    SOURCE = FieldDef::of("nhrp.src.prot.addr", "Source Protocol Address", Kind::Ipv4),
    SOURCE_BYTES = FieldDef::bytes("nhrp.src.prot.addr_bytes", "Source Protocol Address"),
    DESTINATION = FieldDef::of("nhrp.dst.prot.addr", "Destination Protocol Address", Kind::Ipv4),
    DESTINATION_BYTES = FieldDef::bytes("nhrp.dst.prot.addr_bytes", "Destination Protocol Address"),
    CODE = FieldDef::u8("nhrp.code", "Code").names(ANSWERS),
    PREFIX = FieldDef::u8("nhrp.prefix", "Prefix Length"),
    MTU = FieldDef::u16("nhrp.mtu", "Max Transmission Unit"),
    HOLDS = FieldDef::u16("nhrp.htime", "Holding Time (s)"),
    CLIENT_TL = FieldDef::u8("nhrp.cli.addr_tl", "Client Address Type/Len"),
    CLIENT_SUB_TL = FieldDef::u8("nhrp.cli.saddr_tl", "Client Sub Address Type/Len"),
    CLIENT_LEN = FieldDef::u8("nhrp.prot.len", "Client Protocol Length"),
    PREFERENCE = FieldDef::u8("nhrp.pref", "CIE Preference Value"),
    CLIENT_NBMA = FieldDef::of("nhrp.client.nbma.addr", "Client NBMA Address", Kind::Ipv4),
    CLIENT_NBMA_BYTES = FieldDef::bytes("nhrp.client.nbma.addr_bytes", "Client NBMA Address"),
    CLIENT_SUB = FieldDef::bytes("nhrp.client.nbma.saddr", "Client NBMA Sub Address"),
    CLIENT = FieldDef::of("nhrp.client.prot.addr", "Client Protocol Address", Kind::Ipv4),
    CLIENT_BYTES = FieldDef::bytes("nhrp.client.prot.addr_bytes", "Client Protocol Address"),
    EXTENSION = FieldDef::u16("nhrp.ext.type", "Extension Type").hex().mask(0x3fff),
    EXTENSION_C = FieldDef::flag("nhrp.ext.c", "Compulsory Flag", 0x8000),
    EXTENSION_LEN = FieldDef::u16("nhrp.ext.len", "Extension length"),
}

/// Bytes of the fixed part, of what precedes the addresses behind it, and of an entry and an
/// extension without what they hold.
const FIXED: usize = 20;
const MANDATORY: usize = 8;
const ENTRY: usize = 12;
const EXTENSION_HEAD: usize = 4;

/// Of an address' type and length, the length.
const LEN_BITS: u64 = 0x3f;

/// The Next Hop Resolution Protocol.
pub struct Nhrp;

impl Protocol for Nhrp {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 2332"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::IpProtocol(54), Claim::EtherType(0x2001)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        walk.plain_group(part.span, PROTO);
        describe(&part, walk);
        walk.close();
        Some(Next::Nothing)
    }
}

fn describe(part: &Part<'_>, walk: &mut Walk<'_>) {
    let head = [
        (0, 2, FAMILY),
        (2, 2, PROTOCOL),
        (9, 1, HOPS),
        (10, 2, LENGTH),
        (12, 2, CHECKSUM),
        (14, 2, EXTENSIONS_AT),
        (16, 1, VERSION),
        (17, 1, TYPE),
        (18, 1, SOURCE_TL),
        (19, 1, SOURCE_SUB_TL),
    ];
    for (at, len, field) in head {
        walk.tell(part, at, len, field);
    }
    let Some(kind) = part.number(17, 1).filter(|_| part.get(0, FIXED + MANDATORY).is_some()) else {
        walk.stop(part, "NHRP", format_args!("a packet takes {} bytes", FIXED + MANDATORY));
        return walk.summary(format_args!("NHRP, not readable"));
    };
    let number = |at: usize, len: usize| part.number(at, len).unwrap_or_default();
    match TYPE.def().name_of(kind) {
        Some(name) => walk.summary(format_args!("{name}, ID={}", number(FIXED + 4, 4))),
        None => walk.summary(format_args!("NHRP, type {kind}")),
    }
    walk.tell(part, FIXED, 1, SOURCE_LEN);
    walk.tell(part, FIXED + 1, 1, DESTINATION_LEN);
    match kind {
        7 => {
            walk.tell(part, FIXED + 4, 2, ERROR);
            walk.tell(part, FIXED + 6, 2, ERROR_AT);
        }
        1..=6 => {
            walk.tell(part, FIXED + 2, 2, FLAGS);
            walk.tell(part, FIXED + 4, 4, REQUEST);
        }
        _ => {}
    }
    // Where the extensions begin, what comes before them ends.
    let claimed = part.upto(number(10, 2) as usize);
    let at = number(14, 2) as usize;
    let body = if at > FIXED { claimed.upto(at) } else { claimed };
    let mut rest = body.after(FIXED + MANDATORY);
    let nbma = (number(18, 1) & LEN_BITS) as usize;
    let sub = (number(19, 1) & LEN_BITS) as usize;
    let lens = [nbma, sub, number(FIXED, 1) as usize, number(FIXED + 1, 1) as usize];
    let fields = [
        (SOURCE_NBMA, SOURCE_NBMA_BYTES),
        (SOURCE_SUB, SOURCE_SUB),
        (SOURCE, SOURCE_BYTES),
        (DESTINATION, DESTINATION_BYTES),
    ];
    for (len, fields) in lens.into_iter().zip(fields) {
        rest = address(rest, len, fields, walk);
    }
    match kind {
        // The beginning of the packet that this is about.
        7 | 8 if rest.number(0, 1).is_some_and(|byte| matches!(byte >> 4, 4 | 6)) => {
            walk.quote(|walk| Next::packet(rest).describe(walk));
        }
        1..=6 => entries(rest, walk),
        _ => {}
    }
    if at > FIXED {
        extensions(claimed.after(at), walk);
    }
}

/// Tells an address, by its length one of IPv4 or bytes; what lies behind it.
fn address<'a>(
    part: Part<'a>,
    len: usize,
    (v4, other): (FieldId, FieldId),
    walk: &mut Walk<'_>,
) -> Part<'a> {
    if len > 0 {
        walk.tell(&part, 0, len, if len == 4 { v4 } else { other });
    }
    part.after(len)
}

/// Tells the entries of clients (RFC 2332, section 5.2.0.1).
fn entries(mut rest: Part<'_>, walk: &mut Walk<'_>) {
    while rest.get(0, ENTRY).is_some() {
        walk.open(&rest, 0, 1, CODE);
        let fields = [
            (1, 1, PREFIX),
            (4, 2, MTU),
            (6, 2, HOLDS),
            (8, 1, CLIENT_TL),
            (9, 1, CLIENT_SUB_TL),
            (10, 1, CLIENT_LEN),
            (11, 1, PREFERENCE),
        ];
        for (at, len, field) in fields {
            walk.tell(&rest, at, len, field);
        }
        let len = |at: usize| (rest.number(at, 1).unwrap_or_default() & LEN_BITS) as usize;
        let lens = [len(8), len(9), rest.number(10, 1).unwrap_or_default() as usize];
        let fields =
            [(CLIENT_NBMA, CLIENT_NBMA_BYTES), (CLIENT_SUB, CLIENT_SUB), (CLIENT, CLIENT_BYTES)];
        rest = rest.after(ENTRY);
        for (len, fields) in lens.into_iter().zip(fields) {
            rest = address(rest, len, fields, walk);
        }
        walk.close();
    }
}

/// Tells extensions up to the one that ends them (RFC 2332, section 5.3.0).
fn extensions(mut rest: Part<'_>, walk: &mut Walk<'_>) {
    const END: u64 = 0;
    // Who answered, and whom a request and its answer passed: entries like those of clients.
    const RESPONDER: u64 = 3;
    const FORWARD: u64 = 4;
    const REVERSE: u64 = 5;
    const NAT: u64 = 9;
    while let Some((kind, len)) = rest.number(0, 2).zip(rest.number(2, 2)) {
        walk.open(&rest, 0, 2, EXTENSION);
        walk.tell(&rest, 0, 2, EXTENSION_C);
        walk.tell(&rest, 2, 2, EXTENSION_LEN);
        let len = EXTENSION_HEAD + len as usize;
        if len > rest.wire {
            let text = format_args!("An extension claims {len} bytes, and {} are left", rest.wire);
            walk.note(Severity::Broken, rest.place(2, 2), text);
        }
        if matches!(kind & 0x3fff, RESPONDER | FORWARD | REVERSE | NAT) {
            entries(rest.upto(len).after(EXTENSION_HEAD), walk);
        }
        walk.close();
        if kind & 0x3fff == END {
            return;
        }
        rest = rest.after(len);
    }
}
