//! What a person did about an export, and what can be written.

use crate::diagram::Axis;
use crate::export::{Clock, Format};

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// The story that is told.
    Story(Format),
    /// The recording itself, with its keys.
    Recording,
}

impl What {
    /// All that can be written.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        Format::ALL.map(Self::Story).into_iter().chain([Self::Recording])
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Story(format) => format.name(),
            Self::Recording => "Recording",
        }
    }

    pub(super) const fn help(self) -> &'static str {
        match self {
            Self::Story(format) => format.help(),
            Self::Recording => {
                "Every packet with the keys that open them: whoever has the file can read it all."
            }
        }
    }

    pub(super) const fn ending(self) -> &'static str {
        match self {
            Self::Story(format) => format.ending(),
            Self::Recording => "pcapng",
        }
    }
}

/// What a person did about an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Chose what is written.
    Choose(What),
    /// Chose which times are shown, here and in the diagram.
    Clock(Clock),
    /// Chose what the way down means, here and in the diagram.
    Axis(Axis),
    /// Asked for a dialog to choose the file.
    Browse,
    /// Asked for the file.
    Write,
    /// Asked for the picture on the clipboard.
    Picture,
    /// Asked for the text on the clipboard.
    Text,
    /// Has seen enough of it.
    Close,
}
