//! Lifelines: a thin line per actor, its states as bars along it, a lock where it gains keys.

use wirestage_dissectors::ids::ConnectionId;

use super::columns::{BESIDE, Columns};
use super::messages::of_keys;
use super::placed::{BELOW_KEYS, KEY, LABEL, Placed};
use super::plan::{End, Plan, Unit};
use super::rows::Rows;
use super::sketch::Sketch;
use crate::diagram::geometry::{Align, Point, Rect, at};
use crate::diagram::measure::elide;
use crate::diagram::scene::{About, Layer, Shape};
use crate::diagram::style::{Style, Type};

use wirestage_dissectors::story::{ActorId, Doing};

/// The width of a bar, and from one to the next where connections run side by side.
const BAR: f32 = 7.0;
const BESIDE_BAR: f32 = 8.0;
/// How many connections have bars side by side. More share the outermost: fifty bars would be a
/// wall, and nobody could tell them apart.
const SIDES: usize = 3;
/// The cross where a connection was refused: from the arrow to its centre, and half its size.
pub(super) const CROSS: f32 = 11.0;
const ARM: f32 = 5.0;
/// The mark on a lifeline where a program did something.
const TICK: f32 = 8.0;

/// How far bars reach outwards from the lifeline, beyond the first one.
pub(super) fn outwards(sides: usize) -> f32 {
    sides.saturating_sub(1) as f32 * BESIDE_BAR
}

/// How many bars stand side by side on each lifeline.
pub(super) fn sides(plan: &Plan<'_>) -> Vec<usize> {
    let mut most = vec![0; plan.cast.len()];
    let mut bars = Bars::carried(plan, 0.0);
    for bar in &bars.open {
        if let Some(most) = most.get_mut(bar.column) {
            *most = (*most).max(bar.side + 1);
        }
    }
    for unit in &plan.units {
        for (column, end) in [(unit.from, &unit.tail), (unit.to, &unit.head)] {
            for state in &end.states {
                let side = bars.change(column, state.connection, state.open, 0.0, About::Nothing);
                if let Some(most) = most.get_mut(column).filter(|_| state.open) {
                    *most = (*most).max(side.side + 1);
                }
            }
        }
    }
    most
}

/// A state that lasts.
struct Open {
    column: usize,
    connection: ConnectionId,
    since: f32,
    side: usize,
    about: About,
}

/// The states that last, with the places of their bars.
#[derive(Default)]
struct Bars {
    open: Vec<Open>,
}

/// What a change of state means for the bars.
struct Change {
    side: usize,
    /// The bar that ends.
    ended: Option<Open>,
}

impl Bars {
    /// The bars that last from the page before, and begin at the top of this one.
    fn carried(plan: &Plan<'_>, top: f32) -> Self {
        let mut bars = Self::default();
        for (column, connection, beat) in &plan.carried {
            let _ = bars.change(*column, *connection, true, top, About::Beat(*beat));
        }
        bars
    }

    /// A connection changes its state: its bar ends, and another begins where it goes on.
    fn change(
        &mut self,
        column: usize,
        connection: ConnectionId,
        open: bool,
        y: f32,
        about: About,
    ) -> Change {
        let same = |bar: &Open| (bar.column, bar.connection) == (column, connection);
        let ended = self.open.iter().position(same).map(|at| self.open.swap_remove(at));
        let taken =
            |side: &usize| self.open.iter().any(|bar| (bar.column, bar.side) == (column, *side));
        let free = || (0..SIDES).find(|side| !taken(side)).unwrap_or(SIDES - 1);
        let side = ended.as_ref().map_or_else(free, |bar| bar.side);
        if open {
            self.open.push(Open { column, connection, since: y, side, about });
        }
        Change { side, ended }
    }
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
    let mut bars = Bars::carried(plan, top);
    for (unit, placed) in plan.units.iter().zip(&rows.placed) {
        for (column, other, end, y) in [
            (unit.from, unit.to, &unit.tail, placed.tail),
            (unit.to, unit.from, &unit.head, placed.head),
        ] {
            let about = About::Beat(unit.id);
            for state in &end.states {
                let change = bars.change(column, state.connection, state.open, y, about);
                if let Some(bar) = change.ended {
                    draw_bar(sketch, columns, &bar, y);
                }
            }
            if !columns.form.still {
                let at_tail = std::ptr::eq(end, &raw const unit.tail);
                let places = placed.places(unit, at_tail, columns.inside);
                labels(sketch, columns, (column, other), end, (places, about));
            }
        }
        if unit.refused() && unit.from != unit.to && !unit.folded {
            refusal(sketch, unit, *placed, columns);
        }
    }
    for bar in bars.open {
        draw_bar(sketch, columns, &bar, rows.end);
    }
}

