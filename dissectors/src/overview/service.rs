//! Services: what was asked of whom, one row for each server, port and protocol.
//!
//! Clients that got nowhere have a row of their own, beside those that did not all fail. A scan
//! is one row. Each connection is in exactly one row.

use std::net::IpAddr;

use super::fate::{Condition, Counts};
use super::line::Line;
use super::scan::scans;
use crate::ids::{ProtocolId, Time};
use crate::maps::FastMap;
use crate::protocols::data;
use crate::survey::{Survey, Transport};

/// One row: connections that are told together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// What makes them one.
    pub kind: Kind,
    /// Who is asked.
    pub server: IpAddr,
    /// TCP or UDP.
    pub transport: Transport,
    /// What is spoken, where anything was said, and whether nothing else looks so.
    pub protocol: Option<(ProtocolId, bool)>,
    /// Who asks, most connections first.
    pub clients: Vec<Client>,
    /// Its connections, by their place among the lines, in the order in which they began.
    pub places: Vec<u32>,
    /// How they went.
    pub counts: Counts,
    /// Bytes of payload that the clients and the server sent.
    pub payload: [u64; 2],
    /// Their packets in bytes on the wire.
    pub bytes: u64,
    /// How many packets that were.
    pub packets: u64,
    /// Segments that were sent again.
    pub again: u64,
    /// When the first began and the last ended.
    pub span: (Time, Time),
}

/// What makes connections one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A port of a server.
    Port(u16),
    /// Many ports of it, tried by one host.
    Scan {
        /// How many ports were tried.
        ports: u32,
        /// Those that answered.
        answered: Vec<u16>,
    },
}

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Client {
    /// Its address.
    pub address: IpAddr,
    /// How many connections it has in the row.
    pub connections: u32,
}

/// Server, port and transport.
type Door = (IpAddr, u16, Transport);

/// The rows of these lines, worst first. `verdict` says how each of them went, `spoken` what its
/// first bytes showed, where they were looked at.
#[must_use]
pub fn services(
    lines: &[Line],
    survey: &Survey,
    verdict: impl Fn(&Line) -> Condition,
    spoken: impl Fn(&Line) -> Option<ProtocolId>,
) -> Vec<Service> {
    let maker = Maker { lines, survey, verdict: &verdict, spoken: &spoken };
    let mut is_taken = vec![false; lines.len()];
    let mut rows = Vec::new();
    for scan in scans(lines, survey) {
        for place in &scan.places {
            if let Some(taken) = is_taken.get_mut(*place as usize) {
                *taken = true;
            }
        }
        let kind = Kind::Scan { ports: scan.ports, answered: scan.answered };
        rows.push(maker.row((kind, scan.server, scan.transport), None, scan.places));
    }
    for ((server, port, transport), places) in doors(lines, survey, &is_taken) {
        for (protocol, places) in maker.by_protocol(places) {
            for places in maker.by_fortune(places) {
                // Of clients with whom nobody spoke, nobody knows what they would have spoken.
                let protocol = protocol.filter(|_| maker.has_spoken(&places));
                rows.push(maker.row((Kind::Port(port), server, transport), protocol, places));
            }
        }
    }
    rows.sort_by_key(|row| {
        let troubled = row.counts.troubled();
        let is_well = troubled == 0;
        // Of what one side was recorded alone nobody knows that it went well.
        let is_whole = is_well && row.counts.one_sided() == 0;
        let first = row.places.first().copied();
        (is_well, is_whole, std::cmp::Reverse((troubled, row.places.len())), first)
    });
    rows
}

/// The lines that are not taken yet, by whom they go to.
fn doors(lines: &[Line], survey: &Survey, is_taken: &[bool]) -> Vec<(Door, Vec<u32>)> {
    let mut found: Vec<(Door, Vec<u32>)> = Vec::new();
    let mut known: FastMap<Door, usize> = FastMap::new();
    // Connections to one door come in runs.
    let mut latest: Option<(Door, usize)> = None;
    for ((place, line), is_taken) in (0..).zip(lines).zip(is_taken) {
        let Some([_, server]) = line.ends(survey).filter(|_| !is_taken) else { continue };
        let door = (server.ip(), server.port(), line.transport);
        let at = match latest {
            Some((last, at)) if last == door => at,
            _ => *known.entry(door).or_insert_with(|| {
                found.push((door, Vec::new()));
                found.len() - 1
            }),
        };
        latest = Some((door, at));
        if let Some((_, places)) = found.get_mut(at) {
            places.push(place);
        }
    }
    found
}

/// Makes rows.
struct Maker<'a, V, S> {
    lines: &'a [Line],
    survey: &'a Survey,
    verdict: &'a V,
    spoken: &'a S,
}

