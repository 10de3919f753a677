//! Which beat is part of which, and which flights stand in it.

use wirestage_dissectors::story::{BeatId, Level, Story};

/// Who is whose child, found in one pass.
pub(super) struct Family {
    /// The children of each beat, and last the topmost beats.
    children: Vec<Vec<BeatId>>,
    /// The first and the last flight in each beat, numbered from one, and how many it holds.
    flights: Vec<Option<(u32, u32, u32)>>,
}

impl Family {
    pub(super) fn new(story: &Story) -> Self {
        let count = story.beats.len();
        let mut children = vec![Vec::new(); count + 1];
        for (at, beat) in story.beats.iter().enumerate() {
            // A parent stands before its children; what says otherwise counts as topmost.
            let parent = beat.parent.map(|id| id.0 as usize).filter(|parent| *parent < at);
            if let Some(siblings) = children.get_mut(parent.unwrap_or(count)) {
                siblings.push(BeatId(at as u32));
            }
        }
        let mut family = Self { children, flights: vec![None; count] };
        for (number, id) in (1..).zip(story.steps()) {
            let mut at = Some(id);
            while let Some(id) = at {
                if let Some(place) = family.flights.get_mut(id.0 as usize) {
                    let (first, last, count) = place.unwrap_or((number, number, 0));
                    *place = Some((first.min(number), last.max(number), count + 1));
                }
                at = story.beat(id).and_then(|beat| beat.parent).filter(|parent| parent.0 < id.0);
            }
        }
        family
    }

    /// The first and the last flight in a beat, numbered from one.
    pub(super) fn steps(&self, id: BeatId) -> Option<(u32, u32)> {
        self.held(id).map(|(first, last, _)| (first, last))
    }

    /// How many flights a beat holds.
    pub(super) fn flights(&self, id: BeatId) -> u32 {
        self.held(id).map_or(0, |(.., count)| count)
    }

    fn held(&self, id: BeatId) -> Option<(u32, u32, u32)> {
        self.flights.get(id.0 as usize).copied().flatten()
    }

    /// The topmost beats, those that overlap in time together. Connections that are told as more
    /// of the same as another are left out.
    pub(super) fn bands(&self, story: &Story) -> Vec<Vec<BeatId>> {
        let mut bands: Vec<(Vec<BeatId>, u32)> = Vec::new();
        for id in self.top().iter().copied() {
            if story.beat(id).is_some_and(|beat| story.is_folded(beat)) {
                continue;
            }
            let (first, last) = self.steps(id).unwrap_or_default();
            let is_loose = |id: BeatId| story.beat(id).is_some_and(|b| b.level != Level::Chapter);
            match bands.last_mut() {
                Some((band, until))
                    if first < *until
                        || (is_loose(id) && band.last().is_some_and(|last| is_loose(*last))) =>
                {
                    band.push(id);
                    *until = last.max(*until);
                }
                _ => bands.push((vec![id], last)),
            }
        }
        bands.into_iter().map(|(band, _)| band).collect()
    }

    pub(super) fn of(&self, id: BeatId) -> &[BeatId] {
        self.children.get(id.0 as usize).map_or(&[], Vec::as_slice)
    }

    fn top(&self) -> &[BeatId] {
        self.children.last().map_or(&[], Vec::as_slice)
    }
}
