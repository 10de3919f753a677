//! The index pass over classic pcap on several cores.
//!
//! Records can be found only by following them from the first. But a record header is easy to
//! guess: so the file is cut into runs, each thread looks for a place in its run from which
//! several plausible headers follow each other, and goes on from there. Where the run before
//! ends exactly at that place, the guess was right and the two are stitched; otherwise
//! the run is thrown away. The result is never a guess.
//!
//! ```text
//!   run 0 |--r--r---r--r|-r---r--r---r-|   r: record
//!         ^ known start    ^ guessed start of run 1 = where run 0 went past its end
//! ```
//!
//! What a run holds can be looked at while it is near: the file is copied once for both.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::sync::Arc;

use wirestage_dissectors::frames::{Frame, Frames};
use wirestage_dissectors::ids::FrameId;

use super::contents::Contents;
use super::format::Format;
use super::stretch::Held;
use super::variant::Variant;
use super::window::Window;
use crate::bytes::Order;
use crate::limits::MAX_FRAME;

/// How many bytes one thread takes at once: large against handing over what it found.
const PIECE: u64 = 8 << 20;
/// How many bytes are searched for a record: at least one starts in them, and some follow.
const SEARCH: usize = 2 * MAX_FRAME as usize;
/// How many headers in a row must be plausible.
const CHAIN: usize = 8;
/// How many of them where the searched bytes end before.
const SHORT_CHAIN: usize = 3;
/// How far the times of one file may be apart for its records to be guessed, in seconds.
const TIME_SPAN: u32 = 366 * 24 * 3600;
/// The length of a record's header.
pub(super) const HEADER: u64 = 16;

/// What all threads know.
#[derive(Clone, Copy)]
struct Known {
    order: Order,
    nanos: bool,
    /// The time of the first record, in seconds.
    seconds: u32,
    /// How long the file is.
    len: u64,
}

/// The rest of a file, cut into runs that may be followed at the same time.
#[derive(Clone)]
pub struct Runs<'r> {
    contents: &'r Contents,
    file: Arc<File>,
    known: Known,
    /// Where the first of them starts.
    at: u64,
}

/// Records that follow each other without a gap, by numbers of their own: the first is 0.
///
/// What the latest [`Run::step`] found is at hand; other records are read from the file again.
pub struct Run<'r> {
    contents: &'r Contents,
    known: Known,
    window: Window,
    /// Where each record starts.
    pub(super) offsets: Vec<u64>,
    /// Where the one behind the last starts.
    pub(super) next: u64,
    /// What starts here is another run's.
    end: u64,
}

impl<'r> Runs<'r> {
    /// Cuts what starts at `at`, a record of a file of `len` bytes; nothing where that is too
    /// short to share, or no place in it can be guessed.
    pub(super) fn of(
        contents: &'r Contents,
        file: &Arc<File>,
        at: u64,
        len: u64,
    ) -> io::Result<Option<Self>> {
        let Some(Format::Pcap { order, nanos, variant: Variant::Plain }) = contents.format.get()
        else {
            // The variants are old and small files: not worth the guessing.
            return Ok(None);
        };
        if len.saturating_sub(at) < 2 * PIECE {
            return Ok(None);
        }
        let mut window = Window::new(Arc::clone(file));
        let Some(seconds) = order.u32(window.peek(at, 4)?, 0) else { return Ok(None) };
        let known = Known { order: *order, nanos: *nanos, seconds, len };
        Ok(Some(Self { contents, file: Arc::clone(file), known, at }))
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> u32 {
        self.known.len.saturating_sub(self.at).div_ceil(PIECE) as u32
    }

    /// Where one of them ends in the file, and how long that is.
    #[must_use]
    pub fn progress(&self, number: u32) -> (u64, u64) {
        (self.end(number), self.known.len)
    }

    fn end(&self, number: u32) -> u64 {
        (self.at + (u64::from(number) + 1) * PIECE).min(self.known.len)
    }

    /// Finds the start of one of them.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn open(&self, number: u32) -> io::Result<Run<'r>> {
        let (start, end) = (self.at + u64::from(number) * PIECE, self.end(number));
        let mut window = Window::new(Arc::clone(&self.file));
        let first = if number == 0 { Some(start) } else { self.known.guess(&mut window, start)? };
        let (contents, known) = (self.contents, self.known);
        Ok(Run { contents, known, window, offsets: Vec::new(), next: first.unwrap_or(end), end })
    }
}

impl Run<'_> {
    /// Finds the next records, as many as are at hand together: their numbers; none at the end.
    /// Damage ends it, too.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn step(&mut self) -> io::Result<Range<u32>> {
        let first = self.offsets.len() as u32;
        while self.next < self.end {
            let is_first = self.offsets.len() as u32 == first;
            if !is_first && !self.window.holds(self.next, HEADER) {
                break;
            }
            let header = self.window.peek(self.next, HEADER as usize)?;
            let Some(captured) = self.known.order.u32(header, 8) else { break };
            let len = HEADER + u64::from(captured);
            if captured > MAX_FRAME || self.next + len > self.known.len {
                break;
            }
            if !self.window.holds(self.next, len) {
                if !is_first {
                    break;
                }
                self.window.peek(self.next, len as usize)?;
            }
            self.offsets.push(self.next);
            self.next += len;
        }
        Ok(first..self.offsets.len() as u32)
    }

    /// Finds all of them.
    pub(super) fn follow(mut self) -> io::Result<Self> {
        while !self.step()?.is_empty() {}
        Ok(self)
    }
}

