//! The index pass over pcapng: from block to block, and which of them count as frames.

use std::io;
use std::sync::atomic::Ordering;

use super::block;
use super::contents::{Contents, Section};
use super::problem::ProblemKind;
use super::tell::BlockReader;
use super::walk::{Took, Walker};
use crate::bytes::{Order, padded};
use crate::limits::MAX_BLOCK;

/// How much of a block the pass looks at first: enough for every fixed part.
const HEAD: usize = 32;

impl Walker {
    /// Looks at one block; `number` is the number its frame would get, from zero.
    pub(super) fn block(&mut self, contents: &Contents, number: u32) -> io::Result<Took> {
        let at = self.at;
        let sections = &contents.sections;
        let section = sections.len().checked_sub(1).and_then(|last| sections.get(last));
        let head = self.window.peek(at, HEAD)?;
        let Head { kind, total, order } = match Head::read(head, section) {
            Ok(head) => head,
            Err(took) => return Ok(took),
        };
        let next = at + u64::from(total);
        if next > self.len {
            return Ok(Took::End { what: "block", needed: u64::from(total) });
        }
        // Of the common block, all that matters here lies in its head.
        let doubt = match (kind, section) {
            (block::ENHANCED, Some(section)) => doubt(head, total, section, number),
            _ => None,
        };
        let options = options(head, kind, total, order);
        if order.u32(self.window.peek(next - 4, 4)?, 0) != Some(total) {
            return Ok(damage("block", total, "the length repeated at its end is another"));
        }
        if let Some(kind) = doubt {
            contents.facts(|facts| facts.problem(at, kind));
        }
        if let Some(from) = options {
            let whole = self.window.peek(at, total as usize)?;
            let body = whole.get(8..total as usize - 4).unwrap_or_default();
            BlockReader { contents, at, order, body }.packet(from, number);
        }
        match kind {
            block::ENHANCED
            | block::PACKET
            | block::SIMPLE
            | block::JOURNAL
            | block::CUSTOM
            | block::CUSTOM_NO_COPY => self.batch.push(at),
            _ => {
                let whole = self.window.peek(at, total as usize)?;
                let body = whole.get(8..total as usize - 4).unwrap_or_default();
                let reader = BlockReader { contents, at, order, body };
                if let Some(took) = reader.read(kind, number) {
                    return Ok(took);
                }
            }
        }
        self.at = next;
        Ok(Took::Record)
    }
}

/// The start of a block, whose length could be true.
struct Head {
    kind: u32,
    total: u32,
    order: Order,
}

impl Head {
    /// Reads it; only a section header tells its byte order itself, behind its length.
    fn read(head: &[u8], section: Option<&Section>) -> Result<Self, Took> {
        const END: Took = Took::End { what: "block", needed: 12 };
        let order = if Order::Little.u32(head, 0).ok_or(END)? == block::SECTION {
            match (Order::Little.u32(head, 8), Order::Big.u32(head, 8)) {
                (Some(block::BYTE_ORDER), _) => Order::Little,
                (_, Some(block::BYTE_ORDER)) => Order::Big,
                (Some(_), _) => return Err(bad_section("its byte-order mark is wrong")),
                (None, _) => return Err(END),
            }
        } else {
            section.ok_or_else(|| bad_section("there is none before the first block"))?.order
        };
        let (kind, total) = order.u32(head, 0).zip(order.u32(head, 4)).ok_or(END)?;
        match broken_rule(kind, total) {
            Some(rule) => Err(damage("block", total, rule)),
            None => Ok(Self { kind, total, order }),
        }
    }
}

/// Where the options of a packet start within the body of its block; `None` if it has none, as
/// nearly all have.
fn options(head: &[u8], kind: u32, total: u32, order: Order) -> Option<usize> {
    /// What stands before the bytes, without the common head.
    const FIXED: usize = 20;
    /// Common head, the length at the end, and an option without a value.
    const AROUND: usize = 8 + 4 + 4;
    if !matches!(kind, block::ENHANCED | block::PACKET) {
        return None;
    }
    let from = FIXED.checked_add(padded(order.u32(head, 20)? as usize))?;
    (from.checked_add(AROUND)? <= total as usize).then_some(from)
}

/// What is doubtful about an Enhanced Packet Block whose length is sound.
fn doubt(head: &[u8], total: u32, section: &Section, number: u32) -> Option<ProblemKind> {
    let number = number + 1;
    let interface = section.order.u32(head, 8)?;
    if interface >= section.interfaces.load(Ordering::Relaxed) {
        return Some(ProblemKind::NoInterface { number, interface });
    }
    let claimed = section.order.u32(head, 20)?;
    let present = total.checked_sub(32)?;
    (claimed > present).then_some(ProblemKind::ShortFrame { number, claimed, present })
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

/// A section header that ends the pass.
pub(super) fn bad_section(rule: &'static str) -> Took {
    Took::Damage(ProblemKind::BadSection { rule })
}
