//! The capture loop: packets, keys and marks into one file, in an order that opens.
//!
//! A key is told before the socket write that uses it. So when a batch of packets has been
//! taken from the ring, every key it needs has been told: the loop takes packets first, listens
//! to what was told second, and writes keys before packets.

use std::io::{self, Write};
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use wirestage_dissectors::ids::Time;

use super::desk::Desk;
use super::feed::Notes;
use super::tap::{Batch, CaptureError, PATIENCE, Source};
use crate::clock::now;
use crate::write::SectionHeader;

/// How often the number of lost packets is written, if it changed, so that whoever reads the
/// growing recording sees it.
const TELL: Duration = Duration::from_millis(500);

/// How the recording starts.
#[derive(Clone, Debug, Default)]
pub struct Header {
    /// Comments and what wrote it.
    pub section: SectionHeader,
    /// Names that are known beforehand; more can be told while recording.
    pub names: Vec<(IpAddr, String)>,
    /// Leaves marks out, so that the file converts to classic pcap.
    pub without_marks: bool,
}

/// What was recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Packets written.
    pub packets: u64,
    /// Marks told; they are written unless the header says otherwise.
    pub marks: u64,
    /// Lines of key log written.
    pub secrets: u64,
    /// Packets lost for want of room: nothing can bring them back.
    pub dropped: u64,
}

/// Records from `source` into `out` until `stop` is set, and two waits longer: what was sent
/// before that moment is still on its way.
///
/// Open the source before traffic starts. `out` gets whole blocks and is flushed after each
/// batch, so whatever ends this process leaves a readable file.
///
/// # Errors
/// Where the source fails, or `out` cannot be written to.
pub fn record(
    source: &mut impl Source,
    notes: &Notes,
    stop: &AtomicBool,
    header: &Header,
    out: impl Write,
) -> Result<Summary, CaptureError> {
    record_in(source, notes, stop, header, (out, &mut |_| Ok(None)))
}

