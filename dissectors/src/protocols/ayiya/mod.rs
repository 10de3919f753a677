//! AYIYA, Anything In Anything: IPv6 over UDP to a tunnel broker, each packet signed
//! (draft-massar-v6ops-ayiya-02).

use etherparse::IpNumber;

use crate::field::{FieldDef, FieldId, Kind, Value};
use crate::fields;
use crate::headers::names::IP_NUMBERS;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};

fields! { "ayiya", "AYIYA";
    PROTO = FieldDef::group("ayiya", "Anything in Anything Protocol"),
    ID_LEN = FieldDef::u8("ayiya.idlen", "Identity field length").hex().computed(),
    ID_TYPE = FieldDef::u8("ayiya.idtype", "Identity field type").hex().mask(0x0f).names(&[
        (0, "None"), (1, "Integer"), (2, "ASCII string"),
    ]),
    SIGNATURE_LEN = FieldDef::u8("ayiya.siglen", "Signature Length").hex().computed(),
    HASH = FieldDef::u8("ayiya.hashmethod", "Hash method").hex().mask(0x0f).names(&[
        (0, "No hash"), (1, "MD5"), (2, "SHA1"), (3, "UMAC"),
    ]),
    AUTH = FieldDef::u8("ayiya.authmethod", "Authentication method").hex().mask(0xf0).names(&[
        (0, "No authentication"), (1, "Hash using a Shared Secret"), (2, "Hash using a public/private key method"),
    ]),
    OPCODE = FieldDef::u8("ayiya.opcode", "Operation Code").hex().mask(0x0f).names(&[
        (0, "No Operation / Heartbeat"), (1, "Forward"), (2, "Echo Request"),
        (3, "Echo Request and Forward"), (4, "Echo Response"), (5, "MOTD"), (6, "Query Request"),
        (7, "Query Response"),
    ]),
    NEXT_HEADER = FieldDef::u8("ayiya.nextheader", "Next Header").hex().names(IP_NUMBERS),
    EPOCH = FieldDef::of("ayiya.epoch", "Epoch", Kind::Time).computed(),
    IDENTITY = FieldDef::bytes("ayiya.identity", "Identity"),
    SIGNATURE = FieldDef::bytes("ayiya.signature", "Signature"),
}

/// AYIYA.
pub struct Ayiya;

impl Protocol for Ayiya {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["draft-massar-v6ops-ayiya-02"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::UdpPort(5072)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        let (lens, next) = (part.number(0, 2)?, part.number(3, 1)?);
        // The identity's length is a power of two, the signature's counts words of four bytes.
        let identity = 1usize << (lens >> 12 & 0xf);
        let signature = (lens >> 4 & 0xf) as usize * 4;
        let len = FIXED + identity + signature;
        part.get(0, len)?;
        walk.plain_group(part.place(0, len), PROTO);
        walk.work_out(ID_LEN, Value::Unsigned(identity as u64), part.place(0, 1));
        walk.tell(&part, 0, 1, ID_TYPE);
        walk.work_out(SIGNATURE_LEN, Value::Unsigned(signature as u64), part.place(1, 1));
        walk.tell(&part, 1, 1, HASH);
        walk.tell(&part, 2, 1, AUTH);
        walk.tell(&part, 2, 1, OPCODE);
        walk.tell(&part, 3, 1, NEXT_HEADER);
        let epoch = part.number(4, 4).unwrap_or(0) * 1_000_000_000;
        walk.work_out(EPOCH, Value::Unsigned(epoch), part.place(4, 4));
        walk.tell(&part, FIXED, identity, IDENTITY);
        walk.tell(&part, FIXED + identity, signature, SIGNATURE);
        walk.close();
        walk.summary(format_args!("AYIYA"));
        match part.number(2, 1).map(|byte| byte & 0x0f) {
            // Forward, and echo and forward.
            Some(1 | 3) => Some(Next::ip(IpNumber(next as u8), part.after(len), found.ends?)),
            _ => Some(Next::Nothing),
        }
    }
}

/// The length without identity and signature.
const FIXED: usize = 8;
