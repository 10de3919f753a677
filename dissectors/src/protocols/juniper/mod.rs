//! Juniper's capture headers: what a router says of a frame, before the frame. Read past.
//!
//! ```text
//!   4d 47 43 │ flags │ [ length (2) │ extensions ] │ frame
//! ```

use crate::field::{FieldDef, FieldId};
use crate::fields;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};
use crate::sink::Severity;

fields! { "juniper", "Juniper";
    PROTO = FieldDef::group("juniper", "Juniper"),
    MAGIC = FieldDef::u24("juniper.magic-number", "Magic Number").hex(),
    DIRECTION = FieldDef::u8("juniper.direction", "Direction").hex().mask(0x01)
        .names(&[(0, "Out"), (1, "In")]),
    EXTENSIONS = FieldDef::u16("juniper.ext_total_len", "Extension(s) Total length"),
}

/// Juniper's capture headers.
pub struct Juniper;

impl Protocol for Juniper {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::Link(178), Claim::Link(179), Claim::Link(180), Claim::Link(181)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        Some(describe(part, found, walk))
    }
}

/// The first three bytes.
const NUMBER: u64 = 0x004d_4743;

/// Length of the fixed part.
const HEAD: usize = 4;

/// Bits of the flags: the frame has lost its link header, and extensions follow.
const IS_BARE: u64 = 0x02;
const HAS_EXTENSIONS: u64 = 0x80;

fn describe<'a>(part: Part<'a>, found: Found, walk: &mut Walk<'_>) -> Next<'a> {
    let flags = part.number(3, 1).unwrap_or_default();
    let extensions = part.number(4, 2).filter(|_| flags & HAS_EXTENSIONS != 0);
    let len = HEAD + extensions.map_or(0, |len| 2 + len as usize);
    walk.plain_group(part.place(0, len), PROTO);
    walk.tell(&part, 0, 3, MAGIC);
    if part.number(0, 3) != Some(NUMBER) {
        walk.note(Severity::Broken, part.place(0, 3), format_args!("Not Juniper's number"));
        walk.close();
        walk.summary(format_args!("Juniper, not readable"));
        return Next::Nothing;
    }
    walk.tell(&part, 3, 1, DIRECTION);
    if extensions.is_some() {
        walk.tell(&part, 4, 2, EXTENSIONS);
    }
    walk.close();
    let rest = part.after(len);
    match found.claim {
        // Four bytes of the router's own stand in place of the link header.
        _ if flags & IS_BARE != 0 => Next::packet(rest.after(4)),
        Claim::Link(179) => Next::claimed(Claim::Link(9), rest),
        Claim::Link(180) => Next::claimed(Claim::Link(107), rest),
        Claim::Link(181) => Next::claimed(Claim::Link(104), rest),
        _ => Next::claimed(Claim::Link(1), rest),
    }
}
