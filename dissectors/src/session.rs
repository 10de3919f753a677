//! Sessions: one protocol reading one layer of one connection, in order, both directions, once.
//!
//! The engine owns the bytes and the order; a session owns the state. It is called with the
//! unread bytes of one direction and says how far it got:
//!
//! ```text
//!            unread bytes of a direction, at stream offset `at`
//!            |████████████████░░░░░░░
//!  Took(n)   ^^^^^^^^ done with these; called again with the rest
//!  Need(n)   not called again before n bytes are there
//!  Pass(n)   the next n bytes belong to what was announced; they are counted, not buffered
//! ```

use crate::ids::{Direction, FrameId, Time};
use crate::protocol::Claim;
use crate::span::Span;

pub use crate::engine::out::{Announce, Out};

/// The unread bytes of one direction.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// Who sent them.
    pub direction: Direction,
    /// The offset of the first byte in this layer's stream.
    /// Of datagrams: the sum of the lengths of those before.
    pub at: u64,
    /// The bytes: never empty on a stream; a whole datagram otherwise.
    pub bytes: &'a [u8],
    /// The frame that brought the last of them.
    pub frame: FrameId,
    /// When that frame was seen.
    pub time: Time,
}

/// How far a session got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Done with the first `n` bytes; `n` is at least 1.
    Took(usize),
    /// Nothing can be said before at least `n` bytes are there, `n` being more than now.
    Need(usize),
    /// Done with the next `n` bytes without looking at them, present or still to come.
    Pass(u64),
    /// From here on another protocol speaks, in both directions.
    Switch(Claim<'static>),
    /// This is not what it seemed to be, or is broken beyond reading on.
    GiveUp(&'static str),
}

/// One protocol reading one layer.
pub trait Session: Send + Sync {
    /// Reads on. Called again as long as it takes something and bytes are left.
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress;

    /// `len` bytes of one direction are missing from the capture, and what follows comes next; 0
    /// where a carrier lost them and nobody knows how many.
    /// Says whether it can go on after them; if not, the layer's direction is given up.
    fn gap(&mut self, _direction: Direction, _len: u64, _out: &mut Out<'_>) -> bool {
        false
    }

    /// One direction has ended, in order.
    fn end(&mut self, _direction: Direction, _out: &mut Out<'_>) {}

    /// What was passed by is complete: the last of its bytes lies in the frame at hand.
    fn passed(&mut self, _direction: Direction, _out: &mut Out<'_>) {}

    /// Places that it keeps for later (the fragments of a message), so that they stay readable.
    fn holds(&self) -> Vec<Span> {
        Vec::new()
    }

    /// The same session again, for a checkpoint.
    fn fork(&self) -> Box<dyn Session>;
}
