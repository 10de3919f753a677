//! The answers that share a connection: when each piece of them came, when it could be handed on,
//! and when the whole was there.

use wirestage_dissectors::ids::Time;
use wirestage_dissectors::story::lanes::{Lane, LaneMark};
use wirestage_dissectors::story::{BeatId, Ledger, Piece, Story};

/// So many are told apart; of more nobody could.
const MOST: usize = 6;

/// One answer. Times are nanoseconds since the first byte of the first request left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What it answers: "/a".
    pub name: String,
    /// Its content, in the order in which it left.
    pub pieces: Vec<Part>,
    /// When all of it could be handed on.
    pub whole: i64,
}

/// A piece of an answer's content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// The message.
    pub beat: BeatId,
    /// When it came.
    pub came: i64,
    /// When it could be handed on: later, where something before it was missing.
    pub handed_on: i64,
}

impl Answer {
    /// How long the piece lay that waited longest; 0 where none did.
    #[must_use]
    pub fn held(&self) -> i64 {
        self.pieces.iter().map(|part| part.handed_on - part.came).max().unwrap_or(0)
    }
}

/// The answers on the connection that a ledger is about, where several share it.
pub(super) fn answers(story: &Story, ledger: &Ledger) -> Vec<Answer> {
    let own = story.lanes.iter().filter(|lane| lane.track == ledger.track);
    let found: Vec<Answer> =
        own.filter_map(|lane| answer(story, ledger, lane)).take(MOST).collect();
    if found.len() < 2 { Vec::new() } else { found }
}

fn answer(story: &Story, ledger: &Ledger, lane: &Lane) -> Option<Answer> {
    let since = |time: Time| time.since(ledger.asked.time);
    let path = lane.name.split_once(' ').map_or(lane.name.as_str(), |(_, path)| path);
    let is_content = |mark: &&LaneMark| {
        lane.asker != Some(mark.from) && matches!(mark.piece, Piece::Content(bytes) if bytes > 0)
    };
    let part = |mark: &LaneMark| {
        let arrived = story.beat(mark.beat)?.received?.time;
        let (came, held) = mark.held.unwrap_or((arrived, 0));
        let came = since(came);
        Some(Part { beat: mark.beat, came, handed_on: came + held })
    };
    let pieces: Vec<Part> = lane.marks.iter().filter(is_content).filter_map(part).collect();
    let whole = pieces.iter().map(|part| part.handed_on).max()?;
    Some(Answer { name: path.to_owned(), pieces, whole })
}
