//! Sweeping a document: windows of frames on all cores, results in frame order.
//!
//! ```text
//!   workers       describe window 1 │ read window 2 │ describe window 2 │ read window 3 …
//!   this thread      take in order     take, split        take in order     take, split
//! ```
//!
//! Nobody waits between a window's description and the next one's reading: who has nothing left
//! of the one begins with the other.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;

use rayon::prelude::*;
use wirestage_dissectors::bits::Bits;
use wirestage_dissectors::completions::Completions;
use wirestage_dissectors::describe::Dissection;
use wirestage_dissectors::engine::sweep::{Job, Sweep, Window};
use wirestage_dissectors::frames::Frames;
use wirestage_dissectors::ids::FrameId;

use super::Ground;
use super::workers::{cores, wait, work};
use super::{Document, Progress};

/// How far a sweep looks at once.
#[derive(Clone, Copy, Debug)]
pub struct Windows {
    /// Frames in one window.
    pub frames: u32,
    /// Bytes in one window: what is derived from them lives as long as the window.
    pub bytes: u64,
    /// Frames that one worker describes at a time.
    pub share: u32,
}

impl Default for Windows {
    fn default() -> Self {
        // Two windows are in memory at once: one is described while the next one is read.
        Self { frames: 1 << 13, bytes: 7 << 20, share: 128 }
    }
}

/// How many shares are under way for each core before their results are taken: enough that no core
/// idles while one of them takes long, and few enough that long results stay a small part of
/// memory.
const SHARES_PER_CORE: u32 = 8;

/// How a sweep ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Swept {
    /// It saw every frame.
    All,
    /// Whoever took the results had enough, or the work was cancelled.
    Stopped,
}

