//! Numbers out of bytes in the order their writer chose, without a way to read past the end.

/// The byte order of a file or section, as its magic number tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Least significant byte first.
    Little,
    /// Most significant byte first.
    Big,
}

impl Order {
    /// The 16-bit number at `at`; `None` if it would reach past the end.
    pub(crate) fn u16(self, bytes: &[u8], at: usize) -> Option<u16> {
        let raw = *bytes.get(at..)?.first_chunk()?;
        Some(match self {
            Self::Little => u16::from_le_bytes(raw),
            Self::Big => u16::from_be_bytes(raw),
        })
    }

    /// The 32-bit number at `at`.
    pub(crate) fn u32(self, bytes: &[u8], at: usize) -> Option<u32> {
        let raw = *bytes.get(at..)?.first_chunk()?;
        Some(match self {
            Self::Little => u32::from_le_bytes(raw),
            Self::Big => u32::from_be_bytes(raw),
        })
    }

    /// Four 32-bit numbers.
    #[inline]
    pub(crate) fn four(self, bytes: &[u8; 16]) -> [u32; 4] {
        std::array::from_fn(|number| self.u32(bytes, 4 * number).unwrap_or_default())
    }

    /// The 64-bit number at `at`.
    pub(crate) fn u64(self, bytes: &[u8], at: usize) -> Option<u64> {
        let raw = *bytes.get(at..)?.first_chunk()?;
        Some(match self {
            Self::Little => u64::from_le_bytes(raw),
            Self::Big => u64::from_be_bytes(raw),
        })
    }

    /// pcapng's timestamp: the upper 32 bits first, then the lower, each in this order.
    pub(crate) fn halves(self, bytes: &[u8], at: usize) -> Option<u64> {
        let high = self.u32(bytes, at)?;
        let low = self.u32(bytes, at.checked_add(4)?)?;
        Some(u64::from(high) << 32 | u64::from(low))
    }
}

/// `len` rounded up to the next multiple of four, as pcapng pads everything.
pub(crate) const fn padded(len: usize) -> usize {
    len.saturating_add(3) & !3
}
