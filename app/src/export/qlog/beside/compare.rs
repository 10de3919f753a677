//! Holds a log against a recording, packet by packet.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use wirestage_dissectors::ids::Time;

use super::own::{Own, Owns};
use super::read::{Event, Log, Side};
use super::{Beside, Name, Pair, Told};

/// Events that happen more often are counted only.
const RARE: usize = 8;

/// What is compared, or said elsewhere.
const KNOWN: [&str; 7] = [
    "packet_sent",
    "packet_received",
    "packet_lost",
    "metrics_updated",
    "recovery_metrics_updated",
    "datagrams_sent",
    "datagrams_received",
];

/// A packet by who sent it, and by its name.
type Key = (bool, Name);

/// A log beside the connection of that number.
pub(super) fn compare(log: &Log, owns: &Owns, connection: usize) -> Beside {
    let mut own: BTreeMap<Key, &Own> = BTreeMap::new();
    for packet in &owns.packets {
        if let Some(name) = &packet.name {
            own.entry((packet.by_client, name.clone())).or_insert(packet);
        }
    }
    let side = log.side.unwrap_or_else(|| likelier(log, &own));
    let is_client = side == Side::Client;
    let place = usize::from(!is_client);
    let whose = if is_client { "client" } else { "server" };
    let mut told = Beside {
        by: format!("{}, {whose}", log.name),
        connection,
        in_flight: Pair { capture: at(&owns.in_flight, place).map(|most| most as f64), log: None },
        ..Beside::default()
    };
    let mut logged: BTreeMap<Key, &Event> = BTreeMap::new();
    for event in &log.events {
        let is_sent = event.name == "packet_sent";
        if !is_sent && event.name != "packet_received" {
            continue;
        }
        if let Some(name) = Name::of(&event.data) {
            logged.entry((is_sent == is_client, name)).or_insert(event);
        }
    }
    let pairs = || logged.iter().filter_map(|(key, event)| Some((key, *event, *own.get(key)?)));
    let first = pairs().min_by_key(|(.., own)| own.frame);
    let (begun, epoch) =
        first.map_or((0.0, Time::UNKNOWN), |(_, event, own)| (event.millis, own.time));
    let millis = |event: &Event| (event.millis - begun) as i64;
    for (key, event) in &logged {
        let is_sent = key.0 == is_client;
        let one = |own: Option<&Own>, what: &str| Told {
            name: key.1.clone(),
            is_sent,
            frame: own.map(|own| own.frame),
            millis: Some(millis(event)),
            what: what.to_owned(),
        };
        match own.get(key) {
            Some(own) => {
                if let Some(both) = told.both.get_mut(usize::from(!is_sent)) {
                    *both += 1;
                }
                if let Some(what) = difference(&event.data, &own.data) {
                    told.differences.push(one(Some(own), &what));
                }
            }
            None => told.only_log.push(one(None, "")),
        }
    }
    let only = own.iter().filter(|(key, _)| !logged.contains_key(key));
    told.only_capture = only
        .map(|(key, own)| Told {
            name: key.1.clone(),
            is_sent: key.0 == is_client,
            frame: Some(own.frame),
            millis: own.time.known().map(|time| time.since(epoch) / 1_000_000),
            what: String::new(),
        })
        .collect();
    told.later = later(
        pairs().map(|(_, event, own)| (event.millis - begun, own.time.since(epoch) as f64 / 1e6)),
    );
    measures(log, owns, place, &mut told);
    losses(log, at(&owns.lost, place), &mut told);
    thoughts(log, begun, &mut told);
    told
}

/// What one side of two has.
fn at<T: Clone + Default>(both: &[T; 2], place: usize) -> T {
    both.get(place).cloned().unwrap_or_default()
}

/// The side of whose packets more are known as sent.
fn likelier(log: &Log, own: &BTreeMap<Key, &Own>) -> Side {
    let count = |is_client: bool| {
        let names = log.events.iter().filter_map(|event| {
            let is_sent = event.name == "packet_sent";
            let is_packet = is_sent || event.name == "packet_received";
            Some((is_sent == is_client, Name::of(&event.data).filter(|_| is_packet)?))
        });
        names.filter(|key| own.contains_key(key)).count()
    };
    if count(false) > count(true) { Side::Server } else { Side::Client }
}

