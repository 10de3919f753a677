//! What is kept beside a frame because its bytes do not hold it: the fields that its header block
//! stands for, the windows that it changed, the body that it ends.

use std::sync::Arc;

use super::hpack::{Fault, Line};
use crate::engine::view::View;
use crate::message::Message;
use crate::protocols::semantics::Asked;
use crate::span::Span;
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

/// Which part of an exchange a header list is (RFC 9113, section 8.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Section {
    /// Nobody knows: what would tell is missing.
    #[default]
    Unknown,
    /// What tells comes with a later frame of the same block.
    Begun,
    /// A request.
    Request,
    /// A response that is not the last.
    Interim,
    /// A response.
    Response,
    /// Fields behind a body.
    Trailers,
}

/// What a frame says of its header list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct List {
    pub(super) section: Section,
    /// Whether it is with this frame that the section is known.
    pub(super) first: bool,
    /// The fields that end in this frame.
    pub(super) lines: Box<[Line]>,
    /// Bytes of the header block in this frame.
    pub(super) packed: u32,
    /// Fields that were left out: there are too many, or they are too large.
    pub(super) dropped: u32,
    /// Why nothing more could be read of the block, and where.
    pub(super) fault: Option<(Fault, Span)>,
    /// Which request of the connection it is; 0 for what is none.
    pub(super) number: u32,
    /// Requests before it that wait for their answers.
    pub(super) waiting: u32,
    /// The response's status code; 0 for none.
    pub(super) status: u16,
    /// Of a response: nanoseconds since the last byte of its request that came before it.
    pub(super) since: Option<i64>,
}

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
}

/// How a body ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Body {
    /// Bytes of it.
    pub(super) came: u64,
    /// `DATA` frames that carried it.
    pub(super) frames: u32,
    /// Whether all of it is kept.
    pub(super) whole: bool,
    /// Nanoseconds since the last byte of the request; nothing for that of the request itself.
    pub(super) since: Option<i64>,
}

/// All that is kept beside a frame.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Facts {
    pub(super) remark: Option<Remark>,
    /// The request that its stream is for.
    pub(super) asked: Option<Arc<Asked>>,
    pub(super) list: Option<Box<List>>,
    pub(super) windows: Option<Windows>,
    pub(super) body: Option<Body>,
    /// Of `DATA`: the stream that the frame before carried data of, where that goes on; else 0.
    pub(super) turn: u32,
    /// Of `DATA`: whether somebody reads its content as it comes.
    pub(super) is_handed_on: bool,
}

impl Fact for Facts {
    fn size(&self) -> usize {
        let list = self
            .list
            .as_ref()
            .map_or(0, |list| size_of_val(&**list) + list.lines.len() * size_of::<Line>());
        size_of_val(self) + list
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
