//! Content: `DATA` frames on their way, and what they make together once their stream has ended.

use super::super::frame::FrameHeader;
use super::super::kind::{Body, Facts, Kind, Role};
use super::{At, Http3Session};
use crate::engine::session::{Announce, Ending, Input, Out, Progress, To, Way};
use crate::ids::MessageId;
use crate::message::MessagePart;
use crate::protocol::Claim;

impl Http3Session {
    pub(super) fn begin_data(
        &mut self,
        key: (u64, usize),
        header: FrameHeader,
        input: Input<'_>,
        out: &mut Out<'_>,
    ) -> Progress {
        let span = out.span(input.at, header.own);
        let id = self.begin(span, input, out);
        let last = self.turns.get(input.direction.index()).copied().flatten();
        let goes_on = last.and_then(|last| self.streams.get(last)).is_some_and(|stream| {
            let side = stream.side(input.direction);
            side.begun && !side.ended
        });
        if let Some(turn) = last.filter(|last| goes_on && *last != input.lane) {
            let attachment = out.attachment(id);
            let facts = attachment.facts::<Facts>().cloned().unwrap_or_default();
            attachment.keep(Facts { turn: Some(turn), ..facts });
        }
        if let Some(place) = self.turns.get_mut(input.direction.index()) {
            *place = Some(input.lane);
        }
        self.streams.count(input.lane, input.direction);
        self.go_on(key, (id, header.length), input, out);
        Progress::Took(header.own)
    }

    pub(super) fn data(
        &mut self,
        key: (u64, usize),
        (id, left): (MessageId, u64),
        input: Input<'_>,
        out: &mut Out<'_>,
    ) -> Progress {
        let len = usize::try_from(left).unwrap_or(usize::MAX).min(input.bytes.len());
        let span = out.span(input.at, len);
        out.gather(id, Role::Payload, span);
        self.streams.add(input.lane, input.direction, span);
        self.go_on(key, (id, left - len as u64), input, out);
        Progress::Took(len)
    }

    /// The message is complete with the last byte of its payload.
    fn go_on(
        &mut self,
        key: (u64, usize),
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

/// One side of a stream has ended: its content is put together, and decoded. Nothing that HTTP/3 sends
/// says so, but the stream itself.
pub(super) fn end(session: &mut Http3Session, way: Way, ending: Ending, out: &mut Out<'_>) {
    let stream = session.streams.get(way.lane);
    let (question, asked) =
        stream.map_or((None, None), |stream| (stream.question, stream.asked.clone()));
    let since = question.filter(|question| question.from != way.direction);
    let since = since.and_then(|asked| Some(out.time().known()?.since(asked.ended.known()?)));
    let Some(content) = session.streams.end(way.lane, way.direction) else { return };
    if ending != Ending::Closed || content.frames == 0 {
        return;
    }
    let (came, frames) = (content.came, content.frames);
    let body = Some(Body { came, frames, whole: !content.holed, since });
    let sent = out.join(&content.pieces);
    let id = out.announce(Announce::new(Kind::End, sent));
    out.attachment(id).keep(Facts { stream: way.lane, asked, body, ..Facts::default() });
    if content.holed || content.pieces.is_empty() {
        return;
    }
    let shown = content.codings.undoing().fold(sent, |span, coding| out.decode(coding, span));
    if shown != sent {
        out.attachment(id).parts.push(MessagePart::new(Role::Decoded, shown));
    }
    if let Some(protocol) = content.to
        && !content.codings.are_unknown()
    {
        // How long a decoded body is only making it tells.
        let len = out.bytes(shown).len();
        let to = To::child(way.lane, Claim::Protocol(protocol)).datagrams();
        out.hand_on(to, shown.part(0, len), None);
        out.end_child(way.lane, ending);
    }
}
