//! The ladders: bars, lifelines, arrows with their beads, and the brackets of round trips.

use super::columns::Columns;
use super::plan::{Arrow, Ladder, Speaks, Trip};
use super::scale::{Scale, lines, middles};
use super::stairs::mark;
use super::{Block, about, bead, line};
use crate::diagram::geometry::{Align, Point, Rect, at};
use crate::diagram::scene::{About, Layer, Shape};
use crate::diagram::sheet::Sheet;
use crate::diagram::style::{Style, Type};

/// What the figure below a bar takes.
const FIGURE: f32 = 52.0;
/// How long and how wide the head of an arrow is.
const HEAD: f32 = 9.0;
const HEAD_HALF: f32 = 4.0;
/// From a bead to the lifelines.
const OFF: f32 = 8.0;
/// The same where the arrow is level, from its tail and from its head.
const NEAR: f32 = 4.0;
/// Where the bracket of a round trip stands in its bar, and how long its ends are.
const BRACKET: f32 = 8.0;
const TICK: f32 = 5.0;

/// Draws the ladders of a block below `top`; returns where each ends, its figure included.
pub(super) fn draw(
    sheet: &mut Sheet<'_>,
    block: &Block<'_>,
    (columns, scale): (&Columns, &Scale),
    top: f32,
) -> Vec<f32> {
    let mut ends = Vec::new();
    for (at, way, ladder) in block.all() {
        let end = top + scale.height(at, ladder);
        bar(sheet, (at, ladder), (columns, scale), (top, end));
        // Where the beads of each side end, if arrows are so near that they would lie on each
        // other.
        let mut free = ladder.apart.map(|_| [top; 2]);
        for (number, arrow) in ladder.arrows.iter().enumerate() {
            let (from, to) = scale.arrow(at, ladder, number);
            // What was lost would have taken as long as the others.
            let fall = if arrow.received.is_none() { scale.at(ladder.way()) } else { 0.0 };
            let to = to + fall;
            let span = (top + from, top + to);
            if scale.is_time() {
                let free =
                    free.as_mut().map(|[back, forth]| if arrow.forward { forth } else { back });
                slanted(sheet, (at, arrow), columns, span, free);
            } else {
                level(sheet, (at, arrow), columns, span.0);
            }
        }
        for (from, to) in scale.gaps(at, ladder) {
            gap(sheet, at, columns, (top + from, top + to));
        }
        if scale.is_time() {
            let place = |nanos: i64| top + scale.at(nanos);
            for trip in &ladder.trips {
                bracket(sheet, (at, trip), columns, (place(trip.from), place(trip.to)));
            }
        }
        if way.ledger.is_some() {
            let words = wirestage_dissectors::wording::duration(ladder.end);
            let origin = self::at(columns.middle(at), end + 44.0);
            let font = (words.as_str(), Type::Display);
            sheet.text(font, origin, Align::Middle, Style::Ink, about(at));
        }
        ends.push(end + FIGURE);
    }
    ends
}

/// The bar: grey until the request leaves, green until the first byte of the answer.
fn bar(
    sheet: &mut Sheet<'_>,
    (way, ladder): (usize, &Ladder),
    (columns, scale): (&Columns, &Scale),
    (top, end): (f32, f32),
) {
    let (left, right) = columns.bar(way);
    let asked = scale.asked(way, ladder).map_or(end, |asked| (top + asked).min(end));
    let mut part = |from: f32, to: f32, style: Style| {
        if to > from {
            let rect = Rect { left, top: from, right, bottom: to };
            sheet.plate(rect, 0.0, style, about(way), Layer::Ground);
        }
    };
    part(top, asked, Style::Band);
    part(asked, end, Style::Answer);
    let (client, server) = columns.rails(way);
    for x in [client, server] {
        sheet.add(line((x, top), (x, end), 1.5), Style::Rail, About::Nothing, Layer::Rails);
    }
    let names = [(client, "Client"), (server, "Server")];
    for (x, name) in names {
        let origin = at(x, top - 12.0);
        sheet.text((name, Type::State), origin, Align::Middle, Style::Dim, About::Nothing);
    }
}

/// An arrow between two heights, its beads stacked along it.
fn slanted(
    sheet: &mut Sheet<'_>,
    (way, arrow): (usize, &Arrow),
    columns: &Columns,
    (from, to): (f32, f32),
    mut free: Option<&mut f32>,
) {
    let (client, server) = columns.rails(way);
    let (tail, tip) = if arrow.forward { (client, server) } else { (server, client) };
    let (tail, tip) = (at(tail, from), at(tip, to));
    stroke(sheet, (tail, tip), arrow, about(way));
    let (low, high) = (client + OFF, server - OFF);
    for (bead, middle) in arrow.beads.iter().zip(middles(arrow.beads.len(), (from, to))) {
        // Further along its arrow, where another bead lies in the middle.
        let middle = match &mut free {
            Some(free) => {
                let middle = middle.max(**free + bead::HEIGHT / 2.0);
                **free = middle + bead::HEIGHT / 2.0 + NEAR;
                middle
            }
            None => middle,
        };
        let words = bead::words(bead, high - low, sheet.measure);
        let width = bead::width(bead, &words, sheet.measure);
        let share = (middle - from) / (to - from).max(1.0);
        let x = tail
            .towards(tip, share)
            .x
            .clamp(low + width / 2.0, (high - width / 2.0).max(low + width / 2.0));
        let rect = Rect::around(at(x, middle), width, bead::HEIGHT);
        bead::draw(sheet, (bead, &words), rect, about(way));
    }
}

