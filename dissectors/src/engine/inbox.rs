//! Inboxes: what a lane has not read yet, and bytes on their way to it.

use super::queue::Queue;
use crate::ids::{Direction, FlowId, FrameId, MessageId, Time};
use crate::limits::MAX_RESERVED;
use crate::message::Protection;
use crate::span::{Piece, Span};

/// The unread bytes of one direction of a lane.
#[derive(Clone, Default)]
pub(super) struct Inbox {
    /// Stream offset of the first unread byte.
    pub(super) at: u64,
    /// Where the held bytes lie.
    pub(super) pieces: Queue<Piece>,
    /// The held bytes themselves.
    pub(super) held: Queue<u8>,
    /// The session is not called before so many bytes are there.
    pub(super) need: usize,
    /// So many bytes pass by unread.
    pub(super) pass: u64,
    /// Who collects them.
    pub(super) collecting: Option<MessageId>,
    /// Nothing more is read here.
    pub(super) closed: bool,
    /// Nothing more comes here.
    pub(super) ended: bool,
    /// Bytes were missing before anybody spoke here.
    pub(super) missed: bool,
    /// When the last bytes came.
    pub(super) heard: Option<Moment>,
    /// How they travelled.
    pub(super) protection: Option<Protection>,
}

/// The frame that something stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    pub(super) frame: FrameId,
    pub(super) time: Time,
    pub(super) path: FlowId,
}

/// Bytes on their way to a lane.
#[derive(Clone, Copy)]
pub(super) struct Parcel<'a> {
    pub(super) lane: u64,
    pub(super) direction: Direction,
    pub(super) span: Span,
    pub(super) bytes: &'a [u8],
    /// Bytes of a datagram behind these that were on the wire only.
    pub(super) cut: u32,
    pub(super) protection: Protection,
    pub(super) moment: Moment,
}

impl Parcel<'_> {
    pub(super) fn from(self, len: usize) -> Self {
        let bytes = self.bytes.get(len..).unwrap_or(&[]);
        Self { bytes, span: self.span.from(len), ..self }
    }
}

impl Inbox {
    pub(super) fn hold(&mut self, parcel: Parcel<'_>, len: usize) {
        let bytes = parcel.bytes.get(..len).unwrap_or(parcel.bytes);
        self.held.make_room(self.need.min(MAX_RESERVED));
        self.held.extend(bytes);
        let piece = parcel.span.part(0, bytes.len());
        match self.pieces.as_mut_slice().last_mut() {
            Some(last) if last.buffer == piece.buffer && last.end() == piece.start => {
                last.len += piece.len;
            }
            _ => self.pieces.push(piece),
        }
    }

    /// Puts held bytes back after a call, less those that were taken.
    pub(super) fn restore(&mut self, mut held: Queue<u8>, mut pieces: Queue<Piece>, taken: usize) {
        held.advance(taken);
        let mut left = taken;
        let mut whole = 0;
        for piece in pieces.as_mut_slice() {
            if left == 0 {
                break;
            }
            let len = (piece.len as usize).min(left);
            left -= len;
            *piece = piece.from(len);
            whole += usize::from(piece.len == 0);
        }
        pieces.advance(whole);
        if taken > 0 {
            self.need = 0;
        }
        if !self.closed {
            (self.held, self.pieces) = (held, pieces);
        }
    }

    pub(super) fn drop_held(&mut self) {
        self.held = Queue::default();
        self.pieces = Queue::default();
        self.need = 0;
        self.pass = 0;
    }

    pub(super) fn close(&mut self) {
        self.drop_held();
        self.closed = true;
    }

    /// Another speaker reads on from here: what the last one wished for is void.
    pub(super) fn hand_over(&mut self) {
        self.need = 0;
        self.pass = 0;
        self.collecting = None;
        self.closed = false;
    }
}
