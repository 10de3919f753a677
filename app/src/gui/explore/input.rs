//! What a person did within the open recording, to be carried out by it.

use wirestage_dissectors::ids::{ConnectionId, FrameId};
use wirestage_dissectors::span::BufferId;
use wirestage_dissectors::story::{BeatId, Folded, Level};

/// What a person did within the open recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// Chose a row of the packet list.
    Frame(FrameId),
    /// Chose an arrow or a bead.
    Beat(BeatId),
    /// Chose a line of the details.
    Line(usize),
    /// Chose a byte.
    Byte(BufferId, u32),
    /// Chose a tab of the bytes.
    Tab(BufferId),
    /// Went to the next step, or the one before.
    Step(bool),
    /// Chose what the diagram tells: one connection, or all.
    Tell(Option<ConnectionId>),
    /// Chose how far the diagram looks in; nothing where the zoom decides.
    Level(Option<Level>),
    /// Chose a row of the overview.
    Row(usize),
    /// Chose a request.
    Request(u32),
    /// Put what is typed as a filter into force.
    Filter,
    /// Went to the filter line.
    FocusFilter,
    /// Went back to the overview.
    Overview,
    /// Unfolded what is told as more of the same.
    Unfold(Folded),
    /// Folded all of them again.
    FoldAgain,
    /// Folded or unfolded a line of the details.
    Fold(usize),
}
