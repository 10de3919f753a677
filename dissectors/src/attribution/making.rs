//! An attribution in the making: frame by frame, reading only what has to be read.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::VecDeque;
use std::net::IpAddr;

use super::{Attribution, Named, Owner};
use crate::engine::later::Unknown;
use crate::engine::reader::{ConnectionReader, Context};
use crate::engine::stretch::Stretch;
use crate::ids::{ConnectionId, Direction, FlowId, FrameId, ProtocolId};
use crate::limits::{MAX_KNOWN_NAMES, MAX_NAMED_READ, MAX_TRIALS};
use crate::maps::FastMap;
use crate::protocol::{Bears, Framing, Likelihood, Protocol};
use crate::span::{Buffer, Piece};
use crate::survey::{Flow, Survey};

/// Frames of a connection after which what was read only for its names is forgotten.
const FORGET_EVERY: u32 = 64;

/// A name of so many bytes is borne by chance by one datagram in four thousand million.
const TELLING_NAME: usize = 4;

/// A connection while it is read for the names it publishes.
struct Live {
    reader: ConnectionReader,
    stretch: Stretch,
    read: u32,
}

/// Whose a datagram is, and which way it goes.
type Whose = (ConnectionId, Direction);

/// Where a connection is answered, as one vantage point sees it.
type Endpoint = (u16, IpAddr, u16);

/// An attribution in the making.
#[derive(Default)]
pub(super) struct Making {
    pub(super) made: Attribution,
    /// Names at each vantage point, whose they are, and which way datagrams go that bear them.
    names: FastMap<u16, FastMap<Box<[u8]>, Whose>>,
    /// How many names there are.
    known: usize,
    /// How long they are, a bit for each length: what has another is nobody's name, and not looked
    /// for.
    lengths: u64,
    /// Whose the datagrams of a path were, the latest last, and whether they run the same way as
    /// the flow.
    paths: FastMap<FlowId, Vec<(ConnectionId, bool)>>,
    /// The connections that are answered at an endpoint, the latest last.
    answered: FastMap<Endpoint, Vec<ConnectionId>>,
    /// Frames that were attributed and not read yet, in their order.
    unread: Vec<FrameId>,
    live: FastMap<ConnectionId, Live>,
    /// The connections that are read, the earliest first.
    begun: VecDeque<ConnectionId>,
    further: u32,
}

/// What a flow has to do with protocols that have names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Speaks {
    /// It shows this one.
    Shown(ProtocolId),
    /// It shows none, and has an end in common with a flow that shows this one: a connection may go
    /// on there.
    Perhaps(ProtocolId),
}

/// The flows that protocols with names speak on, or may.
pub(super) fn flows(context: Context<'_>, survey: &Survey) -> FastMap<FlowId, Speaks> {
    let mut found = FastMap::new();
    let mut ends: FastMap<Endpoint, ProtocolId> = FastMap::new();
    let both = |flow: &Flow| Direction::BOTH.map(|side| end(flow, side));
    for (id, flow) in survey.live_flows() {
        let named = flow.protocol().filter(|id| context.registry.get(*id).has_names());
        if let Some(protocol) = named {
            found.insert(id, Speaks::Shown(protocol));
            ends.extend(both(flow).map(|end| (end, protocol)));
        }
    }
    if ends.is_empty() {
        return found;
    }
    let is_unknown = |flow: &Flow| {
        let fallback = context.registry.fallback();
        flow.ports().framing == Framing::Datagram && flow.protocol().is_none_or(|id| id == fallback)
    };
    for (id, flow) in survey.live_flows().filter(|(_, flow)| is_unknown(flow)) {
        if let Some(protocol) = both(flow).iter().find_map(|end| ends.get(end)) {
            found.insert(id, Speaks::Perhaps(*protocol));
        }
    }
    found
}

