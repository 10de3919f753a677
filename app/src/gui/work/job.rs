//! A job: one piece of slow work on a thread of its own, watched by the window.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::document::Progress;
use crate::trouble::Trouble;

/// Wakes the window, from any thread.
pub type Wake = Arc<dyn Fn() + Send + Sync>;

/// Work that is under way. Dropping it asks the work to stop.
pub struct Job<T> {
    /// What the person is told it is: "Opening capture.pcapng".
    pub title: String,
    /// How far it is.
    pub progress: Arc<Progress>,
    begun: Instant,
    result: Receiver<Result<T, Trouble>>,
}

impl<T: Send + 'static> Job<T> {
    /// Starts work on a thread of its own; `wake` is called when it is done.
    pub fn start(
        title: String,
        wake: Wake,
        work: impl FnOnce(&Progress) -> Result<T, Trouble> + Send + 'static,
    ) -> Self {
        let progress = Arc::new(Progress::new());
        let (send, result) = channel();
        let of_thread = Arc::clone(&progress);
        thread::spawn(move || {
            // A window that has lost interest is no failure of the work.
            let _ = send.send(work(&of_thread));
            drop(send);
            wake();
        });
        Self { title, progress, begun: Instant::now(), result }
    }

    /// How long it has been going.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.begun.elapsed()
    }

    /// What came out; nothing while it goes on. A thread that died is a problem too.
    #[must_use]
    pub fn poll(&self) -> Option<Result<T, Trouble>> {
        match self.result.try_recv() {
            Ok(result) => Some(result),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => Some(Err(Trouble::new(
                format!("{} ended unexpectedly.", self.title),
                "This is a mistake in the program: please report it with the file that caused it.",
            ))),
        }
    }
}

impl<T> Drop for Job<T> {
    fn drop(&mut self) {
        self.progress.cancel();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait<T: Send + 'static>(job: &Job<T>) -> Result<T, Trouble> {
        loop {
            if let Some(result) = job.poll() {
                return result;
            }
            thread::sleep(Duration::from_millis(1));
        }
    }

    #[test]
    fn a_job_gives_its_result_and_a_dead_one_a_problem() {
        let wake: Wake = Arc::new(|| {});
        let job = Job::start("Adding".into(), Arc::clone(&wake), |_| Ok(1 + 1));
        assert_eq!(wait(&job).ok(), Some(2));
        let died: Job<()> = Job::start("Failing".into(), wake, |_| panic!("on purpose"));
        assert!(wait(&died).err().is_some_and(|problem| problem.cause.contains("Failing")));
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
