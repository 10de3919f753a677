//! The index pass: from record to record, noting where each frame starts.
//!
//! It goes forward only, stops after any number of frames, and goes on where it stopped, also
//! when the file has grown meanwhile. An incomplete record at the end is "not yet" while a
//! source grows, and damage once it is known to have ended.

use std::fs::File;
use std::io;
use std::sync::Arc;
use std::thread;

use wirestage_dissectors::frames::MAX_FRAMES;

use super::contents::Contents;
use super::format::{Format, PCAP_HEADER, Sniffed, sniff};
use super::open::{OpenError, TOLD_BY, not_a_capture};
use super::problem::{Problem, ProblemKind};
use super::split::{HEADER, Run, Runs};
use super::variant::Variant;
use super::window::Window;
use crate::bytes::Order;
use crate::limits::{MAX_FRAME, MAX_STEP_BYTES};

/// Where the pass stands.
pub(crate) struct Walker {
    pub(super) window: Window,
    file: Arc<File>,
    /// The offset of the next record.
    pub(super) at: u64,
    /// How long the file is now.
    pub(super) len: u64,
    /// Frames found in this step, not yet in the table.
    pub(super) batch: Vec<u64>,
    /// Damage was met: nothing behind `at` can be found.
    pub(super) stuck: bool,
    /// Guessing where records start failed in this file.
    misled: bool,
}

/// What looking at one record gave.
pub(super) enum Took {
    /// It is done; the pass goes on behind it.
    Record,
    /// The file ends before it does.
    End {
        /// "packet record" or "block".
        what: &'static str,
        /// How many bytes it needs.
        needed: u64,
    },
    /// Its length cannot be true.
    Damage(ProblemKind),
}

impl Walker {
    /// At the start of `file`.
    pub(crate) fn new(file: Arc<File>) -> Self {
        Self {
            window: Window::new(Arc::clone(&file)),
            file,
            at: 0,
            len: 0,
            batch: Vec::new(),
            stuck: false,
            misled: false,
        }
    }

    /// The offset of the next record.
    pub(crate) const fn at(&self) -> u64 {
        self.at
    }

    /// Finds up to `max` further frames, or looks at a good part of the file; says whether there
    /// may be more without the file growing.
    pub(crate) fn step(&mut self, contents: &Contents, max: u32) -> Result<bool, OpenError> {
        if self.stuck {
            return Ok(false);
        }
        let outcome = self.file.metadata().and_then(|meta| {
            let room = contents.map.room();
            if contents.map.growing() && meta.len() > room {
                contents.facts(|facts| facts.too_many(room, "bytes", room));
            }
            let len = meta.len().min(room);
            if len != self.len {
                self.len = len;
                self.window.forget();
                contents.map.grow(len);
            }
            contents.facts(|facts| facts.tail = None);
            self.walk(contents, max)
        });
        // What was found before an error counts too.
        contents.offsets.extend(&self.batch);
        self.batch.clear();
        match outcome {
            Ok(more) => more,
            Err(error) => {
                self.stuck = true;
                let kind = ProblemKind::Unreadable { cause: error.to_string() };
                contents.facts(|facts| facts.problem(self.at, kind));
                Ok(false)
            }
        }
    }

