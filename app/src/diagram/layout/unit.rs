//! An arrow of a picture: what it shows, between whom, and what hangs on it.

use wirestage_dissectors::ids::Time;
use wirestage_dissectors::story::{Beat, BeatId, Outcome, TrackId};

use super::ends::End;
use super::fate::Fate;
use super::messages::Bead;
use super::segments::Tag;

/// An arrow.
#[derive(Clone)]
pub(super) struct Unit<'a> {
    /// What it shows.
    pub(super) id: BeatId,
    pub(super) beat: &'a Beat,
    /// Between which of the columns that are shown.
    pub(super) from: usize,
    pub(super) to: usize,
    /// Its number: "4", "4.2", "1–2".
    pub(super) number: String,
    /// Which connection it belongs to, where the picture tells of several.
    pub(super) badge: Option<TrackId>,
    /// What is on it.
    pub(super) beads: Vec<Bead>,
    /// Which of them speaks for it: that of its sentence.
    pub(super) lead: usize,
    /// What is on the arrows of its packets.
    pub(super) tags: Vec<Tag>,
    /// Whether it stands for a conversation and not for one direction: a block, no arrow.
    pub(super) folded: bool,
    /// What a block folds: "3 flights · 1 round trip · 222 B".
    pub(super) note: String,
    /// What of it failed.
    pub(super) fate: Fate,
    /// Whether it is drawn small: acknowledgements and the like.
    pub(super) quiet: bool,
    /// When the other end saw it, where that is known and the arrow slants.
    pub(super) received: Option<Time>,
    /// Which part of it beads may hang on.
    pub(super) free: Free,
    /// What changes and what programs do at its tail and its head.
    pub(super) tail: End<'a>,
    pub(super) head: End<'a>,
}

/// Which part of an arrow beads may hang on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Free {
    /// All of it.
    Whole,
    /// The half at its tail: it meets an arrow that travels against it, or is overtaken.
    Tail,
    /// The half at its head: it overtakes another.
    Head,
}

impl Unit<'_> {
    /// Whether it never arrived.
    pub(super) fn lost(&self) -> bool {
        let all = || !self.beads.is_empty() && self.beads.iter().all(|bead| bead.lost);
        !self.folded && (self.beat.outcome == Outcome::Lost || all())
    }

    /// Whether it says no in answer to a question. Nothing ends by that.
    pub(super) fn says_no(&self) -> bool {
        self.beat.outcome == Outcome::Refused && self.fate.answers
    }

    /// Whether it turns down or breaks off, all of it.
    pub(super) fn refused(&self) -> bool {
        self.beat.outcome == Outcome::Refused && !self.fate.answers && !self.fate.mixed
    }

    /// Whether what carries it is turned down or broken off by it.
    pub(super) fn breaks(&self) -> bool {
        self.refused() && !self.fate.of_stream
    }

    /// Whether some of it turns down or breaks off.
    pub(super) fn has_refusal(&self) -> bool {
        self.beat.outcome == Outcome::Refused && !self.fate.answers
    }
}
