//! Answers from another port: who is asked picks a port for what follows, and the asking side goes
//! on there (TFTP: RFC 1350, section 4).
//!
//! ```text
//!   client:2087 ── read "name" ──> server:69       the flow that tells the protocol
//!   client:2087 <── block 1 ────── server:57509    joins it: same client, same port, same host
//! ```
//!
//! Bytes on the second flow show little by themselves. What they are, the first one says.

use std::collections::HashMap;
use std::net::IpAddr;

use super::{Attribution, Named, Owner};
use crate::engine::reader::Context;
use crate::ids::{ConnectionId, Direction, FlowId, FrameId, ProtocolId};
use crate::protocol::{Claim, Framing, Likelihood};
use crate::survey::{Flow, Survey};

/// A client at its port, a server at any, and where they were seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Pair {
    interface: u16,
    client: (IpAddr, u16),
    server: IpAddr,
}

impl Pair {
    /// The pair of a flow whose client sends this way.
    fn of(flow: &Flow, way: Direction) -> Self {
        let [forward, backward] = flow.ports().ports;
        let port = if way == Direction::Forward { forward } else { backward };
        let (client, server) = (flow.address(way), flow.address(way.reverse()));
        Self { interface: flow.key.interface, client: (client, port), server }
    }
}

/// Joins flows to those on which they were asked for.
pub(super) fn join(made: &mut Attribution, context: Context<'_>, survey: &Survey) {
    let asked = asked(context, survey);
    if asked.is_empty() {
        return;
    }
    let mut joined: HashMap<FlowId, Vec<(FlowId, bool)>> = HashMap::new();
    for (id, flow) in survey.live_flows().filter(|(_, flow)| is_unknown(flow, context)) {
        // What is asked comes before what answers.
        let home = |way: Direction| {
            let homes = asked.get(&Pair::of(flow, way))?;
            let before = homes.iter().rfind(|(first, home)| *first < flow.first && *home != id)?;
            Some((before.1, way == Direction::Backward))
        };
        let found = Direction::BOTH.into_iter().find_map(home);
        if let Some((home, turned)) = found {
            joined.entry(home).or_default().push((id, turned));
        }
    }
    for (home, others) in joined {
        own(made, survey, home, &others);
    }
}

/// Flows on which somebody is asked who answers elsewhere: when they began.
fn asked(context: Context<'_>, survey: &Survey) -> HashMap<Pair, Vec<(FrameId, FlowId)>> {
    let mut asked: HashMap<Pair, Vec<(FrameId, FlowId)>> = HashMap::new();
    for (id, flow) in survey.live_flows() {
        let Some(protocol) = flow.protocol() else { continue };
        if !context.registry.get(protocol).answers_elsewhere() {
            continue;
        }
        let [_, responder] = flow.ports().ports;
        if context.registry.by_claim(Claim::UdpPort(responder)) == Some(protocol) {
            asked.entry(Pair::of(flow, Direction::Forward)).or_default().push((flow.first, id));
        }
    }
    asked.values_mut().for_each(|flows| flows.sort_unstable());
    asked
}

/// Whether nothing else is known of a flow: neither end is a port of some protocol's, and its first
/// bytes are surely nobody's but of one that answers elsewhere.
fn is_unknown(flow: &Flow, context: Context<'_>) -> bool {
    let registry = context.registry;
    let is_other = |(protocol, how): &(ProtocolId, Likelihood)| {
        *how == Likelihood::Surely && !registry.get(*protocol).answers_elsewhere()
    };
    let ports = flow.ports();
    ports.framing == Framing::Datagram
        && !flow.probed.iter().flatten().any(is_other)
        && ports.ports.iter().all(|port| registry.by_claim(Claim::UdpPort(*port)).is_none())
}

/// Gives all frames of these flows to the connection of the first.
fn own(made: &mut Attribution, survey: &Survey, home: FlowId, others: &[(FlowId, bool)]) {
    let connection = ConnectionId(home.0);
    let mut frames = Vec::new();
    for (path, turned) in std::iter::once(&(home, false)).chain(others) {
        let first = survey.flow(*path).map_or(FrameId::NONE, |flow| flow.first);
        for frame in survey.frames_from(first) {
            let Some(row) = survey.row(frame) else { continue };
            let way = row.direction();
            let direction = if *turned { way.reverse() } else { way };
            let owner = Owner { connection, path: *path, direction, by_name: false };
            made.owners.insert(frame, owner);
            frames.push((frame, direction, row.data_len() > 0));
        }
    }
    frames.sort_unstable_by_key(|(frame, ..)| *frame);
    let mut last_data = [FrameId::NONE; 2];
    for (frame, direction, _) in frames.iter().filter(|(.., has_data)| *has_data) {
        if let Some(last) = last_data.get_mut(direction.index()) {
            *last = *frame;
        }
    }
    let frames = frames.into_iter().map(|(frame, ..)| frame).collect();
    made.named.insert(connection, Named { first_path: home, frames, last_data });
}
