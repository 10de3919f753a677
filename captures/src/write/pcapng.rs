//! The writer: little-endian pcapng with nanosecond times.

use std::io::{self, Write};
use std::net::IpAddr;

use wirestage_dissectors::frames::LinkType;
use wirestage_dissectors::ids::Time;

use super::block::Block;
use super::mark::Mark;
use crate::limits::MAX_BLOCK;
use crate::read::block as kind;

/// What the file says about itself, at its start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SectionHeader {
    /// The machine.
    pub hardware: String,
    /// The operating system.
    pub system: String,
    /// The program.
    pub application: String,
    /// Comments: the scenario and its settings.
    pub comments: Vec<String>,
}

impl SectionHeader {
    /// Of a file that this program makes here and now.
    #[must_use]
    pub fn ours(comments: Vec<String>) -> Self {
        let kernel = |name: &str| {
            let text = std::fs::read_to_string(format!("/proc/sys/kernel/{name}"));
            text.unwrap_or_default().trim().to_owned()
        };
        Self {
            hardware: std::env::consts::ARCH.to_owned(),
            system: format!("{} {}", kernel("ostype"), kernel("osrelease")),
            application: format!("Wirestage {}", env!("CARGO_PKG_VERSION")),
            comments,
        }
    }
}

/// A vantage point to be described.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewInterface {
    /// Its name ("lo").
    pub name: String,
    /// A longer description, or nothing.
    pub description: String,
    /// What the first byte of its frames is.
    pub link: LinkType,
    /// How many bytes of a frame are kept at most; 0 for all.
    pub snap_len: u32,
    /// The capture filter in tcpdump's language, or nothing.
    pub filter: String,
}

/// What was counted on an interface, and what is said at the end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// When counting ended.
    pub time: Time,
    /// How many packets were recorded, where known.
    pub received: Option<u64>,
    /// How many were lost for want of room, where known.
    pub dropped: Option<u64>,
    /// The transcript or any other words about the whole recording.
    pub comment: String,
}

/// Writes pcapng block by block. Nothing is kept back: wrap `W` in a buffer and call
/// [`Self::flush`] after each batch.
pub struct PcapngWriter<W: Write> {
    out: W,
    block: Block,
    marks: bool,
    interfaces: u32,
}

impl<W: Write> PcapngWriter<W> {
    /// Starts a file with its section header.
    ///
    /// # Errors
    /// Where `out` cannot be written to; the same holds for every method here.
    pub fn new(out: W, header: &SectionHeader) -> io::Result<Self> {
        let mut writer = Self { out, block: Block::default(), marks: true, interfaces: 0 };
        let block = writer.block.start(kind::SECTION);
        // Version 1.0; a section length of all ones means "not told".
        block.u32(kind::BYTE_ORDER).u16(1).u16(0).u32(u32::MAX).u32(u32::MAX);
        for comment in &header.comments {
            block.comment(comment);
        }
        block.text(2, &header.hardware).text(3, &header.system).text(4, &header.application);
        block.end(&mut writer.out)?;
        Ok(writer)
    }

    /// Goes on in a file whose section and interfaces are written.
    pub(super) fn continuing(out: W) -> Self {
        Self { out, block: Block::default(), marks: true, interfaces: 0 }
    }

    /// Leaves marks out, so that the file converts to classic pcap.
    #[must_use]
    pub fn without_marks(mut self) -> Self {
        self.marks = false;
        self
    }

    /// Describes an interface and gives the number that its packets name.
    pub fn interface(&mut self, interface: &NewInterface) -> io::Result<u32> {
        let block = self.block.start(kind::INTERFACE);
        block.u16(interface.link.0).u16(0).u32(interface.snap_len);
        block.text(2, &interface.name).text(3, &interface.description);
        if !interface.filter.is_empty() {
            // The option's first byte 0 says that a libpcap filter string follows.
            block.option(11, format!("\0{}", interface.filter).as_bytes());
        }
        // Times count nanoseconds: 10 to the power of minus 9.
        block.option(9, &[9]);
        block.end(&mut self.out)?;
        self.interfaces += 1;
        Ok(self.interfaces - 1)
    }

