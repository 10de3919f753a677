//! Slots: the places in a connection where protocols speak, and who speaks there.
//!
//! ```text
//!   slot 0 (segments)          speakers: [tcp]               one per direction, mostly the same
//!     └─ slot 1 (child 0)      speakers: [smtp, then tls]
//!          └─ slot 2 (child 0) speakers: [http2]
//!               ├─ slot 3 (child 5)  speakers: [data]        freed when both directions ended
//!               └─ slot 4 (child 7)  …                       the number 3 may be used again
//! ```
//!
//! A message names the [`Layer`] that read it, and layers are never used again: who spoke first
//! in a slot keeps its messages when another takes over.

use std::sync::Arc;

use super::inbox::Inbox;
use super::session::Session;
use crate::claim::Framing;
use crate::ids::{Direction, LayerId, ProtocolId};
use crate::maps::FastMap;
use crate::typed::AnyFact;

/// A protocol that reads, or has read, what a slot is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layer {
    /// Which protocol.
    pub protocol: ProtocolId,
    /// The layer that hands it bytes; [`LayerId::NONE`] where frames do.
    pub below: LayerId,
    /// Its number among what that layer carries (an HTTP/2 stream): 0 where there is only one.
    pub child: u64,
    /// Whether it is given bytes in order, or datagrams.
    pub framing: Framing,
    /// Who turned the connection over to it and stands below it all the same.
    pub through: Option<ProtocolId>,
}

/// A layer and all below it, for those who describe a message after the slot is gone.
pub(super) type Lineage = Arc<[(LayerId, Layer)]>;

/// Where a slot stands among the live ones. Used again once it was freed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct SlotId(pub(super) u32);

/// A protocol speaking, with its state.
pub(super) struct Speaker {
    pub(super) lineage: Lineage,
    pub(super) layer: LayerId,
    pub(super) protocol: ProtocolId,
    pub(super) session: Option<Box<dyn Session>>,
}

impl Clone for Speaker {
    fn clone(&self) -> Self {
        Self {
            lineage: Arc::clone(&self.lineage),
            layer: self.layer,
            protocol: self.protocol,
            session: self.session.as_ref().map(|session| session.fork()),
        }
    }
}

/// What a carrier said about a slot when it opened it.
#[derive(Clone, Debug)]
pub(super) struct Opening {
    pub(super) framing: Framing,
    /// The protocols that were claimed, the likelier first.
    pub(super) claimed: [Option<ProtocolId>; 2],
    /// Whether both sides have agreed on the first of them.
    pub(super) is_agreed: bool,
    pub(super) settled: Arc<[AnyFact]>,
}

/// One place where protocols speak.
#[derive(Clone)]
pub(super) struct Slot {
    /// Who hands bytes to it, and under which number.
    pub(super) parent: Option<(SlotId, u64)>,
    /// The layer of its parent, as it was when this was opened.
    pub(super) below: Option<Lineage>,
    pub(super) depth: usize,
    pub(super) opening: Opening,
    /// Who speaks: two where the directions speak differently.
    pub(super) speakers: [Option<Speaker>; 2],
    /// Who of them speaks in each direction, once that is decided.
    pub(super) speaks: [Option<usize>; 2],
    /// How often a session stepped aside here.
    pub(super) switches: usize,
    /// Who did and stays ([`Protocol::stays`](crate::protocol::Protocol::stays)).
    pub(super) through: Option<ProtocolId>,
    pub(super) lanes: Lanes,
    pub(super) children: FastMap<u64, SlotId>,
    /// Children that have ended in one direction before anything came inside them.
    pub(super) half_ended: FastMap<u64, Direction>,
}

impl Slot {
    pub(super) fn new(opening: Opening, depth: usize) -> Self {
        Self {
            parent: None,
            below: None,
            depth,
            opening,
            speakers: [None, None],
            speaks: [None; 2],
            switches: 0,
            through: None,
            lanes: Lanes::default(),
            children: FastMap::new(),
            half_ended: FastMap::new(),
        }
    }

