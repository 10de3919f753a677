//! The capture loop: packets, keys and marks into one file, in an order that opens.
//!
//! A key is told before the socket write that uses it. So when a batch of packets has been
//! taken from the ring, every key it needs has been told: the loop takes packets first, listens
//! to what was told second, and writes keys before packets.

use std::collections::HashSet;
use std::io::{self, BufWriter, Write};
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use wirestage_dissectors::ids::Time;

use super::feed::{Note, Notes};
use super::tap::{Batch, CaptureError, PATIENCE, Source};
use crate::clock::now;
use crate::write::{Mark, NewInterface, PcapngWriter, SectionHeader, Totals};

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
    let mut desk = Desk::open(out, &source.interfaces(), header)?;
    // What is held back for its order comes later by as much.
    let waits = 2 + source.lag();
    let mut batch = Batch::default();
    let mut last_call: Option<(Instant, Time)> = None;
    let outcome = loop {
        batch.clear();
        let before = now();
        let read = source.read(&mut batch);
        desk.listen(notes)?;
        desk.write(&batch, before)?;
        if read.is_err() {
            break read;
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

/// An interface of the file, and how many packets of it were written.
struct Seen {
    id: u32,
    packets: u64,
}

/// Where everything comes together and is written in order.
struct Desk<W: Write> {
    writer: PcapngWriter<BufWriter<W>>,
    interfaces: Vec<Seen>,
    /// Lines of key log that are written already: both sides tell them.
    told: HashSet<String>,
    /// Marks that wait for the packets around them, by time.
    marks: Vec<Mark>,
    transcript: String,
    summary: Summary,
}

impl<W: Write> Desk<W> {
    /// Writes everything that comes before the first packet.
    fn open(out: W, interfaces: &[NewInterface], header: &Header) -> io::Result<Self> {
        let out = BufWriter::with_capacity(1 << 20, out);
        let mut writer = PcapngWriter::new(out, &header.section)?;
        if header.without_marks {
            writer = writer.without_marks();
        }
        let ids = interfaces.iter().map(|interface| writer.interface(interface));
        let ids: io::Result<Vec<u32>> = ids.collect();
        let interfaces = ids?.into_iter().map(|id| Seen { id, packets: 0 }).collect();
        writer.names(&header.names)?;
        writer.flush()?;
        let (told, marks, transcript) = Default::default();
        Ok(Self { writer, interfaces, told, marks, transcript, summary: Summary::default() })
    }

    /// Takes what was told: keys and names are written at once, marks wait.
    fn listen(&mut self, notes: &Notes) -> io::Result<()> {
        let (mut keys, mut names) = (String::new(), Vec::new());
        for note in notes.drain() {
            match note {
                Note::Secret(line) => {
                    let line = line.trim();
                    if !line.is_empty() && self.told.insert(line.to_string()) {
                        keys.push_str(line);
                        keys.push('\n');
                        self.summary.secrets += 1;
                    }
                }
                Note::Name(address, name) => names.push((address, name)),
                Note::Mark(mark) => {
                    self.summary.marks += 1;
                    self.marks.push(mark);
                }
                Note::Transcript(text) => self.transcript = text,
            }
        }
        // Several threads tell; among equal times the order of telling stays.
        self.marks.sort_by_key(|mark| mark.time);
        self.writer.secrets(&keys)?;
        self.writer.names(&names)
    }

    /// Writes a batch that was read from `before` on, each mark before the first packet that is
    /// younger.
    fn write(&mut self, batch: &Batch, before: Time) -> io::Result<()> {
        for (interface, time, wire_len, bytes) in batch.iter() {
            self.marks_before(time)?;
            let Some(seen) = self.interfaces.get_mut(interface as usize) else { continue };
            self.writer.packet(seen.id, time, wire_len, bytes)?;
            seen.packets += 1;
            self.summary.packets += 1;
        }
        if batch.last().is_none() {
            // Nothing was waiting, so no packet older than this can still come.
            let settled = before.0.saturating_sub(3 * PATIENCE.as_nanos() as i64);
            self.marks_before(Time(settled))?;
        }
        self.writer.flush()
    }

    /// Writes the waiting marks that are older than `time`.
    fn marks_before(&mut self, time: Time) -> io::Result<()> {
        let older = self.marks.partition_point(|mark| mark.time < time);
        for mark in self.marks.drain(..older) {
            self.writer.mark(&mark)?;
        }
        Ok(())
    }

    /// Writes what is left, and the totals; the last of them has the last word.
    fn end(mut self, dropped: &[u64]) -> Result<Summary, CaptureError> {
        self.marks_before(Time(i64::MAX))?;
        self.summary.dropped = dropped.iter().sum();
        let last = self.interfaces.len().saturating_sub(1);
        for (index, seen) in self.interfaces.iter().enumerate() {
            let words =
                if index == last { std::mem::take(&mut self.transcript) } else { String::new() };
            let totals = Totals {
                time: now(),
                received: Some(seen.packets),
                dropped: Some(dropped.get(index).copied().unwrap_or_default()),
                comment: words,
            };
            self.writer.totals(seen.id, &totals)?;
        }
        self.writer.flush()?;
        Ok(self.summary)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use wirestage_dissectors::frames::LinkType;

    use super::*;
    use crate::live::Feed;

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
}
