//! Filtering a document: what columns answer at once, the rest read only where it can pass.
//!
//! ```text
//!   columns ──> yes ─────────────────────────────────────> rows
//!           └─> perhaps ──> their connections, on all cores ──> rows, as they are found
//! ```
//!
//! What is read is remembered: the same field with another value is answered without reading.

use std::collections::HashSet;
use std::sync::{LazyLock, Mutex, OnceLock, PoisonError};

use rayon::prelude::*;
use wirestage_dissectors::bits::Bits;
use wirestage_dissectors::describe::Dissection;
use wirestage_dissectors::filter::{
    Columns, Filter, FilterError, Finds, Need, Plain, Plan, Remembered, RowSet, Triage, Vocabulary,
};
use wirestage_dissectors::frames::Frames;
use wirestage_dissectors::ids::{ConnectionId, FlowId, FrameId};
use wirestage_dissectors::registry;

use super::Ground;
use super::sweep::{Depth, Swept, Windows, sweep_over};
use super::{Document, Progress};

/// Frames whose columns one worker looks at in one go; a multiple of 64.
const COLUMNS: u32 = 1 << 16;

/// Frames whose headers one worker reads in one go.
const HEADERS: usize = 1 << 10;

/// Shares of headers that are read between two looks at whether somebody wants it to stop.
const SHARES: usize = 32;

/// What filters leave behind for those that follow.
#[derive(Debug, Default)]
pub(super) struct Memory {
    plain: OnceLock<Plain>,
    known: Mutex<Remembered>,
}

/// The names that filters may use.
#[must_use]
pub fn vocabulary() -> &'static Vocabulary {
    static NAMES: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::new(registry::standard()));
    &NAMES
}

/// Reads an expression.
///
/// # Errors
/// Says what is wrong with it, and where.
pub fn filter(expression: &str) -> Result<Filter, FilterError> {
    Filter::new(expression, vocabulary(), registry::standard())
}

impl Document {
    /// The frames that pass a filter; `None` if that was cancelled.
    #[must_use]
    pub fn rows(&self, filter: &Filter, progress: &Progress) -> Option<RowSet> {
        self.ground().rows(filter, progress, |_| true)
    }

    /// The connections that have any of these frames ([`Ground::connections_of`]).
    #[must_use]
    pub fn connections_of(&self, rows: &RowSet) -> Vec<ConnectionId> {
        self.ground().connections_of(rows)
    }

    /// All frames of the connections that have any of these, and these.
    #[must_use]
    pub fn whole_connections(&self, rows: &RowSet) -> RowSet {
        let owner = |id| self.attribution.of(id, &self.survey);
        let touched: HashSet<ConnectionId> =
            rows.iter().filter_map(owner).map(|owner| owner.connection).collect();
        let frames = touched.into_iter().flat_map(|id| self.attribution.frames(id, &self.survey));
        let mut whole: RowSet = frames.collect();
        whole.add(rows);
        whole
    }
}

