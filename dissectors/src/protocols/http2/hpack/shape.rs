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

use crate::protocols::multiplexed::{Cursor, NoShape, Written};

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

/// A representation, in offsets from its first byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) kind: Kind,
    /// The entry that it names, 0 for none; of a resize: the size.
    pub(super) index: u32,
    /// The name, where it is written out.
    pub(super) name: Option<Written>,
    /// The value, where it is written out.
    pub(super) value: Option<Written>,
    /// How many bytes it has.
    pub(super) len: usize,
}

impl Shape {
    /// Reads the representation that these bytes begin with.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, NoShape> {
        let mut cursor = Cursor::new(bytes, 0);
        let (kind, bits) = match cursor.first()? {
            0x80.. => (Kind::Indexed, 7),
            0x40.. => (Kind::Incremental, 6),
            0x20.. => (Kind::Resize, 5),
            0x10.. => (Kind::Never, 4),
            _ => (Kind::Without, 4),
        };
        let index = u32::try_from(cursor.number(bits)?).map_err(|_| NoShape::TooLarge)?;
        let (mut name, mut value) = (None, None);
        if !matches!(kind, Kind::Indexed | Kind::Resize) {
            if index == 0 {
                name = Some(cursor.string(7)?);
            }
            value = Some(cursor.string(7)?);
        }
        Ok(Self { kind, index, name, value, len: cursor.at })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        check(&[0x7f, 0xc1, 0xff, 0xff, 0xff, 0x0f], Err(NoShape::TooLarge));
    }
}
