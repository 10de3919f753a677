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

use super::arena::Pool;
use super::reader::{ConnectionReader, Context};
use super::stretch::Stretch;
pub use super::window::{Told, Window};
use crate::attribution::{Attribution, OfConnection};
use crate::bits::Bits;
use crate::frames::AHEAD;
use crate::ids::{ConnectionId, FrameId};
use crate::limits::MAX_PARKED_FRAMES;
use crate::maps::FastMap;
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

/// The frames of one connection in a window.
pub struct Share {
    connection: ConnectionId,
    frames: Vec<FrameId>,
}

impl Share {
    /// Whose they are.
    #[must_use]
    pub const fn connection(&self) -> ConnectionId {
        self.connection
    }
}

/// Reads a recording from its first frame to its last.
pub struct Sweep<'a> {
    context: Context<'a>,
    survey: &'a Survey,
    attribution: &'a Attribution,
    /// The connections that are under way; nothing while a job has one.
    live: FastMap<ConnectionId, Option<Live>>,
    /// Room that windows which are done have left.
    pool: Pool,
    /// The connections that are read; all where nothing is said.
    only: Option<&'a Bits>,
    /// Whether nothing but rows is made of it.
    is_brief: bool,
}

impl<'a> Sweep<'a> {
    /// A sweep that has not read anything.
    #[must_use]
    pub fn new(context: Context<'a>, survey: &'a Survey, attribution: &'a Attribution) -> Self {
        let (live, pool) = (FastMap::new(), Pool::default());
        Self { context, survey, attribution, live, pool, only: None, is_brief: false }
    }

    /// The same for rows alone: less is kept with messages, and the rows are the same.
    #[must_use]
    pub const fn brief(mut self, is_brief: bool) -> Self {
        self.is_brief = is_brief;
        self
    }

    /// The same of these connections alone: frames of others complete nothing.
    #[must_use]
    pub fn only(mut self, connections: Option<&'a Bits>) -> Self {
        self.only = connections;
        self
    }

    /// The next frames by connection, in the order in which connections first have one.
    #[must_use]
    pub fn shares(&self, frames: Range<u32>) -> Vec<Share> {
        let mut shares: Vec<Share> = Vec::new();
        let mut places: FastMap<ConnectionId, usize> = FastMap::new();
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
                    shares.push(Share { connection, frames: Vec::new() });
                    shares.len() - 1
                }),
            };
            latest = Some((connection, place));
            if let Some(share) = shares.get_mut(place) {
                share.frames.push(id);
            }
        }
        shares
    }

    /// Starts a job for a share of a window.
    ///
    /// # Errors
    /// Gives the share back while a job of the previous window still holds its connection, as it
    /// was not [given back](Self::end).
    pub fn begin(&mut self, share: Share) -> Result<Job, Share> {
        let Share { connection, frames } = share;
        let live = match self.live.get_mut(&connection) {
            Some(known) => match known.take() {
                Some(live) => live,
                None => return Err(Share { connection, frames }),
            },
            None => {
                let reader = self.attribution.reader(connection, self.survey);
                let reader = reader.brief(self.is_brief);
                self.live.insert(connection, None);
                Live { reader, stretch: Stretch::in_pool(&self.pool), finished: false }
            }
        };
        Ok(Job { connection, live, frames, next: None })
    }

    /// Ends a job whose window ends before the frame `end`: what it put out. Its connection may be
    /// read on.
    #[must_use]
    pub fn end(&mut self, mut job: Job, end: u32) -> Told {
        job.close(end, self.surroundings());
        let Job { connection, live, next, .. } = job;
        let Live { reader, stretch, finished } = live;
        let shared = reader.seen();
        match next.filter(|_| !finished) {
            Some(stretch) => {
                self.live.insert(connection, Some(Live { reader, stretch, finished }));
            }
            None => {
                self.live.remove(&connection);
            }
        }
        Told { connection, shared, stretch }
    }

    /// What jobs need to run.
    #[must_use]
    pub const fn surroundings(&self) -> (Context<'a>, &'a Survey, &'a Attribution) {
        (self.context, self.survey, self.attribution)
    }

    /// Reads the window of these frames on this thread alone. Returns what the window holds and the
    /// frames that it covers: more than were asked for while something in it waits for a key that a
    /// later frame may bring. Windows must follow each other without holes.
    pub fn read(&mut self, mut frames: Range<u32>) -> (Window, Range<u32>) {
        let mut jobs: Vec<Job> = Vec::new();
        let mut more = frames.clone();
        loop {
            for share in self.shares(more) {
                match jobs.iter_mut().find(|job| job.connection == share.connection) {
                    Some(job) => job.go_on(share),
                    None => jobs.extend(self.begin(share).ok()),
                }
            }
            jobs.iter_mut().for_each(|job| job.run(self.surroundings()));
            if !jobs.iter().any(|job| job.waits(frames.end, self.survey)) {
                break;
            }
            more = frames.end..frames.end + 1;
            frames.end = more.end;
        }
        let told = jobs.into_iter().map(|job| self.end(job, frames.end)).collect();
        (Window::of(told), frames)
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

    /// Whose frames it reads.
    #[must_use]
    pub const fn connection(&self) -> ConnectionId {
        self.connection
    }

    /// Whether it has read all that it will of its window.
    #[must_use]
    pub const fn has_closed(&self) -> bool {
        self.next.is_some()
    }

    /// How many frames it has still to read.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.frames.len()
    }

    /// Has more frames of its connection to read: its window becomes longer.
    pub fn go_on(&mut self, share: Share) {
        self.frames.extend(share.frames);
    }

    /// Whether something in it waits for a key that a frame after `end` may bring, so that nothing
    /// can be said of its frames yet.
    #[must_use]
    pub fn waits(&self, end: u32, survey: &Survey) -> bool {
        let waits = |parked: FrameId| end.saturating_sub(parked.0) <= MAX_PARKED_FRAMES;
        end < survey.frame_count() && self.live.reader.parked_at().is_some_and(waits)
    }

    /// Nothing more is read into this window, whose frames end before `end`. Done by
    /// [`Sweep::end`] at the latest.
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
