//! When the last bytes of a message came, which may be long before it could be read.

use crate::engine::view::View;
use crate::ids::FrameId;
use crate::message::Message;
use crate::span::{Buffer, Span};

/// The last frame that carried any of a message that began there, where that is another one.
pub(super) fn came(message: &Message, start: FrameId, view: &View<'_>) -> Option<FrameId> {
    if start == message.done {
        return None;
    }
    let last = |span: Span| {
        let places = view.trace(span).into_iter();
        let frames = places.filter_map(|place| match place.buffer.kind() {
            Buffer::Frame(frame) => Some(frame),
            Buffer::Derived(_) | Buffer::None => None,
        });
        frames.max()
    };
    // With its own bytes it may keep all of the content that it ends, which is older and longer.
    let parts = view.parts(message).iter().filter(|part| !part.lent);
    let own = parts.filter_map(|part| last(part.span)).min();
    last(message.span).max(own)
}