    /// A child that nothing came inside of has ended in one direction: it is remembered until the
    /// other one has ended, too.
    pub(super) fn note_end(&mut self, child: u64, direction: Direction) {
        match self.half_ended.get(&child) {
            Some(other) if *other != direction => {
                self.half_ended.remove(&child);
            }
            Some(_) => {}
            None if self.half_ended.len() < crate::limits::MAX_LAYERS => {
                self.half_ended.insert(child, direction);
            }
            None => {}
        }
    }

    /// Who speaks in a direction: the place among the speakers.
    pub(super) fn who(&self, direction: Direction) -> Option<usize> {
        self.speaks.get(direction.index()).copied().flatten()
    }

    /// Who speaks in a direction.
    pub(super) fn speaker(&self, direction: Direction) -> Option<&Speaker> {
        self.speakers.get(self.who(direction)?)?.as_ref()
    }
}

/// The unread bytes of a slot, by lane and direction.
#[derive(Clone, Default)]
pub(super) struct Lanes {
    first: [Inbox; 2],
    more: FastMap<u64, [Inbox; 2]>,
}

impl Lanes {
    /// The inbox of a lane. Lane 0 is always there; others begin when they are asked for.
    pub(super) fn inbox(&mut self, lane: u64, direction: Direction) -> Option<&mut Inbox> {
        let pair = if lane == 0 {
            &mut self.first
        } else {
            if self.more.len() >= crate::limits::MAX_LANES && !self.more.contains_key(&lane) {
                return None;
            }
            self.more.entry(lane).or_default()
        };
        pair.get_mut(direction.index())
    }

    /// The lanes that are open, the first one first, then by number.
    pub(super) fn open(&self) -> Vec<u64> {
        let mut open: Vec<u64> = self.more.keys().copied().collect();
        open.sort_unstable();
        open.insert(0, 0);
        open
    }

    /// How many lanes there are.
    pub(super) fn count(&self) -> usize {
        1 + self.more.len()
    }

    /// Forgets a lane that has ended in both directions.
    pub(super) fn free(&mut self, lane: u64) {
        if lane != 0 && self.more.get(&lane).is_some_and(|pair| pair.iter().all(|one| one.ended)) {
            self.more.remove(&lane);
        }
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Inbox> {
        self.first.iter().chain(self.more.values().flatten())
    }

    pub(super) fn all_mut(&mut self) -> impl Iterator<Item = &mut Inbox> {
        self.first.iter_mut().chain(self.more.values_mut().flatten())
    }

    /// Whether both directions of the first lane have ended, and no other is open.
    pub(super) fn have_ended(&self) -> bool {
        self.first.iter().all(|inbox| inbox.ended) && self.more.is_empty()
    }
}

/// Slots by number; copied for a checkpoint at the price of a pointer each.
#[derive(Clone, Default)]
pub(super) struct Slots {
    slots: Vec<Option<Arc<Slot>>>,
    free: Vec<u32>,
}

impl Slots {
    pub(super) fn add(&mut self, slot: Slot) -> Option<SlotId> {
        let slot = Some(Arc::new(slot));
        if let Some(number) = self.free.pop() {
            if let Some(place) = self.slots.get_mut(number as usize) {
                *place = slot;
            }
            return Some(SlotId(number));
        }
        if self.slots.len() >= crate::limits::MAX_LAYERS {
            return None;
        }
        self.slots.push(slot);
        Some(SlotId(self.slots.len() as u32 - 1))
    }

    pub(super) fn get(&self, id: SlotId) -> Option<&Slot> {
        self.slots.get(id.0 as usize)?.as_deref()
    }

    /// A slot to change: copied first where a checkpoint holds it, too.
    pub(super) fn get_mut(&mut self, id: SlotId) -> Option<&mut Slot> {
        self.slots.get_mut(id.0 as usize)?.as_mut().map(Arc::make_mut)
    }

    pub(super) fn remove(&mut self, id: SlotId) {
        if let Some(place) = self.slots.get_mut(id.0 as usize)
            && place.take().is_some()
        {
            self.free.push(id.0);
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Slot> {
        self.slots.iter().filter_map(|slot| slot.as_deref())
    }

    /// How many slots are live.
    #[must_use]
    pub(super) fn live(&self) -> usize {
        self.slots.len() - self.free.len()
    }
}
