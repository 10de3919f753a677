//! What a message's bytes cannot tell: its place in the order of the connection.

use crate::ids::FrameId;
use crate::message::Attachment;

/// Facts kept beside a message, four numbers of four bytes each. A message without them is the
/// first of its kind, whole, with none before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Facts {
    /// Which request, or which response, of the connection this is; the first is 1.
    pub(super) number: u32,
    /// The frame of the request before: before this one, or before the one this answers.
    pub(super) previous_request: FrameId,
    /// The frame of the response before this one.
    pub(super) previous_response: FrameId,
    /// Whether bytes of the body are missing.
    pub(super) incomplete: bool,
}

impl Default for Facts {
    fn default() -> Self {
        let none = FrameId::NONE;
        Self { number: 1, previous_request: none, previous_response: none, incomplete: false }
    }
}

impl Facts {
    /// The facts that an attachment holds.
    pub(super) fn of(attachment: Option<&Attachment>) -> Self {
        let number = |index: usize| {
            let bytes = attachment?.facts.get(index * 4..index * 4 + 4)?;
            bytes.try_into().map(u32::from_le_bytes).ok()
        };
        let (Some(own), Some(request), Some(response), Some(incomplete)) =
            (number(0), number(1), number(2), number(3))
        else {
            return Self::default();
        };
        Self {
            number: own,
            previous_request: FrameId(request),
            previous_response: FrameId(response),
            incomplete: incomplete != 0,
        }
    }

    /// Keeps the facts in an attachment.
    pub(super) fn keep(self, attachment: &mut Attachment) {
        let numbers = [
            self.number,
            self.previous_request.0,
            self.previous_response.0,
            u32::from(self.incomplete),
        ];
        attachment.facts.clear();
        attachment.facts.extend(numbers.into_iter().flat_map(u32::to_le_bytes));
    }
}
