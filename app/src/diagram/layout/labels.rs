//! Free places for what stands on and beside arrows that must not move: numbers, states and keys,
//! with beads between them.

use std::collections::HashMap;

use super::board::Board;
use super::bundles::Bundles;
use super::columns::Columns;
use super::placed::{KEY, LABEL, Measures};
use super::plan::Unit;
use super::rows::Rows;
use super::side::Side;
use super::{arrows, badge, beads, fitting, lifelines, silence, sketch, strands};
use crate::diagram::geometry::{Point, Rect, at};
use crate::diagram::style::Type;

use wirestage_dissectors::story::KeyHeld;

/// From one place that is tried to the next, along an arrow and beside a lifeline.
const ALONG: f32 = 8.0;
const BESIDE_STEP: f32 = 4.0;
/// How far a state or a key may stand from where it would.
const REACH: f32 = 72.0;
/// How much of an arrow its number may be away from its tail.
const AWAY: f32 = 0.45;
/// The same where it is lost, and ends at its cross.
const AWAY_LOST: f32 = 0.3;
/// The same of one of many that all but coincide: their beads say the numbers, too, and that of a
/// lost one stands between the numbers and its cross.
const AWAY_AMONG: f32 = 0.2;
/// How many others are many.
const MANY: usize = 5;
/// Half the room that the sign of a key takes.
const SIGN: f32 = 8.0;
/// Half the room that a disc takes, and that a cross or a head does.
pub(super) const DISC: f32 = 10.0;
const TIP: f32 = 7.0;
/// The stretch of line that shows before a head.
pub(super) const BEFORE_HEAD: f32 = 22.0;

/// Places the labels of all arrows; what finds no room is left out.
pub(super) fn place(rows: &mut Rows, measures: &Measures<'_>, board: &mut Board) {
    let columns = measures.columns;
    silences(rows, columns, board);
    for (index, unit) in measures.plan.units.iter().enumerate() {
        let Some((tail, head)) = ends(rows, index, unit, columns) else { continue };
        if unit.from == unit.to {
            let far = at(looped_far(unit, columns), tail.y);
            for (from, to) in [
                (at(tail.x, tail.y), far),
                (far, at(far.x, head.y)),
                (at(far.x, head.y), at(head.x, head.y)),
            ] {
                board.line(from, to);
            }
            board.take(before_head(at(far.x, head.y), head));
        } else {
            board.line(tail, head);
            let cut = strands::cut(unit, columns, measures.measure);
            let tip = if unit.lost() { tail.towards(head, cut) } else { head };
            board.take(Rect::around(tip, 2.0 * TIP, 2.0 * TIP));
            board.take(before_head(tail, head));
        }
        if unit.breaks() {
            board.take(Rect::around(at(tail.x, tail.y + 11.0), 24.0, 12.0));
            board.take(Rect::around(at(head.x, head.y + 11.0), 24.0, 12.0));
        }
    }
    let strands = measures.plan.units.iter().zip(measures.strands);
    let strands = strands.flat_map(|(unit, own)| own.iter().map(move |strand| (unit, strand)));
    for (unit, strand) in strands {
        let (tail, head) = strand.ends(columns, rows);
        board.line(tail, head);
        let cut = || strands::cut(unit, columns, measures.measure);
        let tip = if strand.lost { tail.towards(head, cut()) } else { head };
        board.take(Rect::around(tip, 2.0 * TIP, 2.0 * TIP));
        if !strand.lost {
            board.take(before_head(tail, head));
        }
    }
    for tie in measures.ties {
        tie.lines(columns, rows).into_iter().for_each(|(from, to)| board.line(from, to));
    }
    let bundles = Bundles::new(rows, measures);
    for (index, unit) in measures.plan.units.iter().enumerate() {
        let (before, behind) = bundles.others(index);
        let is_many = before.len() + behind.len() >= MANY;
        let reach = if is_many {
            AWAY_AMONG
        } else if unit.lost() {
            AWAY_LOST
        } else {
            AWAY
        };
        number(rows, (index, unit), (bundles.member(index).lift, reach), measures, board);
    }
    super::tags::place_lost(rows, measures, &bundles, board);
    fitting::place(rows, measures, &bundles, board);
    super::tags::place(rows, measures, &bundles, board);
    let mut read = Read::default();
    for (index, unit, at_tail) in in_time(rows, measures) {
        beside(rows, (index, unit, at_tail), measures, (board, &mut read));
    }
    super::ties::place(rows, measures, board);
    super::arrivals::place(rows, measures, board);
}

