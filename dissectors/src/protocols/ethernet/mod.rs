//! Ethernet II (IEEE 802.3): who sends to whom on one link, and what is inside.

use etherparse::{EtherType, Ethernet2Slice};

use crate::field::{FieldDef, FieldId, Kind};
use crate::fields;
use crate::headers::names::{Address, ETHER_TYPES};
use crate::headers::{Found, Next, Part, Walk, network_len};
use crate::protocol::{Claim, Protocol};
use crate::sink::Severity;

const LG: u64 = 0x02_0000;
const IG: u64 = 0x01_0000;

fields! { "eth", "Ethernet";
    PROTO = FieldDef::group("eth", "Ethernet II"),
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
        &[Claim::Link(1)]
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

/// Numbers below this are lengths (IEEE 802.3, clause 3.2.6), those above are EtherTypes.
const FIRST_TYPE: u16 = 1536;

/// Tells an Ethernet header.
pub(crate) fn describe<'a>(part: Part<'a>, walk: &mut Walk<'_>) -> Next<'a> {
    const LEN_BYTES: usize = etherparse::Ethernet2Header::LEN;
    let address = |at| Address(part.array::<6>(at).unwrap_or_default());
    let text = format_args!("Src: {}, Dst: {}", address(6), address(0));
    walk.group(&part, LEN_BYTES, PROTO, text);
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
    if number.0 < FIRST_TYPE {
        walk.tell(&part, 12, 2, LEN);
        walk.close();
        walk.note(Severity::Missing, rest.span, format_args!("IEEE 802.2 LLC is not read here"));
        walk.summary(format_args!("802.3, {} bytes", number.0));
        return Next::Nothing;
    }
    walk.tell(&part, 12, 2, TYPE);
    let next = behind(number, rest, part.wire, walk);
    walk.close();
    next
}

/// Tells what Ethernet put behind the packet, and leaves the packet alone.
fn behind<'a>(
    number: EtherType,
    rest: Part<'a>,
    frame_len: usize,
    walk: &mut Walk<'_>,
) -> Next<'a> {
    let Some(len) = network_len(number, &rest).filter(|len| *len < rest.wire) else {
        return Next::ether(number, rest);
    };
    let extra = rest.after(len);
    let fill = if frame_len <= SHORTEST { PADDING } else { TRAILER };
    walk.tell(&extra, 0, extra.bytes.len(), fill);
    Next::ether(number, rest.upto(len))
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
