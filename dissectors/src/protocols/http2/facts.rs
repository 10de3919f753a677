//! What is kept beside a frame because its bytes do not hold it: the fields that its header block
//! stands for, the windows that it changed, the body that it ends.

use std::sync::Arc;

use super::hpack::Form;
use crate::engine::view::View;
use crate::ids::{FrameId, MessageId};
use crate::message::Message;
use crate::protocols::contents::Media;
use crate::protocols::multiplexed::{self as shared, Body, Part};
use crate::protocols::semantics::Asked;
use crate::typed::Fact;

/// What is out of order with a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Remark {
    /// Its stream has ended on this side.
    Ended,
    /// It stands within a header block of another stream, or is no CONTINUATION (RFC 9113,
    /// section 6.10).
    Within,
    /// It goes on with a header block that nobody began.
    NoBlock,
    /// Its header block is too long, or in too many frames, to be read.
    Flood,
    /// One of many streams in a row that their asker breaks off before an answer.
    RapidReset,
}

/// What a frame says of its header list.
pub(super) type List = shared::List<Form>;

/// A window before and after a frame, in bytes that may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) before: i64,
    pub(super) after: i64,
}

/// The windows that a frame changes (RFC 9113, section 5.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Windows {
    pub(super) connection: Option<Change>,
    pub(super) stream: Option<Change>,
    /// For how many nanoseconds nothing could be sent until now: the window was used up, and its
    /// stream had not ended.
    pub(super) waited: Option<i64>,
    /// What the window began with that is used up now; of both, the one of the stream.
    pub(super) began: Option<Began>,
}

/// What a window began with (RFC 9113, section 6.9.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Began {
    pub(super) bytes: i64,
    /// The frame of the SETTINGS that say so; `None` if that is the default.
    pub(super) set_in: Option<FrameId>,
}

/// A header block of several frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Whole {
    pub(super) frames: u32,
    /// Its bytes, packed.
    pub(super) packed: u64,
    /// Its fields that could be read, and the bytes of their names and values.
    pub(super) fields: (u64, u64),
}

/// All that is kept beside a frame.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Facts {
    pub(super) remark: Option<Remark>,
    /// The request that its stream is for.
    pub(super) asked: Option<Arc<Asked>>,
    /// The same, where it is one of HTTP/1.1.
    pub(super) upgraded: Option<MessageId>,
    pub(super) list: Option<Box<List>>,
    pub(super) windows: Option<Windows>,
    pub(super) body: Option<Body>,
    /// The type of the content that ends with it.
    pub(super) media: Option<Arc<Media>>,
    /// Of `DATA`: the stream that the frame before carried data of, where that goes on; else 0.
    pub(super) turn: u32,
    /// Of `PING` and `GOAWAY`: whether its sender has said before that it will leave, without a
    /// last stream.
    pub(super) leaves: bool,
    /// Of `RST_STREAM`: whether other streams go on.
    pub(super) others: bool,
    /// Of `RST_STREAM`: for how many nanoseconds a call had waited whose deadline is over.
    pub(super) overdue: Option<i64>,
    /// Of the last frame of several that carry a header block: what all of them hold.
    pub(super) block: Option<Whole>,
    /// Of `DATA`: whether somebody reads its content as it comes.
    pub(super) is_handed_on: bool,
}

impl Fact for Facts {
    fn size(&self) -> usize {
        let list = self.list.as_ref().map_or(0, |list| list.size());
        // What a request asks for is shared by all frames of its stream.
        let says = self
            .list
            .as_ref()
            .is_some_and(|list| list.first && matches!(list.part, Part::Request | Part::Promise));
        let asked = self.asked.as_ref().filter(|_| says).map_or(0, |asked| asked.size());
        size_of_val(self) + list + asked
    }
}

impl Facts {
    /// Those that are kept beside a message.
    pub(super) fn of<'v>(message: &Message, view: &View<'v>) -> Option<&'v Self> {
        view.facts(message)
    }

    /// Whether there is nothing to keep.
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
