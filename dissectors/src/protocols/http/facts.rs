//! What a message's bytes cannot tell: its place in the order of the connection, and how much of
//! it there is.

use crate::engine::session::Ending;
use crate::engine::view::View;
use crate::ids::{FrameId, MessageId};
use crate::message::Message;
use crate::typed::Fact;
use crate::wording::{counted, thousands};

/// How a message ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// With its last byte.
    Whole,
    /// In its head, of which the capture kept the beginning.
    InHead,
    /// In a hole of the capture.
    Hole,
    /// With the connection, too early.
    Closed,
    /// With a reset.
    Reset,
    /// With the capture.
    Cut,
    /// In bytes that no chunk begins with, or no trailer section holds.
    Broken,
}

impl From<Ending> for Ended {
    fn from(ending: Ending) -> Self {
        match ending {
            Ending::Closed => Self::Closed,
            Ending::Reset => Self::Reset,
            Ending::Cut => Self::Cut,
        }
    }
}

/// Facts kept beside a message. A message without them is the first of its kind, whole, with none
/// before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Facts {
    /// Which request, or which response, of the connection this is; the first is 1.
    pub(super) number: u32,
    /// The frame of the request before: before this one, or before the one this answers.
    pub(super) previous_request: FrameId,
    /// The frame of the response before this one.
    pub(super) previous_response: FrameId,
    /// Of a response, the request that it answers.
    pub(super) question: MessageId,
    /// How it ended.
    pub(super) ended: Ended,
    /// Bytes of the body that were captured, where they are not all that is kept of it.
    pub(super) came: Option<u64>,
    /// Whether this is a response that came before its request was whole.
    pub(super) is_early: bool,
    /// How many requests wait behind the one that this answers.
    pub(super) waiting: u32,
    /// Whether its body is read by somebody else as it comes.
    pub(super) is_streamed: bool,
}

impl Default for Facts {
    fn default() -> Self {
        let none = FrameId::NONE;
        Self {
            number: 1,
            previous_request: none,
            previous_response: none,
            question: MessageId::NONE,
            ended: Ended::Whole,
            came: None,
            is_early: false,
            waiting: 0,
            is_streamed: false,
        }
    }
}

impl Fact for Facts {}

impl Facts {
    /// The facts that are kept beside a message.
    pub(super) fn of(message: &Message, view: &View<'_>) -> Self {
        view.facts(message).copied().unwrap_or_default()
    }
}

/// How many bytes of a body there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Extent {
    /// What is kept of it, to look at.
    pub(super) kept: u64,
    /// What was captured of it.
    pub(super) came: u64,
    /// What its head announced.
    pub(super) announced: Option<u64>,
    /// How it ended.
    pub(super) ended: Ended,
}

impl Extent {
    /// Whether its sender never began with it, and ended the connection instead.
    pub(super) fn is_spared(self) -> bool {
        self.came == 0 && self.announced.is_some() && self.ended == Ended::Closed
    }

    /// What is missing of the body, and why, in one clause; `None` if it is whole.
    pub(super) fn shortfall(self) -> Option<String> {
        let Self { came, announced, ended, .. } = self;
        let all = counted(came, "byte");
        let of = |what: &str| match announced {
            Some(announced) => format!("{} of {} {what}", thousands(came), thousands(announced)),
            None => all.clone(),
        };
        Some(match ended {
            Ended::Whole if announced.is_some_and(|announced| came < announced) => {
                format!("{}; the rest is missing from the capture", of("bytes captured"))
            }
            Ended::Whole | Ended::InHead => return None,
            Ended::Hole => format!("{}, then the capture has a hole", of("bytes captured")),
            Ended::Closed => {
                format!("{}; incomplete (RFC 9112, section 8)", of("announced bytes"))
            }
            Ended::Reset => format!(
                "{}, then the connection was reset; incomplete (RFC 9112, section 8)",
                of("announced bytes")
            ),
            Ended::Cut if announced.is_some() => {
                format!("{}, transfer not complete", of("bytes captured"))
            }
            Ended::Cut => format!("{all} captured, transfer not complete"),
            Ended::Broken => {
                format!("{all}, then something that is no chunk (RFC 9112, section 7.1)")
            }
        })
    }
}
