//! Time to scale: a tail stands at the time of sending, a head at that of receiving. No arrow is
//! moved to make room; labels are, and what finds no room is left out and counted.

use std::collections::HashMap;

use wirestage_dissectors::ids::Time;

use super::board::Board;
use super::deeds;
use super::form::Sentences;
use super::labels;
use super::margin;
use super::nearest::nearest;
use super::placed::{LOOP_DROP, Measures, Placed};
use super::rows::{BAND_GAP, Gap, Rows, SENTENCE_ABOVE};
use super::silence;
use crate::diagram::geometry::Rect;

/// From a band's edge to the arrow nearest to it, where there is room.
const PAD: f32 = 28.0;
/// Events nearer than this leave no room for the edge of a band between them.
const NEAR: f32 = 16.0;
/// From the first band's top to the first arrow.
const TOP: f32 = 48.0;
/// More than any label could move.
const BEYOND: f32 = 400.0;
/// Between two sentences.
pub(super) const SENTENCE_GAP: f32 = 12.0;
/// A sentence that would stand further below its arrow is left out.
const FAR: f32 = 560.0;

/// Places everything at its time.
pub(super) fn rows(top: f32, measures: &Measures<'_>) -> Rows {
    let mut rows = Rows::empty(measures.plan.units.len(), top);
    rows.delays = delays(measures);
    rows.reckoned = measures.plan.reckoned.clone();
    for (way, nanos) in rows.reckoned.there() {
        rows.delays.entry(way).or_insert(nanos);
    }
    knots(&mut rows, top + TOP, measures);
    for (index, unit) in measures.plan.units.iter().enumerate() {
        let times = (unit.beat.sent.time, unit.received);
        let (tail, head) = rows.ends((unit.from, unit.to), times);
        let head = if unit.from == unit.to { tail + LOOP_DROP } else { head };
        let steep = head - tail >= 8.0;
        if let Some(placed) = rows.placed.get_mut(index) {
            *placed = Placed { tail, head, steep, solved: Some(Default::default()), ..*placed };
        }
    }
    bands(&mut rows, top, measures);
    let mut board = Board::default();
    // Nothing straddles the edge of a band.
    for (top, end) in &rows.bands {
        for edge in [top, end] {
            board.take(Rect::sized(0.0, edge - 1.0, measures.columns.width, 2.0));
        }
    }
    // Nor does anything stand above the first or below the last.
    let width = measures.columns.width;
    board.take(Rect::sized(0.0, top - BEYOND, width, BEYOND));
    board.take(Rect::sized(0.0, rows.end, width, BEYOND));
    deeds::take(&rows, measures, &mut board);
    labels::place(&mut rows, measures, &mut board);
    deeds::place(&mut rows, measures, &mut board);
    sentences(&mut rows, measures);
    titles(&mut rows, measures, &mut board);
    scopes(&mut rows, measures, &mut board);
    if let Some(last) = measures.plan.chapters.len().checked_sub(1) {
        rows.and_more(last, measures.more);
    }
    rows
}

/// When what was sent arrived, or would have; in order of sending.
fn flights(rows: &Rows, measures: &Measures<'_>) -> Vec<(Time, Time)> {
    let units = measures.plan.units.iter();
    let units = units.map(|unit| ((unit.from, unit.to), (unit.beat.sent.time, unit.received)));
    let strands = measures.strands.iter().flatten();
    let strands = strands.map(|one| ((one.from, one.to), (one.sent, one.received)));
    let all = units.chain(strands);
    let mut all: Vec<_> = all.map(|(way, times)| rows.times(way, times)).collect();
    all.sort_unstable();
    all
}

/// Puts every event at its place, and cuts long silences short.
fn knots(rows: &mut Rows, top: f32, measures: &Measures<'_>) {
    let flights = flights(rows, measures);
    let mut times: Vec<Time> = flights.iter().flat_map(|(sent, came)| [*sent, *came]).collect();
    times.sort_unstable();
    times.dedup();
    let mut under_way = flights.iter().peekable();
    let mut until = Time(i64::MIN);
    let mut last: Option<(Time, f32)> = None;
    for time in times {
        let y = match last {
            None => top,
            Some((before, y)) => {
                let (far, cut) = measures.scale.advance(time.since(before));
                if cut {
                    let silent = until <= before;
                    let times = (before, time);
                    rows.gaps.push(Gap { y: (y + far / 2.0).round(), times, silent });
                }
                y + far
            }
        };
        while let Some((_, came)) = under_way.next_if(|(sent, _)| *sent <= time) {
            until = until.max(*came);
        }
        last = Some((time, y));
        rows.knots.push((time, y));
    }
}

