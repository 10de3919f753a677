//! What a message of DNS is, and of which of the three protocols.

use crate::codes;
use crate::ids::FrameId;
use crate::message::{Message, MessageKind};

codes! {
    /// What a message is.
    pub enum Kind {
        /// It fills its datagram or body.
        Plain,
        /// It stands behind its length in two bytes.
        Prefixed,
        /// A plain one that says again what an earlier one said.
        PlainAgain,
        /// A prefixed one that says again what an earlier one said.
        PrefixedAgain,
    }
}

impl MessageKind for Kind {
    /// The frame of the earlier message where it is said again; else that of the question that it
    /// answers.
    type Extra = Option<FrameId>;
}

impl Kind {
    /// Whether a length stands before it.
    pub(super) const fn is_prefixed(self) -> bool {
        matches!(self, Self::Prefixed | Self::PrefixedAgain)
    }

    /// Whether an earlier message said the same.
    pub(super) const fn is_repeated(self) -> bool {
        matches!(self, Self::PlainAgain | Self::PrefixedAgain)
    }

    /// The same kind, of a message that says again what an earlier one said.
    pub(super) const fn again(self) -> Self {
        if self.is_prefixed() { Self::PrefixedAgain } else { Self::PlainAgain }
    }

    /// The kind of a message.
    pub(super) fn of(message: &Message) -> Self {
        message.kind().unwrap_or(Self::Plain)
    }
}

/// Which of the three protocols.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flavour {
    Dns,
    /// The top bit of a class is a flag, and answers come without question.
    Mdns,
    /// Two bits of the header mean other things.
    Llmnr,
}
