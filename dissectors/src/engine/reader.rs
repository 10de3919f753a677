//! The reader of one connection: slots, each with sessions and inboxes.
//!
//! ```text
//!   arrival ─> Half (order) ─> slot 0: TLS on the TCP stream
//!                                 │ hand_on(child 0, ALPN h2)
//!                                 v
//!                              slot 1: HTTP/2 ── hand_on(child 5) ─> slot 2: gRPC
//! ```
//!
//! Bytes go up as borrowed slices, together with the span where they lie. An inbox copies only
//! what a session says it cannot read yet.

use super::announce::{Open, Shared, Want};
use super::deliver::Engine;
use super::derive::Openers;
use super::inbox::Moment;
use super::later::Later;
use super::ordered::Event;
use super::slot::{SlotId, Slots};
use super::stretch::Stretch;
use super::tcp::{Arrival, Half, Segment};
use crate::finding::Registry;
use crate::frames::Frames;
use crate::ids::{Direction, FrameId, ProtocolId};
use crate::protocol::{Claim, Framing};
use crate::secret::Secrets;
use crate::session::Ending;

pub use super::slot::Layer;

/// What reading needs to know about its surroundings.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The recording.
    pub frames: &'a dyn Frames,
    /// All known secrets.
    pub secrets: &'a Secrets,
    /// The protocols to read with.
    pub registry: &'a Registry,
}

/// What is known of a connection before its first byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ports {
    /// What bounds the bytes.
    pub framing: Framing,
    /// The initiator's and the responder's port.
    pub ports: [u16; 2],
    /// Who opened it, where that was captured.
    pub began: Option<Direction>,
}

impl Ports {
    /// Nothing is known.
    pub const NOTHING: Self = Self { framing: Framing::Datagram, ports: [0; 2], began: None };

    /// The protocols that the ports lay claim to: the responder's first.
    pub(crate) fn claimed<'r>(
        &self,
        registry: &'r Registry,
    ) -> impl Iterator<Item = ProtocolId> + use<'r> {
        let [initiator, responder] = self.ports;
        let claims = match self.framing {
            Framing::Stream => [Claim::TcpPort(responder), Claim::TcpPort(initiator)],
            Framing::Datagram => [Claim::UdpPort(responder), Claim::UdpPort(initiator)],
        };
        let is_read = move |claim: &Claim<'_>| !matches!(claim, Claim::UdpPort(port) if registry.is_carrier(*port));
        claims.into_iter().filter(is_read).filter_map(|claim| registry.by_claim(claim))
    }
}

/// Reads one connection in order, once.
pub struct Reader {
    pub(super) ports: Ports,
    pub(super) halves: [Half; 2],
    pub(super) slots: Slots,
    /// The slots directly on the transport: one on a stream; on datagrams one for each protocol
    /// that was recognized.
    pub(super) roots: Vec<(Option<ProtocolId>, SlotId)>,
    /// Which protocol datagrams are that show none by themselves.
    pub(super) main: Option<ProtocolId>,
    pub(super) next_layer: u32,
    pub(super) shared: Shared,
    pub(super) ended: [bool; 2],
    last: Option<Moment>,
}

impl Reader {
    /// A reader at the very beginning.
    #[must_use]
    pub fn new(ports: Ports) -> Self {
        Self {
            ports,
            halves: <[Half; 2]>::default(),
            slots: Slots::default(),
            roots: Vec::new(),
            main: None,
            next_layer: 0,
            shared: Shared::default(),
            ended: [false; 2],
            last: None,
        }
    }

    /// The same reader again, for a checkpoint. Slots are copied when they change.
    #[must_use]
    pub fn fork(&self) -> Self {
        Self {
            ports: self.ports,
            halves: self.halves.clone(),
            slots: self.slots.clone(),
            roots: self.roots.clone(),
            main: self.main,
            next_layer: self.next_layer,
            shared: self.shared.clone(),
            ended: self.ended,
            last: self.last,
        }
    }

    /// How many layers are open at once.
    #[must_use]
    pub fn open_layers(&self) -> usize {
        self.slots.live()
    }

