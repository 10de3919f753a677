//! Everything a recording holds, and how one frame is read out of it.
//!
//! Only the offset of a frame's record is kept; the rest is read again from the record's header
//! each time, which costs a few loads from a page that is needed anyway.

use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use wirestage_dissectors::frames::{Frame, LinkType};
use wirestage_dissectors::ids::Time;

use super::block;
use super::facts::Facts;
use super::format::Format;
use super::interface::{Interface, Resolution};
use super::mapped::Mapping;
use super::table::{Offsets, Table};
use super::variant::Variant;
use crate::bytes::Order;
use crate::limits::{MAX_BLOCK, MAX_FRAME};

/// A frame whose interface was never described: no link type has this number.
pub(crate) const NO_LINK: LinkType = LinkType(0xffff);

/// One section: what its frames need to be read.
pub(crate) struct Section {
    /// The first frame of the section.
    pub(crate) first_frame: u32,
    /// The byte order of everything in it.
    pub(crate) order: Order,
    /// The number of its first interface within the whole recording.
    pub(crate) first_interface: u32,
    /// How many interfaces it has described so far.
    pub(crate) interfaces: AtomicU32,
    /// What wrote it, where that was said.
    pub(crate) about: About,
}

/// What wrote a section.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// The machine.
    pub hardware: String,
    /// The operating system.
    pub system: String,
    /// The program.
    pub application: String,
}

/// Where the bytes of records are read from.
pub(crate) trait Source<'a>: Copy {
    /// Up to `max` bytes at `offset` of the file: fewer where there are no more.
    fn upto(self, offset: u64, max: usize) -> &'a [u8];
}

/// The tables of a recording. They grow at their end while others read.
pub(crate) struct Contents {
    pub(crate) map: Mapping,
    pub(crate) format: OnceLock<Format>,
    pub(crate) offsets: Offsets,
    pub(crate) sections: Table<Section>,
    pub(crate) interfaces: Table<Interface>,
    facts: Mutex<Facts>,
}

/// The longest head of a record before its frame's bytes, with room to spare: 28 bytes in pcapng,
/// and in pcap with all its variants.
const RECORD_HEAD: u64 = 64;

impl Contents {
    /// Nothing known yet about the file behind `map`.
    pub(crate) fn new(map: Mapping) -> Self {
        Self {
            map,
            format: OnceLock::new(),
            offsets: Offsets::default(),
            sections: Table::default(),
            interfaces: Table::default(),
            facts: Mutex::default(),
        }
    }

    /// Reads or changes the facts.
    pub(crate) fn facts<T>(&self, change: impl FnOnce(&mut Facts) -> T) -> T {
        // A panic elsewhere leaves the facts as they were before one entry: still good.
        change(&mut self.facts.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The section that holds frame `number`.
    pub(crate) fn section(&self, number: u32) -> Option<&Section> {
        if self.sections.len() == 1 {
            return self.sections.get(0);
        }
        // Sections without frames share their first frame's number: the last of them has it.
        self.sections.last_where(|section| section.first_frame <= number)
    }

    /// A file offset behind the last byte of the frames before `end`, close by even where the
    /// frame that comes next is not indexed yet.
    pub(super) fn end_before(&self, end: u32) -> u64 {
        if let Some(next) = self.offsets.get(end) {
            return next;
        }
        let last = end.min(self.offsets.len()).saturating_sub(1);
        let len = self.frame(&self.map, last).map_or(0, |frame| frame.bytes.len() as u64);
        let start = self.offsets.get(last).unwrap_or(0);
        start.saturating_add(RECORD_HEAD).saturating_add(len).min(self.map.len())
    }

    /// As many frames from `first` on as lie within about `bytes` of the file, at least one where
    /// there is one.
    pub(super) fn within(&self, first: u32, bytes: u64) -> Range<u32> {
        let offset = |number| self.offsets.get(number).unwrap_or(u64::MAX);
        let limit = offset(first).saturating_add(bytes);
        let (mut low, mut high) = (first.saturating_add(1), self.offsets.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if offset(middle) < limit { low = middle + 1 } else { high = middle }
        }
        first..low.min(self.offsets.len()).max(first)
    }

    /// Where the records of some frames lie in the file; `None` if there are none.
    pub(super) fn place(&self, frames: Range<u32>) -> Option<Range<u64>> {
        if frames.is_empty() {
            return None;
        }
        Some(self.offsets.get(frames.start)?..self.end_before(frames.end))
    }

    /// One frame; `None` if its bytes cannot be read any more.
    pub(crate) fn frame<'a>(&'a self, source: impl Source<'a>, number: u32) -> Option<Frame<'a>> {
        let offset = self.offsets.get(number)?;
        match self.format.get()? {
            Format::Pcap { order, nanos, variant } => {
                self.packet(source, offset, (*order, *nanos), *variant)
            }
            Format::Pcapng => self.block(source, offset, self.section(number)?),
        }
    }

    /// A record of a classic pcap file: seconds, fraction, captured length, original length.
    pub(super) fn packet<'a>(
        &self,
        source: impl Source<'a>,
        offset: u64,
        (order, nanos): (Order, bool),
        variant: Variant,
    ) -> Option<Frame<'a>> {
        let record = source.upto(offset, RECORD_HEAD as usize + MAX_FRAME as usize);
        let interface = self.interfaces.get(0)?;
        let (header, behind) = record.split_first_chunk::<16>()?;
        let [seconds, fraction, captured, wire_len] = order.four(header);
        let body = behind.get(variant.header() as usize - header.len()..).unwrap_or_default();
        let bytes = body.get(..captured.min(MAX_FRAME) as usize).unwrap_or(body);
        let (seconds, fraction) = (i64::from(seconds), i64::from(fraction));
        Some(Frame {
            time: Time(seconds * 1_000_000_000 + if nanos { fraction } else { fraction * 1000 }),
            interface: 0,
            link: interface.link,
            wire_len,
            bytes,
        })
    }

