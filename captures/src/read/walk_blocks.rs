//! The index pass over pcapng: which blocks count as frames, and what the others tell.

use std::io;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU32, Ordering};

use super::block;
use super::contents::{About, Contents, Section};
use super::facts::{Place, SecretsAt, Statistics};
use super::interface::{Interface, Resolution, normal_link};
use super::options::{COMMENT, Options, text};
use super::problem::ProblemKind;
use super::walk::{Took, Walker};
use crate::bytes::{Order, padded};
use crate::limits::{MAX_BLOCK, MAX_INTERFACES, MAX_SECTIONS};

/// How much of a block the pass looks at first: enough for every fixed part.
const HEAD: usize = 32;

impl Walker {
    /// Looks at one block; `number` is the number its frame would get, from zero.
    pub(super) fn block(&mut self, contents: &Contents, number: u32) -> io::Result<Took> {
        let at = self.at;
        let head = self.window.peek(at, HEAD)?;
        let Some(kind) = Order::Little.u32(head, 0) else {
            return Ok(Took::End { what: "block", needed: 12 });
        };
        let section = contents.sections.len().checked_sub(1).and_then(|i| contents.sections.get(i));
        // Only a section header tells its byte order itself, behind its length.
        let order = if kind == block::SECTION {
            match (Order::Little.u32(head, 8), Order::Big.u32(head, 8)) {
                (Some(block::BYTE_ORDER), _) => Order::Little,
                (_, Some(block::BYTE_ORDER)) => Order::Big,
                (None, _) => return Ok(Took::End { what: "block", needed: 28 }),
                (Some(claimed), _) => {
                    return Ok(damage("section header", claimed, "its byte-order mark is wrong"));
                }
            }
        } else {
            match section {
                Some(section) => section.order,
                None => return Ok(damage("block", 0, "no section header comes before it")),
            }
        };
        let (Some(kind), Some(total)) = (order.u32(head, 0), order.u32(head, 4)) else {
            return Ok(Took::End { what: "block", needed: 12 });
        };
        if let Some(rule) = broken_rule(kind, total) {
            return Ok(damage("block", total, rule));
        }
        let next = at + u64::from(total);
        if next > self.len {
            return Ok(Took::End { what: "block", needed: u64::from(total) });
        }
        let fixed = match kind {
            // The fixed part lies in `head`: nothing more to read for the common block.
            block::ENHANCED => {
                Some((order.u32(head, 8), order.u32(head, 20), total.saturating_sub(32)))
            }
            _ => None,
        };
        let last = self.window.peek(next - 4, 4)?;
        if order.u32(last, 0) != Some(total) {
            return Ok(damage("block", total, "the length repeated at its end is another"));
        }
        match (kind, fixed) {
            (_, Some((interface, captured, room))) => {
                if let (Some(interface), Some(captured), Some(section)) =
                    (interface, captured, section)
                {
                    if interface >= section.interfaces.load(Ordering::Relaxed) {
                        let kind = ProblemKind::NoInterface { number: number + 1, interface };
                        contents.facts(|facts| facts.problem(at, kind));
                    }
                    if captured > room {
                        let kind = ProblemKind::ShortFrame {
                            number: number + 1,
                            claimed: captured,
                            present: room,
                        };
                        contents.facts(|facts| facts.problem(at, kind));
                    }
                }
                self.batch.push(at);
            }
            (
                block::PACKET
                | block::SIMPLE
                | block::JOURNAL
                | block::CUSTOM
                | block::CUSTOM_NO_COPY,
                _,
            ) => self.batch.push(at),
            (
                block::SECTION
                | block::INTERFACE
                | block::NAMES
                | block::STATISTICS
                | block::SECRETS,
                _,
            ) => {
                let body = self.window.peek(at, total as usize)?;
                let body = body.get(8..total as usize - 4).unwrap_or_default();
                let reader = Reader { contents, at, order, body };
                if let Some(took) = reader.read(kind, number) {
                    return Ok(took);
                }
            }
            // Blocks we do not know are skipped, as the format asks for.
            _ => {}
        }
        self.at = next;
        Ok(Took::Record)
    }
}

/// Why a block's length cannot be true.
fn broken_rule(kind: u32, total: u32) -> Option<&'static str> {
    let least = match kind {
        block::SECTION => 28,
        block::INTERFACE => 20,
        block::ENHANCED | block::PACKET => 32,
        block::SIMPLE | block::CUSTOM | block::CUSTOM_NO_COPY => 16,
        block::STATISTICS => 24,
        block::SECRETS => 20,
        _ => 12,
    };
    if total > MAX_BLOCK {
        Some("no block may be longer than 16 MiB")
    } else if !total.is_multiple_of(4) {
        Some("every block's length is a multiple of four")
    } else if total < least {
        Some("its fixed part alone is longer")
    } else {
        None
    }
}

/// Damage that ends the pass.
fn damage(what: &'static str, claimed: u32, rule: &'static str) -> Took {
    Took::Damage(ProblemKind::BadLength { what, claimed: u64::from(claimed), rule })
}

/// Reads one block that is not a frame.
struct Reader<'a> {
    contents: &'a Contents,
    at: u64,
    order: Order,
    body: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Reads it; gives something only where the pass cannot go on.
    fn read(&self, kind: u32, number: u32) -> Option<Took> {
        match kind {
            block::SECTION => return self.section(number),
            block::INTERFACE => self.interface(),
            block::NAMES => self.names(),
            block::STATISTICS => self.statistics(),
            _ => self.secrets(),
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
            let version = u32::from(self.order.u16(self.body, 4)?);
            return Some(damage("section header", version, "only version 1 of pcapng is known"));
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
