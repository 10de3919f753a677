//! What a reader asks about the frames still to come: so that a hole in a stream is settled where
//! it begins, and not whenever somebody happens to notice.
//!
//! A capture may hold segments in another order than they were sent in, and an acknowledgement
//! before what it acknowledges. Whether bytes are missing from it can only be told by looking
//! ahead; the survey knows, and answers.

use super::session::Ending;
use crate::ids::{Direction, FrameId};

/// The next data of a direction, as far as was looked ahead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Coming {
    /// The sequence number of its first byte; `None` if none comes by then.
    pub first: Option<u32>,
    /// The frame that carries it, or the last one that was looked at.
    pub until: FrameId,
}

impl Coming {
    /// Nothing, ever.
    pub const NEVER: Self = Self { first: None, until: FrameId::NONE };
    /// Nobody has looked.
    pub const UNKNOWN: Self = Self { first: None, until: FrameId(0) };
}

/// What the frames to come bring of a byte that is missing so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filling {
    /// This frame is the first that carries it.
    By(FrameId),
    /// None carries it; of the segments that begin behind it, the lowest sequence number.
    Behind(u32),
    /// None carries it, nor anything behind it.
    Never,
}

impl Filling {
    /// Of the byte of this sequence number by segments to come: frame, number of the first byte,
    /// length.
    pub(crate) fn of(segments: impl Iterator<Item = (FrameId, u32, u32)>, seq: u32) -> Self {
        let mut nearest = None;
        for (frame, first, len) in segments {
            if seq.wrapping_sub(first) < len {
                return Self::By(frame);
            }
            let behind = first.wrapping_sub(seq);
            if behind as i32 > 0 && nearest.is_none_or(|known| behind < known) {
                nearest = Some(behind);
            }
        }
        nearest.map_or(Self::Never, |behind| Self::Behind(seq.wrapping_add(behind)))
    }
}

/// Frames of a connection that come after the one at hand.
pub trait Later {
    /// The next segment with data of this direction after `frame`.
    fn next_data(&self, frame: FrameId, direction: Direction) -> Coming;

    /// What segments after `frame` bring of the byte of this sequence number, and of what follows
    /// it.
    fn filling(&self, frame: FrameId, direction: Direction, seq: u32) -> Filling;

    /// The number at which the first segment begins that carries this byte, only a few frames
    /// ahead.
    fn carries_soon(&self, frame: FrameId, direction: Direction, seq: u32) -> Option<u32>;

    /// Whether no frame after this one carries data of this direction.
    fn is_last_data(&self, frame: FrameId, direction: Direction) -> bool;

    /// The sequence number behind the last byte of this direction, where its FIN was captured.
    /// Nothing for streams so long that their numbers go round.
    fn end(&self, _frame: FrameId, _direction: Direction) -> Option<u32> {
        None
    }

    /// How this direction of the connection of `frame` ends.
    fn ending(&self, frame: FrameId, direction: Direction) -> Ending;

    /// Whether the next frame with data after this one comes from the same side.
    fn goes_on(&self, _frame: FrameId, _direction: Direction) -> bool {
        false
    }
}

/// Nothing is known of what comes.
pub struct Unknown;

impl Later for Unknown {
    fn next_data(&self, _frame: FrameId, _direction: Direction) -> Coming {
        Coming::NEVER
    }

    fn filling(&self, _frame: FrameId, _direction: Direction, _seq: u32) -> Filling {
        Filling::Never
    }

    fn carries_soon(&self, _frame: FrameId, _direction: Direction, _seq: u32) -> Option<u32> {
        None
    }

    fn is_last_data(&self, _frame: FrameId, _direction: Direction) -> bool {
        false
    }

    fn ending(&self, _frame: FrameId, _direction: Direction) -> Ending {
        Ending::Cut
    }
}
