//! Sessions: one protocol reading what one layer of a connection carries, in order, both
//! directions, once.
//!
//! The engine owns the bytes and the order; a session owns the state. It reads one or many
//! *lanes* (an HTTP/3 session reads every stream of its connection), each with two directions.
//! It is called with the unread bytes of one way and says how far it got:
//!
//! ```text
//!            unread bytes of a way, at stream offset `at`
//!            |████████████████░░░░░░░
//!  Took(n)   ^^^^^^^^ done with these; called again with the rest
//!  Need(n)   not called again before n bytes are there
//!  Pass(n)   the next n bytes belong to what was announced; they are counted, not buffered
//! ```
//!
//! The same holds for a datagram, whose rest is gone where nobody takes it.

use super::derive::Openers;
use crate::claim::{Claim, Framing, Likelihood};
use crate::ids::{Direction, FrameId, Time};
use crate::span::Span;

pub use super::announce::Announce;
pub use super::hand::To;
pub use super::out::Out;

/// Which bytes are meant: those of one lane, from one side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Way {
    /// The lane: 0 where there is only one.
    pub lane: u64,
    /// Who sends.
    pub direction: Direction,
}

/// The unread bytes of one way.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The lane they came on: 0 where there is only one.
    pub lane: u64,
    /// Who sent them.
    pub direction: Direction,
    /// What bounds them.
    pub framing: Framing,
    /// The offset of the first byte in this lane's stream.
    /// Of datagrams: the sum of the lengths of those before; of a TCP segment 0.
    pub at: u64,
    /// The bytes: never empty on a stream; what is left of a datagram otherwise.
    pub bytes: &'a [u8],
    /// How many bytes of the datagram were on the wire behind these and are not in the capture.
    pub cut: usize,
    /// The frame that brought the last of them.
    pub frame: FrameId,
    /// When that frame was seen.
    pub time: Time,
}

impl Input<'_> {
    /// Which way they went.
    #[must_use]
    pub const fn way(&self) -> Way {
        Way { lane: self.lane, direction: self.direction }
    }
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
    /// From here on another protocol speaks, in both directions and on all lanes. What was
    /// announced before stays this session's.
    Switch(Claim<'static>),
    /// This is not what it seemed to be, or is broken beyond reading on. What comes on this way
    /// is nobody's.
    GiveUp(&'static str),
}

/// Why no more bytes come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ending {
    /// The sender said so: FIN, END_STREAM, close_notify.
    Closed,
    /// The transport broke it off.
    Reset,
    /// The capture holds no more of it.
    Cut,
}

/// One protocol reading one layer.
pub trait Session: Send + Sync {
    /// Reads on. Called again as long as it takes something and bytes are left.
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress;

    /// These bytes were waited on, and the rest will not come: the snap length cut it, a hole
    /// follows, or the way has ended. Whatever can be told of them is told here.
    fn cut(&mut self, _input: Input<'_>, _out: &mut Out<'_>) {}

    /// Bytes of one way are missing from the capture, and what follows comes next: so many, or
    /// nobody knows how many.
    /// Says whether it can go on after them; if not, the way is given up.
    fn gap(&mut self, _way: Way, _missing: Option<u64>, _out: &mut Out<'_>) -> bool {
        false
    }

    /// One way has ended.
    fn end(&mut self, _way: Way, _ending: Ending, _out: &mut Out<'_>) {}

    /// What was passed by is complete: the last of its bytes lies in the frame at hand.
    fn passed(&mut self, _way: Way, _out: &mut Out<'_>) {}

    /// Places that it keeps for later (the fragments of a message), so that they stay readable.
    fn holds(&self) -> Vec<Span> {
        Vec::new()
    }

    /// Whether it can open a datagram, which bears no name, as one that was sent this way: surely
    /// where it has a key that does, perhaps where it may bring the keys that others wait for. It
    /// is only a trial; the datagram is read later by whom it belongs to.
    fn opens(&self, _from: Direction, _datagram: &[u8], _keys: &Openers) -> Likelihood {
        Likelihood::No
    }

    /// The same session again, for a checkpoint.
    fn fork(&self) -> Box<dyn Session>;
}
