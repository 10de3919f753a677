//! The two directions of one link, tapped on an interface each, become one flow again.
//!
//! ```text
//!   interface 0   ─ SYN ──────── ACK ─ GET ────      tap-rx: one side speaks
//!   interface 1   ────── SYN,ACK ───────── 200 ─     tap-tx: only the other
//! ```
//!
//! Flows are kept by interface. Two of the same five-tuple are read as one as long as each of
//! them holds one direction only, not the same, and their numbers fit. When one of them turns
//! out to hold both directions, its interface is a vantage point of its own, and they part again:
//! which frame is whose is told by its direction. As directions are only ever added, a frame
//! changes its flow at most twice, and what comes out depends on the frames alone and not on how
//! they were cut into chunks.

use super::flow::{Flow, FlowKey, HIGH, LOW, Transport};
use super::row::Row;
use super::{Survey, direction};
use crate::ids::{Direction, FlowId, FrameId};
use crate::maps::FastMap;

/// By how much the numbers of one direction may differ between what one tap saw sent and what
/// the other saw acknowledged first: the largest window (RFC 7323, section 2.3).
const MAX_APART: u32 = 1 << 30;

/// Which flows of different interfaces may be halves of one.
#[derive(Clone, Debug, Default)]
pub(super) struct Taps {
    /// The interface of the first flow; whether there are others.
    interface: Option<u16>,
    several: bool,
    /// The newest flow of each five-tuple, whatever its interface; only where there are several.
    newest: FastMap<FlowKey, FlowId>,
    /// The flow that may be the other half, both ways.
    other: FastMap<FlowId, FlowId>,
    /// Flows that are one now, by the earlier of them.
    joined: FastMap<FlowId, Joined>,
    /// Halves to which frames were added, so that their pairs are to be looked at.
    touched: Vec<FlowId>,
}

/// Two flows that are read as one, each as it would be on its own.
#[derive(Clone, Copy, Debug)]
struct Joined {
    earlier: Flow,
    later: Flow,
    /// Which way the later half's frames go, in the terms of the earlier one.
    way: Direction,
}

impl Joined {
    /// Whether the two do not agree on who began.
    const fn is_turned(&self) -> bool {
        self.earlier.initiator_is_low != self.later.initiator_is_low
    }

    /// Both as one.
    fn flow(&self) -> Flow {
        let mut flow = self.earlier;
        flow.merge(&self.later);
        flow.digest.join(&self.later.digest, self.is_turned());
        flow
    }
}

impl Taps {
    /// A flow was opened; all that were before it are in `flows`.
    pub(super) fn opened(&mut self, id: FlowId, key: FlowKey, flows: &[Flow]) {
        let first = *self.interface.get_or_insert(key.interface);
        if !self.several {
            if first == key.interface {
                return;
            }
            self.several = true;
            let known = (0..).map(FlowId).zip(flows);
            self.newest = known.map(|(id, flow)| (anywhere(flow.key), id)).collect();
        }
        let Some(before) = self.newest.insert(anywhere(key), id) else { return };
        let elsewhere = flows.get(before.index()).is_some_and(|flow| {
            flow.key.interface != key.interface && !self.other.contains_key(&before)
        });
        if elsewhere {
            self.other.insert(before, id);
            self.other.insert(id, before);
        }
    }

    /// Frames were added to a flow.
    pub(super) fn touch(&mut self, id: FlowId) {
        if self.other.contains_key(&id) {
            self.touched.push(id);
        }
    }

    /// A flow as it is on its own.
    pub(super) fn half<'a>(
        &'a mut self,
        id: FlowId,
        flows: &'a mut [Flow],
    ) -> Option<&'a mut Flow> {
        let (owner, _) = self.owner(id);
        match self.joined.get_mut(&owner) {
            Some(joined) if owner == id => Some(&mut joined.earlier),
            Some(joined) => Some(&mut joined.later),
            None => flows.get_mut(id.index()),
        }
    }

    /// The flow that holds a half's frames, and whether directions are turned there.
    pub(super) fn owner(&self, id: FlowId) -> (FlowId, bool) {
        let other = self.other.get(&id).filter(|_| !self.joined.is_empty());
        match other.and_then(|other| Some((*other, self.joined.get(other)?))) {
            Some((owner, joined)) => (owner, joined.is_turned()),
            None => (id, false),
        }
    }

    /// Adds a frame to the digest of the half that it belongs to. Says whether there is one.
    pub(super) fn pass(&mut self, frame: FrameId, row: &Row) -> bool {
        let Some(joined) = self.joined.get_mut(&row.flow) else { return false };
        let (is_later, turned) = (row.direction() == joined.way, joined.is_turned());
        let mut row = *row;
        if is_later && turned {
            row.set_direction(row.direction().reverse());
        }
        let half = if is_later { &mut joined.later } else { &mut joined.earlier };
        half.digest.pass(frame, &row);
        true
    }
}

/// A five-tuple without its vantage point.
fn anywhere(key: FlowKey) -> FlowKey {
    FlowKey { interface: 0, ..key }
}

