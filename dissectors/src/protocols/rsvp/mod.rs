//! RSVP (RFC 2205; for MPLS: RFC 3209): who receives, or who lays a path, asks the routers on the
//! way for room.
//!
//! ```text
//!   version, flags │ type │ checksum ×2 │ TTL │ 0 │ length ×2 │ objects
//!   object: length ×2 │ class │ form │ value
//! ```

use crate::field::{FieldDef, FieldId, Kind, Names};
use crate::fields;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};
use crate::sink::Severity;

const TYPES: Names = &[
    (1, "PATH Message"),
    (2, "RESV Message"),
    (3, "PATH ERROR Message"),
    (4, "RESV ERROR Message"),
    (5, "PATH TEAR Message"),
    (6, "RESV TEAR Message"),
    (7, "CONFIRM Message"),
    (10, "RESV TEAR CONFIRM Message"),
    (12, "BUNDLE Message"),
    (13, "ACK Message"),
    (15, "SREFRESH Message"),
    (20, "HELLO Message"),
    (21, "NOTIFY Message"),
];

const CLASSES: Names = &[
    (SESSION, "SESSION object"),
    (HOP, "HOP object"),
    (4, "INTEGRITY object"),
    (TIME, "TIME VALUES object"),
    (ERROR, "ERROR object"),
    (7, "SCOPE object"),
    (8, "STYLE object"),
    (9, "FLOWSPEC object"),
    (10, "FILTER SPEC object"),
    (SENDER, "SENDER TEMPLATE object"),
    (12, "SENDER TSPEC object"),
    (13, "ADSPEC object"),
    (14, "POLICY object"),
    (15, "CONFIRM object"),
    (LABEL, "LABEL object"),
    (19, "LABEL REQUEST object"),
    (20, "EXPLICIT ROUTE object"),
    (21, "RECORD ROUTE object"),
    (HELLO, "HELLO object"),
    (23, "MESSAGE-ID object"),
    (24, "MESSAGE-ID ACK/NACK object"),
    (207, "SESSION ATTRIBUTE object"),
];

fields! { "rsvp", "RSVP";
    PROTO = FieldDef::group("rsvp", "Resource ReserVation Protocol (RSVP)"),
    VERSION = FieldDef::u8("rsvp.version", "RSVP Version").mask(0xf0),
    FLAGS = FieldDef::u8("rsvp.flags", "Flags").hex().mask(0x0f),
    TYPE = FieldDef::u8("rsvp.msg", "Message Type").names(TYPES),
    CHECKSUM = FieldDef::u16("rsvp.message_checksum", "Message Checksum").hex(),
    TTL = FieldDef::u8("rsvp.sending_ttl", "Sending TTL"),
    MESSAGE_LENGTH = FieldDef::u16("rsvp.message_length", "Message length"),
    OBJECT = FieldDef::group("rsvp.objects", "Object"),
    LENGTH = FieldDef::u16("rsvp.length", "Length"),
    CLASS = FieldDef::u8("rsvp.object", "Object class").names(CLASSES),
    FORM = FieldDef::u8("rsvp.ctype", "C-type"),
    SESSION_TO = FieldDef::of("rsvp.session.ip", "Destination address", Kind::Ipv4),
    SESSION_PROTOCOL = FieldDef::u8("rsvp.session.proto", "Protocol"),
    SESSION_FLAGS = FieldDef::u8("rsvp.session.flags", "Flags").hex(),
    SESSION_PORT = FieldDef::u16("rsvp.session.port", "Port number"),
    TUNNEL = FieldDef::u16("rsvp.session.tunnel_id", "Tunnel ID"),
    TUNNEL_MORE = FieldDef::u32("rsvp.session.ext_tunnel_id", "Extended tunnel ID"),
    NEIGHBOR = FieldDef::of("rsvp.hop.neighbor_address_ipv4", "Neighbor address", Kind::Ipv4),
    INTERFACE = FieldDef::u32("rsvp.hop.logical_interface", "Logical interface"),
    REFRESH = FieldDef::u32("rsvp.refresh_interval", "Refresh interval"),
    ERROR_AT = FieldDef::of("rsvp.error.error_node_ipv4", "Error node", Kind::Ipv4),
    ERROR_CODE = FieldDef::u8("rsvp.error.error_code", "Error code"),
    SENDER_AT = FieldDef::of("rsvp.sender.ip", "Sender IPv4 address", Kind::Ipv4),
    SENDER_PORT = FieldDef::u16("rsvp.sender.port", "Sender port number"),
    SENDER_PATH = FieldDef::u16("rsvp.sender.lsp_id", "LSP ID"),
    LABEL_VALUE = FieldDef::u32("rsvp.label.label", "Label"),
    HELLO_FROM = FieldDef::u32("rsvp.hello.source_instance", "Source Instance").hex(),
    HELLO_TO = FieldDef::u32("rsvp.hello.destination_instance", "Destination Instance").hex(),
}

