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
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use wirestage_dissectors::filter::{FilterError, RowSet};
use wirestage_dissectors::ids::{ConnectionId, FrameId};

use crate::document::{Ground, Progress, filter};
use crate::gui::work::Wake;

/// Expressions that are remembered.
const REMEMBERED: usize = 30;

/// The filter line, and what it lets pass.
#[derive(Default)]
pub(super) struct Filtering {
    /// What is typed.
    pub(super) typed: String,
    /// What is wrong with that, where anything is.
    pub(super) wrong: Option<FilterError>,
    /// What passes, where a filter is in force.
    pub(super) passed: Option<Passed>,
    running: Option<Running>,
    /// What was typed before, the latest first.
    pub(super) history: Vec<String>,
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

struct Running {
    progress: Arc<Progress>,
    news: Receiver<News>,
}

enum News {
    Rows(RowSet),
    Done(Vec<ConnectionId>, Duration),
}

impl Drop for Running {
    fn drop(&mut self) {
        self.progress.cancel();
    }
}

impl Filtering {
    /// Puts what is typed into force. Says whether that changed anything: what is no filter does not,
    /// and nothing typed lets everything pass.
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
        self.running = Some(Running::start(expression.clone(), ground.clone(), Arc::clone(wake)));
        let rows = RowSet::new();
        self.passed = Some(Passed { expression, rows, took: None, connections: None });
        true
    }

    /// Begins again with more keys.
    pub(super) fn renew(&mut self, ground: &Ground, wake: &Wake) {
        if let Some(passed) = &mut self.passed {
            passed.rows = RowSet::new();
            (passed.took, passed.connections) = (None, None);
            let expression = passed.expression.clone();
            self.running = Some(Running::start(expression, ground.clone(), Arc::clone(wake)));
        }
    }

    /// Looks again in what has grown; what passed passes still.
    pub(super) fn grow(&mut self, ground: &Ground, wake: &Wake) {
        if let Some(passed) = &self.passed {
            let expression = passed.expression.clone();
            self.running = Some(Running::start(expression, ground.clone(), Arc::clone(wake)));
        }
    }

    /// Takes what was found; once that is all, the connections that have any of it.
    pub(super) fn collect(&mut self) -> Option<Vec<ConnectionId>> {
        let (running, passed) = (self.running.as_ref()?, self.passed.as_mut()?);
        let mut found = None;
        for news in running.news.try_iter() {
            match news {
                News::Rows(rows) => passed.rows.add(&rows),
                News::Done(connections, took) => {
                    (passed.took, passed.connections) = (Some(took), Some(connections.len()));
                    found = Some(connections);
                }
            }
        }
        if found.is_some() {
            self.running = None;
        }
        found
    }

    /// How far the search is, from 0 to 1; nothing where none is under way.
    pub(super) fn share(&self) -> Option<f32> {
        let (done, all) = self.running.as_ref()?.progress.get();
        Some(done as f32 / all.max(1) as f32)
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

impl Running {
    fn start(expression: String, ground: Ground, wake: Wake) -> Self {
        let progress = Arc::new(Progress::new());
        let (send, news) = channel();
        let of_thread = Arc::clone(&progress);
        thread::spawn(move || {
            let begun = Instant::now();
            // It was read before.
            let Ok(filter) = filter(&expression) else { return };
            let rows = ground.rows(&filter, &of_thread, |rows| {
                let is_heard = send.send(News::Rows(rows.clone())).is_ok();
                wake();
                is_heard && !of_thread.is_cancelled()
            });
            if let Some(rows) = rows {
                let took = begun.elapsed();
                // A window that has lost interest loses nothing.
                let _ = send.send(News::Done(ground.connections_of(&rows), took));
                wake();
            }
        });
        Self { progress, news }
    }
}
