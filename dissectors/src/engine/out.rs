//! What a session may do: announce messages, relate them, ask for secrets. How it hands bytes on
//! stands in `hand`, how it derives buffers in `places`.

use std::sync::Arc;

use super::announce::{Announce, Shared, Want};
use super::attached::Attached;
use super::growing::Open;
use super::hand::Handed;
use super::inbox::Moment;
use super::later::Later;
use super::slot::{Lineage, SlotId};
use super::stretch::Stretch;
use crate::claim::{Claim, Claims};
use crate::frames::Frames;
use crate::ids::{Direction, FlowId, FrameId, LayerId, MessageId, ProtocolId, Time};
use crate::limits::{MAX_LEFT, MAX_NAMES, MAX_RESUMABLE, MAX_SHELF, MAX_WANTS};
use crate::maps::FastMap;
use crate::message::{
    Attachment, Message, MessageKind, MessagePart, Protection, Related, Relation,
};
use crate::schema::Schema;
use crate::secret::{Label, Lacking, PrivateKey, Secret, Secrets};
use crate::span::{Piece, Span};
use crate::typed::{AnyFact, Code, Coded, Fact};

/// Where the unread bytes of the way at hand lie.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rope<'a> {
    /// Stream offset of the first byte of `pieces` (or of `last`, where there are none).
    pub(super) at: u64,
    /// Pieces held back by earlier calls.
    pub(super) pieces: &'a [Piece],
    /// The piece that just came.
    pub(super) last: Piece,
}

impl Rope<'_> {
    /// No bytes at hand.
    pub(super) const NOTHING: Rope<'static> = Rope { at: 0, pieces: &[], last: Span::NONE };
}

/// The engine's side of a call to a session.
pub struct Out<'e> {
    /// The recording.
    pub(super) frames: &'e dyn Frames,
    pub(super) secrets: &'e Secrets,
    pub(super) claims: &'e Claims,
    pub(super) stretch: &'e mut Stretch,
    pub(super) shared: &'e mut Shared,
    pub(super) handed: &'e mut Vec<Handed>,
    /// The layers inside the one at hand, by their numbers.
    pub(super) children: &'e FastMap<u64, SlotId>,
    pub(super) later: &'e dyn Later,
    pub(super) rope: Rope<'e>,
    pub(super) depth: usize,
    pub(super) layer: LayerId,
    pub(super) lane: u64,
    pub(super) lineage: &'e Lineage,
    pub(super) direction: Direction,
    pub(super) moment: Moment,
    pub(super) protection: Protection,
    /// Set by [`Out::collect`]: who gets the bytes of the next pass.
    pub(super) collecting: Option<MessageId>,
}

