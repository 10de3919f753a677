//! What of an arrow failed: all of it or a part, and whether what carries it fails with it.

use std::collections::HashSet;

use wirestage_dissectors::story::{BeatId, Story};

use super::messages::Bead;
use crate::diagram::style::Style;

/// How the messages of an arrow failed that says no.
#[derive(Clone, Copy, Default)]
pub(super) struct Fate {
    /// Whether all that say no do so in answer to a question.
    pub(super) answers: bool,
    /// Whether others of them do not say no.
    pub(super) mixed: bool,
    /// Whether all that say no break off a stream, and leave its connection as it is.
    pub(super) of_stream: bool,
}

impl Fate {
    /// Nothing of a block that folds several flights.
    pub(super) fn of(
        (beads, folded): (&[Bead], bool),
        answers: &HashSet<BeatId>,
        resets: &HashSet<BeatId>,
    ) -> Self {
        let refusals = || beads.iter().filter(|bead| bead.refused());
        if folded || refusals().next().is_none() {
            return Self::default();
        }
        // What only carries or confirms goes along with what failed.
        let goes_along = |bead: &Bead| bead.style == Style::Tcp || bead.quiet;
        Self {
            answers: refusals().all(|bead| answers.contains(&bead.beat)),
            mixed: beads.iter().any(|bead| !bead.refused() && !goes_along(bead)),
            of_stream: refusals().all(|bead| resets.contains(&bead.beat)),
        }
    }
}

/// The messages of a story that break off a stream, and nothing else.
pub(super) fn resets(story: &Story) -> HashSet<BeatId> {
    story.lanes.iter().flat_map(|lane| lane.resets()).collect()
}
