//! Spots: which frame lies where in a graph, and what it says there, for whoever points at it or
//! goes along it with the keyboard.

use std::collections::HashMap;

use wirestage_dissectors::course::{Says, Sent, What};
use wirestage_dissectors::ids::FrameId;
use wirestage_dissectors::wording::{bytes, duration, thousands};

use super::scale::{Scale, Unit};
use crate::diagram::geometry::{Point, at};

/// Spots that are nearer than this are one.
const APART: f32 = 3.0;
/// No more above each other.
const MOST: u32 = 24;

/// A frame in a graph.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spot {
    /// Where.
    pub at: Point,
    /// Which: the first of those that no eye tells apart here.
    pub frame: FrameId,
    /// When it was seen, in nanoseconds since the first packet.
    pub nanos: i64,
    said: Said,
}

/// What a frame says there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Said {
    Sent(Sent),
    Heard { says: Says, upto: u64, window: Option<u64> },
    Flight(u64),
    Trip(u64),
    Window(u64),
    Rate { bits: u64, nanos: i64 },
}

impl Spot {
    /// What it says, in words: "frame 12, after 103 ms: sends 1,449 to 2,896 again".
    #[must_use]
    pub fn words(&self) -> String {
        let said = match self.said {
            Said::Sent(sent) => words_of(&sent),
            Said::Heard { says, upto, window } => heard(says, upto, window),
            Said::Flight(value) => format!("{} in flight", bytes(value)),
            Said::Trip(nanos) => format!(
                "ends a round trip of {}",
                duration(i64::try_from(nanos).unwrap_or(i64::MAX))
            ),
            Said::Window(0) => "takes nothing more: the window is 0".to_owned(),
            Said::Window(value) => format!("can take {} more", bytes(value)),
            Said::Rate { bits, nanos } => {
                let rate = Unit::Rate.words(bits as f64);
                format!("begins {} at {rate}", duration(nanos))
            }
        };
        let (frame, after) = (thousands(self.frame.number().into()), duration(self.nanos));
        format!("frame {frame}, after {after}: {said}")
    }
}

fn words_of(sent: &Sent) -> String {
    let what = match sent.what {
        What::New => "sends",
        What::Again => "sends again",
        What::Late => "brings late",
        What::Probe => "probes at",
    };
    let last = sent.to.saturating_sub(1).max(sent.from);
    let lost = if sent.is_lost { ", and is lost" } else { "" };
    let amount =
        if sent.data > 0 { format!(" ({})", bytes(sent.data.into())) } else { String::new() };
    format!("{what} {} to {}{amount}{lost}", thousands(sent.from), thousands(last))
}

fn heard(says: Says, upto: u64, window: Option<u64>) -> String {
    let what = match says {
        Says::Duplicate => "acknowledges again all before",
        Says::Update => "opens the window behind",
        Says::Plain | Says::Full => "acknowledges all before",
    };
    match window {
        Some(0) => format!("{what} {}, and takes nothing more", thousands(upto)),
        Some(window) => format!("{what} {}, and can take {}", thousands(upto), bytes(window)),
        None => format!("{} acknowledged in all", bytes(upto)),
    }
}

/// Spots that were found, one for each place, and a few at most above each other.
#[derive(Debug, Default)]
pub(super) struct Spots {
    found: Vec<Spot>,
    /// Where each of them is, by its place.
    taken: HashMap<(i32, i32), usize>,
    stacked: HashMap<i32, u32>,
}

impl Spots {
    /// Adds a frame.
    pub(super) fn add(
        &mut self,
        scale: &Scale,
        (nanos, value): (i64, f64),
        (frame, said): (FrameId, Said),
    ) {
        if !scale.shows(nanos) || !scale.holds(value) {
            return;
        }
        let at = at(scale.x(nanos), scale.y(value));
        let spot = Spot { at, frame, nanos, said };
        let place = ((at.x / APART) as i32, (at.y / APART) as i32);
        let matters = matches!(said, Said::Sent(sent) if sent.what != What::New || sent.is_lost);
        if let Some(known) = self.taken.get(&place) {
            // What matters takes the place of what does not.
            if let Some(known) = self.found.get_mut(*known).filter(|_| matters) {
                *known = spot;
            }
            return;
        }
        let count = self.stacked.entry(place.0).or_default();
        if matters || *count < MOST {
            *count += 1;
            self.taken.insert(place, self.found.len());
            self.found.push(spot);
        }
    }

    /// All of them, in the order of time.
    pub(super) fn finish(mut self) -> Vec<Spot> {
        self.found.sort_by_key(|one| (one.nanos, one.frame));
        self.found
    }
}
