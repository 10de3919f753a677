//! What bodies hold: codings undone, and content that another protocol lays claim to.
//!
//! A media type that somebody claims (`application/dns-message`) makes the whole body one datagram
//! of a layer inside this one. A request and its response are the two directions of one such layer,
//! so that what they carry can be paired there. A media type that stands for a stream of messages
//! (`text/event-stream`) is read as it comes, where no coding hides it.

use super::Role;
use super::framing::Head;
use crate::engine::session::{Ending, Input, Out, To};
use crate::ids::{MessageId, ProtocolId};
use crate::message::MessagePart;
use crate::protocol::Claim;
use crate::protocols::semantics::Codings;
use crate::span::Span;

/// The longest media type that is compared with the registry: RFC 6838, section 4.2, allows
/// longer ones, and recommends names below 64 characters on either side of the slash.
const MAX_MEDIA_TYPE: usize = 129;

/// Layers that had a response only and are not closed yet: one a response, until the next
/// request.
const MAX_ALONE: usize = 64;

/// What is known of a body before it comes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Content {
    pub(super) codings: Codings,
    /// Who lays claim to its media type.
    claimed: Option<ProtocolId>,
    /// Who reads it as a stream of messages.
    stream: Option<ProtocolId>,
    /// The number of the layer that it goes to: that of the request of the exchange.
    exchange: u64,
    /// Whether nothing of the exchange follows in this direction.
    last: bool,
    request: bool,
}

impl Content {
    /// What a head says of its body.
    pub(super) fn of(head: &Head, bytes: &[u8], out: &Out<'_>) -> Self {
        let kind = bytes.get(head.media_type.clone()).unwrap_or(&[]);
        let kind = kind.split(|byte| *byte == b';').next().unwrap_or(&[]).trim_ascii();
        let kind = std::str::from_utf8(kind.get(..MAX_MEDIA_TYPE).unwrap_or(kind)).unwrap_or("");
        let kind = Some(kind.to_ascii_lowercase()).filter(|kind| !kind.is_empty());
        let claimed = |kind: &String| out.claimed(Claim::ContentType(kind));
        // A suffix says in which syntax messages are written (RFC 6838, section 4.2.8).
        let base = |kind: &String| kind.split('+').next().unwrap_or_default().to_owned();
        let stream = |kind: &String| out.claimed(Claim::StreamType(&base(kind)));
        Self {
            codings: head.codings,
            claimed: kind.as_ref().and_then(claimed),
            stream: kind.as_ref().and_then(stream),
            exchange: 0,
            last: !head.is_interim(),
            request: head.method.is_some(),
        }
    }

    /// As that of the request of an exchange: the one that it is, or that it answers.
    pub(super) fn in_exchange(self, request: MessageId) -> Self {
        Self { exchange: u64::from(request.0), ..self }
    }

    /// Whether it is read as it comes: an answer, and not packed.
    pub(super) fn is_streamed(&self) -> bool {
        self.stream.is_some() && !self.request && self.codings == Codings::default()
    }

    /// Hands on what is there of a body that is read as it comes, at most `left` bytes; says how
    /// many those were.
    pub(super) fn pass_on(
        &self,
        (id, left): (MessageId, u64),
        input: Input<'_>,
        out: &mut Out<'_>,
    ) -> Option<usize> {
        let protocol = self.stream.filter(|_| self.is_streamed())?;
        let len = usize::try_from(left).unwrap_or(usize::MAX).min(input.bytes.len());
        let span = out.span(input.at, len);
        out.gather(id, Role::Body, span);
        out.hand_on(To::child(self.exchange, Claim::Protocol(protocol)), span, None);
        Some(len)
    }

    /// Whether this is a request's.
    pub(super) const fn is_request(&self) -> bool {
        self.request
    }
}

/// The layers inside that are open in one direction.
#[derive(Clone, Debug, Default)]
pub(super) struct Exchanges {
    alone: Vec<u64>,
}

impl Exchanges {
    /// A message is complete: its content, where it is whole, goes to who lays claim to it.
    pub(super) fn complete(&mut self, content: Content, whole: Option<Span>, out: &mut Out<'_>) {
        if content.request {
            for exchange in self.alone.drain(..) {
                out.end_child(exchange, Ending::Closed);
            }
        }
        let Some(protocol) = content.claimed else {
            if let Some((protocol, span)) = content.stream.zip(whole)
                && !content.is_streamed()
                && !content.codings.are_unknown()
            {
                let len = out.bytes(span).len();
                let to = To::child(content.exchange, Claim::Protocol(protocol));
                out.hand_on(to, span.part(0, len), None);
            }
            if content.last {
                out.end_child(content.exchange, Ending::Closed);
            }
            return;
        };
        if let Some(span) = whole.filter(|_| !content.codings.are_unknown()) {
            // How long a decoded body is only making it tells.
            let len = out.bytes(span).len();
            let to = To::child(content.exchange, Claim::Protocol(protocol)).datagrams();
            out.hand_on(to, span.part(0, len), None);
            if !content.request && self.alone.len() < MAX_ALONE {
                self.alone.push(content.exchange);
            }
        }
        if content.last {
            out.end_child(content.exchange, Ending::Closed);
        }
    }
}

/// Attaches a body that lies in one place already, and what decoding gives: where its content
/// lies.
pub(super) fn attach(codings: Codings, body: Span, id: MessageId, out: &mut Out<'_>) -> Span {
    out.attachment(id).parts.push(MessagePart::new(Role::Body, body));
    undo(codings, body, id, out)
}

/// Undoes the codings of a body, the last one first; only what comes out at the end is attached.
pub(super) fn undo(codings: Codings, body: Span, id: MessageId, out: &mut Out<'_>) -> Span {
    let decoded = codings.undoing().fold(body, |span, coding| out.decode(coding, span));
    if decoded != body {
        out.attachment(id).parts.push(MessagePart::new(Role::BodyDecoded, decoded));
    }
    decoded
}