/// How long the way takes from column to column, as most frames took.
fn delays(measures: &Measures<'_>) -> HashMap<(usize, usize), i64> {
    let mut all: HashMap<(usize, usize), Vec<i64>> = HashMap::new();
    let mut note = |way, sent: Time, came: Option<Time>| {
        if let Some(came) = came.filter(|came| *came > sent) {
            all.entry(way).or_default().push(came.since(sent));
        }
    };
    for unit in &measures.plan.units {
        note((unit.from, unit.to), unit.beat.sent.time, unit.received);
    }
    for strand in measures.strands.iter().flatten() {
        note((strand.from, strand.to), strand.sent, strand.received);
    }
    let median = |(way, mut all): ((usize, usize), Vec<i64>)| {
        all.sort_unstable();
        Some((way, *all.get(all.len() / 2)?))
    };
    all.into_iter().filter_map(median).collect()
}

/// A band for each chapter, or for several that follow each other too closely.
fn bands(rows: &mut Rows, top: f32, measures: &Measures<'_>) {
    let form = measures.form;
    let height = |chapter: usize| match measures.titles.get(chapter) {
        Some(title) if !form.titles_above => title.height,
        _ => 0.0,
    };
    let first = |chapter: &super::plan::Chapter| {
        let own = rows.placed.get(chapter.units.clone()).unwrap_or_default();
        own.iter().map(|placed| placed.tail).fold(f32::INFINITY, f32::min)
    };
    let mut start = top;
    let mut taken = 0.0;
    // Until where what left in the chapters before is under way.
    let mut under_way = f32::NEG_INFINITY;
    for (number, chapter) in measures.plan.chapters.iter().enumerate() {
        let y = first(chapter);
        let lands = under_way;
        let own = chapter.units.clone().map(|unit| landed(unit, rows, measures));
        under_way = own.fold(under_way, f32::max);
        let after = rows.knots.partition_point(|(_, knot)| *knot < y - 0.01);
        let before = after.checked_sub(1).and_then(|at| rows.knots.get(at)).map(|(_, knot)| *knot);
        if let Some(before) = before.filter(|before| number > 0 && y - before >= NEAR) {
            let gap = rows.gaps.iter().find(|gap| gap.silent && before < gap.y && gap.y < y);
            let (end, next) = match gap {
                Some(gap) => {
                    let half = silence::HEIGHT / 2.0 + BAND_GAP;
                    (gap.y - half, gap.y + half)
                }
                None => {
                    let edge = y - ((y - before) / 2.0).min(PAD);
                    (edge - BAND_GAP / 2.0, edge + BAND_GAP / 2.0)
                }
            };
            // A band ends when what left in it has come.
            if end - start >= taken && end >= lands {
                rows.bands.push((start, end));
                (start, taken) = (next, 0.0);
            }
        }
        rows.of_chapter.push(rows.bands.len());
        taken += height(number);
    }
    if !measures.plan.chapters.is_empty() {
        let lowest = rows.placed.iter().flat_map(|placed| [placed.tail, placed.head]);
        let strands = rows.knots.last().map(|(_, y)| *y);
        let lowest = lowest.chain(strands).fold(start, f32::max);
        let end = (lowest + PAD + 12.0).max(start + taken).ceil();
        rows.bands.push((start, end));
        rows.end = end;
    }
}

/// Where an arrow has come with all of its frames.
fn landed(index: usize, rows: &Rows, measures: &Measures<'_>) -> f32 {
    let own = rows.placed.get(index).map(|placed| placed.head);
    let strands = measures.strands.get(index).into_iter().flatten();
    let strands = strands.filter(|one| !one.carries_nothing());
    let heads = strands.map(|one| rows.ends((one.from, one.to), (one.sent, one.received)).1);
    heads.chain(own).fold(f32::NEG_INFINITY, f32::max)
}

/// Sentences in the right margin: level with their arrows, or as near as there is room.
fn sentences(rows: &mut Rows, measures: &Measures<'_>) {
    if measures.form.sentences == Sentences::Listed {
        return;
    }
    let Some(&(top, _)) = rows.bands.first() else { return };
    let wanted = |placed: &Placed| (placed.tail - SENTENCE_ABOVE).max(top + EDGE);
    // Those that the ones before would push too far down are left out.
    let (mut told, mut floor, mut left_out) = (Vec::new(), f32::NEG_INFINITY, 0);
    for (index, sentence) in measures.sentences.iter().enumerate() {
        let (Some(sentence), Some(placed)) = (sentence, rows.placed.get_mut(index)) else {
            continue;
        };
        let wish = wanted(placed);
        let y = wish.max(floor);
        if let Some(solved) = placed.solved.as_mut().filter(|_| y - wish > FAR) {
            solved.untold = true;
            left_out += 1;
            continue;
        }
        floor = y + sentence.height() + SENTENCE_GAP;
        told.push((index, sentence.height()));
    }
    let wishes = told.iter().filter_map(|(index, _)| rows.placed.get(*index).map(wanted));
    let heights: Vec<f32> = told.iter().map(|(_, height)| *height).collect();
    let places = nearest(&wishes.collect::<Vec<_>>(), &heights, SENTENCE_GAP, top + EDGE);
    let mut floor = top + EDGE;
    for ((index, height), y) in told.into_iter().zip(places) {
        let y = within(&rows.bands, y.max(floor), (floor, height));
        floor = y + height + SENTENCE_GAP;
        if let Some(placed) = rows.placed.get_mut(index) {
            placed.sentence = y + SENTENCE_ABOVE;
        }
        if let Some((_, end)) = rows.bands.last_mut() {
            *end = end.max((y + height + 12.0).ceil());
            rows.end = *end;
        }
    }
    rows.left_out.1 += left_out;
}

