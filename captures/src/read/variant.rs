//! Variants of classic pcap: programs that put more into the header of each record.
//!
//! ```text
//!   seconds │ fraction │ captured │ length │ [ more ] │ packet
//! ```
//!
//! Two of them do not say so in their magic number. What shows them is that the second record is
//! none where a plain file would have it, and one where the variant has it, and so on for some.

use std::io;

use super::format::PCAP_HEADER;
use super::split::HEADER;
use super::window::Window;
use crate::bytes::Order;
use crate::limits::MAX_FRAME;

/// How many records must follow each other before a variant is believed that no magic number
/// names, unless the file ends with the last of fewer.
const CHAIN: usize = 3;

/// Which header the records of a classic pcap file have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant {
    /// Four numbers.
    Plain,
    /// Nokia's: four bytes more.
    Nokia,
    /// Alexey Kuznetzov's: the interface, the protocol and the packet's type, eight bytes more.
    Modified,
    /// The same, with processors: twelve bytes more.
    Wider,
}

/// What following records from the first shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    /// What should be a record's header is none.
    Broken,
    /// That many records, as far as was looked.
    Records(usize),
    /// Records up to the very end.
    Whole,
}

impl Variant {
    /// How many bytes stand between the usual header and the packet.
    #[must_use]
    pub const fn more(self) -> u64 {
        match self {
            Self::Plain => 0,
            Self::Nokia => 4,
            Self::Modified => 8,
            Self::Wider => 12,
        }
    }

    /// The length of a record's header.
    #[must_use]
    pub(super) const fn header(self) -> u64 {
        HEADER + self.more()
    }

    /// What it is called; nothing for the usual one.
    #[must_use]
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Nokia => Some("Nokia's variant"),
            Self::Modified | Self::Wider => Some("Kuznetzov's variant"),
        }
    }

    /// Which one a file has of which `len` bytes are there. `is_modified` says that its magic
    /// number is that of Kuznetzov's variant.
    pub(super) fn of(
        window: &mut Window,
        (order, nanos): (Order, bool),
        is_modified: bool,
        len: u64,
    ) -> io::Result<Self> {
        let candidates: &[Self] = if is_modified {
            &[Self::Modified, Self::Wider]
        } else {
            &[Self::Plain, Self::Nokia, Self::Modified]
        };
        let first = if is_modified { Self::Modified } else { Self::Plain };
        let fractions = if nanos { 1_000_000_000 } else { 1_000_000 };
        for candidate in candidates {
            let shown = candidate.follow(window, order, fractions, len)?;
            let is_believed = match shown {
                Shown::Broken => false,
                Shown::Records(count) => count >= CHAIN || *candidate == first,
                Shown::Whole => true,
            };
            if is_believed {
                return Ok(*candidate);
            }
        }
        Ok(first)
    }

    fn follow(
        self,
        window: &mut Window,
        order: Order,
        fractions: u32,
        len: u64,
    ) -> io::Result<Shown> {
        let mut at = PCAP_HEADER as u64;
        for count in 0..CHAIN {
            if at >= len {
                let whole = at == len && count > 0;
                return Ok(if whole { Shown::Whole } else { Shown::Records(count) });
            }
            let head = window.peek(at, HEADER as usize)?;
            let (Some(fraction), Some(captured), Some(length)) =
                (order.u32(head, 4), order.u32(head, 8), order.u32(head, 12))
            else {
                return Ok(Shown::Records(count));
            };
            if fraction >= fractions || captured > MAX_FRAME || captured > length {
                return Ok(Shown::Broken);
            }
            at += self.header() + u64::from(captured);
        }
        Ok(Shown::Records(CHAIN))
    }
}
