//! What the blocks tell that are not frames: sections, interfaces, names, counters, secrets.

use std::net::IpAddr;
use std::sync::atomic::{AtomicU32, Ordering};

use super::block;
use super::contents::{About, Contents, Section};
use super::facts::{Place, SecretsAt, Statistics};
use super::interface::{Interface, Resolution, normal_link};
use super::options::{COMMENT, Options, text};
use super::problem::ProblemKind;
use super::walk::Took;
use super::walk_blocks::bad_section;
use crate::bytes::{Order, padded};
use crate::limits::{MAX_INTERFACES, MAX_SECTIONS};

/// Reads one block that is not a frame.
pub(super) struct BlockReader<'a> {
    pub(super) contents: &'a Contents,
    /// Where the block starts.
    pub(super) at: u64,
    pub(super) order: Order,
    /// What stands between the block's two lengths.
    pub(super) body: &'a [u8],
}

impl<'a> BlockReader<'a> {
    /// Reads it; `number` is the number of the next frame. Gives something only where the pass
    /// cannot go on.
    pub(super) fn read(&self, kind: u32, number: u32) -> Option<Took> {
        match kind {
            block::SECTION => return self.section(number),
            block::INTERFACE => self.interface(),
            block::NAMES => self.names(),
            block::STATISTICS => self.statistics(),
            block::SECRETS => self.secrets(),
            // Blocks we do not know are skipped, as the format asks for.
            _ => {}
        }
        None
    }

    /// The block's options, which start at `from`.
    fn options(&self, from: usize) -> Options<'a> {
        Options::new(self.body.get(from..).unwrap_or_default(), self.order)
    }

    /// Notes that something in this block is wrong.
    fn bad(&self, what: &'static str) {
        self.contents.facts(|facts| facts.problem(self.at, ProblemKind::BadBlock { what }));
    }

    /// Keeps the comments on a packet; its options start at `from`.
    pub(super) fn packet(&self, from: usize, number: u32) {
        for (code, value) in self.options(from) {
            if code == COMMENT {
                self.contents.facts(|facts| facts.comment_on(self.at, number, text(value)));
            }
        }
    }

    /// Keeps the comments among the options.
    fn comments(&self, from: usize, place: Place) {
        for (code, value) in self.options(from) {
            if code == COMMENT {
                self.contents.facts(|facts| facts.comment(self.at, place, text(value)));
            }
        }
    }

    /// Byte order 4, version 2 + 2, section length 8, options.
    fn section(&self, first_frame: u32) -> Option<Took> {
        if self.order.u16(self.body, 4) != Some(1) {
            return Some(bad_section("only version 1 of pcapng is known"));
        }
        if self.contents.sections.len() >= MAX_SECTIONS {
            let kind = ProblemKind::TooMany { what: "sections", limit: MAX_SECTIONS as u64 };
            return Some(Took::Damage(kind));
        }
        let mut about = About::default();
        for (code, value) in self.options(16) {
            match code {
                2 => about.hardware = text(value),
                3 => about.system = text(value),
                4 => about.application = text(value),
                _ => {}
            }
        }
        let number = self.contents.sections.push(Section {
            first_frame,
            order: self.order,
            first_interface: self.contents.interfaces.len() as u32,
            interfaces: AtomicU32::new(0),
            about,
        });
        self.comments(16, Place::Section(number as u32));
        None
    }

    /// The section that this block belongs to.
    fn current(&self) -> Option<&'a Section> {
        self.contents.sections.get(self.contents.sections.len().checked_sub(1)?)
    }

    /// Link type 2, reserved 2, snap length 4, options.
    fn interface(&self) {
        let (Some(section), Some(link), Some(snap_len)) =
            (self.current(), self.order.u16(self.body, 0), self.order.u32(self.body, 4))
        else {
            return;
        };
        if self.contents.interfaces.len() >= MAX_INTERFACES {
            let limit = MAX_INTERFACES as u64;
            return self.contents.facts(|facts| facts.too_many(self.at, "interfaces", limit));
        }
        let mut interface = Interface {
            name: String::new(),
            description: String::new(),
            link: normal_link(link),
            snap_len,
            resolution: Resolution::MICRO,
            offset_seconds: 0,
            file: String::new(),
        };
        for (code, value) in self.options(8) {
            match (code, value) {
                (2, _) => interface.name = text(value),
                (3, _) => interface.description = text(value),
                (9, [byte, ..]) => interface.resolution = Resolution::from_option(*byte),
                (14, _) => {
                    let seconds = self.order.u64(value, 0).unwrap_or(0);
                    interface.offset_seconds = seconds as i64;
                }
                _ => {}
            }
        }
        let number = self.contents.interfaces.push(interface);
        section.interfaces.fetch_add(1, Ordering::Release);
        self.comments(8, Place::Interface(number as u16));
    }

    /// Records of type 2, length 2, address and names; then options.
    fn names(&self) {
        let mut rest = self.body;
        while let (Some(kind), Some(len)) = (self.order.u16(rest, 0), self.order.u16(rest, 2)) {
            let Some(value) = rest.get(4..4 + usize::from(len)).filter(|_| kind != 0) else {
                break;
            };
            let parsed = match kind {
                1 => value.split_first_chunk::<4>().map(|(a, names)| (IpAddr::from(*a), names)),
                2 => value.split_first_chunk::<16>().map(|(a, names)| (IpAddr::from(*a), names)),
                _ => None,
            };
            if let Some((address, names)) = parsed {
                for name in names.split(|&b| b == 0).filter(|name| !name.is_empty()) {
                    self.contents.facts(|facts| facts.name(self.at, address, text(name)));
                }
            }
            rest = rest.get(4 + padded(usize::from(len))..).unwrap_or_default();
        }
    }

    /// Interface 4, time 8, options: 4 received, 5 dropped.
    fn statistics(&self) {
        let found = self.current().zip(self.order.u32(self.body, 0));
        let Some((id, _)) = found.and_then(|(s, id)| self.contents.interface(s, id)) else {
            return self.bad("interface statistics name an interface that was never described");
        };
        let mut statistics = Statistics { interface: id, received: None, dropped: None };
        for (code, value) in self.options(12) {
            match code {
                4 => statistics.received = self.order.u64(value, 0),
                5 => statistics.dropped = self.order.u64(value, 0),
                _ => {}
            }
        }
        self.contents.facts(|facts| facts.counted(self.at, statistics));
        self.comments(12, Place::Statistics(id));
    }

    /// Kind 4, length 4, the secrets, padding, options.
    fn secrets(&self) {
        let (Some(kind), Some(len)) = (self.order.u32(self.body, 0), self.order.u32(self.body, 4))
        else {
            return;
        };
        // Other kinds (WireGuard, ZigBee, SSH) are for other programs.
        if kind != block::TLS_KEY_LOG {
            return;
        }
        let room = (self.body.len() - 8) as u32;
        if len > room {
            self.bad("a block with secrets claims more bytes than it holds");
        }
        let at = SecretsAt { offset: self.at + 16, len: u64::from(len.min(room)) };
        self.contents.facts(|facts| facts.secrets(at));
    }
}
