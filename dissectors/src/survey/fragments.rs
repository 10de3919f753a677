//! Fragments of IP datagrams: found by chunks, put together when all are there (RFC 791, section
//! 3.2; RFC 8200, section 4.5).

use std::collections::HashMap;

use crate::frames::Frame;
use crate::headers::{Datagram, Ends, Fragment as Said, Part, slice};
use crate::ids::{FrameId, Time};
use crate::limits::{FRAGMENT_HEAD, FRAGMENT_LIFETIME, MAX_DATAGRAM_FRAGMENTS, MAX_FRAGMENTS};
use crate::span::{BufferId, Piece};

/// What all fragments of a datagram have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Key {
    interface: u16,
    ends: Ends,
    /// Of IPv4 only: IPv6 numbers its datagrams for all protocols together.
    protocol: u8,
    ident: u32,
}

/// One fragment.
#[derive(Clone, Debug)]
pub struct Fragment {
    /// The frame that holds it, or that made whole the datagram which does.
    pub(super) frame: FrameId,
    pub(super) interface: u16,
    pub(super) time: Time,
    said: Said,
    pieces: Vec<Piece>,
    len: u32,
    wire_len: u32,
    /// Those of its bytes that are among the first of the datagram.
    head: Vec<u8>,
}

/// A datagram whose fragments are all there, and what is needed to read on in it.
#[derive(Debug)]
pub(super) struct Whole {
    /// The frame that completed it.
    pub(super) frame: FrameId,
    pub(super) interface: u16,
    pub(super) time: Time,
    /// Bytes of its frames on the wire.
    pub(super) wire: u32,
    /// What its first fragment says.
    pub(super) said: Said,
    pub(super) datagram: Datagram,
    /// Its first bytes.
    pub(super) head: Vec<u8>,
}

/// Fragments that wait for the rest of their datagram.
#[derive(Clone, Debug, Default)]
pub(super) struct Waiting {
    datagrams: HashMap<Key, Vec<Fragment>>,
    count: usize,
}

impl Fragment {
    /// The fragment that a frame holds.
    pub(super) fn of(id: FrameId, frame: &Frame<'_>, said: Said, part: &Part<'_>) -> Self {
        let len = part.bytes.len() as u32;
        Self {
            frame: id,
            interface: frame.interface,
            time: frame.time,
            head: head(said.offset, part.bytes),
            said,
            pieces: vec![part.span.part(0, part.bytes.len())],
            len,
            wire_len: frame.wire_len,
        }
    }

    /// A fragment inside a datagram that came in fragments itself; `at` is its first byte there.
    pub(super) fn inside(outer: &Whole, said: Said, at: u32, part: &Part<'_>) -> Self {
        let pieces = slice(&outer.datagram.pieces, at, part.wire as u32);
        Self {
            frame: outer.frame,
            interface: outer.interface,
            time: outer.time,
            head: head(said.offset, part.bytes),
            said,
            len: pieces.iter().map(|piece| piece.len).sum(),
            pieces,
            wire_len: outer.wire,
        }
    }

    /// Its frame, which holds all of it, is that much further on.
    pub(super) fn renumber(&mut self, by: u32) {
        self.frame = FrameId(self.frame.0.wrapping_add(by));
        self.pieces.iter_mut().for_each(|piece| piece.buffer = BufferId::frame(self.frame));
    }

    fn key(&self) -> Key {
        let Said { ends, protocol, ident, .. } = self.said;
        let protocol = if matches!(ends, Ends::V4(..)) { protocol } else { 0 };
        Key { interface: self.interface, ends, protocol, ident }
    }

    const fn end(&self) -> u32 {
        self.said.offset.saturating_add(self.len)
    }
}

/// Those of a fragment's bytes that are among the first of its datagram.
fn head(offset: u32, bytes: &[u8]) -> Vec<u8> {
    let wanted = FRAGMENT_HEAD.saturating_sub(offset as usize);
    bytes.get(..wanted).unwrap_or(bytes).to_vec()
}

impl Waiting {
    /// Adds a fragment; the datagram that it makes whole.
    pub(super) fn add(&mut self, fragment: Fragment) -> Option<Whole> {
        if self.count >= MAX_FRAGMENTS {
            *self = Self::default();
        }
        let (key, frame, time) = (fragment.key(), fragment.frame, fragment.time);
        let waiting = self.datagrams.entry(key).or_default();
        let is_old = waiting.first().is_some_and(|first| is_old(first.time, time));
        if is_old || waiting.len() >= MAX_DATAGRAM_FRAGMENTS {
            self.count = self.count.saturating_sub(waiting.len());
            waiting.clear();
        }
        self.count += 1;
        // In their order in the datagram; of those at one place the first that came.
        let place = waiting.partition_point(|one| one.said.offset <= fragment.said.offset);
        waiting.insert(place, fragment);
        let whole = whole(waiting, frame, time)?;
        self.count = self.count.saturating_sub(waiting.len());
        self.datagrams.remove(&key);
        Some(whole)
    }
}

/// Whether a fragment would have been given up before another one came.
fn is_old(first: Time, now: Time) -> bool {
    let (Some(first), Some(now)) = (first.known(), now.known()) else { return false };
    now.since(first) > FRAGMENT_LIFETIME
}

/// The datagram whose fragments these are, where they are all there.
fn whole(fragments: &[Fragment], frame: FrameId, time: Time) -> Option<Whole> {
    let first = fragments.first().filter(|first| first.said.offset == 0)?;
    let end = fragments.iter().find(|one| !one.said.more)?.end();
    if !is_covered(fragments, end) {
        return None;
    }
    let (mut next, mut overlap, mut wire) = (0, false, 0u32);
    let (mut pieces, mut head) = (Vec::with_capacity(fragments.len()), Vec::new());
    for fragment in fragments {
        let known = next - fragment.said.offset.min(next);
        overlap |= known > 0 && fragment.len > 0;
        if head.len() == next as usize {
            head.extend_from_slice(fragment.head.get(known as usize..).unwrap_or(&[]));
        }
        let fresh = slice(&fragment.pieces, known, end.saturating_sub(next));
        next += fresh.iter().map(|piece| piece.len).sum::<u32>();
        pieces.extend(fresh);
        wire = wire.saturating_add(fragment.wire_len);
    }
    head.truncate(end as usize);
    let datagram = Datagram {
        protocol: first.said.protocol,
        pieces,
        fragments: fragments.len() as u32,
        overlap,
    };
    let (said, interface) = (first.said, first.interface);
    Some(Whole { frame, interface, time, wire, said, datagram, head })
}

/// Whether fragments, in their order, leave no hole before `end`.
fn is_covered(fragments: &[Fragment], end: u32) -> bool {
    let mut next = 0;
    for fragment in fragments {
        if next >= end || fragment.said.offset > next {
            break;
        }
        next = next.max(fragment.end());
    }
    next >= end
}
