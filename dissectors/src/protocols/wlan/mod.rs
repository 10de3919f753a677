//! IEEE 802.11: frames over radio. Data is read on; of management frames the name of the network
//! is told.
//!
//! ```text
//!   control (2) │ duration (2) │ address 1 │ address 2 │ address 3 │ sequence (2) │ …
//!   … │ address 4 (from bridge to bridge) │ QoS (2) │ HT (4) │ LLC
//! ```
//!
//! Numbers are little-endian.

pub mod aggregate;
mod names;

use names::{KINDS, TYPES};

use crate::field::{FieldDef, FieldId, Kind, Value};
use crate::fields;
use crate::frames::LinkType;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};

fields! { "wlan", "802.11";
    PROTO = FieldDef::group("wlan", "IEEE 802.11"),
    TYPE_SUBTYPE = FieldDef::u16("wlan.fc.type_subtype", "Type/Subtype").hex().computed()
        .names(KINDS),
    FC = FieldDef::u16("wlan.fc", "Frame Control Field").hex(),
    VERSION = FieldDef::u8("wlan.fc.version", "Version").mask(0x03),
    TYPE = FieldDef::u8("wlan.fc.type", "Type").mask(0x0c).names(TYPES),
    SUBTYPE = FieldDef::u8("wlan.fc.subtype", "Subtype").mask(0xf0),
    FLAGS = FieldDef::u8("wlan.flags", "Flags").hex(),
    DS = FieldDef::u8("wlan.fc.ds", "DS status").hex().mask(0x03),
    FRAG_MORE = FieldDef::flag("wlan.fc.frag", "More Fragments", 0x04),
    RETRY = FieldDef::flag("wlan.fc.retry", "Retry", 0x08),
    PWRMGT = FieldDef::flag("wlan.fc.pwrmgt", "Power management", 0x10),
    MORE_DATA = FieldDef::flag("wlan.fc.moredata", "More Data", 0x20),
    PROTECTED = FieldDef::flag("wlan.fc.protected", "Protected", 0x40),
    ORDER = FieldDef::flag("wlan.fc.order", "Order, or HT control", 0x80),
    DURATION = FieldDef::u16("wlan.duration", "Duration").computed(),
    RA = FieldDef::of("wlan.ra", "Receiver address", Kind::Ether),
    TA = FieldDef::of("wlan.ta", "Transmitter address", Kind::Ether),
    DA = FieldDef::of("wlan.da", "Destination address", Kind::Ether),
    SA = FieldDef::of("wlan.sa", "Source address", Kind::Ether),
    BSSID = FieldDef::of("wlan.bssid", "BSS Id", Kind::Ether),
    FRAG = FieldDef::u16("wlan.frag", "Fragment number").computed(),
    SEQ = FieldDef::u16("wlan.seq", "Sequence number").computed(),
    QOS = FieldDef::u16("wlan.qos", "QoS Control").hex().computed(),
    TID = FieldDef::u16("wlan.qos.tid", "TID").computed(),
    SSID = FieldDef::bytes("wlan.ssid", "SSID"),
}

/// IEEE 802.11.
pub struct Wlan;

impl Protocol for Wlan {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["IEEE 802.11"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::Link(105), PADDED]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        Some(read(part, found.claim == PADDED, walk))
    }
}

/// What radiotap names where a radio filled the header up to a multiple of four bytes.
const PADDED: Claim<'static> = Claim::Link(LinkType::WLAN_PADDED.0);

/// Types of frames.
const MANAGEMENT: u64 = 0;
const CONTROL: u64 = 1;
const DATA: u64 = 2;

/// Bits of a data frame's subtype: nothing in it, and a field for quality of service.
const IS_EMPTY: u64 = 4;
const HAS_QOS: u64 = 8;

/// Bits of the flags.
const TO_AND_FROM_DS: u64 = 0x03;
const MORE: u64 = 0x04;
const IS_PROTECTED: u64 = 0x40;
const HAS_HT: u64 = 0x80;

/// Length of a header with three addresses, and of one address.
const THREE: usize = 24;
const ADDRESS: usize = 6;

/// An MSDU that is several, in QoS control.
const IS_AGGREGATE: u64 = 0x80;

