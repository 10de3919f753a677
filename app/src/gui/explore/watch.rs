//! The watch: a thread that makes the overview, stage by stage, and never keeps the window waiting.
//!
//! ```text
//!   columns ──> first bytes, a batch at a time ──> everything, window by window
//!      │ report           │ report                        │ report
//!      └──────────────────┴───────────────────────────────┴──> window
//! ```
//!
//! What is known stands behind a lock that is held for moments only. Dropping the watch ends it.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use wirestage_dissectors::overview::{Activity, Report, Times};
use wirestage_dissectors::story::apart::Unread;

use crate::document::{Counting, Ground, Overview, Progress};
use crate::gui::work::{Job, Post, Wake};
use crate::trouble::Trouble;

/// What is known, shared with the thread that adds to it.
pub(super) type Shared = Arc<RwLock<Overview>>;

/// How far the watch is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Knowing {
    /// Nothing is known.
    #[default]
    Begun,
    /// What columns know.
    Columns,
    /// First bytes as well.
    FirstBytes,
    /// Everything was read.
    All,
}

/// What the watch brings.
pub(super) enum News {
    /// What columns know: it grows from here on.
    Known(Shared, Option<Unread>),
    /// The overview in words, and when its rows were busy.
    Report(Knowing, Arc<Report>, Arc<Activity>),
}

/// The window's end.
pub(super) struct Watch {
    job: Job<(), News>,
    is_over: bool,
}

/// Reads what is known. A panic elsewhere leaves it as it was between two calls.
pub(super) fn read(shared: &Shared) -> RwLockReadGuard<'_, Overview> {
    shared.read().unwrap_or_else(PoisonError::into_inner)
}

impl Watch {
    /// Starts the thread.
    #[must_use]
    pub(super) fn start(ground: Ground, wake: Wake) -> Self {
        let title = "Looking at the connections".to_owned();
        let job = Job::telling(title, wake, move |progress, post| {
            // Nothing is lost where the window has let go.
            let _ = watch(ground, progress, post);
            Ok(())
        });
        Self { job, is_over: false }
    }

    /// What has come, and what the thread died of, where it did.
    pub(super) fn collect(&mut self) -> (Vec<News>, Option<Trouble>) {
        let mut news = Vec::new();
        let result = self.job.collect(|one| news.push(one));
        self.is_over |= result.is_some();
        (news, result.and_then(Result::err))
    }

    /// Whether nothing more will come.
    pub(super) fn is_over(&self) -> bool {
        self.is_over
    }

    /// How far the stage at hand is.
    pub(super) fn progress(&self) -> (u64, u64) {
        self.job.progress.get()
    }
}

/// Tells what is known; `None` if nobody listens any more.
fn report(post: &Post<News>, shared: &Shared, stage: Knowing) -> Option<()> {
    let known = read(shared);
    let report = known.report();
    // What columns know is there at once.
    let is_first = stage == Knowing::Columns;
    let counting = if is_first { Counting::Connections } else { Counting::Bytes };
    let activity = Arc::new(known.activity(&report, counting));
    drop(known);
    post.tell(News::Report(stage, Arc::new(report), activity)).then_some(())
}

/// Goes through all stages; `None` if nobody listens any more.
fn watch(ground: Ground, progress: &Progress, post: &Post<News>) -> Option<()> {
    let apart = ground.apart();
    let overview = Overview::new(ground.clone(), Arc::new(ground.quoted()), Times::All);
    let (all, unread) = (overview.lines.len(), apart.unread());
    let shared: Shared = Arc::new(RwLock::new(overview));
    post.tell(News::Known(Arc::clone(&shared), unread)).then_some(())?;
    report(post, &shared, Knowing::Columns)?;
    let change = |change: &mut dyn FnMut(&mut Overview)| {
        change(&mut shared.write().unwrap_or_else(PoisonError::into_inner));
    };
    loop {
        let found = read(&shared).next_glances();
        if found.is_empty() {
            break;
        }
        let mut found = Some(found);
        change(&mut |overview| overview.take_glances(found.take().unwrap_or_default()));
        progress.set(read(&shared).glances.len() as u64, all as u64);
        if progress.is_cancelled() {
            return None;
        }
        post.wake();
    }
    report(post, &shared, Knowing::FirstBytes)?;
    let is_whole = ground.read(progress, |found| {
        let mut found = Some(found);
        change(&mut |overview| overview.take_events(found.take().unwrap_or_default()));
    });
    if !is_whole {
        return None;
    }
    change(&mut |overview| overview.is_read = true);
    report(post, &shared, Knowing::All)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gui::work::job::tests::{dying, wait};

    #[test]
    fn a_watch_that_died_says_so_and_is_over() {
        let mut watch = Watch { job: dying(Vec::new()), is_over: false };
        let trouble = wait(|| watch.collect().1);
        assert!(trouble.cause.contains("ended unexpectedly"), "{}", trouble.cause);
        assert!(watch.is_over());
    }
}
