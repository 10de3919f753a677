//! Beads where time is to scale: they make no room, they find it.
//!
//! Those of an arrow hang side by side in its middle where they can. Else each stands by itself
//! somewhere along the arrow, in the same order; a steep arrow becomes a stair of them. Only where
//! that fails, too, they are folded together.

use super::beads;
use super::board::Board;
use super::labels::{BEFORE_HEAD, DISC, ends};
use super::placed::{Fold, Measures, Solved};
use super::plan::Unit;
use super::rows::Rows;
use super::{badge, folds, sketch};
use crate::diagram::geometry::{Point, Rect, at};

/// From one place that is tried to the next.
const ALONG: f32 = 8.0;
/// How much of an arrow beads that stand by themselves spread over: first a good part of it, so
/// that one sees whose they are, then all, then as close as they come.
const SPREADS: [f32; 4] = [0.7, 0.5, 1.0, 0.0];
/// How often those that found no room are let in before the others.
const TURNS: usize = 3;
/// Of more arrows than that nobody sees each, and they are placed once.
const MOST_IN_TURNS: usize = 400;

/// Where the beads of an arrow stand.
struct Found {
    solved: Solved,
    /// What each is centred on, where they stand by themselves.
    centres: Vec<f32>,
    /// How many messages nobody sees by their names.
    hidden: usize,
}

/// Places the beads of all arrows. Those of an arrow that found no room try again before all
/// others: many that stand close are worth no more than one that is not there.
pub(super) fn place(rows: &mut Rows, measures: &Measures<'_>, board: &mut Board) {
    let units = &measures.plan.units;
    let mut turn: Vec<usize> = (0..units.len()).collect();
    let mut best: Option<(usize, Vec<Option<Found>>, Board)> = None;
    let turns = if units.len() > MOST_IN_TURNS { 1 } else { TURNS };
    for _ in 0..turns {
        let mut taken = board.clone();
        let mut found: Vec<Option<Found>> = units.iter().map(|_| None).collect();
        for at in &turn {
            let (Some(unit), Some(place)) = (units.get(*at), found.get_mut(*at)) else { continue };
            *place = on_arrow(rows, (*at, unit), measures, &mut taken);
        }
        let hides =
            |at: &usize| found.get(*at).and_then(Option::as_ref).is_some_and(|one| one.hidden > 0);
        let (mut first, others): (Vec<usize>, Vec<usize>) = turn.into_iter().partition(hides);
        first.extend(others);
        turn = first;
        let hidden = found.iter().flatten().map(|one| one.hidden).sum();
        if best.as_ref().is_none_or(|(least, ..)| hidden < *least) {
            best = Some((hidden, found, taken));
        }
        if hidden == 0 {
            break;
        }
    }
    let Some((hidden, found, taken)) = best else { return };
    *board = taken;
    rows.hidden = hidden;
    rows.strung = vec![Vec::new(); units.len()];
    for (index, (unit, found)) in units.iter().zip(found).enumerate() {
        let Some(Found { solved, centres, .. }) = found else { continue };
        if solved.bare {
            unit.beads.iter().for_each(|bead| rows.leave_out(&bead.label));
        }
        if let Some(strung) = rows.strung.get_mut(index) {
            *strung = centres;
        }
        if let Some(placed) = rows.placed.get_mut(index) {
            placed.solved = Some(solved);
        }
    }
}

/// The beads of an arrow; of a message to oneself with its number.
fn on_arrow(
    rows: &Rows,
    (index, unit): (usize, &Unit<'_>),
    measures: &Measures<'_>,
    board: &mut Board,
) -> Option<Found> {
    let columns = measures.columns;
    let (tail, head) = ends(rows, index, unit, columns)?;
    let solved = rows.placed.get(index)?.solved?;
    let messages = unit.beads.len();
    if unit.from == unit.to {
        let whole = measures.lines.get(index).map_or((0.0, 0.0), beads::Lines::first);
        let number = sketch::number_width(&unit.number, unit.quiet, measures.measure);
        let loose = looped(unit, (tail, head), (whole.0, whole.1, number), measures);
        let free = fits(loose, measures) && board.is_free(loose);
        if free {
            board.take(loose);
        }
        let solved = Solved { number: free.then_some(0.0), bare: !free, ..solved };
        return Some(Found {
            solved,
            centres: Vec::new(),
            hidden: if free { 0 } else { messages },
        });
    }
    let folds: &[Fold] = match messages {
        0 | 1 => &[Fold::Hung],
        // What is lost stays together at its tail.
        _ if unit.lost() => &[Fold::Hung, Fold::Runs, Fold::Lead],
        _ => &[Fold::Hung, Fold::Strung, Fold::Voices, Fold::Runs, Fold::Lead],
    };
    for fold in folds {
        let lines = folds::folded(unit, *fold, columns, measures.measure);
        let Some(line) = lines.lines.first() else { continue };
        if *fold == Fold::Hung && line.beads.len() < messages && folds.len() > 1 {
            // They fit into no row: as a stair all of them may be named.
            continue;
        }
        let along = Along { unit, tail, head, measures, board };
        let strung = matches!(fold, Fold::Strung | Fold::Voices);
        let centres = if strung { along.strung(line) } else { along.together(line) };
        let Some(centres) = centres else { continue };
        let rects = along.rects(line, &centres);
        let middle = rects.iter().copied().reduce(Rect::union).map(|all| all.centre().x);
        rects.into_iter().for_each(|rect| board.take(rect));
        let hidden = messages.saturating_sub(line.beads.len());
        let solved = Solved { bead: middle, bare: false, fold: *fold, ..solved };
        let centres = if strung { centres } else { Vec::new() };
        return Some(Found { solved, centres, hidden });
    }
    let solved = Solved { bare: true, ..solved };
    Some(Found { solved, centres: Vec::new(), hidden: messages })
}

/// An arrow on which room is looked for.
struct Along<'a> {
    unit: &'a Unit<'a>,
    tail: Point,
    head: Point,
    measures: &'a Measures<'a>,
    board: &'a Board,
}

