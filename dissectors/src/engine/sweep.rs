//! A sweep: every message of a recording in frame order, in windows.
//!
//! ```text
//!   window of frames ─> jobs, one a connection, run in parallel ─> window ─> describe(frame) …
//!                          ^                                          │
//!                          └──── what is still open is carried on ────┘
//! ```
//!
//! What a window completed is apart from the readers: the next window may be read while it is
//! described. Live memory is the readers and the windows that somebody holds. Where windows begin
//! and end changes nothing in what comes out.

use std::ops::Range;

use super::announce::Shared;
use super::arena::Pool;
use super::reader::{ConnectionReader, Context};
use super::stretch::{Note, Stretch};
use super::view::View;
use crate::attribution::{Attribution, OfConnection};
use crate::bits::Bits;
use crate::frames::AHEAD;
use crate::ids::{ConnectionId, FrameId};
use crate::limits::MAX_PARKED_FRAMES;
use crate::maps::FastMap;
use crate::message::{Message, Related};
use crate::survey::Survey;

/// What reading a frame rests on: bytes and keys, columns, and whose each frame is.
pub(crate) type Surroundings<'a> = (Context<'a>, &'a Survey, &'a Attribution);

/// A connection while it is being swept.
struct Live {
    reader: ConnectionReader,
    stretch: Stretch,
    finished: bool,
}

/// One connection's share of a window. Jobs are independent: run them wherever there is room.
pub struct Job {
    connection: ConnectionId,
    live: Live,
    frames: Vec<FrameId>,
    /// What the connection goes on in, once this window is closed.
    next: Option<Stretch>,
}

/// What a connection put out in a window, and what is needed to describe it.
struct Told {
    connection: ConnectionId,
    shared: Shared,
    stretch: Stretch,
}

/// Reads a recording from its first frame to its last.
pub struct Sweep<'a> {
    context: Context<'a>,
    survey: &'a Survey,
    attribution: &'a Attribution,
    live: FastMap<ConnectionId, Live>,
    /// Room that windows which are done have left.
    pool: Pool,
    /// The connections that are read; all where nothing is said.
    only: Option<&'a Bits>,
}

/// What a window of frames completed.
pub struct Window {
    told: Vec<Told>,
    /// The first frame that completed anything.
    first: FrameId,
    /// Where in `done` each frame from that one on begins.
    starts: Vec<u32>,
    /// Connection and message, in the order of frames.
    done: Vec<(u32, u32)>,
    /// Where sessions gave up, in the order of frames.
    notes: Vec<Note>,
}

impl<'a> Sweep<'a> {
    /// A sweep that has not read anything.
    #[must_use]
    pub fn new(context: Context<'a>, survey: &'a Survey, attribution: &'a Attribution) -> Self {
        let (live, pool) = (FastMap::new(), Pool::default());
        Self { context, survey, attribution, live, pool, only: None }
    }

    /// The same of these connections alone: frames of others complete nothing.
    #[must_use]
    pub fn only(mut self, connections: Option<&'a Bits>) -> Self {
        self.only = connections;
        self
    }

    /// Splits the next window into jobs. Windows must follow each other without holes.
    pub fn jobs(&mut self, frames: Range<u32>) -> Vec<Job> {
        let mut jobs = Vec::new();
        self.extend(&mut jobs, frames);
        jobs
    }

    /// Whether jobs that have run must go on before anything is said of their frames: something
    /// in them waits for a key that a frame after `end` may bring.
    #[must_use]
    pub fn must_go_on(&self, jobs: &[Job], end: u32) -> bool {
        let waits = |parked: FrameId| end.saturating_sub(parked.0) <= MAX_PARKED_FRAMES;
        end < self.survey.frame_count()
            && jobs.iter().any(|job| job.live.reader.parked_at().is_some_and(waits))
    }