impl Frames for Run<'_> {
    fn count(&self) -> u32 {
        self.offsets.len() as u32
    }

    #[inline]
    fn frame(&self, id: FrameId) -> Frame<'_> {
        let Some(offset) = self.offsets.get(id.index()).copied() else { return Frame::EMPTY };
        let Known { order, nanos, .. } = self.known;
        let (bytes, base) = self.window.held();
        let frame = if offset >= base {
            self.contents.packet(Held { bytes, base }, offset, (order, nanos), Variant::Plain)
        } else {
            self.contents.packet(&self.contents.map, offset, (order, nanos), Variant::Plain)
        };
        frame.unwrap_or(Frame::EMPTY)
    }
}

impl Known {
    /// The first place at or behind `start` where records seem to follow each other.
    fn guess(self, window: &mut Window, start: u64) -> io::Result<Option<u64>> {
        let bytes = window.peek(start, SEARCH)?;
        let found = (0..bytes.len()).find(|&at| self.chain(bytes, at));
        Ok(found.map(|at| start + at as u64))
    }

    /// Whether several plausible headers follow each other from `at`.
    fn chain(self, bytes: &[u8], mut at: usize) -> bool {
        for link in 0..CHAIN {
            let Some(header) = bytes.get(at..).and_then(<[u8]>::first_chunk::<16>) else {
                return link >= SHORT_CHAIN;
            };
            match self.plausible(header) {
                Some(captured) => at += HEADER as usize + captured as usize,
                None => return false,
            }
        }
        true
    }

    /// The captured length of a header that could be one.
    fn plausible(self, header: &[u8; 16]) -> Option<u32> {
        let seconds = self.order.u32(header, 0)?;
        let fraction = self.order.u32(header, 4)?;
        let captured = self.order.u32(header, 8)?;
        let wire_len = self.order.u32(header, 12)?;
        let sound = captured <= MAX_FRAME
            && captured <= wire_len
            && fraction < if self.nanos { 1_000_000_000 } else { 1_000_000 }
            && seconds.abs_diff(self.seconds) < TIME_SPAN;
        sound.then_some(captured)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::Recording;
    use std::io::Write;

    /// A classic pcap file of `packets` with 60,000 bytes each; every `nested`th one holds
    /// records itself.
    fn large(packets: u32, nested: u32) -> File {
        let record = |n: u32, body: &[u8]| {
            let len = (body.len() as u32).to_le_bytes();
            [&(1_700_000_000 + n).to_le_bytes()[..], &n.to_le_bytes(), &len, &len, body].concat()
        };
        let inner: Vec<u8> = (0..500).flat_map(|n| record(n, &[0xaa; 104])).collect();
        let plain = vec![0x55; inner.len()];
        let mut file = tempfile::tempfile().unwrap();
        let header = [0xa1b2_c3d4_u32, 0x0004_0002, 0, 0, 262_144, 1];
        file.write_all(&header.map(u32::to_le_bytes).concat()).unwrap();
        for n in 0..packets {
            let body = if n % nested == 0 { &inner } else { &plain };
            file.write_all(&record(n, body)).unwrap();
        }
        file
    }

    #[test]
    fn runs_stitch_to_what_one_walk_finds_even_where_guesses_are_led_astray() {
        for nested in [1, 3, u32::MAX] {
            let recording = Recording::growing(large(2000, nested)).unwrap();
            let (mut indexer, mut found) = (recording.indexer(), 0);
            let runs = indexer.runs().unwrap();
            let mut misled = false;
            for number in 0..runs.count() {
                let mut run = runs.open(number).unwrap();
                let mut seen = Vec::new();
                loop {
                    let step = run.step().unwrap();
                    if step.is_empty() {
                        break;
                    }
                    seen.extend(step.map(|id| run.frame(FrameId(id)).time));
                }
                let Some(range) = indexer.take(&run) else {
                    misled = true;
                    break;
                };
                assert_eq!(range.start, found);
                found = range.end;
                // What was at hand is what the recording has, and is there afterwards, too.
                for (id, time) in range.zip(seen).map(|(id, time)| (FrameId(id), time)) {
                    let local = FrameId(id.0 - (found - run.count()));
                    let (one, other) = (recording.frame(id), run.frame(local));
                    assert_eq!((one.time, one.bytes), (time, other.bytes));
                }
            }
            // Records within packets mislead the guess, and that is noticed.
            assert!(misled || nested != 1);
            assert!(!misled || nested != u32::MAX);
            assert!(found > 0 && (misled || found == 2000));
            while indexer.stride().unwrap().more {}
            assert_eq!(recording.count(), 2000);
            let at = |id| recording.frame(FrameId(id)).time.0 / 1_000_000_000;
            assert!((0..2000).all(|id| at(id) == 1_700_000_000 + i64::from(id)));
        }
    }
}
