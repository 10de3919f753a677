//! Lifelines: a thin line per actor, its states as bars along it, a lock where it gains keys.

use std::collections::HashMap;

use wirestage_dissectors::ids::ConnectionId;

use super::columns::{BESIDE, Columns};
use super::ends::End;
use super::form::Form;
use super::messages::of_keys;
use super::placed::{BELOW_KEYS, KEY, LABEL, Placed};
use super::plan::{Carried, Plan, Unit};
use super::rows::Rows;
use super::side::Side;
use super::sketch::Sketch;
use crate::diagram::geometry::{Point, Rect, at};
use crate::diagram::measure::elide;
use crate::diagram::scene::{About, Layer, Shape};
use crate::diagram::style::{Style, Type};

use wirestage_dissectors::story::{ActorId, BeatId, Doing, KeyHeld};

/// The width of a bar, and from one to the next where connections run side by side.
const BAR: f32 = 7.0;
const BESIDE_BAR: f32 = 8.0;
/// How many connections have bars on one side of a lifeline, the one on it among them. More share
/// the outermost: fifty bars would be a wall, and nobody could tell them apart.
const SIDES: usize = 3;
/// The cross where a connection was refused: from the arrow to its centre, and half its size.
pub(super) const CROSS: f32 = 11.0;
const ARM: f32 = 5.0;
/// From a bar to the line that leads from the moment since which a key is held to its sign, and
/// from one such line to the next.
const LEADER: f32 = 2.0;
/// The dot at that moment.
const MOMENT: f32 = 3.5;
/// The mark on a lifeline where a program did something.
pub(super) const TICK: f32 = 8.0;

/// How far bars reach to the left and to the right of each lifeline, beyond the one on it.
pub(super) fn reach(plan: &Plan<'_>, form: Form) -> Vec<(f32, f32)> {
    let mut reach = vec![(0.0_f32, 0.0_f32); plan.cast.len()];
    let mut bars = Bars::carried(plan, form, 0.0);
    let mut widen = |column: usize, aside: f32| {
        if let Some((left, right)) = reach.get_mut(column) {
            (*left, *right) = (left.max(-aside), right.max(aside));
        }
    };
    bars.open.iter().for_each(|bar| widen(bar.column, bar.aside()));
    for unit in &plan.units {
        for (column, other, end) in
            [(unit.from, unit.to, &unit.tail), (unit.to, unit.from, &unit.head)]
        {
            for (connection, lasts) in end.bars() {
                let of = (column, other, connection);
                let change = bars.change(of, lasts, 0.0, About::Nothing);
                if lasts {
                    widen(column, change.aside);
                }
            }
        }
    }
    reach
}

/// How far bars reach at the ends of each arrow, on the side that it leaves to or comes from: at
/// its tail, then at its head. What opens or ends there counts.
pub(super) fn reach_of_each(plan: &Plan<'_>, form: Form) -> HashMap<BeatId, (f32, f32)> {
    let mut bars = Bars::carried(plan, form, 0.0);
    let mut found = HashMap::new();
    for unit in &plan.units {
        let before = bars.beside(unit);
        for (column, other, end) in
            [(unit.from, unit.to, &unit.tail), (unit.to, unit.from, &unit.head)]
        {
            for (connection, lasts) in end.bars() {
                let _ = bars.change((column, other, connection), lasts, 0.0, About::Nothing);
            }
        }
        let after = bars.beside(unit);
        found.insert(unit.id, (before.0.max(after.0), before.1.max(after.1)));
    }
    found
}

/// A state that lasts.
struct Open {
    column: usize,
    connection: ConnectionId,
    since: f32,
    /// Which place beside the lifeline it has, and whether on its left.
    side: usize,
    left: bool,
    about: About,
}

impl Open {
    /// From the lifeline to the middle of the bar.
    fn aside(&self) -> f32 {
        let way = if self.left { -1.0 } else { 1.0 };
        way * self.side as f32 * BESIDE_BAR
    }
}

/// The states that last, with the places of their bars.
struct Bars {
    open: Vec<Open>,
    /// The last lifeline.
    last: usize,
    /// How many may stand on one side of a lifeline.
    sides: usize,
}

/// What a change of state means for the bars.
struct Change {
    /// From the lifeline to the middle of the bar.
    aside: f32,
    /// The bar that ends.
    ended: Option<Open>,
}

impl Bars {
    /// The bars that last from before, and begin at the top of this picture.
    fn carried(plan: &Plan<'_>, form: Form, top: f32) -> Self {
        let last = plan.cast.len().saturating_sub(1);
        let sides = if form.crowded { 1 } else { SIDES };
        let mut bars = Self { open: Vec::new(), last, sides };
        for Carried { column, other, connection, since } in plan.carried.iter().copied() {
            let about = since.map_or(About::Nothing, About::Beat);
            let _ = bars.change((column, other, connection), true, top, about);
        }
        bars
    }

