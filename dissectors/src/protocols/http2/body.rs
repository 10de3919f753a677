//! Content of a stream that has ended: put together, decoded, and given to who lays claim to it.

use super::Role;
use super::facts::Facts;
use super::streams::Streams;
use crate::engine::session::{Ending, Input, Out};
use crate::ids::MessageId;
use crate::message::MessagePart;
use crate::protocols::multiplexed::Carried;

/// One side of a stream has ended with that frame.
pub(super) fn end(
    streams: &mut Streams,
    (number, id): (u32, MessageId),
    input: Input<'_>,
    out: &mut Out<'_>,
) {
    let from = input.direction;
    let question = streams.get(number).and_then(|stream| stream.question);
    let since = question.filter(|question| question.from != from);
    let since = since.and_then(|asked| asked.since(input.time));
    let Some(content) = streams.end(number, from) else { return };
    if out.is_brief() && content.is_nobodys() {
        return;
    }
    if content.frames > 0 || since.is_some() {
        let body = Some(content.body(since));
        let mut attachment = out.attachment(id);
        let facts = attachment.facts::<Facts>().cloned().unwrap_or_default();
        attachment.keep(Facts { body, media: content.readable(), ..facts });
    }
    if !content.is_passed_on() && !content.pieces.is_empty() {
        let sent = out.join(&content.pieces);
        out.attachment(id).parts.push(MessagePart::new(Role::Body, sent));
        // Only what comes out at the end is attached.
        let shown = content.undo(sent, out);
        if shown != sent {
            out.attachment(id).parts.push(MessagePart::new(Role::BodyDecoded, shown));
        }
        content.hand_on(number.into(), shown, out);
    }
    if content.to != Carried::Nobody {
        out.end_child(number.into(), Ending::Closed);
    }
}
