//! The tracks of a story: what each connection is there for, what it cost, and which went the same
//! way as an earlier one.

use std::collections::{BTreeSet, HashMap};

use super::repeats::pattern;
use crate::ids::Time;
use crate::protocols::{tcp, tls};
use crate::story::weave::told::Told;
use crate::story::{ActorId, Beat, Level, Moment, Outcome, Story, Track, TrackId};

/// From so many connections that went the same way, one is told and the others are counted.
const MANY: usize = 5;

/// The tracks of connections whose beats stand in the story.
pub(super) fn tracks(told: &[Told], story: &Story) -> Vec<Track> {
    let told = || told.iter().filter(|one| one.track.is_some());
    let mut courses: Vec<Course> = told().map(Course::of).collect();
    let mut tracks: Vec<Track> = told().map(track).collect();
    let mut begun = vec![false; tracks.len()];
    for beat in &story.beats {
        let Some(at) = beat.track.map(|id| usize::from(id.0)) else { continue };
        let (Some(track), Some(course)) = (tracks.get_mut(at), courses.get_mut(at)) else {
            continue;
        };
        match beat.level {
            Level::Chapter => {
                track.packets += beat.packets;
                track.bytes += beat.bytes;
                track.round_trips += beat.round_trips;
                course.chapters.push((beat.label.clone(), beat.round_trips));
            }
            Level::Flight => course.outcomes.extend(worse(beat)),
            // How often its segments were acknowledged is no matter of what was said.
            Level::Message if beat.protocol != tcp::PROTOCOL_ID => {
                course.said.insert(pattern(&beat.headline));
            }
            _ => {}
        }
        let is_first = begun.get_mut(at).is_some_and(|begun| !std::mem::replace(begun, true));
        if is_first || beat.sent.time < track.first.time {
            track.first = beat.sent;
        }
        if is_first || beat.ended.time > track.last.time {
            track.last = beat.ended;
        }
    }
    let mut alike: HashMap<&Course, Vec<usize>> = HashMap::new();
    for (at, course) in courses.iter().enumerate() {
        alike.entry(course).or_default().push(at);
    }
    for group in alike.into_values().filter(|group| group.len() >= MANY) {
        let Some((first, rest)) = group.split_first() else { continue };
        for at in rest {
            if let Some(track) = tracks.get_mut(*at) {
                track.like = u16::try_from(*first).ok().map(TrackId);
            }
        }
    }
    tracks
}

/// What connections that are told as one have in common.
#[derive(PartialEq, Eq, Hash)]
struct Course {
    ends: [ActorId; 2],
    is_whole: bool,
    chapters: Vec<(String, u32)>,
    /// What its messages mean, less their numbers.
    said: BTreeSet<String>,
    /// What did not go as it was meant, flight by flight.
    outcomes: Vec<(Outcome, String)>,
}

impl Course {
    fn of(told: &Told) -> Self {
        let is_whole = told.thread.whole;
        let (chapters, outcomes) = (Vec::new(), Vec::new());
        Self { ends: told.ends, is_whole, chapters, said: BTreeSet::new(), outcomes }
    }
}

/// How a flight went, where not as it was meant.
fn worse(flight: &Beat) -> Option<(Outcome, String)> {
    (flight.outcome != Outcome::Arrived).then(|| (flight.outcome, flight.label.clone()))
}

fn track(told: &Told) -> Track {
    let items = &told.thread.items;
    let question = items.iter().find(|item| {
        item.told.turn.asks && !matches!(item.protocol, tcp::PROTOCOL_ID | tls::fields::PROTOCOL_ID)
    });
    let name = match question {
        Some(item) => item.told.label.clone(),
        None => format!("port {}", told.port),
    };
    let first = Moment { frame: told.thread.until, time: Time::UNKNOWN };
    Track {
        connection: told.thread.id,
        name,
        ends: told.ends,
        ports: told.unnamed,
        first,
        last: first,
        packets: 0,
        bytes: 0,
        round_trips: 0,
        is_whole: told.thread.whole,
        like: None,
    }
}
