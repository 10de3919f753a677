//! What is made when somebody looks, and made anew once it rests on something else.
//!
//! ```text
//!   basis ── lacks? ──> job ──> made, of that basis
//!                        └────> failed: it is not tried again before the basis is another
//! ```
//!
//! What was made last stays until better is there.

use std::sync::Arc;

use super::Job;
use crate::trouble::Trouble;

/// Something of a kind, and the basis that it was made of.
pub(in crate::gui) struct Made<B, T> {
    made: Option<(B, Arc<T>)>,
    making: Option<(B, Job<Option<T>>)>,
    failed: Option<(B, Trouble)>,
    times: usize,
}

impl<B, T> Default for Made<B, T> {
    fn default() -> Self {
        Self { made: None, making: None, failed: None, times: 0 }
    }
}

impl<B: PartialEq, T: Send + 'static> Made<B, T> {
    /// What was made last.
    pub(in crate::gui) fn known(&self) -> Option<&Arc<T>> {
        self.made.as_ref().map(|(_, made)| made)
    }

    /// What that rests on.
    pub(in crate::gui) fn basis(&self) -> Option<&B> {
        self.made.as_ref().map(|(basis, _)| basis)
    }

    /// How often anything was made.
    pub(in crate::gui) fn times(&self) -> usize {
        self.times
    }

    /// Whether it has still to be made of this: it is not there, it is not being made, and it was
    /// not tried in vain.
    pub(in crate::gui) fn lacks(&self, basis: &B) -> bool {
        let making = self.making.as_ref().map(|(known, _)| known);
        let failed = self.failed.as_ref().map(|(known, _)| known);
        [self.basis(), making, failed].into_iter().flatten().all(|known| known != basis)
    }

    /// Makes it of this from now on; what was being made is cancelled. Nothing comes out of a job
    /// that was.
    pub(in crate::gui) fn begin(&mut self, basis: B, job: Job<Option<T>>) {
        self.failed = None;
        self.making = Some((basis, job));
    }

    /// Takes what was made. Gives what that died of, where it did.
    pub(in crate::gui) fn collect(&mut self) -> Option<Trouble> {
        let result = self.making.as_ref()?.1.poll()?;
        let (basis, _) = self.making.take()?;
        match result {
            Ok(made) => {
                if let Some(made) = made {
                    self.made = Some((basis, Arc::new(made)));
                    self.times += 1;
                }
                None
            }
            Err(trouble) => {
                self.failed = Some((basis, trouble.clone()));
                Some(trouble)
            }
        }
    }

    /// Why it could not be made, where it was tried in vain.
    pub(in crate::gui) fn trouble(&self) -> Option<&Trouble> {
        self.failed.as_ref().map(|(_, trouble)| trouble)
    }

    /// Whether it is being made.
    pub(in crate::gui) fn is_busy(&self) -> bool {
        self.making.is_some()
    }

    /// How far it is, from 0 to 1, while it is being made.
    pub(in crate::gui) fn share(&self) -> Option<f32> {
        self.making.as_ref().map(|(_, job)| job.share())
    }
}

#[cfg(test)]
mod tests {
    use super::super::job::tests::{dying, wait};
    use super::*;

    fn adding(number: u32) -> Job<Option<u32>> {
        Job::start("Adding".into(), Arc::new(|| {}), move |_| Ok(Some(number + 1)))
    }

    fn number(made: &Made<u32, u32>) -> Option<u32> {
        made.known().map(|number| **number)
    }

    fn settled(made: &mut Made<u32, u32>) -> Option<Trouble> {
        wait(|| {
            let trouble = made.collect();
            (!made.is_busy()).then_some(trouble)
        })
    }

    #[test]
    fn what_was_made_stays_until_better_is_there() {
        let mut made = Made::default();
        assert!(made.lacks(&1));
        made.begin(1, adding(1));
        assert!(!made.lacks(&1) && made.known().is_none());
        assert_eq!((settled(&mut made), number(&made)), (None, Some(2)));
        made.begin(2, adding(2));
        assert_eq!((made.basis(), number(&made)), (Some(&1), Some(2)));
        assert_eq!((settled(&mut made), number(&made)), (None, Some(3)));
        assert_eq!((made.lacks(&2), made.lacks(&1), made.times()), (false, true, 2));
    }

    #[test]
    fn what_died_is_told_once_and_not_tried_again() {
        let mut made = Made::default();
        made.begin(1, dying(Vec::new()));
        let trouble = settled(&mut made);
        assert!(trouble.is_some() && made.trouble() == trouble.as_ref());
        assert_eq!((made.collect(), made.lacks(&1), made.lacks(&2)), (None, false, true));
        made.begin(2, adding(2));
        assert_eq!((settled(&mut made), made.trouble()), (None, None));
    }
}
