//! Attribution: to which connection each frame belongs, along which path, and which way it goes.
//!
//! For TCP, and for most of what speaks over UDP, a flow is a connection. Protocols whose
//! connections outlive a five-tuple publish the names they go by, and their datagrams bear such a
//! name: then one connection may own several flows, and one flow may carry several connections.
//!
//! ```text
//!   frame   flow (path)   bears      known names     connection
//!     1     A             opens x                    0 (new)         publishes a
//!     2     A             y          a → 0           0
//!     3     B             a          a → 0           0 (moved to another path)
//!     4     A             opens z    a → 0           1 (shares the five-tuple)
//! ```
//!
//! Each vantage point counts for itself: where two see the same packets, each has a connection of
//! its own.
//!
//! A path on which a connection goes on need not show its protocol (a short header of QUIC): where
//! it has an end in common with one that does, its first datagram is asked for a known name.
//!
//! Who owns a frame follows from the frames before it and from the secrets, and from nothing else:
//! it is made once, frame by frame, and every reading uses it.
//!
//! What it costs: nothing for flows that no protocol with names speaks on. On those each datagram
//! is looked at, and no frame is read twice: one is read only where a later datagram bears a name
//! that nobody is known by, or must be opened to tell whose it is, for it may have published that
//! name or brought that key.

mod elsewhere;
mod later;
mod making;

use crate::engine::ports::Ports;
use crate::engine::reader::{ConnectionReader, Context};
use crate::engine::tcp::Numbering;
use crate::frames::Passing;
use crate::ids::{ConnectionId, Direction, FlowId, FrameId};
use crate::limits::LOOK_AHEAD;
use crate::maps::FastMap;
use crate::survey::Survey;

pub(crate) use later::OfConnection;

/// Whose a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owner {
    /// The connection.
    pub connection: ConnectionId,
    /// The five-tuple that it took.
    pub path: FlowId,
    /// Which way it went, as the connection counts.
    pub direction: Direction,
    /// Whether a name says so that is long enough not to be borne by chance.
    pub by_name: bool,
}

/// A connection that is not just its flow.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Named {
    first_path: FlowId,
    frames: Vec<FrameId>,
    /// The last frame with data of each direction.
    last_data: [FrameId; 2],
}

/// Which frame belongs to which connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attribution {
    /// Frames of flows that a protocol with names speaks on.
    owners: FastMap<FrameId, Owner>,
    named: FastMap<ConnectionId, Named>,
}

impl Attribution {
    /// Attributes every frame.
    #[must_use]
    pub fn new(context: Context<'_>, survey: &Survey) -> Self {
        // Datagrams are read for the ids that they bear, and not looked at again.
        let passing = Passing::new(context.frames);
        let context = Context { frames: &passing, ..context };
        let mut making = making::Making::default();
        let flows = making::flows(context, survey);
        let frames = flows.keys().filter_map(|id| survey.flow(*id));
        let mut frames: Vec<FrameId> =
            frames.flat_map(|flow| survey.frames_from(flow.first)).collect();
        frames.sort_unstable();
        for frame in frames {
            making.frame(frame, &flows, context, survey);
        }
        elsewhere::join(&mut making.made, context, survey);
        making.made
    }

    /// Whose a frame is; nothing for frames without a transport.
    #[must_use]
    pub fn of(&self, frame: FrameId, survey: &Survey) -> Option<Owner> {
        if let Some(owner) = self.owners.get(&frame) {
            return Some(*owner);
        }
        let row = survey.row(frame)?;
        let path = row.flow.some()?;
        let (connection, direction) = (ConnectionId(path.0), row.direction());
        Some(Owner { connection, path, direction, by_name: false })
    }

    /// Whether any connection is more, or less, than a flow.
    #[must_use]
    pub fn has_named(&self) -> bool {
        !self.named.is_empty()
    }

    /// All connections, in the order of their first frame.
    #[must_use]
    pub fn connections(&self, survey: &Survey) -> Vec<ConnectionId> {
        let plain = survey.live_flows().filter_map(|(id, flow)| {
            let is_plain = !self.owners.contains_key(&flow.first);
            is_plain.then_some((flow.first, ConnectionId(id.0)))
        });
        let named = self.named.iter().filter_map(|(id, one)| Some((*one.frames.first()?, *id)));
        let mut all: Vec<(FrameId, ConnectionId)> = plain.chain(named).collect();
        all.sort_unstable();
        all.into_iter().map(|(_, id)| id).collect()
    }

    /// The frames of a connection, in the order of the file.
    #[must_use]
    pub fn frames(&self, connection: ConnectionId, survey: &Survey) -> Vec<FrameId> {
        if let Some(named) = self.named.get(&connection) {
            return named.frames.clone();
        }
        let first = survey.flow(FlowId(connection.0)).map_or(FrameId::NONE, |flow| flow.first);
        survey.frames_from(first).collect()
    }

    /// The last frame of a connection.
    #[must_use]
    pub fn last(&self, connection: ConnectionId, survey: &Survey) -> Option<FrameId> {
        match self.named.get(&connection) {
            Some(named) => named.frames.last().copied(),
            None => survey.flow(FlowId(connection.0)).map(|flow| flow.last),
        }
    }

    /// Whether no later frame of the connection carries data of this direction; `None` if the
    /// connection is its flow.
    pub(crate) fn is_last_data(&self, frame: FrameId, direction: Direction) -> Option<bool> {
        let named = self.named.get(&self.owners.get(&frame)?.connection)?;
        named.last_data.get(direction.index()).map(|last| *last == frame)
    }

    /// Whether the next frame of the connection with data goes this way; `None` if the connection
    /// is its flow.
    pub(crate) fn goes_on(
        &self,
        frame: FrameId,
        direction: Direction,
        survey: &Survey,
    ) -> Option<bool> {
        let frames = &self.named.get(&self.owners.get(&frame)?.connection)?.frames;
        let behind = frames.partition_point(|other| *other <= frame);
        let mut rest = frames.get(behind..)?.iter().take(LOOK_AHEAD);
        let next = rest.find(|id| survey.row(**id).is_some_and(|row| row.data_len() > 0));
        let owner = next.and_then(|id| self.owners.get(id));
        Some(owner.is_some_and(|owner| owner.direction == direction))
    }

    /// The path that a connection took first.
    #[must_use]
    pub fn first_path(&self, connection: ConnectionId) -> FlowId {
        self.named.get(&connection).map_or(FlowId(connection.0), |named| named.first_path)
    }

    /// A reader at the beginning of a connection.
    #[must_use]
    pub fn reader(&self, connection: ConnectionId, survey: &Survey) -> ConnectionReader {
        let flow = survey.flow(self.first_path(connection));
        let (ports, numbering) = flow.map_or((Ports::NOTHING, Numbering::default()), |flow| {
            (flow.ports(), flow.numbering())
        });
        ConnectionReader::new(ports).numbered(numbering)
    }
}
