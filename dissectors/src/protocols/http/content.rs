//! What bodies hold: codings undone, and content that another protocol lays claim to.
//!
//! A media type that somebody claims (`application/dns-message`) makes the whole body one
//! datagram of a layer inside this one. A request and its response are the two directions of one
//! such layer, so that what they carry can be paired there.

use super::Role;
use super::framing::Head;
use crate::engine::session::{Ending, Out, To};
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
    /// The number of the layer that it goes to: that of the request of the exchange.
    exchange: u64,
    /// Whether nothing of the exchange follows in this direction.
    last: bool,
    request: bool,
}

impl Content {
    /// What a head says of its body. `exchange` is the request that it is, or that it answers.
    pub(super) fn of(head: &Head, bytes: &[u8], exchange: MessageId, out: &Out<'_>) -> Self {
        let kind = bytes.get(head.media_type.clone()).unwrap_or(&[]);
        let kind = kind.split(|byte| *byte == b';').next().unwrap_or(&[]).trim_ascii();
        let kind = std::str::from_utf8(kind.get(..MAX_MEDIA_TYPE).unwrap_or(kind)).unwrap_or("");
        let claim = |kind: &str| out.claimed(Claim::ContentType(&kind.to_ascii_lowercase()));
        Self {
            codings: head.codings,
            claimed: Some(kind).filter(|kind| !kind.is_empty()).and_then(claim),
            exchange: u64::from(exchange.0),
            last: !head.is_interim(),
            request: head.method.is_some(),
        }
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
