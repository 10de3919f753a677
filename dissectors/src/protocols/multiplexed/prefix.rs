//! Numbers and strings behind the first bits of a byte (RFC 7541, section 5; RFC 9204, section
//! 4.1).
//!
//! ```text
//!   |x x x|1 1 1 1 1|1 a …|1 b …|0 c …|     31 + a + b·2^7 + c·2^14
//!   |x H  | length  |  bytes  |             H: in the Huffman code
//! ```

use std::ops::Range;

/// Why nothing was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::protocols) enum NoShape {
    /// So many bytes are needed at least, from the first on, which are more than there are.
    Need(usize),
    /// A number is larger than any that can be meant (62 bits).
    TooLarge,
}

/// Bytes that are read from the front.
#[derive(Clone, Copy, Debug)]
pub(in crate::protocols) struct Cursor<'a> {
    bytes: &'a [u8],
    /// How far they were read.
    pub(in crate::protocols) at: usize,
}

/// A string: its bytes as they stand there, and whether they are in the Huffman code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::protocols) struct Written {
    pub(in crate::protocols) place: Range<usize>,
    pub(in crate::protocols) coded: bool,
}

impl<'a> Cursor<'a> {
    /// Reads from that offset on.
    pub(in crate::protocols) const fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at }
    }

    /// The byte at hand.
    pub(in crate::protocols) fn first(&self) -> Result<u8, NoShape> {
        self.bytes.get(self.at).copied().ok_or(NoShape::Need(self.at + 1))
    }

    /// Whether all was read.
    pub(in crate::protocols) const fn is_done(&self) -> bool {
        self.at >= self.bytes.len()
    }

    /// The number in the last `bits` bits of the byte at hand, and in the bytes behind it where
    /// they are all ones.
    pub(in crate::protocols) fn number(&mut self, bits: u32) -> Result<u64, NoShape> {
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

    /// A string whose length stands in the last `bits` bits of the byte at hand, the bit before
    /// them saying whether it is coded.
    pub(in crate::protocols) fn string(&mut self, bits: u32) -> Result<Written, NoShape> {
        let coded = self.first()? >> bits & 1 == 1;
        let len = usize::try_from(self.number(bits)?).map_err(|_| NoShape::TooLarge)?;
        let place = self.at..self.at.saturating_add(len);
        if place.end > self.bytes.len() {
            return Err(NoShape::Need(place.end));
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
            let mut cursor = Cursor::new(bytes, 0);
            let read = cursor.number(bits).map(|number| (number, cursor.at));
            assert_eq!(read, expected, "{bytes:02x?}");
        };
        // RFC 7541, appendix C.1.
        check(&[0b1110_1010], 5, Ok((10, 1)));
        check(&[0b0001_1111, 0b1001_1010, 0b0000_1010], 5, Ok((1337, 3)));
        check(&[42], 8, Ok((42, 1)));
        check(&[0x1f, 0x9a], 5, Err(NoShape::Need(3)));
        check(&[], 5, Err(NoShape::Need(1)));
        let largest = [0x1f, 0xe0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x3f];
        check(&largest, 5, Ok(((1 << 62) - 1, 10)));
        check(&[&largest[..9], &[0x40]].concat(), 5, Err(NoShape::TooLarge));
        check(&[0xff; 12], 8, Err(NoShape::TooLarge));
    }

    #[test]
    fn strings_say_how_many_bytes_they_take() {
        let check = |bytes: &[u8], expected: Result<(Range<usize>, bool), NoShape>| {
            let read = Cursor::new(bytes, 0).string(7).map(|it| (it.place, it.coded));
            assert_eq!(read, expected, "{bytes:02x?}");
        };
        check(&[2, b'a', b'b', b'c'], Ok((1..3, false)));
        check(&[0x82, 0x1f, 0xff], Ok((1..3, true)));
        check(&[3, b'a'], Err(NoShape::Need(4)));
        check(&[0x7f], Err(NoShape::Need(2)));
    }
}
