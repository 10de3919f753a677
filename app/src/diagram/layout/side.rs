//! The two sides of a lifeline.

use crate::diagram::geometry::Align;

/// One side of a lifeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Side {
    Left,
    Right,
}

impl Side {
    /// The side of a column on which another one stands; the left one of a column itself.
    pub(super) const fn towards(column: usize, other: usize) -> Self {
        if other > column { Self::Right } else { Self::Left }
    }

    pub(super) const fn other(self) -> Self {
        match self {
            Self::Left => Self::Right,
            Self::Right => Self::Left,
        }
    }

    /// Which way x grows, going away from the lifeline.
    pub(super) const fn sign(self) -> f32 {
        match self {
            Self::Left => -1.0,
            Self::Right => 1.0,
        }
    }

    /// How words stand there: they end or begin beside the lifeline.
    pub(super) const fn align(self) -> Align {
        match self {
            Self::Left => Align::End,
            Self::Right => Align::Start,
        }
    }

    /// From where to where something reaches that is so wide and begins or ends at `x`.
    pub(super) const fn stretch(self, x: f32, width: f32) -> (f32, f32) {
        match self {
            Self::Left => (x - width, x),
            Self::Right => (x, x + width),
        }
    }
}
