//! PKTAP: what macOS says of a packet, above all which program sent it, before a frame of any
//! link type. Numbers are little-endian.

use crate::field::{FieldDef, FieldId, Value};
use crate::fields;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};
use crate::sink::Severity;

fields! { "pktap", "PKTAP";
    PROTO = FieldDef::group("pktap", "PKTAP packet header"),
    HDRLEN = FieldDef::u32("pktap.hdrlen", "Header length").computed(),
    RECTYPE = FieldDef::u32("pktap.rectype", "Record type").computed(),
    DLT = FieldDef::u32("pktap.dlt", "DLT").computed(),
    IFNAME = FieldDef::text("pktap.ifname", "Interface name"),
    FLAGS = FieldDef::u32("pktap.flags", "Flags").hex().computed(),
    PID = FieldDef::u32("pktap.pid", "Process ID").computed(),
    CMDNAME = FieldDef::text("pktap.cmdname", "Command name"),
    EPID = FieldDef::u32("pktap.epid", "Effective process ID").computed(),
    ECMDNAME = FieldDef::text("pktap.ecmdname", "Effective command name"),
}

/// What macOS says of a packet.
pub struct Pktap;

impl Protocol for Pktap {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::Link(258), USERS_OWN]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        let is_sure = found.claim != USERS_OWN || holds_packet(&part);
        is_sure.then(|| describe(part, walk))
    }
}

/// Length of the first version of the header; later ones are longer and say so.
const LEN: usize = 108;

/// A record that holds a packet.
const PACKET: u64 = 1;

/// A link type for whatever its user likes, which is what macOS' tools once wrote.
const USERS_OWN: Claim<'static> = Claim::Link(149);

/// Whether this is a record with a packet in it.
fn holds_packet(part: &Part<'_>) -> bool {
    let len = part.little(0, 4).unwrap_or_default() as usize;
    (LEN..=part.wire).contains(&len) && part.little(4, 4) == Some(PACKET)
}

fn describe<'a>(part: Part<'a>, walk: &mut Walk<'_>) -> Next<'a> {
    let len = part.little(0, 4).unwrap_or_default() as usize;
    walk.plain_group(part.place(0, len), PROTO);
    let numbers = [(0, HDRLEN), (4, RECTYPE), (8, DLT), (36, FLAGS), (52, PID), (84, EPID)];
    for (at, field) in numbers {
        if let Some(number) = part.little(at, 4).filter(|_| len >= LEN || at == 0) {
            walk.work_out(field, Value::Unsigned(number), part.place(at, 4));
        }
    }
    if len >= LEN {
        for (at, room, field) in [(12, 24, IFNAME), (56, 20, CMDNAME), (88, 20, ECMDNAME)] {
            let bytes = part.get(at, room).unwrap_or_default();
            let text = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
            walk.tell(&part, at, text, field);
        }
    }
    walk.close();
    let link = part.little(8, 4).and_then(|link| u16::try_from(link).ok());
    match link {
        Some(link) if holds_packet(&part) => Next::claimed(Claim::Link(link), part.after(len)),
        _ => {
            if len < LEN {
                let text = format_args!("Header length {len} is less than the header's {LEN}");
                walk.note(Severity::Broken, part.place(0, 4), text);
            }
            walk.summary(format_args!("PKTAP"));
            Next::Nothing
        }
    }
}
