//! The reader of one connection: layers, each with a session and an inbox per direction.
//!
//! ```text
//!   arrival ─> Half (order) ─> layer 0: TLS on the TCP stream
//!                                 │ hand_on(stream 0, ALPN h2)
//!                                 v
//!                              layer 1: HTTP/2 ── hand_on(stream 5) ─> layer 2: gRPC
//! ```
//!
//! Bytes go down as borrowed slices, together with the span where they lie. An inbox copies only
//! what a session says it cannot read yet.

use std::collections::HashMap;
use std::sync::Arc;

use super::deliver::Engine;
use super::derive::{KeyId, Opener};
use super::inbox::Inbox;
use super::out::{Open, Shared, Want};
use super::stretch::Stretch;
use super::tcp::{Arrival, Event, Half, Segment};
use crate::frames::Frames;
use crate::ids::{Direction, FrameId, LayerId, Time};
use crate::protocol::Carrier;
use crate::registry::ProtocolId;
use crate::secret::Secrets;
use crate::session::Session;

/// A protocol speaking on one stream of its carrier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layer {
    /// Which protocol.
    pub protocol: ProtocolId,
    /// The layer that carries it; [`LayerId::NONE`] on the transport itself.
    pub carrier: LayerId,
    /// The carrier's stream: 0 where it has only one.
    pub stream: u64,
}

/// A layer with its live state.
pub(super) struct Slot {
    pub(super) layer: Layer,
    pub(super) session: Option<Box<dyn Session>>,
    pub(super) inbox: [Inbox; 2],
}

/// What the reader needs to know about its surroundings.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The recording.
    pub frames: &'a dyn Frames,
    /// All known secrets.
    pub secrets: &'a Secrets,
}

/// What identifies a connection to its reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ports {
    /// What carries the bytes.
    pub carrier: Carrier,
    /// The initiator's and the responder's port.
    pub ports: [u16; 2],
}

/// Reads one connection in order, once.
pub struct Reader {
    pub(super) ports: Ports,
    pub(super) halves: [Half; 2],
    pub(super) slots: Vec<Slot>,
    pub(super) children: HashMap<(LayerId, u64), LayerId>,
    pub(super) shared: Shared,
    /// Datagram bytes so far, by direction: offsets for layers that have no stream.
    pub(super) offsets: [u64; 2],
    last: Option<(FrameId, Time)>,
}

impl Reader {
    /// A reader at the very beginning.
    #[must_use]
    pub fn new(ports: Ports) -> Self {
        Self {
            ports,
            halves: <[Half; 2]>::default(),
            slots: Vec::new(),
            children: HashMap::new(),
            shared: Shared::default(),
            offsets: [0; 2],
            last: None,
        }
    }

    /// The same reader again, for a checkpoint.
    #[must_use]
    pub fn fork(&self) -> Self {
        let fork = |slot: &Slot| Slot {
            layer: slot.layer,
            session: slot.session.as_ref().map(|session| session.fork()),
            inbox: slot.inbox.clone(),
        };
        Self {
            ports: self.ports,
            halves: self.halves.clone(),
            slots: self.slots.iter().map(fork).collect(),
            children: self.children.clone(),
            shared: self.shared.clone(),
            offsets: self.offsets,
            last: self.last,
        }
    }

    /// A layer that was opened.
    #[must_use]
    pub fn layer(&self, id: LayerId) -> Option<&Layer> {
        self.slots.get(id.index()).map(|slot| &slot.layer)
    }

    /// All layers, in the order in which they were opened.
    pub fn layers(&self) -> impl Iterator<Item = (LayerId, &Layer)> {
        (0..).map(LayerId).zip(self.slots.iter().map(|slot| &slot.layer))
    }

    /// Secrets that were asked for and not there.
    #[must_use]
    pub fn wants(&self) -> &[Want] {
        &self.shared.wants
    }

    /// Takes the names under which other flows may belong to this connection.
    pub fn take_aliases(&mut self) -> Vec<Box<[u8]>> {
        std::mem::take(&mut self.shared.aliases)
    }

    pub(super) fn opener(&self, key: KeyId) -> Option<&dyn Opener> {
        self.shared.openers.get(key.0 as usize).map(Arc::as_ref)
    }

    /// A stretch to go on in after `earlier`: what is still open rests in it from now on.
    #[must_use]
    pub fn next_stretch(&self, earlier: &Stretch) -> Stretch {
        let mut next = Stretch::starting_at(earlier.next_buffer());
        let open = self.shared.open.iter().flat_map(Open::places);
        let inboxes = self.slots.iter().flat_map(|slot| &slot.inbox);
        let sessions = self.slots.iter().filter_map(|slot| slot.session.as_ref());
        let held = sessions.flat_map(|session| session.holds());
        let pending = self.halves.iter().flat_map(Half::places);
        let inbox_places = inboxes.flat_map(|inbox| inbox.pieces.iter().copied());
        next.carry(earlier, open.chain(inbox_places).chain(held).chain(pending));
        next
    }

    /// Reads one frame of the connection into `stretch`.
    pub fn feed(
        &mut self,
        arrival: &Arrival,
        context: Context<'_>,
        stretch: &mut Stretch,
    ) -> Segment {
        self.last = Some((arrival.frame, arrival.time));
        let mut engine = Engine { context, stretch, frame: arrival.frame, time: arrival.time };
        match self.ports.carrier {
            Carrier::Datagram => {
                engine.datagram(self, arrival);
                Segment::Plain
            }
            Carrier::Stream => engine.segment(self, arrival),
        }
    }

    /// No more frames will come: what waits is let through, and what is open is closed.
    pub fn finish(&mut self, context: Context<'_>, stretch: &mut Stretch) {
        let Some((frame, time)) = self.last else { return };
        let mut engine = Engine { context, stretch, frame, time };
        for direction in Direction::BOTH {
            let mut events = Vec::new();
            if let Some(half) = self.halves.get_mut(direction.index()) {
                half.flush(&mut events);
            }
            engine.events(self, direction, &events);
            // A reset, or the end of the recording, ends what no FIN has ended.
            let ended = self.halves.get(direction.index()).is_some_and(Half::has_ended);
            if self.ports.carrier == Carrier::Stream && !ended {
                engine.events(self, direction, &[Event::End]);
            }
        }
        while let Some(id) = self.shared.open.first().map(|open| open.message.id) {
            self.shared.complete(id, frame, stretch);
        }
    }
}
