//! What messages of HTTP/2 and their parts are.

use crate::codes;
use crate::ids::FrameId;
use crate::message::MessageKind;

codes! {
    /// What a message of HTTP/2 is.
    pub enum Kind {
        /// The client's connection preface.
        Preface,
        /// A frame.
        Frame,
    }
}

impl MessageKind for Kind {
    /// Of the head of a response, the frame of its request.
    type Extra = Option<FrameId>;
}

codes! {
    /// What a part of a message is.
    pub enum Role {
        /// The payload of a frame whose message spans its header only (of
        /// `DATA`, and of frames too long to wait for).
        Payload,
        /// The content that ends with this frame, as it travelled.
        Body,
        /// The same with its codings undone.
        BodyDecoded,
    }
}
