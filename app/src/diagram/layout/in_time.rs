//! Packets in the order of time: those of a flight may pass between those of another.

use super::plan::{Plan, Unit};

/// Puts the arrows of a plan in the order in which they left, each in the chapter that had begun
/// then. Where some times are not known, they stay as they are.
pub(super) fn sort(plan: &mut Plan<'_>) {
    let sent = |unit: &Unit<'_>| unit.beat.sent.time;
    if plan.units.iter().any(|unit| sent(unit).known().is_none()) {
        return;
    }
    let mut order: Vec<usize> = (0..plan.units.len()).collect();
    order.sort_by_key(|at| plan.units.get(*at).map(sent));
    let mut places = vec![0; order.len()];
    for (place, at) in order.iter().enumerate() {
        if let Some(moved) = places.get_mut(*at) {
            *moved = place;
        }
    }
    let ends = |from: usize, to: usize| {
        let own = places.get(from..to).unwrap_or_default().iter().copied();
        own.clone().min().zip(own.max())
    };
    let mut begin: Vec<usize> = Vec::with_capacity(plan.chapters.len() + 1);
    for chapter in &plan.chapters {
        let first = ends(chapter.units.start, chapter.units.end).map_or(0, |(first, _)| first);
        begin.push(begin.last().map_or(0, |before| first.max(*before)));
    }
    begin.push(plan.units.len());
    for (chapter, pair) in plan.chapters.iter_mut().zip(begin.windows(2)) {
        if let [from, to] = *pair {
            chapter.units = from..to;
        }
    }
    plan.chapters.retain(|chapter| !chapter.units.is_empty());
    for covered in plan.cover.iter_mut().flatten() {
        *covered = ends(covered.0, covered.1 + 1).unwrap_or(*covered);
    }
    plan.units = order.iter().filter_map(|at| plan.units.get(*at).cloned()).collect();
}
