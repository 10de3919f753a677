//! What the survey knows of the frames still to come: so that a hole in a stream is settled where
//! it begins, and not whenever somebody happens to notice.
//!
//! A capture may hold segments in another order than they were sent in, and an acknowledgement
//! before what it acknowledges. Whether bytes are missing from it can only be told by looking
//! ahead, and the columns of the survey make that cheap.

use crate::attribution::Attribution;
use crate::ids::{Direction, FrameId};
use crate::limits::{LOOK_AHEAD, LOOK_AHEAD_FIRST};
use crate::session::Ending;
use crate::survey::{Row, Survey};

/// Sequence numbers tell places apart in streams of at most so many bytes: half of their range.
const MOST_NUMBERED: u64 = 1 << 31;

/// The next data of a direction, as far as was looked ahead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Coming {
    /// The sequence number of its first byte; nothing where none comes by then.
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

impl Later for Survey {
    fn next_data(&self, frame: FrameId, direction: Direction) -> Coming {
        if last_data(self, frame, direction).is_none_or(|last| last <= frame) {
            return Coming::NEVER;
        }
        let mut until = frame;
        for (id, row) in ahead(self, frame, LOOK_AHEAD) {
            until = id;
            if is_data(row, direction) {
                return Coming { first: Some(row.first_byte()), until };
            }
        }
        Coming { first: None, until }
    }

    fn filling(&self, frame: FrameId, direction: Direction, seq: u32) -> Filling {
        Filling::of(segments(self, frame, direction, LOOK_AHEAD), seq)
    }

    fn carries_soon(&self, frame: FrameId, direction: Direction, seq: u32) -> Option<u32> {
        let mut soon = segments(self, frame, direction, LOOK_AHEAD_FIRST);
        let (_, first, _) = soon.find(|(_, first, len)| seq.wrapping_sub(*first) < *len)?;
        Some(first)
    }

    fn is_last_data(&self, frame: FrameId, direction: Direction) -> bool {
        last_data(self, frame, direction) == Some(frame)
    }

    fn end(&self, frame: FrameId, direction: Direction) -> Option<u32> {
        let digest = self.flow(self.row(frame)?.flow)?.digest;
        let is_long = digest.payload.get(direction.index()).is_none_or(|all| *all > MOST_NUMBERED);
        let fin = digest.first_fin.get(direction.index())?.some().filter(|_| !is_long)?;
        self.row(fin).map(Row::end)
    }

    fn goes_on(&self, frame: FrameId, direction: Direction) -> bool {
        let rows = ahead(self, frame, LOOK_AHEAD).map(|(_, row)| row);
        let is_copy = |row: &Row| row.is_duplicate() && row.tcp_flags() != 0;
        let mut data = rows.filter(|row| row.payload_len > 0 && !is_copy(row));
        data.next().is_some_and(|row| row.direction() == direction)
    }

    fn ending(&self, frame: FrameId, direction: Direction) -> Ending {
        let flow = self.row(frame).and_then(|row| self.flow(row.flow));
        let Some(digest) = flow.map(|flow| &flow.digest) else { return Ending::Cut };
        let seen = |firsts: &[FrameId; 2], way: Direction| {
            firsts.get(way.index()).is_some_and(|first| first.some().is_some())
        };
        if seen(&digest.first_fin, direction) {
            Ending::Closed
        } else if Direction::BOTH.into_iter().any(|way| seen(&digest.first_rst, way)) {
            Ending::Reset
        } else {
            Ending::Cut
        }
    }
}

/// What comes in a connection that may be more, or less, than one flow.
pub(super) struct OfConnection<'a> {
    pub(super) survey: &'a Survey,
    pub(super) attribution: &'a Attribution,
}

impl Later for OfConnection<'_> {
    fn next_data(&self, frame: FrameId, direction: Direction) -> Coming {
        self.survey.next_data(frame, direction)
    }

    fn filling(&self, frame: FrameId, direction: Direction, seq: u32) -> Filling {
        self.survey.filling(frame, direction, seq)
    }

    fn carries_soon(&self, frame: FrameId, direction: Direction, seq: u32) -> Option<u32> {
        self.survey.carries_soon(frame, direction, seq)
    }

    fn is_last_data(&self, frame: FrameId, direction: Direction) -> bool {
        self.attribution
            .is_last_data(frame, direction)
            .unwrap_or_else(|| self.survey.is_last_data(frame, direction))
    }

    fn goes_on(&self, frame: FrameId, direction: Direction) -> bool {
        self.attribution
            .goes_on(frame, direction, self.survey)
            .unwrap_or_else(|| self.survey.goes_on(frame, direction))
    }

    fn end(&self, frame: FrameId, direction: Direction) -> Option<u32> {
        self.survey.end(frame, direction)
    }

    fn ending(&self, frame: FrameId, direction: Direction) -> Ending {
        self.survey.ending(frame, direction)
    }
}

/// The last frame with data of this direction in the flow of `frame`.
fn last_data(survey: &Survey, frame: FrameId, direction: Direction) -> Option<FrameId> {
    let flow = survey.flow(survey.row(frame)?.flow)?;
    flow.digest.last_data.get(direction.index())?.some()
}

fn ahead(survey: &Survey, frame: FrameId, most: usize) -> impl Iterator<Item = (FrameId, &Row)> {
    let frames = survey.frames_from(frame).skip(1).take(most);
    frames.filter_map(|id| Some((id, survey.row(id)?)))
}

fn is_data(row: &Row, direction: Direction) -> bool {
    row.payload_len > 0 && row.direction() == direction && !row.is_duplicate()
}

/// Segments with data of one direction after a frame: frame, number of the first byte, length.
fn segments(
    survey: &Survey,
    frame: FrameId,
    direction: Direction,
    most: usize,
) -> impl Iterator<Item = (FrameId, u32, u32)> {
    let rows = ahead(survey, frame, most).filter(move |(_, row)| is_data(row, direction));
    rows.map(|(id, row)| (id, row.first_byte(), row.payload_len))
}