/// The same into one file after another: after each batch `next` is asked, with the bytes of the
/// file at hand, whether another one is to begin. Each is a whole recording, with interfaces, names
/// and the keys that were told before.
///
/// # Errors
/// As [`record`].
pub fn record_in<W: Write>(
    source: &mut impl Source,
    notes: &Notes,
    stop: &AtomicBool,
    header: &Header,
    (first, next): (W, &mut dyn FnMut(u64) -> io::Result<Option<W>>),
) -> Result<Summary, CaptureError> {
    let interfaces = source.interfaces();
    let mut desk = Desk::open(first, &interfaces, header)?;
    // Packets that are held back to be put in order arrive later by as much.
    let waits = 2 + source.lag();
    let mut batch = Batch::default();
    let mut last_call: Option<(Instant, Time)> = None;
    let (mut noted, mut last_note) = (Vec::new(), Instant::now());
    let outcome = loop {
        batch.clear();
        let before = now();
        let read = source.read(&mut batch);
        desk.listen(notes)?;
        desk.write(&batch, before)?;
        if read.is_err() {
            break read;
        }
        if let Some(out) = next(desk.bytes())? {
            desk.turn(out, &source.dropped())?;
        }
        if last_note.elapsed() >= TELL {
            let dropped = source.dropped();
            if dropped.iter().any(|count| *count > 0) && dropped != noted {
                desk.count(&dropped, String::new())?;
                noted = dropped;
            }
            last_note = Instant::now();
        }
        match last_call {
            None if stop.load(Ordering::Acquire) => {
                last_call = Some((Instant::now() + waits * PATIENCE, now()));
            }
            // Nothing more comes, or what comes is younger than the stop.
            Some((until, at))
                if Instant::now() >= until
                    && batch.last().is_none_or(|last| last.since(at) > 0) =>
            {
                break Ok(());
            }
            _ => {}
        }
    };
    desk.listen(notes)?;
    let summary = desk.end(&source.dropped())?;
    // Also a recording that failed on the way is ended properly.
    outcome.map(|()| summary)
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::sync::Arc;

    use wirestage_dissectors::frames::LinkType;

    use super::*;
    use crate::live::Feed;
    use crate::write::{Mark, NewInterface};

    /// A source that gives one packet a read, and at each does what a test wants to happen
    /// meanwhile.
    struct Script<F: FnMut(usize) -> Result<(), CaptureError>> {
        start: Time,
        reads: usize,
        meanwhile: F,
    }

    impl<F: FnMut(usize) -> Result<(), CaptureError>> Source for Script<F> {
        fn interfaces(&self) -> Vec<NewInterface> {
            vec![NewInterface {
                name: "test0".into(),
                description: String::new(),
                link: LinkType::RAW,
                snap_len: 0,
                filter: String::new(),
            }]
        }

        fn read(&mut self, batch: &mut Batch) -> Result<(), CaptureError> {
            let number = self.reads;
            self.reads += 1;
            if number < 3 {
                let bytes = format!("<packet {number}>");
                batch.push(0, Time(self.start.0 + number as i64 * 10), 0, bytes.as_bytes());
            }
            (self.meanwhile)(number)
        }

        fn dropped(&mut self) -> Vec<u64> {
            vec![5]
        }
    }

    /// Where the words stand in the recording, which has to be all of them in this order.
    fn in_order(file: &[u8], words: &[&str]) {
        let mut from = 0;
        for word in words {
            let rest = &file[from..];
            let at = rest.windows(word.len()).position(|part| part == word.as_bytes());
            from += at.unwrap_or_else(|| panic!("{word} is not behind its predecessor"));
        }
    }

    #[test]
    fn keys_come_before_the_packets_they_open_and_marks_in_between() {
        let (feed, notes) = Feed::new();
        let stop = Arc::new(AtomicBool::new(false));
        // In the future, so that no mark counts as settled however slow this test runs.
        let (start, end) = (Time(now().0 + 3_600_000_000_000), Arc::clone(&stop));
        let mark = |at: i64, message: &str| Mark {
            time: Time(start.0 + at),
            role: "server".into(),
            message: message.into(),
            fields: vec![],
        };
        feed.mark(mark(25, "<mark at 25>"));
        feed.mark(mark(15, "<mark at 15>"));
        let meanwhile = move |number| {
            // Told before the packet was sent, which is while it is being read at the latest.
            feed.secret(format!("<key {number}>"));
            feed.secret("<key 0>");
            if number == 2 {
                feed.mark(mark(1_000_000_000_000, "<mark far ahead>"));
                feed.transcript("<transcript>");
                end.store(true, Ordering::Release);
            }
            Ok(())
        };
        let mut source = Script { start, reads: 0, meanwhile };
        let mut file = Vec::new();
        let header = Header::default();
        let summary = record(&mut source, &notes, &stop, &header, &mut file).unwrap();
        assert_eq!((summary.packets, summary.marks, summary.dropped), (3, 3, 5));
        assert_eq!(summary.secrets as usize, source.reads, "each once");
        in_order(
            &file,
            &[
                "<key 0>",
                "<packet 0>",
                "<key 1>",
                "<packet 1>",
                "<key 2>",
                "<mark at 15>",
                "<packet 2>",
                "<mark at 25>",
                "<mark far ahead>",
                "<transcript>",
            ],
        );
    }

    #[test]
    fn a_source_that_fails_leaves_a_recording_that_is_ended() {
        let (feed, notes) = Feed::new();
        feed.transcript("<transcript>");
        let meanwhile = |number| match number {
            2 => Err(CaptureError::Read("the interface is gone".into())),
            _ => Ok(()),
        };
        let mut source = Script { start: now(), reads: 0, meanwhile };
        let (mut file, stop) = (Vec::new(), AtomicBool::new(false));
        let error = record(&mut source, &notes, &stop, &Header::default(), &mut file).unwrap_err();
        assert!(error.to_string().contains("the interface is gone"), "{error}");
        in_order(&file, &["<packet 0>", "<packet 1>", "<packet 2>", "<transcript>"]);
    }

    /// A file whose bytes stay when it is dropped.
    struct Kept<'a>(&'a RefCell<Vec<Vec<u8>>>, usize);

    impl Write for Kept<'_> {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.borrow_mut()[self.1].extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn each_file_of_a_ring_is_whole_and_holds_the_keys_that_came_before() {
        let (feed, notes) = Feed::new();
        let stop = Arc::new(AtomicBool::new(false));
        let end = Arc::clone(&stop);
        feed.secret("<key of all>");
        let meanwhile = move |number| {
            end.store(number == 2, Ordering::Release);
            Ok(())
        };
        let files = RefCell::new(vec![Vec::new()]);
        // Each packet gets a file.
        let mut next = |bytes: u64| {
            let mut all = files.borrow_mut();
            assert_eq!(bytes as usize, all.last().unwrap().len());
            let has_packet = all.last().unwrap().windows(7).any(|part| part == b"<packet");
            Ok((has_packet && all.len() < 3).then(|| {
                all.push(Vec::new());
                Kept(&files, all.len() - 1)
            }))
        };
        let start = Time(now().0);
        let mut source = Script { start, reads: 0, meanwhile };
        let header = Header::default();
        let out = (Kept(&files, 0), &mut next as &mut dyn FnMut(u64) -> _);
        let summary = record_in(&mut source, &notes, &stop, &header, out).unwrap();
        assert_eq!((summary.packets, summary.dropped), (3, 5));
        let files = files.into_inner();
        assert_eq!(files.len(), 3);
        for (number, file) in files.iter().enumerate() {
            let packet = format!("<packet {number}>");
            in_order(file, &["test0", "<key of all>", &packet]);
            let spooled = crate::Recording::spool(&file[..]).unwrap();
            spooled.refresh().unwrap();
            assert!(spooled.problems().is_empty());
            let [counted] = &spooled.statistics()[..] else { panic!("each is counted") };
            // What was lost is told once.
            let lost = if number == 0 { 5 } else { 0 };
            assert_eq!((counted.received, counted.dropped), (Some(1), Some(lost)));
        }
    }
}
