//! Lifelines: a thin line per actor, its states as bars along it, a lock where it gains keys.

use wirestage_dissectors::ids::ConnectionId;

use super::columns::{BESIDE, Columns};
use super::plan::{End, Plan, of_keys};
use super::rows::{FIRST_KEY, KEY, LABEL, Rows};
use super::sketch::Sketch;
use crate::diagram::geometry::{Align, Rect, at};
use crate::diagram::measure::elide;
use crate::diagram::scene::{About, Layer, Shape};
use crate::diagram::style::{Style, Type};

use wirestage_dissectors::story::ActorId;

/// The width of a bar, and from one to the next where connections run side by side.
const BAR: f32 = 7.0;
const BESIDE_BAR: f32 = 8.0;
/// How many connections have bars side by side.
const SIDES: usize = 3;

/// A state that lasts.
struct Open {
    column: usize,
    connection: ConnectionId,
    since: f32,
    side: usize,
    about: About,
}

/// Draws the lifelines down to `end`, with all that happens along them.
pub(super) fn draw(
    sketch: &mut Sketch<'_>,
    plan: &Plan<'_>,
    columns: &Columns,
    rows: &Rows,
    (top, end): (f32, f32),
) {
    for (actor, x) in plan.cast.iter().zip(&columns.rails) {
        let (from, to) = (at(*x, top), at(*x, end));
        let shape = Shape::Line { from, to, width: 1.5, dashed: false };
        sketch.add(shape, Style::Rail, About::Actor(ActorId(*actor as u16)), Layer::Rails);
    }
    let mut open: Vec<Open> = Vec::new();
    for (unit, placed) in plan.units.iter().zip(&rows.placed) {
        for (column, other, end, y) in [
            (unit.from, unit.to, &unit.tail, placed.tail),
            (unit.to, unit.from, &unit.head, placed.head),
        ] {
            let about = About::Beat(unit.id);
            for state in &end.states {
                let same = |bar: &Open| (bar.column, bar.connection) == (column, state.connection);
                let before = open.iter().position(same).map(|at| open.swap_remove(at));
                let side = before.as_ref().map(|bar| bar.side);
                if let Some(bar) = before {
                    draw_bar(sketch, columns, &bar, y);
                }
                if state.open {
                    let taken = |side: &usize| {
                        open.iter().any(|bar| (bar.column, bar.side) == (column, *side))
                    };
                    let free = || (0..SIDES).find(|side| !taken(side)).unwrap_or_default();
                    let side = side.unwrap_or_else(free);
                    let connection = state.connection;
                    open.push(Open { column, connection, since: y, side, about });
                }
            }
            labels(sketch, columns, (column, other), end, (y, about));
        }
    }
    for bar in open {
        draw_bar(sketch, columns, &bar, rows.end);
    }
}

fn draw_bar(sketch: &mut Sketch<'_>, columns: &Columns, bar: &Open, until: f32) {
    let outwards = if bar.column == 0 { -1.0 } else { 1.0 };
    let x = columns.rail(bar.column) + outwards * bar.side as f32 * BESIDE_BAR;
    let rect = Rect::sized(x - BAR / 2.0, bar.since, BAR, (until - bar.since).max(BAR));
    let shape = Shape::Plate { rect, radius: 3.0, outline: 1.0, dashed: false };
    sketch.add(shape, Style::Tcp, bar.about, Layer::Bars);
}

/// The names of states above the end of an arrow, and the keys below it.
fn labels(
    sketch: &mut Sketch<'_>,
    columns: &Columns,
    (column, other): (usize, usize),
    end: &End<'_>,
    (y, about): (f32, About),
) {
    let rail = columns.rail(column);
    let left = columns.labels_left(column, other);
    let (x, align) = if left { (rail - BESIDE, Align::End) } else { (rail + BESIDE, Align::Start) };
    let width = columns.label_width(column, left);
    let name = |sketch: &mut Sketch<'_>, name: &str, baseline: f32, style: Style| {
        let text = elide(sketch.measure, name, Type::State, width).into_owned();
        sketch.text(&text, at(x, baseline), align, Type::State, (style, about));
    };
    let count = end.states.len();
    for (position, state) in end.states.iter().enumerate() {
        let above = (count - 1 - position) as f32 * LABEL;
        name(sketch, state.name, y - 8.0 - above, Style::Tcp);
    }
    for (position, key) in end.keys.iter().enumerate() {
        let style = of_keys(key.protection);
        let centre = at(rail, y + FIRST_KEY + position as f32 * KEY);
        let disc = Shape::Disc { centre, radius: 7.0, outline: 1.5, hollow: true };
        sketch.add(disc, style, about, Layer::Front);
        let origin = at(centre.x - 3.375, centre.y - 4.6);
        sketch.add(Shape::Lock { origin, scale: 0.75 }, style, about, Layer::Front);
        name(sketch, key.name, centre.y + Type::State.cap_height() / 2.0, style);
    }
}
