//! Who speaks: decided by the first bytes of each direction, and again where a session steps aside.
//!
//! ```text
//!   what the bytes surely are          a ClientHello on port 80
//!   what the other direction speaks    unless they belie it: a GET answered by a TLS alert
//!   what was claimed                   a port, an ALPN name; unless they belie it
//!   what they may be, else data
//! ```
//!
//! Data is what nothing is known of: whenever a segment begins with what another protocol surely
//! begins with, that one takes over.

use std::sync::Arc;

use super::deliver::Engine;
use super::inbox::{Inbox, Parcel};
use super::reader::ConnectionReader;
use super::session::Progress;
use super::slot::{Layer, SlotId, Speaker};
use super::stretch::Note;
use crate::claim::ENOUGH;
use crate::ids::{Direction, LayerId, ProtocolId};
use crate::limits::MAX_SWITCHES;
use crate::protocol::{Facts, Framing, Likelihood};

impl ConnectionReader {
    /// How sure it is that a session of this protocol can open a datagram that was sent this way.
    #[must_use]
    pub fn opens(&self, protocol: ProtocolId, from: Direction, datagram: &[u8]) -> Likelihood {
        let speakers = self.slots.iter().flat_map(|slot| slot.speakers.iter().flatten());
        let own = speakers.filter(|one| one.protocol == protocol);
        let sessions = own.filter_map(|one| one.session.as_ref());
        let tried = sessions.map(|one| one.opens(from, datagram, &self.shared.openers));
        tried.max().unwrap_or(Likelihood::No)
    }
}