    /// How many lanes are open at once: one in each layer, and those beside it.
    #[must_use]
    pub fn open_lanes(&self) -> usize {
        self.slots.iter().map(|slot| slot.lanes.count()).sum()
    }

    /// Secrets that were asked for and not there.
    #[must_use]
    pub fn wants(&self) -> &[Want] {
        &self.shared.wants
    }

    /// Takes the names that were published since the last time, and who published them.
    pub fn take_names(&mut self) -> Vec<(Direction, Box<[u8]>)> {
        std::mem::take(&mut self.shared.names)
    }

    /// The first frame at which something waits for a key that may still come: what this
    /// connection puts out for it, or for a later one, may change.
    #[must_use]
    pub fn parked_at(&self) -> Option<FrameId> {
        self.shared.parked_at()
    }

    pub(super) const fn openers(&self) -> &Openers {
        &self.shared.openers
    }

    /// A stretch to go on in after `earlier`: what is still open rests in it from now on.
    #[must_use]
    pub fn next_stretch(&self, earlier: &Stretch) -> Stretch {
        let mut next = Stretch::starting_at(earlier.next_buffer());
        let open = self.shared.open.iter().flat_map(Open::places);
        let inboxes = self.slots.iter().flat_map(|slot| slot.lanes.all());
        let sessions = self.slots.iter().flat_map(|slot| slot.speakers.iter().flatten());
        let held = sessions.filter_map(|one| one.session.as_ref()).flat_map(|one| one.holds());
        let pending = self.halves.iter().flat_map(Half::places);
        let inbox_places = inboxes.flat_map(|inbox| inbox.pieces.iter().copied());
        next.carry(earlier, open.chain(inbox_places).chain(held).chain(pending));
        next
    }

    /// Reads one frame of the connection into `stretch`; `later` knows what comes after it.
    pub fn feed(
        &mut self,
        arrival: &Arrival,
        context: Context<'_>,
        later: &dyn Later,
        stretch: &mut Stretch,
    ) -> Segment {
        let moment = Moment { frame: arrival.frame, time: arrival.time };
        self.last = Some(moment);
        self.shared.expire(arrival.frame, stretch);
        let direction = arrival.direction;
        let own = (arrival.payload_len > 0).then_some(direction);
        let mut engine = Engine { context, stretch, moment, own };
        let segment = match self.ports.framing {
            Framing::Datagram => {
                engine.datagram(self, arrival);
                Segment::Plain
            }
            Framing::Stream => {
                let mut events = Vec::new();
                let half = self.halves.get_mut(direction.index());
                let segment =
                    half.map_or(Segment::Plain, |half| half.push(arrival, later, &mut events));
                engine.events(self, direction, &events, Ending::Closed);
                segment
            }
        };
        if later.is_last_data(arrival.frame, direction) {
            // Whatever is open ends here, where its sender was heard last, and not where
            // somebody notices.
            let ending = later.ending(arrival.frame, direction);
            engine.events(self, direction, &[Event::End], ending);
            engine.complete_all(self, direction);
        }
        segment
    }

    /// No more frames will come: what waits is let through, and what is open is closed.
    pub fn finish(&mut self, context: Context<'_>, stretch: &mut Stretch) {
        let Some(moment) = self.last else { return };
        let mut engine = Engine { context, stretch, moment, own: None };
        for direction in Direction::BOTH {
            let mut events = Vec::new();
            if let Some(half) = self.halves.get_mut(direction.index()) {
                half.flush(&mut events);
            }
            engine.events(self, direction, &events, Ending::Closed);
            // A reset, or the end of the recording, ends what no FIN has ended.
            engine.events(self, direction, &[Event::End], Ending::Cut);
        }
        while let Some(id) = self.shared.open.first().map(|open| open.message.id) {
            self.shared.complete(id, None, stretch);
        }
    }

    /// What has waited for a key for too long by this frame stays sealed.
    pub(super) fn expire(&mut self, now: FrameId, stretch: &mut Stretch) {
        self.shared.expire(now, stretch);
    }

    /// A number for another layer.
    pub(super) fn new_layer(&mut self) -> crate::ids::LayerId {
        self.next_layer += 1;
        crate::ids::LayerId(self.next_layer - 1)
    }
}