    /// A connection changes its state: its bar ends, and another begins where it goes on.
    ///
    /// Bars stand on the outer side of the outermost lifelines. On one between, each stands on the
    /// side of the other end, so that its arrows cross none but bars of their own side.
    fn change(
        &mut self,
        (column, other, connection): (usize, usize, ConnectionId),
        open: bool,
        y: f32,
        about: About,
    ) -> Change {
        let same = |bar: &Open| (bar.column, bar.connection) == (column, connection);
        let ended = self.open.iter().position(same).map(|at| self.open.swap_remove(at));
        let left = column == 0 || (column < self.last && other < column);
        let taken = |side: &usize| {
            let is_there = |bar: &Open| {
                bar.column == column && bar.side == *side && (*side == 0 || bar.left == left)
            };
            self.open.iter().any(is_there)
        };
        let free = || (0..self.sides).find(|side| !taken(side)).unwrap_or(self.sides - 1);
        let side = ended.as_ref().map_or_else(free, |bar| bar.side);
        let left = ended.as_ref().map_or(left, |bar| bar.left);
        let bar = Open { column, connection, since: y, side, left, about };
        let aside = bar.aside();
        if open {
            self.open.push(bar);
        }
        Change { aside, ended }
    }

    /// How far bars reach at the tail of an arrow and at its head, on its side of the lifelines.
    fn beside(&self, unit: &Unit<'_>) -> (f32, f32) {
        let side = Side::towards(unit.from, unit.to);
        let far = |column: usize, side: Side| {
            let own = self.open.iter().filter(|bar| bar.column == column);
            own.map(|bar| side.sign() * bar.aside()).fold(0.0, f32::max)
        };
        (far(unit.from, side), far(unit.to, side.other()))
    }

