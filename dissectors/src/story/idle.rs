//! Connections that lay idle while others spoke: between an answer and the next question, or open
//! since before the recording began.

use std::collections::HashMap;

use super::steps::AT_ONCE;
use super::times::lasting;
use super::{BeatId, Level, Story, TrackId};
use crate::ids::Time;

/// A connection that lay idle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Idle {
    /// The flight with which it is used again.
    pub before: BeatId,
    /// Which connection.
    pub track: TrackId,
    /// For how long, in nanoseconds, as far as that was recorded.
    pub nanos: i64,
    /// Whether it was open before the recording began, so that it may have been longer.
    pub at_least: bool,
}

impl Idle {
    /// "B lay idle for 812.000 ms".
    #[must_use]
    pub fn told(&self) -> String {
        let (letter, time) = (self.track.letter(), lasting(self.nanos));
        if self.at_least {
            format!("{letter} was open before the recording began, and idle for {time} of it")
        } else {
            format!("{letter} had been idle for {time}")
        }
    }

    /// The same as short as can be: "idle 812 ms".
    #[must_use]
    pub fn label(&self) -> String {
        let least = if self.at_least { "≥ " } else { "" };
        match self.nanos / 1_000_000 {
            millis @ 0..1_000 => format!("idle {least}{millis} ms"),
            millis => format!("idle {least}{}.{} s", millis / 1_000, millis % 1_000 / 100),
        }
    }
}

impl Story {
    /// Where connections are used that lay idle while others spoke, in the order of the wire. A
    /// pause in which nobody spoke is a [`Silence`](super::Silence).
    #[must_use]
    pub fn idles(&self) -> Vec<Idle> {
        if self.tracks.len() < 2 {
            return Vec::new();
        }
        let mut until: HashMap<TrackId, Time> = HashMap::new();
        let silences: Vec<BeatId> = self.silences().iter().map(|one| one.before).collect();
        let began = self.began();
        let mut idles = Vec::new();
        for id in self.flights() {
            let Some(beat) = self.beat(id) else { continue };
            let Some((track, sent)) = beat.track.zip(beat.sent.time.known()) else { continue };
            let asks = || {
                let above = beat.parent.and_then(|id| Some((id, self.beat(id)?)));
                above.is_some_and(|(above, exchange)| {
                    exchange.level == Level::Exchange
                        && self.children(Some(above)).next().map(|(first, _)| first) == Some(id)
                })
            };
            let before = until.get(&track).copied();
            let at_least = before.is_none();
            let is_whole = || self.track(track).is_none_or(|track| track.is_whole);
            let since = before.or_else(|| (!is_whole()).then_some(began));
            let nanos = since.map_or(0, |since| sent.since(since));
            if nanos > AT_ONCE && asks() && self.is_told(id) && !silences.contains(&id) {
                idles.push(Idle { before: id, track, nanos, at_least });
            }
            let ends = [Some(beat.ended), beat.received];
            let end = ends.into_iter().flatten().filter_map(|moment| moment.time.known()).max();
            let last = until.entry(track).or_insert(sent);
            *last = (*last).max(end.unwrap_or(sent));
        }
        idles
    }
}
