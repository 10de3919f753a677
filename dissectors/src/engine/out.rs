//! What a session may do: announce messages, derive buffers, ask for secrets, hand bytes on.

use std::sync::{Arc, OnceLock};

use super::derive::{Coding, Kept, KeyId, Opener, Openers, Recipe};
use super::stretch::Stretch;
use crate::ids::{Direction, FrameId, LayerId, MessageId, Time};
use crate::limits::{MAX_COLLECTED, MAX_COLLECTED_PIECES, MAX_OPEN_MESSAGES, MAX_WANTS};
use crate::message::{Attachment, Message, MessageKind, Part, Protection, Related, Relation};
use crate::protocol::Claim;
use crate::secret::{Label, Secrets};
use crate::span::{Buffer, Piece, Span};

/// A message about to be announced.
#[derive(Clone, Copy, Debug)]
pub struct Announce {
    kind: MessageKind,
    span: Span,
    parent: MessageId,
    extra: u32,
    protection: Option<Protection>,
}

impl Announce {
    /// A message of that kind, its bytes (or its head) at that place.
    #[must_use]
    pub const fn new(kind: MessageKind, span: Span) -> Self {
        Self { kind, span, parent: MessageId::NONE, extra: 0, protection: None }
    }

    /// Part of another message.
    #[must_use]
    pub const fn part_of(self, parent: MessageId) -> Self {
        Self { parent, ..self }
    }

    /// With a number its protocol will need to explain it.
    #[must_use]
    pub const fn extra(self, extra: u32) -> Self {
        Self { extra, ..self }
    }

    /// Under other keys than those of the bytes that were read.
    #[must_use]
    pub const fn protection(self, protection: Protection) -> Self {
        Self { protection: Some(protection), ..self }
    }
}

/// A message that is not complete yet, and what was gathered for it.
#[derive(Clone, Debug)]
pub(super) struct Open {
    pub(super) message: Message,
    pub(super) attachment: Attachment,
    /// Role and pieces of a body that passes by.
    collected: Option<(u8, Vec<Piece>, u64)>,
}

impl Open {
    pub(super) fn places(&self) -> Vec<Span> {
        let mut places = Stretch::places(&self.message, &self.attachment);
        if let Some((_, pieces, _)) = &self.collected {
            places.extend(pieces);
        }
        places
    }
}

/// What all layers of a connection share.
#[derive(Clone, Default)]
pub(super) struct Shared {
    pub(super) next_message: u32,
    pub(super) open: Vec<Open>,
    pub(super) openers: Openers,
    pub(super) wants: Vec<Want>,
    pub(super) aliases: Vec<Box<[u8]>>,
}

/// A secret that was asked for and not there: when it arrives, the connection is read again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Want {
    /// Which secret.
    pub label: Label,
    /// For which ClientHello.
    pub client_random: [u8; 32],
}

/// What goes to another layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    Bytes,
    /// Nothing: bytes are missing, nobody knows how many.
    Gap,
    /// Nothing, ever again.
    End,
}

/// Bytes on their way to another layer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Handed {
    pub(super) stream: u64,
    pub(super) protocol: Option<crate::registry::ProtocolId>,
    pub(super) direction: Direction,
    pub(super) span: Span,
    pub(super) protection: Protection,
    pub(super) what: What,
}

/// Where the unread bytes of the direction at hand lie.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rope<'a> {
    /// Stream offset of the first byte of `pieces` (or of `last`, where there are none).
    pub(super) at: u64,
    /// Pieces held back by earlier calls.
    pub(super) pieces: &'a [Piece],
    /// The piece that just came.
    pub(super) last: Piece,
}

/// The engine's side of a call to a session.
pub struct Out<'e> {
    pub(super) stretch: &'e mut Stretch,
    pub(super) shared: &'e mut Shared,
    pub(super) handed: &'e mut Vec<Handed>,
    pub(super) secrets: &'e Secrets,
    pub(super) rope: Rope<'e>,
    pub(super) depth: usize,
    pub(super) layer: LayerId,
    pub(super) direction: Direction,
    pub(super) frame: FrameId,
    pub(super) time: Time,
    pub(super) protection: Protection,
    /// Set by [`Out::collect`]: who gets the bytes of the next pass.
    pub(super) collecting: Option<MessageId>,
}