impl Ground {
    /// The frames that pass a filter. `take` gets them in parts, as they are found, and says
    /// whether it wants more: first those that columns know, then the others in the order of the
    /// file. `None` if it was stopped.
    #[must_use]
    pub fn rows(
        &self,
        filter: &Filter,
        progress: &Progress,
        mut take: impl FnMut(&RowSet) -> bool,
    ) -> Option<RowSet> {
        let Triage { yes, perhaps } = self.verdict(filter, progress)?;
        let mut rows: RowSet = yes.iter().map(FrameId).collect();
        if !take(&rows) {
            return None;
        }
        if perhaps.is_empty() {
            return Some(rows);
        }
        let mut finds = Finds::default();
        let test = |scene: &Dissection<'_>, frames: &mut dyn Iterator<Item = FrameId>| {
            let mut tester = filter.tester();
            let passed: RowSet = frames.filter(|id| tester.passes(scene, *id)).collect();
            (passed, tester.finds())
        };
        let swept = self.read_frames(&perhaps, filter.need(), progress, test, |(passed, found)| {
            finds.append(found);
            rows.add(&passed);
            passed.is_empty() || take(&passed)
        });
        if swept != Swept::All {
            return None;
        }
        let mut known = self.memory.known.lock().unwrap_or_else(PoisonError::into_inner);
        filter.keep(finds, &mut known);
        Some(rows)
    }

    /// The connections that have any of these frames, in their order. One that was recorded at both
    /// its ends is the near one.
    #[must_use]
    pub fn connections_of(&self, rows: &RowSet) -> Vec<ConnectionId> {
        let owner = |id| self.attribution.of(id, &self.survey);
        let touched: HashSet<ConnectionId> =
            rows.iter().filter_map(owner).map(|owner| owner.connection).collect();
        let is_touched = |id: &&ConnectionId| {
            let far = self.far.get(&FlowId(id.0)).map(|far| ConnectionId(far.0));
            touched.contains(id) || far.is_some_and(|far| touched.contains(&far))
        };
        self.connections.iter().filter(is_touched).copied().collect()
    }

    /// Describes the frames that pass a filter, in the order of the file: `describe` runs on all
    /// cores, `take` gets what it gave and says whether it wants more.
    pub fn each_row<T: Send>(
        &self,
        filter: &Filter,
        progress: &Progress,
        describe: impl Fn(&Dissection<'_>, &[FrameId]) -> T + Sync,
        mut take: impl FnMut(T) -> bool,
    ) -> Swept {
        let Some(Triage { yes, mut perhaps }) = self.verdict(filter, progress) else {
            return Swept::Stopped;
        };
        perhaps.or(&yes);
        let pass = |scene: &Dissection<'_>, frames: &mut dyn Iterator<Item = FrameId>| {
            let mut tester = filter.tester();
            let passes = |id: &FrameId| yes.contains(id.0) || tester.passes(scene, *id);
            let passed: Vec<FrameId> = frames.filter(passes).collect();
            describe(scene, &passed)
        };
        self.read_frames(&perhaps, Need::Messages, progress, pass, &mut take)
    }

    /// What columns say of every frame; `None` if that was cancelled.
    fn verdict(&self, filter: &Filter, progress: &Progress) -> Option<Triage> {
        let (survey, recording, registry) = (&*self.survey, &*self.recording, &*self.registry);
        let plain = self.memory.plain.get_or_init(|| Plain::of(survey, recording, registry));
        let columns = Columns::new(survey, recording, registry, plain);
        let plan = {
            let known = self.memory.known.lock().unwrap_or_else(PoisonError::into_inner);
            Plan::new(filter, columns, &known)
        };
        let count = survey.frame_count();
        let starts: Vec<u32> = (0..count).step_by(COLUMNS as usize).collect();
        let parts: Vec<Option<Triage>> = starts
            .into_par_iter()
            .map(|start| {
                let frames = start..start.saturating_add(COLUMNS).min(count);
                if progress.is_cancelled() {
                    return None;
                }
                let verdict = plan.verdict(frames.clone());
                // Addresses are read from the frames themselves.
                self.recording.release(frames);
                Some(verdict)
            })
            .collect();
        let mut whole = Triage { yes: Bits::none(0), perhaps: Bits::none(0) };
        for part in parts {
            let part = part?;
            whole.yes.append(&part.yes);
            whole.perhaps.append(&part.perhaps);
        }
        Some(whole)
    }

    /// Describes chosen frames, in the order of the file, some at a time.
    pub(super) fn read_frames<T: Send>(
        &self,
        frames: &Bits,
        need: Need,
        progress: &Progress,
        describe: impl Fn(&Dissection<'_>, &mut dyn Iterator<Item = FrameId>) -> T + Sync,
        mut take: impl FnMut(T) -> bool,
    ) -> Swept {
        let connections = self.owners(frames);
        if need < Need::Messages || connections.is_empty() {
            return self.read_headers(frames, progress, describe, take);
        }
        let describe = |scene: &Dissection<'_>, share: std::ops::Range<u32>| {
            let mut chosen = share.filter(|id| frames.contains(*id)).map(FrameId).peekable();
            chosen.peek().is_some().then(|| describe(scene, &mut chosen))
        };
        let take = |result: Option<T>| result.is_none_or(&mut take);
        sweep_over(
            self,
            (Some(&connections), Depth::Whole),
            Windows::default(),
            progress,
            describe,
            take,
        )
    }

    /// The same of frames of which headers are enough.
    fn read_headers<T: Send>(
        &self,
        frames: &Bits,
        progress: &Progress,
        describe: impl Fn(&Dissection<'_>, &mut dyn Iterator<Item = FrameId>) -> T + Sync,
        mut take: impl FnMut(T) -> bool,
    ) -> Swept {
        let chosen: Vec<FrameId> = frames.iter().map(FrameId).collect();
        let scene = Dissection::of_headers(self.context(), &self.survey);
        let mut done = 0;
        for shares in chosen.chunks(HEADERS * SHARES) {
            let results: Vec<T> = shares
                .par_chunks(HEADERS)
                .map(|share| describe(&scene, &mut share.iter().copied()))
                .collect();
            if let (Some(first), Some(last)) = (shares.first(), shares.last()) {
                self.recording.release(first.0..last.0.saturating_add(1));
            }
            done += shares.len() as u64;
            progress.set(done, chosen.len() as u64);
            if progress.is_cancelled() || !results.into_iter().all(&mut take) {
                return Swept::Stopped;
            }
        }
        Swept::All
    }

    /// The connections that frames belong to.
    fn owners(&self, frames: &Bits) -> Bits {
        let owner = |id: u32| self.attribution.of(FrameId(id), &self.survey);
        let mut found: Vec<ConnectionId> =
            frames.iter().filter_map(owner).map(|owner| owner.connection).collect();
        found.sort_unstable();
        found.dedup();
        let mut connections = Bits::none(found.last().map_or(0, |last| last.0 + 1));
        found.iter().for_each(|id| connections.insert(id.0));
        connections
    }
}
