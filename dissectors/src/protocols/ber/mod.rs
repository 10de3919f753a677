//! Elements in BER (ITU-T X.690, section 8.1): a tag, a length, content, which may be elements
//! again. What LDAP and SNMP are written in.
//!
//! ```text
//!   30 0c   02 01 05   04 03 a b c      a sequence of a number and three bytes
//!   30 82 01 2c …                       a length of two bytes: 300
//! ```

use std::fmt;
use std::ops::Range;

use crate::bytes::{Reader, Short};
use crate::span::Span;

/// Why there is no element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// More bytes may make it one.
    More,
    /// They will not.
    Never,
}

/// Tag, and where the content lies, which need not be there.
///
/// # Errors
/// Where tag and length are not there, or the length is none that is meant.
pub fn element(bytes: &[u8], at: usize) -> Result<(u8, Range<usize>), Missing> {
    let tag = *bytes.get(at).ok_or(Missing::More)?;
    let first = *bytes.get(at + 1).ok_or(Missing::More)?;
    if first < 0x80 {
        let start = at + 2;
        return Ok((tag, start..start + usize::from(first)));
    }
    let width = usize::from(first & 0x7f);
    // 2 GB are enough for a directory, and neither LDAP nor SNMP knows indefinite lengths.
    if width == 0 || width > 4 {
        return Err(Missing::Never);
    }
    let start = at + 2 + width;
    let len = number(bytes.get(at + 2..start).ok_or(Missing::More)?);
    if len < 1 << 31 { Ok((tag, start..start + len as usize)) } else { Err(Missing::Never) }
}

/// A big-endian number without a sign.
#[must_use]
pub fn number(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

/// A number with a sign, in two's complement (section 8.3); `None` if it does not fit.
#[must_use]
pub fn signed(bytes: &[u8]) -> Option<i64> {
    if bytes.len() > 8 {
        return None;
    }
    let first = i64::from(*bytes.first()? as i8);
    Some(bytes.iter().skip(1).fold(first, |sum, byte| sum << 8 | i64::from(*byte)))
}

/// An element, as far as it is there.
#[derive(Clone, Copy, Debug)]
pub struct Element<'a> {
    /// Its tag.
    pub tag: u8,
    /// All of it that is there.
    pub span: Span,
    /// Its content, as far as it is there.
    pub content: Reader<'a>,
    /// Where more was claimed.
    pub short: Option<Short>,
}

/// Why reading stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Stop {
    /// Fewer bytes than were claimed.
    #[error(transparent)]
    Short(#[from] Short),
    /// A length in a form that stands for none here.
    #[error("{0} has a length of no fixed size, or of more than four bytes")]
    Length(&'static str, Span),
    /// Another tag than the one that belongs there.
    #[error("{0} has the tag 0x{1:02x}, which is another thing's")]
    Tag(&'static str, u8, Span),
}

impl Stop {
    /// Where it stopped.
    #[must_use]
    pub const fn place(&self) -> Span {
        match self {
            Self::Short(short) => short.place,
            Self::Length(_, place) | Self::Tag(_, _, place) => *place,
        }
    }
}

impl<'a> Element<'a> {
    /// The next element of a reader, which moves on behind it.
    ///
    /// # Errors
    /// Where tag and length are not there, or are none.
    pub fn next(reader: &mut Reader<'a>, what: &'static str) -> Result<Self, Stop> {
        let start = *reader;
        let (tag, place) = match element(reader.rest(), 0) {
            Ok(found) => found,
            Err(Missing::Never) => return Err(Stop::Length(what, start.span())),
            Err(Missing::More) => {
                let (needed, present) = (start.len() + 1, start.len());
                return Err(Short { what, needed, present, place: start.span() }.into());
            }
        };
        reader.take(place.start, what)?;
        let (needed, present) = (place.len(), reader.len());
        let content = reader.sub(needed.min(present), what)?;
        let head = start.span().part(0, place.start);
        let short = (present < needed).then_some(Short { what, needed, present, place: head });
        let span = start.span().part(0, place.start + content.len());
        Ok(Self { tag, span, content, short })
    }

    /// The next element, which has to have this tag.
    ///
    /// # Errors
    /// Where it has another, or none is there.
    pub fn expect(reader: &mut Reader<'a>, tag: u8, what: &'static str) -> Result<Self, Stop> {
        let place = reader.span();
        let found = Self::next(reader, what)?;
        if found.tag == tag { Ok(found) } else { Err(Stop::Tag(what, found.tag, place.part(0, 1))) }
    }

    /// Its content, if all of it is there.
    ///
    /// # Errors
    /// Where it is not.
    pub fn whole(&self) -> Result<&'a [u8], Stop> {
        match self.short {
            Some(short) => Err(short.into()),
            None => Ok(self.content.rest()),
        }
    }
}

/// An object identifier, shown in decimals with dots (section 8.19).
#[derive(Clone, Copy)]
pub struct Oid<'a>(pub &'a [u8]);