/// An arrow that is level: one line for each of its beads.
fn level(sheet: &mut Sheet<'_>, (way, arrow): (usize, &Arrow), columns: &Columns, top: f32) {
    let (client, server) = columns.rails(way);
    let (tail, tip) = if arrow.forward { (client, server) } else { (server, client) };
    // Its head is seen, and a piece of its line.
    let (low, high) = if arrow.forward {
        (client + NEAR, server - NEAR - HEAD)
    } else {
        (client + NEAR + HEAD, server - NEAR)
    };
    for (y, bead) in lines(arrow.beads.len(), top).into_iter().zip(&arrow.beads) {
        stroke(sheet, (at(tail, y), at(tip, y)), arrow, about(way));
        match bead.speaks {
            Some(Speaks::Asks) => mark(sheet, at(client, y), Style::RoundTrip),
            Some(Speaks::Answers) => mark(sheet, at(client, y), Style::Application),
            None => {}
        }
        let words = bead::words(bead, high - low, sheet.measure);
        let width = bead::width(bead, &words, sheet.measure);
        let rect = Rect::around(at(low.midpoint(high), y), width, bead::HEIGHT);
        bead::draw(sheet, (bead, &words), rect, about(way));
    }
}

/// A step that others have and this one does without.
fn gap(sheet: &mut Sheet<'_>, way: usize, columns: &Columns, (from, to): (f32, f32)) {
    let (client, server) = columns.rails(way);
    let middle = from.midpoint(to);
    let rect = Rect {
        left: client + OFF,
        top: middle - bead::HEIGHT / 2.0,
        right: server - OFF,
        bottom: middle + bead::HEIGHT / 2.0,
    };
    let plate = Shape::Plate { rect, radius: 5.0, outline: 1.0, dashed: true };
    sheet.add(plate, Style::BandAlt, about(way), Layer::Front);
    let origin = at(rect.centre().x, middle + Type::Detail.cap_height() / 2.0);
    sheet.text(("does without", Type::Detail), origin, Align::Middle, Style::Dim, about(way));
}

/// The line with its head; half of it and a cross where it never came.
fn stroke(sheet: &mut Sheet<'_>, (tail, tip): (Point, Point), arrow: &Arrow, about: About) {
    if arrow.received.is_none() {
        // Short of the beads that others have in their middle; below its own.
        let half = match arrow.beads.is_empty() {
            true => tail.towards(tip, 0.25),
            false => tail.towards(at(tip.x, tip.y.max(tail.y + 30.0)), 0.5),
        };
        sheet.add(
            Shape::Line { from: tail, to: half, width: 1.5, dashed: true },
            Style::Failure,
            about,
            Layer::Lines,
        );
        sheet.add(Shape::Cross { centre: half, arm: 4.0 }, Style::Failure, about, Layer::Lines);
        return;
    }
    let long = (tip.x - tail.x).hypot(tip.y - tail.y).max(1.0);
    let neck = tip.towards(tail, HEAD / long);
    sheet.add(
        Shape::Line { from: tail, to: neck, width: 1.5, dashed: false },
        Style::Flow,
        about,
        Layer::Lines,
    );
    let (across, down) = ((tip.x - tail.x) / long, (tip.y - tail.y) / long);
    let side = |sign: f32| at(neck.x - sign * down * HEAD_HALF, neck.y + sign * across * HEAD_HALF);
    sheet.add(Shape::Head([tip, side(1.0), side(-1.0)]), Style::Flow, about, Layer::Lines);
}

/// The bracket of a round trip, with its number.
fn bracket(
    sheet: &mut Sheet<'_>,
    (way, trip): (usize, &Trip),
    columns: &Columns,
    (from, to): (f32, f32),
) {
    let (left, _) = columns.bar(way);
    let (client, _) = columns.rails(way);
    let style = if trip.before { Style::RoundTrip } else { Style::Application };
    let (x, from, to) = (left + BRACKET, from + 2.0, to - 2.0);
    for (a, b) in [((x, from), (x, to)), ((x, from), (x + TICK, from)), ((x, to), (x + TICK, to))] {
        sheet.add(line(a, b, 1.5), style, About::Nothing, Layer::Lines);
    }
    let middle = from.midpoint(to) + Type::Number.cap_height() / 2.0;
    let origin = at(x.midpoint(client), middle);
    sheet.text((&trip.label, Type::Number), origin, Align::Middle, style, About::Nothing);
}
