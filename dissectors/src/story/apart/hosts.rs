//! Who sends frames apart: hosts by the addresses that ARP ties together, each a lifeline.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use super::{Apart, Seen};
use crate::headers::names::Address;
use crate::limits::MAX_APART_ACTORS;
use crate::story::{Actor, ActorId, Beat, Recorded};

/// To whom a frame goes that goes to all of a network.
const ALL: &str = "ff:ff:ff:ff:ff:ff";

/// The networks in which something was said to all, each by the interface that saw it: what goes to
/// all crosses no router.
#[derive(Default)]
pub(super) struct Networks(Vec<u16>);

impl Networks {
    /// The number of the network in which a frame was said to all, in the order of such frames.
    pub(super) fn of(&mut self, seen: &Seen, interface: u16) -> usize {
        if !seen.ends.iter().any(|end| end == ALL) {
            return 0;
        }
        self.0.iter().position(|known| *known == interface).unwrap_or_else(|| {
            self.0.push(interface);
            self.0.len() - 1
        })
    }
}

/// Where the number of a network stands behind the address of all, in the name of a lifeline.
const IN: char = '@';

/// Which link address belongs to which of IPv4, where that is one to one.
pub(super) struct Hosts {
    /// By link address, as text.
    ips: BTreeMap<String, Ipv4Addr>,
    links: BTreeMap<String, String>,
}

impl Hosts {
    pub(super) fn of(apart: &Apart) -> Self {
        let mut by_link: BTreeMap<[u8; 6], BTreeSet<Ipv4Addr>> = BTreeMap::new();
        let mut by_ip: BTreeMap<Ipv4Addr, BTreeSet<[u8; 6]>> = BTreeMap::new();
        for said in apart.seen.iter().filter_map(|seen| seen.said.as_ref()) {
            if let Some((ip, link)) = said.claim() {
                by_link.entry(link).or_default().insert(ip);
                by_ip.entry(ip).or_default().insert(link);
            }
        }
        let mut hosts = Self { ips: BTreeMap::new(), links: BTreeMap::new() };
        for (link, ips) in by_link {
            if let Some(ip) = ips.first().filter(|_| ips.len() == 1)
                && by_ip.get(ip).is_some_and(|links| links.len() == 1)
            {
                let link = Address(link).to_string();
                hosts.links.insert(ip.to_string(), link.clone());
                hosts.ips.insert(link, *ip);
            }
        }
        hosts
    }

    /// What an end of a frame is called: a link by its host, where that is known, and all by their
    /// network.
    pub(super) fn name(&self, end: &str, network: usize) -> String {
        if end == ALL && network > 0 {
            return format!("{ALL}{IN}{}", network + 1);
        }
        self.ips.get(end).map_or_else(|| end.to_owned(), ToString::to_string)
    }

    pub(super) fn actor(&self, end: &str, facts: &Recorded) -> Actor {
        let link = self.links.get(end).cloned();
        match facts.names.iter().find(|(address, _)| address.to_string() == end) {
            _ if end == ALL => Actor { name: "Everyone".into(), address: end.into() },
            _ if end.starts_with(ALL) => {
                let network = end.rsplit(IN).next().unwrap_or_default();
                Actor { name: format!("Everyone, network {network}"), address: ALL.into() }
            }
            Some((_, name)) => Actor { name: name.clone(), address: end.into() },
            None => Actor { name: end.into(), address: link.unwrap_or_default() },
        }
    }
}

/// The lifelines of both ends; `None` if a diagram would have too many of them.
pub(super) fn place(ends: [String; 2], lifelines: &mut Vec<String>) -> Option<[ActorId; 2]> {
    let [from, to] = &ends;
    let is_new = |end: &&String| !lifelines.contains(end);
    let new = usize::from(is_new(&from)) + usize::from(from != to && is_new(&to));
    if lifelines.len() + new > MAX_APART_ACTORS {
        return None;
    }
    Some(ends.map(|end| {
        let place = lifelines.iter().position(|known| *known == end).unwrap_or_else(|| {
            lifelines.push(end);
            lifelines.len() - 1
        });
        ActorId(u16::try_from(place).unwrap_or(u16::MAX))
    }))
}

/// Puts those that the recording names where others of them stand, in its own order.
pub(super) fn reorder(lifelines: &mut [String], beats: &mut [Beat], facts: &Recorded) {
    let named = |end: &String| facts.names.iter().position(|(own, _)| own.to_string() == *end);
    let places: Vec<usize> = lifelines
        .iter()
        .enumerate()
        .filter_map(|(at, end)| named(end).is_some().then_some(at))
        .collect();
    let mut sorted = places.clone();
    sorted.sort_by_key(|at| lifelines.get(*at).and_then(named));
    let before = lifelines.to_vec();
    let mut moved: Vec<usize> = (0..before.len()).collect();
    for (to, from) in places.into_iter().zip(sorted) {
        if let (Some(own), Some(new)) = (before.get(from), lifelines.get_mut(to)) {
            new.clone_from(own);
        }
        if let Some(place) = moved.get_mut(from) {
            *place = to;
        }
    }
    let place = |actor: ActorId| moved.get(usize::from(actor.0)).map_or(actor.0, |at| *at as u16);
    for beat in beats {
        (beat.from, beat.to) = (ActorId(place(beat.from)), ActorId(place(beat.to)));
    }
}
