//! Numbers and strings behind the first bits of a byte (RFC 9204, section 4.1).
//!
//! ```text
//!   |x x x|1 1 1 1 1|1 a …|1 b …|0 c …|     31 + a + b·2^7 + c·2^14
//!   |x H  | length  |  bytes  |             H: in the Huffman code
//! ```

use std::ops::Range;

/// Why nothing was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::protocols::http3) enum NoShape {
    /// There are too few bytes.
    Short,
    /// A number is larger than any that can be written (62 bits).
    TooLarge,
}

/// Bytes that are read from the front.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) at: usize,
}

/// A string: its bytes as they stand there, and whether they are in the Huffman code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::protocols::http3) struct Written {
    pub(in crate::protocols::http3) place: Range<usize>,
    pub(in crate::protocols::http3) coded: bool,
}

impl<'a> Cursor<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// The byte at hand.
    pub(super) fn first(&self) -> Result<u8, NoShape> {
        self.bytes.get(self.at).copied().ok_or(NoShape::Short)
    }

    pub(super) fn is_done(&self) -> bool {
        self.at >= self.bytes.len()
    }

    /// The number in the last `bits` bits of the byte at hand, and in the bytes behind it where they
    /// are all ones.
    pub(super) fn number(&mut self, bits: u32) -> Result<u64, NoShape> {
        let all = (1u64 << bits) - 1;
        let mut sum = u64::from(self.first()?) & all;
        self.at += 1;
        if sum < all {
            return Ok(sum);
        }
        // Nine bytes hold any number of 62 bits.
        for shift in (0..63).step_by(7) {
            let byte = self.first()?;
            self.at += 1;
            sum = sum.checked_add(u64::from(byte & 0x7f) << shift).ok_or(NoShape::TooLarge)?;
            if byte & 0x80 == 0 {
                return if sum >> 62 == 0 { Ok(sum) } else { Err(NoShape::TooLarge) };
            }
        }
        Err(NoShape::TooLarge)
    }

    /// A string whose length stands in the last `bits` bits of the byte at hand, the bit before them
    /// saying whether it is coded.
    pub(super) fn string(&mut self, bits: u32) -> Result<Written, NoShape> {
        let coded = self.first()? >> bits & 1 == 1;
        let len = usize::try_from(self.number(bits)?).map_err(|_| NoShape::TooLarge)?;
        let place = self.at..self.at.saturating_add(len);
        if place.end > self.bytes.len() {
            return Err(NoShape::Short);
        }
        self.at = place.end;
        Ok(Written { place, coded })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_the_standard() {
        let check = |bytes: &[u8], bits, expected| {
            assert_eq!(Cursor::new(bytes).number(bits), expected, "{bytes:02x?}");
        };
        // RFC 7541, appendix C.1.
        check(&[0b1110_1010], 5, Ok(10));
        check(&[0b0001_1111, 0b1001_1010, 0b0000_1010], 5, Ok(1337));
        check(&[0x1f, 0x9a], 5, Err(NoShape::Short));
        check(&[], 5, Err(NoShape::Short));
        let largest = [0x1f, 0xe0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x3f];
        check(&largest, 5, Ok((1 << 62) - 1));
        check(&[&largest[..9], &[0x40]].concat(), 5, Err(NoShape::TooLarge));
        check(&[0xff; 12], 8, Err(NoShape::TooLarge));
    }
}
