//! Amounts over time: what is under way, how long round trips take, how much the receiver can take.

use wirestage_dissectors::course::{Carrier, Course, Sample, What};

use super::lines::{Curve, Stroke};
use super::marks::{Mark, Marks};
use super::scale::Scale;
use super::spots::{Said, Spots};
use crate::diagram::geometry::at;
use crate::diagram::scene::{About, Layer, Shape};
use crate::diagram::sheet::Sheet;
use crate::diagram::style::Style;

/// The line of what is under way.
pub(super) const UNDER_WAY: Stroke = Stroke { style: Style::Flow, width: 1.5, layer: Layer::Lines };

/// The line of the receiver's window.
pub(super) const WINDOW: Stroke = Stroke { style: Style::Tcp, width: 2.0, layer: Layer::Raised };

/// The line of the most in each round trip.
pub(super) const ROUNDS: Stroke =
    Stroke { style: Style::RoundTrip, width: 2.0, layer: Layer::Raised };

/// What is under way, the most of it in each round trip, and where something was lost or sent
/// again.
pub(super) fn flight(
    sheet: &mut Sheet<'_>,
    course: &Course,
    scale: &Scale,
    (marks, spots): (&mut Marks, &mut Spots),
) {
    let curve = Curve::of(scale, samples(course, &course.flight)).after(0.0);
    curve.fill(sheet, scale, Style::Rail);
    curve.draw(sheet, scale, UNDER_WAY);
    let rounds = rounds(course);
    // Behind the last one it is what is left.
    let last = course.flight.last().filter(|_| !rounds.is_empty());
    let most =
        samples(course, &rounds).chain(samples(course, last.map_or(&[], std::slice::from_ref)));
    Curve::of(scale, most).draw(sheet, scale, ROUNDS);
    for one in &course.flight {
        let place = (course.since_start(one.time), one.value as f64);
        spots.add(scale, place, (one.frame, Said::Flight(one.value)));
    }
    let mut under_way = course.flight.iter().peekable();
    let mut value = 0;
    for sent in &course.sent {
        while let Some(one) = under_way.next_if(|one| one.frame <= sent.frame) {
            value = one.value;
        }
        let place = (course.since_start(sent.time), value as f64);
        Mark::of_sent(sent).for_each(|mark| marks.add(scale, mark, place));
    }
}

/// The most in each round trip, where there are several: QUIC says how many bytes came, and not up
/// to where.
pub(super) fn rounds(course: &Course) -> Vec<Sample> {
    let rounds = if course.carrier == Carrier::Tcp { course.rounds() } else { Vec::new() };
    if rounds.len() > 1 { rounds } else { Vec::new() }
}

/// Round trips: a dot each, or where a column of pixels has many, a line from the shortest to the
/// longest.
pub(super) fn trips(sheet: &mut Sheet<'_>, course: &Course, scale: &Scale, spots: &mut Spots) {
    /// So many dots of one column are told apart.
    const APART: usize = 6;
    let mut own: Vec<(i64, &Sample)> = course
        .trips
        .iter()
        .map(|one| (course.since_start(one.time), one))
        .filter(|(nanos, _)| scale.shows(*nanos))
        .collect();
    own.sort_by_key(|(nanos, _)| *nanos);
    for column in own.chunk_by(|a, b| scale.column(a.0) == scale.column(b.0)) {
        let Some((nanos, _)) = column.first() else { continue };
        let values = || column.iter().map(|(_, one)| one.value as f64);
        if column.len() > APART {
            let most = values().fold(0.0, f64::max);
            let least = values().fold(most, f64::min);
            let x = scale.x(*nanos);
            let (from, to) = (at(x, scale.y(most)), at(x, scale.y(least) + 2.0));
            let line = Shape::Line { from, to, width: 2.0, dashed: false };
            sheet.add(line, Style::RoundTrip, About::Nothing, Layer::Lines);
        } else {
            for value in values() {
                dot(sheet, (scale.x(*nanos), scale.y(value)));
            }
        }
        for (nanos, one) in column {
            let place = (*nanos, one.value as f64);
            spots.add(scale, place, (one.frame, Said::Trip(one.value)));
        }
    }
    if let Some(shortest) = course.trips.iter().map(|one| one.value).min() {
        let y = scale.y(shortest as f64);
        let (from, to) = (at(scale.area.left, y), at(scale.area.right, y));
        let line = Shape::Line { from, to, width: 1.0, dashed: true };
        sheet.add(line, Style::RoundTrip, About::Nothing, Layer::Rails);
    }
}

/// A round trip.
pub(super) fn dot(sheet: &mut Sheet<'_>, (x, y): (f32, f32)) {
    let disc = Shape::Disc { centre: at(x, y), radius: 1.5, outline: 3.0, hollow: false };
    sheet.add(disc, Style::RoundTrip, About::Nothing, Layer::Raised);
}

/// What the receiver can take, and what of it is under way.
pub(super) fn window(
    sheet: &mut Sheet<'_>,
    course: &Course,
    scale: &Scale,
    (marks, spots): (&mut Marks, &mut Spots),
) {
    let curve = Curve::of(scale, samples(course, &course.flight)).after(0.0);
    curve.fill(sheet, scale, Style::Rail);
    curve.draw(sheet, scale, Stroke { width: 1.0, ..UNDER_WAY });
    let windows = course.heard.iter().filter_map(|one| Some((one, one.window?)));
    for (heard, window) in windows.clone() {
        let place = (course.since_start(heard.time), window as f64);
        if let Some(mark @ Mark::Full) = Mark::of_heard(heard.says) {
            marks.add(scale, mark, place);
        }
        spots.add(scale, place, (heard.frame, Said::Window(window)));
    }
    let windows = windows.map(|(one, window)| (course.since_start(one.time), window as f64));
    Curve::of(scale, windows).draw(sheet, scale, WINDOW);
    for sent in &course.sent {
        // Above the answer that comes at once.
        if sent.what == What::Probe {
            marks.above(scale, Mark::Probe, (course.since_start(sent.time), 0.0));
        }
    }
}

fn samples<'a>(
    course: &'a Course,
    samples: &'a [Sample],
) -> impl Iterator<Item = (i64, f64)> + use<'a> {
    samples.iter().map(|one| (course.since_start(one.time), one.value as f64))
}
