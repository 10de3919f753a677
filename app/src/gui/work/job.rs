//! A job: slow work on a thread of its own, watched by the window.
//!
//! ```text
//!   work ── news, as often as there are any ──> window
//!        └─ in the end what came out, or why nothing did ──┘
//! ```
//!
//! A job always ends: work that panics, and a thread that could not be started, end as a trouble
//! which says so, and wake the window. Nobody waits for what cannot come.

use std::any::Any;
use std::convert::Infallible;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::document::Progress;
use crate::trouble::Trouble;

/// Wakes the window, from any thread.
pub type Wake = Arc<dyn Fn() + Send + Sync>;

/// What helps where a job died.
const MEND: &str = "do it again, or open the recording again; where that does not help, this is a \
                    mistake in Wirestage: please report it with the recording";

/// Work that is under way: `N` is what it tells on the way, `T` what comes out. Dropping it asks
/// the work to stop.
pub struct Job<T, N = Infallible> {
    /// What the person is told it is: "Opening capture.pcapng".
    pub title: String,
    /// How far it is.
    pub progress: Arc<Progress>,
    begun: Instant,
    news: Receiver<N>,
    result: Receiver<Result<T, Trouble>>,
}

/// Where work tells its news.
pub struct Post<N> {
    send: Sender<N>,
    wake: Wake,
    progress: Arc<Progress>,
}

impl<N> Post<N> {
    /// Tells the window. Says whether anybody still waits for more.
    pub fn tell(&self, news: N) -> bool {
        let is_heard = self.send.send(news).is_ok();
        self.wake();
        is_heard && !self.progress.is_cancelled()
    }

    /// Wakes the window, where it has something to look at that needs no telling.
    pub fn wake(&self) {
        (self.wake)();
    }
}

impl<T: Send + 'static> Job<T> {
    /// Starts work that has nothing to tell on the way; `wake` is called when it is done.
    pub fn start(
        title: String,
        wake: Wake,
        work: impl FnOnce(&Progress) -> Result<T, Trouble> + Send + 'static,
    ) -> Self {
        Self::telling(title, wake, move |progress, _| work(progress))
    }

    /// What came out, once; nothing while it goes on.
    #[must_use]
    pub fn poll(&self) -> Option<Result<T, Trouble>> {
        self.collect(|never| match never {})
    }
}

impl<T: Send + 'static, N: Send + 'static> Job<T, N> {
    /// Starts work that tells news on the way; `wake` is called for each of them, and at the end.
    pub fn telling(
        title: String,
        wake: Wake,
        work: impl FnOnce(&Progress, &Post<N>) -> Result<T, Trouble> + Send + 'static,
    ) -> Self {
        let progress = Arc::new(Progress::new());
        let ((send, news), (end, result)) = (channel(), channel());
        let post = Post { send, wake: Arc::clone(&wake), progress: Arc::clone(&progress) };
        let (of_thread, name, last) = (Arc::clone(&progress), title.clone(), end.clone());
        let started = thread::Builder::new().spawn(move || {
            // What a panic left half done is not looked at: the work ends with it.
            let worked = catch_unwind(AssertUnwindSafe(|| work(&of_thread, &post)));
            let result = worked.unwrap_or_else(|panic| {
                Err(died(&name, last_words(&*panic).unwrap_or("it did not say why")))
            });
            // A window that has lost interest is no failure of the work.
            let _ = last.send(result);
            wake();
        });
        if let Err(error) = started {
            let _ = end.send(Err(died(&title, &error.to_string())));
        }
        Self { title, progress, begun: Instant::now(), news, result }
    }

    /// Hears all news that came, in their order. Gives what came out, once; nothing while it goes
    /// on.
    #[must_use]
    pub fn collect(&self, hear: impl FnMut(N)) -> Option<Result<T, Trouble>> {
        // Asked first: what was told before the end is there once the end is.
        let result = self.result.try_recv().ok();
        self.news.try_iter().for_each(hear);
        result
    }
}

impl<T, N> Job<T, N> {
    /// How long it has been going.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.begun.elapsed()
    }

    /// How far it is, from 0 to 1; 0 where it cannot say.
    #[must_use]
    pub fn share(&self) -> f32 {
        let (done, all) = self.progress.get();
        done as f32 / all.max(1) as f32
    }
}

impl<T, N> Drop for Job<T, N> {
    fn drop(&mut self) {
        self.progress.cancel();
    }
}

fn died(title: &str, why: &str) -> Trouble {
    Trouble::new(format!("{title} ended unexpectedly: {why}"), MEND)
}

/// What a panic said, where that is text.
pub(in crate::gui) fn last_words(panic: &(dyn Any + Send)) -> Option<&str> {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied())
}

#[cfg(test)]
pub(in crate::gui) mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// A job that tells this and dies.
    pub(in crate::gui) fn dying<T, N>(news: Vec<N>) -> Job<T, N>
    where
        T: Send + 'static,
        N: Send + 'static,
    {
        Job::telling("Failing".into(), Arc::new(|| {}), |_, post| {
            for one in news {
                post.tell(one);
            }
            panic!("on purpose")
        })
    }

    /// Asks until something has come.
    pub(in crate::gui) fn wait<T>(mut ask: impl FnMut() -> Option<T>) -> T {
        loop {
            if let Some(found) = ask() {
                return found;
            }
            thread::sleep(Duration::from_millis(1));
        }
    }

    #[test]
    fn a_job_gives_its_result_once() {
        let job = Job::start("Adding".into(), Arc::new(|| {}), |_| Ok(1 + 1));
        assert_eq!(wait(|| job.poll()), Ok(2));
        assert_eq!(job.poll(), None);
    }

    #[test]
    fn all_news_are_heard_before_the_end_and_in_order() {
        let job = Job::telling("Counting".into(), Arc::new(|| {}), |_, post| {
            Ok((0..1000).filter(|number| post.tell(*number)).count())
        });
        let mut heard = Vec::new();
        assert_eq!(wait(|| job.collect(|news| heard.push(news))), Ok(1000));
        assert!(heard.into_iter().eq(0..1000));
    }

    #[test]
    fn a_job_that_panics_says_so_and_wakes_the_window() {
        let woken = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&woken);
        let wake = Arc::new(move || {
            count.fetch_add(1, Ordering::SeqCst);
        });
        let job: Job<()> = Job::start("Failing".into(), wake, |_| panic!("on {}", "purpose"));
        let trouble = wait(|| job.poll()).unwrap_err();
        assert_eq!(trouble.cause, "Failing ended unexpectedly: on purpose");
        assert!(trouble.mend.contains("open the recording again"), "{}", trouble.mend);
        wait(|| (woken.load(Ordering::SeqCst) == 1).then_some(()));
    }

    #[test]
    fn what_was_told_before_a_panic_is_heard() {
        let job: Job<(), _> = dying(vec![1, 2]);
        let mut heard = Vec::new();
        let trouble = wait(|| job.collect(|news| heard.push(news))).unwrap_err();
        assert_eq!((heard, trouble.cause.contains("on purpose")), (vec![1, 2], true));
    }

    #[test]
    fn dropping_a_job_cancels_its_work() {
        let (send, receive) = channel();
        let job: Job<()> = Job::start("Waiting".into(), Arc::new(|| {}), move |progress| {
            while !progress.is_cancelled() {
                thread::sleep(Duration::from_millis(1));
            }
            let _ = send.send("stopped");
            Ok(())
        });
        drop(job);
        assert_eq!(receive.recv_timeout(Duration::from_secs(5)), Ok("stopped"));
    }
}