/// Classes whose objects are told.
const SESSION: u64 = 1;
const HOP: u64 = 3;
const TIME: u64 = 5;
const ERROR: u64 = 6;
const SENDER: u64 = 11;
const LABEL: u64 = 16;
const HELLO: u64 = 22;

/// The forms of an object that hold addresses of IPv4, and a tunnel's (RFC 3209, section 4.6).
const IPV4: u64 = 1;
const TUNNEL_IPV4: u64 = 7;

/// Length of a message's head, and of an object's.
const HEAD: usize = 8;
const OBJECT_HEAD: usize = 4;

/// The Resource Reservation Protocol.
pub struct Rsvp;

impl Protocol for Rsvp {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 2205", "RFC 3209"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::IpProtocol(46)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        walk.plain_group(part.span, PROTO);
        walk.tell(&part, 0, 1, VERSION);
        walk.tell(&part, 0, 1, FLAGS);
        walk.tell(&part, 1, 1, TYPE);
        walk.tell(&part, 2, 2, CHECKSUM);
        walk.tell(&part, 4, 1, TTL);
        walk.tell(&part, 6, 2, MESSAGE_LENGTH);
        if part.get(0, HEAD).is_none() {
            walk.stop(&part, "RSVP", format_args!("a head takes {HEAD} bytes"));
        }
        objects(part.upto(part.number(6, 2).unwrap_or_default() as usize).after(HEAD), walk);
        walk.close();
        let kind = part.number(1, 1).unwrap_or_default();
        match TYPE.def().name_of(kind) {
            Some(name) => walk.summary(format_args!("{name}")),
            None => walk.summary(format_args!("RSVP, type {kind}")),
        }
        Some(Next::Nothing)
    }
}

/// Tells the objects of a message.
fn objects(mut rest: Part<'_>, walk: &mut Walk<'_>) {
    while let Some(len) = rest.number(0, 2) {
        let len = len as usize;
        if len < OBJECT_HEAD || len > rest.wire {
            let text = format_args!("An object claims {len} bytes, and {} are left", rest.wire);
            walk.note(Severity::Broken, rest.place(0, 2), text);
            break;
        }
        let object = rest.upto(len);
        walk.plain_group(object.span, OBJECT);
        walk.tell(&object, 0, 2, LENGTH);
        walk.tell(&object, 2, 1, CLASS);
        walk.tell(&object, 3, 1, FORM);
        let form = object.number(3, 1).unwrap_or_default();
        value(object.number(2, 1).unwrap_or_default(), form, &object.after(OBJECT_HEAD), walk);
        walk.close();
        rest = rest.after(len);
    }
}

/// Tells the value of one object.
fn value(class: u64, form: u64, part: &Part<'_>, walk: &mut Walk<'_>) {
    match (class, form) {
        (SESSION, IPV4) => {
            walk.tell(part, 0, 4, SESSION_TO);
            walk.tell(part, 4, 1, SESSION_PROTOCOL);
            walk.tell(part, 5, 1, SESSION_FLAGS);
            walk.tell(part, 6, 2, SESSION_PORT);
        }
        (SESSION, TUNNEL_IPV4) => {
            walk.tell(part, 0, 4, SESSION_TO);
            walk.tell(part, 6, 2, TUNNEL);
            walk.tell(part, 8, 4, TUNNEL_MORE);
        }
        (HOP, IPV4) => {
            walk.tell(part, 0, 4, NEIGHBOR);
            walk.tell(part, 4, 4, INTERFACE);
        }
        (TIME, 1) => walk.tell(part, 0, 4, REFRESH),
        (ERROR, IPV4) => {
            walk.tell(part, 0, 4, ERROR_AT);
            walk.tell(part, 5, 1, ERROR_CODE);
        }
        (SENDER, IPV4) => {
            walk.tell(part, 0, 4, SENDER_AT);
            walk.tell(part, 6, 2, SENDER_PORT);
        }
        (SENDER, TUNNEL_IPV4) => {
            walk.tell(part, 0, 4, SENDER_AT);
            walk.tell(part, 6, 2, SENDER_PATH);
        }
        (LABEL, 1) => walk.tell(part, 0, 4, LABEL_VALUE),
        (HELLO, 1 | 2) => {
            walk.tell(part, 0, 4, HELLO_FROM);
            walk.tell(part, 4, 4, HELLO_TO);
        }
        _ => {}
    }
}
