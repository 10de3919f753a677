//! A story in the order of the wire: its flights one after the other, whichever connection they
//! belong to, and the silences between them.

use std::collections::{BTreeMap, HashMap};

use super::{Beat, BeatId, Folded, Level, Repeat, Story, Track, TrackId};
use crate::ids::Time;
use crate::message::Protection;
use crate::wording::bytes;
use crate::wording::thousands;

/// What its sender says within this time, in nanoseconds, is said at once, and rides in one
/// flight; beyond it lies a pause. It is well above what a program needs to go on, no pause that
/// an eye would see, and no longer than the shortest wait for an acknowledgement that is held back
/// on purpose (40 ms in Linux; RFC 9293, section 3.8.6.3, allows 500 ms).
pub(in crate::story) const AT_ONCE: i64 = 39_000_000;

/// So many times the usual wait is a silence.
const UNUSUAL: i64 = 10;

/// A stretch of time in which nothing was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Silence {
    /// The flight that ends it.
    pub before: BeatId,
    /// How long it lasted, in nanoseconds.
    pub nanos: i64,
}

/// Connections that went the same way as one that is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alike {
    /// How many.
    pub count: usize,
    /// How many bytes each took, in words: "162 B", "9.1 kB to 9.5 kB".
    pub bytes: String,
    /// When the first of them began, and when all of them had ended.
    pub times: (Time, Time),
    /// The names of the first and the last.
    pub names: (String, String),
}

impl Alike {
    fn of(tracks: &[&Track]) -> Option<Self> {
        let (first, last) = (tracks.first()?, tracks.last()?);
        let sizes = tracks.iter().map(|track| track.bytes);
        let (least, most) = (bytes(sizes.clone().min()?), bytes(sizes.max()?));
        let bytes = if least == most { least } else { format!("{least} to {most}") };
        let until = tracks.iter().map(|track| track.last.time).max()?;
        let names = (first.name.clone(), last.name.clone());
        Some(Self { count: tracks.len(), bytes, times: (first.first.time, until), names })
    }
}

impl Story {
    /// The flights that are told, in the order of the wire: those of all connections but of such
    /// as are told as more of the same, and less exchanges that are.
    #[must_use]
    pub fn steps(&self) -> Vec<BeatId> {
        let mut steps = self.flights();
        steps.retain(|id| self.is_told(*id));
        steps
    }

    /// Whether a flight is told by itself, and not as more of the same.
    pub(super) fn is_told(&self, flight: BeatId) -> bool {
        self.repeat(flight).is_none() && self.beat(flight).is_some_and(|beat| !self.is_folded(beat))
    }

    /// All flights, in the order of the wire.
    pub(super) fn flights(&self) -> Vec<BeatId> {
        let mut flights: Vec<(BeatId, &Beat)> = self.level(Level::Flight).collect();
        // Within a connection flights are in order already, and the sort is stable.
        if self.both_ends {
            flights.sort_by_key(|(_, beat)| beat.sent.time);
        } else {
            flights.sort_by_key(|(_, beat)| beat.sent.frame);
        }
        flights.into_iter().map(|(id, _)| id).collect()
    }

    /// The chapter that a beat is part of, or is.
    #[must_use]
    pub fn chapter_of(&self, id: BeatId) -> Option<BeatId> {
        let mut at = id;
        loop {
            let beat = self.beat(at)?;
            if beat.level == Level::Chapter {
                return Some(at);
            }
            at = beat.parent?;
        }
    }

    /// Whether a beat belongs to a connection that is told as more of the same as another.
    #[must_use]
    pub fn is_folded(&self, beat: &Beat) -> bool {
        beat.track.and_then(|id| self.track(id)).is_some_and(|track| track.like.is_some())
    }

    /// What a reader must know before trusting the story as it is told: its notes, and how many
    /// connections another one stands for.
    #[must_use]
    pub fn remarks(&self) -> Vec<String> {
        let mut remarks = self.notes.clone();
        let folded = self.tracks.iter().filter(|track| track.like.is_some()).count();
        if folded > 0 {
            remarks.push(format!(
                "{} connections went the same way as one that is told.",
                thousands(folded as u64)
            ));
        }
        remarks.extend(self.repeated());
        remarks
    }

    /// How many exchanges are not told, because they went the same way as one that is.
    #[must_use]
    pub fn repeated(&self) -> Option<String> {
        let told = |one: &&Repeat| self.beat(one.first).is_some_and(|beat| !self.is_folded(beat));
        let count: u32 = self.repeats.iter().filter(told).map(|one| one.count).sum();
        let told = "went the same way as the one before them, which is told";
        (count > 0)
            .then(|| format!("{} questions and their answers {told}.", thousands(count.into())))
    }

