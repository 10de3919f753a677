//! Messages before they are complete: announced, growing, parked.

use super::derive::Openers;
use super::growing::Growing;
use super::inbox::Moment;
use super::out::Out;
use super::stretch::Stretch;
use super::tcp::Numbering;
use crate::ids::{Direction, FrameId, MessageId};
use crate::limits::{MAX_COLLECTED, MAX_COLLECTED_PIECES};
use crate::message::{Message, MessageKind, MessagePart, Protection};
use crate::secret::{Label, Secret};
use crate::span::{Piece, Span};
use crate::typed::{AnyFact, Coded, Extra};

/// A message about to be announced.
#[derive(Clone, Copy, Debug)]
pub struct Announce<K: MessageKind> {
    kind: K,
    span: Span,
    parent: MessageId,
    extra: K::Extra,
    protection: Option<Protection>,
}

impl<K: MessageKind> Announce<K> {
    /// A message of that kind, its bytes (or its head) at that place.
    #[must_use]
    pub fn new(kind: K, span: Span) -> Self {
        let (parent, extra) = (MessageId::NONE, K::Extra::default());
        Self { kind, span, parent, extra, protection: None }
    }

    /// Part of another message.
    #[must_use]
    pub const fn part_of(self, parent: MessageId) -> Self {
        Self { parent, ..self }
    }

    /// With what its protocol will need to explain it.
    #[must_use]
    pub const fn extra(self, extra: K::Extra) -> Self {
        Self { extra, ..self }
    }

    /// Under other keys than those of the bytes that were read.
    #[must_use]
    pub const fn protection(self, protection: Protection) -> Self {
        Self { protection: Some(protection), ..self }
    }

    /// The message, whatever its kinds are: of a layer and a direction, completed by `done`.
    pub(super) fn message(self, id: MessageId, done: FrameId, out: &Out<'_>) -> Message {
        Message {
            id,
            span: self.span,
            done,
            parent: self.parent,
            layer: out.layer,
            extra: self.extra.pack(),
            kind: Coded::new(self.kind),
            protection: self.protection.unwrap_or(out.protection),
            direction: out.direction,
        }
    }
}

/// A secret that was asked for. Where it was not there, the connection is read again when it
/// arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Want {
    /// Which secret.
    pub label: Label,
    /// For which ClientHello.
    pub client_random: [u8; 32],
}

/// What all layers of a connection share.
#[derive(Clone, Default)]
pub(super) struct Shared {
    /// What was known of it before its first segment.
    pub(super) numbering: Numbering,
    pub(super) next_message: u32,
    /// Whether nothing but rows is made of its messages.
    pub(super) is_brief: bool,
    pub(super) open: Growing,
    pub(super) openers: Openers,
    pub(super) wants: Vec<Want>,
    /// Secrets that were asked for and there.
    pub(super) used: Vec<Want>,
    /// Secrets that other connections may go on with, not taken yet.
    pub(super) resumable: Vec<Secret>,
    /// Names that were published and not taken yet, and by whom.
    pub(super) names: Vec<(Direction, Box<[u8]>)>,
    /// Keys that one layer leaves for another.
    pub(super) shelf: Vec<(&'static str, Box<[u8]>)>,
    /// Values that one layer leaves for another, one of a type.
    pub(super) left: Vec<AnyFact>,
}

impl Shared {
    /// Completes an open message: it goes to the stretch, with all that was gathered for it. It
    /// stands on the frame at hand, or on the one where it was heard last: where it was parked,
    /// and where the frame at hand is not its sender's.
    pub(super) fn complete(&mut self, id: MessageId, here: Option<Moment>, stretch: &mut Stretch) {
        let Some((mut open, was_parked)) = self.open.remove(id) else { return };
        if let Some((role, pieces, _)) = open.collected.take()
            && !pieces.is_empty()
        {
            let span = stretch.join(&pieces);
            open.attachment.parts.push(MessagePart { role, span, lent: false });
        }
        let moment = here.filter(|_| !was_parked).unwrap_or(open.heard);
        open.message.done = moment.frame;
        stretch.attach(id, open.attachment);
        stretch.note_layers(&open.lineage);
        stretch.messages.push(open.message);
    }

    /// Completes what the other side has finished: its sender goes on with something else.
    pub(super) fn complete_finished(
        &mut self,
        from: Direction,
        here: Moment,
        stretch: &mut Stretch,
    ) {
        while let Some(id) = self.open.finished(from) {
            self.complete(id, Some(here), stretch);
        }
    }

    /// Adds a passing piece to the body of an open message.
    pub(super) fn collect(&mut self, id: MessageId, piece: Piece, moment: Moment) {
        let Some(open) = self.open.get_mut(id) else { return };
        open.heard = moment;
        let Some((_, pieces, bytes)) = open.collected.as_mut() else { return };
        if *bytes < MAX_COLLECTED && pieces.len() < MAX_COLLECTED_PIECES {
            pieces.push(piece);
        }
        *bytes += u64::from(piece.len);
    }

    /// The first frame at which something waits for a key.
    pub(super) fn parked_at(&self) -> Option<FrameId> {
        self.open.parked().map(|open| open.heard.frame).min()
    }

    /// What has waited for a key for too many frames of the recording stays sealed. Says whether
    /// anything has.
    pub(super) fn expire(&mut self, now: FrameId, stretch: &mut Stretch) -> bool {
        let late = self.open.late(now);
        late.iter().for_each(|id| self.complete(*id, None, stretch));
        !late.is_empty()
    }
}