impl Oid<'_> {
    /// Its numbers in their order, the first two apart. One beyond 64 bits counts as the largest.
    pub fn arcs(&self) -> impl Iterator<Item = u64> {
        let mut first = true;
        let ends_low = |byte: &u8| byte & 0x80 == 0;
        self.0.split_inclusive(move |byte| ends_low(byte)).flat_map(move |run| {
            let add = |sum: u64, byte: &u8| {
                sum.checked_mul(128).map_or(u64::MAX, |sum| sum | u64::from(byte & 0x7f))
            };
            let value = run.iter().fold(0, add);
            let is_first = std::mem::replace(&mut first, false);
            let top = (value / 40).min(2);
            match is_first {
                true => [Some(top), Some(value - top * 40)],
                false => [Some(value), None],
            }
            .into_iter()
            .flatten()
        })
    }
}

impl fmt::Display for Oid<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, arc) in self.arcs().enumerate() {
            write!(f, "{}{arc}", if place == 0 { "" } else { "." })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_shown_with_dots() {
        let check = |bytes: &[u8], expected: &str| assert_eq!(Oid(bytes).to_string(), expected);
        check(&[0x2b, 6, 1, 2, 1, 1, 5, 0], "1.3.6.1.2.1.1.5.0");
        check(&[0x2b, 6, 1, 4, 1, 0x8f, 0x51], "1.3.6.1.4.1.2001");
        check(&[0x88, 0x37, 3], "2.999.3");
        check(&[1], "0.1");
        check(&[], "");
        check(&[0xff; 12], "2.18446744073709551535");
    }

    #[test]
    fn numbers_have_signs() {
        let check = |bytes: &[u8], expected: Option<i64>| assert_eq!(signed(bytes), expected);
        check(&[0], Some(0));
        check(&[0x7f, 0xff], Some(32767));
        check(&[0xff], Some(-1));
        check(&[0x80, 0, 0, 0, 0, 0, 0, 0], Some(i64::MIN));
        check(&[0; 9], None);
        check(&[], None);
    }

    #[test]
    fn an_element_says_what_it_claims_and_what_is_there() {
        let bytes = [0x30, 5, 2, 1, 7];
        let mut reader = Reader::new(&bytes, Span { len: 5, ..Span::NONE });
        let sequence = Element::expect(&mut reader, 0x30, "a sequence").unwrap();
        assert_eq!(sequence.short.map(|short| (short.needed, short.present)), Some((5, 3)));
        let mut inside = sequence.content;
        let number = Element::next(&mut inside, "a number").unwrap();
        assert_eq!((number.tag, number.whole()), (2, Ok(&[7][..])));
        assert!(matches!(Element::next(&mut inside, "more"), Err(Stop::Short(_))));
        let mut endless = Reader::new(&[0x30, 0x80, 0, 0], Span { len: 4, ..Span::NONE });
        assert!(matches!(Element::next(&mut endless, "it"), Err(Stop::Length("it", _))));
    }
}
