//! RNDIS (MS-RNDIS): frames of Ethernet to a device on USB that plays a network card, a telephone
//! mostly.
//!
//! ```text
//!   1 (4) │ length (4) │ data's offset (4) │ data's length (4) │ out-of-band … (28) │ data
//! ```
//!
//! Numbers are little-endian; the offset counts from where it stands. Wireshark has no fields for
//! it.

use etherparse::EtherType;

use crate::field::Value;
use crate::field::{FieldDef, FieldId};
use crate::fields;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::Protocol;

fields! { "rndis", "RNDIS";
    PROTO = FieldDef::group("rndis", "Remote NDIS Packet"),
    TYPE = FieldDef::u32("rndis.type", "Message Type").computed(),
    LENGTH = FieldDef::u32("rndis.length", "Message Length").computed(),
    OFFSET = FieldDef::u32("rndis.data_offset", "Data Offset").computed(),
    DATA_LENGTH = FieldDef::u32("rndis.data_length", "Data Length").computed(),
}

/// Bytes before anything that a packet carries (MS-RNDIS, section 2.2.14).
const HEAD: usize = 44;

/// Where offsets count from.
const ORIGIN: usize = 8;

/// The message that carries a packet.
const PACKET: u64 = 1;

/// The least that Ethernet has.
const ETHERNET: usize = 14;

/// The frame in a message, where type, lengths and offset agree with each other and with what the
/// transfer holds.
pub(super) fn frame<'a>(part: &Part<'a>) -> Option<Part<'a>> {
    part.little(0, 4).filter(|kind| *kind == PACKET)?;
    let (whole, at) = (part.little(4, 4)? as usize, ORIGIN + part.little(8, 4)? as usize);
    let len = part.little(12, 4)? as usize;
    let fits = whole <= part.wire && at >= HEAD && len >= ETHERNET && at + len <= whole;
    fits.then(|| part.upto(at + len).after(at))
}

/// RNDIS.
pub struct Rndis;

impl Protocol for Rndis {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["MS-RNDIS"]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        const BRIDGED: EtherType = EtherType(0x6558);
        let frame = frame(&part)?;
        walk.plain_group(part.place(0, HEAD), PROTO);
        for (at, field) in [(0, TYPE), (4, LENGTH), (8, OFFSET), (12, DATA_LENGTH)] {
            if let Some(value) = part.little(at, 4) {
                walk.work_out(field, Value::Unsigned(value), part.place(at, 4));
            }
        }
        walk.close();
        walk.summary(format_args!("Ethernet, {} bytes", frame.wire));
        Some(Next::ether(BRIDGED, frame))
    }
}
