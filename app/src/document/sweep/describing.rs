//! Windows that are described: part by part on all cores, and results in their order.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use wirestage_dissectors::engine::sweep::Window;

use crate::document::workers::cores;

/// How many parts are under way for each core before their results are taken: enough that no core
/// idles while one of them takes long, and few enough that long results stay a small part of
/// memory.
const PARTS_PER_CORE: u32 = 4;

/// A part of a window that can be described.
pub(super) struct Part {
    pub(super) number: u32,
    pub(super) window: Arc<Window>,
    pub(super) frames: Range<u32>,
}

/// The windows that are whole, and the results of their parts.
pub(super) struct Describing<T> {
    /// Frames in one part.
    share: u32,
    /// Windows that are not handed out yet, by their first frames.
    waiting: BTreeMap<u32, (Arc<Window>, u32)>,
    /// The one that is handed out: what is left of it.
    current: Option<(Arc<Window>, Range<u32>)>,
    /// The ends of windows that are handed out, each with the number of the part behind it.
    ends: BTreeMap<u32, Range<u32>>,
    /// Where the current window begins, and behind it the next one.
    start: u32,
    begun: u32,
    taken: u32,
    results: BTreeMap<u32, T>,
    /// All frames before this one are done with.
    at: u32,
}

impl<T> Describing<T> {
    pub(super) const fn new(share: u32) -> Self {
        Self {
            share,
            waiting: BTreeMap::new(),
            current: None,
            ends: BTreeMap::new(),
            start: 0,
            begun: 0,
            taken: 0,
            results: BTreeMap::new(),
            at: 0,
        }
    }

    /// All frames before this one are described, and taken.
    pub(super) const fn at(&self) -> u32 {
        self.at
    }

    /// Takes in a window that is whole.
    pub(super) fn add(&mut self, window: Arc<Window>, frames: Range<u32>) {
        self.waiting.insert(frames.start, (window, frames.end));
    }

    /// The next part; nothing while enough are under way.
    pub(super) fn next(&mut self) -> Option<Part> {
        if self.begun - self.taken >= PARTS_PER_CORE * cores() {
            return None;
        }
        if self.current.is_none() {
            let (window, end) = self.waiting.remove(&self.start)?;
            self.current = Some((window, self.start..end));
        }
        let (window, rest) = self.current.as_mut()?;
        let end = rest.start.saturating_add(self.share).min(rest.end);
        let part = Part { number: self.begun, window: Arc::clone(window), frames: rest.start..end };
        rest.start = end;
        self.begun += 1;
        if end == rest.end {
            self.ends.insert(self.begun, self.start..end);
            self.start = end;
            self.current = None;
        }
        Some(part)
    }

    /// Passes a result on once those before it were. Says whether more are wanted.
    pub(super) fn take(&mut self, number: u32, result: T, mut take: impl FnMut(T) -> bool) -> bool {
        self.results.insert(number, result);
        while let Some(result) = self.results.remove(&self.taken) {
            self.taken += 1;
            if !take(result) {
                return false;
            }
        }
        true
    }

    /// The frames of the next window that was described and taken whole.
    pub(super) fn done(&mut self) -> Option<Range<u32>> {
        let first = self.ends.first_entry().filter(|first| *first.key() <= self.taken)?;
        let frames = first.remove();
        self.at = frames.end;
        Some(frames)
    }
}
