//! What is asked of a layout: a value that can be compared, so that equal requests share a scene.

use std::collections::BTreeSet;

use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use wirestage_dissectors::story::{ActorId, BeatId, Level, Story, Times};

/// What is asked of a layout.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Request {
    /// The width to fill, in points. A scene that cannot be that narrow is wider.
    pub width: u32,
    /// How far one looks in.
    pub level: Level,
    /// What the way down means.
    pub axis: Axis,
    /// How times are written.
    pub times: Times,
    /// Whether the picture tells each step's sentence: in its right margin from
    /// [`Request::BOTH_MARGINS`] on, below the arrow where it is narrower.
    pub steps: bool,
    /// Whether it is a still: arrows, beads, numbers, chapter titles and round trips, and nothing
    /// else.
    pub still: bool,
    /// Lifelines that are left out, with all that they send and receive.
    pub hidden: BTreeSet<ActorId>,
    /// Beats that are drawn one level further in than the rest.
    pub opened: BTreeSet<BeatId>,
    /// What is followed through all the connections that it was handed on to: any beat of it.
    pub followed: Option<BeatId>,
}

/// What the way down means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ValueEnum)]
pub enum Axis {
    /// One row after the other, whatever time passed between
    #[default]
    Order,
    /// Time to scale, with long silences cut short and labelled
    Time,
}

impl Axis {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::Order, Self::Time];

    /// What fits a story where nobody chose: where both ends were recorded on one clock, arrows
    /// slant because that was measured, and only time to scale shows how long they took.
    #[must_use]
    pub const fn fitting(story: &Story) -> Self {
        if story.one_clock { Self::Time } else { Self::Order }
    }

    /// What it is called.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Order => "In order",
            Self::Time => "Time to scale",
        }
    }
}

impl Request {
    /// From this width on sentences have a margin of their own.
    pub const BOTH_MARGINS: u32 = super::form::BOTH_MARGINS;
    /// Under this width a picture is a strip: all stands between and under its lifelines.
    pub const STRIP: u32 = super::form::STRIP;
}

impl Default for Request {
    fn default() -> Self {
        Self {
            width: 1640,
            level: Level::Flight,
            axis: Axis::Order,
            times: Times::Elapsed,
            steps: true,
            still: false,
            hidden: BTreeSet::new(),
            opened: BTreeSet::new(),
            followed: None,
        }
    }
}
