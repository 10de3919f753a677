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
    /// The requests, for the tools of browsers.
    Archive,
    /// What requests and answers carried, a file each.
    Contents,
}

impl What {
    /// All that can be written.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        let others = [Self::Recording, Self::Archive, Self::Contents];
        Format::ALL.map(Self::Story).into_iter().chain(others)
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Story(format) => format.name(),
            Self::Recording => "Recording",
            Self::Archive => "HAR",
            Self::Contents => "Contents",
        }
    }

    pub(super) const fn help(self) -> &'static str {
        match self {
            Self::Story(format) => format.help(),
            Self::Recording => {
                "Every packet with the keys that open them: whoever has the file can read it all."
            }
            Self::Archive => {
                "All requests with their answers, for the developer tools of browsers."
            }
            Self::Contents => {
                "What requests and answers carried, decoded, a file each in a folder."
            }
        }
    }

    /// Whether it is of the requests.
    pub(super) const fn is_of_requests(self) -> bool {
        matches!(self, Self::Archive | Self::Contents)
    }

    /// How the names of its files end; nothing for a folder.
    pub(super) const fn ending(self) -> &'static str {
        match self {
            Self::Story(format) => format.ending(),
            Self::Recording => "pcapng",
            Self::Archive => "har",
            Self::Contents => "",
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
