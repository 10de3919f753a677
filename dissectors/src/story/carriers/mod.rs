//! Tunnels: what carries the packets of a connection beside links, and between whom.
//!
//! ```text
//!   Ethernet │ IP  a ──> b │ UDP │ VXLAN 42 │ Ethernet │ IP  client ──> server │ TCP
//!            └────── one hop: VXLAN, VNI 42, between a and b ──────┘ the connection
//! ```
//!
//! All is read from the bytes of frames. A tunnel is named without saying which way a frame goes,
//! so that all connections through it name it alike.

mod hop;

use self::hop::{ROLES, Way, way};
use crate::describe::{Dissection, Heard};
use crate::ids::FrameId;
use crate::limits::MAX_STORY_CARRIERS;
use crate::story::Carrier;
use crate::survey::Survey;

/// The ways of the connections of a story, each once, with what came that way.
#[derive(Default)]
pub(super) struct Ways {
    ways: Vec<(Way, Carrier)>,
    /// What came on ways beyond those that are told apart.
    others: Carrier,
}

impl Ways {
    /// Takes in the frames of one connection.
    pub(super) fn add(&mut self, frames: impl Iterator<Item = FrameId>, scene: &Dissection<'_>) {
        self.take(frames, false, scene);
    }

    /// Takes in frames that belong to no connection.
    pub(super) fn add_apart(
        &mut self,
        frames: impl Iterator<Item = FrameId>,
        scene: &Dissection<'_>,
    ) {
        self.take(frames, true, scene);
    }

    fn take(
        &mut self,
        frames: impl Iterator<Item = FrameId>,
        is_apart: bool,
        scene: &Dissection<'_>,
    ) {
        let registry = scene.context().registry;
        let mut own: Vec<Option<usize>> = Vec::new();
        for id in frames {
            let way = if Survey::is_plain(&scene.context().frames.frame(id), registry) {
                Way::new()
            } else {
                let mut heard = Heard::new(ROLES);
                scene.hear(id, &mut heard);
                way(&heard, is_apart)
            };
            let place = self.place(&way, &own);
            self.carrier(place).frames += 1;
            if !own.contains(&place) {
                own.push(place);
            }
        }
        for place in own {
            self.carrier(place).connections += 1;
        }
    }

    fn carrier(&mut self, place: Option<usize>) -> &mut Carrier {
        match place.and_then(|place| self.ways.get_mut(place)) {
            Some((_, carrier)) => carrier,
            None => &mut self.others,
        }
    }

    /// The place of a way among those that are known, one of the connection at hand first;
    /// nothing for one of too many.
    fn place(&mut self, way: &Way, own: &[Option<usize>]) -> Option<usize> {
        let fits = |place: &usize| {
            self.ways.get(*place).is_some_and(|(known, _)| {
                known.len() == way.len() && known.iter().zip(way).all(|(one, new)| one.fits(new))
            })
        };
        let known = own.iter().flatten().copied().find(fits);
        let known = known.or_else(|| (0..self.ways.len()).find(fits));
        if let Some((known, _)) = known.and_then(|place| self.ways.get_mut(place)) {
            known.iter_mut().zip(way).for_each(|(one, new)| one.take(new));
        } else if self.ways.len() < MAX_STORY_CARRIERS {
            self.ways.push((way.clone(), Carrier::default()));
            return Some(self.ways.len() - 1);
        }
        known
    }

    /// What a story says of them: nothing where there is no tunnel.
    pub(super) fn finish(self) -> Vec<Carrier> {
        if self.ways.iter().all(|(way, _)| way.is_empty()) {
            return Vec::new();
        }
        let named = self.ways.into_iter().map(|(way, carrier)| {
            let hops: Vec<String> = way.iter().map(ToString::to_string).collect();
            Carrier { way: hops.join("; inside it "), ..carrier }
        });
        let others = Carrier { way: "other tunnels".to_owned(), ..self.others };
        named.chain((others.frames > 0).then_some(others)).collect()
    }
}
