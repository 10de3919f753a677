//! EAPOL (IEEE 802.1X): who may use a link asks for it here, before anything else passes.

use crate::field::{FieldDef, FieldId, Names};
use crate::fields;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};

const TYPES: Names = &[
    (0, "EAP Packet"),
    (1, "Start"),
    (2, "Logoff"),
    (3, "Key"),
    (4, "Encapsulated ASF Alert"),
    (5, "MKA"),
];

const KEYS: Names = &[(1, "RC4 Descriptor"), (2, "EAPOL RSN Key"), (254, "EAPOL WPA key")];

fields! { "eapol", "EAPOL";
    PROTO = FieldDef::group("eapol", "802.1X Authentication"),
    VERSION = FieldDef::u8("eapol.version", "Version"),
    TYPE = FieldDef::u8("eapol.type", "Type").names(TYPES),
    LEN = FieldDef::u16("eapol.len", "Length"),
    KEY_TYPE = FieldDef::u8("eapol.keydes.type", "Key Descriptor Type").names(KEYS),
}

/// Access to a link.
pub struct Eapol;

impl Protocol for Eapol {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["IEEE 802.1X"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::EtherType(0x888e)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        Some(describe(part, walk))
    }
}

/// Length of the head.
const HEAD: usize = 4;

const EAP: u64 = 0;
const KEY: u64 = 3;

fn describe<'a>(part: Part<'a>, walk: &mut Walk<'_>) -> Next<'a> {
    let (kind, len) = (part.number(1, 1), part.number(2, 2).unwrap_or_default() as usize);
    walk.plain_group(part.place(0, HEAD), PROTO);
    walk.tell(&part, 0, 1, VERSION);
    walk.tell(&part, 1, 1, TYPE);
    walk.tell(&part, 2, 2, LEN);
    let body = part.after(HEAD).upto(len);
    if kind == Some(KEY) {
        walk.tell(&body, 0, 1, KEY_TYPE);
    }
    if part.get(0, HEAD).is_none() {
        walk.stop(&part, "EAPOL", format_args!("it takes {HEAD} bytes"));
    }
    walk.close();
    match kind.and_then(|kind| TYPE.def().name_of(kind)) {
        Some(name) => walk.summary(format_args!("{name}")),
        None => walk.summary(format_args!("EAPOL")),
    }
    if kind == Some(EAP) { Next::named("eap", body) } else { Next::Nothing }
}
