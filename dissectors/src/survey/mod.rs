//! The survey: link, network and transport of every frame, eagerly, as columns.
//!
//! [`chunk::survey_chunk`] is pure and runs in parallel over ranges of frames;
//! [`Survey::absorb`] takes its parts in order and settles what crosses them. One chunk or seven
//! give equal columns.
//!
//! ```text
//!  frames 0..n   ──> survey_chunk ──> SurveyChunk ┐
//!  frames n..2n  ──> survey_chunk ──> SurveyChunk ┼─ absorb, in order ──> Survey { rows, flows }
//!  frames 2n..3n ──> survey_chunk ──> SurveyChunk ┘
//! ```

mod absorb;
mod ahead;
mod carried;
mod chunk;
mod digest;
mod duplicates;
mod flow;
pub mod fragments;
mod lengths;
mod numbers;
mod packet;
mod reassembled;
pub mod row;
mod taps;
mod times;

use std::collections::{HashMap, HashSet};
use std::ops::Range;

pub use chunk::{SurveyChunk, Surveyor, survey_chunk};
pub use digest::Digest;
pub use flow::{Flow, FlowKey, Network, Transport};
pub use numbers::Numbers;
pub use reassembled::Reassembled;
pub use row::Row;

use crate::engine::arrival::Arrival;
use crate::frames::{Frame, Frames};
use crate::ids::{Direction, FlowId, FrameId, Time};
use crate::maps::FastMap;
use crate::protocol::Registry;
use crate::span::{Buffer, Span};

/// Columns over all frames, and the table of flows. A copy is what one shows while more is
/// absorbed.
#[derive(Clone, Debug, Default)]
pub struct Survey {
    rows: Vec<Row>,
    flows: Vec<Flow>,
    /// The newest incarnation of each five-tuple.
    by_key: FastMap<FlowKey, FlowId>,
    /// Fragments whose datagram is not whole yet.
    fragments: fragments::Waiting,
    /// Frames that completed a datagram in fragments, and what it is.
    reassembled: HashMap<FrameId, Reassembled>,
    /// How many flows of TCP and of UDP there are.
    streams: [u32; 2],
    /// Packets that a copy may follow.
    recent: duplicates::Recent,
    /// The earliest and the latest time of any frame.
    span: Option<times::Span>,
    /// The same of every stretch of frames.
    times: times::Times,
    /// How long each frame is.
    lengths: lengths::Lengths,
    /// Flows whose two directions were recorded on an interface each.
    taps: taps::Taps,
}

impl Survey {
    /// Nothing surveyed yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Surveys everything in one go, on this thread.
    #[must_use]
    pub fn of(frames: &dyn Frames, registry: &Registry) -> Self {
        let mut survey = Self::new();
        survey.absorb(survey_chunk(frames, 0..frames.count(), registry), registry);
        survey
    }

    /// How many frames were surveyed.
    #[must_use]
    pub fn frame_count(&self) -> u32 {
        self.rows.len() as u32
    }

    /// The earliest and the latest time of any frame; a clock may have been set back between.
    #[must_use]
    pub const fn times(&self) -> Option<(Time, Time)> {
        self.span
    }

    /// The stretches of a range of frames, each with the earliest and the latest time of any of
    /// its frames: nothing where one of them has none.
    pub fn stretches(
        &self,
        frames: Range<u32>,
    ) -> impl Iterator<Item = (Range<u32>, Option<(Time, Time)>)> {
        self.times.over(frames)
    }

    /// The length of a frame on the wire; `None` if the columns are too narrow for it.
    #[must_use]
    pub fn wire_len(&self, frame: FrameId) -> Option<u16> {
        self.lengths.of(frame)
    }

    /// The longest of all frames whose length the columns know.
    #[must_use]
    pub const fn longest(&self) -> u16 {
        self.lengths.longest()
    }

    /// The columns of one frame.
    #[must_use]
    pub fn row(&self, frame: FrameId) -> Option<&Row> {
        self.rows.get(frame.index())
    }

    /// All flows, in the order of their first frame, and among them those that are empty by now.
    #[must_use]
    pub fn flows(&self) -> &[Flow] {
        &self.flows
    }

    /// The flows that hold frames.
    pub fn live_flows(&self) -> impl Iterator<Item = (FlowId, &Flow)> {
        (0..).map(FlowId).zip(&self.flows).filter(|(_, flow)| !flow.is_empty())
    }

