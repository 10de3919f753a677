//! Takes parts in order and settles what crosses their borders.

use super::chunk::Part;
use super::flow::{Flow, Transport};
use super::fragments::Datagram;
use super::row::Row;
use super::{Survey, direction};
use crate::engine::tcp::flags::{ACK, SYN};
use crate::ids::{Direction, FlowId, FrameId};

/// Where a part's flow went: the flow of the survey, and whether its directions are turned.
#[derive(Clone, Copy)]
struct Target {
    flow: FlowId,
    turned: bool,
}

impl Survey {
    /// Appends the next part. Parts must come in the order of their frames, without holes.
    pub fn absorb(&mut self, part: Part) {
        let base = self.rows.len() as u32;
        debug_assert_eq!(base, part.first_frame, "parts come in order");
        self.rows.reserve(part.rows.len());
        let whole: Vec<_> =
            part.fragments.into_iter().filter_map(|one| self.fragments.add(one)).collect();
        // Flows are settled in the order of their first frame, those of datagrams that came in
        // fragments among the others, so that their numbers do not depend on the borders.
        let mut datagrams = whole.into_iter().peekable();
        let mut found = Vec::new();
        let mut targets = Vec::with_capacity(part.flows.len());
        for mut flow in part.flows {
            let first = FrameId(flow.first.0 + base);
            while let Some(datagram) = datagrams.next_if(|datagram| datagram.frame < first) {
                let target = self.settle(datagram.flow(), false);
                found.push((datagram, target));
            }
            let opening = part.rows.get(flow.first.index()).is_some_and(is_opening);
            (flow.first, flow.last) = (first, FrameId::NONE);
            targets.push(self.settle(flow, opening));
        }
        for datagram in datagrams {
            let target = self.settle(datagram.flow(), false);
            found.push((datagram, target));
        }
        for mut row in part.rows {
            if let Some(target) = targets.get(row.flow.index()) {
                row.flow = target.flow;
                if target.turned {
                    row.set_direction(row.direction().reverse());
                }
            }
            self.rows.push(row);
        }
        for (datagram, target) in found {
            self.place(datagram, target);
        }
        self.link(base);
    }

    /// Gives the frame that completed a datagram its flow and payload.
    fn place(&mut self, datagram: Datagram, target: Target) {
        let Some(flow) = self.flows.get(target.flow.index()) else { return };
        let way = direction(flow.initiator_is_low, datagram.from_low);
        if let Some(row) = self.rows.get_mut(datagram.frame.index()) {
            row.flow = target.flow;
            row.payload_len = datagram.pieces.iter().map(|piece| piece.len).sum();
            row.set_direction(way);
        }
        self.reassembled.insert(datagram.frame, datagram.pieces);
    }

    /// Finds or opens the flow that a part's flow belongs to; `opening` where it begins with a
    /// SYN.
    fn settle(&mut self, flow: Flow, opening: bool) -> Target {
        let existing = self.by_key.get(&flow.key).copied();
        let belongs =
            |id: &FlowId| self.flow(*id).is_some_and(|known| !opening || continues(known, &flow));
        match existing.filter(belongs) {
            Some(id) => {
                let turned = self.merge(id, &flow);
                Target { flow: id, turned }
            }
            None => {
                let id = FlowId(self.flows.len() as u32);
                let counter = match flow.key.transport {
                    Transport::Tcp => self.streams.first_mut(),
                    Transport::Udp => self.streams.last_mut(),
                };
                let mut flow = flow;
                if let Some(counter) = counter {
                    flow.stream = *counter;
                    *counter += 1;
                }
                self.by_key.insert(flow.key, id);
                self.flows.push(flow);
                Target { flow: id, turned: false }
            }
        }
    }

    fn merge(&mut self, id: FlowId, part: &Flow) -> bool {
        let Some(known) = self.flows.get_mut(id.index()) else { return false };
        let turned = known.initiator_is_low != part.initiator_is_low;
        known.frames += part.frames;
        known.bytes += part.bytes;
        for way in Direction::BOTH {
            let (to, from) = (way.index(), if turned { way.reverse() } else { way }.index());
            fill(&mut known.base_seq, to, &part.base_seq, from, &mut known.syn, &part.syn);
            if let (Some(to), Some(from)) =
                (known.window_scale.get_mut(to), part.window_scale.get(from))
            {
                *to = to.or(*from);
            }
            if let (Some(to), Some(from)) = (known.probed.get_mut(to), part.probed.get(from)) {
                *to = to.or(*from);
            }
        }
        turned
    }

    /// Ties the new frames of each flow into its chain.
    fn link(&mut self, base: u32) {
        for number in base..self.rows.len() as u32 {
            let id = FrameId(number);
            let Some(row) = self.rows.get_mut(id.index()) else { continue };
            let Some(flow) = self.flows.get_mut(row.flow.index()) else { continue };
            let previous = std::mem::replace(&mut flow.last, id);
            row.prev = previous;
            if flow.key.transport == Transport::Tcp {
                flow.pass(id, row.tcp_flags(), row.payload_len);
            }
            if let Some(row) = self.rows.get_mut(previous.index()) {
                row.next = id;
            }
        }
    }
}

fn is_opening(row: &Row) -> bool {
    row.tcp_flags() & (SYN | ACK) == SYN
}

/// Whether a flow that begins with a SYN is none of its own: the same SYN again, or the other
/// side's SYN crossing it (RFC 9293, section 3.5, simultaneous open).
fn continues(known: &Flow, opening: &Flow) -> bool {
    let way = direction(known.initiator_is_low, opening.initiator_is_low);
    let seq = opening.base_seq.first().copied().flatten();
    let at = |way: Direction| {
        let index = way.index();
        (known.syn.get(index) == Some(&true), known.base_seq.get(index).copied().flatten())
    };
    let (syn, base) = at(way);
    let (other_syn, _) = at(way.reverse());
    (syn && base == seq) || (base.is_none() && other_syn)
}

fn fill(
    base: &mut [Option<u32>; 2],
    to: usize,
    part_base: &[Option<u32>; 2],
    from: usize,
    syn: &mut [bool; 2],
    part_syn: &[bool; 2],
) {
    let (Some(base), Some(part_base)) = (base.get_mut(to), part_base.get(from)) else { return };
    if base.is_none() {
        *base = *part_base;
        if let (Some(syn), Some(part_syn)) = (syn.get_mut(to), part_syn.get(from)) {
            *syn = *part_syn;
        }
    }
}
