//! Sweeping a document: windows of frames on all cores, results in frame order.

use std::ops::Range;

use rayon::prelude::*;
use wirestage_dissectors::completions::{Completing, Completions};
use wirestage_dissectors::describe::Scene;
use wirestage_dissectors::engine::sweep::Sweep;
use wirestage_dissectors::frames::Frames;
use wirestage_dissectors::ids::FrameId;

use super::overview::Ground;
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
        Self { frames: 1 << 14, bytes: 16 << 20, share: 128 }
    }
}

/// How many shares wait for each core before their results are taken: enough that no core idles
/// for long at the end of a batch, and few enough that long results stay a small part of memory.
const SHARES_PER_CORE: usize = 8;

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
    describe: impl Fn(&Scene<'_>, Range<u32>) -> T + Sync,
    take: impl FnMut(T) -> bool,
) -> Swept {
    sweep_over(&document.ground(), windows, progress, describe, take)
}

/// The same of what a document rests on.
pub(super) fn sweep_over<T: Send>(
    document: &Ground,
    windows: Windows,
    progress: &Progress,
    describe: impl Fn(&Scene<'_>, Range<u32>) -> T + Sync,
    mut take: impl FnMut(T) -> bool,
) -> Swept {
    let count = document.survey.frame_count();
    let mut sweep = Sweep::new(document.context(), &document.survey, &document.attribution);
    let mut first = 0;
    while first < count {
        let mut window = window(document, first..count, windows);
        let mut jobs = sweep.jobs(window.clone());
        let surroundings = sweep.surroundings();
        jobs.par_iter_mut().for_each(|job| job.run(surroundings));
        while sweep.must_go_on(&jobs, window.end) {
            // A later frame brings the key for one of these.
            let more = self::window(document, window.end..count, windows);
            window.end = more.end;
            sweep.extend(&mut jobs, more);
            jobs.par_iter_mut().for_each(|job| job.run(surroundings));
        }
        let done = sweep.window(jobs, window.end);
        let (context, survey, _) = surroundings;
        let scene = Scene::of_window(context, survey, &done);
        let shares: Vec<Range<u32>> = window
            .clone()
            .step_by(windows.share.max(1) as usize)
            .map(|start| start..(start + windows.share.max(1)).min(window.end))
            .collect();
        for batch in shares.chunks(SHARES_PER_CORE * rayon::current_num_threads()) {
            let results: Vec<T> =
                batch.par_iter().map(|share| describe(&scene, share.clone())).collect();
            for result in results {
                if !take(result) {
                    return Swept::Stopped;
                }
            }
        }
        sweep.done(done);
        document.recording.release(window.clone());
        first = window.end;
        progress.set(u64::from(first), u64::from(count));
        if progress.is_cancelled() {
            return Swept::Stopped;
        }
    }
    Swept::All
}

/// Sweeps without describing, only to learn which frames complete a message.
pub(super) fn completions(
    document: &Document,
    windows: Windows,
    progress: &Progress,
) -> Option<Completions> {
    let mut completing = Completing::new(document.survey.frame_count());
    let swept = sweep(
        document,
        windows,
        progress,
        |scene, share| {
            share.map(FrameId).filter(|id| scene.completes(*id)).collect::<Vec<FrameId>>()
        },
        |done| {
            done.into_iter().for_each(|frame| completing.insert(frame));
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