/// Whether two flows of one five-tuple are the two directions of one.
fn are_halves(earlier: &Flow, later: &Flow) -> bool {
    let turned = earlier.initiator_is_low != later.initiator_is_low;
    let (own, other) = (earlier.numbers.bases(), later.numbers.bases());
    let other = match (turned, other) {
        (true, [forward, backward]) => [backward, forward],
        (false, other) => other,
    };
    let fits = |(a, b): (&Option<u32>, &Option<u32>)| match (a, b) {
        (Some(a), Some(b)) => (a.wrapping_sub(*b) as i32).unsigned_abs() <= MAX_APART,
        _ => true,
    };
    let numbers = earlier.key.transport == Transport::Udp || own.iter().zip(&other).all(fits);
    matches!((earlier.sides, later.sides), (LOW, HIGH) | (HIGH, LOW)) && numbers
}

impl Survey {
    /// Joins and parts flows by what the latest part added to them, before its rows are there.
    pub(super) fn settle_taps(&mut self) {
        let mut touched = std::mem::take(&mut self.taps.touched);
        touched.sort_unstable();
        let mut changed = false;
        for id in &touched {
            let Some(other) = self.taps.other.get(id).copied() else { continue };
            let (earlier, later) = (other.min(*id), other.max(*id));
            let flows = &mut self.flows;
            let halves =
                (self.taps.half(earlier, flows).copied(), self.taps.half(later, flows).copied());
            let (Some(first), Some(second)) = halves else { continue };
            match (are_halves(&first, &second), self.taps.joined.contains_key(&earlier)) {
                (true, false) => self.join(earlier, later),
                (false, true) => self.part(earlier, later),
                _ => continue,
            }
            changed = true;
        }
        self.taps.touched = touched;
        if changed {
            self.count_streams();
        }
    }

    /// Shows what joined flows have become by the latest part, once its rows are there.
    pub(super) fn show_taps(&mut self) {
        for half in std::mem::take(&mut self.taps.touched) {
            let (id, _) = self.taps.owner(half);
            let shown = self.flows.get_mut(id.index());
            if let (Some(shown), Some(joined)) = (shown, self.taps.joined.get(&id)) {
                let (stream, last) = (shown.stream, shown.last);
                *shown = Flow { stream, last, ..joined.flow() };
            }
        }
    }

    fn join(&mut self, earlier: FlowId, later: FlowId) {
        let halves = (self.flow(earlier).copied(), self.flow(later).copied());
        let (Some(first), Some(second)) = halves else { return };
        let way = direction(first.initiator_is_low, second.sides == LOW);
        let joined = Joined { earlier: first, later: second, way };
        let mut frames = self.chain(first.last);
        let theirs = self.chain(second.last);
        self.relabel(&theirs, earlier, joined.is_turned());
        frames.extend(theirs);
        frames.sort_unstable();
        let last = self.tie(&frames);
        if let Some(flow) = self.flows.get_mut(earlier.index()) {
            *flow = Flow { last, ..joined.flow() };
        }
        if let Some(flow) = self.flows.get_mut(later.index()) {
            *flow = second.emptied();
        }
        self.taps.joined.insert(earlier, joined);
    }

    fn part(&mut self, earlier: FlowId, later: FlowId) {
        let Some(joined) = self.taps.joined.remove(&earlier) else { return };
        let last = self.flow(earlier).map_or(FrameId::NONE, |flow| flow.last);
        let (theirs, own): (Vec<_>, Vec<_>) = self
            .chain(last)
            .into_iter()
            .partition(|id| self.row(*id).is_some_and(|row| row.direction() == joined.way));
        self.relabel(&theirs, later, joined.is_turned());
        for (id, frames, half) in [(earlier, own, joined.earlier), (later, theirs, joined.later)] {
            let last = self.tie(&frames);
            if let Some(flow) = self.flows.get_mut(id.index()) {
                *flow = Flow { last, ..half };
            }
        }
    }

    /// The frames of a flow up to its last one, in order.
    fn chain(&self, last: FrameId) -> Vec<FrameId> {
        let before = |frame: &FrameId| self.row(*frame)?.prev.some();
        let mut frames: Vec<_> = std::iter::successors(last.some(), before).collect();
        frames.reverse();
        frames
    }

    fn relabel(&mut self, frames: &[FrameId], flow: FlowId, turned: bool) {
        for frame in frames {
            let Some(row) = self.rows.get_mut(frame.index()) else { continue };
            row.flow = flow;
            if turned {
                row.set_direction(row.direction().reverse());
            }
        }
    }

    /// Ties frames into a chain; gives the last of them.
    fn tie(&mut self, frames: &[FrameId]) -> FrameId {
        let mut previous = FrameId::NONE;
        for frame in frames {
            if let Some(row) = self.rows.get_mut(frame.index()) {
                (row.prev, row.next) = (previous, FrameId::NONE);
            }
            if let Some(row) = self.rows.get_mut(previous.index()) {
                row.next = *frame;
            }
            previous = *frame;
        }
        previous
    }

    fn count_streams(&mut self) {
        self.streams = [0; 2];
        let [tcp, udp] = &mut self.streams;
        for flow in self.flows.iter_mut().filter(|flow| flow.frames > 0) {
            let counter = match flow.key.transport {
                Transport::Tcp => &mut *tcp,
                Transport::Udp => &mut *udp,
            };
            flow.stream = *counter;
            *counter += 1;
        }
    }
}
