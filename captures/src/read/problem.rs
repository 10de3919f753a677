//! What is wrong with a recording that can still be read: where, what, and what that costs.

use std::fmt;

/// One thing that is wrong with the file. Everything before it, and often much behind it, is
/// still readable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The name of the file, where several are read as one; empty where it is the only one.
    pub file: String,
    /// Where in the file (after decompression), in bytes from its start.
    pub offset: u64,
    /// What was found.
    pub kind: ProblemKind,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.file.is_empty() {
            write!(f, "{}: ", self.file)?;
        }
        write!(f, "At byte {}: {}", self.offset, self.kind)
    }
}

/// What can be wrong, in words for the person who wants to read the file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProblemKind {
    /// The file ends within a record or block.
    #[error(
        "the file ends in the middle of a {what}: {needed} bytes were announced, {present} are \
         there. Probably its writer was stopped, or a copy was not finished. All frames before \
         it are shown; copy or record the file again to get the rest."
    )]
    Cut {
        /// "packet record" or "block".
        what: &'static str,
        /// How many bytes it should have had.
        needed: u64,
        /// How many are left in the file.
        present: u64,
    },
    /// A length that cannot be true; what follows cannot be found.
    #[error(
        "a {what} claims a length of {claimed} bytes, but {rule}. What follows cannot be found, \
         so reading stops here. All frames before it are shown."
    )]
    BadLength {
        /// "packet record" or "block".
        what: &'static str,
        /// The length that was claimed.
        claimed: u64,
        /// The rule it breaks.
        rule: &'static str,
    },
    /// A section header that cannot be understood; without it, nothing behind it can.
    #[error(
        "a section header cannot be read: {rule}. What follows cannot be understood without it, \
         so reading stops here. All frames before it are shown."
    )]
    BadSection {
        /// The rule it breaks.
        rule: &'static str,
    },
    /// A block with a sound length whose content cannot be understood; reading goes on behind it.
    #[error("{what}. The block is skipped, and reading goes on behind it.")]
    BadBlock {
        /// What is wrong with it.
        what: &'static str,
    },
    /// A frame whose block claims more bytes than it holds.
    #[error(
        "frame {number} claims {claimed} captured bytes, but its block has room for {present}. \
         The bytes that are there are shown."
    )]
    ShortFrame {
        /// The frame's number, from one.
        number: u32,
        /// How many bytes it claims.
        claimed: u32,
        /// How many it has.
        present: u32,
    },
    /// A frame of an interface that was never described.
    #[error(
        "frame {number} names interface {interface}, which the file never described. Its bytes \
         are kept, but nobody can say what they are."
    )]
    NoInterface {
        /// The frame's number, from one.
        number: u32,
        /// The interface's number within its section.
        interface: u32,
    },
    /// Something is there more often than we keep.
    #[error("there are more than {limit} {what} in this file. Those beyond are left out.")]
    TooMany {
        /// What there is too much of.
        what: &'static str,
        /// How many are kept.
        limit: u64,
    },
    /// The compressed data around the capture is damaged.
    #[error(
        "the {format} data around the capture ends here or cannot be unfolded: {cause}. All \
         frames up to this place are shown; fetch the file again, or unfold it by hand, to get \
         the rest."
    )]
    Unfolding {
        /// "gzip" or "zstd".
        format: &'static str,
        /// What the decoder said.
        cause: String,
    },
    /// The file became shorter, or its disk stopped answering, while it was open.
    #[error(
        "the file was cut, or could no longer be read, from here on while it was open. Frames \
         behind this place are empty now. Open the file again when its writer is done."
    )]
    Shrunk,
    /// Reading the file failed.
    #[error("reading failed: {cause}. All frames before it are shown.")]
    Unreadable {
        /// What the system said.
        cause: String,
    },
}

impl ProblemKind {
    /// The number of the frame that it is about, from one; `None` if it is about none.
    pub(super) const fn frame_mut(&mut self) -> Option<&mut u32> {
        match self {
            Self::ShortFrame { number, .. } | Self::NoInterface { number, .. } => Some(number),
            _ => None,
        }
    }
}