impl Out<'_> {
    /// Announces a message that the bytes read so far complete.
    pub fn announce(&mut self, announce: Announce) -> MessageId {
        let message = self.make(announce, self.frame);
        self.stretch.messages.push(message);
        message.id
    }

    /// Announces a message whose head was read and that will grow; [`Out::finish`] completes it.
    pub fn begin(&mut self, announce: Announce) -> MessageId {
        if self.shared.open.len() >= MAX_OPEN_MESSAGES
            && let Some(oldest) = self.shared.open.first().map(|open| open.message.id)
        {
            self.finish(oldest);
        }
        let message = self.make(announce, FrameId::NONE);
        let open = Open { message, attachment: Attachment::default(), collected: None };
        self.shared.open.push(open);
        message.id
    }

    fn make(&mut self, announce: Announce, done: FrameId) -> Message {
        let id = MessageId(self.shared.next_message);
        self.shared.next_message += 1;
        Message {
            id,
            span: announce.span,
            done,
            parent: announce.parent,
            layer: self.layer,
            extra: announce.extra,
            kind: announce.kind,
            protection: announce.protection.unwrap_or(self.protection),
            direction: self.direction,
        }
    }

    /// Completes a message at the frame at hand.
    pub fn finish(&mut self, id: MessageId) {
        self.shared.complete(id, self.frame, self.stretch);
    }

    /// Changes the number kept with an open message.
    pub fn set_extra(&mut self, id: MessageId, extra: u32) {
        if let Some(open) = self.shared.open.iter_mut().find(|open| open.message.id == id) {
            open.message.extra = extra;
        }
    }

    /// What is attached to a message: open, or announced in this stretch.
    pub fn attachment(&mut self, id: MessageId) -> &mut Attachment {
        match self.shared.open.iter_mut().find(|open| open.message.id == id) {
            Some(open) => &mut open.attachment,
            None => self.stretch.attachment_mut(id),
        }
    }

    /// The bytes of the next [`super::super::session::Progress::Pass`] become a part of this open
    /// message, with this role; repeated passes add to the same part. Long bodies are remembered
    /// up to a bound.
    pub fn collect(&mut self, id: MessageId, role: u8) {
        if let Some(open) = self.shared.open.iter_mut().find(|open| open.message.id == id) {
            open.collected.get_or_insert((role, Vec::new(), 0));
            self.collecting = Some(id);
        }
    }

    /// Adds bytes that are at hand to a part of this open message, as [`Out::collect`] does with
    /// bytes that pass by: for a session that has to look at them, too.
    pub fn gather(&mut self, id: MessageId, role: u8, span: Span) {
        if let Some(open) = self.shared.open.iter_mut().find(|open| open.message.id == id) {
            open.collected.get_or_insert((role, Vec::new(), 0));
            self.shared.collect(id, span);
        }
    }

    /// What [`Out::collect`] gathered for this open message until now, as one span that is
    /// attached to it; nothing where nothing came by. For what rests on the whole of it, such as
    /// decoding: call it right before [`Out::finish`].
    pub fn collected(&mut self, id: MessageId) -> Option<Span> {
        let open = self.shared.open.iter_mut().find(|open| open.message.id == id)?;
        let (role, pieces, _) = open.collected.take()?;
        if pieces.is_empty() {
            return None;
        }
        let span = self.stretch.join(&pieces);
        open.attachment.parts.push(Part { role, span });
        Some(span)
    }

    /// Says how one message bears on another.
    pub fn relate(&mut self, from: MessageId, relation: Relation, to: MessageId) {
        self.stretch.related.push(Related { from, relation, to });
    }

    /// The place of `len` unread bytes from stream offset `at` on.
    pub fn span(&mut self, at: u64, len: usize) -> Span {
        let Rope { at: mut start, pieces, last } = self.rope;
        let end = at.saturating_add(len as u64);
        if pieces.is_empty() {
            return last.part(at.saturating_sub(start) as usize, len);
        }
        let mut found = Vec::new();
        for piece in pieces.iter().chain([&last]) {
            let piece_end = start + u64::from(piece.len);
            if piece_end > at && start < end {
                let skip = at.saturating_sub(start);
                let stop = end.min(piece_end) - start;
                found.push(piece.part(skip as usize, (stop - skip) as usize));
            }
            start = piece_end;
        }
        self.stretch.join(&found)
    }

    /// Pieces as one span: themselves where they are one run, else a buffer derived by joining.
    pub fn join(&mut self, pieces: &[Piece]) -> Span {
        self.stretch.join(pieces)
    }

    /// Takes a key into use.
    pub fn add_key(&mut self, opener: Arc<dyn Opener>) -> KeyId {
        self.shared.openers.push(opener);
        KeyId(self.shared.openers.len() as u32 - 1)
    }

    /// Opens a sealed record: `bytes` are its bytes, which lie at `place`. The span of the
    /// plaintext, or nothing where it does not open.
    pub fn open(&mut self, key: KeyId, number: u64, place: Span, bytes: &[u8]) -> Option<Span> {
        let opener = Arc::clone(self.shared.openers.get(key.0 as usize)?);
        let depth = self.depth;
        if self.stretch.segments.len() <= depth {
            self.stretch.segments.resize_with(depth + 1, Vec::new);
        }
        let arena = self.stretch.segments.get_mut(depth)?;
        let start = arena.len();
        if !opener.open(number, bytes, arena) {
            return None;
        }
        let len = (arena.len() - start) as u32;
        let kept = match u32::try_from(start) {
            Ok(start) => Kept::Arena { segment: depth as u32, start },
            Err(_) => Kept::Later(OnceLock::new()),
        };
        let recipe = Recipe::Open { key, number };
        let buffer = self.stretch.derive(recipe, &[place], len, kept);
        Some(Span { buffer, start: 0, len })
    }

    /// A buffer that decodes what lies at `place`, made only when somebody looks. Its length is
    /// not known before; the span claims all of it.
    pub fn decode(&mut self, coding: Coding, place: Span) -> Span {
        let kept = Kept::Later(OnceLock::new());
        let buffer = self.stretch.derive(Recipe::Decode(coding), &[place], u32::MAX, kept);
        Span { buffer, start: 0, len: u32::MAX }
    }

    /// The bytes of a buffer opened in this call.
    #[must_use]
    pub fn bytes(&self, span: Span) -> &[u8] {
        let Buffer::Derived(number) = span.buffer.kind() else { return &[] };
        match self.stretch.derived(number).map(|derived| &derived.kept) {
            Some(Kept::Arena { segment, start }) => self
                .stretch
                .arena(*segment, start.saturating_add(span.start), span.len)
                .unwrap_or(&[]),
            _ => &[],
        }
    }

    /// Hands bytes on to the protocol that speaks on `stream` inside this layer. The first bytes
    /// of a stream decide, with the claim, which one that is.
    pub fn hand_on(
        &mut self,
        stream: u64,
        claim: Claim<'_>,
        span: Span,
        protection: Option<Protection>,
    ) {
        let protection = protection.unwrap_or(self.protection);
        // A claim may borrow from bytes that are gone when it is read: it is settled here.
        let protocol = crate::registry::by_claim(claim);
        self.handed.push(Handed {
            stream,
            protocol,
            direction: self.direction,
            span,
            protection,
            what: What::Bytes,
        });
    }

    /// Says that a stream inside this layer has ended in the direction at hand.
    pub fn end_stream(&mut self, stream: u64) {
        self.hand_nothing(stream, What::End);
    }

    /// Says that bytes of a stream inside this layer are missing in the direction at hand, before
    /// what is handed on next.
    pub fn lose(&mut self, stream: u64) {
        self.hand_nothing(stream, What::Gap);
    }

    fn hand_nothing(&mut self, stream: u64, what: What) {
        let (direction, protection) = (self.direction, self.protection);
        let (protocol, span) = (None, Span::NONE);
        self.handed.push(Handed { stream, protocol, direction, span, protection, what });
    }

    /// A secret; that it is missing is remembered as a want.
    pub fn secret(&mut self, label: Label, client_random: &[u8; 32]) -> Option<Vec<u8>> {
        if let Some(secret) = self.secrets.find(label, client_random) {
            return Some(secret.to_vec());
        }
        let want = Want { label, client_random: *client_random };
        if self.shared.wants.len() < MAX_WANTS && !self.shared.wants.contains(&want) {
            self.shared.wants.push(want);
        }
        None
    }

    /// Publishes a name under which other flows may belong to this connection.
    pub fn alias(&mut self, name: &[u8]) {
        self.shared.aliases.push(name.into());
    }

    /// The frame at hand.
    #[must_use]
    pub const fn frame(&self) -> FrameId {
        self.frame
    }

    /// When the frame at hand was seen.
    #[must_use]
    pub const fn time(&self) -> Time {
        self.time
    }

    /// Under which keys the bytes at hand travelled.
    #[must_use]
    pub const fn protection(&self) -> Protection {
        self.protection
    }
}

impl Shared {
    /// Completes an open message: it goes to the stretch, with all that was gathered for it.
    pub(super) fn complete(&mut self, id: MessageId, frame: FrameId, stretch: &mut Stretch) {
        let Some(index) = self.open.iter().position(|open| open.message.id == id) else {
            return;
        };
        let mut open = self.open.remove(index);
        if let Some((role, pieces, _)) = open.collected.take()
            && !pieces.is_empty()
        {
            let span = stretch.join(&pieces);
            open.attachment.parts.push(Part { role, span });
        }
        open.message.done = frame;
        stretch.attach(id, open.attachment);
        stretch.messages.push(open.message);
    }

    /// Adds a passing piece to the body of an open message.
    pub(super) fn collect(&mut self, id: MessageId, piece: Piece) {
        let open = self.open.iter_mut().find(|open| open.message.id == id);
        let Some((_, pieces, bytes)) = open.and_then(|open| open.collected.as_mut()) else {
            return;
        };
        if *bytes < MAX_COLLECTED && pieces.len() < MAX_COLLECTED_PIECES {
            pieces.push(piece);
        }
        *bytes += u64::from(piece.len);
    }
}
