//! The desk: where packets, keys, names and marks come together, and are written in order.

use std::cell::Cell;
use std::collections::HashSet;
use std::io::{self, BufWriter, Write};
use std::net::IpAddr;
use std::rc::Rc;

use wirestage_dissectors::ids::Time;

use super::feed::{Note, Notes};
use super::record::{Header, Summary};
use super::tap::{Batch, CaptureError, PATIENCE};
use crate::clock::now;
use crate::write::{Mark, NewInterface, PcapngWriter, Totals};

/// An interface of the file, and how many packets of it were written.
struct Seen {
    id: u32,
    packets: u64,
    /// How many were lost before the file at hand began.
    lost: u64,
}

/// Where everything comes together and is written in order.
pub(super) struct Desk<'h, W: Write> {
    writer: Writer<W>,
    /// The bytes of the file at hand.
    bytes: Rc<Cell<u64>>,
    header: &'h Header,
    described: Vec<NewInterface>,
    interfaces: Vec<Seen>,
    /// Lines of key log that are written already: both sides tell them.
    told: HashSet<String>,
    /// Names that were told meanwhile.
    names: Vec<(IpAddr, String)>,
    /// Marks that wait for the packets around them, by time.
    marks: Vec<Mark>,
    transcript: String,
    summary: Summary,
}

type Writer<W> = PcapngWriter<BufWriter<Counted<W>>>;

/// Begins a file; gives the numbers of its interfaces.
fn begin<W: Write>(
    out: W,
    bytes: &Rc<Cell<u64>>,
    interfaces: &[NewInterface],
    header: &Header,
) -> io::Result<(Writer<W>, Vec<u32>)> {
    let out = BufWriter::with_capacity(1 << 20, Counted { out, bytes: Rc::clone(bytes) });
    let mut writer = PcapngWriter::new(out, &header.section)?;
    if header.without_marks {
        writer = writer.without_marks();
    }
    let ids = interfaces.iter().map(|interface| writer.interface(interface));
    let ids: io::Result<Vec<u32>> = ids.collect();
    writer.names(&header.names)?;
    writer.flush()?;
    Ok((writer, ids?))
}

/// Counts the bytes that go through.
struct Counted<W> {
    out: W,
    bytes: Rc<Cell<u64>>,
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.bytes.set(self.bytes.get() + written as u64);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl<'h, W: Write> Desk<'h, W> {
    /// Writes everything that comes before the first packet.
    pub(super) fn open(
        out: W,
        interfaces: &[NewInterface],
        header: &'h Header,
    ) -> io::Result<Self> {
        let bytes = Rc::default();
        let (writer, ids) = begin(out, &bytes, interfaces, header)?;
        let seen = |id| Seen { id, packets: 0, lost: 0 };
        let (told, names, marks, transcript) = Default::default();
        Ok(Self {
            writer,
            bytes,
            header,
            described: interfaces.to_vec(),
            interfaces: ids.into_iter().map(seen).collect(),
            told,
            names,
            marks,
            transcript,
            summary: Summary::default(),
        })
    }

    /// How many bytes the file at hand has.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes.get()
    }

    /// Ends the file at hand and goes on in another one, which says again all that was said beside
    /// packets.
    pub(super) fn turn(&mut self, out: W, dropped: &[u64]) -> io::Result<()> {
        self.count(dropped, String::new())?;
        self.bytes.set(0);
        let (writer, ids) = begin(out, &self.bytes, &self.described, self.header)?;
        self.writer = writer;
        let lost = dropped.iter().copied().chain(std::iter::repeat(0));
        let seen = |(id, lost)| Seen { id, packets: 0, lost };
        self.interfaces = ids.into_iter().zip(lost).map(seen).collect();
        self.writer.names(&self.names)?;
        let mut keys = String::new();
        for line in &self.told {
            keys.push_str(line);
            keys.push('\n');
        }
        self.writer.secrets(&keys)?;
        self.writer.flush()
    }

    /// Takes what was told: keys and names are written at once, marks wait.
    pub(super) fn listen(&mut self, notes: &Notes) -> io::Result<()> {
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
                Note::Name(address, name) => {
                    self.names.push((address, name.clone()));
                    names.push((address, name));
                }
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
    pub(super) fn write(&mut self, batch: &Batch, before: Time) -> io::Result<()> {
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
    pub(super) fn end(mut self, dropped: &[u64]) -> Result<Summary, CaptureError> {
        self.marks_before(Time(i64::MAX))?;
        self.summary.dropped = dropped.iter().sum();
        let words = std::mem::take(&mut self.transcript);
        self.count(dropped, words)?;
        Ok(self.summary)
    }

    /// Writes what was counted on each interface until now; the last of them says `words`.
    pub(super) fn count(&mut self, dropped: &[u64], mut words: String) -> io::Result<()> {
        let last = self.interfaces.len().saturating_sub(1);
        for (index, seen) in self.interfaces.iter().enumerate() {
            let totals = Totals {
                time: now(),
                received: Some(seen.packets),
                dropped: Some(dropped.get(index).map_or(0, |all| all.saturating_sub(seen.lost))),
                comment: if index == last { std::mem::take(&mut words) } else { String::new() },
            };
            self.writer.totals(seen.id, &totals)?;
        }
        self.writer.flush()
    }
}
