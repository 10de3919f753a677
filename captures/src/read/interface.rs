//! Interfaces: the vantage points of a recording, and what their clocks count.

use wirestage_dissectors::frames::LinkType;
use wirestage_dissectors::ids::Time;

/// One interface as its description block (or the header of a classic pcap file) tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interface {
    /// Its name ("lo"), empty where none was written.
    pub name: String,
    /// A longer description, empty where none was written.
    pub description: String,
    /// What the first byte of its frames is.
    pub link: LinkType,
    /// How many bytes of a frame were kept at most; 0 where there was no limit.
    pub snap_len: u32,
    /// What one tick of its clock is.
    pub resolution: Resolution,
    /// Seconds to add to every time.
    pub offset_seconds: i64,
    /// The file that first described it, where several are read as one; else empty.
    pub file: String,
}

impl Interface {
    /// The time that a 64-bit timestamp of this interface means.
    pub(crate) fn time(&self, ticks: u64) -> Time {
        let nanos = self.resolution.nanos(ticks);
        Time(nanos.saturating_add(self.offset_seconds.saturating_mul(1_000_000_000)))
    }
}

/// What one tick of a clock is, as pcapng's option `if_tsresol` spells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// 10 to the power of minus this many seconds: 6 are microseconds, 9 are nanoseconds.
    Decimal(u8),
    /// 2 to the power of minus this many seconds.
    Binary(u8),
}

impl Resolution {
    /// Microseconds: what pcapng means where no resolution was written.
    pub const MICRO: Self = Self::Decimal(6);
    /// Nanoseconds: what we write.
    pub const NANO: Self = Self::Decimal(9);

    /// Reads the option's one byte: the top bit chooses between powers of two and of ten.
    pub(crate) const fn from_option(byte: u8) -> Self {
        if byte & 0x80 == 0 { Self::Decimal(byte) } else { Self::Binary(byte & 0x7f) }
    }

    /// Nanoseconds in `ticks`, rounded down; the largest time there is where they do not fit.
    fn nanos(self, ticks: u64) -> i64 {
        let nanos = match self {
            Self::Decimal(9) => u128::from(ticks),
            Self::Decimal(6) => u128::from(ticks) * 1000,
            Self::Decimal(digits @ 0..=8) => u128::from(ticks) * 10_u128.pow(9 - u32::from(digits)),
            // 10^38 is the largest power that fits; beyond it every 64-bit count is below 1 ns.
            Self::Decimal(digits) => match 10_u128.checked_pow(u32::from(digits) - 9) {
                Some(divisor) => u128::from(ticks) / divisor,
                None => 0,
            },
            Self::Binary(bits) => {
                (u128::from(ticks) * 1_000_000_000).checked_shr(u32::from(bits)).unwrap_or(0)
            }
        };
        i64::try_from(nanos).unwrap_or(i64::MAX)
    }
}

/// Link types that older or other systems' libpcap writes for a bare IP packet.
pub(crate) const fn normal_link(link: u16) -> LinkType {
    match link {
        12 | 14 => LinkType::RAW,
        other => LinkType(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_resolution_gives_nanoseconds() {
        let check = |byte: u8, ticks: u64, nanos: i64| {
            assert_eq!(Resolution::from_option(byte).nanos(ticks), nanos, "{byte:#x} {ticks}");
        };
        check(0, 3, 3_000_000_000);
        check(3, 1_500, 1_500_000_000);
        check(6, 1_700_000_000_123_456, 1_700_000_000_123_456_000);
        check(9, 1_700_000_000_123_456_789, 1_700_000_000_123_456_789);
        check(12, 1_234_567, 1_234);
        check(127, u64::MAX, 0);
        check(0x80, 2, 2_000_000_000);
        check(0x80 | 10, 1 << 9, 500_000_000);
        check(0xff, u64::MAX, 0);
        check(0, u64::MAX, i64::MAX);
    }
}
