//! The reader of one connection: slots, each with sessions and inboxes.
//!
//! ```text
//!   segments ─> slot 0: TCP ── hand_on(child 0, port 443) ─> slot 1: TLS
//!                                                               │ hand_on(child 0, ALPN h2)
//!                                                               v
//!                        slot 3: gRPC <─ hand_on(child 5) ── slot 2: HTTP/2
//!   datagrams ─> a slot for each protocol that they show
//! ```
//!
//! Bytes go up as borrowed slices, together with the span where they lie. An inbox copies only
//! what a session says it cannot read yet.

use super::announce::{Shared, Want};
use super::arrival::Arrival;
use super::deliver::Engine;
use super::ending::Owed;
use super::growing::Open;
use super::hand::Handed;
use super::inbox::Moment;
use super::later::{Later, Unknown};
use super::ports::Ports;
use super::session::{Ending, Way};
use super::slot::{SlotId, Slots};
use super::stretch::Stretch;
use super::tcp::Numbering;
use super::view::View;
use crate::claim::Framing;
use crate::frames::Frames;
use crate::ids::{Direction, FrameId, ProtocolId};
use crate::protocol::Registry;
use crate::secret::{Secret, Secrets};

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

/// Reads one connection in order, once.
pub struct ConnectionReader {
    pub(super) ports: Ports,
    pub(super) slots: Slots,
    /// The slots that frames go to: that of TCP, or one for each protocol that datagrams showed.
    pub(super) roots: Vec<(ProtocolId, SlotId)>,
    /// Which protocol datagrams are that show none by themselves.
    pub(super) main: Option<ProtocolId>,
    pub(super) next_layer: u32,
    pub(super) shared: Shared,
    pub(super) ended: [bool; 2],
    /// Room for what calls of sessions hand on, to be used again.
    pub(super) spare: Vec<Vec<Handed>>,
    /// Ends that wait for what is parked in front of them.
    pub(super) owed: Vec<Owed>,
    /// Ways whose first bytes are too few to tell who speaks.
    pub(super) undecided: Vec<(SlotId, Way)>,
    last: Option<Moment>,
}

impl ConnectionReader {
    /// A reader at the very beginning.
    #[must_use]
    pub fn new(ports: Ports) -> Self {
        Self {
            ports,
            slots: Slots::default(),
            roots: Vec::new(),
            main: None,
            next_layer: 0,
            shared: Shared::default(),
            ended: [false; 2],
            spare: Vec::new(),
            owed: Vec::new(),
            undecided: Vec::new(),
            last: None,
        }
    }

    /// The same reader, with what is known of the numbers of its segments.
    #[must_use]
    pub fn numbered(mut self, numbering: Numbering) -> Self {
        self.shared.numbering = numbering;
        self
    }

    /// The same reader, for rows alone: what only fields and stories take is not kept.
    #[must_use]
    pub const fn brief(mut self, is_brief: bool) -> Self {
        self.shared.is_brief = is_brief;
        self
    }