impl Along<'_> {
    fn rect(&self, bead: &beads::Hung, x: f32) -> Rect {
        let share = (x - self.tail.x) / (self.head.x - self.tail.x);
        let y = self.tail.towards(self.head, share).y;
        Rect::around(at(x, y), bead.width, bead.height()).grown(2.0)
    }

    fn rects(&self, line: &beads::Line, centres: &[f32]) -> Vec<Rect> {
        line.beads.iter().zip(centres).map(|(bead, x)| self.rect(bead, *x)).collect()
    }

    /// What beads side by side are centred on, as near to the middle as there is room.
    fn together(&self, line: &beads::Line) -> Option<Vec<f32>> {
        let (left, right) = beads::room(self.unit, self.measures.columns, self.measures.measure);
        let half = line.width / 2.0;
        let (low, high) = (left + half, right - half);
        if line.width <= 0.0 || low > high {
            return None;
        }
        let way = (self.head.x - self.tail.x).signum();
        let middle = match () {
            () if self.unit.lost() && way > 0.0 => low,
            () if self.unit.lost() => high,
            () => left.midpoint(right),
        };
        let tries = (0..).map(|count| count as f32 * ALONG).take_while(|by| *by <= right - left);
        let tries = tries.flat_map(|by| [middle - way * by, middle + way * by]);
        tries.filter(|x| (low..=high).contains(x)).map(|x| line.centres(x)).find(|centres| {
            self.rects(line, centres).into_iter().all(|rect| self.board.is_free(rect))
        })
    }

    /// What beads are centred on that stand by themselves: from left to right. Where they stand
    /// below each other one reads from the top, as the time goes.
    fn strung(&self, line: &beads::Line) -> Option<Vec<f32>> {
        let beads: Vec<&beads::Hung> = line.beads.iter().collect();
        let across = self.apart(&beads)?;
        let pairs = beads.iter().zip(beads.iter().skip(1));
        let steps = across.iter().zip(across.iter().skip(1)).map(|(a, b)| b - a);
        let is_stair = pairs.zip(steps).all(|((a, b), step)| step < a.width.midpoint(b.width));
        if self.head.x > self.tail.x || !is_stair {
            return Some(across);
        }
        let down: Vec<&beads::Hung> = beads.into_iter().rev().collect();
        let down = self.apart(&down).map(|centres| centres.into_iter().rev().collect());
        Some(down.unwrap_or(across))
    }

    /// What beads are centred on that stand by themselves, in this order from left to right.
    fn apart(&self, beads: &[&beads::Hung]) -> Option<Vec<f32>> {
        let (left, right) = beads::room(self.unit, self.measures.columns, self.measures.measure);
        let half = |bead: Option<&&beads::Hung>| bead.map_or(0.0, |bead| bead.width / 2.0);
        let (low, high) = (left + half(beads.first()), right - half(beads.last()));
        if low >= high {
            return None;
        }
        let between = beads.len().saturating_sub(1).max(1) as f32;
        SPREADS.into_iter().find_map(|spread| {
            let pitch = (high - low) * spread / between;
            // As close as they come they begin at the very edge.
            let first = if spread > 0.0 { low + (high - low) * (1.0 - spread) / 2.0 } else { low };
            let mut own: Vec<Rect> = Vec::with_capacity(beads.len());
            let mut centres: Vec<f32> = Vec::with_capacity(beads.len());
            for bead in beads {
                let from = centres.last().map_or(first, |last| last + pitch.max(ALONG));
                let (from, until) = (from.max(left + bead.width / 2.0), right - bead.width / 2.0);
                let mut tries = (0..)
                    .map(|count| from + count as f32 * ALONG / 2.0)
                    .take_while(|x| *x <= until);
                let x = tries.find(|x| {
                    let rect = self.rect(bead, *x);
                    !own.iter().any(|other| other.overlaps(rect)) && self.board.is_free(rect)
                })?;
                own.push(self.rect(bead, x));
                centres.push(x);
            }
            Some(centres)
        })
    }
}

/// Whether it stands between the lifelines; only where these are crowded it may not.
fn fits(rect: Rect, measures: &Measures<'_>) -> bool {
    let columns = measures.columns;
    let (first, last) = (columns.rail(0), columns.rail(columns.rails.len().saturating_sub(1)));
    !columns.form.crowded || (rect.left > first && rect.right < last)
}

/// What a message to oneself takes.
fn looped(
    unit: &Unit<'_>,
    (tail, head): (Point, Point),
    (width, height, number): (f32, f32, f32),
    measures: &Measures<'_>,
) -> Rect {
    let (left, way) = beads::beside(unit.from, measures.columns);
    let near = measures.columns.edge(unit.from, !left);
    let badge = badge::width(unit.badge, measures.measure);
    let far = near + way * (beads::LOOP + number + badge + super::columns::BESIDE + width + 8.0);
    let middle = tail.y.midpoint(head.y);
    let half = (height / 2.0).max(DISC).max((head.y - tail.y) / 2.0) + 6.0;
    // Its head stands nearer.
    let first = near + way * (BEFORE_HEAD + 4.0);
    Rect::spanning(at(first, middle - half), at(far, middle + half))
}