impl Engine<'_> {
    /// Sees to it that somebody speaks in the direction of these bytes. Says how they are framed;
    /// `None` if the slot is gone.
    pub(super) fn seat(
        &self,
        reader: &mut ConnectionReader,
        id: SlotId,
        parcel: Parcel<'_>,
    ) -> Option<Framing> {
        let registry = self.context.registry;
        let slot = reader.slots.get(id)?;
        let framing = slot.opening.framing;
        match slot.speaker(parcel.direction) {
            Some(speaker) if speaker.protocol != registry.fallback() => {}
            // That nobody known speaks was agreed on, or said.
            Some(_) if slot.opening.is_agreed && slot.opening.claimed.first() != Some(&None) => {}
            Some(_) => {
                let found = registry.by_content(parcel.bytes, framing);
                if let (Framing::Stream, Some((protocol, Likelihood::Surely))) = (framing, found) {
                    self.take_seat(reader, id, parcel.direction, protocol);
                }
            }
            None => {
                let protocol = self.first_speaker(reader, id, parcel);
                self.take_seat(reader, id, parcel.direction, protocol);
            }
        }
        Some(framing)
    }

    /// Whether these first bytes of a nested layer, or of a layer whose speaker has just changed,
    /// are too few to tell the protocol while nobody speaks there and nothing was claimed.
    pub(super) fn is_undecided(
        &self,
        reader: &ConnectionReader,
        id: SlotId,
        parcel: Parcel<'_>,
    ) -> bool {
        let Some(slot) = reader.slots.get(id) else { return false };
        let is_inside = slot.depth > 1 || slot.switches > 0;
        let is_open = slot.opening.claimed == [None; 2] && slot.speaks == [None; 2];
        let is_short = parcel.bytes.len() < ENOUGH && slot.opening.framing == Framing::Stream;
        let content = || self.context.registry.by_content(parcel.bytes, Framing::Stream);
        is_inside && is_open && is_short && !matches!(content(), Some((_, Likelihood::Surely)))
    }

    /// Whether the session that speaks in a direction speaks in the other one, too, and so has
    /// read what was before these bytes.
    pub(super) fn is_joined(
        &self,
        reader: &ConnectionReader,
        id: SlotId,
        direction: Direction,
    ) -> bool {
        let slot = reader.slots.get(id);
        slot.is_some_and(|slot| {
            let who = slot.who(direction);
            who.is_some() && who == slot.who(direction.reverse())
        })
    }

    /// The protocol that these first bytes of a direction are read by.
    fn first_speaker(
        &self,
        reader: &ConnectionReader,
        id: SlotId,
        parcel: Parcel<'_>,
    ) -> ProtocolId {
        let registry = self.context.registry;
        let Some(slot) = reader.slots.get(id) else { return registry.fallback() };
        let framing = slot.opening.framing;
        if let ([Some(agreed), _], true) = (slot.opening.claimed, slot.opening.is_agreed) {
            return agreed;
        }
        let content = registry.by_content(parcel.bytes, framing);
        let other = slot.speaker(parcel.direction.reverse()).map(|one| one.protocol);
        let fits = |id: &ProtocolId| !registry.belies(*id, parcel.bytes, framing);
        let other = other.filter(|other| *other != registry.fallback());
        let knows =
            |id: ProtocolId| registry.get(id).probe(parcel.bytes, framing) != Likelihood::No;
        match (content, other) {
            // So few bytes belie nobody, and still may be somebody else's: an alert of TLS has 7.
            (Some((protocol, Likelihood::Surely)), Some(other)) if !knows(other) => protocol,
            // Who knows the other direction knows this one's answers.
            (_, Some(other)) if fits(&other) => other,
            (Some((protocol, Likelihood::Surely)), _) => protocol,
            (_, Some(other)) => other,
            _ => {
                let claimed = slot.opening.claimed.into_iter().flatten();
                registry.settle(content, claimed, parcel.bytes, framing)
            }
        }
    }

    /// Lets a protocol speak in a direction: with the session that it has there already, or with
    /// another.
    pub(super) fn take_seat(
        &self,
        reader: &mut ConnectionReader,
        id: SlotId,
        direction: Direction,
        protocol: ProtocolId,
    ) {
        let registry = self.context.registry;
        let layer = reader.new_layer();
        let began = reader.ports.began;
        let Some(slot) = reader.slots.get_mut(id) else { return };
        let beside = slot.who(direction.reverse());
        let shared = beside.filter(|_| {
            slot.speaker(direction.reverse()).is_some_and(|one| one.protocol == protocol)
        });
        let who = shared.unwrap_or_else(|| {
            let settled = Arc::clone(&slot.opening.settled);
            let facts = Facts { framing: slot.opening.framing, began, settled: &settled };
            let opened = registry.get(protocol).open(&facts);
            let (protocol, session) = match opened {
                Some(session) => (protocol, Some(session)),
                // Something that has headers but no session was claimed: its bytes are data.
                None => (registry.fallback(), registry.get(registry.fallback()).open(&facts)),
            };
            let below = slot.below.as_ref().and_then(|below| below.first());
            let one = Layer {
                protocol,
                below: below.map_or(LayerId::NONE, |(layer, _)| *layer),
                child: slot.parent.map_or(0, |(_, child)| child),
                framing: slot.opening.framing,
                through: slot.through,
            };
            let lower = slot.below.iter().flat_map(|below| below.iter().copied());
            let lineage = std::iter::once((layer, one)).chain(lower).collect();
            let who = if beside == Some(0) { 1 } else { 0 };
            if let Some(place) = slot.speakers.get_mut(who) {
                *place = Some(Speaker { lineage, layer, protocol, session });
            }
            who
        });
        if let Some(place) = slot.speaks.get_mut(direction.index()) {
            *place = Some(who);
        }
    }

    /// Whoever speaks in a direction reads no further: why, and from where on. It stands on the
    /// frame at hand.
    pub(super) fn note_given_up(
        &mut self,
        reader: &ConnectionReader,
        id: SlotId,
        unread: Parcel<'_>,
        reason: &'static str,
    ) {
        let slot = reader.slots.get(id);
        let speaker = slot.and_then(|slot| slot.speaker(unread.direction));
        if let Some(Speaker { protocol, .. }) = speaker {
            let (frame, span, protocol) = (self.moment.frame, unread.span, *protocol);
            self.stretch.note(Note { frame, span, protocol, reason });
        }
    }

    /// A session stepped aside or gave up.
    pub(super) fn turn(
        &mut self,
        reader: &mut ConnectionReader,
        id: SlotId,
        inbox: &mut Inbox,
        unread: Parcel<'_>,
        progress: Progress,
    ) {
        let direction = unread.direction;
        let Progress::Switch(claim) = progress else {
            if let Progress::GiveUp(reason) = progress {
                self.note_given_up(reader, id, unread, reason);
            }
            return inbox.close();
        };
        let claimed = self.context.registry.by_claim(claim);
        let Some(slot) = reader.slots.get_mut(id) else { return };
        let who = slot.who(direction);
        let speaker = who.and_then(|who| slot.speakers.get(who)?.as_ref());
        let protocol = speaker.map(|speaker| speaker.protocol);
        let stays = protocol.filter(|protocol| self.context.registry.get(*protocol).stays());
        slot.through = slot.through.or(stays);
        slot.switches += 1;
        if slot.switches > MAX_SWITCHES {
            self.note_given_up(reader, id, unread, "it stepped aside too often");
            return inbox.close();
        }
        // A port speaks for what begins on the transport, not for what follows later.
        (slot.opening.claimed, slot.opening.is_agreed) = ([claimed, None], false);
        for place in &mut slot.speaks {
            if *place == who {
                *place = None;
            }
        }
        inbox.hand_over();
        // What the other direction waited for was the old session's wish.
        for other in slot.lanes.all_mut() {
            other.hand_over();
        }
    }
}
