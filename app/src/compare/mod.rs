//! Comparisons: two to six connections side by side, and what each cost until it was answered.
//!
//! ```text
//!   Set ── scenarios ──> recordings ──┐
//!                          files ─────┴──> Way: story, measured connection, ledger ──> Comparison
//!                                                                     ├──> rows ──> text, JSON
//!                                                                     └──> diagram/compare
//! ```
//!
//! All numbers are those of the stories' ledgers: text, JSON and picture show the same ones.

mod align;
mod answers;
mod fields;
mod gather;
mod lesson;
mod listed;
mod order;
mod rows;
mod said;
mod set;
mod text;
mod words;

use wirestage_dissectors::story::{ActorId, Ledger, Replay, Story, TrackId};

pub use align::pairs;
pub use answers::{Answer, Part};
pub use fields::{Difference, Step, steps};
pub use gather::{Origin, Source, Witness, gather};
pub use listed::{Listed, steps_to_json, steps_to_text};
pub use rows::{Before, Cell, Row, rows};
pub use said::{Purpose, Said, short};
pub use set::{Member, SETS, Set, Until};
pub use text::{to_json, to_text};
pub use words::words;

/// How many can be compared: more columns than this are narrower than their words.
pub const MOST: usize = 6;

/// Some ways to do the same, side by side.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparison {
    /// What is compared.
    pub title: String,
    /// Over which link, and from where to where each is counted.
    pub subtitle: String,
    /// What one sees, in one sentence; empty where nobody wrote one.
    pub claim: String,
    /// What lies behind it, with the standards that say so.
    pub explains: String,
    /// The ways, from left to right.
    pub ways: Vec<Way>,
    /// What a reader must know before trusting it: who is missing, and why.
    pub notes: Vec<String>,
    /// Up to what the ways are measured.
    pub until: Until,
}

/// One way: a connection of a recording, from its first packet to the first byte of its answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Way {
    /// What it is called: "TLS 1.3, 0-RTT".
    pub name: String,
    /// What it rests on: "over TCP, ticket from an earlier visit".
    pub under: String,
    /// The link that it was recorded over; `None` if none is known.
    pub link: Option<String>,
    /// What happened in its whole recording.
    pub story: Story,
    /// The connection that is measured; nothing for datagrams that no connection binds.
    pub track: Option<TrackId>,
    /// What that connection cost; `None` if nobody asked, or was answered.
    pub ledger: Option<Ledger>,
    /// The answers that share it, where there are several and both ends were recorded.
    pub answers: Vec<Answer>,
    /// What its messages say until the first byte of the answer; empty where nobody has read that.
    pub said: Vec<Said>,
}

impl Way {
    /// A way through the recording that this story tells.
    #[must_use]
    pub fn new(name: String, under: String, story: Story) -> Self {
        let ledger = measured(&story);
        let first = (!story.tracks.is_empty()).then_some(TrackId(0));
        let track = ledger.map_or(first, |ledger| ledger.track);
        let answers = ledger.map(|ledger| answers::answers(&story, &ledger)).unwrap_or_default();
        let said = Vec::new();
        Self { name, under, link: None, story, track, ledger, answers, said }
    }

    /// Who asks on the measured connection.
    #[must_use]
    pub fn client(&self) -> Option<ActorId> {
        let asked = self.ledger.and_then(|ledger| self.story.beat(ledger.request));
        let track = self.track.and_then(|track| self.story.tracks.get(usize::from(track.0)));
        asked
            .map(|beat| beat.from)
            .or_else(|| track.map(|track| track.ends).map(|[client, _]| client))
    }

    /// How many of the answers wait for something that is missing before them, of how many.
    #[must_use]
    pub fn held_up(&self) -> (usize, usize) {
        let held = self.answers.iter().filter(|answer| answer.held() > 0).count();
        (held, self.answers.len())
    }
}

/// The connection that is measured: the first one that uses what an earlier visit left, for that
/// visit only prepares it; else the first that was answered.
fn measured(story: &Story) -> Option<Ledger> {
    let mut ledgers = story.ledgers.iter();
    let early = ledgers.clone().find(|ledger| ledger.replay != Replay::Impossible);
    early.or_else(|| ledgers.next()).copied()
}
