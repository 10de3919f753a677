//! Content: what a stream carries between its heads and its end, and to whom that goes.
//!
//! ```text
//!   Nobody      pieces ─────────────────> kept, to be looked at
//!   Whole       pieces ─ end ─> decoded ─> one datagram for who lays claim to the media type
//!   AsItComes   piece ──> handed on       (gRPC, server-sent events, what a tunnel carries)
//! ```

use std::sync::Arc;

use super::head::MAX_NAME;
use crate::engine::session::{Out, To};
use crate::ids::{Direction, FrameId, MessageId, ProtocolId, Time};
use crate::limits::MAX_COLLECTED;
use crate::protocol::Claim;
use crate::protocols::contents::Media;
use crate::protocols::semantics::{Asked, Call, Codings, HttpVersion};
use crate::span::{Piece, Span};
use crate::typed::AnyFact;

/// A request that a stream is for.
#[derive(Clone, Copy, Debug)]
pub(in crate::protocols) struct Question {
    pub(in crate::protocols) id: MessageId,
    pub(in crate::protocols) frame: FrameId,
    /// When its head came, and when the last byte of it that was seen so far did.
    pub(in crate::protocols) began: Time,
    /// See above.
    pub(in crate::protocols) ended: Time,
    pub(in crate::protocols) from: Direction,
}

impl Question {
    /// How long it has waited by now.
    pub(in crate::protocols) fn since(self, now: Time) -> Option<Wait> {
        let (nanos, is_long) = (now.known()?.since(self.ended.known()?), self.ended > self.began);
        Some(Wait { nanos, is_long })
    }
}

/// How long a request has waited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::protocols) struct Wait {
    /// Nanoseconds from its last byte on that was seen by then.
    pub(in crate::protocols) nanos: i64,
    /// Whether that came later than its head.
    pub(in crate::protocols) is_long: bool,
}

/// How content ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::protocols) struct Body {
    /// Bytes of it.
    pub(in crate::protocols) came: u64,
    /// `DATA` frames that carried it.
    pub(in crate::protocols) frames: u32,
    /// Whether all of it is kept.
    pub(in crate::protocols) whole: bool,
    /// How long the request has waited; nothing for that of the request itself.
    pub(in crate::protocols) since: Option<Wait>,
}

/// To whom content goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::protocols) enum Carried {
    /// To nobody: it is kept, to be looked at.
    #[default]
    Nobody,
    /// All of it as one to who lays claim to its media type.
    Whole(ProtocolId),
    /// As it comes, to that protocol or to whoever knows it.
    AsItComes(Option<ProtocolId>),
}

impl Carried {
    /// What follows a head: of a tunnel that is open what was asked for, else what the media type
    /// says.
    pub(in crate::protocols) fn behind(
        tunnel: Option<&Asked>,
        media_type: Option<&str>,
        out: &Out<'_>,
    ) -> Self {
        match (tunnel, media_type) {
            (Some(asked), _) => Self::AsItComes(named(&asked.protocol, out)),
            (None, Some(kind)) => Self::claimed(kind, out),
            (None, None) => Self::Nobody,
        }
    }

    /// Who lays claim to a media type. What is made of messages goes on as it comes.
    fn claimed(kind: &str, out: &Out<'_>) -> Self {
        // A suffix says in which syntax messages are written (RFC 6838, section 4.2.8).
        let base = kind.split('+').next().unwrap_or(kind);
        if let Some(protocol) = out.claimed(Claim::StreamType(base)) {
            return Self::AsItComes(Some(protocol));
        }
        out.claimed(Claim::ContentType(kind)).map_or(Self::Nobody, Self::Whole)
    }
}

/// Who speaks in a tunnel (RFC 8441, section 4; RFC 9220, section 3).
fn named(protocol: &[u8], out: &Out<'_>) -> Option<ProtocolId> {
    let name = std::str::from_utf8(protocol).ok().filter(|name| name.len() <= MAX_NAME)?;
    out.claimed(Claim::Upgrade(&name.to_ascii_lowercase()))
}

