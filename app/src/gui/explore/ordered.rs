//! A list in an order that is made away from the window: the one before stands until it is there.

use std::sync::Arc;

use super::scroll::Place;
use crate::gui::work::Job;
use crate::trouble::Trouble;

/// Where a list stands, and in which order its rows are. What they are is known by numbers, which
/// count in the order of the recording.
#[derive(Default)]
pub(super) struct Ordered {
    pub(super) place: Place,
    /// The order, where it is not that of the recording.
    order: Option<Arc<[u32]>>,
    /// One that is being made.
    making: Option<Job<Option<Vec<u32>>>>,
}

impl Ordered {
    /// Stands in the order of the recording again.
    pub(super) fn forget(&mut self) {
        (self.order, self.making) = (None, None);
    }

    /// Takes the order that this gives, once it is there.
    pub(super) fn begin(&mut self, job: Job<Option<Vec<u32>>>) {
        self.making = Some(job);
    }

    /// Whether another order is being made.
    pub(super) fn is_busy(&self) -> bool {
        self.making.is_some()
    }

    /// Takes the order that was made; gives what that died of, where it did. What stands at the
    /// upper edge stays there.
    pub(super) fn collect(&mut self) -> Option<Trouble> {
        let made = self.making.as_ref().and_then(Job::poll)?;
        self.making = None;
        match made {
            Ok(Some(made)) => {
                self.put(made);
                None
            }
            Ok(None) => None,
            Err(trouble) => Some(trouble),
        }
    }

    fn put(&mut self, made: Vec<u32>) {
        let first = usize::try_from(self.place.first).ok().filter(|first| *first > 0);
        let top = first.and_then(|first| self.at(first));
        self.order = Some(made.into());
        if let Some(row) = top.and_then(|top| self.row_of(top)) {
            self.place.first = row as u64;
        }
    }

    /// What stands in a row.
    pub(super) fn at(&self, row: usize) -> Option<u32> {
        match &self.order {
            Some(order) => order.get(row).copied(),
            None => u32::try_from(row).ok(),
        }
    }

    /// In which row something stands.
    pub(super) fn row_of(&self, number: u32) -> Option<usize> {
        match &self.order {
            Some(order) => order.iter().position(|one| *one == number),
            None => Some(number as usize),
        }
    }

    /// How many rows there are, of so many in all.
    pub(super) fn count(&self, all: usize) -> usize {
        self.order.as_ref().map_or(all, |order| order.len())
    }

    /// Goes back to the top of a list that is shown anew.
    pub(super) fn rewind(&mut self) {
        self.place = Place::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gui::work::job::tests::{dying, wait};

    fn ordered(first: u64) -> Ordered {
        let place = Place { first, fraction: 0.0 };
        Ordered { place, order: None, making: None }
    }

    #[test]
    fn what_stands_at_the_upper_edge_stays_there() {
        let mut list = ordered(1);
        list.begin(Job::start("Sorting".into(), Arc::new(|| {}), |_| Ok(Some(vec![3, 2, 1, 0]))));
        let died = wait(|| {
            let died = list.collect();
            (!list.is_busy()).then_some(died)
        });
        assert_eq!(
            (died, list.place.first, list.at(2), list.row_of(3)),
            (None, 2, Some(1), Some(0))
        );
    }

    #[test]
    fn an_order_that_died_leaves_the_one_before_and_is_waited_for_no_more() {
        let mut list = ordered(0);
        list.begin(dying(Vec::new()));
        assert!(wait(|| list.collect()).cause.contains("ended unexpectedly"));
        assert!(!list.is_busy());
        assert_eq!((list.at(7), list.count(9)), (Some(7), 9));
    }
}