/// What is spoken, and whether nothing else looks so.
type Spoken = (ProtocolId, bool);

impl<V: Fn(&Line) -> Condition, S: Fn(&Line) -> Option<ProtocolId>> Maker<'_, V, S> {
    fn line(&self, place: u32) -> Option<&Line> {
        self.lines.get(place as usize)
    }

    fn client(&self, line: &Line) -> Option<IpAddr> {
        line.ends(self.survey).map(|[client, _]| client.ip())
    }

    /// What is spoken in a connection, where that is known.
    fn spoken(&self, line: &Line) -> Option<Spoken> {
        let read = (self.spoken)(line).map(|protocol| (protocol, true));
        read.or(line.protocol).filter(|(id, _)| *id != data::PROTOCOL_ID)
    }

    fn has_spoken(&self, places: &[u32]) -> bool {
        let mut lines = places.iter().filter_map(|place| self.line(*place));
        lines.any(|line| self.spoken(line).is_some())
    }

    /// Connections of one door by what is spoken. Those in which nothing was said that anyone
    /// knows go with the most.
    fn by_protocol(&self, places: Vec<u32>) -> Vec<(Option<Spoken>, Vec<u32>)> {
        let mut silent = Vec::new();
        let mut found: Vec<(Spoken, Vec<u32>)> = Vec::new();
        for place in places {
            let Some(line) = self.line(place) else { continue };
            let Some((protocol, is_sure)) = self.spoken(line) else {
                silent.push(place);
                continue;
            };
            match found.iter_mut().find(|((known, _), _)| *known == protocol) {
                Some(((_, sure), known)) => {
                    *sure |= is_sure;
                    known.push(place);
                }
                None => found.push(((protocol, is_sure), vec![place])),
            }
        }
        match found.iter_mut().max_by_key(|(_, places)| places.len()) {
            Some((_, most)) if !silent.is_empty() => {
                most.append(&mut silent);
                most.sort_unstable();
            }
            Some(_) => {}
            None => return vec![(None, silent)],
        }
        found.into_iter().map(|(protocol, places)| (Some(protocol), places)).collect()
    }

    /// The same by how their clients fared: those whose every connection is troubled apart, where
    /// there are others.
    fn by_fortune(&self, places: Vec<u32>) -> Vec<Vec<u32>> {
        let lines = || places.iter().filter_map(|place| self.line(*place));
        if !lines().any(|line| (self.verdict)(line).is_trouble()) {
            return vec![places];
        }
        let mut fared: FastMap<IpAddr, bool> = FastMap::new();
        for line in lines() {
            let Some(client) = self.client(line) else { continue };
            *fared.entry(client).or_default() |= !(self.verdict)(line).is_trouble();
        }
        let is_well = |place: &u32| {
            let client = self.line(*place).and_then(|line| self.client(line));
            client.and_then(|client| fared.get(&client).copied()).unwrap_or_default()
        };
        let (well, badly): (Vec<u32>, Vec<u32>) = places.into_iter().partition(is_well);
        [badly, well].into_iter().filter(|part| !part.is_empty()).collect()
    }

    fn row(
        &self,
        (kind, server, transport): (Kind, IpAddr, Transport),
        protocol: Option<Spoken>,
        places: Vec<u32>,
    ) -> Service {
        let mut row = Service {
            kind,
            server,
            transport,
            protocol,
            clients: Vec::new(),
            places: Vec::new(),
            counts: Counts::default(),
            payload: [0; 2],
            bytes: 0,
            packets: 0,
            again: 0,
            span: (Time::UNKNOWN, Time::UNKNOWN),
        };
        let mut clients: FastMap<IpAddr, u32> = FastMap::new();
        for line in places.iter().filter_map(|place| self.line(*place)) {
            if let Some(client) = self.client(line) {
                *clients.entry(client).or_default() += 1;
            }
            row.counts.add((self.verdict)(line));
            row.payload.iter_mut().zip(line.payload).for_each(|(sum, more)| *sum += more);
            row.bytes += line.bytes;
            row.packets += u64::from(line.packets);
            row.again += u64::from(line.again);
            let (first, last) = row.span;
            let is_first = first.known().is_none_or(|first| line.start < first);
            let start = if is_first { line.start.known().unwrap_or(first) } else { first };
            row.span = (start, last.max(line.end));
        }
        let clients = clients.into_iter();
        let mut clients: Vec<Client> =
            clients.map(|(address, connections)| Client { address, connections }).collect();
        clients.sort_by_key(|one| (std::cmp::Reverse(one.connections), one.address));
        Service { clients, places, ..row }
    }
}
