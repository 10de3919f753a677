//! Radiotap: what a radio says of a frame of 802.11 that it heard, before the frame itself.
//!
//! ```text
//!   version │ 0 │ length (2) │ present (4, more while its top bit is set) │ fields │ 802.11
//! ```
//!
//! Numbers are little-endian. Fields stand in the order of their bits, each aligned to its size.

use crate::field::{FieldDef, FieldId, Kind, Value};
use crate::fields;
use crate::frames::LinkType;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};
use crate::sink::Severity;

fields! { "radiotap", "Radiotap";
    PROTO = FieldDef::group("radiotap", "Radiotap Header"),
    VERSION = FieldDef::u8("radiotap.version", "Header revision"),
    PAD = FieldDef::u8("radiotap.pad", "Header pad"),
    LENGTH = FieldDef::u16("radiotap.length", "Header length").computed(),
    PRESENT = FieldDef::u32("radiotap.present.word", "Present flags word").hex().computed(),
    MACTIME = FieldDef::u64("radiotap.mactime", "MAC timestamp").computed(),
    FLAGS = FieldDef::u8("radiotap.flags", "Flags").hex(),
    FLAG_FCS = FieldDef::flag("radiotap.flags.fcs", "FCS at end", 0x10),
    FLAG_PAD = FieldDef::flag("radiotap.flags.datapad", "Data Pad", 0x20),
    FLAG_BAD = FieldDef::flag("radiotap.flags.badfcs", "Bad FCS", 0x40),
    CHANNEL = FieldDef::u16("radiotap.channel.freq", "Channel frequency").computed(),
    SIGNAL = FieldDef::of("radiotap.dbm_antsignal", "Antenna signal", Kind::Signed(8)).computed(),
    NOISE = FieldDef::of("radiotap.dbm_antnoise", "Antenna noise", Kind::Signed(8)).computed(),
}

/// Radiotap.
pub struct Radiotap;

impl Protocol for Radiotap {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::Link(127)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        Some(describe(part, walk))
    }
}

/// A frame of 802.11.
const WLAN: LinkType = LinkType(105);

/// Length of the fixed part and of one word of bits.
const HEAD: usize = 4;
const WORD: usize = 4;

/// Bits of the flags: a checksum stands at the end; the header of 802.11 is filled up to four
/// bytes.
const HAS_FCS: u64 = 0x10;
const IS_PADDED: u64 = 0x20;

/// Length of the checksum.
const FCS: usize = 4;

fn describe<'a>(part: Part<'a>, walk: &mut Walk<'_>) -> Next<'a> {
    let Some(len) = part.little(2, 2).map(|len| len as usize) else {
        walk.plain_group(part.span, PROTO);
        walk.stop(&part, "radiotap", format_args!("it takes {} bytes", HEAD + WORD));
        walk.close();
        walk.summary(format_args!("Radiotap, cut"));
        return Next::Nothing;
    };
    walk.plain_group(part.place(0, len), PROTO);
    walk.tell(&part, 0, 1, VERSION);
    walk.tell(&part, 1, 1, PAD);
    walk.work_out(LENGTH, Value::Unsigned(len as u64), part.place(2, 2));
    if len < HEAD + WORD || len > part.wire {
        let text = format_args!("Header length claims {len} bytes, but there are {}", part.wire);
        walk.note(Severity::Broken, part.place(2, 2), text);
        walk.close();
        walk.summary(format_args!("Radiotap, not readable"));
        return Next::Nothing;
    }
    let flags = fields(&part.upto(len), walk);
    walk.close();
    let rest = part.after(len);
    let rest = if flags & HAS_FCS == 0 { rest } else { rest.upto(rest.wire.saturating_sub(FCS)) };
    let LinkType(link) = if flags & IS_PADDED == 0 { WLAN } else { LinkType::WLAN_PADDED };
    Next::claimed(Claim::Link(link), rest)
}

/// Tells the first fields, as far as the sixth bit; returns the flags.
fn fields(part: &Part<'_>, walk: &mut Walk<'_>) -> u64 {
    let Some(first) = part.little(HEAD, WORD) else { return 0 };
    walk.work_out(PRESENT, Value::Unsigned(first), part.place(HEAD, WORD));
    let mut at = HEAD + WORD;
    let mut word = first;
    while word >> 31 == 1 {
        let Some(next) = part.little(at, WORD) else { return 0 };
        word = next;
        at += WORD;
    }
    let mut flags = 0;
    // Timestamp, flags, rate, channel, hopping, signal, noise: size and alignment.
    for (bit, (len, align)) in [(8, 8), (1, 1), (1, 1), (4, 2), (2, 1), (1, 1), (1, 1)]
        .into_iter()
        .enumerate()
        .filter(|(bit, _)| first >> bit & 1 == 1)
    {
        at = at.next_multiple_of(align);
        let place = part.place(at, len);
        match bit {
            0 => part
                .little(at, len)
                .into_iter()
                .for_each(|time| walk.work_out(MACTIME, Value::Unsigned(time), place)),
            1 => {
                flags = part.number(at, 1).unwrap_or(0);
                walk.open(part, at, 1, FLAGS);
                walk.tell(part, at, 1, FLAG_FCS);
                walk.tell(part, at, 1, FLAG_PAD);
                walk.tell(part, at, 1, FLAG_BAD);
                walk.close();
            }
            3 => part.little(at, 2).into_iter().for_each(|frequency| {
                walk.work_out(CHANNEL, Value::Unsigned(frequency), part.place(at, 2));
            }),
            5 | 6 => part.number(at, 1).into_iter().for_each(|level| {
                let level = Value::Signed(i64::from(level as u8 as i8));
                walk.work_out(if bit == 5 { SIGNAL } else { NOISE }, level, place);
            }),
            _ => {}
        }
        at += len;
    }
    flags
}
