//! Filtering: what was typed, what is in force, and the thread that finds what passes.
//!
//! ```text
//!   Enter ──> thread ── columns: all at once ──> rows
//!                    └─ what has to be read ──> rows, as they are found ──> connections
//! ```
//!
//! Another filter, or none, cancels the one under way. What is typed and not a filter leaves the
//! last one in force.

use std::sync::Arc;
use std::time::{Duration, Instant};

use wirestage_dissectors::filter::{FilterError, RowSet};
use wirestage_dissectors::ids::{ConnectionId, FrameId};

use super::Explore;
use crate::document::{Ground, filter};
use crate::gui::work::{Job, Wake};
use crate::trouble::Trouble;

/// Expressions that are remembered.
const REMEMBERED: usize = 30;

/// The filter line, and what it lets pass.
#[derive(Default)]
pub(super) struct Filtering {
    /// What is typed.
    pub(super) typed: String,
    /// Why that is no filter yet, while it is typed.
    pub(super) yet: Option<String>,
    /// What is wrong with it, where it was to be one.
    pub(super) wrong: Option<FilterError>,
    /// What passes, where a filter is in force.
    pub(super) passed: Option<Passed>,
    /// The search for all that passes: it brings rows as they are found.
    running: Option<Job<Option<All>, RowSet>>,
    /// What was typed before, the latest first.
    pub(super) history: Vec<String>,
    /// What is kept from one start to the next.
    pub(super) favourites: Vec<String>,
    /// Whether the line is to get the keyboard.
    pub(super) focus: bool,
    /// Which of the words that are offered is chosen.
    pub(super) chosen: usize,
    /// Whether words are offered: not once they were refused or taken.
    pub(super) offers: bool,
}

/// What passes a filter, as far as it is found.
pub(super) struct Passed {
    pub(super) expression: String,
    pub(super) rows: RowSet,
    /// How long it took, once all is found.
    pub(super) took: Option<Duration>,
    /// The connections that have any of the rows, once all are found.
    pub(super) connections: Option<usize>,
}

/// What there is to say once all is found: the connections that have any of it, and how long that
/// took.
struct All {
    connections: Vec<ConnectionId>,
    took: Duration,
}

/// What a search brought.
pub(super) enum Found {
    /// All that passes is found, in these connections.
    All(Vec<ConnectionId>),
    /// It died; what was found until then stands.
    Died(Trouble),
}

impl Filtering {
    /// Puts what is typed into force. Says whether that changed anything: what is no filter does
    /// not, and nothing typed lets everything pass.
    pub(super) fn apply(&mut self, ground: &Ground, wake: &Wake) -> bool {
        let expression = self.typed.trim().to_owned();
        self.wrong = None;
        if expression.is_empty() {
            self.running = None;
            return self.passed.take().is_some();
        }
        if let Err(error) = filter(&self.typed) {
            self.wrong = Some(error);
            return false;
        }
        self.history.retain(|known| *known != expression);
        self.history.insert(0, expression.clone());
        self.history.truncate(REMEMBERED);
        self.running = Some(search(expression.clone(), ground.clone(), wake));
        let rows = RowSet::new();
        self.passed = Some(Passed { expression, rows, took: None, connections: None });
        true
    }

    /// Keeps an expression among the favourites, or no longer.
    pub(super) fn keep(&mut self, expression: &str) {
        let count = self.favourites.len();
        self.favourites.retain(|known| known != expression);
        if self.favourites.len() == count {
            self.favourites.push(expression.to_owned());
        }
    }

    /// Begins again with more keys.
    pub(super) fn renew(&mut self, ground: &Ground, wake: &Wake) {
        if let Some(passed) = &mut self.passed {
            passed.rows = RowSet::new();
            (passed.took, passed.connections) = (None, None);
            let expression = passed.expression.clone();
            self.running = Some(search(expression, ground.clone(), wake));
        }
    }

    /// Looks again in what has grown; what passed passes still.
    pub(super) fn grow(&mut self, ground: &Ground, wake: &Wake) {
        if let Some(passed) = &self.passed {
            let expression = passed.expression.clone();
            self.running = Some(search(expression, ground.clone(), wake));
        }
    }

    /// Takes what was found; says so where the search is over.
    pub(super) fn collect(&mut self) -> Option<Found> {
        let (running, passed) = (self.running.as_ref()?, self.passed.as_mut()?);
        let result = running.collect(|rows| passed.rows.add(&rows))?;
        self.running = None;
        match result {
            Ok(Some(All { connections, took })) => {
                (passed.took, passed.connections) = (Some(took), Some(connections.len()));
                Some(Found::All(connections))
            }
            Ok(None) => None,
            Err(trouble) => Some(Found::Died(trouble)),
        }
    }

    /// How far the search is, from 0 to 1; `None` if none is under way.
    pub(super) fn share(&self) -> Option<f32> {
        self.running.as_ref().map(Job::share)
    }

    /// How many rows the list has, of so many frames.
    pub(super) fn count(&self, frames: u32) -> u32 {
        self.passed.as_ref().map_or(frames, |passed| passed.rows.len())
    }

    /// The frame of a row.
    pub(super) fn frame(&self, row: u32) -> Option<FrameId> {
        match &self.passed {
            Some(passed) => passed.rows.at(row),
            None => Some(FrameId(row)),
        }
    }

    /// The row of a frame, or where it would be.
    pub(super) fn row(&self, frame: FrameId) -> u32 {
        self.passed.as_ref().map_or(frame.0, |passed| passed.rows.before(frame))
    }
}

/// Begins to look for all that passes; nothing comes out where that was cancelled.
fn search(expression: String, ground: Ground, wake: &Wake) -> Job<Option<All>, RowSet> {
    Job::telling("Filtering".to_owned(), Arc::clone(wake), move |progress, post| {
        let begun = Instant::now();
        // It was read before.
        let Ok(filter) = filter(&expression) else { return Ok(None) };
        let rows = ground.rows(&filter, progress, |rows| post.tell(rows.clone()));
        Ok(rows.map(|rows| {
            let took = begun.elapsed();
            All { connections: ground.connections_of(&rows), took }
        }))
    })
}

impl Explore {
    /// The filters that are kept from one start to the next, and those that were typed before.
    pub fn filters(&self) -> (Vec<String>, Vec<String>) {
        (self.filtering.favourites.clone(), self.filtering.history.clone())
    }

    /// Offers these filters.
    pub fn offer_filters(&mut self, favourites: &[String], history: Vec<String>) {
        self.filtering.favourites = favourites.to_vec();
        self.filtering.history = history;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gui::work::job::tests::{dying, wait};

    #[test]
    fn a_favourite_is_kept_once_and_let_go_again() {
        let mut filtering = Filtering::default();
        for expression in ["tcp", "udp", "tcp", "dns"] {
            filtering.keep(expression);
        }
        assert_eq!(filtering.favourites, ["udp", "dns"]);
    }

    #[test]
    fn a_search_that_died_is_over_and_what_it_found_stands() {
        let mut found = RowSet::new();
        found.insert(FrameId(7));
        let mut filtering = Filtering {
            passed: Some(Passed {
                expression: "tcp".to_owned(),
                rows: RowSet::new(),
                took: None,
                connections: None,
            }),
            running: Some(dying(vec![found])),
            ..Filtering::default()
        };
        let Found::Died(trouble) = wait(|| filtering.collect()) else { panic!("it found all") };
        assert!(trouble.cause.contains("ended unexpectedly"), "{}", trouble.cause);
        assert_eq!((filtering.share(), filtering.count(9)), (None, 1));
    }
}
