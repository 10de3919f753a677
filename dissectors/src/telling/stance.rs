//! How a message stands among what else its side says: flights are cut by it.

/// Where a message stands, and what it does to the flight that it is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Stance {
    /// Whether others tell of what it carries, as it comes: of itself there is its head.
    pub open_ended: bool,
    /// Whether it tells how what it spans ended: it stands there, and others tell of the rest.
    pub at_end: bool,
    /// Whether it only carries what others tell of: where those stand beside it, it has no bead.
    pub carries: bool,
    /// Whether the other side neither waits for it nor asked for it (a session ticket, an idle
    /// setting): it may cross what the other side says without ending its flight.
    pub aside: bool,
    /// Whether it takes leave: it opens a flight of its own after what was said before, so that
    /// an end is a step one can see.
    pub closes: bool,
}
