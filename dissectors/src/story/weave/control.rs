//! What TCP itself says: the segments that carry no message and still mean something.
//!
//! What they mean is TCP's to tell ([`crate::protocols::tcp::tell`]); here each segment is put in
//! the terms of its connection.

use etherparse::TcpHeaderSlice;

use crate::engine::options;
use crate::engine::tcp::{Segment, flags};
use crate::headers::WindowScale;
use crate::ids::Direction;
use crate::protocols::tcp::state::{Machine, Seen};
use crate::protocols::tcp::tell::{self, tell};
use crate::story::Telling;
use crate::survey::{Flow, Row};

/// Where a segment's telling stands among the messages of its frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// Before them: SYN, ACK.
    Before,
    /// Among them: bytes that nobody read.
    Among,
    /// After them: FIN, RST.
    After,
}

/// Watches the segments of one connection go by.
#[derive(Debug, Default)]
pub(super) struct Watch {
    machine: Machine,
    /// The last window of each side, scaled.
    windows: [Option<u32>; 2],
    saw_syn: bool,
}

impl Watch {
    /// Whether the connection's beginning was recorded.
    pub(super) const fn saw_syn(&self) -> bool {
        self.saw_syn
    }

    /// What a segment of `flow` says, and where among its frame's messages. `bytes` are the
    /// frame's.
    pub(super) fn look(
        &mut self,
        flow: &Flow,
        row: &Row,
        bytes: &[u8],
        kind: Segment,
    ) -> Option<(Place, Telling)> {
        let at = usize::from(row.payload_at.checked_sub(row.tcp_header_len())?);
        let header = TcpHeaderSlice::from_slice(bytes.get(at..)?).ok()?;
        let (direction, flags, payload_len) = (row.direction(), row.tcp_flags(), row.payload_len);
        let (seq, ack) = (row.seq, header.acknowledgment_number());
        let before = self.machine.states();
        self.machine.segment(&Seen { direction, flags, seq, ack, payload_len });
        self.saw_syn |= flags & flags::SYN != 0;
        let window = scaled(flow, direction, flags, header.window_size());
        let [own, peer] = match direction {
            Direction::Forward => [0, 1],
            Direction::Backward => [1, 0],
        };
        let base = |side: usize| flow.numbers.bases().get(side).copied().flatten().unwrap_or(0);
        let told = tell(&tell::Segment {
            direction,
            flags,
            seq: seq.wrapping_sub(base(own)),
            ack: ack.wrapping_sub(base(peer)),
            payload_len,
            window,
            peer_window: self.windows.get(peer).copied().flatten(),
            last_window: self.windows.get(own).copied().flatten(),
            mss: mss(&header),
            kind,
            before,
            after: self.machine.states(),
        });
        if let Some(last) = self.windows.get_mut(own) {
            *last = Some(window);
        }
        let told = told?;
        let ends = flags & (flags::FIN | flags::RST) != 0;
        let place = if ends { Place::After } else { Place::Before };
        Some((place, told))
    }
}

/// A window in bytes: scaled as the SYNs said, but never in a segment with SYN.
fn scaled(flow: &Flow, direction: Direction, bits: u16, window: u16) -> u32 {
    match flow.scales().get(direction.index()) {
        Some(WindowScale::Shift(shift)) if bits & flags::SYN == 0 => {
            u32::from(window) << (*shift).min(14)
        }
        _ => window.into(),
    }
}

/// The largest segment that a SYN's sender takes (RFC 9293, section 3.7.1).
fn mss(header: &TcpHeaderSlice<'_>) -> Option<u16> {
    options::of(header.options()).find_map(|(kind, value)| match (kind, value) {
        (2, [high, low]) => Some(u16::from_be_bytes([*high, *low])),
        _ => None,
    })
}