fn draw_bar(sketch: &mut Sketch<'_>, columns: &Columns, bar: &Open, until: f32) {
    let way = if bar.column == 0 { -1.0 } else { 1.0 };
    let x = columns.rail(bar.column) + way * bar.side as f32 * BESIDE_BAR;
    let rect = Rect::sized(x - BAR / 2.0, bar.since, BAR, (until - bar.since).max(BAR));
    let shape = Shape::Plate { rect, radius: 3.0, outline: 1.0, dashed: false };
    sketch.add(shape, Style::Tcp, bar.about, Layer::Bars);
}

/// A cross on the lifeline of who was refused, and on the other's where its connection ends there.
fn refusal(sketch: &mut Sketch<'_>, unit: &Unit<'_>, placed: Placed, columns: &Columns) {
    let about = About::Beat(unit.id);
    let closes = unit.tail.states.iter().any(|state| !state.open);
    let ends = [(unit.from, placed.tail, closes), (unit.to, placed.head, true)];
    for (column, y, _) in ends.into_iter().filter(|(.., marked)| *marked) {
        let centre = at(columns.rail(column), y + placed.further + CROSS);
        sketch.add(Shape::Cross { centre, arm: ARM }, Style::Failure, about, Layer::Front);
    }
}

/// A short line beside a lifeline, where its program did something.
pub(super) fn tick(sketch: &mut Sketch<'_>, from: Point, way: f32, about: About) {
    let shape =
        Shape::Line { from, to: at(from.x + way * TICK, from.y), width: 1.0, dashed: false };
    sketch.add(shape, Style::Dim, about, Layer::Lines);
}

/// The names of states from their first baseline on, and the keys from the centre of the first on.
fn labels(
    sketch: &mut Sketch<'_>,
    columns: &Columns,
    (column, other): (usize, usize),
    end: &End<'_>,
    ((states, keys), about): ((Option<f32>, Option<f32>), About),
) {
    let rail = columns.rail(column);
    let left = columns.labels_left(column, other);
    let (x, width) = columns.label(column, left);
    let align = if left { Align::End } else { Align::Start };
    let name = |sketch: &mut Sketch<'_>, name: &str, baseline: f32, style: Style| {
        let text = elide(sketch.measure, name, Type::State, width).into_owned();
        sketch.text(&text, at(x, baseline), align, Type::State, (style, about));
    };
    let way = if left { -1.0 } else { 1.0 };
    let did = |sketch: &mut Sketch<'_>, doing: &Doing, baseline: f32| {
        let y = baseline - Type::State.cap_height() / 2.0;
        tick(sketch, at(x - way * BESIDE, y), way, about);
        name(sketch, &doing.label, baseline, Style::Dim);
    };
    if let Some(first) = states {
        for (position, doing) in end.before.iter().enumerate() {
            did(sketch, doing, first + position as f32 * LABEL);
        }
        let first = first + end.before.len() as f32 * LABEL;
        for (position, state) in end.states.iter().enumerate() {
            name(sketch, state.name, first + position as f32 * LABEL, Style::Tcp);
        }
    }
    for (position, key) in end.keys.iter().enumerate() {
        let Some(keys) = keys else { continue };
        let style = of_keys(key.protection);
        let centre = at(rail, keys + position as f32 * KEY);
        let disc = Shape::Disc { centre, radius: 7.0, outline: 1.5, hollow: true };
        sketch.add(disc, style, about, Layer::Front);
        let origin = at(centre.x - 3.375, centre.y - 4.6);
        sketch.add(Shape::Lock { origin, scale: 0.75 }, style, about, Layer::Front);
        name(sketch, key.name, centre.y + Type::State.cap_height() / 2.0, style);
    }
    let above = end.keys.len().checked_sub(1).map_or(0.0, |keys| keys as f32 * KEY + BELOW_KEYS);
    let Some(first) = keys.map(|keys| keys + above + Type::State.cap_height() / 2.0) else {
        return;
    };
    for (position, doing) in end.after.iter().enumerate() {
        did(sketch, doing, first + position as f32 * LABEL);
    }
}
