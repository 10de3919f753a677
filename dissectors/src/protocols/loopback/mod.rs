//! The Configuration Testing Protocol (Ethernet 2.0, section 8): a frame that names who is to send
//! it on, and comes back at last. Switches send it to themselves, to find loops.
//!
//! ```text
//!   skip ×2 │ function ×2 │ address ×6, or receipt ×2 │ function … │ data
//! ```
//!
//! Numbers are little-endian, and `skip` says behind how many bytes the next function stands.

use crate::field::{FieldDef, FieldId, Kind, Names, Value};
use crate::fields;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};

const FUNCTIONS: Names = &[(1, "Reply"), (2, "Forward Data")];

fields! { "loop", "LOOP";
    PROTO = FieldDef::group("loop", "Configuration Test Protocol (loopback)"),
    SKIP = FieldDef::u16("loop.skipcount", "skipCount").computed(),
    RELEVANT = FieldDef::u16("loop.relevant_function", "Relevant function").computed()
        .names(FUNCTIONS),
    FUNCTION = FieldDef::u16("loop.function", "Function").computed().names(FUNCTIONS),
    RECEIPT = FieldDef::u16("loop.receipt_number", "Receipt number").computed(),
    ADDRESS = FieldDef::of("loop.forwarding_address", "Forwarding address", Kind::Ether),
}

/// What a function does: it answers, or sends on.
const REPLY: u64 = 1;
const FORWARD: u64 = 2;

/// Bytes of a function with the address behind it.
const FORWARDING: usize = 8;

/// Ethernet's test of itself.
pub struct Loop;

impl Protocol for Loop {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["Ethernet 2.0"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::EtherType(0x9000)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        walk.plain_group(part.span, PROTO);
        let skipped = number(&part, 0, SKIP, walk).unwrap_or_default() as usize;
        let relevant = number(&part, 2 + skipped, RELEVANT, walk);
        let mut at = 2;
        while let Some(function) = number(&part, at, FUNCTION, walk) {
            match function {
                FORWARD => walk.tell(&part, at + 2, 6, ADDRESS),
                REPLY => {
                    number(&part, at + 2, RECEIPT, walk);
                }
                _ => {}
            }
            if function != FORWARD {
                break;
            }
            at += FORWARDING;
        }
        if relevant.is_none() {
            walk.stop(&part, "LOOP", format_args!("no function stands where it says"));
        }
        walk.close();
        match FUNCTION.def().name_of(relevant.unwrap_or_default()) {
            Some(name) => walk.summary(format_args!("{name}")),
            None => walk.summary(format_args!("Loopback")),
        }
        Some(Next::Nothing)
    }
}

/// Tells a little-endian number of two bytes; the number.
fn number(part: &Part<'_>, at: usize, field: FieldId, walk: &mut Walk<'_>) -> Option<u64> {
    let number = part.little(at, 2)?;
    walk.work_out(field, Value::Unsigned(number), part.place(at, 2));
    Some(number)
}
