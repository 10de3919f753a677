//! What programs did, where time is to scale: a mark on the lifeline at its own time, and its name
//! beside it where there is room.

use std::collections::HashMap;

use wirestage_dissectors::ids::Time;
use wirestage_dissectors::story::{BeatId, Doing, Story};

use super::board::Board;
use super::columns::{BESIDE, Columns};
use super::lifelines::{TICK, tick};
use super::placed::Measures;
use super::plan::Plan;
use super::rows::Rows;
use super::sketch::Sketch;
use crate::diagram::geometry::{Rect, at};
use crate::diagram::measure::elide;
use crate::diagram::scene::About;
use crate::diagram::style::{Style, Type};

/// How far a name may stand from its mark, upwards and downwards, and from one place that is tried
/// to the next.
const UP: i32 = 5;
const DOWN: i32 = 24;
const STEP: f32 = 4.0;
/// A name that stands further from its mark has a line that leads to it.
const LEADER: f32 = 10.0;

/// One thing that a program did.
#[derive(Clone)]
pub(super) struct Deed {
    pub(super) flight: BeatId,
    pub(super) column: usize,
    other: usize,
    time: Time,
    pub(super) words: String,
}

/// What programs did at the ends of the arrows.
pub(super) fn of(story: &Story, plan: &Plan<'_>) -> Vec<Deed> {
    let column = |actor: u16| plan.cast.iter().position(|at| *at == usize::from(actor));
    let mut flights: Vec<BeatId> = story.marks.iter().map(|mark| mark.flight).collect();
    flights.dedup();
    let deed = |flight: BeatId, doing: Doing| {
        let beat = story.beat(flight)?;
        let other = if beat.from == doing.actor { beat.to } else { beat.from };
        let (column, other) = (column(doing.actor.0)?, column(other.0)?);
        Some(Deed { flight, column, other, time: doing.first, words: doing.label })
    };
    let shown = flights.into_iter().filter(|flight| plan.cover(*flight).is_some());
    let deeds = shown.flat_map(|flight| {
        story.doings(flight).into_iter().filter_map(move |doing| deed(flight, doing))
    });
    // Before the first arrow there is no place for a time.
    deeds.filter(|deed| deed.time >= plan.start).collect()
}

impl Deed {
    fn rect(&self, columns: &Columns, width: f32, centre: f32) -> Rect {
        let side = columns.label_side(self.column, self.other);
        let (low, high) = side.stretch(columns.label(self.column, side).0, width);
        let half = Type::State.line_height() / 2.0;
        Rect { left: low, top: centre - half, right: high, bottom: centre + half }
    }
}

/// Notes where they stand, so that nothing is written over them.
pub(super) fn take(rows: &Rows, measures: &Measures<'_>, board: &mut Board) {
    for deed in &measures.plan.deeds {
        let (x, way) = foot(measures.columns, deed);
        let y = rows.at(deed.time);
        board.line(at(x, y), at(x + way * TICK, y));
    }
}

/// Where a mark begins beside its lifeline, and which way it goes.
fn foot(columns: &Columns, deed: &Deed) -> (f32, f32) {
    let side = columns.label_side(deed.column, deed.other);
    (columns.label(deed.column, side).0 - side.sign() * BESIDE, side.sign())
}

/// Finds places for their names; what finds none is left out and counted.
pub(super) fn place(rows: &mut Rows, measures: &Measures<'_>, board: &mut Board) {
    let mut read: HashMap<(usize, bool), f32> = HashMap::new();
    for deed in &measures.plan.deeds {
        let mark = rows.at(deed.time);
        let (_, room) = columns_label(measures.columns, deed);
        let width = measures.measure.width(&deed.words, Type::State);
        // What happens later is read below.
        let floor = read.entry((deed.column, deed.other < deed.column)).or_insert(f32::MIN);
        let near = (0..=UP).flat_map(|steps| [steps, -steps]).chain(UP + 1..=DOWN);
        let mut places = near.map(|steps| mark + steps as f32 * STEP);
        let (foot, way) = foot(measures.columns, deed);
        let x = foot + way * TICK;
        // No silence lies between a name and its mark.
        let leads = |y: f32| board.is_free(Rect::spanning(at(x, mark), at(x, y)).grown(0.5));
        let found = places.find(|y| {
            width <= room
                && *y > *floor
                && leads(*y)
                && board.is_clear(deed.rect(measures.columns, width, *y))
        });
        if let Some(y) = found {
            *floor = y;
            board.take(deed.rect(measures.columns, width, y));
            board.line(at(x, mark), at(x, y));
        }
        if found.is_none() {
            rows.leave_out(&deed.words);
        }
        rows.deeds.push(found);
    }
}

fn columns_label(columns: &Columns, deed: &Deed) -> (f32, f32) {
    columns.label(deed.column, columns.label_side(deed.column, deed.other))
}

/// Draws the marks and their names.
pub(super) fn draw(sketch: &mut Sketch<'_>, deeds: &[Deed], columns: &Columns, rows: &Rows) {
    for (deed, place) in deeds.iter().zip(&rows.deeds) {
        let side = columns.label_side(deed.column, deed.other);
        let (x, room) = columns_label(columns, deed);
        let about = About::Beat(deed.flight);
        let (foot, way) = foot(columns, deed);
        tick(sketch, at(foot, rows.at(deed.time)), way, about);
        let Some(centre) = place else { continue };
        let y = rows.at(deed.time);
        if (centre - y).abs() > LEADER {
            let x = foot + way * TICK;
            sketch.line((at(x, y), at(x, *centre)), 0.7, false, Style::Dim, about);
        }
        let words = elide(sketch.measure, &deed.words, Type::State, room).into_owned();
        let origin = at(x, centre + Type::State.cap_height() / 2.0);
        sketch.text(&words, origin, side.align(), Type::State, (Style::Dim, about));
    }
}
