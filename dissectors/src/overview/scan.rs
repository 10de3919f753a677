//! A port scan: many attempts of one host at the ports of another, within seconds.
//!
//! ```text
//!   10.0.4.66 ──> 10.0.4.20   ports 1, 2, 3 … 1,002 within 3.1 s      one row, not 1,002
//!                              1,000 refused or unanswered
//!                              22 and 443 answered, and nothing was asked there
//! ```

use std::collections::{BTreeSet, HashMap};
use std::net::IpAddr;

use super::fate::Fate;
use super::line::Line;
use crate::ids::Time;
use crate::limits::{SCAN_AROUND, SCAN_ATTEMPTS, SCAN_WITHIN};
use crate::survey::{Survey, Transport};

/// One line as a scan is looked for.
#[derive(Clone, Copy)]
struct Try {
    /// Its place among the lines.
    place: u32,
    port: u16,
    start: Time,
}

/// Who tries whom.
type Pair = (IpAddr, IpAddr, Transport);

/// Attempts that are told as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Scan {
    pub(super) server: IpAddr,
    pub(super) transport: Transport,
    /// All lines of it, in their order.
    pub(super) places: Vec<u32>,
    /// Ports that answered.
    pub(super) answered: Vec<u16>,
    /// How many ports were tried.
    pub(super) ports: u32,
}

/// Finds scans: where at least [`SCAN_ATTEMPTS`] ports of a host were tried in vain by another
/// within [`SCAN_WITHIN`]. Belonging to it are these attempts, and what the same host asked the
/// other meanwhile without sending anything.
pub(super) fn scans(lines: &[Line], survey: &Survey) -> Vec<Scan> {
    let tried = |(place, line): (u32, &Line)| {
        let [client, server] = line.ends(survey)?;
        let one = Try { place, port: server.port(), start: line.start };
        Some(((client.ip(), server.ip(), line.transport), one))
    };
    let mut pairs: HashMap<Pair, Vec<Try>> = HashMap::new();
    // Who traces a route wants hop limits to run out.
    let is_vain = |fate: Fate| fate.is_attempt() && fate != Fate::Expired;
    let in_vain = (0..).zip(lines).filter(|(_, line)| is_vain(line.fate));
    for (pair, one) in in_vain.filter_map(tried) {
        pairs.entry(pair).or_default().push(one);
    }
    pairs.retain(|_, all| {
        all.sort_by_key(|one| (one.start, one.place));
        *all = within(all);
        !all.is_empty()
    });
    if pairs.is_empty() {
        return Vec::new();
    }
    // What was answered meanwhile, and nothing was said.
    let mut answered: HashMap<Pair, Vec<Try>> = HashMap::new();
    let silent = (0..).zip(lines).filter(|(_, line)| {
        let [sent, _] = line.payload;
        !line.fate.is_attempt() && sent == 0 && !line.began_before
    });
    for (pair, one) in silent.filter_map(tried) {
        let Some(vain) = pairs.get(&pair) else { continue };
        let since = vain.first().map_or(0, |first| first.start.since(one.start));
        let after = vain.last().map_or(0, |last| one.start.since(last.start));
        if since.max(after) <= SCAN_AROUND {
            answered.entry(pair).or_default().push(one);
        }
    }
    let mut found: Vec<Scan> = pairs
        .into_iter()
        .map(|(pair, vain)| {
            let (_, server, transport) = pair;
            let silent = answered.remove(&pair).unwrap_or_default();
            let all = || vain.iter().chain(&silent);
            let ports: BTreeSet<u16> = all().map(|one| one.port).collect();
            let mut places: Vec<u32> = all().map(|one| one.place).collect();
            places.sort_unstable();
            let answered: BTreeSet<u16> = silent.iter().map(|one| one.port).collect();
            let (ports, answered) = (ports.len() as u32, answered.into_iter().collect());
            Scan { server, transport, places, answered, ports }
        })
        .collect();
    found.sort_by_key(|scan| scan.places.first().copied());
    found
}

/// The attempts that lie in some span of [`SCAN_WITHIN`] in which enough ports were tried; they
/// come in the order of their times.
fn within(vain: &[Try]) -> Vec<Try> {
    let mut inside: HashMap<u16, u32> = HashMap::new();
    let (mut first, mut marked) = (0, 0);
    let mut found = Vec::new();
    for (at, one) in vain.iter().enumerate() {
        *inside.entry(one.port).or_default() += 1;
        while let Some(early) =
            vain.get(first).filter(|early| one.start.since(early.start) > SCAN_WITHIN)
        {
            if let Some(count) = inside.get_mut(&early.port) {
                *count -= 1;
                if *count == 0 {
                    inside.remove(&early.port);
                }
            }
            first += 1;
        }
        if inside.len() >= SCAN_ATTEMPTS {
            let from = first.max(marked);
            found.extend(vain.get(from..=at).unwrap_or_default());
            marked = at + 1;
        }
    }
    found
}
