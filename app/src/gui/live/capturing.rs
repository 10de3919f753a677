//! A capture as the window holds it: the thread that makes it, and whether one looks at it.

use crate::gui::work::live::Live;

/// A capture, and whether it is what one looks at.
pub struct Capturing {
    /// The capture.
    pub live: Live,
    pub(super) place: Place,
}

/// Where what is captured is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Nowhere yet: nothing is known that could be.
    Coming,
    /// On Explore.
    Shown,
    /// Something else was opened meanwhile.
    Left,
}

impl Capturing {
    /// Whether it is what one looks at.
    #[must_use]
    pub fn is_shown(&self) -> bool {
        self.place == Place::Shown
    }
}