impl Making {
    /// Says whose a frame is.
    pub(super) fn frame(
        &mut self,
        id: FrameId,
        flows: &FastMap<FlowId, Speaks>,
        context: Context<'_>,
        survey: &Survey,
    ) {
        let Some(row) = survey.row(id) else { return };
        let Some(flow) = survey.flow(row.flow) else { return };
        let (protocol, is_shown) = match flows.get(&row.flow) {
            Some(Speaks::Shown(protocol)) => (context.registry.get(*protocol), true),
            Some(Speaks::Perhaps(protocol)) => (context.registry.get(*protocol), false),
            None => return,
        };
        let Some(bytes) = datagram(id, context, survey) else { return };
        let (path, way) = (row.flow, row.direction());
        if !is_shown && !self.paths.contains_key(&path) {
            // Its first datagram tells.
            let looks = protocol.probe(&bytes, Framing::Datagram) != Likelihood::No;
            if id != flow.first || !looks {
                return;
            }
            self.read_on(context, survey);
            if self.named(protocol, flow, &bytes).0.is_err() {
                return;
            }
        }
        let (mut owner, missed) = self.named(protocol, flow, &bytes);
        if !self.unread.is_empty() && self.may_learn(path, owner, missed) {
            // What was not read yet may have published that name, or brought that key.
            self.read_on(context, survey);
            (owner, _) = self.named(protocol, flow, &bytes);
        }
        let by_name = owner.is_ok_and(|(_, is_telling)| is_telling);
        let owner = match owner {
            Ok((owner, _)) => Some(owner),
            Err(Bears::Opening(_)) => {
                let back = self.sent_back((path, way), protocol, context, survey);
                let sender = back.or_else(|| self.by_sender((path, flow), protocol, &bytes));
                sender.or_else(|| self.by_keys((path, way), protocol, &bytes))
            }
            Err(Bears::Sealed) => self.by_trial(flow, (path, way), protocol, &bytes),
            Err(Bears::Name(_) | Bears::Nothing) => self.latest(path, way),
        };
        let (connection, direction) = owner.unwrap_or_else(|| (self.another(path, survey), way));
        let has_data = row.data_len() > 0;
        self.note(id, Owner { connection, path, direction, by_name }, way, (flow, has_data));
    }

