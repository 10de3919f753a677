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
//! Who owns a frame follows from the frames before it and from the secrets, and from nothing else:
//! it is made once, frame by frame, and every reading uses it.

use std::collections::HashMap;

use crate::engine::later::Unknown;
use crate::engine::reader::{Context, Numbering, Ports, Reader};
use crate::engine::stretch::Stretch;
use crate::ids::{ConnectionId, Direction, FlowId, FrameId};
use crate::limits::MAX_KNOWN_NAMES;
use crate::protocol::Bears;
use crate::survey::Survey;

/// Frames of a connection after which what was read only for its names is forgotten.
const FORGET_EVERY: u32 = 64;

/// Whose a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owner {
    /// The connection.
    pub connection: ConnectionId,
    /// The five-tuple that it took.
    pub path: FlowId,
    /// Which way it went, as the connection counts.
    pub direction: Direction,
}

/// A connection that is not just its flow.
#[derive(Clone, Debug)]
struct Named {
    first_path: FlowId,
    frames: Vec<FrameId>,
    /// The last frame with data of each direction.
    last_data: [FrameId; 2],
}

/// Which frame belongs to which connection.
#[derive(Clone, Debug, Default)]
pub struct Attribution {
    /// Frames of flows that a protocol with names speaks on.
    owners: HashMap<FrameId, Owner>,
    named: HashMap<ConnectionId, Named>,
}

impl Attribution {
    /// Attributes every frame. Costs nothing where no protocol with names speaks.
    #[must_use]
    pub fn new(context: Context<'_>, survey: &Survey) -> Self {
        let mut making = Making::default();
        let has_names = |id: &FlowId| {
            let protocol = survey.flow(*id).and_then(crate::survey::Flow::protocol);
            protocol.is_some_and(|id| context.registry.get(id).has_names())
        };
        let flows = (0..survey.flows().len() as u32).map(FlowId).filter(has_names);
        let mut frames: Vec<FrameId> = flows
            .filter_map(|id| survey.flow(id))
            .flat_map(|flow| survey.frames_from(flow.first))
            .collect();
        frames.sort_unstable();
        for frame in frames {
            making.frame(frame, context, survey);
        }
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
        Some(Owner { connection: ConnectionId(path.0), path, direction: row.direction() })
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

    /// Whether no later frame of the connection carries data of this direction; nothing where the
    /// connection is its flow.
    pub(crate) fn is_last_data(&self, frame: FrameId, direction: Direction) -> Option<bool> {
        let named = self.named.get(&self.owners.get(&frame)?.connection)?;
        named.last_data.get(direction.index()).map(|last| *last == frame)
    }

    /// The path that a connection took first.
    #[must_use]
    pub fn first_path(&self, connection: ConnectionId) -> FlowId {
        self.named.get(&connection).map_or(FlowId(connection.0), |named| named.first_path)
    }

    /// A reader at the beginning of a connection.
    #[must_use]
    pub fn reader(&self, connection: ConnectionId, survey: &Survey) -> Reader {
        let flow = survey.flow(self.first_path(connection));
        let (ports, numbering) = flow.map_or((Ports::NOTHING, Numbering::default()), |flow| {
            (flow.ports(), flow.numbering())
        });
        Reader::new(ports).numbered(numbering)
    }
}

/// A connection while it is read for the names it publishes.
struct Live {
    reader: Reader,
    stretch: Stretch,
    read: u32,
}

/// An attribution in the making.
#[derive(Default)]
struct Making {
    made: Attribution,
    /// Names, whose they are, and which way datagrams go that bear them.
    names: HashMap<Box<[u8]>, (ConnectionId, Direction)>,
    /// Whose the last datagram of a path was, and whether it runs the same way as the flow.
    latest: HashMap<FlowId, (ConnectionId, bool)>,
    live: HashMap<ConnectionId, Live>,
    further: u32,
}

impl Making {
    fn frame(&mut self, id: FrameId, context: Context<'_>, survey: &Survey) {
        let Some(row) = survey.row(id) else { return };
        let Some(flow) = survey.flow(row.flow) else { return };
        if survey.reassembled(id).is_some() {
            // Whoever bears names forbids fragments (RFC 9000, section 14): it is its flow's.
            return;
        }
        let frame = context.frames.frame(id);
        let Some(mut arrival) = survey.arrival(id, &frame) else { return };
        let start = arrival.carried.start as usize;
        let bytes = frame.bytes.get(start..).unwrap_or(&[]);
        let bytes = bytes.get(..arrival.carried.len as usize).unwrap_or(bytes);
        let Some(protocol) = flow.protocol().map(|id| context.registry.get(id)) else { return };
        let known = |name: &[u8]| self.names.contains_key(name);
        let owner = match protocol.bears(bytes, &known) {
            Bears::Name(name) | Bears::Opening(name) if known(name) => {
                self.names.get(name).copied()
            }
            Bears::Opening(_) => None,
            _ => self.latest.get(&row.flow).map(|(connection, same)| {
                let way = row.direction();
                (*connection, if *same { way } else { way.reverse() })
            }),
        };
        let (connection, direction) =
            owner.unwrap_or_else(|| (self.another(row.flow, survey), row.direction()));
        self.latest.insert(row.flow, (connection, direction == row.direction()));
        let path = row.flow;
        self.made.owners.insert(id, Owner { connection, path, direction });
        let named = self.made.named.entry(connection);
        let named = named.or_insert_with(|| Named {
            first_path: path,
            frames: Vec::new(),
            last_data: [FrameId::NONE; 2],
        });
        named.frames.push(id);
        if let (Some(last), 1..) = (named.last_data.get_mut(direction.index()), arrival.data) {
            *last = id;
        }
        arrival.direction = direction;
        let live = self.live.entry(connection).or_insert_with(|| Live {
            reader: Reader::new(flow.ports()),
            stretch: Stretch::default(),
            read: 0,
        });
        // Its flow may end here, but the connection need not.
        live.reader.feed(&arrival, context, &Unknown, &mut live.stretch);
        for (from, name) in live.reader.take_names() {
            if self.names.len() < MAX_KNOWN_NAMES {
                self.names.entry(name).or_insert((connection, from.reverse()));
            }
        }
        live.read += 1;
        if live.read.is_multiple_of(FORGET_EVERY) {
            live.stretch = live.reader.next_stretch(&live.stretch);
        }
    }

    /// The number of a connection that begins: its flow's, if no other has it.
    fn another(&mut self, path: FlowId, survey: &Survey) -> ConnectionId {
        let own = ConnectionId(path.0);
        if !self.made.named.contains_key(&own) {
            return own;
        }
        self.further += 1;
        ConnectionId(survey.flows().len() as u32 + self.further - 1)
    }
}
