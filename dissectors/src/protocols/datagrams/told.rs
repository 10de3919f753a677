//! What descriptions of small protocols share: the request that was answered, and what to say of
//! bytes that are not there.

use crate::bytes::Short;
use crate::engine::view::View;
use crate::ids::FrameId;
use crate::message::{Message, MessageKind};
use crate::sink::{Severity, Sink};

/// The request that a message answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// Its frame.
    pub frame: FrameId,
    /// How long before the answer it was seen, in nanoseconds.
    pub before: i64,
}

/// The earlier message that this one was tied to, where it was captured.
#[must_use]
pub fn request<K>(message: &Message, view: &View<'_>) -> Option<Request>
where
    K: MessageKind<Extra = Option<FrameId>>,
{
    let frame = message.extra::<K>().flatten()?;
    let frames = view.frames();
    let before = frames.frame(message.done.some()?).time.since(frames.frame(frame).time);
    Some(Request { frame, before })
}

/// Whether the recording holds less of the message's frame than was on the wire.
#[must_use]
pub fn is_cut(message: &Message, view: &View<'_>) -> bool {
    let frame = message.done.some().map(|frame| view.frames().frame(frame));
    frame.is_some_and(|frame| frame.wire_len as usize > frame.bytes.len())
}

/// How serious it is that bytes are missing: the recording has lost them, or they never were.
#[must_use]
pub const fn severity(is_cut: bool) -> Severity {
    if is_cut { Severity::Missing } else { Severity::Broken }
}

/// Says that fewer bytes are there than were claimed.
pub fn note_short(short: Short, is_cut: bool, sink: &mut dyn Sink) {
    if is_cut {
        let text = format_args!("The recording ends inside this message: {short}");
        sink.note(Severity::Missing, short.place, text);
    } else {
        sink.note(Severity::Broken, short.place, format_args!("{short}"));
    }
}