    /// Whose name a datagram bears, and whether that is too long to be borne by chance; else what
    /// it bears. And whether it was asked for a name that nobody is known by.
    fn named<'b>(
        &self,
        protocol: &dyn Protocol,
        flow: &Flow,
        bytes: &'b [u8],
    ) -> (Result<(Whose, bool), Bears<'b>>, bool) {
        let missed = Cell::new(false);
        let known = |name: &[u8]| {
            let is_known = self.owner(name, flow).is_some();
            missed.set(missed.get() || !is_known);
            is_known
        };
        let bears = protocol.bears(bytes, &known);
        let (Bears::Name(name) | Bears::Opening(name)) = bears else {
            return (Err(bears), missed.get());
        };
        match self.owner(name, flow) {
            Some(owner) => (Ok((owner, name.len() >= TELLING_NAME)), false),
            None => (Err(bears), true),
        }
    }

    /// Who is known by a name where a flow was seen: another vantage point may see the same
    /// packets.
    fn owner(&self, name: &[u8], flow: &Flow) -> Option<Whose> {
        if self.lengths & length_bit(name) == 0 {
            return None;
        }
        self.names.get(&flow.key.interface)?.get(name).copied()
    }

    /// Whether what was not read yet may change whose a datagram is.
    fn may_learn(
        &self,
        path: FlowId,
        owner: Result<(Whose, bool), Bears<'_>>,
        missed: bool,
    ) -> bool {
        match owner {
            Ok(_) => false,
            Err(Bears::Sealed) => self.paths.get(&path).is_none_or(|known| known.len() != 1),
            Err(_) => missed,
        }
    }

    /// Whose the datagram before this one on its path was.
    fn latest(&self, path: FlowId, way: Direction) -> Option<Whose> {
        let (connection, same) = self.paths.get(&path)?.last()?;
        Some((*connection, if *same { way } else { way.reverse() }))
    }

    /// Who begins anew with a datagram that opens, because the one before on its path had asked for
    /// that.
    fn sent_back(
        &self,
        (path, way): (FlowId, Direction),
        protocol: &dyn Protocol,
        context: Context<'_>,
        survey: &Survey,
    ) -> Option<Whose> {
        let owner = self.latest(path, way)?;
        let last = *self.made.named.get(&owner.0)?.frames.last()?;
        let before = self.made.owners.get(&last)?;
        let asked = before.path == path && before.direction != owner.1;
        let bytes = datagram(last, context, survey).filter(|_| asked)?;
        protocol.sends_back(&bytes).then_some(owner)
    }

    /// Who has sent a datagram to a name that nobody has yet: a connection of its path, by the name
    /// that its sender goes by, where it opens there. What makes the other name known was stored in
    /// another order than it was sent.
    fn by_sender(
        &self,
        (path, flow): (FlowId, &Flow),
        protocol: &dyn Protocol,
        bytes: &[u8],
    ) -> Option<Whose> {
        let (connection, to_sender) = self.owner(protocol.sender(bytes)?, flow)?;
        let on_path = self.paths.get(&path)?.iter().any(|(one, _)| *one == connection);
        let whose = (connection, to_sender.reverse());
        let live = self.live.get(&connection).filter(|_| on_path)?;
        let opens = live.reader.opens(protocol.id(), whose.1, bytes);
        (opens != Likelihood::No).then_some(whose)
    }

    /// Who has the keys of a datagram that looks as if it began a connection: one of its path,
    /// which goes to a name that nobody could read. What others begin is sealed under keys of
    /// their own.
    fn by_keys(
        &self,
        (path, way): (FlowId, Direction),
        protocol: &dyn Protocol,
        bytes: &[u8],
    ) -> Option<Whose> {
        let on_path = self.paths.get(&path)?.iter().rev();
        let mut known = on_path.map(|(one, same)| (*one, if *same { way } else { way.reverse() }));
        known.find(|(connection, direction)| {
            let live = self.live.get(connection);
            live.is_some_and(|live| {
                live.reader.opens(protocol.id(), *direction, bytes) == Likelihood::Surely
            })
        })
    }

    /// Who opens a datagram that bears nothing: tried are the connections of its path, then those
    /// that are answered at one of its ends. Where its path has one connection only, that is it.
    fn by_trial(
        &self,
        flow: &Flow,
        (path, way): (FlowId, Direction),
        protocol: &dyn Protocol,
        bytes: &[u8],
    ) -> Option<Whose> {
        let on_path = self.paths.get(&path).map_or(&[][..], Vec::as_slice);
        if let [_] = on_path {
            return self.latest(path, way);
        }
        let turned = |same: bool| if same { way } else { way.reverse() };
        let known = on_path.iter().rev().map(|(one, same)| (*one, turned(*same)));
        let at_ends = Direction::BOTH.into_iter().flat_map(|side| {
            // Who is answered at the end that sends this way hears itself.
            let direction = if side == way { Direction::Backward } else { Direction::Forward };
            let there = self.answered.get(&end(flow, side)).map_or(&[][..], Vec::as_slice);
            there.iter().rev().map(move |one| (*one, direction))
        });
        let opens = |(connection, direction): &(ConnectionId, Direction)| {
            let live = self.live.get(connection);
            live.is_some_and(|live| {
                live.reader.opens(protocol.id(), *direction, bytes) != Likelihood::No
            })
        };
        known.chain(at_ends).take(MAX_TRIALS).find(opens).or_else(|| self.latest(path, way))
    }

    /// Remembers whose a frame is.
    fn note(&mut self, id: FrameId, owner: Owner, way: Direction, context: (&Flow, bool)) {
        let (flow, has_data) = context;
        let Owner { connection, path, direction, .. } = owner;
        let known = self.paths.entry(path).or_default();
        push_latest(known, (connection, direction == way), |(other, _)| *other == connection);
        let server =
            end(flow, if direction == way { Direction::Backward } else { Direction::Forward });
        let there = self.answered.entry(server).or_default();
        push_latest(there, connection, |other| *other == connection);
        self.made.owners.insert(id, owner);
        let named = self.made.named.entry(connection).or_insert_with(|| Named {
            first_path: path,
            frames: Vec::new(),
            last_data: [FrameId::NONE; 2],
        });
        named.frames.push(id);
        if let (Some(last), true) = (named.last_data.get_mut(direction.index()), has_data) {
            *last = id;
        }
        self.unread.push(id);
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

    /// Reads all that was attributed and not read yet, in its order.
    fn read_on(&mut self, context: Context<'_>, survey: &Survey) {
        for id in std::mem::take(&mut self.unread) {
            self.read(id, context, survey);
        }
    }

    /// Reads a frame for the names that it publishes.
    fn read(&mut self, id: FrameId, context: Context<'_>, survey: &Survey) -> Option<()> {
        let Owner { connection, path, direction, by_name } = *self.made.owners.get(&id)?;
        let flow = survey.flow(path)?;
        let mut arrival = survey.arrival(id, &context.frames.frame(id))?;
        if !self.live.contains_key(&connection) {
            if self.begun.len() >= MAX_NAMED_READ
                && let Some(oldest) = self.begun.pop_front()
            {
                self.live.remove(&oldest);
            }
            self.begun.push_back(connection);
        }
        let live = self.live.entry(connection).or_insert_with(|| Live {
            reader: ConnectionReader::new(flow.ports()),
            stretch: Stretch::default(),
            read: 0,
        });
        if let Some(whole) = survey.reassembled(id) {
            (arrival.carried, arrival.cut) = (live.stretch.join(&whole.carried), 0);
        }
        (arrival.direction, arrival.by_name) = (direction, by_name);
        // Its flow may end here, but the connection need not.
        live.reader.feed(&arrival, context, &Unknown, &mut live.stretch);
        for (from, name) in live.reader.take_names() {
            if self.known < MAX_KNOWN_NAMES {
                self.lengths |= length_bit(&name);
                let here = self.names.entry(flow.key.interface).or_default();
                let before = here.len();
                here.entry(name).or_insert((connection, from.reverse()));
                self.known += here.len() - before;
            }
        }
        live.read += 1;
        if live.read.is_multiple_of(FORGET_EVERY) {
            live.stretch = live.reader.next_stretch(&live.stretch);
        }
        Some(())
    }
}

