//! Where in what was said the chosen packet stands.

use std::ops::Range;

use wirestage_dissectors::ids::{Direction, FrameId};

use super::Explore;
use crate::export::follow::Line;

/// The chosen packet, as far as it matters for what was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Said {
    frame: FrameId,
    by_client: bool,
    has_data: bool,
}

/// Where the panel stands.
#[derive(Default)]
pub(super) struct Standing {
    /// The lines that the chosen packet said; where it said nothing, the empty range between those
    /// of others.
    pub(super) chosen: Option<Range<usize>>,
    /// The lines that are in sight.
    pub(super) seen: Range<usize>,
    /// For which packet that was found, and in which telling.
    found_for: Option<(FrameId, usize)>,
}

/// The lines of a packet. What is sealed or cut in parts stands where the rest of it came.
fn lines_of(lines: &[Line], said: Said) -> Range<usize> {
    let own = |line: &Line| line.by_client == said.by_client;
    let exact = lines.iter().position(|line| own(line) && line.frame == said.frame);
    let later = || lines.iter().position(|line| own(line) && line.frame > said.frame);
    let found = exact.or_else(|| said.has_data.then(later).flatten());
    let Some(begin) = found else {
        let before = lines.iter().position(|line| line.frame > said.frame);
        let before = before.unwrap_or(lines.len());
        return before..before;
    };
    let frame = lines.get(begin).map(|line| line.frame);
    let goes_on = |line: &&Line| own(line) && Some(line.frame) == frame;
    let count = lines.iter().skip(begin).take_while(goes_on).count();
    begin..begin + count
}

impl Explore {
    /// Finds the chosen packet in what is told, where another one was chosen or told anew. Gives
    /// the line that is to be brought into sight.
    pub(super) fn stand_followed(&mut self) -> Option<usize> {
        let frame = self.selection.frame?;
        let owner = self.ground.attribution.of(frame, &self.ground.survey)?;
        let path = self.ground.survey.flow(self.ground.attribution.first_path(owner.connection))?;
        let client = path.ports().began.unwrap_or(Direction::Forward);
        let row = self.ground.survey.row(frame)?;
        let by_client = owner.direction == client;
        let said = Said { frame, by_client, has_data: row.data_len() > 0 };
        let following = &mut self.following;
        let (told, times) = following.told_of(owner.connection)?;
        if following.standing.found_for == Some((frame, times)) {
            return None;
        }
        let chosen = lines_of(&told.lines, said);
        let standing = &mut following.standing;
        standing.found_for = Some((frame, times));
        let begin = chosen.start;
        standing.chosen = Some(chosen);
        (!standing.seen.contains(&begin)).then_some(begin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What was said, each line by a side and with its frame.
    fn said(lines: &[(bool, u32)]) -> Vec<Line> {
        let line = |(by_client, frame): &(bool, u32)| Line {
            by_client: *by_client,
            heads: None,
            frame: FrameId(*frame),
            text: String::new(),
        };
        lines.iter().map(line).collect()
    }

    #[test]
    fn a_packet_stands_where_its_bytes_do_and_one_without_any_between_others() {
        let lines = said(&[(true, 4), (true, 4), (false, 6), (false, 6), (false, 9), (true, 12)]);
        let check = |frame, by_client, has_data, expected: Range<usize>| {
            let said = Said { frame: FrameId(frame), by_client, has_data };
            assert_eq!(lines_of(&lines, said), expected, "{said:?}");
        };
        check(4, true, true, 0..2);
        check(6, false, true, 2..4);
        // The rest of its record came later.
        check(8, false, true, 4..5);
        // An acknowledgement says nothing.
        check(7, true, false, 4..4);
        check(0, true, false, 0..0);
        check(20, false, true, 6..6);
    }
}
