//! PGM (RFC 3208): reliable multicast: who misses a packet says so, and it is sent again.
//!
//! ```text
//!   ports ×4 │ type │ options │ checksum ×2 │ source's name ×6 │ data's length ×2    (section 8)
//!   then, by type: numbers, addresses, data
//! ```

use crate::field::{FieldDef, FieldId, Kind, Names};
use crate::fields;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};

const TYPES: Names = &[
    (0x00, "SPM"),
    (0x01, "POLL"),
    (0x02, "POLR"),
    (0x04, "ODATA"),
    (0x05, "RDATA"),
    (0x08, "NAK"),
    (0x09, "NNAK"),
    (0x0a, "NCF"),
    (0x0c, "SPMR"),
    (0x0d, "ACK"),
];

fields! { "pgm", "PGM";
    PROTO = FieldDef::group("pgm", "Pragmatic General Multicast"),
    SOURCE = FieldDef::u16("pgm.hdr.sport", "Source Port"),
    DESTINATION = FieldDef::u16("pgm.hdr.dport", "Destination Port"),
    PORT = FieldDef::u16("pgm.port", "Port").hidden(),
    TYPE = FieldDef::u8("pgm.hdr.type", "Type").hex().names(TYPES),
    OPTIONS = FieldDef::u8("pgm.hdr.opts", "Options").hex(),
    PRESENT = FieldDef::flag("pgm.hdr.opts.opt", "Options", 0x01),
    SIGNIFICANT = FieldDef::flag("pgm.hdr.opts.netsig", "Network Significant Options", 0x02),
    VARIABLE = FieldDef::flag("pgm.hdr.opts.varlen", "Variable length Parity Packet Option", 0x40),
    PARITY = FieldDef::flag("pgm.hdr.opts.parity", "Parity", 0x80),
    CHECKSUM = FieldDef::u16("pgm.hdr.cksum", "Checksum").hex(),
    NAME = FieldDef::bytes("pgm.hdr.gsi", "Global Source Identifier"),
    DATA_LENGTH = FieldDef::u16("pgm.hdr.tsdulen", "Transport Service Data Unit Length"),
    PATH_NUMBER = FieldDef::u32("pgm.spm.sqn", "Sequence number").hex(),
    PATH_TRAIL = FieldDef::u32("pgm.spm.trail", "Trailing Edge Sequence Number").hex(),
    PATH_LEAD = FieldDef::u32("pgm.spm.lead", "Leading Edge Sequence Number").hex(),
    PATH_FAMILY = FieldDef::u16("pgm.spm.pathafi", "Path NLA AFI"),
    PATH_V4 = FieldDef::of("pgm.spm.path.ipv4", "Path NLA", Kind::Ipv4),
    PATH_V6 = FieldDef::of("pgm.spm.path.ipv6", "Path NLA", Kind::Ipv6),
    LOST_NUMBER = FieldDef::u32("pgm.nak.sqn", "Requested Sequence Number").hex(),
    LOST_FAMILY = FieldDef::u16("pgm.nak.srcafi", "Source NLA AFI"),
    LOST_V4 = FieldDef::of("pgm.nak.src.ipv4", "Source NLA", Kind::Ipv4),
    LOST_V6 = FieldDef::of("pgm.nak.src.ipv6", "Source NLA", Kind::Ipv6),
    GROUP_FAMILY = FieldDef::u16("pgm.nak.grpafi", "Multicast Group AFI"),
    GROUP_V4 = FieldDef::of("pgm.nak.grp.ipv4", "Multicast Group NLA", Kind::Ipv4),
    GROUP_V6 = FieldDef::of("pgm.nak.grp.ipv6", "Multicast Group NLA", Kind::Ipv6),
    POLL_NUMBER = FieldDef::u32("pgm.poll.sqn", "Sequence Number").hex(),
    POLL_ROUND = FieldDef::u16("pgm.poll.round", "Round"),
    POLL_SUBTYPE = FieldDef::u16("pgm.poll.subtype", "Subtype").hex(),
    POLL_FAMILY = FieldDef::u16("pgm.poll.pathafi", "Path NLA AFI"),
    POLL_V4 = FieldDef::of("pgm.poll.path.ipv4", "Path NLA", Kind::Ipv4),
    POLL_V6 = FieldDef::of("pgm.poll.path.ipv6", "Path NLA", Kind::Ipv6),
    REPLY_NUMBER = FieldDef::u32("pgm.polr.sqn", "Sequence Number").hex(),
    REPLY_ROUND = FieldDef::u16("pgm.polr.round", "Round"),
    ACK_NUMBER = FieldDef::u32("pgm.ack.maxsqn", "Maximum Received Sequence Number").hex(),
    ACK_BITMAP = FieldDef::u32("pgm.ack.bitmap", "Packet Bitmap").hex(),
}