    /// Names addresses.
    pub fn names(&mut self, names: &[(IpAddr, String)]) -> io::Result<()> {
        if names.is_empty() {
            return Ok(());
        }
        let block = self.block.start(kind::NAMES);
        for (address, name) in names {
            // A name is one word of at most 255 bytes, as DNS has it, ended by a zero byte.
            let clean = name.replace('\0', "");
            let name = clean.get(..clean.floor_char_boundary(255)).unwrap_or_default();
            let (kind, octets) = match address {
                IpAddr::V4(v4) => (1, v4.octets().to_vec()),
                IpAddr::V6(v6) => (2, v6.octets().to_vec()),
            };
            let record = [&octets[..], name.as_bytes(), &[0]].concat();
            block.u16(kind).u16(record.len() as u16).padded(&record);
        }
        // The list of records has an end mark of its own.
        block.u32(0);
        block.end(&mut self.out)
    }

    /// Writes lines of a TLS key log. They must come before the packets they open: that is
    /// where Wireshark looks for them.
    pub fn secrets(&mut self, key_log: &str) -> io::Result<()> {
        // Far below the longest block, and cut between lines.
        for part in lines_upto(key_log, MAX_BLOCK as usize / 2) {
            let block = self.block.start(kind::SECRETS);
            block.u32(kind::TLS_KEY_LOG).u32(part.len() as u32).padded(part.as_bytes());
            block.end(&mut self.out)?;
        }
        Ok(())
    }

    /// Writes a packet; `wire_len` is its length before it was cut.
    pub fn packet(
        &mut self,
        interface: u32,
        time: Time,
        wire_len: u32,
        bytes: &[u8],
    ) -> io::Result<()> {
        self.commented((interface, time), wire_len, bytes, &[])
    }

    /// Writes a packet with comments on it.
    pub fn commented(
        &mut self,
        (interface, time): (u32, Time),
        wire_len: u32,
        bytes: &[u8],
        comments: &[String],
    ) -> io::Result<()> {
        let block = self.block.start(kind::ENHANCED);
        block.u32(interface).halves(time.0.max(0) as u64);
        block.u32(bytes.len() as u32).u32(wire_len.max(bytes.len() as u32)).padded(bytes);
        for comment in comments {
            block.text(1, comment);
        }
        block.end(&mut self.out)
    }

    /// Writes a mark, unless marks are left out.
    pub fn mark(&mut self, mark: &Mark) -> io::Result<()> {
        if self.marks {
            self.journal(&mark.entry())?;
        }
        Ok(())
    }

    /// Writes a journal entry as it is, unless marks are left out.
    pub fn journal(&mut self, entry: &[u8]) -> io::Result<()> {
        if self.marks {
            self.block.start(kind::JOURNAL).padded(entry).end(&mut self.out)?;
        }
        Ok(())
    }

    /// Writes what was counted on an interface, with a last comment.
    pub fn totals(&mut self, interface: u32, totals: &Totals) -> io::Result<()> {
        let block = self.block.start(kind::STATISTICS);
        block.u32(interface).halves(totals.time.0.max(0) as u64);
        block.comment(&totals.comment);
        for (code, count) in [(4, totals.received), (5, totals.dropped)] {
            if let Some(count) = count {
                block.option(code, &count.to_le_bytes());
            }
        }
        block.end(&mut self.out)
    }

    /// Hands everything written so far on.
    pub fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    /// Ends writing and gives back what was written to.
    pub fn into_inner(self) -> W {
        self.out
    }
}

/// Parts of at most `most` bytes that end behind a line end.
fn lines_upto(text: &str, most: usize) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let front = rest.get(..rest.floor_char_boundary(most)).filter(|front| !front.is_empty())?;
        let end = if front.len() == rest.len() {
            front.len()
        } else {
            front.rfind('\n').map_or(front.len(), |line| line + 1)
        };
        let (part, behind) = rest.split_at(end);
        rest = behind;
        Some(part)
    })
}