    /// A block of a pcapng file that counts as a frame.
    fn block<'a>(
        &self,
        source: impl Source<'a>,
        offset: u64,
        section: &Section,
    ) -> Option<Frame<'a>> {
        let order = section.order;
        let header = source.upto(offset, 8);
        let (kind, total) = (order.u32(header, 0)?, order.u32(header, 4)?.min(MAX_BLOCK));
        // The body: between the type and length in front and the length repeated at the end.
        let body = source.upto(offset + 8, (total as usize).checked_sub(12)?);
        let packet = match kind {
            block::ENHANCED => block::Packet::enhanced(body, order)?,
            block::PACKET => block::Packet::obsolete(body, order)?,
            block::SIMPLE => {
                let snap_len = self.interface(section, 0).map_or(0, |(_, i)| i.snap_len);
                block::Packet::simple(body, order, snap_len)?
            }
            block::JOURNAL => return Some(self.mark(section, body)),
            _ => {
                return Some(Frame {
                    link: LinkType::CUSTOM,
                    interface: section.first_interface as u16,
                    wire_len: body.len() as u32,
                    bytes: body,
                    ..Frame::EMPTY
                });
            }
        };
        let (interface, time, link) = match self.interface(section, packet.interface) {
            Some((id, interface)) => {
                (id, packet.ticks.map_or(Time::UNKNOWN, |t| interface.time(t)), interface.link)
            }
            None => {
                let time =
                    |ticks: u64| Time(ticks.saturating_mul(1000).try_into().unwrap_or(i64::MAX));
                (u16::MAX, packet.ticks.map_or(Time::UNKNOWN, time), NO_LINK)
            }
        };
        Some(Frame { time, interface, link, wire_len: packet.wire_len, bytes: packet.bytes })
    }

    /// A journal entry: its time is one of its own fields, in microseconds.
    fn mark<'a>(&self, section: &Section, body: &'a [u8]) -> Frame<'a> {
        let end = body.iter().rposition(|&b| b != 0).map_or(0, |last| last + 1);
        let bytes = body.get(..end).unwrap_or_default();
        Frame {
            time: block::journal_time(bytes),
            interface: section.first_interface as u16,
            link: LinkType::MARK,
            wire_len: bytes.len() as u32,
            bytes,
        }
    }

    /// An interface by its number within a section: its number within the recording, and itself.
    pub(crate) fn interface(&self, section: &Section, id: u32) -> Option<(u16, &Interface)> {
        if id >= section.interfaces.load(Ordering::Acquire) {
            return None;
        }
        let global = section.first_interface.checked_add(id)?;
        Some((u16::try_from(global).ok()?, self.interfaces.get(global as usize)?))
    }

    /// Opens the one section and the one interface of a classic pcap file.
    pub(crate) fn classic(&self, order: Order, nanos: bool, link: LinkType, snap_len: u32) {
        let resolution = if nanos { Resolution::NANO } else { Resolution::MICRO };
        self.interfaces.push(Interface {
            name: String::new(),
            description: String::new(),
            link,
            snap_len,
            resolution,
            offset_seconds: 0,
            file: String::new(),
        });
        self.sections.push(Section {
            first_frame: 0,
            order,
            first_interface: 0,
            interfaces: AtomicU32::new(1),
            about: About::default(),
        });
    }
}
