//! PPI: per-packet information before a frame of any link type. What it says of the radio is not
//! read.
//!
//! ```text
//!   version │ flags │ length (2) │ link type (4) │ information │ frame
//! ```
//!
//! Numbers are little-endian.

use crate::field::{FieldDef, FieldId, Value};
use crate::fields;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};
use crate::sink::Severity;

fields! { "ppi", "PPI";
    PROTO = FieldDef::group("ppi", "PPI"),
    VERSION = FieldDef::u8("ppi.version", "Version"),
    FLAGS = FieldDef::u8("ppi.flags", "Flags").hex(),
    LENGTH = FieldDef::u16("ppi.length", "Header length").computed(),
    DLT = FieldDef::u32("ppi.dlt", "DLT").computed(),
}

/// Per-packet information.
pub struct Ppi;

impl Protocol for Ppi {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::Link(192)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        Some(describe(part, walk))
    }
}

/// Length of the fixed part.
const HEAD: usize = 8;

fn describe<'a>(part: Part<'a>, walk: &mut Walk<'_>) -> Next<'a> {
    let len = part.little(2, 2).unwrap_or_default() as usize;
    let link = part.little(4, 4).and_then(|link| u16::try_from(link).ok());
    walk.plain_group(part.place(0, len), PROTO);
    walk.tell(&part, 0, 1, VERSION);
    walk.tell(&part, 1, 1, FLAGS);
    if let (Some(len), Some(link)) = (part.little(2, 2), part.little(4, 4)) {
        walk.work_out(LENGTH, Value::Unsigned(len), part.place(2, 2));
        walk.work_out(DLT, Value::Unsigned(link), part.place(4, 4));
    }
    walk.close();
    match link {
        Some(link) if (HEAD..=part.wire).contains(&len) => {
            Next::claimed(Claim::Link(link), part.after(len))
        }
        _ => {
            let text = format_args!("PPI claims {len} bytes, but there are {}", part.wire);
            walk.note(Severity::Broken, part.span, text);
            walk.summary(format_args!("PPI, not readable"));
            Next::Nothing
        }
    }
}