    /// Adds the frames that follow to jobs that have run: the window becomes longer.
    pub fn extend(&mut self, jobs: &mut Vec<Job>, frames: Range<u32>) {
        let mut places: FastMap<ConnectionId, usize> =
            jobs.iter().enumerate().map(|(place, job)| (job.connection, place)).collect();
        let mut latest = None;
        for id in frames.map(FrameId) {
            let Some(owner) = self.attribution.of(id, self.survey) else { continue };
            let connection = owner.connection;
            if self.only.is_some_and(|only| !only.contains(connection.0)) {
                continue;
            }
            let place = match latest {
                Some((known, place)) if known == connection => place,
                _ => *places.entry(connection).or_insert_with(|| {
                    jobs.push(self.job(connection));
                    jobs.len() - 1
                }),
            };
            latest = Some((connection, place));
            if let Some(job) = jobs.get_mut(place) {
                job.frames.push(id);
            }
        }
    }

    fn job(&mut self, connection: ConnectionId) -> Job {
        let live = self.live.remove(&connection).unwrap_or_else(|| {
            let reader = self.attribution.reader(connection, self.survey);
            Live { reader, stretch: Stretch::in_pool(&self.pool), finished: false }
        });
        Job { connection, live, frames: Vec::new(), next: None }
    }

    /// What jobs need to run.
    #[must_use]
    pub const fn surroundings(&self) -> (Context<'a>, &'a Survey, &'a Attribution) {
        (self.context, self.survey, self.attribution)
    }

    /// Runs jobs one after the other, for those who have no threads.
    pub fn run(&self, jobs: &mut [Job]) {
        for job in jobs {
            job.run(self.surroundings());
        }
    }

    /// Puts what jobs that have run put out together, in frame order; `end` is the first frame
    /// behind them. The next window may be read from now on.
    #[must_use]
    pub fn window(&mut self, mut jobs: Vec<Job>, end: u32) -> Window {
        let mut told = Vec::with_capacity(jobs.len());
        jobs.iter_mut().for_each(|job| job.close(end, self.surroundings()));
        for Job { connection, live, next, .. } in jobs {
            let Live { reader, stretch, finished } = live;
            let shared = reader.seen();
            if let Some(next) = next.filter(|_| !finished) {
                self.live.insert(connection, Live { reader, stretch: next, finished });
            }
            told.push(Told { connection, shared, stretch });
        }
        let (first, starts, done) = in_order(&told);
        let notes = told.iter().flat_map(|told| told.stretch.notes());
        let mut notes: Vec<Note> = notes.copied().collect();
        notes.sort_by_key(|note| note.frame);
        Window { told, first, starts, done, notes }
    }
}

impl Job {
    /// Reads this connection's frames of the window that were not read yet.
    pub fn run(&mut self, surroundings: (Context<'_>, &Survey, &Attribution)) {
        let (context, survey, attribution) = surroundings;
        let Live { reader, stretch, finished } = &mut self.live;
        let frames = std::mem::take(&mut self.frames);
        for (at, id) in frames.iter().enumerate() {
            if let Some(next) = frames.get(at + AHEAD as usize) {
                context.frames.expect(*next);
            }
            feed(reader, stretch, *id, surroundings);
        }
        let last = frames.last().copied();
        if last.is_some() && last == attribution.last(self.connection, survey) {
            *finished = true;
            reader.finish(context, stretch);
        }
    }

    /// How many frames it has still to read.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.frames.len()
    }

