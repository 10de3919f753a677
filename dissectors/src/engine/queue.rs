//! A queue whose waiting items lie in one slice.

/// Items that wait, behind those that are done with: these go in bulk, once they are half of all,
/// so that taking few at a time from a long queue does not move the rest each time.
#[derive(Clone, Debug)]
pub(super) struct Queue<T> {
    items: Vec<T>,
    done: usize,
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self { items: Vec::new(), done: 0 }
    }
}

impl<T> Queue<T> {
    /// How many wait.
    pub(super) fn len(&self) -> usize {
        self.items.len() - self.done
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Those that wait.
    pub(super) fn as_slice(&self) -> &[T] {
        self.items.get(self.done..).unwrap_or_default()
    }

    pub(super) fn as_mut_slice(&mut self) -> &mut [T] {
        self.items.get_mut(self.done..).unwrap_or_default()
    }

    pub(super) fn push(&mut self, item: T) {
        self.items.push(item);
    }

    /// Takes room for so many to wait in all.
    pub(super) fn make_room(&mut self, len: usize) {
        self.items.reserve(len.saturating_sub(self.len()));
    }

    /// Is done with the first of those that wait.
    pub(super) fn advance(&mut self, len: usize) {
        self.done += len.min(self.len());
        if self.done >= self.items.len() - self.done {
            self.items.drain(..self.done);
            self.done = 0;
        }
    }
}

impl<T: Copy> Queue<T> {
    pub(super) fn extend(&mut self, items: &[T]) {
        self.items.extend_from_slice(items);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_with_goes_in_bulk() {
        let mut queue = Queue::default();
        queue.extend(&(0..1000).collect::<Vec<u32>>());
        let mut moved = 0;
        for at in 0..1000 {
            assert_eq!((queue.as_slice()[0], queue.len()), (at, 1000 - at as usize));
            queue.advance(1);
            moved += if queue.done == 0 { queue.len() } else { 0 };
        }
        assert!(queue.is_empty());
        assert!(moved <= 1000, "each is moved once on average: {moved}");
        queue.push(7);
        queue.advance(5);
        assert!(queue.is_empty(), "there is no more than there is");
    }
}