/// Adds one as the latest of a few.
fn push_latest<T>(all: &mut Vec<T>, one: T, is_it: impl Fn(&T) -> bool) {
    if all.last().is_some_and(&is_it) {
        return;
    }
    all.retain(|other| !is_it(other));
    if all.len() >= MAX_TRIALS {
        all.remove(0);
    }
    all.push(one);
}

/// The bit that stands for the length of a name; all that are longer than the last share it.
fn length_bit(name: &[u8]) -> u64 {
    1 << name.len().min(u64::BITS as usize - 1)
}

/// The end of a flow that sends this way.
fn end(flow: &Flow, side: Direction) -> Endpoint {
    let [forward, backward] = flow.ports().ports;
    let port = if side == Direction::Forward { forward } else { backward };
    (flow.key.interface, flow.address(side), port)
}

/// The payload of a datagram; of one that came in fragments, the whole.
fn datagram<'f>(id: FrameId, context: Context<'f>, survey: &Survey) -> Option<Cow<'f, [u8]>> {
    let of = |piece: &Piece| {
        let Buffer::Frame(frame) = piece.buffer.kind() else { return &[][..] };
        let bytes = context.frames.frame(frame).bytes.get(piece.start as usize..).unwrap_or(&[]);
        bytes.get(..piece.len as usize).unwrap_or(bytes)
    };
    match survey.reassembled(id) {
        Some(whole) => Some(whole.carried.iter().flat_map(of).copied().collect()),
        None => {
            let arrival = survey.arrival(id, &context.frames.frame(id))?;
            Some(of(&arrival.carried).into())
        }
    }
}
