//! Closing the window: what is captured just then is kept first.

/// How far the window is from closing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Closing {
    /// Nobody asked for it.
    #[default]
    No,
    /// It closes as soon as what was captured is kept.
    WhenKept,
    /// It closes.
    Now,
}

impl Closing {
    /// Somebody closes the window. Who asks twice does not wait until a capture is kept.
    pub(in crate::gui) const fn asked(self, captures: bool) -> Self {
        match self {
            Self::No if captures => Self::WhenKept,
            Self::No | Self::WhenKept | Self::Now => Self::Now,
        }
    }
}
