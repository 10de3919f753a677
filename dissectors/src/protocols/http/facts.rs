//! What a message's bytes cannot tell: its place in the order of the connection.

use crate::ids::FrameId;
use crate::message::Attachment;

/// Facts kept beside a message, five numbers of four bytes each. A message without them is the
/// first of its kind, whole, with none before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Facts {
    /// Which request, or which response, of the connection this is; the first is 1.
    pub(super) number: u32,
    /// The frame of the request before: before this one, or before the one this answers.
    pub(super) previous_request: FrameId,
    /// The frame of the response before this one.
    pub(super) previous_response: FrameId,
    /// How much of it there is.
    pub(super) kept: Kept,
    /// Bytes of body that came by, where not all of them did.
    pub(super) came: u32,
}

/// How much of a message was captured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Kept {
    /// All of it.
    #[default]
    Whole,
    /// Bytes of the body are missing in its midst.
    Hole,
    /// The sender ended the connection before the end of the body.
    Closed,
    /// The connection was broken off before the end of the body.
    Reset,
    /// The capture holds no more of the body.
    Cut,
    /// The capture holds no more of the head.
    HeadCut,
}

impl Kept {
    const ALL: [Self; 6] =
        [Self::Whole, Self::Hole, Self::Closed, Self::Reset, Self::Cut, Self::HeadCut];

    /// What is missing, in a sentence; nothing where nothing is.
    pub(super) const fn why(self) -> Option<&'static str> {
        Some(match self {
            Self::Whole => return None,
            Self::Hole => "Bytes of the body are missing: the capture has a gap",
            Self::Closed => {
                "The body is incomplete: the sender ended the connection before it (RFC 9112, 8)"
            }
            Self::Reset => "The body is incomplete: the connection was broken off",
            Self::Cut => "The capture ends, or was cut, before the end of the body",
            Self::HeadCut => "The capture cut this head: only its first lines were kept",
        })
    }
}

impl Default for Facts {
    fn default() -> Self {
        let none = FrameId::NONE;
        let (kept, came) = (Kept::Whole, 0);
        Self { number: 1, previous_request: none, previous_response: none, kept, came }
    }
}

impl Facts {
    /// The facts that an attachment holds.
    pub(super) fn of(attachment: Option<&Attachment>) -> Self {
        let number = |index: usize| {
            let bytes = attachment?.facts.get(index * 4..index * 4 + 4)?;
            bytes.try_into().map(u32::from_le_bytes).ok()
        };
        let (Some(own), Some(request), Some(response), Some(kept), Some(came)) =
            (number(0), number(1), number(2), number(3), number(4))
        else {
            return Self::default();
        };
        Self {
            number: own,
            previous_request: FrameId(request),
            previous_response: FrameId(response),
            kept: Kept::ALL.get(kept as usize).copied().unwrap_or_default(),
            came,
        }
    }

    /// Keeps the facts in an attachment.
    pub(super) fn keep(self, attachment: &mut Attachment) {
        let numbers = [
            self.number,
            self.previous_request.0,
            self.previous_response.0,
            self.kept as u32,
            self.came,
        ];
        attachment.facts.clear();
        attachment.facts.extend(numbers.into_iter().flat_map(u32::to_le_bytes));
    }
}
