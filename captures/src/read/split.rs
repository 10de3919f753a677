//! The index pass over classic pcap on several cores.
//!
//! Records can be found only by following them from the first. But a record header is easy to
//! guess: so the file is cut into pieces, each thread looks for a place in its piece from which
//! several plausible headers follow each other, and goes on from there. Where the piece before
//! ends exactly at that place, the guess was right and the two are stitched; otherwise
//! the piece is thrown away. The result is never a guess.
//!
//! ```text
//!   piece 0 |--r--r---r--r|-r---r--r---r-|   r: record
//!           ^ known start    ^ guessed start of piece 1 = where piece 0 went past its end
//! ```

use std::fs::File;
use std::io;
use std::sync::Arc;
use std::thread;

use super::format::Format;
use super::variant::Variant;
use super::window::Window;
use crate::bytes::Order;
use crate::limits::MAX_FRAME;

/// How many bytes one thread takes at once: large against starting a thread.
const PIECE: u64 = 32 << 20;
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

/// Records that follow each other without a gap.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Run {
    /// Where each starts.
    pub(super) offsets: Vec<u64>,
    /// Where the one behind the last starts.
    pub(super) next: u64,
    /// Whether a guess was wrong, so that splitting is not worth while for this file.
    pub(super) misled: bool,
}

/// What all threads know.
#[derive(Clone, Copy)]
struct Known {
    order: Order,
    /// Fractions of a second are below this.
    fractions: u32,
    /// The time of the first record, in seconds.
    seconds: u32,
    /// How long the file is.
    len: u64,
}

/// Follows records from `at`, which is the start of one, on all cores; nothing where the rest of
/// the file (`len` bytes in all) is too short to share.
pub(super) fn run(file: &Arc<File>, format: Format, at: u64, len: u64) -> io::Result<Option<Run>> {
    let Format::Pcap { order, nanos, variant } = format else { return Ok(None) };
    if variant != Variant::Plain {
        // Old and small files: not worth the guessing.
        return Ok(None);
    }
    let threads = thread::available_parallelism().map_or(1, usize::from) as u64;
    let threads = threads.min((len - at) / PIECE);
    if threads < 2 {
        return Ok(None);
    }
    let mut window = Window::new(Arc::clone(file));
    let Some(seconds) = order.u32(window.peek(at, 4)?, 0) else { return Ok(None) };
    let fractions = if nanos { 1_000_000_000 } else { 1_000_000 };
    let known = Known { order, fractions, seconds, len };

    let runs: Vec<io::Result<Run>> = thread::scope(|scope| {
        let piece = |n: u64| {
            let start = at + n * PIECE;
            let mut window = Window::new(Arc::clone(file));
            scope.spawn(move || {
                let first = if n == 0 { Some(start) } else { known.guess(&mut window, start)? };
                let first = first.unwrap_or(start + PIECE);
                known.follow(&mut window, first, start + PIECE)
            })
        };
        let started: Vec<_> = (0..threads).map(piece).collect();
        let lost = || Err(io::Error::other("a thread that indexes the file failed"));
        started.into_iter().map(|thread| thread.join().unwrap_or_else(|_| lost())).collect()
    });

    let mut whole = Run { next: at, ..Run::default() };
    for run in runs {
        let run = run?;
        if run.offsets.first().is_some_and(|&first| first == whole.next) {
            whole.offsets.extend(run.offsets);
            whole.next = run.next;
        } else {
            // Damage looks the same as a wrong guess; whoever goes on from here will see.
            whole.misled = true;
            break;
        }
    }
    Ok(Some(whole))
}

impl Known {
    /// Follows sound records from `at` until one starts at or behind `end`.
    fn follow(self, window: &mut Window, at: u64, end: u64) -> io::Result<Run> {
        let mut run = Run { next: at, ..Run::default() };
        while run.next < end {
            let header = window.peek(run.next, HEADER as usize)?;
            let Some(captured) = self.order.u32(header, 8) else { break };
            let next = run.next + HEADER + u64::from(captured);
            if captured > MAX_FRAME || next > self.len {
                break;
            }
            run.offsets.push(run.next);
            run.next = next;
        }
        Ok(run)
    }

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
            && fraction < self.fractions
            && seconds.abs_diff(self.seconds) < TIME_SPAN;
        sound.then_some(captured)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
        file.write_all(&[0; 24]).unwrap();
        for n in 0..packets {
            let body = if n % nested == 0 { &inner } else { &plain };
            file.write_all(&record(n, body)).unwrap();
        }
        file
    }

    #[test]
    fn pieces_stitch_to_what_one_walk_finds_even_where_guesses_are_led_astray() {
        let format = Format::Pcap { order: Order::Little, nanos: false, variant: Variant::Plain };
        for nested in [1, 3, u32::MAX] {
            let file = Arc::new(large(2000, nested));
            let len = file.metadata().unwrap().len();
            let known =
                Known { order: Order::Little, fractions: 1_000_000, seconds: 1_700_000_000, len };
            let mut window = Window::new(Arc::clone(&file));
            let walked = known.follow(&mut window, 24, len).unwrap();
            assert_eq!((walked.offsets.len(), walked.next), (2000, len));

            let Some(run) = run(&file, format, 24, len).unwrap() else {
                return eprintln!("SKIPPED: one core only, nothing is split");
            };
            assert!(!run.offsets.is_empty());
            assert_eq!(run.offsets[..], walked.offsets[..run.offsets.len()]);
            assert_eq!(Some(&run.next), walked.offsets.get(run.offsets.len()).or(Some(&len)));
            // Records within packets mislead the guess, and that is noticed.
            assert!(run.misled || nested != 1);
            assert!(!run.misled || nested != u32::MAX);
        }
    }
}
