//! Takes parts in order and settles what crosses their borders.

use super::chunk::SurveyChunk;
use super::flow::{Flow, Transport};
use super::reassembled::Completed;
use super::row::Row;
use super::{Survey, direction, times};
use crate::engine::tcp::flags::SYN;
use crate::ids::{FlowId, FrameId};
use crate::protocol::Registry;

/// Where a part's flow went: the flow of the survey, and whether its directions are turned.
#[derive(Clone, Copy)]
struct Target {
    flow: FlowId,
    turned: bool,
}

impl Survey {
    /// Appends the next part. Parts must come in the order of their frames, without holes.
    pub fn absorb(&mut self, part: SurveyChunk, registry: &Registry) {
        let base = self.rows.len() as u32;
        debug_assert_eq!(base, part.first_frame, "parts come in order");
        self.rows.reserve(part.rows.len());
        self.span = times::both(self.span, part.times.span());
        self.times.append(&part.times);
        self.lengths.append(&part.lengths);
        let fragments = part.fragments.into_iter();
        let whole: Vec<_> =
            fragments.filter_map(|one| self.fragments.complete(one, registry)).collect();
        // Flows are settled in the order of their first frame, those of datagrams that came in
        // fragments among the others, so that their numbers do not depend on the borders.
        let mut datagrams = whole.into_iter().peekable();
        let mut found = Vec::new();
        let mut targets = Vec::with_capacity(part.flows.len());
        for mut flow in part.flows {
            let first = FrameId(flow.first.0 + base);
            while let Some(datagram) = datagrams.next_if(|datagram| datagram.frame < first) {
                self.settle_datagram(datagram, &mut found);
            }
            let opening = part.rows.get(flow.first.index()).copied().filter(is_opening);
            (flow.first, flow.last) = (first, FrameId::NONE);
            targets.push(self.settle(flow, opening));
        }
        for datagram in datagrams {
            self.settle_datagram(datagram, &mut found);
        }
        self.settle_taps();
        for target in &mut targets {
            let (owner, turned) = self.taps.owner(target.flow);
            *target = Target { flow: owner, turned: target.turned != turned };
        }
        for (mut row, print) in part.rows.into_iter().zip(part.prints) {
            if let Some(target) = targets.get(row.flow.index()) {
                row.flow = target.flow;
                if target.turned {
                    row.set_direction(row.direction().reverse());
                }
            }
            let id = FrameId(self.rows.len() as u32);
            let original = self.recent.copied(print, id).and_then(|first| self.row(first));
            if original.is_some_and(|first| first.flow == row.flow && first.seq == row.seq) {
                row.set_duplicate();
            }
            self.rows.push(row);
        }
        for (datagram, target) in found {
            self.place(datagram, target);
        }
        self.link(base);
        self.show_taps();
    }

    /// Settles the flow of a datagram that came in fragments; one that has none is only kept.
    fn settle_datagram(&mut self, datagram: Completed, found: &mut Vec<(Completed, Target)>) {
        match &datagram.transport {
            Some((_, flow)) => {
                let target = self.settle(*flow, None);
                found.push((datagram, target));
            }
            None => {
                self.reassembled.insert(datagram.frame, datagram.what);
            }
        }
    }

    /// Gives the frame that completed a datagram its flow and columns.
    fn place(&mut self, datagram: Completed, target: Target) {
        let Completed { frame, what, transport } = datagram;
        let (owner, _) = self.taps.owner(target.flow);
        let flow = self.flows.get(owner.index());
        if let (Some((headers, _)), Some(flow)) = (transport, flow)
            && let Some(row) = self.rows.get_mut(frame.index())
        {
            // Where the payload lies no one frame says: the datagram does.
            *row = Row { flow: owner, payload_at: 0, ..headers.row };
            row.set_fragment();
            row.set_direction(direction(flow.initiator_is_low, headers.from_low));
        }
        self.reassembled.insert(frame, what);
    }

    /// Finds or opens the flow that a part's flow belongs to; `opening` is the SYN that it begins
    /// with, if it does.
    fn settle(&mut self, flow: Flow, opening: Option<Row>) -> Target {
        let known = self.by_key.get(&flow.key).copied();
        let half = known.and_then(|id| Some((id, self.taps.half(id, &mut self.flows)?)));
        let belongs = |known: &Flow| opening.is_none_or(|syn| continues(known, &flow, &syn));
        let target = match half.filter(|(_, half)| belongs(half)) {
            Some((id, half)) => Target { flow: id, turned: half.merge(&flow) },
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
                self.taps.opened(id, flow.key, &self.flows);
                self.flows.push(flow);
                Target { flow: id, turned: false }
            }
        };
        self.taps.touch(target.flow);
        target
    }

    /// Ties the new frames of each flow into its chain.
    fn link(&mut self, base: u32) {
        for number in base..self.rows.len() as u32 {
            let id = FrameId(number);
            let Some(row) = self.rows.get_mut(id.index()) else { continue };
            let Some(flow) = self.flows.get_mut(row.flow.index()) else { continue };
            let previous = std::mem::replace(&mut flow.last, id);
            row.prev = previous;
            if !self.taps.pass(id, row) {
                flow.digest.pass(id, row);
            }
            if let Some(row) = self.rows.get_mut(previous.index()) {
                row.next = id;
            }
        }
    }
}

fn is_opening(row: &Row) -> bool {
    row.tcp_flags() & SYN != 0
}

/// Whether a flow that begins with this SYN is none of its own.
fn continues(known: &Flow, part: &Flow, syn: &Row) -> bool {
    let turned = known.initiator_is_low != part.initiator_is_low;
    let way = if turned { syn.direction().reverse() } else { syn.direction() };
    known.numbers.continues(way, syn)
}
