//! Several files walked, then put into one order: each file's own is kept, and of the frames
//! that come next in each the earliest goes first.
//!
//! ```text
//!   file 0   3  5  9          heads of the taps: the earliest, then the file given first
//!   file 1   4  ?  5          a frame without a time follows its predecessor
//!   order    3  4  ?  5  5  9
//! ```
//!
//! Only frames whose order is open are read for it: a file that ends before any other tap's next
//! frame follows whole, so that a ring is never read a second time.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;

use wirestage_dissectors::frames::{Frame, LinkType, MAX_FRAMES};
use wirestage_dissectors::ids::Time;

use super::capture_file::CaptureFile;
use super::joined::{Joined, cell};
use super::open::OpenError;
use super::recording::Progress;
use super::stretch::Held;
use super::taps::{Candidate, Described, Tap, taps};
use crate::limits::MERGE_BYTES;

/// Bytes of a file that are copied out for their times at once, where there is room.
const COPY: u64 = 1 << 20;
/// The same with very many files.
const LEAST: u64 = 16 << 10;

/// Where joining stands.
pub(super) enum Merge {
    /// Files are walked, one after the other; the last of these is not done yet.
    Walking(Vec<Times>, Copied),
    /// Frames are put into order.
    Ordering(Order),
}

/// What is known of the times of one file.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Times {
    /// The earliest and the latest time of its packets.
    packets: Option<(i64, i64)>,
    /// The same of its marks.
    marks: Option<(i64, i64)>,
    /// The latest time of anything in it.
    latest: Option<i64>,
    /// How many of its frames were looked at.
    looked_at: u32,
    /// How many bytes of the file are walked.
    done: u64,
}

/// The files in taps, and which frame of each comes next.
pub(super) struct Order {
    times: Vec<Times>,
    queues: Vec<Queue>,
    heads: BinaryHeap<Reverse<Head>>,
}

/// The frame of a tap that comes next. The earlier one is less, then the one of the earlier file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Head {
    time: i64,
    part: usize,
    queue: usize,
}

/// What is left of a tap.
struct Queue {
    /// The files after the current one, last first.
    later: Vec<usize>,
    /// The next frame of the current one.
    next: u32,
    copied: Copied,
}

/// Records copied out of a file, for their times.
#[derive(Default)]
pub(super) struct Copied {
    bytes: Vec<u8>,
    base: u64,
    part: usize,
    frames: Range<u32>,
}

impl Copied {
    /// One frame, with those behind it copied where they were not.
    fn frame<'a>(
        &'a mut self,
        parts: &'a [CaptureFile],
        of: usize,
        number: u32,
        room: u64,
    ) -> Frame<'a> {
        let Some(part) = parts.get(of) else { return Frame::EMPTY };
        if self.part != of || !self.frames.contains(&number) {
            let frames = part.contents.within(number, room);
            self.bytes.clear();
            self.base = part.copy(frames.clone(), &mut self.bytes).unwrap_or_else(|_| {
                // What cannot be read has no time, and stays behind its predecessor.
                self.bytes.clear();
                0
            });
            (self.part, self.frames) = (of, frames);
        }
        let held = Held { bytes: &self.bytes, base: self.base };
        part.contents.frame(held, number).unwrap_or(Frame::EMPTY)
    }
}

/// When a frame was seen, where that is known: a journal entry without a time reads as zero.
fn seen(frame: &Frame<'_>) -> Option<i64> {
    let Time(time) = frame.time.known()?;
    (frame.link != LinkType::MARK || time != 0).then_some(time)
}

impl Merge {
    /// Nothing is walked yet.
    pub(super) fn new() -> Self {
        Self::Walking(vec![Times::default()], Copied::default())
    }

    /// Walks a good part of a file, or finds where up to `max` further frames are.
    pub(super) fn step(
        &mut self,
        parts: &[CaptureFile],
        joined: &Joined,
        max: u32,
    ) -> Result<Progress, OpenError> {
        let first = joined.count();
        let mut more = true;
        match self {
            Self::Walking(times, copied) => {
                if walk(parts, times, copied)? {
                    let order = Order::new(parts, std::mem::take(times), joined);
                    *self = Self::Ordering(order);
                }
            }
            Self::Ordering(order) => {
                let room = MAX_FRAMES.saturating_sub(first);
                let mut batch = Vec::new();
                let max = max.min(room) as usize;
                order.take(parts, max, &mut batch);
                joined.order.extend(&batch);
                more = !order.heads.is_empty();
                if more && room == 0 {
                    let limit = u64::from(MAX_FRAMES);
                    let tell = |part: &CaptureFile| {
                        part.contents.facts(|f| f.too_many(0, "frames", limit))
                    };
                    parts.first().into_iter().for_each(tell);
                    more = false;
                }
            }
        }
        let (done, bytes) = self.progress(parts, joined);
        Ok(Progress { frames: first..joined.count(), done, bytes, more })
    }

