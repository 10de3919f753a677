//! The left margin: what each chapter is and costs, the times, and a bracket per round trip.

use wirestage_dissectors::story::{RoundTrip, Story};

use super::Axis;
use super::columns::{self, Columns, LANE, OUTER};
use super::plan::{Chapter, Plan};
use super::rows::{Placed, Rows};
use super::scale::Scale;
use super::sketch::Sketch;
use super::wording::{self, Clock, counted};
use crate::diagram::geometry::{Align, Rect, at};
use crate::diagram::measure::{elide, wrap};
use crate::diagram::scene::{About, Layer, Shape};
use crate::diagram::style::{Style, Type};

/// How many round trips may stand side by side; more are not bracketed.
const LANES: usize = 3;
/// From one tick of the ruler to the next, at least.
const TICK: f32 = 72.0;

/// A round trip with the lane its bracket stands in.
pub(super) struct Bracket {
    from: usize,
    to: usize,
    lane: usize,
}

/// Gives each round trip a lane of its own for as long as it lasts.
pub(super) fn brackets(trips: &[RoundTrip], plan: &Plan<'_>) -> Vec<Bracket> {
    let mut spans: Vec<(usize, usize)> = trips
        .iter()
        .filter_map(|trip| Some((plan.cover(trip.from)?.0, plan.cover(trip.to)?.1)))
        .filter(|(from, to)| from < to)
        .collect();
    spans.sort_unstable();
    let mut busy: [Option<usize>; LANES] = [None; LANES];
    let place = |(from, to): (usize, usize)| {
        let lane = busy.iter().position(|until| until.is_none_or(|until| until <= from))?;
        if let Some(until) = busy.get_mut(lane) {
            *until = Some(to);
        }
        Some(Bracket { from, to, lane })
    };
    spans.into_iter().filter_map(place).collect()
}

/// How many lanes the brackets take.
pub(super) fn lanes(brackets: &[Bracket]) -> usize {
    brackets.iter().map(|bracket| bracket.lane + 1).max().unwrap_or_default()
}

/// The bands of the chapters with their titles and costs.
pub(super) fn bands(
    sketch: &mut Sketch<'_>,
    story: &Story,
    plan: &Plan<'_>,
    columns: &Columns,
    rows: &Rows,
) {
    for (number, (chapter, (top, end))) in plan.chapters.iter().zip(&rows.bands).enumerate() {
        let about = chapter.beat.map_or(About::Nothing, About::Beat);
        let rect = Rect::sized(OUTER, *top, columns.width - 2.0 * OUTER, end - top);
        let style = if number % 2 == 0 { Style::Band } else { Style::BandAlt };
        let plate = Shape::Plate { rect, radius: 6.0, outline: 0.0, dashed: false };
        sketch.add(plate, style, about, Layer::Ground);

        scopes(sketch, story, plan, chapter, (columns, rows));
        let Some(beat) = chapter.beat.and_then(|id| story.beat(id)) else { continue };
        let mut baseline = top + 28.0;
        let mut say = |sketch: &mut Sketch<'_>, text: &str, font: Type, style: Style, gap: f32| {
            let text = elide(sketch.measure, text, font, columns.title_width).into_owned();
            let origin = at(columns.title, baseline);
            sketch.text(&text, origin, Align::Start, font, (style, about));
            baseline += gap;
        };
        let title = wrap(sketch.measure, &beat.label, Type::Chapter, columns.title_width, 2);
        for (line, text) in title.iter().enumerate() {
            let gap = if line + 1 < title.len() { 18.0 } else { 20.0 };
            say(sketch, text, Type::Chapter, Style::Ink, gap);
        }
        if beat.round_trips > 0 {
            let trips = counted(beat.round_trips, "round trip");
            say(sketch, &trips, Type::Bead, Style::RoundTrip, 16.0);
        }
        if beat.packets > 0 {
            let cost = columns::cost(beat.packets, beat.bytes);
            say(sketch, &cost, Type::Detail, Style::Dim, 16.0);
        }
    }
}

/// The titles of chapters that share a band, each beside its first arrow, as far as there is room.
fn scopes(
    sketch: &mut Sketch<'_>,
    story: &Story,
    plan: &Plan<'_>,
    chapter: &Chapter,
    (columns, rows): (&Columns, &Rows),
) {
    let mut floor = f32::NEG_INFINITY;
    for id in &chapter.scopes {
        let place = plan.cover(*id).and_then(|(first, _)| rows.placed.get(first));
        let (Some(beat), Some(place)) = (story.beat(*id), place) else { continue };
        let baseline = place.tail + Type::Bead.cap_height() / 2.0;
        if baseline < floor {
            continue;
        }
        let whose = beat.track.map(|track| format!("{} · ", track.letter())).unwrap_or_default();
        let title = format!("{whose}{}", beat.label);
        let text = elide(sketch.measure, &title, Type::Bead, columns.title_width).into_owned();
        let origin = at(columns.title, baseline);
        let about = About::Beat(*id);
        sketch.text(&text, origin, Align::Start, Type::Bead, (Style::Ink, about));
        floor = baseline + 16.0;
        if beat.round_trips > 0 && chapter.scopes.len() <= FEW {
            let trips = counted(beat.round_trips, "round trip");
            let origin = at(columns.title, floor);
            sketch.text(&trips, origin, Align::Start, Type::Detail, (Style::RoundTrip, about));
            floor += 16.0;
        }
    }
}