    /// The same reader again, for a checkpoint. Slots are copied when they change.
    #[must_use]
    pub fn fork(&self) -> Self {
        Self {
            ports: self.ports,
            slots: self.slots.clone(),
            roots: self.roots.clone(),
            main: self.main,
            next_layer: self.next_layer,
            shared: self.shared.clone(),
            ended: self.ended,
            spare: Vec::new(),
            owed: self.owed.clone(),
            undecided: self.undecided.clone(),
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

    /// How many messages are not complete yet.
    #[must_use]
    pub fn open_messages(&self) -> usize {
        self.shared.open.len()
    }

    /// Secrets that were asked for and not there.
    #[must_use]
    pub fn wants(&self) -> &[Want] {
        &self.shared.wants
    }

    /// Secrets that were asked for and there.
    #[must_use]
    pub fn used(&self) -> &[Want] {
        &self.shared.used
    }

    /// Takes the secrets that connections may go on with which resume what this one has agreed on.
    pub fn take_resumable(&mut self) -> Vec<Secret> {
        std::mem::take(&mut self.shared.resumable)
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

    /// A view of one stretch of what this has read.
    #[must_use]
    pub const fn view<'a>(&'a self, frames: &'a dyn Frames, stretch: &'a Stretch) -> View<'a> {
        View::over(frames, &self.shared, stretch)
    }

    /// What describing needs to know beside a stretch, as far as it was read.
    pub(super) fn seen(&self) -> Shared {
        let Shared { numbering, openers, .. } = &self.shared;
        Shared { numbering: *numbering, openers: openers.clone(), ..Shared::default() }
    }

    /// A stretch to go on in after `earlier`: what is still open rests in it from now on.
    #[must_use]
    pub fn next_stretch(&self, earlier: &Stretch) -> Stretch {
        let mut next = Stretch::starting_at(earlier.next_buffer());
        let open = self.shared.open.iter().flat_map(Open::places);
        let inboxes = self.slots.iter().flat_map(|slot| slot.lanes.all());
        let sessions = self.slots.iter().flat_map(|slot| slot.speakers.iter().flatten());
        let held = sessions.filter_map(|one| one.session.as_ref()).flat_map(|one| one.holds());
        let inbox_places = inboxes.flat_map(|inbox| inbox.pieces.as_slice().iter().copied());
        next.carry(earlier, open.chain(inbox_places).chain(held));
        next
    }

    /// Reads one frame of the connection into `stretch`; `later` knows what comes after it.
    pub fn feed(
        &mut self,
        arrival: &Arrival<'_>,
        context: Context<'_>,
        later: &dyn Later,
        stretch: &mut Stretch,
    ) {
        let Arrival { frame, time, path, .. } = *arrival;
        let moment = Moment { frame, time, path };
        self.last = Some(moment);
        let has_expired = self.shared.expire(arrival.frame, stretch);
        let direction = arrival.direction;
        let own = (arrival.data > 0).then_some(direction);
        let at_hand = Some((arrival.frame, arrival.bytes));
        let mut engine = Engine { context, stretch, later, moment, own, at_hand };
        if has_expired {
            engine.settle_ends(self);
        }
        if own.is_some() {
            self.shared.complete_finished(direction, moment, engine.stretch);
        }
        match self.ports.framing {
            Framing::Datagram => engine.datagram(self, arrival),
            Framing::Stream => engine.segment(self, arrival),
        }
        engine.settle_speakers(self, direction);
        engine.settle_ends(self);
        if own.is_some() && later.is_last_data(arrival.frame, direction) {
            // Whatever is open ends here, where its sender was heard last, and not where
            // somebody notices. TCP has ended what is inside it by itself.
            if self.ports.framing == Framing::Datagram {
                engine.end_roots(self, direction, later.ending(arrival.frame, direction));
            }
            engine.complete_all(self, direction);
        }
    }

    /// No more frames will come: what waits is let through, and what is open is closed.
    pub fn finish(&mut self, context: Context<'_>, stretch: &mut Stretch) {
        let Some(moment) = self.last else { return };
        let later = &Unknown;
        let mut engine = Engine { context, stretch, later, moment, own: None, at_hand: None };
        for direction in Direction::BOTH {
            // A reset, or the end of the recording, ends what nobody has ended.
            engine.end_roots(self, direction, Ending::Cut);
        }
        engine.give_up_parked(self);
        for id in self.shared.open.all() {
            self.shared.complete(id, None, stretch);
        }
    }

    /// What has waited for a key for too long by this frame stays sealed.
    pub(super) fn expire(&mut self, now: FrameId, context: Context<'_>, stretch: &mut Stretch) {
        if let (true, Some(moment)) = (self.shared.expire(now, stretch), self.last) {
            let later: &dyn Later = &Unknown;
            Engine { context, stretch, later, moment, own: None, at_hand: None }.settle_ends(self);
        }
    }

    /// A number for another layer.
    pub(super) fn new_layer(&mut self) -> crate::ids::LayerId {
        self.next_layer += 1;
        crate::ids::LayerId(self.next_layer - 1)
    }
}
