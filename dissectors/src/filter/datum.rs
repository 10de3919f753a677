//! Values while a frame is tested: held against each other, and worked out of each other.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::syntax::{Arithmetic, Order};
use super::token::{Piece, Until};

/// One value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Datum<'a> {
    /// It is there.
    Present,
    Number(i128),
    Fraction(f64),
    /// Nanoseconds, of a duration or since 1970.
    Nanos(i128),
    /// Bytes, addresses among them.
    Bytes(Cow<'a, [u8]>),
    Text(Cow<'a, [u8]>),
    /// All addresses that begin with so many bits of this one.
    Net(Cow<'a, [u8]>, u8),
    /// Any of these numbers: they share a name.
    OneOf(Cow<'a, [u64]>),
}

impl Datum<'_> {
    /// Whether it is no bytes, or nothing but zeros.
    pub(super) fn is_zero(&self) -> bool {
        match self {
            Self::Present | Self::Net(..) | Self::OneOf(_) => false,
            Self::Number(number) => *number == 0,
            Self::Fraction(number) => *number == 0.0,
            Self::Nanos(nanos) => *nanos == 0,
            Self::Bytes(bytes) => bytes.iter().all(|byte| *byte == 0),
            Self::Text(text) => text.is_empty(),
        }
    }

    /// The bytes of a row of them.
    pub(super) fn bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Bytes(bytes) | Self::Text(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// Whether it lies to another value as asked; never where they are of different kinds.
    pub(super) fn is(&self, order: Order, other: &Datum<'_>) -> bool {
        if let Datum::OneOf(numbers) = other {
            let known = self.number().and_then(|number| u64::try_from(number).ok());
            let is_one = known.is_some_and(|number| numbers.contains(&number));
            return is_one == (order == Order::Equal);
        }
        let Some(found) = self.compare(other) else { return false };
        match order {
            Order::Equal => found == Ordering::Equal,
            Order::Unequal => found != Ordering::Equal,
            Order::Less => found == Ordering::Less,
            Order::AtMost => found != Ordering::Greater,
            Order::Greater => found == Ordering::Greater,
            Order::AtLeast => found != Ordering::Less,
        }
    }

    const fn number(&self) -> Option<i128> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    fn compare(&self, other: &Datum<'_>) -> Option<Ordering> {
        match (self, other) {
            (Self::Number(a), Datum::Number(b)) | (Self::Nanos(a), Datum::Nanos(b)) => {
                Some(a.cmp(b))
            }
            (Self::Number(a), Datum::Fraction(b)) => (*a as f64).partial_cmp(b),
            (Self::Fraction(a), Datum::Number(b)) => a.partial_cmp(&(*b as f64)),
            (Self::Fraction(a), Datum::Fraction(b)) => a.partial_cmp(b),
            (Self::Bytes(a), Datum::Net(b, bits)) => masked(a, *bits, b),
            (Self::Net(a, bits), Datum::Bytes(b)) => masked(a, *bits, b),
            (a, b) => Some(a.bytes()?.cmp(b.bytes()?)),
        }
    }

    /// A part of it; `None` if it is too short, or no row of bytes. Text is cut between characters.
    pub(super) fn slice(&self, pieces: &[Piece]) -> Option<Self> {
        match self {
            Self::Text(text) => {
                let text = String::from_utf8_lossy(text);
                let characters: Vec<char> = text.chars().collect();
                let parts = pieces.iter().map(|piece| range(*piece, characters.len()));
                let mut out = String::new();
                for part in parts {
                    out.extend(characters.get(part?)?);
                }
                Some(Self::Text(out.into_bytes().into()))
            }
            Self::Bytes(bytes) => {
                let mut out = Vec::new();
                for piece in pieces {
                    out.extend_from_slice(bytes.get(range(*piece, bytes.len())?)?);
                }
                Some(Self::Bytes(out.into()))
            }
            _ => None,
        }
    }

    /// The same in the other direction; `None` if it is no number.
    pub(super) fn minus(&self) -> Option<Self> {
        match self {
            Self::Number(number) => Some(Self::Number(number.checked_neg()?)),
            Self::Fraction(number) => Some(Self::Fraction(-number)),
            Self::Nanos(nanos) => Some(Self::Nanos(nanos.checked_neg()?)),
            _ => None,
        }
    }

    /// What is worked out of both; `None` if that has no answer.
    pub(super) fn with(&self, how: Arithmetic, other: &Datum<'_>) -> Option<Self> {
        match (self, other) {
            (Self::Number(a), Datum::Number(b)) => whole(*a, how, *b).map(Self::Number),
            (Self::Nanos(a), Datum::Nanos(b)) => whole(*a, how, *b).map(Self::Nanos),
            (Self::Nanos(a), Datum::Number(b)) => whole(*a, how, *b).map(Self::Nanos),
            (Self::Nanos(a), Datum::Fraction(b)) => {
                Some(Self::Nanos(fraction(*a as f64, how, *b)? as i128))
            }
            (Self::Bytes(a), Datum::Bytes(b)) if how == Arithmetic::Mask && a.len() == b.len() => {
                let masked: Vec<u8> = a.iter().zip(b.iter()).map(|(a, b)| a & b).collect();
                Some(Self::Bytes(masked.into()))
            }
            (a, b) => fraction(a.as_fraction()?, how, b.as_fraction()?).map(Self::Fraction),
        }
    }

    /// As a number with a fraction.
    pub(super) const fn as_fraction(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number as f64),
            Self::Fraction(number) => Some(*number),
            Self::Nanos(nanos) => Some(*nanos as f64 / 1e9),
            _ => None,
        }
    }
}

fn whole(a: i128, how: Arithmetic, b: i128) -> Option<i128> {
    match how {
        Arithmetic::Mask => Some(a & b),
        Arithmetic::Add => a.checked_add(b),
        Arithmetic::Subtract => a.checked_sub(b),
        Arithmetic::Multiply => a.checked_mul(b),
        Arithmetic::Divide => a.checked_div(b),
        Arithmetic::Remainder => a.checked_rem(b),
    }
}

fn fraction(a: f64, how: Arithmetic, b: f64) -> Option<f64> {
    let found = match how {
        Arithmetic::Mask => return None,
        Arithmetic::Add => a + b,
        Arithmetic::Subtract => a - b,
        Arithmetic::Multiply => a * b,
        Arithmetic::Divide => a / b,
        Arithmetic::Remainder => a % b,
    };
    found.is_finite().then_some(found)
}

/// Compares the first bits of two addresses.
fn masked(a: &[u8], bits: u8, b: &[u8]) -> Option<Ordering> {
    let (whole, rest) = (usize::from(bits / 8), bits % 8);
    if a.len() != b.len() {
        return None;
    }
    let first = a.get(..whole)?.cmp(b.get(..whole)?);
    let mask = !(0xff_u8 >> rest);
    let part = |bytes: &[u8]| bytes.get(whole).map_or(0, |byte| byte & mask);
    Some(first.then(part(a).cmp(&part(b))))
}

/// Which of so many things a piece means; `None` if it leaves them.
pub(super) fn range(piece: Piece, len: usize) -> Option<std::ops::Range<usize>> {
    let place = |at: i32| {
        if at < 0 { len.checked_sub(at.unsigned_abs() as usize) } else { usize::try_from(at).ok() }
    };
    let from = place(piece.from)?;
    let end = match piece.until {
        Until::Len(count) => from.checked_add(usize::try_from(count).ok()?)?,
        Until::Last(last) => place(last)?.checked_add(1)?,
        Until::End => len,
    };
    // Nothing at all is no part.
    (from < end && end <= len).then_some(from..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_stay_inside() {
        let check =
            |from: i32, until: Until, len: usize, expected: Option<std::ops::Range<usize>>| {
                assert_eq!(range(Piece { from, until }, len), expected);
            };
        check(0, Until::Len(3), 6, Some(0..3));
        check(-4, Until::Len(4), 6, Some(2..6));
        check(-4, Until::End, 6, Some(2..6));
        check(1, Until::Last(-1), 6, Some(1..6));
        check(4, Until::Len(3), 6, None);
        check(-7, Until::Len(1), 6, None);
        check(6, Until::End, 6, None);
        check(3, Until::Last(1), 6, None);
    }

    #[test]
    fn networks_are_their_first_bits() {
        let check = |address: [u8; 4], net: [u8; 4], bits: u8, expected: Ordering| {
            let (address, net) = (
                Datum::Bytes(Cow::from(address.to_vec())),
                Datum::Net(Cow::from(net.to_vec()), bits),
            );
            assert_eq!(address.compare(&net), Some(expected));
            assert_eq!(net.compare(&address), Some(expected.reverse()));
        };
        check([10, 1, 2, 3], [10, 0, 0, 0], 8, Ordering::Equal);
        check([10, 1, 2, 3], [10, 2, 0, 0], 16, Ordering::Less);
        check([10, 129, 2, 3], [10, 0, 0, 0], 9, Ordering::Greater);
        check([10, 129, 2, 3], [10, 255, 0, 0], 9, Ordering::Equal);
        check([1, 2, 3, 4], [9, 9, 9, 9], 0, Ordering::Equal);
        check([1, 2, 3, 4], [1, 2, 3, 5], 32, Ordering::Less);
    }
}
