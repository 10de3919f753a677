//! An endpoint's own log of a connection of QUIC beside the recording of it: what both say, what
//! only one of them does, and what the program thought at the time.
//!
//! ```text
//!   endpoint.qlog ── read ──> packets, losses, metrics ──┐
//!                                                        ├── compare ──> Beside ──> text, JSON
//!   recording ── own ──> packets, losses, round trips ───┘
//! ```
//!
//! Both are one connection where they share one of its ids. A packet is the same where sender, type
//! and number are.

mod compare;
mod own;
mod read;
mod text;

use std::collections::BTreeMap;
use std::path::Path;

use wirestage_dissectors::ids::FrameId;

use crate::document::{Ground, Progress};
use crate::trouble::Trouble;

pub use read::Side;

/// A log of more bytes is not read: endpoints write some hundred for each packet.
const MAX_LOG: u64 = 1 << 30;

/// A packet's type and number, as logs write them: `1RTT 17`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name {
    /// `initial`, `handshake`, `0rtt`, `1rtt`.
    pub kind: String,
    /// Its number.
    pub number: u64,
}

/// A packet that only one of the two knows, or of which they say different things.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Which.
    pub name: Name,
    /// Whether the endpoint sent it.
    pub is_sent: bool,
    /// Its frame in the recording.
    pub frame: Option<FrameId>,
    /// When, in milliseconds since the first packet that both know.
    pub millis: Option<i64>,
    /// What there is to say.
    pub what: String,
}

/// Values that both have, or one of them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Pair {
    /// The endpoint's.
    pub log: Option<f64>,
    /// The recording's.
    pub capture: Option<f64>,
}

/// A log beside a recording.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Beside {
    /// Who wrote the log: `aioquic, server`.
    pub by: String,
    /// The number of the connection in the recording, from one.
    pub connection: usize,
    /// Packets that both know: those that the endpoint sent, and those that it received.
    pub both: [usize; 2],
    /// Packets that only the log has.
    pub only_log: Vec<Told>,
    /// Those that only the recording has.
    pub only_capture: Vec<Told>,
    /// Of which they say different things.
    pub differences: Vec<Told>,
    /// How much later a packet is in the recording than in the log, in milliseconds beyond the one
    /// where that is least: in the middle, and at most.
    pub later: Option<(f64, f64)>,
    /// The shortest round trip and the last smoothed one, in milliseconds.
    pub min_rtt: Pair,
    /// See above.
    pub smoothed_rtt: Pair,
    /// The most bytes in flight.
    pub in_flight: Pair,
    /// The window of congestion at its largest, which only the endpoint knows.
    pub window: Option<f64>,
    /// Packets that count as lost with both, only in the log, only by what the recording shows.
    pub lost: [Vec<Name>; 3],
    /// What else the endpoint logged, by name and how often.
    pub thoughts: BTreeMap<String, usize>,
    /// The rarer ones of these one by one: when, in milliseconds, and in its own words.
    pub told: Vec<(f64, String)>,
}

/// Lays a log beside a recording.
///
/// # Errors
/// Where the log cannot be read, or is of no connection of the recording.
pub fn beside(ground: &Ground, path: &Path, progress: &Progress) -> Result<Vec<Beside>, Trouble> {
    let shown = path.display();
    let trouble = |why: String| {
        Trouble::new(
            format!("{shown} cannot be read as a log of QUIC: {why}"),
            "qlog of an endpoint is meant, as JSON or as JSON text sequences (.qlog, .sqlog)",
        )
    };
    let size = std::fs::metadata(path).map_err(|error| trouble(error.to_string()))?.len();
    if size > MAX_LOG {
        return Err(trouble(format!("it is larger than {} MB", MAX_LOG >> 20)));
    }
    let text = std::fs::read_to_string(path).map_err(|error| trouble(error.to_string()))?;
    let logs = read::logs(&text).map_err(trouble)?;
    let own = |place: usize| {
        let id = ground.connections.get(place)?;
        Some(own::packets(ground, *id, progress))
    };
    let mut best: Vec<Option<(usize, usize)>> = vec![None; logs.len()];
    for place in 0..ground.connections.len() {
        let Some(own) = own(place) else { break };
        for (log, best) in logs.iter().zip(&mut best) {
            if own.ids.is_disjoint(&log.ids) {
                continue;
            }
            let both = compare::compare(log, &own, place + 1).both.iter().sum();
            if best.is_none_or(|(_, most)| most < both) {
                *best = Some((place, both));
            }
        }
    }
    // A trace may call one connection by several names, one after the other.
    let mut joined: Vec<(usize, read::Log)> = Vec::new();
    for (log, best) in logs.into_iter().zip(best) {
        let Some((place, _)) = best else { continue };
        match joined.iter_mut().find(|(known, one)| *known == place && one.trace == log.trace) {
            Some((_, known)) => known.join(log),
            None => joined.push((place, log)),
        }
    }
    let one =
        |(place, log): (usize, read::Log)| Some(compare::compare(&log, &own(place)?, place + 1));
    let found: Vec<Beside> = joined.into_iter().filter_map(one).collect();
    if found.is_empty() {
        return Err(Trouble::new(
            format!("{shown} is the log of no connection of this recording"),
            "a log and a recording of the same connection share an id of it; wirestage export -o \
             a.sqlog writes what the recording says",
        ));
    }
    Ok(found)
}
