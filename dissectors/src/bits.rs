//! Sets of small numbers, a bit each: frames of a file, connections of a document.

use std::ops::Range;

/// A set over so many numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bits {
    words: Vec<u64>,
    len: u32,
}

impl Bits {
    /// An empty set of numbers below `len`.
    #[must_use]
    pub fn none(len: u32) -> Self {
        Self { words: vec![0; len.div_ceil(64) as usize], len }
    }

    /// All numbers below `len`.
    #[must_use]
    pub fn all(len: u32) -> Self {
        let mut all = Self { words: vec![u64::MAX; len.div_ceil(64) as usize], len };
        all.trim();
        all
    }

    /// The set of those that a test chooses.
    #[must_use]
    pub fn of(len: u32, mut test: impl FnMut(u32) -> bool) -> Self {
        let mut bits = Self::none(len);
        for (word, start) in bits.words.iter_mut().zip((0..len).step_by(64)) {
            for bit in 0..64.min(len - start) {
                *word |= u64::from(test(start + bit)) << bit;
            }
        }
        bits
    }

    /// How many numbers there could be.
    #[must_use]
    pub const fn len(&self) -> u32 {
        self.len
    }

    /// Whether none is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    /// How many are in it.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.words.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// Adds a number.
    pub fn insert(&mut self, number: u32) {
        if let Some(word) = self.words.get_mut(number as usize / 64).filter(|_| number < self.len) {
            *word |= 1 << (number % 64);
        }
    }

    /// Takes a number out.
    pub fn remove(&mut self, number: u32) {
        if let Some(word) = self.words.get_mut(number as usize / 64) {
            *word &= !(1 << (number % 64));
        }
    }

    /// Appends the set of the numbers that follow; this one must hold a multiple of 64 so far.
    pub fn append(&mut self, later: &Self) {
        self.words.extend_from_slice(&later.words);
        self.len += later.len;
    }

    /// The set of a range of its numbers, counted from the beginning of the range; that must be a
    /// multiple of 64.
    #[must_use]
    pub fn part(&self, range: Range<u32>) -> Self {
        let len = range.end.min(self.len).saturating_sub(range.start);
        let first = range.start as usize / 64;
        let words = self.words.get(first..first + len.div_ceil(64) as usize).unwrap_or_default();
        let mut part = Self { words: words.to_vec(), len };
        part.trim();
        part
    }

    /// Whether a number is in it.
    #[must_use]
    pub fn contains(&self, number: u32) -> bool {
        self.words.get(number as usize / 64).is_some_and(|word| word >> (number % 64) & 1 == 1)
    }

    /// The numbers in it, in their order.
    pub fn iter(&self) -> impl Iterator<Item = u32> {
        let words = (0u32..).step_by(64).zip(&self.words);
        words.flat_map(|(start, word)| {
            let rest = |word: &u64| Some(word & (word - 1)).filter(|rest| *rest != 0);
            let first = Some(*word).filter(|word| *word != 0);
            std::iter::successors(first, rest).map(move |word| start + word.trailing_zeros())
        })
    }

    /// Leaves those that are in both.
    pub fn and(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(a, b)| *a &= b);
    }

    /// Adds those of another.
    pub fn or(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(a, b)| *a |= b);
    }

    /// Leaves those that are in one of both only.
    pub fn xor(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(a, b)| *a ^= b);
    }

    /// Takes those of another away.
    pub fn without(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(a, b)| *a &= !b);
    }

    /// Turns it into those that were not in it.
    pub fn invert(&mut self) {
        self.words.iter_mut().for_each(|word| *word = !*word);
        self.trim();
    }

    /// Nothing is in it beyond its last number.
    fn trim(&mut self) {
        if let (Some(last), rest @ 1..) = (self.words.last_mut(), self.len % 64) {
            *last &= (1 << rest) - 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_joined_and_turned_over_within_their_bounds() {
        let check = |bits: &Bits, expected: &[u32]| {
            assert_eq!(bits.iter().collect::<Vec<_>>(), expected);
            assert_eq!(
                (bits.count(), bits.is_empty()),
                (expected.len() as u64, expected.is_empty())
            );
        };
        let threes = Bits::of(70, |n| n % 30 == 3);
        check(&threes, &[3, 33, 63]);
        let mut some = Bits::none(70);
        [3, 69, 70, 400].into_iter().for_each(|n| some.insert(n));
        check(&some, &[3, 69]);
        let with = |change: fn(&mut Bits, &Bits)| {
            let mut bits = threes.clone();
            change(&mut bits, &some);
            bits
        };
        check(&with(Bits::and), &[3]);
        check(&with(Bits::or), &[3, 33, 63, 69]);
        check(&with(Bits::xor), &[33, 63, 69]);
        check(&with(Bits::without), &[33, 63]);
        let mut rest = Bits::of(70, |n| n != 69);
        rest.invert();
        check(&rest, &[69]);
        let mut both = Bits::of(64, |n| n == 63);
        both.append(&Bits::of(2, |n| n == 1));
        check(&both, &[63, 65]);
        check(&both.part(64..66), &[1]);
        check(&both.part(0..63), &[]);
        both.remove(63);
        check(&both, &[65]);
        check(&Bits::all(3), &[0, 1, 2]);
        assert!(Bits::all(128).contains(127) && !Bits::all(128).contains(128));
    }
}
