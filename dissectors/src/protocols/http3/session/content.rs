//! Content: `DATA` frames on their way, and what they make together once their stream has ended.

use super::super::frame::FrameHeader;
use super::super::kind::{Facts, Kind, Role};
use super::{At, Http3Session, Last};
use crate::engine::session::{Announce, Ending, Input, Out, Progress, Way};
use crate::ids::MessageId;
use crate::message::MessagePart;
use crate::protocols::multiplexed::Carried;
use crate::span::Span;

impl Http3Session {
    pub(super) fn begin_data(
        &mut self,
        key: Way,
        header: FrameHeader,
        input: Input<'_>,
        out: &mut Out<'_>,
    ) -> Progress {
        let span = out.span(input.at, header.own);
        let id = self.begin(span, input, out);
        let last = *self.turns.of(input.direction);
        let goes_on = last.and_then(|last| self.streams.get(last)).is_some_and(|stream| {
            let side = stream.side(input.direction);
            side.begun && !side.ended
        });
        let turn = last.filter(|last| goes_on && *last != input.lane);
        let content = self.streams.get(input.lane).map(|it| &it.side(input.direction).content);
        let is_handed_on = content.is_some_and(|it| it.is_passed_on()) && header.length > 0;
        if !out.is_brief() && (turn.is_some() || is_handed_on) {
            let mut attachment = out.attachment(id);
            let facts = attachment.facts::<Facts>().cloned().unwrap_or_default();
            attachment.keep(Facts { turn, is_handed_on, ..facts });
        }
        *self.turns.of_mut(input.direction) = Some(input.lane);
        self.streams.count(input.lane, input.direction);
        self.go_on(key, (id, header.length), input, out);
        Progress::Took(header.own)
    }

    pub(super) fn data(
        &mut self,
        key: Way,
        (id, left): (MessageId, u64),
        input: Input<'_>,
        out: &mut Out<'_>,
    ) -> Progress {
        let len = usize::try_from(left).unwrap_or(usize::MAX).min(input.bytes.len());
        let span = out.span(input.at, len);
        out.gather_shown(id, Role::Payload, span);
        if !self.streams.pass_on(input.lane, input.direction, span, out) {
            self.streams.add(input.lane, input.direction, span, out.is_brief());
        }
        self.go_on(key, (id, left - len as u64), input, out);
        Progress::Took(len)
    }

    /// The message is complete with the last byte of its payload.
    fn go_on(
        &mut self,
        key: Way,
        (id, left): (MessageId, u64),
        input: Input<'_>,
        out: &mut Out<'_>,
    ) {
        self.streams.go_on(input.lane, input.direction, input.time);
        let at = if left > 0 { At::Data(id, left) } else { At::Frame };
        self.ways.entry(key).or_default().at = at;
        if left == 0 {
            out.finish(id);
        }
    }
}

/// One side of a stream has ended: its content is put together, and decoded. No frame of HTTP/3
/// says so, but the stream itself: where that comes in the packet of a header section, behind which
/// no content came, it is noted there.
pub(super) fn end(
    session: &mut Http3Session,
    way: Way,
    (last, ending): (Option<Last>, Ending),
    out: &mut Out<'_>,
) {
    let stream = session.streams.get(way.lane);
    let (question, asked) =
        stream.map_or((None, None), |stream| (stream.question, stream.asked.clone()));
    let since = question.filter(|question| question.from != way.direction);
    let since = since.and_then(|asked| asked.since(out.time()));
    let Some(content) = session.streams.end(way.lane, way.direction) else { return };
    let is_closed = ending == Ending::Closed;
    let head = last.filter(|last| last.frame == out.frame() && content.frames == 0);
    match head.filter(|_| is_closed) {
        Some(Last { id, .. }) => {
            let mut attachment = out.attachment(id);
            let facts = attachment.facts::<Facts>().cloned().unwrap_or_default();
            attachment.keep(Facts { ends: true, ..facts });
        }
        None if is_closed && out.is_brief() && content.is_nobodys() => {
            out.announce(Announce::new(Kind::End, Span::NONE));
        }
        None if is_closed => {
            let sent = out.join(&content.pieces);
            let id = out.announce(Announce::new(Kind::End, sent));
            let body = Some(content.body(since));
            let (stream, media) = (way.lane, content.readable());
            out.attachment(id).keep(Facts { stream, asked, body, media, ..Facts::default() });
            if !content.holed && !content.pieces.is_empty() {
                let shown = content.undo(sent, out);
                if shown != sent {
                    out.attachment(id).parts.push(MessagePart::new(Role::Decoded, shown));
                }
                content.hand_on(way.lane, shown, out);
            }
        }
        None => {}
    }
    if content.to != Carried::Nobody {
        out.end_child(way.lane, ending);
    }
}
