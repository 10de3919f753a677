//! EAP (RFC 3748): the questions and answers of an authentication.

mod message;

use std::fmt::{self, Write};

use crate::engine::session::Session;
use crate::engine::view::View;
use crate::field::{FieldDef, FieldId, Names};
use crate::fields;
use crate::headers::{Found, Next, Part, Walk};
use crate::message::Message;
use crate::protocol::{Claim, Facts, Framing, Likelihood, Protocol};
use crate::sink::Sink;
use crate::telling::Telling;

const CODES: Names = &[
    (1, "Request"),
    (2, "Response"),
    (3, "Success"),
    (4, "Failure"),
    (5, "Initiate"),
    (6, "Finish"),
];

const TYPES: Names = &[
    (1, "Identity"),
    (2, "Notification"),
    (3, "Legacy Nak (Response Only)"),
    (4, "MD5-Challenge EAP"),
    (13, "TLS EAP"),
    (17, "Cisco Wireless EAP"),
    (18, "GSM Subscriber Identity Modules EAP"),
    (21, "Tunneled TLS EAP"),
    (23, "UMTS Authentication and Key Agreement EAP"),
    (25, "Protected EAP"),
    (26, "MS-EAP-Authentication EAP"),
    (43, "Flexible Authentication via Secure Tunneling EAP"),
];

fields! { "eap", "EAP";
    PROTO = FieldDef::group("eap", "Extensible Authentication Protocol"),
    CODE = FieldDef::u8("eap.code", "Code").names(CODES),
    ID = FieldDef::u8("eap.id", "Id"),
    LEN = FieldDef::u16("eap.len", "Length"),
    TYPE = FieldDef::u8("eap.type", "Type").names(TYPES),
    IDENTITY = FieldDef::text("eap.identity", "Identity"),
}

/// The Extensible Authentication Protocol.
pub struct Eap;

impl Protocol for Eap {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 3748"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::Ppp(0xc227)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        Some(describe(part, walk))
    }

    /// What carries it says so.
    fn probe(&self, _bytes: &[u8], _framing: Framing) -> Likelihood {
        Likelihood::No
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        message::open(facts)
    }

    fn summary(&self, message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
        message::summary(message, view, line)
    }

    fn describe(&self, message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
        message::describe(message, view, sink);
    }

    fn tell(&self, message: &Message, view: &View<'_>) -> Option<Telling> {
        message::tell(message, view)
    }
}

/// Length of the head.
const HEAD: usize = 4;

/// The type that asks for a name, and answers with one.
const NAME: u64 = 1;

fn describe<'a>(part: Part<'a>, walk: &mut Walk<'_>) -> Next<'a> {
    walk.plain_group(part.span, PROTO);
    walk.tell(&part, 0, 1, CODE);
    walk.tell(&part, 1, 1, ID);
    walk.tell(&part, 2, 2, LEN);
    let code = part.number(0, 1);
    let body = part.upto(part.number(2, 2).unwrap_or_default() as usize).after(HEAD);
    let name = code.and_then(|code| CODE.def().name_of(code)).unwrap_or("EAP");
    // Only a question and its answer say what they are about.
    let kind = body.number(0, 1).filter(|_| matches!(code, Some(1 | 2)));
    match kind {
        Some(kind) => {
            walk.tell(&body, 0, 1, TYPE);
            if kind == NAME && body.bytes.len() > 1 {
                walk.tell(&body, 1, body.bytes.len() - 1, IDENTITY);
            }
            match TYPE.def().name_of(kind) {
                Some(kind) => walk.summary(format_args!("{name}, {kind}")),
                None => walk.summary(format_args!("{name}, type {kind}")),
            }
        }
        None => walk.summary(format_args!("{name}")),
    }
    if part.get(0, HEAD).is_none() {
        walk.stop(&part, "EAP", format_args!("it takes {HEAD} bytes"));
    }
    walk.close();
    Next::Nothing
}
