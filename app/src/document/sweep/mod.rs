//! Sweeping a document: windows of frames on all cores, results in frame order.
//!
//! ```text
//!   a worker       window 1: connection A ───────────────┐ window 2: A ──── window 3: A …
//!   another one    window 1: B, C   window 2: B, D       │ describe window 1 │ …
//!   this thread        split, hand out                   put together    take in order
//! ```
//!
//! Nobody waits at the end of a window. A connection is read on as soon as the window before has
//! let go of it, whatever others of that window still do, for often one connection has most of a
//! window; and what is whole is described meanwhile.

mod describing;
mod reading;

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Sender};

use rayon::Scope;
use wirestage_dissectors::bits::Bits;
use wirestage_dissectors::completions::Completions;
use wirestage_dissectors::describe::Dissection;
use wirestage_dissectors::engine::sweep::{Job, Sweep, Window};
use wirestage_dissectors::frames::Frames;
use wirestage_dissectors::ids::FrameId;

use self::describing::{Describing, Part};
use self::reading::Readings;
use super::Ground;
use super::workers::wait;
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
        Self { frames: 1 << 13, bytes: 4 << 20, share: 256 }
    }
}

/// How many windows are in memory at once: one is described while the next one is read, and workers
/// that find nothing more to do there begin with the one behind it.
const ALIVE: usize = 3;

/// How a sweep ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Swept {
    /// It saw every frame.
    All,
    /// Whoever took the results had enough, or the work was cancelled.
    Stopped,
}

/// How much is made of what is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Depth {
    /// Rows alone.
    Rows,
    /// Whatever there is.
    Whole,
}

/// What workers send.
enum Event<T> {
    /// Jobs of the window with that end have run.
    Read(u32, Vec<Job>),
    /// A window is put together.
    Whole(Arc<Window>, Range<u32>),
    /// A part of a window is described.
    Described(u32, T),
    /// A worker panicked.
    Died,
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
    sweep_over(&document.ground(), (None, Depth::Whole), windows, progress, describe, take)
}

/// The same where `describe` makes nothing but rows: less is read.
pub fn sweep_rows<T: Send>(
    document: &Document,
    windows: Windows,
    progress: &Progress,
    describe: impl Fn(&Dissection<'_>, Range<u32>) -> T + Sync,
    take: impl FnMut(T) -> bool,
) -> Swept {
    sweep_over(&document.ground(), (None, Depth::Rows), windows, progress, describe, take)
}

/// The same of what a document rests on. Where a set of connections is given, no other is read.
pub(super) fn sweep_over<T: Send>(
    document: &Ground,
    (only, depth): (Option<&Bits>, Depth),
    windows: Windows,
    progress: &Progress,
    describe: impl Fn(&Dissection<'_>, Range<u32>) -> T + Sync,
    mut take: impl FnMut(T) -> bool,
) -> Swept {
    let (context, survey) = (document.context(), &*document.survey);
    let count = survey.frame_count();
    let mut sweep = Sweep::new(context, survey, &document.attribution).only(only);
    sweep = sweep.brief(depth == Depth::Rows);
    let surroundings = sweep.surroundings();
    let is_over = AtomicBool::new(false);
    let (send, events) = mpsc::channel();
    rayon::in_place_scope(|scope| {
        let workers = Workers { scope, send, is_over: &is_over };
        let mut reading = Readings::default();
        let mut describing = Describing::new(windows.share.max(1));
        let (mut next, mut alive) = (0, 0);
        let swept = loop {
            while next < count && (alive < ALIVE || reading.is_held_up()) {
                let frames = window(document, next..count, windows);
                (next, alive) = (frames.end, alive + 1);
                reading.add(frames.clone(), sweep.shares(frames));
            }
            for (end, mut few) in reading.jobs(&mut sweep) {
                workers.hand(move || {
                    for job in &mut few {
                        job.run(surroundings);
                        if !job.waits(end, survey) {
                            job.close(end, surroundings);
                        }
                    }
                    Some(Event::Read(end, few))
                });
            }
            while let Some((told, frames)) = reading.whole(&mut sweep, count) {
                workers.hand(move || Some(Event::Whole(Window::of(told).into(), frames)));
            }
            // A window that became part of the next one has set its jobs free, or wants a later
            // one.
            if reading.is_ready() || (next < count && reading.is_held_up()) {
                continue;
            }
            while let Some(Part { number, window, frames }) = describing.next() {
                let describe = &describe;
                workers.hand(move || {
                    let scene = Dissection::of_window(context, survey, &window);
                    Some(Event::Described(number, describe(&scene, frames)))
                });
            }
            if describing.at() == count {
                break Swept::All;
            }
            match wait(&events) {
                Some(Event::Read(end, jobs)) => reading.take(end, jobs, &mut sweep),
                Some(Event::Whole(window, frames)) => describing.add(window, frames),
                Some(Event::Described(number, result)) => {
                    if !describing.take(number, result, &mut take) {
                        break Swept::Stopped;
                    }
                }
                Some(Event::Died) | None => break Swept::Stopped,
            }
            while let Some(frames) = describing.done() {
                alive -= reading.merged(frames.end);
                progress.set(u64::from(frames.end), u64::from(count));
                workers.hand(move || {
                    document.recording.release(frames);
                    None
                });
            }
            if progress.is_cancelled() {
                break Swept::Stopped;
            }
        };
        is_over.store(swept != Swept::All, Ordering::Relaxed);
        swept
    })
}

/// Whoever is free to work.
struct Workers<'s, 'scope, T> {
    scope: &'s Scope<'scope>,
    send: Sender<Event<T>>,
    /// Nobody listens any more.
    is_over: &'scope AtomicBool,
}

impl<'scope, T: Send + 'scope> Workers<'_, 'scope, T> {
    /// Hands out a piece of work. What it gives is sent; where it panics, that is, so that nobody
    /// waits for it.
    fn hand(&self, work: impl FnOnce() -> Option<Event<T>> + Send + 'scope) {
        let (send, is_over) = (self.send.clone(), self.is_over);
        self.scope.spawn(move |_| {
            if is_over.load(Ordering::Relaxed) {
                return;
            }
            // What a panic left half done is not looked at: the work ends with it.
            match catch_unwind(AssertUnwindSafe(work)) {
                // Whoever had enough does not listen any more.
                Ok(event) => event.into_iter().for_each(|event| drop(send.send(event))),
                Err(panic) => {
                    drop(send.send(Event::Died));
                    resume_unwind(panic);
                }
            }
        });
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
