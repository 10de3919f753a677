//! Connections that a picture does not see begin.

use wirestage_dissectors::ids::ConnectionId;
use wirestage_dissectors::story::BeatId;

/// A connection that is open where a picture begins.
#[derive(Clone, Copy)]
pub(super) struct Carried {
    /// At which of its ends, and where the other one is.
    pub(super) column: usize,
    pub(super) other: usize,
    pub(super) connection: ConnectionId,
    /// Since which step; `None` if that was not recorded.
    pub(super) since: Option<BeatId>,
}