/// Messages.
impl Out<'_> {
    /// Announces a message that the bytes read so far complete.
    pub fn announce<K: MessageKind>(&mut self, announce: Announce<K>) -> MessageId {
        let message = self.make(announce, self.moment.frame);
        self.stretch.note_layers(self.lineage);
        self.stretch.messages.push(message);
        message.id
    }

    /// Announces a message whose head was read and that will grow; [`Out::finish`] completes it.
    /// Where too many of this sender grow, the oldest is complete here. That bounds each side by
    /// itself, for one that is silent has no frame on which its messages could be complete.
    pub fn begin<K: MessageKind>(&mut self, announce: Announce<K>) -> MessageId {
        if let Some(oldest) = self.shared.open.surplus(self.direction) {
            self.shared.complete(oldest, Some(self.moment), self.stretch);
        }
        let message = self.make(announce, FrameId::NONE);
        self.shared.open.add(Open {
            message,
            lineage: Arc::clone(self.lineage),
            lane: self.lane,
            attachment: Attachment::default(),
            heard: self.moment,
            collected: None,
        });
        message.id
    }

    fn make<K: MessageKind>(&mut self, announce: Announce<K>, done: FrameId) -> Message {
        let id = MessageId(self.shared.next_message);
        self.shared.next_message += 1;
        announce.message(id, done, self)
    }

    /// Completes a message: at the frame at hand, or where it waits ([`Out::park`]). One of the
    /// other side that does not wait is complete with the next data of its sender, or with its
    /// last: its own frame has already been described.
    pub fn finish(&mut self, id: MessageId) {
        let (direction, here) = (self.direction, self.moment);
        let Some(open) = self.shared.open.get(id) else { return };
        let sender = open.message.direction;
        if sender == direction || self.shared.open.is_parked(id) {
            self.shared.complete(id, Some(here), self.stretch);
        } else {
            self.shared.open.note_finished(id, sender);
        }
    }

    /// Lets an open message wait on the frame at hand for what a later frame brings: a key, with
    /// which it is opened ([`Out::resume`]), or the word of the other side, which completes it
    /// ([`Out::finish`]) or lets it grow ([`Out::go_on`]). What waits for too long is completed as
    /// it is.
    /// Says no where too much waits already.
    pub fn park(&mut self, id: MessageId) -> bool {
        self.shared.open.park(id, self.moment)
    }

    /// A message that waited for the other side grows: it waits no more.
    pub fn go_on(&mut self, id: MessageId) {
        self.shared.open.go_on(id);
    }

    /// Goes back to a message that waited for a key: until the end of this call, whatever is
    /// announced and handed on stands on its frame. Says no where it waited for too long.
    pub fn resume(&mut self, id: MessageId, protection: Protection) -> bool {
        let is_parked = self.shared.open.is_parked(id);
        match self.shared.open.get_mut(id).filter(|_| is_parked) {
            Some(open) => {
                open.message.protection = protection;
                self.moment = open.heard;
                self.direction = open.message.direction;
                self.protection = protection;
                true
            }
            None => false,
        }
    }

    /// Changes the number kept with an open message.
    pub fn set_extra(&mut self, id: MessageId, extra: u32) {
        if let Some(open) = self.shared.open.get_mut(id) {
            open.message.extra = extra;
        }
    }

    /// What is attached to a message: open, or announced in this stretch.
    pub fn attachment(&mut self, id: MessageId) -> Attached<'_> {
        match self.shared.open.get_mut(id) {
            Some(open) => Attached::growing(&mut open.attachment),
            None => self.stretch.change(id),
        }
    }

    /// The bytes of the next [`super::session::Progress::Pass`] become a part of this open
    /// message, with this role; repeated passes add to the same part. Long bodies are remembered
    /// up to a bound.
    pub fn collect<R: Code>(&mut self, id: MessageId, role: R) {
        if let Some(open) = self.shared.open.get_mut(id) {
            open.collected.get_or_insert((Coded::new(role), Vec::new(), 0));
            self.collecting = Some(id);
        }
    }

    /// Adds bytes that are at hand to a part of this open message, as [`Out::collect`] does with
    /// bytes that pass by: for a session that has to look at them, too.
    pub fn gather<R: Code>(&mut self, id: MessageId, role: R, span: Span) {
        if let Some(open) = self.shared.open.get_mut(id) {
            open.collected.get_or_insert((Coded::new(role), Vec::new(), 0));
            self.shared.collect(id, span, self.moment);
        }
    }

    /// The same of bytes that nothing but fields is made of: where none will be, it is only noted
    /// that they came.
    pub fn gather_shown<R: Code>(&mut self, id: MessageId, role: R, span: Span) {
        if !self.shared.is_brief {
            self.gather(id, role, span);
        } else if let Some(open) = self.shared.open.get_mut(id) {
            open.heard = self.moment;
        }
    }

    /// What [`Out::collect`] gathered for this open message until now, as one span that is attached
    /// to it; `None` if nothing came by. For what rests on the whole of it, such as decoding: call
    /// it right before [`Out::finish`].
    pub fn collected(&mut self, id: MessageId) -> Option<Span> {
        let open = self.shared.open.get_mut(id)?;
        let (role, pieces, _) = open.collected.take()?;
        if pieces.is_empty() {
            return None;
        }
        let span = self.stretch.join(&pieces);
        open.attachment.parts.push(MessagePart { role, span, lent: false });
        Some(span)
    }

    /// How many bytes came by for this open message: more than are remembered, where it is long.
    #[must_use]
    pub fn gathered(&self, id: MessageId) -> u64 {
        let open = self.shared.open.get(id);
        open.and_then(|open| open.collected.as_ref()).map_or(0, |(_, _, bytes)| *bytes)
    }

    /// Says how one message bears on another.
    pub fn relate(&mut self, from: MessageId, relation: Relation, to: MessageId) {
        self.stretch.related.push(Related { from, relation, to });
    }
}

/// What layers and paths of a connection share.
impl<'e> Out<'e> {
    /// The protocol that lays claim to this.
    #[must_use]
    pub fn claimed(&self, claim: Claim<'_>) -> Option<ProtocolId> {
        self.claims.find(claim)
    }

