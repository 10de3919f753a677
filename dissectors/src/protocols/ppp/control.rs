//! What the control protocols of PPP have in common (RFC 1661, section 5): a code, a number that
//! the answer repeats, a length, and options where the two ends settle something.
//!
//! ```text
//!   code │ identifier │ length ×2 │ option: type, length, value │ option …
//! ```

use crate::field::{FieldId, Names};
use crate::headers::{Next, Part, Walk};
use crate::sink::Severity;

/// What a packet does. The first seven are those of every control protocol; LCP has all but the
/// last two, which reset a compression (RFC 1962, section 3).
pub(super) const CODES: Names = &[
    (0, "Vendor Specific"),
    (1, "Configuration Request"),
    (2, "Configuration Ack"),
    (3, "Configuration Nak"),
    (4, "Configuration Reject"),
    (5, "Termination Request"),
    (6, "Termination Ack"),
    (7, "Code Reject"),
    (8, "Protocol Reject"),
    (9, "Echo Request"),
    (10, "Echo Reply"),
    (11, "Discard Request"),
    (12, "Identification"),
    (13, "Time Remaining"),
    (14, "Reset Request"),
    (15, "Reset Ack"),
];

/// Length of the head, and of an option without a value.
pub(super) const HEAD: usize = 4;
const OPTION: usize = 2;

/// The fields that every one of them has.
pub(super) struct Control {
    pub(super) group: FieldId,
    pub(super) code: FieldId,
    pub(super) identifier: FieldId,
    pub(super) length: FieldId,
}

/// The fields of an option, and who tells its value: the type, and the bytes behind the length.
pub(super) struct Options {
    pub(super) kind: FieldId,
    pub(super) length: FieldId,
    pub(super) value: fn(u64, &Part<'_>, &mut Walk<'_>),
}

/// Opens the group of a packet and tells its head; the code, and what the length leaves behind the
/// head. What lies behind that fills the link's frame up. `None` if the head is cut.
pub(super) fn head<'a>(
    part: &Part<'a>,
    fields: &Control,
    walk: &mut Walk<'_>,
) -> Option<(u64, Part<'a>)> {
    let claimed = part.number(2, 2).map_or(part.wire, |len| len as usize);
    let title = fields.group.protocol();
    let title = walk.registry.get(title).title();
    walk.plain_group(part.upto(claimed.max(HEAD)).span, fields.group);
    walk.tell(part, 0, 1, fields.code);
    walk.tell(part, 1, 1, fields.identifier);
    walk.tell(part, 2, 2, fields.length);
    let Some(code) = part.number(0, 1).filter(|_| part.get(0, HEAD).is_some()) else {
        walk.stop(part, title, format_args!("a packet takes {HEAD} bytes"));
        walk.summary(format_args!("{title}, cut"));
        return None;
    };
    if claimed < HEAD || claimed > part.wire {
        let text = format_args!("Length claims {claimed} bytes, and {} are there", part.wire);
        walk.note(Severity::Broken, part.place(2, 2), text);
    }
    match fields.code.def().name_of(code) {
        Some(name) => walk.summary(format_args!("{name}")),
        None => walk.summary(format_args!("{title}, code {code}")),
    }
    Some((code, part.upto(claimed).after(HEAD)))
}

/// Tells a packet that asks for options, or takes or refuses some, and leaves the group open for
/// whatever another code carries: that, with the code.
pub(super) fn packet<'a>(
    part: &Part<'a>,
    fields: &Control,
    options: &Options,
    walk: &mut Walk<'_>,
) -> Option<(u64, Part<'a>)> {
    let (code, body) = head(part, fields, walk)?;
    if !(1..=4).contains(&code) {
        return Some((code, body));
    }
    self::options(body, options, walk);
    None
}

/// The whole of a protocol that does nothing but settle options: what other codes carry is data.
pub(super) fn settle<'a>(
    part: &Part<'a>,
    (fields, options): (&Control, &Options),
    data: FieldId,
    walk: &mut Walk<'_>,
) -> Next<'a> {
    if let Some((_, body)) = packet(part, fields, options, walk) {
        whole(&body, data, walk);
    }
    walk.close();
    Next::Nothing
}

/// Tells options up to the end, or to one whose length cannot be (RFC 1661, section 6).
fn options(mut rest: Part<'_>, fields: &Options, walk: &mut Walk<'_>) {
    while let Some((kind, len)) = rest.number(0, 1).zip(rest.number(1, 1)) {
        let len = len as usize;
        walk.open(&rest, 0, 1, fields.kind);
        walk.tell(&rest, 1, 1, fields.length);
        let fits = (OPTION..=rest.wire).contains(&len);
        if fits {
            (fields.value)(kind, &rest.upto(len).after(OPTION), walk);
        } else {
            let text = format_args!("An option claims {len} bytes, and {} are left", rest.wire);
            walk.note(Severity::Broken, rest.place(1, 1), text);
        }
        walk.close();
        if !fits {
            return;
        }
        rest = rest.after(len);
    }
}

/// Tells all of a part, where there is any of it.
pub(super) fn whole(part: &Part<'_>, field: FieldId, walk: &mut Walk<'_>) {
    if !part.bytes.is_empty() {
        walk.tell(part, 0, part.bytes.len(), field);
    }
}

/// Tells text behind a byte that says how long it is; what lies behind it.
pub(super) fn counted<'a>(
    part: &Part<'a>,
    length: FieldId,
    text: FieldId,
    walk: &mut Walk<'_>,
) -> Part<'a> {
    walk.tell(part, 0, 1, length);
    let len = part.number(0, 1).unwrap_or_default() as usize;
    walk.tell(part, 1, len, text);
    if part.number(0, 1).is_some() && 1 + len > part.wire {
        let text = format_args!("Text claims {len} bytes, and {} are left", part.wire - 1);
        walk.note(Severity::Broken, part.place(0, 1), text);
    }
    part.after(1 + len)
}
