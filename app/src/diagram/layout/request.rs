//! What is asked of a layout: a value that can be compared, so that equal requests share a scene.

use std::collections::BTreeSet;

use wirestage_dissectors::story::{ActorId, BeatId, Level};

/// What is asked of a layout.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Request {
    /// The width to fill, in points. A scene that cannot be that narrow is wider.
    pub width: u32,
    /// How far one looks in.
    pub level: Level,
    /// What the way down means.
    pub axis: Axis,
    /// Whether each step's sentence stands in the right margin.
    pub steps: bool,
    /// Lifelines that are left out, with all that they send and receive.
    pub hidden: BTreeSet<ActorId>,
    /// Beats that are drawn one level further in than the rest.
    pub opened: BTreeSet<BeatId>,
}

/// What the way down means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Axis {
    /// One row after the other, whatever time passed between.
    #[default]
    Order,
    /// Time to scale, with long silences cut short and labelled.
    Time,
}

impl Default for Request {
    fn default() -> Self {
        Self {
            width: 1640,
            level: Level::Flight,
            axis: Axis::Order,
            steps: true,
            hidden: BTreeSet::new(),
            opened: BTreeSet::new(),
        }
    }
}
