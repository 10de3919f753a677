//! Ethernet II (IEEE 802.3): who sends to whom on one link, and what is inside.

use etherparse::{EtherType, Ethernet2Slice};

use crate::field::{FieldDef, FieldId, Kind};
use crate::fields;
use crate::headers::names::{Address, ETHER_TYPES};
use crate::headers::{FIRST_TYPE, Found, Next, Part, Walk, network_len};
use crate::protocol::{Claim, Protocol};

const LG: u64 = 0x02_0000;
const IG: u64 = 0x01_0000;

fields! { "eth", "Ethernet";
    PROTO = FieldDef::group("eth", "Ethernet II"),
    SIZED = FieldDef::group("eth", "IEEE 802.3 Ethernet"),
    DST = FieldDef::of("eth.dst", "Destination", Kind::Ether),
    DST_OUI = FieldDef::u24("eth.dst.oui", "Destination OUI").hidden(),
    DST_LG = FieldDef::flag("eth.dst.lg", "Locally administered", LG),
    DST_IG = FieldDef::flag("eth.dst.ig", "Group address", IG),
    SRC = FieldDef::of("eth.src", "Source", Kind::Ether),
    SRC_OUI = FieldDef::u24("eth.src.oui", "Source OUI").hidden(),
    SRC_LG = FieldDef::flag("eth.src.lg", "Locally administered", LG),
    SRC_IG = FieldDef::flag("eth.src.ig", "Group address", IG),
    ADDR = FieldDef::of("eth.addr", "Address", Kind::Ether).hidden(),
    ADDR_OUI = FieldDef::u24("eth.addr.oui", "Address OUI").hidden(),
    ADDR_LG = FieldDef::flag("eth.lg", "Locally administered", LG).hidden(),
    ADDR_IG = FieldDef::flag("eth.ig", "Group address", IG).hidden(),
    TYPE = FieldDef::u16("eth.type", "Type").hex().names(ETHER_TYPES),
    LEN = FieldDef::u16("eth.len", "Length"),
    PADDING = FieldDef::bytes("eth.padding", "Padding"),
    TRAILER = FieldDef::bytes("eth.trailer", "Trailer"),
}

/// Ethernet.
pub struct Ethernet;

impl Protocol for Ethernet {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["IEEE 802.3"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        // The EtherType is what tunnels call Ethernet by.
        &[Claim::Link(1), Claim::EtherType(0x6558)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        Some(describe(part, walk))
    }
}

/// The shortest frame Ethernet sends, without its checksum; shorter ones are filled up.
const SHORTEST: usize = 60;

/// The EtherType of a header that takes the place of Ethernet's own.
const FABRIC_PATH: u64 = 0x8903;

/// Tells an Ethernet header.
pub(crate) fn describe<'a>(part: Part<'a>, walk: &mut Walk<'_>) -> Next<'a> {
    const LEN_BYTES: usize = etherparse::Ethernet2Header::LEN;
    if part.number(12, 2) == Some(FABRIC_PATH) {
        return Next::claimed(Claim::EtherType(FABRIC_PATH as u16), part);
    }
    let address = |at| Address(part.array::<6>(at).unwrap_or_default());
    let text = format_args!("Src: {}, Dst: {}", address(6), address(0));
    let is_sized = part.number(12, 2).is_some_and(|number| number < FIRST_TYPE.into());
    walk.group(&part, LEN_BYTES, if is_sized { SIZED } else { PROTO }, text);
    side(walk, &part, 0, [DST, DST_OUI, DST_LG, DST_IG]);
    side(walk, &part, 6, [SRC, SRC_OUI, SRC_LG, SRC_IG]);
    let slice = match Ethernet2Slice::from_slice_without_fcs(part.bytes) {
        Ok(slice) => slice,
        Err(error) => {
            walk.stop(&part, "Ethernet", format_args!("{error}"));
            walk.close();
            walk.summary(format_args!("Ethernet, cut"));
            return Next::Nothing;
        }
    };
    let number = slice.ether_type();
    let rest = part.after(LEN_BYTES);
    walk.tell(&part, 12, 2, if is_sized { LEN } else { TYPE });
    let next = behind(number.0, rest, part.wire, walk);
    walk.close();
    next
}

/// Tells what Ethernet put behind the packet, and leaves the packet alone.
fn behind<'a>(number: u16, rest: Part<'a>, frame_len: usize, walk: &mut Walk<'_>) -> Next<'a> {
    let len = if number < FIRST_TYPE {
        Some(number.into())
    } else {
        network_len(EtherType(number), &rest)
    };
    if let Some(len) = len.filter(|len| *len < rest.wire) {
        let extra = rest.after(len);
        let fill = if frame_len <= SHORTEST { PADDING } else { TRAILER };
        walk.tell(&extra, 0, extra.bytes.len(), fill);
    }
    match len.filter(|_| number >= FIRST_TYPE) {
        Some(len) => Next::Typed(EtherType(number), rest.upto(len)),
        None => Next::typed_or_sized(number, rest),
    }
}

/// Tells one address, as itself and as an address of either side.
fn side(walk: &mut Walk<'_>, part: &Part<'_>, at: usize, fields: [FieldId; 4]) {
    let [address, oui, local, group] = fields;
    walk.open(part, at, 6, address);
    walk.tell(part, at, 3, oui);
    walk.tell(part, at, 6, ADDR);
    walk.tell(part, at, 3, ADDR_OUI);
    walk.tell(part, at, 3, local);
    walk.tell(part, at, 3, ADDR_LG);
    walk.tell(part, at, 3, group);
    walk.tell(part, at, 3, ADDR_IG);
    walk.close();
}
