//! Numbers of variable length (RFC 9000, section 16): the first two bits say how many bytes there
//! are.
//!
//! ```text
//!   00 6 bits   01 14 bits   10 30 bits   11 62 bits
//! ```

use crate::bytes::{Reader, Short};
use crate::span::Span;

/// The largest number that can be written: 2^62 - 1.
pub const MAX: u64 = (1 << 62) - 1;

/// Reads the next number, and says where it lies.
///
/// # Errors
/// Where fewer bytes are left than its first one says.
pub fn varint(reader: &mut Reader<'_>, what: &'static str) -> Result<(u64, Span), Short> {
    let width = reader.rest().first().map_or(1, |first| 1 << (first >> 6));
    let (raw, place) = reader.number(width, what)?;
    Ok((raw & (u64::MAX >> (64 - 8 * width + 2)), place))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_the_standard() {
        fn check(bytes: &[u8], expected: Option<(u64, u32)>) {
            let place = Span { len: u32::MAX, ..Span::NONE };
            let read = varint(&mut Reader::new(bytes, place), "a number").ok();
            assert_eq!(read.map(|(number, place)| (number, place.len)), expected, "{bytes:02x?}");
        }
        // RFC 9000, appendix A.1.
        let eight = [0xc2, 0x19, 0x7c, 0x5e, 0xff, 0x14, 0xe8, 0x8c];
        check(&eight, Some((151_288_809_941_952_652, 8)));
        check(&[0x9d, 0x7f, 0x3e, 0x7d], Some((494_878_333, 4)));
        check(&[0x7b, 0xbd], Some((15_293, 2)));
        check(&[0x25], Some((37, 1)));
        check(&[0x40, 0x25], Some((37, 2)));
        check(&[0xff; 8], Some((MAX, 8)));
        check(&eight[..7], None);
        check(&[], None);
    }
}