/// Tells a frame; its header may be filled up to a multiple of four bytes.
fn read<'a>(part: Part<'a>, is_padded: bool, walk: &mut Walk<'_>) -> Next<'a> {
    let control = part.number(0, 1).unwrap_or_default();
    let (kind, subtype) = (control >> 2 & 3, control >> 4);
    let flags = part.number(1, 1).unwrap_or_default();
    let len = match kind {
        DATA => data_len(subtype, flags),
        MANAGEMENT => THREE + if flags & HAS_HT == 0 { 0 } else { 4 },
        _ => control_len(subtype),
    };
    walk.plain_group(part.place(0, len), PROTO);
    head(&part, kind << 4 | subtype, walk);
    addresses(&part, kind, subtype, flags & TO_AND_FROM_DS, walk);
    let mut held = 0;
    if kind != CONTROL && part.get(22, 2).is_some() {
        let sequence = part.little(22, 2).unwrap_or_default();
        held = sequence & 0x0f;
        walk.work_out(FRAG, Value::Unsigned(held), part.place(22, 2));
        walk.work_out(SEQ, Value::Unsigned(sequence >> 4), part.place(22, 2));
    }
    let qos_at = if flags & TO_AND_FROM_DS == TO_AND_FROM_DS { THREE + ADDRESS } else { THREE };
    let qos = part.little(qos_at, 2).filter(|_| kind == DATA && subtype & HAS_QOS != 0);
    if let Some(qos) = qos {
        walk.work_out(QOS, Value::Unsigned(qos), part.place(qos_at, 2));
        walk.work_out(TID, Value::Unsigned(qos & 0x0f), part.place(qos_at, 2));
    }
    let name = TYPE_SUBTYPE.def().name_of(kind << 4 | subtype).unwrap_or("802.11");
    walk.summary(format_args!("{name}"));
    if part.get(0, len).is_none() {
        walk.stop(&part, "802.11", format_args!("it takes {len} bytes"));
        walk.close();
        return Next::Nothing;
    }
    let rest = part.after(if is_padded { len.next_multiple_of(4) } else { len });
    if kind == MANAGEMENT && flags & IS_PROTECTED == 0 {
        network(&rest, subtype, walk);
    }
    walk.close();
    // What is sealed, in pieces or nothing at all is not read on.
    let is_whole = flags & (IS_PROTECTED | MORE) == 0 && held == 0;
    let is_single = qos.is_none_or(|qos| qos & IS_AGGREGATE == 0);
    match kind == DATA && subtype & IS_EMPTY == 0 && is_whole && rest.wire > 0 {
        true if is_single => Next::named("llc", rest),
        true => Next::named("wlan_aggregate", rest),
        false => Next::Nothing,
    }
}

const fn data_len(subtype: u64, flags: u64) -> usize {
    let four = if flags & TO_AND_FROM_DS == TO_AND_FROM_DS { ADDRESS } else { 0 };
    let qos = match (subtype & HAS_QOS, flags & HAS_HT) {
        (0, _) => 0,
        (_, 0) => 2,
        _ => 6,
    };
    THREE + four + qos
}

/// Control frames have one address or two (IEEE 802.11, clause 9.3.1).
const fn control_len(subtype: u64) -> usize {
    match subtype {
        12 | 13 => 10,
        _ => 16,
    }
}

fn head(part: &Part<'_>, kind: u64, walk: &mut Walk<'_>) {
    if part.get(0, 2).is_some() {
        walk.work_out(TYPE_SUBTYPE, Value::Unsigned(kind), part.place(0, 1));
    }
    walk.open(part, 0, 2, FC);
    walk.tell(part, 0, 1, VERSION);
    walk.tell(part, 0, 1, TYPE);
    walk.tell(part, 0, 1, SUBTYPE);
    walk.open(part, 1, 1, FLAGS);
    for field in [DS, FRAG_MORE, RETRY, PWRMGT, MORE_DATA, PROTECTED, ORDER] {
        walk.tell(part, 1, 1, field);
    }
    walk.close();
    walk.close();
    if let Some(duration) = part.little(2, 2) {
        walk.work_out(DURATION, Value::Unsigned(duration & 0x7fff), part.place(2, 2));
    }
}

/// Tells the addresses: what each means depends on which way the frame passes the access point
/// (IEEE 802.11, clause 9.3.2).
fn addresses(part: &Part<'_>, kind: u64, subtype: u64, way: u64, walk: &mut Walk<'_>) {
    walk.tell(part, 4, ADDRESS, RA);
    if kind == CONTROL {
        if control_len(subtype) > 10 {
            walk.tell(part, 10, ADDRESS, TA);
        }
        return;
    }
    walk.tell(part, 10, ADDRESS, TA);
    let places: [(usize, FieldId); 3] = match (kind, way) {
        (DATA, 1) => [(16, DA), (10, SA), (4, BSSID)],
        (DATA, 2) => [(4, DA), (16, SA), (10, BSSID)],
        (DATA, 3) => {
            walk.tell(part, 16, ADDRESS, DA);
            walk.tell(part, THREE, ADDRESS, SA);
            return;
        }
        _ => [(4, DA), (10, SA), (16, BSSID)],
    };
    for (at, field) in places {
        walk.tell(part, at, ADDRESS, field);
    }
}

/// Tells the name of the network, which is the first element behind the fixed ones.
fn network(part: &Part<'_>, subtype: u64, walk: &mut Walk<'_>) {
    let at = match subtype {
        // Requests to join, again, and for who is there; answers and beacons.
        0 => 4,
        2 => 10,
        4 => 0,
        5 | 8 => 12,
        _ => return,
    };
    if let (Some(0), Some(len)) = (part.number(at, 1), part.number(at + 1, 1))
        && len > 0
    {
        walk.tell(part, at + 2, len as usize, SSID);
    }
}