    /// The rest of the file, cut into runs; `None` if that is not worth while, or a guess was wrong
    /// before.
    pub(crate) fn runs<'r>(&self, contents: &'r Contents) -> Option<Runs<'r>> {
        if self.stuck || self.misled {
            return None;
        }
        Runs::of(contents, self.at, self.len)
    }

    /// Takes in what a run found; says whether it starts where the pass stands. Where it does
    /// not, its start was a wrong guess, or damage lies before it: whoever goes on from here will
    /// see.
    pub(crate) fn take(&mut self, contents: &Contents, run: &Run<'_>) -> bool {
        let room = MAX_FRAMES.saturating_sub(contents.offsets.len());
        let is_next = run.offsets.first() == Some(&self.at) && run.offsets.len() < room as usize;
        if is_next {
            contents.offsets.extend(&run.offsets);
            self.at = run.next;
        }
        self.misled |= !is_next;
        is_next
    }

    /// Finds many frames at once, on all cores; says whether it could. It never finds damage or
    /// an end: [`Self::step`] does that, from where this stops.
    pub(crate) fn leap(&mut self, contents: &Contents) -> bool {
        let Some(runs) = self.runs(contents) else { return false };
        let threads = thread::available_parallelism().map_or(1, usize::from) as u32;
        let found: Vec<Option<Run<'_>>> = thread::scope(|scope| {
            let follow = |number| {
                let runs = &runs;
                scope.spawn(move || runs.open(number).follow())
            };
            let started: Vec<_> = (0..threads.min(runs.count())).map(follow).collect();
            started.into_iter().map(|thread| thread.join().ok()).collect()
        });
        let first = contents.offsets.len();
        for run in found {
            if !run.is_some_and(|run| self.take(contents, &run)) {
                break;
            }
        }
        contents.offsets.len() > first
    }

    /// The loop over records; the outer result is reading, the inner one opening.
    fn walk(&mut self, contents: &Contents, max: u32) -> io::Result<Result<bool, OpenError>> {
        let format = match contents.format.get() {
            Some(format) => *format,
            None => match self.start(contents)? {
                Ok(Some(format)) => format,
                Ok(None) => return Ok(Ok(false)),
                Err(error) => return Ok(Err(error)),
            },
        };
        let end = contents.offsets.len().saturating_add(max);
        let stop = self.at.saturating_add(MAX_STEP_BYTES);
        loop {
            let found = contents.offsets.len().saturating_add(self.batch.len() as u32);
            if found >= MAX_FRAMES {
                contents.facts(|f| f.too_many(self.at, "frames", u64::from(MAX_FRAMES)));
                self.stuck = true;
                return Ok(Ok(false));
            }
            if found >= end || self.at >= stop {
                return Ok(Ok(self.at < self.len));
            }
            let took = match format {
                Format::Pcap { order, variant, .. } => self.records(order, variant, end - found)?,
                Format::Pcapng => self.block(contents, found)?,
            };
            match took {
                Took::Record => {}
                Took::End { what, needed } => {
                    let present = self.len.saturating_sub(self.at);
                    if present > 0 {
                        let kind = ProblemKind::Cut { what, needed, present };
                        let tail = Problem { file: String::new(), offset: self.at, kind };
                        contents.facts(|facts| facts.tail = Some(tail));
                    }
                    return Ok(Ok(false));
                }
                Took::Damage(kind) => {
                    self.stuck = true;
                    contents.facts(|facts| facts.problem(self.at, kind));
                    return Ok(Ok(false));
                }
            }
        }
    }

    /// Tells the format; nothing where the file is still too short to tell.
    fn start(&mut self, contents: &Contents) -> io::Result<Result<Option<Format>, OpenError>> {
        let head = self.window.peek(0, PCAP_HEADER)?;
        let format = match sniff(head) {
            Sniffed::TooShort => return Ok(Ok(None)),
            Sniffed::Other => return Ok(Err(not_a_capture(self.window.peek(0, TOLD_BY)?))),
            Sniffed::Pcapng => Format::Pcapng,
            Sniffed::Pcap { order, nanos, is_modified, link, snap_len } => {
                let variant = Variant::of(&mut self.window, (order, nanos), is_modified, self.len)?;
                contents.classic(order, nanos, link, snap_len);
                self.at = PCAP_HEADER as u64;
                Format::Pcap { order, nanos, variant }
            }
        };
        Ok(Ok(Some(*contents.format.get_or_init(|| format))))
    }

    /// Follows up to `max` records of a classic pcap file.
    fn records(&mut self, order: Order, variant: Variant, max: u32) -> io::Result<Took> {
        for _ in 0..max {
            let header = self.window.peek(self.at, HEADER as usize)?;
            let Some(captured) = order.u32(header, 8) else {
                return Ok(Took::End { what: "packet record", needed: variant.header() });
            };
            if captured > MAX_FRAME {
                return Ok(Took::Damage(ProblemKind::BadLength {
                    what: "packet record",
                    claimed: u64::from(captured),
                    rule: "no packet of such a file is longer than 262144",
                }));
            }
            let next = self.at + variant.header() + u64::from(captured);
            if next > self.len {
                return Ok(Took::End { what: "packet record", needed: next - self.at });
            }
            self.batch.push(self.at);
            self.at = next;
        }
        Ok(Took::Record)
    }
}
