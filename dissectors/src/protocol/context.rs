//! What the headers of a frame mean but do not say: it follows from the frames around it.

use crate::engine::tcp::{Analysis, SegmentKind, WindowScale};
use crate::ids::{Direction, Time};
use crate::span::Span;

/// What the bytes of one frame do not tell. Whatever is `None` is left out, or told in absolute
/// terms (sequence numbers).
#[derive(Clone, Copy, Debug, Default)]
pub struct HeaderContext {
    /// The time of the recording's first frame.
    pub first_time: Option<Time>,
    /// The time of the frame before this one in the recording.
    pub previous_time: Option<Time>,
    /// The number of the TCP or UDP stream, each counted from 0 by its first frame.
    pub stream: Option<u32>,
    /// Who sent the frame; needed to choose among the pairs below.
    pub direction: Option<Direction>,
    /// The time of the flow's first frame.
    pub flow_first_time: Option<Time>,
    /// The time of the flow's frame before this one; `None` for the first.
    pub flow_previous_time: Option<Time>,
    /// What sequence numbers count from, by direction: the number of the SYN, or one less than
    /// the first number seen (or acknowledged by the other side) where the SYN is missing.
    pub base_seq: [Option<u32>; 2],
    /// By how much the windows that each direction announces are scaled.
    pub window_scale: [WindowScale; 2],
    /// Which parts of a TCP connection were seen before this frame, in Wireshark's bits: SYN 1,
    /// SYN-ACK 2, ACK 4, data 8, FIN 16, RST 32.
    pub completeness: Option<u8>,
    /// What the TCP segment is to its stream.
    pub segment: Option<SegmentKind>,
    /// What it is to those before it, in numbers.
    pub analysis: Option<Analysis>,
    /// Whether an earlier frame holds the same packet.
    pub duplicate: bool,
    /// Where the header of the frame's own transport begins; `None` where that is the only one.
    pub own: Option<Span>,
}

impl HeaderContext {
    /// The base of the sender's sequence numbers.
    pub(crate) fn base(&self) -> Option<u32> {
        self.base_seq.get(self.direction?.index()).copied().flatten()
    }

    /// The base of the numbers that the sender acknowledges.
    pub(crate) fn reverse_base(&self) -> Option<u32> {
        self.base_seq.get(self.direction?.reverse().index()).copied().flatten()
    }

    /// The scale of the windows that the sender announces.
    pub(crate) fn scale(&self) -> WindowScale {
        let scale = self.direction.and_then(|at| self.window_scale.get(at.index()));
        scale.copied().unwrap_or_default()
    }
}