/// Describes every frame of a document. `describe` runs on all cores, for a run of frames at a
/// time; `take` gets its results in frame order and says whether it wants more.
pub fn sweep<T: Send>(
    document: &Document,
    windows: Windows,
    progress: &Progress,
    describe: impl Fn(&Dissection<'_>, Range<u32>) -> T + Sync,
    take: impl FnMut(T) -> bool,
) -> Swept {
    sweep_over(&document.ground(), None, windows, progress, describe, take)
}

/// The same of what a document rests on. Where a set of connections is given, no other is read.
pub(super) fn sweep_over<T: Send>(
    document: &Ground,
    only: Option<&Bits>,
    windows: Windows,
    progress: &Progress,
    describe: impl Fn(&Dissection<'_>, Range<u32>) -> T + Sync,
    mut take: impl FnMut(T) -> bool,
) -> Swept {
    let count = document.survey.frame_count();
    let mut sweep =
        Sweep::new(document.context(), &document.survey, &document.attribution).only(only);
    let surroundings = sweep.surroundings();
    let mut read: Option<(Window, Range<u32>)> = None;
    let mut first = 0;
    loop {
        let next = (first < count).then(|| window(document, first..count, windows));
        let shares = read.as_ref().map_or(0..0, |(_, frames)| frames.clone());
        let scene = read.as_ref().map(|(done, _)| {
            let (context, survey, _) = surroundings;
            Dissection::of_window(context, survey, done)
        });
        let mut ordered = Ordered::new(shares, windows.share.max(1));
        let is_over = AtomicBool::new(false);
        let (send, results) = mpsc::channel();
        let (give, jobs) = mpsc::channel();
        let mut begun = 0;
        let taken_all = rayon::in_place_scope(|scope| {
            let mut reads = false;
            loop {
                while let (Some((number, share)), Some(scene)) = (ordered.next(), scene) {
                    let (send, describe, is_over) = (send.clone(), &describe, &is_over);
                    scope.spawn(move |_| {
                        if !is_over.load(Ordering::Relaxed) {
                            work(number, &send, || describe(&scene, share));
                        }
                    });
                }
                if ordered.all_begun() && !std::mem::replace(&mut reads, true) {
                    let all = next.clone().map(|frames| sweep.jobs(frames)).unwrap_or_default();
                    for mut few in groups(all) {
                        let (give, number) = (give.clone(), begun);
                        begun += 1;
                        scope.spawn(move |_| {
                            few.iter_mut().for_each(|job| job.run(surroundings));
                            let _ = give.send((number, few));
                        });
                    }
                }
                if ordered.is_done() {
                    return true;
                }
                let Some((number, Some(result))) = wait(&results) else { break };
                if !ordered.take(number, result, &mut take) {
                    break;
                }
            }
            is_over.store(true, Ordering::Relaxed);
            false
        });
        if !taken_all {
            return Swept::Stopped;
        }
        if let Some((window, frames)) = read.take() {
            progress.set(u64::from(frames.end), u64::from(count));
            if progress.is_cancelled() {
                return Swept::Stopped;
            }
            rayon::join(|| drop(window), || document.recording.release(frames));
        }
        let Some(mut frames) = next else { return Swept::All };
        let mut jobs = in_order(jobs.try_iter().take(begun));
        while sweep.must_go_on(&jobs, frames.end) {
            // A later frame brings the key for one of these.
            let more = window(document, frames.end..count, windows);
            frames.end = more.end;
            sweep.extend(&mut jobs, more);
            jobs.par_iter_mut().for_each(|job| job.run(surroundings));
        }
        jobs.par_iter_mut().for_each(|job| job.close(frames.end, surroundings));
        first = frames.end;
        read = Some((sweep.window(jobs, frames.end), frames));
    }
}

/// Jobs that were run in groups, in the order in which these were begun.
fn in_order(groups: impl Iterator<Item = (usize, Vec<Job>)>) -> Vec<Job> {
    let mut groups: Vec<(usize, Vec<Job>)> = groups.collect();
    groups.sort_unstable_by_key(|(number, _)| *number);
    groups.into_iter().flat_map(|(_, few)| few).collect()
}

/// Jobs that one worker runs in one go: enough to be worth the trip.
fn groups(jobs: Vec<Job>) -> Vec<Vec<Job>> {
    /// Frames that they read together.
    const ENOUGH: usize = 128;
    let mut groups: Vec<Vec<Job>> = Vec::new();
    let mut frames = ENOUGH;
    for job in jobs {
        if frames >= ENOUGH {
            groups.push(Vec::new());
            frames = 0;
        }
        frames += job.waiting();
        if let Some(latest) = groups.last_mut() {
            latest.push(job);
        }
    }
    groups
}

/// Shares of a window, and their results put in order.
struct Ordered<T> {
    frames: Range<u32>,
    share: u32,
    begun: u32,
    taken: u32,
    waiting: BTreeMap<u32, T>,
}

impl<T> Ordered<T> {
    const fn new(frames: Range<u32>, share: u32) -> Self {
        Self { frames, share, begun: 0, taken: 0, waiting: BTreeMap::new() }
    }

    /// The next share and its number; nothing while enough are under way.
    fn next(&mut self) -> Option<(u32, Range<u32>)> {
        let ahead = SHARES_PER_CORE * cores();
        if self.all_begun() || self.begun - self.taken >= ahead {
            return None;
        }
        let start = self.frames.start;
        self.frames.start = start.saturating_add(self.share).min(self.frames.end);
        self.begun += 1;
        Some((self.begun - 1, start..self.frames.start))
    }

    const fn all_begun(&self) -> bool {
        self.frames.start >= self.frames.end
    }

    const fn is_done(&self) -> bool {
        self.all_begun() && self.taken == self.begun
    }

    /// Passes a result on once those before it were. Says whether more are wanted.
    fn take(&mut self, number: u32, result: T, mut take: impl FnMut(T) -> bool) -> bool {
        self.waiting.insert(number, result);
        while let Some(result) = self.waiting.remove(&self.taken) {
            self.taken += 1;
            if !take(result) {
                return false;
            }
        }
        true
    }
}

/// Sweeps without describing, only to learn which frames complete a message.
pub(super) fn completions(
    document: &Document,
    windows: Windows,
    progress: &Progress,
) -> Option<Completions> {
    let mut completing = Bits::none(document.survey.frame_count());
    let swept = sweep(
        document,
        windows,
        progress,
        |scene, share| {
            share.map(FrameId).filter(|id| scene.completes(*id)).collect::<Vec<FrameId>>()
        },
        |done| {
            done.into_iter().for_each(|frame| completing.insert(frame.0));
            true
        },
    );
    (swept == Swept::All).then(|| Completions::new(&document.survey, &completing))
}

/// The next window: as many frames as fit its bounds, and at least one.
fn window(document: &Ground, rest: Range<u32>, windows: Windows) -> Range<u32> {
    let mut end = rest.start;
    let mut bytes = 0;
    while end < rest.end && end - rest.start < windows.frames.max(1) && bytes < windows.bytes {
        let row = document.survey.row(FrameId(end));
        bytes += row.map_or(0, |row| u64::from(row.payload_len));
        end += 1;
    }
    rest.start..end.max(rest.start + 1)
}