/// Content on its way.
#[derive(Clone, Debug, Default)]
pub(in crate::protocols) struct Content {
    pub(in crate::protocols) codings: Codings,
    /// Its type, where somebody reads that.
    pub(in crate::protocols) media: Option<Arc<Media>>,
    pub(in crate::protocols) to: Carried,
    /// What is to be spoken inside a WebSocket (RFC 6455, section 4.2.2; RFC 8441, section 5).
    pub(in crate::protocols) subprotocol: Option<Box<[u8]>>,
    pub(in crate::protocols) pieces: Vec<Piece>,
    /// All bytes that came.
    pub(in crate::protocols) came: u64,
    /// Frames that carried them.
    pub(in crate::protocols) frames: u32,
    /// Whether some of it is not among the pieces.
    pub(in crate::protocols) holed: bool,
}

impl Content {
    /// Whether somebody reads it as it comes.
    pub(in crate::protocols) const fn is_passed_on(&self) -> bool {
        matches!(self.to, Carried::AsItComes(_))
    }

    /// Whether nobody reads it.
    pub(in crate::protocols) const fn is_nobodys(&self) -> bool {
        matches!(self.to, Carried::Nobody)
    }

    /// A piece of it came that nobody looks at.
    pub(in crate::protocols) fn count(&mut self, piece: Span) {
        self.came += u64::from(piece.len);
    }

    /// A piece of it came. Says whether it is kept.
    pub(in crate::protocols) fn add(&mut self, piece: Span, has_room: bool) -> bool {
        let is_kept = self.came < MAX_COLLECTED && has_room;
        if is_kept {
            self.pieces.push(piece);
        }
        self.holed |= !is_kept;
        self.came += u64::from(piece.len);
        is_kept
    }

    /// Hands a piece on, where somebody reads it as it comes, to the layer that has the stream's
    /// number.
    pub(in crate::protocols) fn pass_on(
        &mut self,
        (number, carrier): (u64, HttpVersion),
        asked: Option<(&Asked, Direction)>,
        span: Span,
        out: &mut Out<'_>,
    ) -> bool {
        let Carried::AsItComes(protocol) = self.to else { return false };
        // What is settled matters where the layer begins.
        let call = asked.filter(|_| self.came == 0);
        let call = call.map(|(asked, asker)| {
            let (path, subprotocol) = (asked.path.clone(), self.subprotocol.clone());
            AnyFact::new(Call { carrier, asker, path, subprotocol })
        });
        self.came += u64::from(span.len);
        let claim = protocol.map_or(Claim::Content, Claim::Protocol);
        out.hand_on(To::child(number, claim).settled(call.as_slice()), span, None);
        true
    }

    /// Hands all of it on, decoded, to who lays claim to it as a whole.
    pub(in crate::protocols) fn hand_on(&self, number: u64, shown: Span, out: &mut Out<'_>) {
        if let Carried::Whole(protocol) = self.to
            && !self.holed
            && !self.codings.are_unknown()
        {
            // How long a decoded body is only making it tells.
            let len = out.bytes(shown).len();
            let to = To::child(number, Claim::Protocol(protocol)).datagrams();
            out.hand_on(to, shown.part(0, len), None);
        }
    }

    /// All of it with its codings undone, the last one first; as it came where some is missing.
    pub(in crate::protocols) fn undo(&self, sent: Span, out: &mut Out<'_>) -> Span {
        if self.holed {
            return sent;
        }
        self.codings.undoing().fold(sent, |span, coding| out.decode(coding, span))
    }

    /// Its type, where it can be read: all of it is there, and not coded.
    pub(in crate::protocols) fn readable(&self) -> Option<Arc<Media>> {
        self.media.clone().filter(|_| !self.holed && !self.codings.are_unknown())
    }

    /// How it ended.
    pub(in crate::protocols) const fn body(&self, since: Option<Wait>) -> Body {
        Body { came: self.came, frames: self.frames, whole: !self.holed, since }
    }
}
