//! What messages of HTTP/3 and their parts are, and what is kept beside them.

use std::sync::Arc;

use super::qpack::{Line, Section as Fields};
use crate::codes;
use crate::engine::view::View;
use crate::ids::FrameId;
use crate::message::{Message, MessageKind};
use crate::protocols::semantics::Asked;
use crate::typed::Fact;

codes! {
    /// What a message of HTTP/3 is.
    pub enum Kind {
        /// The number that says what a stream is for on which one side speaks only.
        StreamType,
        /// A frame.
        Frame,
        /// The end of a stream that carried content: all of that, as it travelled.
        End,
        /// A datagram.
        Datagram,
        /// Instructions of a QPACK encoder.
        Encoder,
        /// What a QPACK decoder says.
        Decoder,
    }
}

impl MessageKind for Kind {
    /// Of the head of a response, the frame of its request.
    type Extra = Option<FrameId>;
}

codes! {
    /// What a part of a message is.
    pub enum Role {
        /// The payload of a frame whose message spans its header only.
        Payload,
        /// All content of a stream with its codings undone.
        Decoded,
    }
}

/// Which part of an exchange a header section is (RFC 9114, section 4.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Part {
    /// Nobody knows: what would tell is missing.
    #[default]
    Unknown,
    /// A request.
    Request,
    /// A request that the server makes in the client's stead.
    Promise,
    /// A response that is not the last.
    Interim,
    /// A response.
    Response,
    /// Fields behind a body.
    Trailers,
}

/// What a frame says of its header section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct List {
    pub(super) part: Part,
    pub(super) fields: Fields,
    /// Bytes of the section.
    pub(super) packed: u32,
    /// Which request of the connection it is; 0 for what is none.
    pub(super) number: u32,
    /// Requests before it that wait for their answers.
    pub(super) waiting: u32,
    /// The response's status code; 0 for none.
    pub(super) status: u16,
    /// Of a response: nanoseconds since the last byte of its request that came before it.
    pub(super) since: Option<i64>,
    /// The frame with the instructions that it had to wait for.
    pub(super) unblocked: Option<FrameId>,
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

/// All that is kept beside a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Facts {
    /// The stream that it is on.
    pub(super) stream: u64,
    /// The type of that stream, where one side speaks only on it.
    pub(super) of_type: Option<u64>,
    /// The request that its stream is for.
    pub(super) asked: Option<Arc<Asked>>,
    pub(super) list: Option<Box<List>>,
    pub(super) body: Option<Body>,
    /// Of `DATA`: the stream that the frame before carried data of, where that goes on.
    pub(super) turn: Option<u64>,
}

impl Fact for Facts {
    fn size(&self) -> usize {
        let list = self
            .list
            .as_ref()
            .map_or(0, |list| size_of_val(&**list) + list.fields.lines.len() * size_of::<Line>());
        size_of_val(self) + list
    }
}

impl Facts {
    /// Those that are kept beside a message.
    pub(super) fn of<'v>(message: &Message, view: &View<'v>) -> Option<&'v Self> {
        view.facts(message)
    }
}
