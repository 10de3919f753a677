//! When nothing might be sent on any lane of a connection, because the window of all of them
//! together was used up (RFC 9113, 5.2.1), and which lanes had more to say meanwhile.

use wirestage_dissectors::ids::Time;
use wirestage_dissectors::story::lanes::{Lane, LaneMark, Window};
use wirestage_dissectors::story::{ActorId, Piece, Story};

/// A time in which the window of all lanes together was used up.
#[derive(Clone, Copy)]
pub(super) struct HeldUp {
    sender: ActorId,
    pub(super) since: Time,
    pub(super) until: Time,
}

impl HeldUp {
    /// Those of a story.
    pub(super) fn of(story: &Story) -> Vec<Self> {
        let all = story.windows.iter().filter(|window| window.lane.is_none() && window.held_up);
        let of_one = |window: &Window| {
            let sender = window.sender;
            let pairs = window.points.iter().zip(window.points.iter().skip(1));
            let used_up = pairs.filter(|((_, before), (_, after))| *before <= 0 && *after > 0);
            let since = |until: Time| {
                let before = window.points.iter().rev().skip_while(|(time, _)| *time >= until);
                before.take_while(|(_, bytes)| *bytes <= 0).last().map(|(time, _)| *time)
            };
            let times = used_up.filter_map(|(_, (until, _))| Some((since(*until)?, *until)));
            times.map(|(since, until)| Self { sender, since, until }).collect::<Vec<_>>()
        };
        all.flat_map(of_one).collect()
    }

    /// Whether there was more to say on a lane meanwhile. Where its own window was used up as well,
    /// that is what its mark says.
    pub(super) fn blocks(&self, lane: &Lane) -> bool {
        let content =
            |mark: &&LaneMark| mark.from == self.sender && matches!(mark.piece, Piece::Content(_));
        let own = || lane.marks.iter().filter(content);
        let goes_on = own().any(|mark| mark.sent.time >= self.until);
        let is_open = lane.marks.iter().any(|mark| mark.sent.time <= self.since);
        let waits_itself = lane.marks.iter().any(|mark| match mark.piece {
            Piece::Leave(waited) => {
                let since = Time(mark.sent.time.0.saturating_sub(waited));
                since < self.until && self.since < mark.sent.time
            }
            _ => false,
        });
        goes_on && is_open && !waits_itself
    }
}
