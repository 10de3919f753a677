//! The cast: who talks, one lifeline an address, those who ask to the left of those who answer.

use std::net::{IpAddr, SocketAddr};

use crate::ids::Direction;
use crate::limits::MAX_STORY_GUESTS;
use crate::story::wording::capitalised;
use crate::story::{Actor, ActorId};
use crate::survey::Flow;

/// All lifelines of a story, from left to right.
#[derive(Debug, Default)]
pub(super) struct Cast {
    members: Vec<Member>,
    /// Whether there are more guests than have a lifeline of their own.
    is_crowded: bool,
}

#[derive(Debug)]
struct Member {
    who: Who,
    port: Port,
    initiates: bool,
    /// Whether the first of its connections was recorded from the beginning.
    is_seen: bool,
}

/// What makes two ends the same actor: the address. Where a host talks to itself under one
/// address, that would fold the diagram, so its two sides stay apart there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Who {
    address: IpAddr,
    /// The side of the conversation, for a host that talks to itself.
    itself: Option<Direction>,
}

/// The port an actor uses throughout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Port {
    One(u16),
    Several,
    /// It is no end of any flow.
    None,
}

/// The sender of one direction of a flow.
fn who(flow: &Flow, direction: Direction) -> Who {
    let address = flow.address(direction);
    let same = address == flow.address(direction.reverse());
    let side = if is_called_back(flow) { direction.reverse() } else { direction };
    Who { address, itself: same.then_some(side) }
}

/// Ports that belong to services of a system (RFC 6335, section 6).
const SYSTEM_PORTS: u16 = 1_024;

/// Whether a server opens a connection to who asked it before, as FTP does from its port for data
/// (RFC 959, section 3.2): it calls from the port of a service, and not to one.
fn is_called_back(flow: &Flow) -> bool {
    let [from, to] = flow.ports().ports;
    from < SYSTEM_PORTS && to >= SYSTEM_PORTS
}

impl Cast {
    /// The cast of these flows, given in the order in which they began.
    pub(super) fn of<'a>(flows: impl Iterator<Item = &'a Flow>) -> Self {
        let mut cast = Self::default();
        for flow in flows {
            cast.add(flow);
        }
        cast
    }

    /// An initiator comes before whom it talks to, and new actors after those already there:
    /// client, proxy, backend.
    fn add(&mut self, flow: &Flow) {
        let [asker, answerer] = Direction::BOTH.map(|direction| who(flow, direction));
        let [asker_port, answerer_port] = flow.ports().ports;
        let is_seen = flow.numbers.syns().contains(&true);
        if self.place(asker).is_none() {
            let before = self.place(answerer).unwrap_or(self.members.len());
            let port = Port::One(asker_port);
            let initiates = !is_called_back(flow);
            self.members.insert(before, Member { who: asker, port, initiates, is_seen });
        }
        if self.place(answerer).is_none() {
            let port = Port::One(answerer_port);
            let initiates = is_called_back(flow);
            self.members.push(Member { who: answerer, port, initiates, is_seen });
        }
        for (who, port) in [(asker, asker_port), (answerer, answerer_port)] {
            if let Some(member) = self.members.iter_mut().find(|member| member.who == who)
                && member.port != Port::One(port)
            {
                member.port = Port::Several;
            }
        }
    }

    /// Adds who speaks of a flow without being one of its ends: a router on the way, left of
    /// whom the flow goes to. Beyond a number of them, the rest are one.
    pub(super) fn invite(&mut self, address: IpAddr, flow: &Flow) {
        if self.members.iter().any(|member| member.who.address == address) {
            return;
        }
        if self.members.iter().filter(|member| member.port == Port::None).count()
            >= MAX_STORY_GUESTS
        {
            self.is_crowded = true;
            return;
        }
        let before = self.place(who(flow, Direction::Backward)).unwrap_or(self.members.len());
        let who = Who { address, itself: None };
        self.members
            .insert(before, Member { who, port: Port::None, initiates: false, is_seen: false });
    }

    /// The lifeline of an address that speaks of a flow, or is spoken to.
    pub(super) fn guest(&self, address: IpAddr, flow: &Flow) -> ActorId {
        let own = Direction::BOTH.into_iter().find(|way| flow.address(*way) == address);
        let own = own.and_then(|way| self.place(who(flow, way)));
        let place = own.or_else(|| self.members.iter().position(|one| one.who.address == address));
        // All that came too late share a lifeline behind the others.
        ActorId(u16::try_from(place.unwrap_or(self.members.len())).unwrap_or(u16::MAX))
    }

    fn place(&self, who: Who) -> Option<usize> {
        self.members.iter().position(|member| member.who == who)
    }

    /// The actors at the two ends of a flow: the one that sends forward, the one that answers.
    pub(super) fn ends(&self, flow: &Flow) -> [ActorId; 2] {
        Direction::BOTH.map(|direction| {
            let place = self.place(who(flow, direction)).unwrap_or(0);
            ActorId(u16::try_from(place).unwrap_or(u16::MAX))
        })
    }

    /// The ports of a flow, from who sends forward, as far as no lifeline names them.
    pub(super) fn unnamed_ports(&self, flow: &Flow) -> [Option<u16>; 2] {
        let has_several = |direction| {
            let member = self.members.iter().find(|member| member.who == who(flow, direction));
            member.is_some_and(|member| member.port == Port::Several)
        };
        let [from, to] = flow.ports().ports;
        let [first, second] = Direction::BOTH.map(has_several);
        [first.then_some(from), second.then_some(to)]
    }

    /// The cast as a story shows it, each member by its name where it has one.
    pub(super) fn actors(&self, names: &[(IpAddr, String)]) -> Vec<Actor> {
        let others = Actor { name: "Others on the way".into(), address: String::new() };
        let crowd = self.is_crowded.then_some(others);
        self.members.iter().map(|member| member.actor(names)).chain(crowd).collect()
    }
}

impl Member {
    fn actor(&self, names: &[(IpAddr, String)]) -> Actor {
        let Who { address, itself } = self.who;
        let known = names.iter().find(|(named, _)| *named == address);
        let name = match (known, itself, self.initiates) {
            // What DNS calls a host is written as it is.
            (Some((_, name)), None, _) if name.contains('.') => name.clone(),
            (Some((_, name)), None, _) => capitalised(name),
            // Who began was seen to begin.
            (_, Some(_), true) if self.is_seen => "Client".into(),
            (_, Some(_), false) if self.is_seen => "Server".into(),
            (_, Some(_), _) => {
                let name = match self.port {
                    Port::One(port) => SocketAddr::new(address, port).to_string(),
                    Port::Several | Port::None => address.to_string(),
                };
                return Actor { name, address: String::new() };
            }
            (None, None, _) => {
                // An address that is the name is not shown twice.
                let address = match self.port {
                    Port::One(port) => format!("port {port}"),
                    Port::Several | Port::None => String::new(),
                };
                return Actor { name: self.who.address.to_string(), address };
            }
        };
        let address = match self.port {
            Port::One(port) => format!("{address} : {port}"),
            Port::Several | Port::None => address.to_string(),
        };
        Actor { name, address }
    }
}
