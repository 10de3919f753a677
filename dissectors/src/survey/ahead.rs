//! Looking ahead: what the columns of the survey know of the frames still to come.

use super::{Row, Survey};
use crate::engine::later::{Coming, Filling, Later};
use crate::engine::session::Ending;
use crate::ids::{Direction, FrameId};
use crate::limits::{LOOK_AHEAD, LOOK_AHEAD_FIRST};

/// Sequence numbers tell places apart in streams of at most so many bytes: half of their range.
const MOST_NUMBERED: u64 = 1 << 31;

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
        let is_long = *digest.payload.of(direction) > MOST_NUMBERED;
        let fin = digest.first_fin.of(direction).some().filter(|_| !is_long)?;
        self.row(fin).map(Row::end)
    }

    fn goes_on(&self, frame: FrameId, direction: Direction) -> bool {
        let rows = ahead(self, frame, LOOK_AHEAD).map(|(_, row)| row);
        let is_copy = |row: &Row| row.is_duplicate() && row.tcp_flags() != 0;
        let mut data = rows.filter(|row| row.data_len() > 0 && !is_copy(row));
        data.next().is_some_and(|row| row.direction() == direction)
    }

    fn ending(&self, frame: FrameId, direction: Direction) -> Ending {
        let flow = self.row(frame).and_then(|row| self.flow(row.flow));
        let Some(digest) = flow.map(|flow| &flow.digest) else { return Ending::Cut };
        if digest.first_fin.of(direction).some().is_some() {
            Ending::Closed
        } else if digest.first_rst.iter().any(|first| first.some().is_some()) {
            Ending::Reset
        } else {
            Ending::Cut
        }
    }
}

/// The last frame with data of this direction in the flow of `frame`.
fn last_data(survey: &Survey, frame: FrameId, direction: Direction) -> Option<FrameId> {
    let flow = survey.flow(survey.row(frame)?.flow)?;
    flow.digest.last_data.of(direction).some()
}

fn ahead(survey: &Survey, frame: FrameId, most: usize) -> impl Iterator<Item = (FrameId, &Row)> {
    let frames = survey.frames_from(frame).skip(1).take(most);
    frames.filter_map(|id| Some((id, survey.row(id)?)))
}

fn is_data(row: &Row, direction: Direction) -> bool {
    row.data_len() > 0 && row.direction() == direction && !row.is_duplicate()
}

/// Segments with data of one direction after a frame: frame, number of the first byte, length.
fn segments(
    survey: &Survey,
    frame: FrameId,
    direction: Direction,
    most: usize,
) -> impl Iterator<Item = (FrameId, u32, u32)> {
    let rows = ahead(survey, frame, most).filter(move |(_, row)| is_data(row, direction));
    rows.map(|(id, row)| (id, row.first_byte(), row.data_len()))
}
