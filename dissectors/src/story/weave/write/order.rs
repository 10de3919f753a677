//! Puts beats into the order of their tree: they are written in the order of the wire, in which
//! the chapters of several connections take turns.

use crate::story::{Level, Story};

/// Sorts the beats so that each is followed by all that is below it, and says to whatever names a
/// beat where that has gone.
pub(super) fn settle(story: &mut Story) {
    let count = story.beats.len();
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); count + 1];
    for (at, beat) in story.beats.iter().enumerate() {
        let parent = beat.parent.map_or(count, |id| id.0 as usize);
        if let Some(siblings) = children.get_mut(parent) {
            siblings.push(at);
        }
    }
    // An exchange is written after its flights, and stands where the first of them does.
    let first: Vec<usize> = (0..count)
        .map(|at| match story.beats.get(at).map(|beat| beat.level) {
            Some(Level::Exchange) => {
                children.get(at).and_then(|below| below.first()).map_or(at, |at| *at)
            }
            _ => at,
        })
        .collect();
    for siblings in &mut children {
        siblings.sort_by_key(|at| first.get(*at).copied());
    }
    let mut order: Vec<usize> = Vec::with_capacity(count);
    let mut next: Vec<usize> = children.last().map(|top| reversed(top)).unwrap_or_default();
    while let Some(at) = next.pop() {
        order.push(at);
        next.extend(children.get(at).map(|below| reversed(below)).unwrap_or_default());
    }
    let mut places: Vec<u32> = vec![0; count];
    for (place, at) in order.iter().enumerate() {
        if let Some(slot) = places.get_mut(*at) {
            *slot = place as u32;
        }
    }
    let mut beats: Vec<Option<_>> =
        std::mem::take(&mut story.beats).into_iter().map(Some).collect();
    story.beats = order.iter().filter_map(|at| beats.get_mut(*at)?.take()).collect();
    story.each_beat_id(|id| id.0 = places.get(id.0 as usize).copied().unwrap_or(id.0));
    // What one packet holds keeps its order.
    story.parcels.sort_by_key(|parcel| parcel.packet);
    story.verdicts.sort_by_key(|judged| judged.message);
    story.marks.sort_by_key(|mark| (mark.flight, mark.at.time));
    story.trips.sort_by_key(|trip| (trip.asked.time, trip.from));
}

fn reversed(list: &[usize]) -> Vec<usize> {
    list.iter().rev().copied().collect()
}