/// Both ends of all arrows, from the highest on: what changes there is placed in the order of time.
fn in_time<'m>(rows: &Rows, measures: &Measures<'m>) -> Vec<(usize, &'m Unit<'m>, bool)> {
    let units = measures.plan.units.iter().enumerate();
    let ends = units.flat_map(|(index, unit)| [(index, unit, true), (index, unit, false)]);
    let height = |(index, _, at_tail): &(usize, &Unit<'_>, bool)| {
        rows.placed.get(*index).map_or(0.0, |it| if *at_tail { it.tail } else { it.head })
    };
    let mut ends: Vec<_> = ends.collect();
    ends.sort_by(|one, other| height(one).total_cmp(&height(other)));
    ends
}

/// How low the last label stands on either side of each lifeline, by its column: what happens later
/// is read below it.
type Read = HashMap<(usize, Side), f32>;

/// The places beside a lifeline that are tried, from the nearest on.
pub(super) fn nearest(first: f32) -> impl Iterator<Item = f32> {
    let offsets = (0..).map(|count| count as f32 * BESIDE_STEP).take_while(|by| *by <= REACH);
    offsets.flat_map(move |by| [first + by, first - by])
}

/// The stretch of line that shows before a head.
fn before_head(tail: Point, head: Point) -> Rect {
    let length = (head.x - tail.x).hypot(head.y - tail.y).max(BEFORE_HEAD);
    // No narrower than the head itself.
    Rect::spanning(head.towards(tail, BEFORE_HEAD / length), head).grown(arrows::HEAD.1 + 0.5)
}

/// The far side of a message to oneself.
fn looped_far(unit: &Unit<'_>, columns: &Columns) -> f32 {
    let side = beads::loop_side(unit.from, columns);
    columns.edge(unit.from, side) + side.sign() * beads::LOOP
}

/// The gaps across the lifelines.
fn silences(rows: &Rows, columns: &Columns, board: &mut Board) {
    for gap in rows.gaps.iter().filter(|gap| gap.silent) {
        let top = gap.y - silence::HEIGHT / 2.0 - 1.0;
        board.take(Rect::sized(columns.brackets, top, columns.width, silence::HEIGHT + 2.0));
    }
}

pub(super) fn ends(
    rows: &Rows,
    index: usize,
    unit: &Unit<'_>,
    columns: &Columns,
) -> Option<(Point, Point)> {
    let placed = rows.placed.get(index)?;
    let (from, to) = columns.ends(unit);
    Some((at(from, placed.tail), at(to, placed.head)))
}