    /// Tells those for themselves that were told as more of the same.
    pub fn unfold_like(&mut self, folded: Folded) {
        match folded {
            Folded::Connections(id) => {
                let of = self.tracks.iter_mut().filter(|track| track.like == Some(id));
                of.for_each(|track| track.like = None);
            }
            Folded::Exchanges(first) => self.repeats.retain(|one| one.first != first),
        }
        self.name_steps();
    }

    /// Tells every connection and every exchange for itself, whatever it has in common with
    /// others.
    pub fn unfold(&mut self) {
        self.tracks.iter_mut().for_each(|track| track.like = None);
        self.repeats.clear();
        self.name_steps();
    }

    /// One connection.
    #[must_use]
    pub fn track(&self, id: TrackId) -> Option<&Track> {
        self.tracks.get(usize::from(id.0))
    }

    /// Of each connection that stands for others what these others are.
    #[must_use]
    pub fn alike(&self) -> Vec<(TrackId, Alike)> {
        let mut groups: BTreeMap<TrackId, Vec<&Track>> = BTreeMap::new();
        for track in &self.tracks {
            if let Some(like) = track.like {
                groups.entry(like).or_default().push(track);
            }
        }
        groups.into_iter().filter_map(|(id, others)| Some((id, Alike::of(&others)?))).collect()
    }

    /// Of these beats those whose sentences an earlier one of the same connection and chapter has
    /// said word for word, each with the first that did: nobody wants to read them again. What has
    /// another name is about something else, such as another topic.
    #[must_use]
    pub fn said_before(&self, beats: impl IntoIterator<Item = BeatId>) -> HashMap<BeatId, BeatId> {
        let mut said = HashMap::new();
        let first = |id: BeatId| {
            let beat = self.beat(id)?;
            let leads = |(_, one): &(BeatId, &Beat)| {
                one.level == Level::Message
                    && (one.anchor, one.protocol) == (beat.anchor, beat.protocol)
            };
            let named = self.children(Some(id)).find(leads).map(|(_, one)| one.label.as_str());
            let (headline, detail) = (beat.headline.as_str(), beat.detail.as_str());
            let says = (self.chapter_of(id), named, headline, detail);
            let first = *said.entry(says).or_insert(id);
            (first != id).then_some((id, first))
        };
        beats.into_iter().filter_map(first).collect()
    }

    /// The connection of a beat, where several are recorded and each goes by its letter.
    #[must_use]
    pub fn badge(&self, beat: &Beat) -> Option<TrackId> {
        beat.track.filter(|_| self.tracks.len() > 1)
    }

    /// Under which keys the messages of a beat travelled, each once, in order.
    #[must_use]
    pub fn protections(&self, id: BeatId) -> Vec<Protection> {
        let Some(beat) = self.beat(id) else { return Vec::new() };
        let mut found: Vec<Protection> = Vec::new();
        for below in self.beats.get(id.0 as usize + 1..).unwrap_or_default() {
            if below.level <= beat.level {
                break;
            }
            if below.level == Level::Message && !found.contains(&below.protection) {
                found.push(below.protection);
            }
        }
        if found.is_empty() {
            found.push(beat.protection);
        }
        found
    }

    /// Where nothing was seen for much longer than between other steps.
    #[must_use]
    pub fn silences(&self) -> Vec<Silence> {
        let mut waits: Vec<Silence> = Vec::new();
        let mut until: Option<Time> = None;
        for id in self.flights() {
            let Some(beat) = self.beat(id) else { continue };
            // What is told as more of the same breaks a silence, and ends none that could be shown.
            if let (Some(until), Some(time)) = (until, beat.sent.time.known())
                && self.is_told(id)
            {
                waits.push(Silence { before: id, nanos: time.since(until).max(0) });
            }
            let ends = [Some(beat.ended), beat.received];
            let end = ends.into_iter().flatten().filter_map(|moment| moment.time.known()).max();
            until = until.max(end);
        }
        let mut sorted: Vec<i64> = waits.iter().map(|wait| wait.nanos).collect();
        sorted.sort_unstable();
        let median = sorted.get(sorted.len() / 2).copied().unwrap_or_default();
        let least = median.saturating_mul(UNUSUAL).max(AT_ONCE);
        waits.retain(|wait| wait.nanos > least);
        waits
    }
}