    /// From a lifeline to the bar of a connection; `None` if that has none.
    fn aside(&self, column: usize, connection: ConnectionId) -> Option<f32> {
        let mut open = self.open.iter();
        open.find(|bar| (bar.column, bar.connection) == (column, connection)).map(Open::aside)
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
    let mut bars = Bars::carried(plan, columns.form, top);
    for (unit, placed) in plan.units.iter().zip(&rows.placed) {
        let connection = unit.badge.and_then(|badge| plan.connection(badge));
        let mut asides = [unit.from, unit.to]
            .map(|column| connection.and_then(|id| bars.aside(column, id)).unwrap_or_default());
        for ((column, other, end, y), aside) in [
            (unit.from, unit.to, &unit.tail, placed.tail),
            (unit.to, unit.from, &unit.head, placed.head),
        ]
        .into_iter()
        .zip(&mut asides)
        {
            let about = About::Beat(unit.id);
            for (connection, lasts) in end.bars() {
                let of = (column, other, connection);
                let change = bars.change(of, lasts, y, about);
                *aside = change.aside;
                if let Some(bar) = change.ended {
                    draw_bar(sketch, plan, columns, &bar, y);
                }
            }
            if !columns.form.is_bare() {
                let at_tail = std::ptr::eq(end, &raw const unit.tail);
                let places = placed.places(unit, at_tail, columns.inside);
                let since = placed.solved.map(|_| y);
                let unnamed = placed.solved.map_or((false, false), |solved| solved.unnamed);
                let named = !if at_tail { unnamed.0 } else { unnamed.1 };
                labels(sketch, columns, (column, other), (end, since, named), (places, about));
            }
        }
        if unit.breaks() && unit.from != unit.to && !unit.folded {
            refusal(sketch, unit, *placed, (columns, asides));
        }
    }
    for bar in bars.open {
        draw_bar(sketch, plan, columns, &bar, rows.end);
    }
}

fn draw_bar(sketch: &mut Sketch<'_>, plan: &Plan<'_>, columns: &Columns, bar: &Open, until: f32) {
    let x = columns.rail(bar.column) + bar.aside();
    let rect = Rect::sized(x - BAR / 2.0, bar.since, BAR, (until - bar.since).max(BAR));
    let shape = Shape::Plate { rect, radius: 3.0, outline: 1.0, dashed: false };
    let track = plan.tracks.get(&bar.connection);
    let style = track.map_or(Style::Tcp, |track| Style::of_track(*track));
    sketch.add(shape, style, bar.about, Layer::Bars);
}

/// A cross on the lifeline of who was refused, and on the other's where its connection ends there;
/// where connections have bars side by side, on that bar.
fn refusal(
    sketch: &mut Sketch<'_>,
    unit: &Unit<'_>,
    placed: Placed,
    (columns, [from, to]): (&Columns, [f32; 2]),
) {
    let about = About::Beat(unit.id);
    let closes = unit.tail.states.iter().any(|state| !state.open);
    let ends = [(unit.from, placed.tail, closes, from), (unit.to, placed.head, true, to)];
    for (column, y, _, aside) in ends.into_iter().filter(|(_, _, marked, _)| *marked) {
        let centre = at(columns.rail(column) + aside, y + placed.further + CROSS);
        sketch.add(Shape::Cross { centre, arm: ARM }, Style::Failure, about, Layer::Front);
    }
}

/// The radius of the sign of a key, and what it takes before a name.
pub(super) const KEY_SIGN: f32 = 7.0;
pub(super) const KEY_ROOM: f32 = 2.0 * KEY_SIGN + 4.0;

/// A short line beside a lifeline, where its program did something.
pub(super) fn tick(sketch: &mut Sketch<'_>, from: Point, way: f32, about: About) {
    let shape =
        Shape::Line { from, to: at(from.x + way * TICK, from.y), width: 1.0, dashed: false };
    sketch.add(shape, Style::Dim, about, Layer::Lines);
}

/// A key that is held: a lock in a ring.
pub(super) fn key_sign(sketch: &mut Sketch<'_>, centre: Point, (style, about): (Style, About)) {
    let disc = Shape::Disc { centre, radius: KEY_SIGN, outline: 1.5, hollow: true };
    sketch.add(disc, style, about, Layer::Front);
    let origin = at(centre.x - 3.375, centre.y - 4.6);
    sketch.add(Shape::Lock { origin, scale: 0.75 }, style, about, Layer::Front);
}

/// The names of states from their first baseline on, and the keys from the centre of the first on.
/// Where time is to scale, signs of keys stand beside the lifeline, and a line leads to each from
/// the moment since which it is held.
fn labels(
    sketch: &mut Sketch<'_>,
    columns: &Columns,
    (column, other): (usize, usize),
    (end, since, named): (&End<'_>, Option<f32>, bool),
    ((states, keys), about): ((Option<f32>, Option<f32>), About),
) {
    let rail = columns.rail(column);
    let side = columns.label_side(column, other);
    let (x, width) = columns.label(column, side);
    let way = side.sign();
    let name_at =
        |sketch: &mut Sketch<'_>, (name, away): (&str, f32), baseline: f32, style: Style| {
            let text = elide(sketch.measure, name, Type::State, width - away).into_owned();
            let origin = at(x + way * away, baseline);
            sketch.text(&text, origin, side.align(), Type::State, (style, about));
        };
    let name = |sketch: &mut Sketch<'_>, name: &str, baseline: f32, style: Style| {
        name_at(sketch, (name, 0.0), baseline, style);
    };
    let did = |sketch: &mut Sketch<'_>, doing: &Doing, baseline: f32| {
        let y = baseline - Type::State.cap_height() / 2.0;
        tick(sketch, at(x - way * BESIDE, y), way, about);
        name(sketch, &doing.beside, baseline, Style::Dim);
    };
    let mut led = 0.0;
    let mut held = |sketch: &mut Sketch<'_>, key: &KeyHeld, centre: Point| {
        let style = of_keys(key.protection);
        let mut away = 0.0;
        let mut centre = centre;
        if let Some(since) = since {
            let edge = columns.edge(column, side);
            let corner = edge + way * (LEADER + led);
            centre.x = x + way * KEY_SIGN;
            away = KEY_ROOM;
            let turn = at(corner, centre.y);
            for line in [
                (at(rail, since), at(corner, since)),
                (at(corner, since), turn),
                (turn, at(x, centre.y)),
            ] {
                sketch.line(line, 1.2, false, style, about);
            }
            if led == 0.0 {
                let centre = at(rail, since);
                let dot = Shape::Disc { centre, radius: MOMENT, outline: 1.5, hollow: false };
                sketch.add(dot, style, about, Layer::Front);
            }
            led += LEADER;
        }
        key_sign(sketch, centre, (style, about));
        if named {
            let baseline = centre.y + Type::State.cap_height() / 2.0;
            name_at(sketch, (key.name, away), baseline, style);
        }
    };
    if let Some(first) = states {
        if let Some(idle) = &end.idle {
            name(sketch, idle, first, Style::Dim);
        }
        let first = first + if end.idle.is_some() { LABEL } else { 0.0 };
        for (position, key) in end.ready.iter().enumerate() {
            let baseline = first + position as f32 * LABEL;
            held(sketch, key, at(rail, baseline - Type::State.cap_height() / 2.0));
        }
        let first = first + end.ready.len() as f32 * LABEL;
        for (position, doing) in end.before.iter().enumerate() {
            did(sketch, doing, first + position as f32 * LABEL);
        }
        let first = first + end.before.len() as f32 * LABEL;
        for (position, state) in end.states.iter().enumerate() {
            let style = state.track.map_or(Style::Tcp, Style::of_track);
            name(sketch, &state.words, first + position as f32 * LABEL, style);
        }
    }
    for (position, key) in end.keys.iter().enumerate() {
        let Some(keys) = keys else { continue };
        held(sketch, key, at(rail, keys + position as f32 * KEY));
    }
    let above = end.keys.len().checked_sub(1).map_or(0.0, |keys| keys as f32 * KEY + BELOW_KEYS);
    let keys = keys.filter(|_| named);
    let Some(first) = keys.map(|keys| keys + above + Type::State.cap_height() / 2.0) else {
        return;
    };
    for (position, doing) in end.after.iter().enumerate() {
        did(sketch, doing, first + position as f32 * LABEL);
    }
}
