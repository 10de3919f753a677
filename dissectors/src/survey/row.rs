//! The columns of one frame: 24 bytes.

use super::flow::Transport;
use crate::engine::tcp::flags;
use crate::ids::{Direction, FlowId, FrameId};

/// What the survey keeps of a frame. Everything else is read again from its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// The flow it belongs to, or none.
    pub flow: FlowId,
    /// The next frame of the flow.
    pub next: FrameId,
    /// The frame of the flow before it.
    pub prev: FrameId,
    /// TCP: its sequence number.
    pub seq: u32,
    /// The length of its transport payload on the wire.
    pub payload_len: u32,
    /// Where that starts.
    pub payload_at: u16,
    /// TCP flags (9 bits), TCP header length in words (4 bits), direction, fragment, duplicate.
    pub(crate) bits: u16,
}

const _: () = assert!(size_of::<Row>() == 24, "columns stay small: ten million frames must fit");

const FLAGS: u16 = 0x01ff;
const WORDS_SHIFT: u16 = 9;
const BACKWARD: u16 = 1 << 13;
const FRAGMENT: u16 = 1 << 14;
const DUPLICATE: u16 = 1 << 15;

impl Row {
    /// A frame without a flow.
    pub const EMPTY: Self = Self {
        flow: FlowId::NONE,
        next: FrameId::NONE,
        prev: FrameId::NONE,
        seq: 0,
        payload_len: 0,
        payload_at: 0,
        bits: 0,
    };

    /// Who sent it.
    #[must_use]
    pub const fn direction(&self) -> Direction {
        if self.bits & BACKWARD == 0 { Direction::Forward } else { Direction::Backward }
    }

    /// TCP: the sequence number of the first byte of payload. A SYN takes one of its own.
    #[must_use]
    pub const fn first_byte(&self) -> u32 {
        self.seq.wrapping_add((self.tcp_flags() >> 1 & 1) as u32)
    }

    /// How many bytes of what is said it carries: its payload, but for that of a reset, which is
    /// no part of the stream and may say why it was sent (RFC 9293, section 3.5.3).
    #[must_use]
    pub const fn data_len(&self) -> u32 {
        if self.tcp_flags() & flags::RST == 0 { self.payload_len } else { 0 }
    }

    /// TCP: the sequence number behind its data.
    #[must_use]
    pub const fn end(&self) -> u32 {
        self.first_byte().wrapping_add(self.data_len())
    }

    /// The TCP flags, in the bits of [`crate::engine::tcp::flags`].
    #[must_use]
    pub const fn tcp_flags(&self) -> u16 {
        self.bits & FLAGS
    }

    /// Whether it is a fragment of an IP datagram.
    #[must_use]
    pub const fn is_fragment(&self) -> bool {
        self.bits & FRAGMENT != 0
    }

    /// Whether the capture holds the same packet in an earlier frame of the flow: nothing was sent
    /// again.
    #[must_use]
    pub const fn is_duplicate(&self) -> bool {
        self.bits & DUPLICATE != 0
    }

    pub(super) fn set_duplicate(&mut self) {
        self.bits |= DUPLICATE;
    }

    pub(crate) fn set_tcp(&mut self, flags: u16, words: u8) {
        self.bits |= flags & FLAGS | (u16::from(words) & 0xf) << WORDS_SHIFT;
    }

    pub(crate) fn set_direction(&mut self, direction: Direction) {
        match direction {
            Direction::Forward => self.bits &= !BACKWARD,
            Direction::Backward => self.bits |= BACKWARD,
        }
    }

    pub(crate) fn set_fragment(&mut self) {
        self.bits |= FRAGMENT;
    }

    /// The length of the TCP header in bytes.
    #[must_use]
    pub const fn tcp_header_len(&self) -> u16 {
        (self.bits >> WORDS_SHIFT & 0xf) * 4
    }

    /// Where its transport header begins.
    #[must_use]
    pub const fn transport_at(&self, transport: Transport) -> u16 {
        let header = match transport {
            Transport::Tcp => self.tcp_header_len(),
            Transport::Udp => etherparse::UdpHeader::LEN as u16,
        };
        self.payload_at.saturating_sub(header)
    }

    /// TCP: the acknowledgement number, read from the frame's bytes.
    #[must_use]
    pub fn acknowledgement(&self, bytes: &[u8]) -> Option<u32> {
        let header = self.tcp_header_len();
        let at = usize::from(self.payload_at.checked_sub(header)?) + 8;
        let field = bytes.get(at..at + 4).filter(|_| header > 0)?;
        field.try_into().ok().map(u32::from_be_bytes)
    }
}
