//! What a person did within the open recording, to be carried out by it.

use wirestage_dissectors::ids::{ConnectionId, FrameId};
use wirestage_dissectors::span::BufferId;
use wirestage_dissectors::story::{BeatId, Folded, Level};

use super::asks::{Copied, Decode, Follow, Narrow, Remark, Secret, Seek, Since, Way};
use crate::diagram::Towards;
use crate::diagram::overview::Opens;
use crate::document::SortBy;

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
    Step(Towards),
    /// Went to the connection that began next, or to the one before.
    Connection(Towards),
    /// Chose what the diagram tells: one connection, or all.
    Tell(Option<ConnectionId>),
    /// Chose how far the diagram looks in; nothing where the zoom decides.
    Level(Option<Level>),
    /// Chose a row of the overview.
    Row(usize),
    /// Chose a place in the strip of a row of the overview.
    Spot(usize, Opens),
    /// Chose a request.
    Request(u32),
    /// Put what is typed as a filter into force.
    Filter,
    /// Went to the filter line.
    FocusFilter,
    /// Looked for something.
    Find(Seek),
    /// Went somewhere by its name, or where one was.
    Go(Way),
    /// Sorted the packet list by a column, or the other way.
    Sort(SortBy, bool),
    /// Showed a field as a column of the packet list, or no longer.
    Column(&'static str),
    /// Chose what its times count from.
    Since(Since),
    /// Chose the frame that they count from; nothing for the first one.
    Reference(Option<FrameId>),
    /// Chose the selected one for it, or the first one again.
    ReferHere,
    /// Marked the selected packet, or commented on it.
    Remark(Remark),
    /// Said how a port or a connection is to be read.
    Decode(Decode),
    /// Copied something of what is selected.
    Copy(Copied),
    /// Asked for what two sides said to each other.
    Follow(Follow),
    /// Asked for the secrets between them.
    Secret(Secret),
    /// Bring the panel of this title forward.
    Panel(&'static str),
    /// Chose a stretch of time, in nanoseconds since the first frame; nothing for all of it.
    Brush(Option<(i64, i64)>),
    /// Filtered by something of what is selected.
    Narrow(Narrow),
    /// Went back to the overview.
    Overview,
    /// Unfolded what is told as more of the same.
    Unfold(Folded),
    /// Folded all of them again.
    FoldAgain,
    /// Folded or unfolded a line of the details.
    Fold(usize),
}
