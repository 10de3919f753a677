//! Paths: a connection that goes by names of its own may take more than one five-tuple, and each
//! frame has the ends of the one that it took.
//!
//! ```text
//!   0.0.0.0     ── Discover ──> 255.255.255.255     the first path
//!   192.0.2.1   ── Offer ─────> 192.0.2.7           another, which runs the other way
//! ```

use std::collections::HashMap;
use std::net::SocketAddr;

use super::super::ActorId;
use super::super::cast::Cast;
use crate::attribution::Attribution;
use crate::ids::{ConnectionId, Direction, FlowId, FrameId};
use crate::survey::{Row, Survey};
use crate::telling::{Route, Telling};

/// The paths of one connection.
#[derive(Clone, Debug)]
pub(super) struct Paths {
    /// The one that it took first.
    pub(super) first: FlowId,
    /// Frames that took another, or went the other way than their path counts: the path, and
    /// whether it runs against the connection.
    others: HashMap<FrameId, (FlowId, bool)>,
}

impl Paths {
    /// The paths of a connection. Where it is just its flow, nothing is looked up.
    pub(super) fn of(id: ConnectionId, attribution: &Attribution, survey: &Survey) -> Self {
        let mut paths = Self { first: attribution.first_path(id), others: HashMap::new() };
        if !attribution.has_named() {
            return paths;
        }
        for frame in attribution.frames(id, survey) {
            let Some((owner, row)) = attribution.of(frame, survey).zip(survey.row(frame)) else {
                continue;
            };
            let turned = owner.direction != row.direction();
            if turned || owner.path != paths.first {
                paths.others.insert(frame, (owner.path, turned));
            }
        }
        paths
    }

    /// Every path, in the order in which they were taken.
    pub(super) fn all(&self) -> impl Iterator<Item = FlowId> {
        let mut others: Vec<_> =
            self.others.iter().map(|(frame, (path, _))| (frame, path)).collect();
        others.sort_unstable();
        std::iter::once(self.first).chain(others.into_iter().map(|(_, path)| *path))
    }

    /// Which way a frame went, as the connection counts.
    pub(super) fn way(&self, frame: FrameId, row: &Row) -> Direction {
        match self.others.get(&frame) {
            Some((_, true)) => row.direction().reverse(),
            _ => row.direction(),
        }
    }

    /// Says which path a message took with its last frame, where there are several: on its bead,
    /// and with addresses before what else there is to say.
    pub(super) fn name(
        &self,
        mut told: Telling,
        (frame, direction): (FrameId, Direction),
        survey: &Survey,
    ) -> Telling {
        let Some(route) = told.route.filter(|_| !self.others.is_empty()) else { return told };
        let Some(own) = self.sockets(frame, survey) else { return told };
        let before = || self.before(frame, direction, survey).filter(|before| *before != own);
        let other = match route {
            Route::Along => {
                self.all().find_map(|path| self.turned(path, survey).filter(|it| *it != own))
            }
            Route::Onto => before(),
        };
        let Some(other) = other else { return told };
        // Mostly one end has moved; of two that have, the sender's is named.
        let [sends, hears] = match direction {
            Direction::Forward => [0, 1],
            Direction::Backward => [1, 0],
        };
        let is_sender = own.get(sends) != other.get(sends);
        let end = if is_sender { sends } else { hears };
        let (Some(own), Some(other)) = (own.get(end), other.get(end)) else { return told };
        let place =
            if own.ip() == other.ip() { format!("port {}", own.port()) } else { own.to_string() };
        told.label += &format!(" ({place})");
        let way = if is_sender { "from" } else { "to" };
        let named = match route {
            Route::Along => format!("It goes {way} {own}."),
            Route::Onto => format!("It goes {way} {own} now, and went {way} {other} before."),
        };
        told.detail = format!("{named} {}", told.detail).trim_end().to_owned();
        told
    }

    /// The ends of the path that a frame took: who sends forward, and who answers.
    fn sockets(&self, frame: FrameId, survey: &Survey) -> Option<[SocketAddr; 2]> {
        let path = self.others.get(&frame).copied().unwrap_or((self.first, false));
        sockets(path, survey)
    }

    /// The same of a path.
    fn turned(&self, path: FlowId, survey: &Survey) -> Option<[SocketAddr; 2]> {
        let known = self.others.values().find(|(other, _)| *other == path);
        sockets((path, known.is_some_and(|(_, turned)| *turned)), survey)
    }

    /// The path that the same side had taken before that frame.
    fn before(
        &self,
        frame: FrameId,
        direction: Direction,
        survey: &Survey,
    ) -> Option<[SocketAddr; 2]> {
        let first = survey.flow(self.first).map_or(FrameId::NONE, |flow| flow.first);
        let own = survey.frames_from(first).chain(self.others.keys().copied());
        let own = own.filter(|id| {
            *id < frame && survey.row(*id).is_some_and(|row| self.way(*id, row) == direction)
        });
        self.sockets(own.max()?, survey)
    }

    /// The ends of frames that did not take the first path: who sends forward, and who answers.
    pub(super) fn ends(&self, cast: &Cast, survey: &Survey) -> HashMap<FrameId, [ActorId; 2]> {
        let ends = |(frame, (path, turned)): (&FrameId, &(FlowId, bool))| {
            let [forward, backward] = cast.ends(survey.flow(*path)?);
            Some((*frame, if *turned { [backward, forward] } else { [forward, backward] }))
        };
        self.others.iter().filter_map(ends).collect()
    }
}

/// The ends of a path, turned where it runs against its connection.
fn sockets((path, turned): (FlowId, bool), survey: &Survey) -> Option<[SocketAddr; 2]> {
    let flow = survey.flow(path)?;
    let [from, to] = flow.ports().ports;
    let ends = [(Direction::Forward, from), (Direction::Backward, to)]
        .map(|(way, port)| SocketAddr::new(flow.address(way).to_canonical(), port));
    let [first, second] = ends;
    Some(if turned { [second, first] } else { ends })
}
