//! What waits for its answer: the queue of questions that a session keeps, bounded by what its
//! protocol has under way at once.

use std::collections::VecDeque;

/// Questions in the order in which they were asked. Past `MOST` of them the oldest is taken to have
/// been lost.
#[derive(Clone, Debug)]
pub(in crate::protocols) struct Waiting<T, const MOST: usize>(VecDeque<T>);

impl<T, const MOST: usize> Default for Waiting<T, MOST> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T, const MOST: usize> Waiting<T, MOST> {
    /// Nothing waits.
    pub(in crate::protocols) const fn new() -> Self {
        Self(VecDeque::new())
    }

    /// A question waits from now on.
    pub(in crate::protocols) fn push(&mut self, question: T) {
        if self.0.len() >= MOST {
            self.0.pop_front();
        }
        self.0.push_back(question);
    }

    /// The oldest one, which the next answer answers where they come in order.
    pub(in crate::protocols) fn oldest(&self) -> Option<&T> {
        self.0.front()
    }

    /// The same, to be changed.
    pub(in crate::protocols) fn oldest_mut(&mut self) -> Option<&mut T> {
        self.0.front_mut()
    }

    /// The one that was asked last.
    pub(in crate::protocols) fn latest(&self) -> Option<&T> {
        self.0.back()
    }

    /// The oldest one is answered.
    pub(in crate::protocols) fn pop(&mut self) -> Option<T> {
        self.0.pop_front()
    }

    /// The oldest one that fits.
    pub(in crate::protocols) fn first(&mut self, fits: impl Fn(&T) -> bool) -> Option<&mut T> {
        self.0.iter_mut().find(|question| fits(question))
    }

    /// The latest one that fits.
    pub(in crate::protocols) fn last(&mut self, fits: impl Fn(&T) -> bool) -> Option<&mut T> {
        self.0.iter_mut().rev().find(|question| fits(question))
    }

    /// Takes out the oldest one that fits: it is answered.
    pub(in crate::protocols) fn take_first(&mut self, fits: impl Fn(&T) -> bool) -> Option<T> {
        self.0.iter().position(fits).and_then(|place| self.0.remove(place))
    }

    /// Takes out the latest one that fits.
    pub(in crate::protocols) fn take_last(&mut self, fits: impl Fn(&T) -> bool) -> Option<T> {
        self.0.iter().rposition(fits).and_then(|place| self.0.remove(place))
    }

    /// All of them, the oldest first.
    pub(in crate::protocols) fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.0.iter()
    }

    /// Those that do not fit wait no longer.
    pub(in crate::protocols) fn retain(&mut self, fits: impl Fn(&T) -> bool) {
        self.0.retain(fits);
    }

    /// Nobody knows any more which answer is whose.
    pub(in crate::protocols) fn clear(&mut self) {
        self.0.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_of_too_many_is_taken_to_be_lost() {
        let mut waiting = Waiting::<u32, 3>::new();
        (0..5).for_each(|question| waiting.push(question));
        assert_eq!(waiting.iter().copied().collect::<Vec<_>>(), [2, 3, 4]);
        assert_eq!((waiting.oldest(), waiting.latest()), (Some(&2), Some(&4)));
        assert_eq!(waiting.first(|one| *one > 2), Some(&mut 3));
        assert_eq!(waiting.last(|one| *one < 4), Some(&mut 3));
        assert_eq!(waiting.take_last(|one| *one > 2), Some(4));
        assert_eq!(waiting.take_first(|one| *one > 2), Some(3));
        assert_eq!((waiting.pop(), waiting.pop()), (Some(2), None));
    }
}