/// Of so many chapters side by side the cost is said with the title.
const FEW: usize = 8;

/// A bracket from the question to its answer, for each round trip.
pub(super) fn round_trips(
    sketch: &mut Sketch<'_>,
    brackets: &[Bracket],
    columns: &Columns,
    rows: &Rows,
) {
    let placed = |index: usize| rows.placed.get(index).copied().unwrap_or_default();
    for bracket in brackets {
        let x = columns.brackets + bracket.lane as f32 * LANE;
        let (top, end) = (placed(bracket.from).tail, placed(bracket.to).head);
        // Brackets that follow each other directly leave a gap between them.
        let (top, end) = (top + 1.0, end - 1.0);
        for line in [
            (at(x, top), at(x, end)),
            (at(x, top), at(x + 6.0, top)),
            (at(x, end), at(x + 6.0, end)),
        ] {
            sketch.line(line, 1.6, false, Style::RoundTrip, About::Nothing);
        }
        let label = "1 RTT";
        let length = sketch.measure.width(label, Type::Number) + 16.0;
        if let Some(middle) = clear_of_edges(&rows.bands, (top, end), length) {
            sketch.upright(label, at(x + 15.0, middle), Type::Number, Style::RoundTrip);
        }
    }
}

/// The middle of the longest stretch of a bracket within one band, where a label of that length
/// fits into it.
fn clear_of_edges(bands: &[(f32, f32)], (top, end): (f32, f32), length: f32) -> Option<f32> {
    let first = bands.partition_point(|band| band.1 <= top);
    bands
        .iter()
        .skip(first)
        .take_while(|band| band.0 < end)
        .map(|band| (band.0.max(top), band.1.min(end)))
        .max_by(|a, b| (a.1 - a.0).total_cmp(&(b.1 - b.0)))
        .filter(|(from, to)| to - from >= length)
        .map(|(from, to)| from.midpoint(to))
}

/// The times: of each arrow where the way down is order, a ruler where it is time.
pub(super) fn times(
    sketch: &mut Sketch<'_>,
    plan: &Plan<'_>,
    columns: &Columns,
    rows: &Rows,
    (axis, clock, scale): (Axis, Clock, Scale),
) {
    if plan.units.is_empty() {
        return;
    }
    let start = columns::start(plan);
    let write = |sketch: &mut Sketch<'_>, text: &str, y: f32, about: About| {
        let origin = at(columns.clock, y + Type::Clock.cap_height() / 2.0);
        sketch.text(text, origin, Align::End, Type::Clock, (Style::Faint, about));
    };
    let slanted = plan.units.iter().any(|unit| unit.received.is_some());
    if axis == Axis::Time && slanted {
        let step = wording::round_step(scale.nanos(TICK).max(clock.finest()));
        let mut last = f32::NEG_INFINITY;
        for pair in rows.knots.windows(2) {
            let [(t0, y0), (t1, y1)] = pair else { continue };
            let (from, to) = (t0.since(start) as f64, t1.since(start) as f64);
            let cut = rows.gaps.iter().any(|gap| *y0 < gap.y && gap.y < *y1);
            if cut || to <= from {
                continue;
            }
            for tick in wording::multiples(step, from..=to) {
                let y = y0 + (y1 - y0) * ((tick - from) / (to - from)) as f32;
                let edge = |(top, end): &(f32, f32)| (y - top).abs().min((y - end).abs()) < 8.0;
                if y - last < 20.0 || rows.bands.iter().any(edge) {
                    continue;
                }
                last = y;
                write(sketch, &clock.round(tick), y, About::Nothing);
            }
        }
    } else {
        for (unit, Placed { tail, .. }) in plan.units.iter().zip(&rows.placed) {
            let time = clock.time(unit.beat.sent.time.since(start));
            write(sketch, &time, *tail, About::Beat(unit.id));
        }
    }
    for gap in &rows.gaps {
        let label = wording::duration(gap.nanos);
        write(sketch, &label, gap.y, About::Nothing);
        let ends = columns.rails.first().zip(columns.rails.last());
        if let (true, Some((first, last))) = (gap.silent, ends) {
            let line = (at(*first, gap.y), at(*last, gap.y));
            sketch.line(line, 1.0, true, Style::Faint, About::Nothing);
        }
    }
}