    /// Nothing more is read into this window, whose frames end before `end`. Done by
    /// [`Sweep::window`] at the latest.
    pub fn close(&mut self, end: u32, (context, ..): (Context<'_>, &Survey, &Attribution)) {
        if self.next.is_some() {
            return;
        }
        let Live { reader, stretch, finished } = &mut self.live;
        reader.expire(FrameId(end), context, stretch);
        self.next =
            if *finished { Some(Stretch::default()) } else { Some(reader.next_stretch(stretch)) };
    }
}

/// Gives one frame to the reader of its connection.
pub(crate) fn feed(
    reader: &mut ConnectionReader,
    stretch: &mut Stretch,
    id: FrameId,
    (context, survey, attribution): Surroundings<'_>,
) {
    let row = survey.row(id);
    if row.is_some_and(|row| row.is_duplicate() && row.tcp_flags() != 0) {
        // The capture saw it twice; the connection did not.
        return;
    }
    if row.is_some_and(|row| survey.is_told(row, context.registry)) {
        return;
    }
    let frame = context.frames.frame(id);
    let Some(mut arrival) = survey.arrival(id, &frame) else { return };
    if let Some(whole) = survey.reassembled(id) {
        (arrival.carried, arrival.cut) = (stretch.join(&whole.carried), 0);
    }
    if let Some(owner) = attribution.of(id, survey) {
        (arrival.direction, arrival.by_name) = (owner.direction, owner.by_name);
    }
    reader.feed(&arrival, context, &OfConnection { survey, attribution }, stretch);
}

impl Window {
    /// The messages that a frame completed, each with what is needed to describe it.
    pub fn messages<'w>(
        &'w self,
        frame: FrameId,
        context: Context<'w>,
    ) -> impl Iterator<Item = (&'w Message, View<'w>)> {
        let at = frame.0.checked_sub(self.first.0).map(|at| at as usize);
        let bound = |at: usize| self.starts.get(at).map(|start| *start as usize);
        let range = at.and_then(|at| Some(bound(at)?..bound(at + 1)?));
        let done = range.and_then(|range| self.done.get(range)).unwrap_or(&[]);
        done.iter().filter_map(move |(job, index)| {
            let Told { shared, stretch, .. } = self.told.get(*job as usize)?;
            let message = stretch.messages.get(*index as usize)?;
            Some((message, View::over(context.frames, shared, stretch)))
        })
    }

    /// Where a frame showed that nobody reads on.
    pub(crate) fn notes(&self, frame: FrameId) -> impl Iterator<Item = &Note> {
        let first = self.notes.partition_point(|note| note.frame < frame);
        let rest = self.notes.get(first..).unwrap_or(&[]);
        rest.iter().take_while(move |note| note.frame == frame)
    }

    /// How messages that the window completed bear on others, by connection.
    pub fn related(&self) -> impl Iterator<Item = (ConnectionId, Related)> {
        self.told
            .iter()
            .flat_map(|told| told.stretch.related.iter().map(|related| (told.connection, *related)))
    }

    /// All messages of the window, with the frames that completed them.
    pub fn done_frames(&self) -> impl Iterator<Item = (FrameId, &Message)> {
        self.done.iter().filter_map(|(job, index)| {
            let message = self.told.get(*job as usize)?.stretch.messages.get(*index as usize)?;
            Some((message.done, message))
        })
    }
}

/// All messages of a window by the frames they stand on: the first frame, where each frame from
/// that one on begins, and connection and message. Frames of a window lie close together, so that they
/// are counted and not sorted.
fn in_order(told: &[Told]) -> (FrameId, Vec<u32>, Vec<(u32, u32)>) {
    let all = || {
        (0u32..).zip(told).flat_map(|(place, told)| {
            let messages = (0u32..).zip(&told.stretch.messages);
            messages.map(move |(index, one)| (one.done, place, index))
        })
    };
    let bounds = all().map(|(frame, ..)| (frame, frame));
    let bounds = bounds.reduce(|(low, high), (frame, _)| (low.min(frame), high.max(frame)));
    let Some((first, last)) = bounds else { return (FrameId::NONE, Vec::new(), Vec::new()) };
    let at = |frame: FrameId| (frame.0 - first.0) as usize;
    // Counted two places on: once all are placed, each start has come to where it belongs.
    let mut starts = vec![0u32; at(last) + 3];
    for (frame, ..) in all() {
        if let Some(count) = starts.get_mut(at(frame) + 2) {
            *count += 1;
        }
    }
    let mut sum = 0;
    for start in &mut starts {
        sum += *start;
        *start = sum;
    }
    let mut done = vec![(0, 0); sum as usize];
    for (frame, place, index) in all() {
        if let Some(next) = starts.get_mut(at(frame) + 1) {
            if let Some(slot) = done.get_mut(*next as usize) {
                *slot = (place, index);
            }
            *next += 1;
        }
    }
    (first, starts, done)
}
