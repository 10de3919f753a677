//! Windows that are being read: which shares of them are with workers, and which have to wait.

use std::collections::{HashMap, VecDeque};
use std::ops::Range;

use wirestage_dissectors::engine::sweep::{Job, Share, Sweep, Told};
use wirestage_dissectors::ids::ConnectionId;

/// Frames that jobs which one worker runs in one go read together: enough to be worth the trip.
const ENOUGH: usize = 128;

/// A window that is being read.
struct Reading {
    frames: Range<u32>,
    /// How many windows it was made of.
    windows: usize,
    /// Shares that nobody has begun.
    fresh: Vec<Share>,
    /// Shares whose connection the window before has.
    held: HashMap<ConnectionId, Share>,
    /// Jobs that are ready to run.
    ready: Vec<Job>,
    /// How many jobs workers have.
    running: usize,
    /// What jobs put out that have ended.
    told: Vec<Told>,
    /// Jobs that wait for a key which a later frame may bring.
    parked: Vec<Job>,
}

impl Reading {
    /// Whether every share of it was read as far as that can be.
    fn is_read(&self) -> bool {
        self.running == 0 && self.ready.is_empty() && self.fresh.is_empty() && self.held.is_empty()
    }
}

/// The windows that are being read, in their order.
#[derive(Default)]
pub(super) struct Readings {
    all: VecDeque<Reading>,
    /// Of those that are whole, the end, and how many windows each was made of.
    whole: VecDeque<(u32, usize)>,
}

impl Readings {
    /// Takes in the window that follows.
    pub(super) fn add(&mut self, frames: Range<u32>, shares: Vec<Share>) {
        self.all.push_back(Reading {
            frames,
            windows: 1,
            fresh: shares,
            held: HashMap::new(),
            ready: Vec::new(),
            running: 0,
            told: Vec::new(),
            parked: Vec::new(),
        });
    }

    /// Whether all windows were read, and the last one needs another to be whole.
    pub(super) fn is_held_up(&self) -> bool {
        self.all.iter().all(Reading::is_read)
            && self.all.back().is_some_and(|last| !last.parked.is_empty())
    }

    /// Whether there is something to read that nobody has begun.
    pub(super) fn is_ready(&self) -> bool {
        self.all.iter().any(|reading| !reading.ready.is_empty() || !reading.fresh.is_empty())
    }

    /// The jobs that can be run now, those of one worker together, each with the end of its window.
    pub(super) fn jobs(&mut self, sweep: &mut Sweep<'_>) -> Vec<(u32, Vec<Job>)> {
        let mut out = Vec::new();
        for reading in &mut self.all {
            for share in reading.fresh.drain(..) {
                match sweep.begin(share) {
                    Ok(job) => reading.ready.push(job),
                    Err(share) => drop(reading.held.insert(share.connection(), share)),
                }
            }
            reading.running += reading.ready.len();
            for few in groups(std::mem::take(&mut reading.ready)) {
                out.push((reading.frames.end, few));
            }
        }
        out
    }

    /// Takes jobs of the window with that end back that have run: the next window has their
    /// connections now.
    pub(super) fn take(&mut self, end: u32, jobs: Vec<Job>, sweep: &mut Sweep<'_>) {
        let Some(at) = self.all.iter().position(|one| one.frames.end == end) else { return };
        for job in jobs {
            let connection = job.connection();
            let Some(reading) = self.all.get_mut(at) else { return };
            reading.running -= 1;
            if job.has_closed() {
                reading.told.push(sweep.end(job, end));
                self.let_go(at + 1, connection);
            } else {
                reading.parked.push(job);
            }
        }
    }

    /// A connection is free for the windows from there on.
    fn let_go(&mut self, from: usize, connection: ConnectionId) {
        let mut later = self.all.iter_mut().skip(from);
        let first = later.find_map(|later| Some((later.held.remove(&connection)?, later)));
        if let Some((share, later)) = first {
            later.fresh.push(share);
        }
    }

    /// What the first window put out, and its frames, once all of it was read. Where something in
    /// it waits for a key of a later frame, the next window becomes part of it.
    pub(super) fn whole(
        &mut self,
        sweep: &mut Sweep<'_>,
        count: u32,
    ) -> Option<(Vec<Told>, Range<u32>)> {
        while self.all.front()?.is_read() {
            let waits = |end: u32, job: &Job| job.waits(end, sweep.surroundings().1);
            let first = self.all.front_mut()?;
            let end = first.frames.end;
            if end < count && first.parked.iter().any(|job| waits(end, job)) {
                if self.all.len() == 1 {
                    return None;
                }
                let first = self.all.pop_front()?;
                self.merge(first);
                continue;
            }
            let mut first = self.all.pop_front()?;
            for job in first.parked.drain(..) {
                let connection = job.connection();
                first.told.push(sweep.end(job, end));
                self.let_go(0, connection);
            }
            self.whole.push_back((end, first.windows));
            return Some((first.told, first.frames));
        }
        None
    }

    /// Makes a window that waits a part of the next one. Its jobs that wait go on with their
    /// connections' frames there.
    fn merge(&mut self, before: Reading) {
        let Some(next) = self.all.front_mut() else { return };
        next.frames.start = before.frames.start;
        next.windows += before.windows;
        let later = std::mem::replace(&mut next.told, before.told);
        next.told.extend(later);
        for mut job in before.parked {
            match next.held.remove(&job.connection()) {
                Some(share) => {
                    job.go_on(share);
                    next.ready.push(job);
                }
                None => next.parked.push(job),
            }
        }
    }

    /// How many windows were read for the one with that end.
    pub(super) fn merged(&mut self, end: u32) -> usize {
        let first = self.whole.pop_front_if(|(known, _)| *known == end);
        first.map_or(0, |(_, windows)| windows)
    }
}

/// Jobs by who runs them.
fn groups(jobs: Vec<Job>) -> Vec<Vec<Job>> {
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