/// Length of the head.
const HEAD: usize = 16;

/// Pragmatic General Multicast.
pub struct Pgm;

impl Protocol for Pgm {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 3208"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::IpProtocol(113)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        walk.plain_group(part.span, PROTO);
        for (at, field) in [(0, SOURCE), (2, DESTINATION), (0, PORT), (2, PORT)] {
            walk.tell(&part, at, 2, field);
        }
        walk.tell(&part, 4, 1, TYPE);
        walk.open(&part, 5, 1, OPTIONS);
        for field in [PRESENT, SIGNIFICANT, VARIABLE, PARITY] {
            walk.tell(&part, 5, 1, field);
        }
        walk.close();
        walk.tell(&part, 6, 2, CHECKSUM);
        walk.tell(&part, 8, 6, NAME);
        walk.tell(&part, 14, 2, DATA_LENGTH);
        if part.get(0, HEAD).is_none() {
            walk.stop(&part, "PGM", format_args!("a head takes {HEAD} bytes"));
        }
        let kind = part.number(4, 1).unwrap_or_default();
        let body = part.after(HEAD);
        body_of(kind, &body, walk);
        walk.close();
        let number = body.number(0, 4).unwrap_or_default();
        let ports = [0, 2].map(|at| part.number(at, 2).unwrap_or_default());
        let [from, to] = ports;
        match TYPE.def().name_of(kind) {
            Some(name) => walk.summary(format_args!("{from} → {to} [{name}] Number={number}")),
            None => walk.summary(format_args!("{from} → {to} [Type {kind}]")),
        }
        Some(Next::Nothing)
    }
}

/// Tells what a packet of this type says behind the head (section 8).
fn body_of(kind: u64, part: &Part<'_>, walk: &mut Walk<'_>) {
    match kind {
        0x00 => {
            walk.tell(part, 0, 4, PATH_NUMBER);
            walk.tell(part, 4, 4, PATH_TRAIL);
            walk.tell(part, 8, 4, PATH_LEAD);
            address(part, 12, [PATH_FAMILY, PATH_V4, PATH_V6], walk);
        }
        0x01 => {
            walk.tell(part, 0, 4, POLL_NUMBER);
            walk.tell(part, 4, 2, POLL_ROUND);
            walk.tell(part, 6, 2, POLL_SUBTYPE);
            address(part, 8, [POLL_FAMILY, POLL_V4, POLL_V6], walk);
        }
        0x02 => {
            walk.tell(part, 0, 4, REPLY_NUMBER);
            walk.tell(part, 4, 2, REPLY_ROUND);
        }
        0x04 | 0x05 => {
            walk.tell(part, 0, 4, PATH_NUMBER);
            walk.tell(part, 4, 4, PATH_TRAIL);
        }
        0x08..=0x0a => {
            walk.tell(part, 0, 4, LOST_NUMBER);
            let behind = address(part, 4, [LOST_FAMILY, LOST_V4, LOST_V6], walk);
            address(part, behind, [GROUP_FAMILY, GROUP_V4, GROUP_V6], walk);
        }
        0x0d => {
            walk.tell(part, 0, 4, ACK_NUMBER);
            walk.tell(part, 4, 4, ACK_BITMAP);
        }
        _ => {}
    }
}

/// Tells an address behind its family and two zeros; where it ends.
fn address(part: &Part<'_>, at: usize, fields: [FieldId; 3], walk: &mut Walk<'_>) -> usize {
    let [family, v4, v6] = fields;
    walk.tell(part, at, 2, family);
    let start = at + 4;
    // Numbers of IANA (section 8.2): IPv4 and IPv6.
    match part.number(at, 2) {
        Some(1) => {
            walk.tell(part, start, 4, v4);
            start + 4
        }
        Some(2) => {
            walk.tell(part, start, 16, v6);
            start + 16
        }
        _ => start,
    }
}
