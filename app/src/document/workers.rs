//! Work that is handed to workers piece by piece, and taken back on the thread that handed it out.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::{Receiver, Sender, TryRecvError};
use std::time::Duration;

use rayon::prelude::*;
use wirestage_dissectors::ids::ConnectionId;
use wirestage_dissectors::keys::Begun;

/// How many workers there are.
pub(super) fn cores() -> u32 {
    u32::try_from(rayon::current_num_threads()).unwrap_or(u32::MAX)
}

/// Reads how each of these connections begins, on all cores.
pub(super) fn read_each(
    ids: &[ConnectionId],
    read: &(dyn Fn(ConnectionId) -> Begun + Sync),
) -> Vec<Begun> {
    ids.par_iter().map(|id| read(*id)).collect()
}

/// Does a piece of work and sends what it gave under its number. Where it panics, nothing is sent
/// under it, so that nobody waits for it; the panic goes on.
pub(super) fn work<T>(number: u32, send: &Sender<(u32, Option<T>)>, work: impl FnOnce() -> T) {
    // What a panic left half done is not looked at: the work ends with it.
    let result = catch_unwind(AssertUnwindSafe(work));
    match result {
        // Whoever had enough does not listen any more.
        Ok(result) => drop(send.send((number, Some(result)))),
        Err(panic) => {
            drop(send.send((number, None)));
            resume_unwind(panic);
        }
    }
}

/// Waits for what a worker sends. Where this thread is a worker itself, it does work of others
/// meanwhile: it may be the only one.
pub(super) fn wait<T>(receive: &Receiver<T>) -> Option<T> {
    /// How long to wait where there is nothing to do.
    const PATIENCE: Duration = Duration::from_millis(1);
    if rayon::current_thread_index().is_none() {
        return receive.recv().ok();
    }
    loop {
        match receive.try_recv() {
            Ok(found) => return Some(found),
            Err(TryRecvError::Disconnected) => return None,
            Err(TryRecvError::Empty) => {}
        }
        if rayon::yield_now() != Some(rayon::Yield::Executed)
            && let Ok(found) = receive.recv_timeout(PATIENCE)
        {
            return Some(found);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    /// Hands out work and takes it back on a thread that is the only worker, or on none.
    fn sums(threads: usize, within: bool) -> Vec<Option<u32>> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let all = || {
            let (send, receive) = mpsc::channel();
            rayon::in_place_scope(|scope| {
                for number in 0..3 {
                    let send = send.clone();
                    scope.spawn(move |_| work(number, &send, || number + 1));
                }
                let mut found: Vec<_> = (0..3).filter_map(|_| wait(&receive)).collect();
                found.sort_unstable();
                found.into_iter().map(|(_, sum)| sum).collect()
            })
        };
        if within { pool.install(all) } else { all() }
    }

    #[test]
    fn work_comes_back_wherever_it_is_waited_for() {
        for (threads, within) in [(1, false), (1, true), (2, true)] {
            assert_eq!(sums(threads, within), [Some(1), Some(2), Some(3)]);
        }
    }

    #[test]
    fn nobody_waits_for_work_that_panicked() {
        let (send, receive) = mpsc::channel::<(u32, Option<()>)>();
        let panicked = catch_unwind(AssertUnwindSafe(|| work(7, &send, || panic!("on purpose"))));
        assert!(panicked.is_err());
        assert_eq!(wait(&receive), Some((7, None)));
    }
}