    /// One flow.
    #[must_use]
    pub fn flow(&self, id: FlowId) -> Option<&Flow> {
        self.flows.get(id.index())
    }

    /// The frames of a flow from one of its frames on, in order.
    pub fn frames_from(&self, first: FrameId) -> impl Iterator<Item = FrameId> {
        std::iter::successors(first.some(), |frame| self.row(*frame)?.next.some())
    }

    /// What this frame completed, where it is the last fragment of a datagram.
    #[must_use]
    pub fn reassembled(&self, frame: FrameId) -> Option<&Reassembled> {
        self.reassembled.get(&frame)
    }

    /// The frames that hold the fragments of what this frame made whole, itself among them, in the
    /// order of the datagram; none where it came in one.
    #[must_use]
    pub fn fragments(&self, frame: FrameId) -> Vec<FrameId> {
        let datagrams = self.reassembled(frame).map_or(&[][..], |whole| &whole.datagrams);
        let mut frames = Vec::new();
        for piece in datagrams.iter().flat_map(|one| &one.pieces) {
            if let Buffer::Frame(held) = piece.buffer.kind()
                && !frames.contains(&held)
            {
                frames.push(held);
            }
        }
        frames
    }

    /// The flows of tunnels whose every datagram headers tell: what they carry has no ports, or
    /// nobody here could read it so far.
    #[must_use]
    pub fn told_flows(&self, registry: &Registry) -> HashSet<FlowId> {
        let is_told = |id| self.row(id).is_some_and(|row| self.is_told(row, registry));
        let flows = self.live_flows();
        let whole = flows.filter(|(_, flow)| self.frames_from(flow.first).all(is_told));
        whole.map(|(id, _)| id).collect()
    }

    /// Frames that hold pieces of datagrams which a flow carries, without those that made them
    /// whole: these are in the flow.
    #[must_use]
    pub fn pieces(&self) -> HashSet<FrameId> {
        let in_flows = self
            .reassembled
            .iter()
            .filter(|(frame, _)| self.row(**frame).is_some_and(|row| row.flow.some().is_some()));
        let pieces = in_flows.flat_map(|(_, whole)| &whole.datagrams).flat_map(|one| &one.pieces);
        let frames = pieces.filter_map(|piece| match piece.buffer.kind() {
            Buffer::Frame(frame) => Some(frame),
            Buffer::Derived(_) | Buffer::None => None,
        });
        frames.filter(|frame| !self.reassembled.contains_key(frame)).collect()
    }

    /// What a connection's reader needs to know of one of its frames.
    #[must_use]
    pub fn arrival<'a>(&self, id: FrameId, frame: &Frame<'a>) -> Option<Arrival<'a>> {
        let row = self.row(id)?;
        let header = row.tcp_header_len();
        let start = row.payload_at.saturating_sub(header);
        let carried = Span::frame(id, start.into(), u32::from(header) + row.payload_len);
        let captured = carried.part(0, frame.bytes.len().saturating_sub(start.into()));
        Some(Arrival {
            frame: id,
            bytes: frame.bytes,
            time: frame.time,
            direction: row.direction(),
            path: row.flow,
            by_name: false,
            carried: captured,
            cut: carried.len - captured.len,
            data: row.data_len(),
        })
    }

    /// Whether headers tell all that a frame's datagram holds: it is one of a tunnel.
    #[must_use]
    pub fn is_told(&self, row: &Row, registry: &Registry) -> bool {
        let carries = |flow: &Flow| {
            let ports = flow.key.ports.iter();
            flow.key.transport == Transport::Udp
                && ports.into_iter().any(|port| registry.is_carrier(*port))
        };
        row.payload_len == 0 && self.flow(row.flow).is_some_and(carries)
    }

    /// Whether a frame is one of TCP or UDP on a link, with no tunnel around and none inside.
    #[must_use]
    pub fn is_plain(frame: &Frame<'_>, registry: &Registry) -> bool {
        packet::slice(frame).is_some_and(|packet| chunk::is_plain(&packet, registry))
    }
}

/// Which way a frame of a flow goes, from the order of its endpoints.
pub(crate) fn direction(initiator_is_low: bool, from_low: bool) -> Direction {
    if initiator_is_low == from_low { Direction::Forward } else { Direction::Backward }
}
