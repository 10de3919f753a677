//! LCP (RFC 1661, sections 5 and 6): the two ends of a line settle how it is used, and later ask
//! each other whether they are still there.

use super::control::{self, CODES, Control, Options, whole};
use crate::field::{FieldDef, FieldId, Kind, Names};
use crate::fields;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};

/// Options that are met (RFC 1661, section 6; RFC 1570; RFC 1990).
const OPTIONS: Names = &[
    (0, "Vendor Specific"),
    (1, "Maximum Receive Unit"),
    (2, "Async Control Character Map"),
    (3, "Authentication Protocol"),
    (4, "Quality Protocol"),
    (5, "Magic Number"),
    (7, "Protocol Field Compression"),
    (8, "Address and Control Field Compression"),
    (9, "FCS Alternatives"),
    (13, "Callback"),
    (17, "Multilink MRRU"),
    (18, "Multilink Short Sequence Number Header"),
    (19, "Multilink Endpoint Discriminator"),
    (23, "Link Discriminator for BAP"),
];

const AUTHENTICATION: Names = &[
    (0xc023, "Password Authentication Protocol"),
    (0xc223, "Challenge Handshake Authentication Protocol"),
    (0xc227, "Extensible Authentication Protocol"),
];

const ALGORITHMS: Names =
    &[(5, "CHAP with MD5"), (6, "CHAP with SHA-1"), (128, "MS-CHAP"), (129, "MS-CHAP-2")];

const CLASSES: Names = &[
    (0, "Null"),
    (1, "Locally assigned address"),
    (2, "Internet Protocol (IP) address"),
    (3, "IEEE 802.1 globally assigned MAC address"),
    (4, "PPP magic-number block"),
    (5, "Public switched network directory number"),
];

fields! { "lcp", "PPP LCP";
    PROTO = FieldDef::group("lcp", "PPP Link Control Protocol"),
    CODE = FieldDef::u8("ppp.code", "Code").names(CODES),
    IDENTIFIER = FieldDef::u8("ppp.identifier", "Identifier"),
    LENGTH = FieldDef::u16("ppp.length", "Length"),
    OPTION = FieldDef::u8("lcp.opt.type", "Type").names(OPTIONS),
    OPTION_LENGTH = FieldDef::u8("lcp.opt.length", "Length"),
    OPTION_DATA = FieldDef::bytes("lcp.opt.data", "Data"),
    MRU = FieldDef::u16("lcp.opt.mru", "Maximum Receive Unit"),
    ASYNC_MAP = FieldDef::u32("lcp.opt.asyncmap", "Async Control Character Map").hex(),
    AUTH = FieldDef::u16("lcp.opt.auth_protocol", "Authentication Protocol").hex()
        .names(AUTHENTICATION),
    ALGORITHM = FieldDef::u8("lcp.opt.algorithm", "Algorithm").names(ALGORITHMS),
    QUALITY = FieldDef::u16("lcp.opt.quality_protocol", "Quality Protocol").hex(),
    PERIOD = FieldDef::u32("lcp.opt.reporting_period", "Reporting Period"),
    OPTION_MAGIC = FieldDef::u32("lcp.opt.magic_number", "Magic Number").hex(),
    OPERATION = FieldDef::u8("lcp.opt.operation", "Operation"),
    CALLBACK = FieldDef::bytes("lcp.opt.message", "Message"),
    MRRU = FieldDef::u16("lcp.opt.mrru", "MRRU"),
    CLASS = FieldDef::u8("lcp.opt.ep_disc_class", "Class").names(CLASSES),
    CLASS_IP = FieldDef::of("lcp.opt.ip_address", "IP Address", Kind::Ipv4),
    CLASS_LINK = FieldDef::of("lcp.opt.802_1_address", "IEEE 802.1 Address", Kind::Ether),
    MAGIC = FieldDef::u32("lcp.magic_number", "Magic Number").hex(),
    REJECTED = FieldDef::u16("lcp.rej_proto", "Rejected Protocol").hex(),
    MESSAGE = FieldDef::text("lcp.message", "Message"),
    REMAINING = FieldDef::u32("lcp.secs_remaining", "Seconds Remaining"),
    DATA = FieldDef::bytes("lcp.data", "Data"),
}

/// The Link Control Protocol.
pub struct Lcp;

impl Protocol for Lcp {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 1661", "RFC 1570", "RFC 1990"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::Ppp(0xc021)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        let fields = Control { group: PROTO, code: CODE, identifier: IDENTIFIER, length: LENGTH };
        let options = Options { kind: OPTION, length: OPTION_LENGTH, value };
        if let Some((code, body)) = control::packet(&part, &fields, &options, walk) {
            other(code, &body, walk);
        }
        walk.close();
        Some(Next::Nothing)
    }
}

/// Tells the value of an option.
fn value(kind: u64, value: &Part<'_>, walk: &mut Walk<'_>) {
    const CHAP: u64 = 0xc223;
    match kind {
        1 => walk.tell(value, 0, 2, MRU),
        2 => walk.tell(value, 0, 4, ASYNC_MAP),
        3 => {
            walk.tell(value, 0, 2, AUTH);
            if value.number(0, 2) == Some(CHAP) {
                walk.tell(value, 2, 1, ALGORITHM);
            }
        }
        4 => {
            walk.tell(value, 0, 2, QUALITY);
            walk.tell(value, 2, 4, PERIOD);
        }
        5 => walk.tell(value, 0, 4, OPTION_MAGIC),
        7 | 8 | 18 => {}
        13 => {
            walk.tell(value, 0, 1, OPERATION);
            whole(&value.after(1), CALLBACK, walk);
        }
        17 => walk.tell(value, 0, 2, MRRU),
        19 => {
            walk.tell(value, 0, 1, CLASS);
            match value.number(0, 1) {
                Some(2) => walk.tell(value, 1, 4, CLASS_IP),
                Some(3) => walk.tell(value, 1, 6, CLASS_LINK),
                _ => whole(&value.after(1), OPTION_DATA, walk),
            }
        }
        _ => whole(value, OPTION_DATA, walk),
    }
}

/// Tells what a packet without options carries (RFC 1661, sections 5.4 to 5.9; RFC 1570,
/// section 1).
fn other(code: u64, body: &Part<'_>, walk: &mut Walk<'_>) {
    let rest = match code {
        8 => {
            walk.tell(body, 0, 2, REJECTED);
            body.after(2)
        }
        9..=11 => {
            walk.tell(body, 0, 4, MAGIC);
            body.after(4)
        }
        12 => {
            walk.tell(body, 0, 4, MAGIC);
            return whole(&body.after(4), MESSAGE, walk);
        }
        13 => {
            walk.tell(body, 0, 4, MAGIC);
            walk.tell(body, 4, 4, REMAINING);
            return whole(&body.after(8), MESSAGE, walk);
        }
        _ => *body,
    };
    whole(&rest, DATA, walk);
}