/// The number of an arrow: a sentence without its arrow says nothing, so numbers come before all
/// else.
fn number(
    rows: &mut Rows,
    (index, unit): (usize, &Unit<'_>),
    (lift, reach): (f32, f32),
    measures: &Measures<'_>,
    board: &mut Board,
) {
    let columns = measures.columns;
    let Some((tail, head)) = ends(rows, index, unit, columns) else { return };
    if unit.from == unit.to {
        return;
    }
    let number = sketch::number_width(&unit.number, unit.quiet, measures.measure);
    let far = (head.x - tail.x).abs().max(1.0);
    let on_line = |x: f32| tail.towards(head, (x - tail.x) / (head.x - tail.x)).y + lift;
    let way = (head.x - tail.x).signum();
    let near = columns.before_number + number / 2.0;
    let reach = far * reach;
    let disc = |shift: f32| {
        let x = tail.x + way * (near + shift);
        let disc = Rect::around(at(x, on_line(x)), number + 2.0, 2.0 * DISC);
        // The letter of its connection stands behind it.
        unit.badge.map_or(disc, |track| {
            let away = badge::away(track, number, measures.measure);
            let x = x + way * away;
            disc.union(Rect::around(at(x, on_line(x)), 2.0 * away - number, 2.0 * DISC + 4.0))
        })
    };
    let tries = (0..).map(|count| count as f32 * ALONG).take_while(|by| near + by < reach);
    let shift = tries.into_iter().find(|by| board.is_free(disc(*by)));
    match shift {
        Some(shift) => board.take(disc(shift)),
        None => rows.leave_out(format!("number {}", unit.number)),
    }
    if let Some(solved) = rows.placed.get_mut(index).and_then(|placed| placed.solved.as_mut()) {
        (solved.number, solved.lift) = (shift, lift);
    }
}

/// The states and the keys at one end of an arrow.
fn beside(
    rows: &mut Rows,
    (index, unit, at_tail): (usize, &Unit<'_>, bool),
    measures: &Measures<'_>,
    (board, read): (&mut Board, &mut Read),
) {
    let columns = measures.columns;
    let Some(placed) = rows.placed.get(index).copied() else { return };
    let (end, y) = if at_tail { (&unit.tail, placed.tail) } else { (&unit.head, placed.head) };
    if !end.gains() || columns.form.crowded {
        return;
    }
    let (column, other) = if at_tail { (unit.from, unit.to) } else { (unit.to, unit.from) };
    let side = columns.label_side(column, other);
    let (x, _) = columns.label(column, side);
    let widest = |names: &mut dyn Iterator<Item = &str>| {
        names.map(|name| measures.measure.width(name, Type::State)).fold(0.0, f32::max)
    };
    let stretch = |width: f32| side.stretch(x, width);
    // Before the name of a key stands its sign.
    let keys = |keys: &[&KeyHeld]| {
        let widest = widest(&mut keys.iter().map(|key| key.name));
        if keys.is_empty() { 0.0 } else { lifelines::KEY_ROOM + widest }
    };
    let lines = end.lines() as f32;
    // A line leads to the sign of a key from its moment: no silence lies between.
    let silent = rows.gaps.iter().filter(|gap| gap.silent).map(|gap| gap.y);
    let silent: Vec<f32> = silent.collect();
    let leads = |first: f32| {
        let (above, below) = (y.min(first), y.max(first));
        let lies_between =
            |gap: &f32| gap + silence::HEIGHT / 2.0 > above && gap - silence::HEIGHT / 2.0 < below;
        !silent.iter().any(lies_between)
    };
    let floor = read.entry((column, side)).or_insert(f32::NEG_INFINITY);
    let mut search = |first: f32, leads: &dyn Fn(f32) -> bool, rect: &dyn Fn(f32) -> Rect| {
        let found = nearest(first).find(|y| *y > *floor && leads(*y) && board.is_clear(rect(*y)));
        if let Some(y) = found {
            board.take(rect(y));
            *floor = y;
        }
        found
    };
    let mut solved = (None, None);
    let mut unnamed = false;
    if lines > 0.0 {
        let (low, high) = stretch(widest(&mut end.above()).max(keys(&end.ready)));
        let rect = |first: f32| {
            let (top, bottom) = (first - Type::State.ascent(), first + Type::State.descent());
            Rect { left: low, top, right: high, bottom: bottom + (lines - 1.0) * LABEL }
        };
        let is_led = |first: f32| end.ready.is_empty() || leads(first);
        solved.0 = search(y - 8.0 - (lines - 1.0) * LABEL, &is_led, &rect);
        if solved.0.is_none() {
            end.above().for_each(|name| rows.leave_out(name));
        }
    }
    if let Some(depth) = end.depth() {
        let (low, high) = stretch(widest(&mut end.below()).max(keys(&end.keys)));
        let rect = |first: f32| Rect {
            left: low,
            top: first - SIGN,
            right: high,
            bottom: first + depth + SIGN,
        };
        solved.1 = search(y + 20.0, &leads, &rect);
        if solved.1.is_none() && !end.keys.is_empty() {
            // A key says much by its sign alone.
            let signs = (end.keys.len() - 1) as f32 * KEY;
            let (low, high) = stretch(2.0 * SIGN);
            let rect = |first: f32| Rect {
                left: low,
                top: first - SIGN,
                right: high,
                bottom: first + signs + SIGN,
            };
            let floor = read.entry((column, side)).or_insert(f32::NEG_INFINITY);
            let fits = |y: &f32| *y > *floor && leads(*y) && board.is_free(rect(*y));
            solved.1 = nearest(y + 20.0).find(fits);
            unnamed = solved.1.is_some();
            if let Some(first) = solved.1 {
                board.take(rect(first));
                *floor = first;
            }
        }
        match solved.1 {
            Some(_) if unnamed => end.after.iter().for_each(|doing| rows.leave_out(&doing.beside)),
            Some(_) => {}
            None => end.below().for_each(|name| rows.leave_out(name)),
        }
    }
    if let Some(place) = rows.placed.get_mut(index).and_then(|placed| placed.solved.as_mut()) {
        if at_tail {
            (place.tail, place.unnamed.0) = (solved, unnamed);
        } else {
            (place.head, place.unnamed.1) = (solved, unnamed);
        }
    }
}
