//! The discovery stage: who gives access here, and under which number (RFC 2516, section 5).

use super::{LEN, head};
use crate::field::{FieldDef, FieldId, Names};
use crate::fields;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};
use crate::sink::Severity;

const CODES: Names = &[
    (0x07, "Active Discovery Offer (PADO)"),
    (0x09, "Active Discovery Initiation (PADI)"),
    (0x19, "Active Discovery Request (PADR)"),
    (0x65, "Active Discovery Session-confirmation (PADS)"),
    (0xa7, "Active Discovery Terminate (PADT)"),
];

fields! { "pppoed", "PPPoED";
    PROTO = FieldDef::group("pppoed", "PPP-over-Ethernet Discovery"),
    VERSION = FieldDef::u8("pppoe.version", "Version").mask(0xf0),
    TYPE = FieldDef::u8("pppoe.type", "Type").mask(0x0f),
    CODE = FieldDef::u8("pppoe.code", "Code").hex().names(CODES),
    SESSION_ID = FieldDef::u16("pppoe.session_id", "Session ID").hex(),
    LENGTH = FieldDef::u16("pppoe.payload_length", "Payload Length"),
    TAGS = FieldDef::group("pppoed.tags", "PPPoE Tags"),
    SERVICE_NAME = FieldDef::text("pppoed.tags.service_name", "Service-Name"),
    AC_NAME = FieldDef::text("pppoed.tags.ac_name", "AC-Name"),
    HOST_UNIQ = FieldDef::bytes("pppoed.tags.host_uniq", "Host-Uniq"),
    AC_COOKIE = FieldDef::bytes("pppoed.tags.ac_cookie", "AC-Cookie"),
    RELAY = FieldDef::bytes("pppoed.tags.relay_session_id", "Relay-Session-Id"),
    MAX_PAYLOAD = FieldDef::bytes("pppoed.tags.max_payload", "PPP-Max-Payload"),
}

/// PPPoE, its discovery stage.
pub struct Pppoed;

impl Protocol for Pppoed {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 2516", "RFC 4638"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::EtherType(0x8863)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        Some(describe(part, walk))
    }
}

/// Length of a tag's type and length.
const TAG: usize = 4;

fn describe<'a>(part: Part<'a>, walk: &mut Walk<'_>) -> Next<'a> {
    walk.plain_group(part.place(0, LEN), PROTO);
    if let Some(payload) = head(&part, [VERSION, TYPE, CODE, SESSION_ID, LENGTH], walk) {
        if !payload.bytes.is_empty() {
            walk.plain_group(payload.span, TAGS);
            tags(payload, walk);
            walk.close();
        }
        let code = part.number(1, 1).unwrap_or_default();
        match CODE.def().name_of(code) {
            Some(name) => walk.summary(format_args!("{name}")),
            None => walk.summary(format_args!("PPPoE discovery, code 0x{code:02x}")),
        }
    }
    walk.close();
    Next::Nothing
}

/// Tells the tags (RFC 2516, appendix A), up to the one that ends the list.
fn tags(mut rest: Part<'_>, walk: &mut Walk<'_>) {
    while let (Some(kind), Some(len)) = (rest.number(0, 2), rest.number(2, 2)) {
        let len = len as usize;
        if TAG + len > rest.wire {
            let text = format_args!("A tag claims {len} bytes, and fewer are left");
            walk.note(Severity::Broken, rest.place(2, 2), text);
            return;
        }
        let field = match kind {
            0x0000 => return,
            0x0101 => Some(SERVICE_NAME),
            0x0102 => Some(AC_NAME),
            0x0103 => Some(HOST_UNIQ),
            0x0104 => Some(AC_COOKIE),
            0x0110 => Some(RELAY),
            0x0120 => Some(MAX_PAYLOAD),
            _ => None,
        };
        if let Some(field) = field.filter(|_| len > 0) {
            walk.tell(&rest, TAG, len, field);
        }
        rest = rest.after(TAG + len);
    }
}