/// What differs in a packet that both know.
fn difference(log: &Value, own: &Value) -> Option<String> {
    let (theirs, ours) = (frames(log), frames(own));
    if let (Some(theirs), Some(ours)) = (&theirs, &ours)
        && theirs != ours
    {
        let less = |some: &[String], others: &[String]| {
            let mut others = others.to_vec();
            let mut left = some.to_vec();
            left.retain(|one| match others.iter().position(|other| other == one) {
                Some(place) => {
                    others.remove(place);
                    false
                }
                None => true,
            });
            left.join(", ")
        };
        let (log, own) = (less(theirs, ours), less(ours, theirs));
        let parts = [("the log has", log), ("the recording has", own)];
        let parts = parts.iter().filter(|(_, what)| !what.is_empty());
        let parts: Vec<String> = parts.map(|(who, what)| format!("{who} {what}")).collect();
        return Some(parts.join("; "));
    }
    let length = |value: &Value| value.pointer("/raw/length").and_then(Value::as_u64);
    let (theirs, ours) = (length(log)?, length(own)?);
    (theirs != ours).then(|| format!("{theirs} bytes in the log, {ours} in the recording"))
}

/// The frames of a packet, each with what tells it from its like, in one order; padding says
/// nothing.
fn frames(packet: &Value) -> Option<Vec<String>> {
    let frames = packet.get("frames")?.as_array()?;
    let mut named: Vec<String> = frames.iter().filter_map(named).collect();
    named.sort_unstable();
    Some(named)
}

fn named(frame: &Value) -> Option<String> {
    let kind = frame.get("frame_type")?.as_str()?;
    let number = |name: &str| {
        let value = frame.get(name)?;
        value.as_u64().or_else(|| value.as_str()?.parse().ok())
    };
    match kind {
        "padding" => None,
        "stream" => {
            let (stream, offset) =
                (number("stream_id").unwrap_or(0), number("offset").unwrap_or(0));
            Some(format!("stream {stream} at {offset}"))
        }
        "crypto" => Some(format!("crypto at {}", number("offset").unwrap_or(0))),
        kind => Some(kind.to_owned()),
    }
}

/// How much later packets are in the recording: in the middle, and at most.
fn later(pairs: impl Iterator<Item = (f64, f64)>) -> Option<(f64, f64)> {
    let mut apart: Vec<f64> = pairs.map(|(logged, seen)| seen - logged).collect();
    apart.sort_unstable_by(f64::total_cmp);
    let least = *apart.first()?;
    let middle = apart.get(apart.len() / 2)?;
    Some((middle - least, apart.last()? - least))
}

/// Round trips, bytes in flight, the window.
fn measures(log: &Log, owns: &Owns, place: usize, told: &mut Beside) {
    let own = at(&owns.trips, place);
    let millis = |nanos: u64| nanos as f64 / 1e6;
    told.min_rtt.capture = own.map(|(least, _)| millis(least));
    told.smoothed_rtt.capture = own.map(|(_, smoothed)| millis(smoothed));
    let most = |old: Option<f64>, new: Option<f64>| match (old, new) {
        (Some(old), Some(new)) => Some(old.max(new)),
        (old, new) => old.or(new),
    };
    for event in log.events.iter().filter(|event| event.name.ends_with("metrics_updated")) {
        let value = |name: &str| event.data.get(name).and_then(Value::as_f64);
        told.min_rtt.log = value("min_rtt").or(told.min_rtt.log);
        told.smoothed_rtt.log = value("smoothed_rtt").or(told.smoothed_rtt.log);
        told.in_flight.log = most(told.in_flight.log, value("bytes_in_flight"));
        told.window = most(told.window, value("cwnd").or(value("congestion_window")));
    }
}

/// Packets that count as lost: with both, only in the log, only by the recording.
fn losses(log: &Log, own: BTreeSet<Name>, told: &mut Beside) {
    let events = log.events.iter().filter(|event| event.name == "packet_lost");
    let logged: BTreeSet<Name> = events.filter_map(|event| Name::of(&event.data)).collect();
    let list = |names: &mut dyn Iterator<Item = &Name>| names.cloned().collect();
    told.lost = [
        list(&mut logged.intersection(&own)),
        list(&mut logged.difference(&own)),
        list(&mut own.difference(&logged)),
    ];
}

/// What else the endpoint logged.
fn thoughts(log: &Log, begun: f64, told: &mut Beside) {
    let other = || log.events.iter().filter(|event| !KNOWN.contains(&event.name.as_str()));
    for event in other() {
        *told.thoughts.entry(event.name.clone()).or_default() += 1;
    }
    let rare = |event: &&Event| told.thoughts.get(&event.name).is_some_and(|count| *count <= RARE);
    told.told = other()
        .filter(rare)
        .map(|event| (event.millis - begun, format!("{} {}", event.name, event.data)))
        .collect();
}