/// From the edge of a band to a sentence.
const EDGE: f32 = 4.0;

/// The place next to `y` at which a sentence stands in one band, and not above a floor; the last
/// band has no end.
fn within(bands: &[(f32, f32)], y: f32, (floor, height): (f32, f32)) -> f32 {
    let mut place = y;
    for (at, (top, end)) in bands.iter().enumerate() {
        let is_last = at + 1 == bands.len();
        if place < *end {
            let lifted = end - EDGE - height;
            if is_last || place <= lifted {
                return place.max(top + EDGE);
            }
            // It would reach over the edge: up or down, whichever is nearer.
            if lifted >= floor.max(top + EDGE) && place - lifted < end - place {
                return lifted;
            }
        }
        place = place.max(*end);
    }
    place
}

/// Titles: beside their arrows in the left margin, or between the lifelines where it is free.
fn titles(rows: &mut Rows, measures: &Measures<'_>, board: &mut Board) {
    let heights: Vec<f32> = measures.titles.iter().map(|title| title.height).collect();
    let mut floor = f32::NEG_INFINITY;
    for (number, chapter) in measures.plan.chapters.iter().enumerate() {
        let band = rows.of_chapter.get(number).copied().unwrap_or_default();
        let (top, end) = rows.bands.get(band).copied().unwrap_or_default();
        let height = heights.get(number).copied().unwrap_or_default();
        let own = rows.placed.get(chapter.units.clone()).unwrap_or_default();
        let first = own.iter().map(|placed| placed.tail).fold(f32::INFINITY, f32::min);
        let first = if number == 0 || first.is_infinite() { top } else { first - PAD };
        let behind = measures.plan.chapters.iter().skip(number + 1);
        let next = behind.filter_map(|chapter| rows.placed.get(chapter.units.clone()));
        let next = next.flatten().map(|placed| placed.tail).filter(|tail| *tail > first);
        if measures.form.titles_above {
            // Beside what comes next it would name that.
            let end = next.fold(end, f32::min);
            let place = measures.titles.get(number).and_then(|title| {
                let mut down = (first.max(top)..end - height).step(4.0);
                down.find(|y| board.is_clear(title.covers(*y, measures.measure)))
            });
            if let (Some(y), Some(title)) = (place, measures.titles.get(number)) {
                board.take(title.covers(y, measures.measure));
            } else if height > 0.0 {
                rows.leave_out(title(measures, number));
            }
            rows.titles.push(place);
            continue;
        }
        // Those that share the band and come after it need their room as well.
        let behind = rows.of_chapter.iter().enumerate().skip(number);
        let rest = behind.take_while(|(_, at)| **at == band).filter_map(|(at, _)| heights.get(at));
        let latest = end - rest.sum::<f32>();
        let y = first.min(latest).max(top).max(floor);
        floor = y + height;
        rows.titles.push(Some(y.round()));
    }
}

/// Titles of scopes: above their first arrows, or as near as it is free.
fn scopes(rows: &mut Rows, measures: &Measures<'_>, board: &mut Board) {
    for above in measures.scopes {
        let tail = rows.placed.get(above.unit).map_or(0.0, |placed| placed.tail);
        let highest = tail - above.title.height - SCOPE_ABOVE;
        let up = (0..SCOPE_TRIES).map(|count| highest - 4.0 * count as f32);
        let down = (1..SCOPE_TRIES).map(|count| highest + 4.0 * count as f32);
        let mut tries = up.zip(down).flat_map(|(up, down)| [up, down]);
        let place = tries.find(|y| board.is_clear(above.title.covers(*y, measures.measure)));
        match place {
            Some(y) => board.take(above.title.covers(y, measures.measure)),
            None => rows.leave_out(above.title.words()),
        }
        rows.scopes.push(place);
    }
}

/// From the title of a scope to its first arrow, and how many places are tried above and below.
const SCOPE_ABOVE: f32 = 12.0;
const SCOPE_TRIES: usize = 24;

/// What a title says, in one line.
fn title(measures: &Measures<'_>, number: usize) -> String {
    measures.titles.get(number).map(margin::Title::words).unwrap_or_default()
}

/// Steps through a stretch of the way down.
trait Steps {
    fn step(self, by: f32) -> impl Iterator<Item = f32>;
}

impl Steps for std::ops::Range<f32> {
    fn step(self, by: f32) -> impl Iterator<Item = f32> {
        let count = ((self.end - self.start) / by).max(0.0) as u32;
        (0..count).map(move |at| self.start + at as f32 * by)
    }
}
