//! Who calls proves who it is: by a password in the clear (PAP, RFC 1334), or by a value that only
//! who knows the password can answer (CHAP, RFC 1994).

use super::control::{self, Control, counted, whole};
use crate::bytes::Lossy;
use crate::field::{FieldDef, FieldId, Names};
use crate::fields;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};

/// PAP.
pub mod pap {
    use super::*;

    const CODES: Names =
        &[(1, "Authenticate-Request"), (2, "Authenticate-Ack"), (3, "Authenticate-Nak")];

    const REQUEST: u64 = 1;

    fields! { "pap", "PPP PAP";
        PROTO = FieldDef::group("pap", "PPP Password Authentication Protocol"),
        CODE = FieldDef::u8("pap.code", "Code").names(CODES),
        IDENTIFIER = FieldDef::u8("pap.identifier", "Identifier"),
        LENGTH = FieldDef::u16("pap.length", "Length"),
        PEER_LENGTH = FieldDef::u8("pap.peer_id.length", "Peer-ID-Length"),
        PEER = FieldDef::text("pap.peer_id", "Peer-ID"),
        PASSWORD_LENGTH = FieldDef::u8("pap.password.length", "Password-Length"),
        PASSWORD = FieldDef::text("pap.password", "Password"),
        MESSAGE_LENGTH = FieldDef::u8("pap.message.length", "Message-Length"),
        MESSAGE = FieldDef::text("pap.message", "Message"),
    }

    /// The Password Authentication Protocol.
    pub struct Pap;

    impl Protocol for Pap {
        fn heading(&self) -> FieldId {
            HEADING
        }

        fn standards(&self) -> &'static [&'static str] {
            &["RFC 1334"]
        }

        fn claims(&self) -> &'static [Claim<'static>] {
            &[Claim::Ppp(0xc023)]
        }

        fn fields(&self) -> &'static [FieldDef] {
            FIELDS
        }

        fn header<'a>(&self, part: Part<'a>, _: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
            let head = Control { group: PROTO, code: CODE, identifier: IDENTIFIER, length: LENGTH };
            match control::head(&part, &head, walk) {
                Some((REQUEST, body)) => {
                    let rest = counted(&body, PEER_LENGTH, PEER, walk);
                    counted(&rest, PASSWORD_LENGTH, PASSWORD, walk);
                    // The row of a packet that shows a password need not show it, too.
                    let len = body.number(0, 1).unwrap_or_default() as usize;
                    if let (Some(peer), Some(name)) =
                        (body.get(1, len), CODE.def().name_of(REQUEST))
                    {
                        walk.summary(format_args!("{name} (Peer-ID='{}')", Lossy(peer)));
                    }
                }
                Some((_, body)) if body.wire > 0 => {
                    counted(&body, MESSAGE_LENGTH, MESSAGE, walk);
                }
                _ => {}
            }
            walk.close();
            Some(Next::Nothing)
        }
    }
}

/// CHAP.
pub mod chap {
    use super::*;

    const CODES: Names = &[(1, "Challenge"), (2, "Response"), (3, "Success"), (4, "Failure")];

    fields! { "chap", "PPP CHAP";
        PROTO = FieldDef::group("chap", "PPP Challenge Handshake Authentication Protocol"),
        CODE = FieldDef::u8("chap.code", "Code").names(CODES),
        IDENTIFIER = FieldDef::u8("chap.identifier", "Identifier"),
        LENGTH = FieldDef::u16("chap.length", "Length"),
        VALUE_SIZE = FieldDef::u8("chap.value_size", "Value Size"),
        VALUE = FieldDef::bytes("chap.value", "Value"),
        NAME = FieldDef::text("chap.name", "Name"),
        MESSAGE = FieldDef::text("chap.message", "Message"),
        STUFF = FieldDef::bytes("chap.stuff", "Stuff"),
    }

    /// The Challenge Handshake Authentication Protocol.
    pub struct Chap;

    impl Protocol for Chap {
        fn heading(&self) -> FieldId {
            HEADING
        }

        fn standards(&self) -> &'static [&'static str] {
            &["RFC 1994", "RFC 2433", "RFC 2759"]
        }

        fn claims(&self) -> &'static [Claim<'static>] {
            &[Claim::Ppp(0xc223)]
        }

        fn fields(&self) -> &'static [FieldDef] {
            FIELDS
        }

        fn header<'a>(&self, part: Part<'a>, _: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
            let head = Control { group: PROTO, code: CODE, identifier: IDENTIFIER, length: LENGTH };
            match control::head(&part, &head, walk) {
                Some((code @ (1 | 2), body)) => {
                    let name = counted(&body, VALUE_SIZE, VALUE, walk);
                    whole(&name, NAME, walk);
                    if let Some(title) = CODE.def().name_of(code) {
                        walk.summary(format_args!("{title} (NAME='{}')", Lossy(name.bytes)));
                    }
                }
                Some((3 | 4, body)) => whole(&body, MESSAGE, walk),
                Some((_, body)) => whole(&body, STUFF, walk),
                None => {}
            }
            walk.close();
            Some(Next::Nothing)
        }
    }
}