    /// How far joining is, in bytes of the files: walking them is the first half of it.
    fn progress(&self, parts: &[CaptureFile], joined: &Joined) -> (u64, u64) {
        let bytes = parts.iter().map(|part| part.contents.map.len()).sum();
        let done = match self {
            Self::Walking(times, _) => times.iter().map(|one| one.done).sum::<u64>() / 2,
            Self::Ordering(order) if order.heads.is_empty() => bytes,
            Self::Ordering(_) => {
                let frames: u64 = parts.iter().map(|part| u64::from(part.count())).sum();
                let share = u128::from(bytes) * u128::from(joined.count());
                bytes / 2 + (share / u128::from(frames.max(1)) / 2) as u64
            }
        };
        (done, bytes)
    }
}

/// Walks on in the file that is being walked; says whether all files are done.
fn walk(
    parts: &[CaptureFile],
    times: &mut Vec<Times>,
    copied: &mut Copied,
) -> Result<bool, OpenError> {
    let of = times.len().saturating_sub(1);
    let (Some(part), Some(known)) = (parts.get(of), times.last_mut()) else { return Ok(true) };
    let mut walking = part.walk();
    let step = walking.stride()?;
    // Some may have been found before the files were joined.
    let new = std::mem::replace(&mut known.looked_at, part.count())..part.count();
    for number in new {
        let frame = copied.frame(parts, of, number, COPY);
        let Some(time) = seen(&frame) else { continue };
        known.latest = known.latest.max(Some(time));
        let (span, time) = if frame.link == LinkType::MARK {
            // Its time is rounded down to microseconds: it may be as late as this.
            (&mut known.marks, time.saturating_add(999))
        } else {
            (&mut known.packets, time)
        };
        let (first, last) = span.unwrap_or((time, time));
        *span = Some((first.min(time), last.max(time)));
    }
    known.done = step.done;
    if !step.more {
        walking.rest();
        times.push(Times::default());
    }
    Ok(times.len() > parts.len())
}

impl Order {
    /// Sorts the files into taps, which settles the interfaces, and looks at the first of each.
    fn new(parts: &[CaptureFile], times: Vec<Times>, joined: &Joined) -> Self {
        let candidates: Vec<_> = parts
            .iter()
            .zip(&times)
            .map(|(part, times)| Candidate {
                name: part.name.clone(),
                interfaces: Described::all(&part.contents),
                times: times.packets.or(times.marks),
                is_empty: part.count() == 0,
            })
            .collect();
        let taps = taps(&candidates);
        joined.settle(parts, &taps);
        let queue = |Tap { files }: Tap| Queue {
            later: files.into_iter().rev().collect(),
            next: 0,
            copied: Copied::default(),
        };
        let mut queues: Vec<Queue> = taps.into_iter().map(queue).collect();
        let room = (MERGE_BYTES / queues.len().max(1) as u64).clamp(LEAST, COPY);
        let first = |(number, queue): (usize, &mut Queue)| {
            let part = queue.later.pop()?;
            queue.head(Head { time: i64::MIN, part, queue: number }, parts, room)
        };
        let heads = queues.iter_mut().enumerate().filter_map(first).map(Reverse).collect();
        Self { times, queues, heads }
    }

    /// Gives up to `max` further frames in their order.
    fn take(&mut self, parts: &[CaptureFile], max: usize, out: &mut Vec<u64>) {
        let room = (MERGE_BYTES / self.queues.len().max(1) as u64).clamp(LEAST, COPY);
        while out.len() < max {
            let Some(Reverse(mut head)) = self.heads.pop() else { return };
            let limit = self.heads.peek().map(|Reverse(head)| *head);
            let Some(queue) = self.queues.get_mut(head.queue) else { continue };
            loop {
                let left =
                    parts.get(head.part).map_or(0, CaptureFile::count).saturating_sub(queue.next);
                let latest = self.times.get(head.part).and_then(|times| times.latest);
                let whole = limit.is_none_or(|limit| latest < Some(limit.time));
                let many = if whole { left.min((max - out.len()) as u32) } else { left.min(1) };
                out.extend((queue.next..).take(many as usize).map(|at| cell(head.part, at)));
                queue.next += many;
                if whole {
                    head.time = latest.unwrap_or(head.time).max(head.time);
                }
                let next =
                    if whole && many < left { Some(head) } else { queue.head(head, parts, room) };
                let Some(next) = next else { break };
                head = next;
                if out.len() >= max || limit.is_some_and(|limit| limit < head) {
                    self.heads.push(Reverse(head));
                    break;
                }
            }
        }
    }
}

impl Queue {
    /// The next frame: of the current file, or of a later one where that is done.
    fn head(&mut self, mut head: Head, parts: &[CaptureFile], room: u64) -> Option<Head> {
        while self.next >= parts.get(head.part).map_or(0, CaptureFile::count) {
            head.part = self.later.pop()?;
            self.next = 0;
        }
        let frame = self.copied.frame(parts, head.part, self.next, room);
        head.time = seen(&frame).unwrap_or(head.time);
        Some(head)
    }
}
