//! Paths: a connection that goes by names of its own may take more than one five-tuple, and each
//! frame has the ends of the one that it took.
//!
//! ```text
//!   0.0.0.0     ── Discover ──> 255.255.255.255     the first path
//!   192.0.2.1   ── Offer ─────> 192.0.2.7           another, which runs the other way
//! ```

use std::collections::HashMap;

use super::super::ActorId;
use super::super::cast::Cast;
use crate::attribution::Attribution;
use crate::ids::{ConnectionId, Direction, FlowId, FrameId};
use crate::survey::{Row, Survey};

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

    /// The ends of frames that did not take the first path: who sends forward, and who answers.
    pub(super) fn ends(&self, cast: &Cast, survey: &Survey) -> HashMap<FrameId, [ActorId; 2]> {
        let ends = |(frame, (path, turned)): (&FrameId, &(FlowId, bool))| {
            let [forward, backward] = cast.ends(survey.flow(*path)?);
            Some((*frame, if *turned { [backward, forward] } else { [forward, backward] }))
        };
        self.others.iter().filter_map(ends).collect()
    }
}
