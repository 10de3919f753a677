//! How a header field is written down (RFC 7541, sections 5 and 6): read from its bytes alone, so
//! that nothing is looked up before all of it is there.
//!
//! ```text
//!   1 index…                      an entry of a table, name and value
//!   01 index… | name | value      a literal that the table takes in
//!   001 size…                     the table's size from here on
//!   0001 index… | name | value    a literal that no table may ever hold
//!   0000 index… | name | value    a literal that is not taken in
//!         └ 0 where the name is written out
//! ```

use std::ops::Range;

/// What a representation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::protocols::http2) enum Kind {
    /// It names an entry (section 6.1).
    Indexed,
    /// It is taken into the table (section 6.2.1).
    Incremental,
    /// It is not (section 6.2.2).
    Without,
    /// It is not, and nobody who hands it on may do so either (section 6.2.3).
    Never,
    /// It is no field: the table changes its size (section 6.3).
    Resize,
}

/// A string: its bytes as they stand there, and whether they are in the Huffman code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Text {
    pub(super) place: Range<usize>,
    pub(super) coded: bool,
}

/// A representation, in offsets from its first byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) kind: Kind,
    /// The entry that it names, 0 for none; of a resize: the size.
    pub(super) index: u32,
    /// The name, where it is written out.
    pub(super) name: Option<Text>,
    /// The value, where it is written out.
    pub(super) value: Option<Text>,
    /// How many bytes it has.
    pub(super) len: usize,
}

/// Why no representation was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoShape {
    /// So many bytes are needed at least, which are more than there are.
    Need(usize),
    /// A number is larger than anything it could count.
    TooLarge,
}

impl Shape {
    /// Reads the representation that these bytes begin with.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, NoShape> {
        let first = *bytes.first().ok_or(NoShape::Need(1))?;
        let (kind, bits) = match first {
            0x80.. => (Kind::Indexed, 7),
            0x40.. => (Kind::Incremental, 6),
            0x20.. => (Kind::Resize, 5),
            0x10.. => (Kind::Never, 4),
            _ => (Kind::Without, 4),
        };
        let (index, mut len) = number(bytes, 0, bits)?;
        let (mut name, mut value) = (None, None);
        if !matches!(kind, Kind::Indexed | Kind::Resize) {
            if index == 0 {
                let text = Text::read(bytes, len)?;
                len = text.place.end;
                name = Some(text);
            }
            let text = Text::read(bytes, len)?;
            len = text.place.end;
            value = Some(text);
        }
        Ok(Self { kind, index, name, value, len })
    }
}

impl Text {
    fn read(bytes: &[u8], at: usize) -> Result<Self, NoShape> {
        let coded = bytes.get(at).ok_or(NoShape::Need(at + 1))? & 0x80 != 0;
        let (len, start) = number(bytes, at, 7)?;
        let end = start.saturating_add(len as usize);
        if end > bytes.len() {
            return Err(NoShape::Need(end));
        }
        Ok(Self { place: start..end, coded })
    }
}

/// A number in the last `bits` bits of the byte at `at`, and in the bytes behind it where they are
/// all ones (section 5.1); and where it ends.
fn number(bytes: &[u8], at: usize, bits: u32) -> Result<(u32, usize), NoShape> {
    let all = (1u32 << bits) - 1;
    let first = u32::from(*bytes.get(at).ok_or(NoShape::Need(at + 1))?) & all;
    if first < all {
        return Ok((first, at + 1));
    }
    let (mut sum, mut shift, mut end) = (u64::from(all), 0, at + 1);
    loop {
        let byte = *bytes.get(end).ok_or(NoShape::Need(end + 1))?;
        end += 1;
        sum += u64::from(byte & 0x7f) << shift;
        shift += 7;
        // Five bytes hold any number of 32 bits; more would only be zeros.
        match u32::try_from(sum) {
            Ok(sum) if byte & 0x80 == 0 => return Ok((sum, end)),
            Ok(_) if shift < 35 => {}
            _ => return Err(NoShape::TooLarge),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_the_standard() {
        let check = |bytes: &[u8], bits: u32, expected: Result<(u32, usize), NoShape>| {
            assert_eq!(number(bytes, 0, bits), expected, "{bytes:02x?}");
        };
        // RFC 7541, appendix C.1.
        check(&[0b1110_1010], 5, Ok((10, 1)));
        check(&[0b0001_1111, 0b1001_1010, 0b0000_1010], 5, Ok((1337, 3)));
        check(&[42], 8, Ok((42, 1)));
        check(&[0x1f, 0x9a], 5, Err(NoShape::Need(3)));
        check(&[], 5, Err(NoShape::Need(1)));
        check(&[0x7f, 0x80, 0xff, 0xff, 0xff, 0x0f], 7, Ok((u32::MAX, 6)));
        check(&[0x7f, 0x81, 0xff, 0xff, 0xff, 0x0f], 7, Err(NoShape::TooLarge));
        check(&[0x7f, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00], 7, Err(NoShape::TooLarge));
    }

    #[test]
    fn a_shape_says_what_it_needs() {
        let check = |bytes: &[u8], expected: Result<usize, NoShape>| {
            assert_eq!(Shape::read(bytes).map(|shape| shape.len), expected, "{bytes:02x?}");
        };
        check(&[0x82, 0x84], Ok(1));
        check(&[0x3f, 0xe1, 0x1f], Ok(3));
        check(&[0x40, 3, b'a', b'b', b'c', 1, b'd'], Ok(7));
        check(&[0x40, 3, b'a', b'b', b'c'], Err(NoShape::Need(6)));
        check(&[0x40, 3, b'a'], Err(NoShape::Need(5)));
        check(&[0x04, 0x0c, b'/'], Err(NoShape::Need(14)));
        check(&[], Err(NoShape::Need(1)));
    }
}