    /// A secret; that it is missing is remembered as a want.
    pub fn secret(&mut self, label: Label, client_random: &[u8; 32]) -> Option<Vec<u8>> {
        if let Some(secret) = self.known(label, client_random) {
            return Some(secret);
        }
        let want = Want { label, client_random: *client_random };
        if self.shared.wants.len() < MAX_WANTS && !self.shared.wants.contains(&want) {
            self.shared.wants.push(want);
        }
        None
    }

    /// A secret, where it is known; that it is missing is not remembered.
    pub fn known(&mut self, label: Label, client_random: &[u8; 32]) -> Option<Vec<u8>> {
        let secret = self.secrets.find(label, client_random)?;
        let used = Want { label, client_random: *client_random };
        if self.shared.used.len() < MAX_WANTS && !self.shared.used.contains(&used) {
            self.shared.used.push(used);
        }
        Some(secret.to_vec())
    }

    /// Leaves a secret for connections that resume this one's session.
    pub fn resumable(&mut self, secret: Secret) {
        if self.shared.resumable.len() < MAX_RESUMABLE {
            self.shared.resumable.push(secret);
        }
    }

    /// Whether there is something that a premaster secret may come out of.
    #[must_use]
    pub fn has_premasters(&self) -> bool {
        self.secrets.has_premasters()
    }

    /// What is known of a connection that lacks a secret.
    #[must_use]
    pub fn lacking(&self, client_random: &[u8; 32]) -> Lacking {
        self.secrets.lacking(client_random)
    }

    /// All secrets of that kind, for who does not know whose they are.
    #[must_use]
    pub fn secrets_of(&self, label: Label) -> Vec<([u8; 32], &'e [u8])> {
        self.secrets.of(label)
    }

    /// Private keys of servers.
    #[must_use]
    pub fn private_keys(&self) -> &'e [PrivateKey] {
        self.secrets.private_keys()
    }

    /// What fields of Protocol Buffers are called, where somebody handed that in.
    #[must_use]
    pub const fn schema(&self) -> Option<&'e Arc<Schema>> {
        self.secrets.schema()
    }

    /// Leaves a key for other layers of this connection (a DTLS handshake for SRTP).
    pub fn shelve(&mut self, name: &'static str, key: &[u8]) {
        if self.shared.shelf.len() < MAX_SHELF {
            self.shared.shelf.push((name, key.into()));
        }
    }

    /// What was left last under that name.
    #[must_use]
    pub fn shelved(&self, name: &str) -> Option<&[u8]> {
        let found = self.shared.shelf.iter().rev().find(|(known, _)| *known == name);
        found.map(|(_, key)| &**key)
    }

    /// Leaves a value for other layers of this connection, in place of one of its type that was
    /// left before.
    pub fn leave<F: Fact>(&mut self, value: F) {
        let left = &mut self.shared.left;
        left.retain(|known| known.get::<F>().is_none());
        if left.len() < MAX_LEFT {
            left.push(AnyFact::new(value));
        }
    }

    /// What was left last of that type.
    #[must_use]
    pub fn left<F: Fact>(&self) -> Option<&F> {
        self.shared.left.iter().find_map(AnyFact::get)
    }

    /// Publishes a name that datagrams of this connection bear which go to the sender at hand,
    /// whatever path they take.
    pub fn publish(&mut self, name: &[u8]) {
        self.publish_for(self.direction, name);
    }

    /// Publishes a name that datagrams of this connection bear which go to that side (a number that
    /// the client chose, and both sides repeat).
    pub fn publish_for(&mut self, side: Direction, name: &[u8]) {
        if self.shared.names.len() < MAX_NAMES {
            self.shared.names.push((side, name.into()));
        }
    }

    /// Whether nothing but rows is made of what is read: what [`Protocol::summary`] does not look
    /// at need not be kept with messages.
    ///
    /// [`Protocol::summary`]: crate::protocol::Protocol::summary
    #[must_use]
    pub const fn is_brief(&self) -> bool {
        self.shared.is_brief
    }

    /// What is known of the frames to come.
    #[must_use]
    pub const fn later(&self) -> &'e dyn Later {
        self.later
    }

    /// The frame at hand.
    #[must_use]
    pub const fn frame(&self) -> FrameId {
        self.moment.frame
    }

    /// When the frame at hand was seen.
    #[must_use]
    pub const fn time(&self) -> Time {
        self.moment.time
    }

    /// The five-tuple that the frame at hand took: a connection that goes by names may change it.
    #[must_use]
    pub const fn path(&self) -> FlowId {
        self.moment.path
    }

    /// Under which keys the bytes at hand travelled.
    #[must_use]
    pub const fn protection(&self) -> Protection {
        self.protection
    }
}
