//! The watch: a thread that makes the overview, stage by stage, and never keeps the window waiting.
//!
//! ```text
//!   columns ──> first bytes, a batch at a time ──> everything, window by window
//!      │ report           │ report                        │ report
//!      └──────────────────┴───────────────────────────────┴──> window
//! ```
//!
//! What is known stands behind a lock that is held for moments only. Dropping the watch ends it.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};
use std::thread;

use wirestage_dissectors::overview::{Activity, Quoted, Report, Times};
use wirestage_dissectors::story::apart::Unread;

use crate::document::{Ground, Overview, Progress};
use crate::gui::work::Wake;

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
    progress: Arc<Progress>,
    news: Receiver<News>,
}

/// Reads what is known. A panic elsewhere leaves it as it was between two calls.
pub(super) fn read(shared: &Shared) -> RwLockReadGuard<'_, Overview> {
    shared.read().unwrap_or_else(PoisonError::into_inner)
}

impl Watch {
    /// Starts the thread.
    #[must_use]
    pub(super) fn start(ground: Ground, wake: Wake) -> Self {
        let progress = Arc::new(Progress::new());
        let (send, news) = channel();
        let of_thread = Arc::clone(&progress);
        thread::spawn(move || {
            // Nothing is lost where the window has let go.
            let _ = watch(ground, &of_thread, &Post { send, wake });
        });
        Self { progress, news }
    }

    /// What has come.
    pub(super) fn news(&self) -> impl Iterator<Item = News> {
        self.news.try_iter()
    }

    /// How far the stage at hand is.
    pub(super) fn progress(&self) -> (u64, u64) {
        self.progress.get()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.progress.cancel();
    }
}

/// Where news go.
struct Post {
    send: Sender<News>,
    wake: Wake,
}

impl Post {
    fn tell(&self, news: News) -> Option<()> {
        self.send.send(news).ok()?;
        (self.wake)();
        Some(())
    }

    fn report(&self, shared: &Shared, stage: Knowing, with_bytes: bool) -> Option<()> {
        let known = read(shared);
        let report = known.report();
        let activity = Arc::new(known.activity(&report, with_bytes));
        drop(known);
        self.tell(News::Report(stage, Arc::new(report), activity))
    }
}

/// Goes through all stages; nothing where nobody listens any more.
fn watch(ground: Ground, progress: &Progress, post: &Post) -> Option<()> {
    let apart = ground.apart();
    let overview = Overview::new(ground.clone(), Arc::new(Quoted::of(apart)), Times::All);
    let (all, unread) = (overview.lines.len(), apart.unread());
    let shared: Shared = Arc::new(RwLock::new(overview));
    post.tell(News::Known(Arc::clone(&shared), unread))?;
    post.report(&shared, Knowing::Columns, false)?;
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
        (post.wake)();
    }
    post.report(&shared, Knowing::FirstBytes, true)?;
    let is_whole = ground.read(progress, |found| {
        let mut found = Some(found);
        change(&mut |overview| overview.take_events(found.take().unwrap_or_default()));
    });
    if !is_whole {
        return None;
    }
    change(&mut |overview| overview.is_read = true);
    post.report(&shared, Knowing::All, true)
}
