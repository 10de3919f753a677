//! What messages of HTTP/3 and their parts are, and what is kept beside them.

use std::sync::Arc;

use super::qpack::Form;
use crate::codes;
use crate::engine::view::View;
use crate::ids::FrameId;
use crate::message::{Message, MessageKind};
use crate::protocols::contents::Media;
use crate::protocols::multiplexed::{self as shared, Body, Moment, Part};
use crate::protocols::semantics::Asked;
use crate::typed::Fact;

codes! {
    /// What a message of HTTP/3 is.
    pub enum Kind {
        /// The number that says what a stream is for on which one side speaks only.
        StreamType,
        /// A frame.
        Frame,
        /// The end of what one side says on a stream, where it carried content (all of that, as it
        /// travelled) or where the end came by itself.
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

/// What a frame says of its header section.
pub(super) type List = shared::List<Form>;

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
    /// The type of the content that ends with it.
    pub(super) media: Option<Arc<Media>>,
    /// Of `DATA`: the stream that the frame before carried data of, where that goes on.
    pub(super) turn: Option<u64>,
    /// Of `DATA`: whether somebody reads its content as it comes.
    pub(super) is_handed_on: bool,
    /// Of an encoder's instructions: the table before and after them.
    pub(super) tables: Option<Box<[Moment; 2]>>,
    /// Of a header section: whether its sender ended the stream in the same packet, and sent no
    /// content on it.
    pub(super) ends: bool,
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
}
