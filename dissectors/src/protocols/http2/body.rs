//! Content of a stream that has ended: put together, decoded, and given to who lays claim to it.

use super::Role;
use super::facts::{Body, Facts};
use super::streams::{Carried, Content, Streams};
use crate::engine::session::{Ending, Input, Out, To};
use crate::ids::MessageId;
use crate::message::MessagePart;
use crate::protocol::Claim;
use crate::span::Span;

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
    let since = since.and_then(|asked| Some(input.time.known()?.since(asked.ended.known()?)));
    let Some(content) = streams.end(number, from) else { return };
    let is_kept = content.to == Carried::Nobody || matches!(content.to, Carried::Whole(_));
    if content.frames > 0 || since.is_some() {
        let (came, frames) = (content.came, content.frames);
        let body = Body { came, frames, whole: !content.holed, since };
        let attachment = out.attachment(id);
        let facts = attachment.facts::<Facts>().cloned().unwrap_or_default();
        attachment.keep(Facts { body: Some(body), ..facts });
    }
    let child = u64::from(number);
    if is_kept && !content.pieces.is_empty() {
        let sent = out.join(&content.pieces);
        out.attachment(id).parts.push(MessagePart::new(Role::Body, sent));
        let shown = undo(&content, sent, id, out);
        if let Carried::Whole(protocol) = content.to
            && !content.holed
            && !content.codings.are_unknown()
        {
            // How long a decoded body is only making it tells.
            let len = out.bytes(shown).len();
            let to = To::child(child, Claim::Protocol(protocol)).datagrams();
            out.hand_on(to, shown.part(0, len), None);
        }
    }
    if content.to != Carried::Nobody {
        out.end_child(child, Ending::Closed);
    }
}

/// Undoes the codings of a body, the last one first; only what comes out at the end is attached.
fn undo(content: &Content, sent: Span, id: MessageId, out: &mut Out<'_>) -> Span {
    if content.holed {
        return sent;
    }
    let decoded = content.codings.undoing().fold(sent, |span, coding| out.decode(coding, span));
    if decoded != sent {
        out.attachment(id).parts.push(MessagePart::new(Role::BodyDecoded, decoded));
    }
    decoded
}
