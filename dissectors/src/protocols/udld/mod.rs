//! UDLD (RFC 5171): switches find out whether a link carries frames both ways.
//!
//! ```text
//!   version, opcode │ flags │ checksum ×2 │ type ×2 │ length ×2 │ value …
//! ```

use crate::field::{FieldDef, FieldId, Names};
use crate::fields;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};
use crate::sink::Severity;

const OPCODES: Names = &[(0, "Reserved"), (1, "Probe"), (2, "Echo"), (3, "Flush")];

const TLVS: Names = &[
    (DEVICE_ID, "Device ID"),
    (PORT_ID, "Port ID"),
    (3, "Echo"),
    (4, "Message interval"),
    (5, "Timeout interval"),
    (6, "Device name"),
    (7, "Sequence number"),
];

fields! { "udld", "UDLD";
    PROTO = FieldDef::group("udld", "Unidirectional Link Detection"),
    VERSION = FieldDef::u8("udld.version", "Version").mask(0xe0),
    OPCODE = FieldDef::u8("udld.opcode", "Opcode").mask(0x1f).names(OPCODES),
    FLAGS = FieldDef::u8("udld.flags", "Flags"),
    TIMEOUT = FieldDef::u8("udld.flags.rt", "Recommended timeout").hex().mask(0x01),
    RESYNCH = FieldDef::u8("udld.flags.rsy", "ReSynch").hex().mask(0x02),
    CHECKSUM = FieldDef::u16("udld.checksum", "Checksum").hex(),
    TLV = FieldDef::group("udld.tlv", "TLV"),
    TYPE = FieldDef::u16("udld.tlv.type", "Type").hex().names(TLVS),
    LEN = FieldDef::u16("udld.tlv.len", "Length"),
    DEVICE = FieldDef::text("udld.device_id", "Device ID"),
    PORT = FieldDef::text("udld.sent_through_interface", "Sent through Interface"),
    DATA = FieldDef::bytes("udld.data", "Data"),
}

/// The TLVs that name the sender.
const DEVICE_ID: u64 = 1;
const PORT_ID: u64 = 2;

/// Length of the head, and of that of a TLV.
const HEAD: usize = 4;

/// Unidirectional Link Detection.
pub struct Udld;

impl Protocol for Udld {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 5171"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::Snap(0x00_000c, 0x0111)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        walk.plain_group(part.span, PROTO);
        walk.tell(&part, 0, 1, VERSION);
        walk.tell(&part, 0, 1, OPCODE);
        walk.open(&part, 1, 1, FLAGS);
        walk.tell(&part, 1, 1, TIMEOUT);
        walk.tell(&part, 1, 1, RESYNCH);
        walk.close();
        walk.tell(&part, 2, 2, CHECKSUM);
        if part.get(0, HEAD).is_none() {
            walk.stop(&part, "UDLD", format_args!("it takes {HEAD} bytes"));
        }
        let names = tlvs(part.after(HEAD), walk);
        walk.close();
        let opcode = part.number(0, 1).unwrap_or_default() & 0x1f;
        let opcode = OPCODE.def().name_of(opcode).unwrap_or("UDLD");
        match names {
            [Some(device), Some(port)] => {
                walk.summary(format_args!("{opcode}, Device ID: {device}  Port ID: {port}"));
            }
            _ => walk.summary(format_args!("{opcode}")),
        }
        Some(Next::Nothing)
    }
}

/// Tells what follows the head; the names of the device and its port.
fn tlvs<'a>(mut rest: Part<'a>, walk: &mut Walk<'_>) -> [Option<&'a str>; 2] {
    let mut names = [None; 2];
    while let (Some(kind), Some(len)) = (rest.number(0, 2), rest.number(2, 2)) {
        let len = len as usize;
        if len < HEAD || len > rest.wire {
            let text = format_args!("A TLV claims {len} bytes, and {} are left", rest.wire);
            walk.note(Severity::Broken, rest.place(2, 2), text);
            break;
        }
        let value = rest.upto(len).after(HEAD);
        walk.plain_group(rest.place(0, len), TLV);
        walk.tell(&rest, 0, 2, TYPE);
        walk.tell(&rest, 2, 2, LEN);
        let text = std::str::from_utf8(value.bytes).ok();
        let field = match (kind, &mut names) {
            (DEVICE_ID, [device, _]) => {
                *device = text;
                DEVICE
            }
            (PORT_ID, [_, port]) => {
                *port = text;
                PORT
            }
            _ => DATA,
        };
        walk.tell(&value, 0, value.bytes.len(), field);
        walk.close();
        rest = rest.after(len);
    }
    names
}
