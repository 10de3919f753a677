//! Which format a file has, told by its first bytes and never by its name.

use std::fmt;

use wirestage_dissectors::frames::LinkType;

use super::block::SECTION;
use super::interface::normal_link;
use super::variant::Variant;
use crate::bytes::Order;

/// The format of the frames in a recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Classic pcap.
    Pcap {
        /// The byte order of its headers.
        order: Order,
        /// Whether fractions of a second are nanoseconds instead of microseconds.
        nanos: bool,
        /// Which header its records have.
        variant: Variant,
    },
    /// pcapng.
    Pcapng,
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pcapng => f.write_str("pcapng"),
            Self::Pcap { order, nanos, variant } => {
                let unit = if *nanos { "nanoseconds" } else { "microseconds" };
                let order = match order {
                    Order::Little => "little-endian",
                    Order::Big => "big-endian",
                };
                write!(f, "pcap ({unit}, {order}")?;
                if let Some(name) = variant.name() {
                    write!(f, ", {name}")?;
                }
                f.write_str(")")
            }
        }
    }
}

/// The length of a classic pcap file's header.
pub(crate) const PCAP_HEADER: usize = 24;

/// What the first bytes of a file say.
pub(crate) enum Sniffed {
    /// A classic pcap file with this header.
    Pcap { order: Order, nanos: bool, is_modified: bool, link: LinkType, snap_len: u32 },
    /// pcapng: a section header comes first.
    Pcapng,
    /// Too few bytes to tell, but so far it could become one of them.
    TooShort,
    /// None of them.
    Other,
}

/// Tells the format from up to the first 24 bytes.
pub(crate) fn sniff(head: &[u8]) -> Sniffed {
    let Some(magic) = Order::Little.u32(head, 0) else { return Sniffed::TooShort };
    let (order, nanos, is_modified) = match magic {
        SECTION => return if head.len() < 12 { Sniffed::TooShort } else { Sniffed::Pcapng },
        0xa1b2_c3d4 => (Order::Little, false, false),
        0xa1b2_3c4d => (Order::Little, true, false),
        0xd4c3_b2a1 => (Order::Big, false, false),
        0x4d3c_b2a1 => (Order::Big, true, false),
        // Alexey Kuznetzov's, which only some old programs write.
        0xa1b2_cd34 => (Order::Little, false, true),
        0x34cd_b2a1 => (Order::Big, false, true),
        _ => return Sniffed::Other,
    };
    // The upper half of the link type's field tells about checksums behind each frame.
    match (order.u32(head, 16), order.u32(head, 20)) {
        (Some(snap_len), Some(link)) => {
            Sniffed::Pcap { order, nanos, is_modified, link: normal_link(link as u16), snap_len }
        }
        _ => Sniffed::TooShort,
    }
}
