//! Beads where time is to scale: they make no room, they find it.
//!
//! Those of an arrow hang side by side in its middle where they can. Else each stands by itself
//! somewhere along the arrow, in the same order; a steep arrow becomes a stair of them. Only where
//! that fails, too, they are folded together. Beads of arrows that all but coincide stand in one
//! order as well, each with the number of its step.

use super::beads;
use super::board::Board;
use super::bundles::{Bundles, Member};
use super::labels::{self, BEFORE_HEAD, DISC};
use super::placed::{Fold, Measures, Solved};
use super::plan::{Free, Unit};
use super::rows::Rows;
use super::segments::Tag;
use super::side::Side;
use super::strands::BEFORE_CROSS;
use super::{badge, folds, sketch, strands};
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

/// How much worse it is that an arrow says nothing than that a message has no name.
const BARE: usize = 4;
/// And how much worse where that never came.
const LOST: usize = 4;
/// From a bead to the next one of a bundle, downwards, at least.
const BELOW: f32 = 4.0;

/// Where the beads of an arrow stand.
struct Found {
    solved: Solved,
    /// The middle of the highest and of the lowest one, and the same from left to right.
    reach: Option<(f32, f32)>,
    across: Option<(f32, f32)>,
    /// What each is centred on, where they stand by themselves.
    centres: Vec<f32>,
    /// How many messages nobody sees by their names, and what is as bad.
    hidden: usize,
}

/// Places the beads of all arrows. Those of an arrow that found no room try again before all
/// others: many that stand close are worth no more than one that is not there.
pub(super) fn place(
    rows: &mut Rows,
    measures: &Measures<'_>,
    bundles: &Bundles,
    board: &mut Board,
) {
    let units = &measures.plan.units;
    let mut turn: Vec<usize> = (0..units.len()).collect();
    // What is lost is what one looks for.
    turn.sort_by_key(|at| !units.get(*at).is_some_and(Unit::lost));
    let mut best: Option<(usize, Vec<Option<Found>>, Board)> = None;
    let turns = if units.len() > MOST_IN_TURNS { 1 } else { TURNS };
    for _ in 0..turns {
        let mut taken = board.clone();
        let mut found: Vec<Option<Found>> = units.iter().map(|_| None).collect();
        for at in &turn {
            let Some(unit) = units.get(*at) else { continue };
            let member = bundles.member(*at);
            let between = between(bundles, &found, *at);
            let one = on_arrow(rows, (*at, unit), measures, (member, between), &mut taken);
            if let Some(place) = found.get_mut(*at) {
                *place = one;
            }
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
    rows.reach = vec![None; units.len()];
    for (index, (unit, found)) in units.iter().zip(found).enumerate() {
        let Some(Found { solved, centres, reach, .. }) = found else { continue };
        if solved.bare {
            rows.unnamed += usize::from(!unit.beads.is_empty());
            unit.beads.iter().for_each(|bead| rows.leave_out(&bead.label));
        }
        if let Some(strung) = rows.strung.get_mut(index) {
            *strung = centres;
        }
        if let Some(place) = rows.reach.get_mut(index) {
            *place = reach;
        }
        if let Some(placed) = rows.placed.get_mut(index) {
            placed.solved = Some(solved);
        }
    }
}

/// Between what the beads of an arrow stand so that one reads those of a bundle in the order of the
/// packets: heights, or places from left to right.
fn between(bundles: &Bundles, found: &[Option<Found>], unit: usize) -> (f32, f32) {
    let (before, behind) = bundles.others(unit);
    let is_stair = bundles.member(unit).is_stair;
    let reach = |unit: &usize| {
        let one = found.get(*unit)?.as_ref()?;
        if is_stair { one.reach } else { one.across }
    };
    let floor = before.iter().filter_map(reach).map(|(_, lowest)| lowest + BELOW);
    let end = behind.iter().filter_map(reach).map(|(highest, _)| highest - BELOW);
    (floor.fold(f32::NEG_INFINITY, f32::max), end.fold(f32::INFINITY, f32::min))
}

/// The beads of an arrow; of a message to oneself with its number.
fn on_arrow(
    rows: &Rows,
    (index, unit): (usize, &Unit<'_>),
    measures: &Measures<'_>,
    (member, between): (Member, (f32, f32)),
    board: &mut Board,
) -> Option<Found> {
    let columns = measures.columns;
    let (tail, head) = labels::ends(rows, index, unit, columns)?;
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
            reach: None,
            across: None,
            centres: Vec::new(),
            hidden: if free { 0 } else { messages },
        });
    }
    let folds: &[Fold] = match messages {
        0 => &[Fold::Hung],
        1 => &[Fold::Hung, Fold::Broken],
        // What is lost stays together at its tail.
        _ if unit.lost() => &[Fold::Hung, Fold::Runs, Fold::Lead, Fold::Broken],
        _ => &[Fold::Hung, Fold::Strung, Fold::Voices, Fold::Runs, Fold::Lead, Fold::Broken],
    };
    let close = member.is_close;
    // A bead out of its order is better than none, and so is one without a number.
    let tries = [(close, between, false), (close, ANYWHERE, true), (false, ANYWHERE, true)];
    for (numbered, between, out_of_place) in tries {
        for fold in folds {
            let mut lines = folds::folded(unit, *fold, columns, measures.measure);
            let shown = lines.lines.first().map_or(0, |line| line.beads.len());
            if *fold == Fold::Hung && shown < messages && folds.len() > 1 {
                // They fit into no row: as a stair all of them may be named.
                continue;
            }
            if numbered {
                lines.number(&unit.number, fold.is_strung(), measures.measure);
            }
            let Some(line) = lines.lines.first() else { continue };
            let along = Along { unit, tail, head, member, between, measures, board };
            let strung = fold.is_strung();
            let centres = if strung { along.strung(line) } else { along.together(line) };
            let Some(centres) = centres else { continue };
            let rects = along.rects(line, &centres);
            let middle = rects.iter().copied().reduce(Rect::union).map(|all| all.centre().x);
            let (reach, across) = (ends(&rects, |at| at.y), ends(&rects, |at| at.x));
            rects.into_iter().for_each(|rect| board.take(rect));
            let unnamed = messages.saturating_sub(line.beads.len());
            let hidden = unnamed + usize::from(out_of_place);
            let solved = Solved { bead: middle, bare: false, fold: *fold, numbered, ..solved };
            let centres = if strung { centres } else { Vec::new() };
            return Some(Found { solved, reach, across, centres, hidden });
        }
    }
    let solved = Solved { bare: true, ..solved };
    let hidden = messages * BARE * if unit.lost() { LOST } else { 1 };
    Some(Found { solved, reach: None, across: None, centres: Vec::new(), hidden })
}

/// The least and the most of the middles of beads.
fn ends(rects: &[Rect], of: impl Fn(Point) -> f32) -> Option<(f32, f32)> {
    let all = || rects.iter().map(|rect| of(rect.centre()));
    all().reduce(f32::min).zip(all().reduce(f32::max))
}

/// No bound to where beads stand.
const ANYWHERE: (f32, f32) = (f32::NEG_INFINITY, f32::INFINITY);

/// An arrow on which room is looked for.
struct Along<'a> {
    unit: &'a Unit<'a>,
    tail: Point,
    head: Point,
    /// Which of a bundle it is, and between what its beads stand.
    member: Member,
    between: (f32, f32),
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

    /// Whether a bead may stand there.
    fn is_free(&self, rect: Rect) -> bool {
        let Point { x, y } = rect.centre();
        let place = if self.member.is_stair { y } else { x };
        self.between.0 <= place && place <= self.between.1 && self.board.is_free(rect)
    }

    /// The stretch of the arrow that beads may hang on, from left to right, and the part of it
    /// that this arrow of its bundle has for itself: all of them share it, in their order.
    fn room(&self) -> ((f32, f32), (f32, f32)) {
        let (left, right) = beads::room(self.unit, self.measures.columns, self.measures.measure);
        // What is said of packets that left with it stands there as well.
        let (before, behind) = self.tags();
        let (at, of) = (self.member.at + before, self.member.of.max(1) + before + behind);
        let from_right = beads::reads_from(self.tail, self.head) == Side::Right;
        let before = if from_right { of.saturating_sub(at + 1) } else { at };
        // One half of it may be crossed by another.
        let way = self.head.x - self.tail.x;
        let middle = left.midpoint(right);
        let (low, high) = match (self.unit.free, way > 0.0) {
            (Free::Whole, _) => (left, right),
            (Free::Tail, true) | (Free::Head, false) => (left, middle),
            (Free::Tail, false) | (Free::Head, true) => (middle, right),
        };
        let part = (high - low) / of as f32;
        let first = low + part * before as f32;
        ((left, right), (first, first + part))
    }

    /// How many things are said of its own packets that go the same way, before its beads and
    /// behind them.
    fn tags(&self) -> (usize, usize) {
        let Unit { beat, beads, tags, .. } = self.unit;
        let own = tags.iter().filter(|tag| tag.ways == (beat.from, beat.to) && !tag.is_lost());
        let (before, behind): (Vec<&Tag>, Vec<&Tag>) =
            own.partition(|tag| beads.iter().all(|bead| tag.sent <= bead.sent));
        (before.len(), behind.len())
    }

    /// The stretch up to the cross where the arrow is lost and so wide a thing fits there: beyond
    /// it there is no arrow.
    fn before_cross(&self, (left, right): (f32, f32), width: f32) -> (f32, f32) {
        if !self.unit.lost() {
            return (left, right);
        }
        let cut = strands::cut(self.unit, self.measures.columns, self.measures.measure);
        let cut = self.tail.towards(self.head, cut).x;
        let (low, high) = if self.head.x > self.tail.x {
            (left, right.min(cut - BEFORE_CROSS))
        } else {
            (left.max(cut + BEFORE_CROSS), right)
        };
        if high - low >= width { (low, high) } else { (left, right) }
    }

    /// What beads side by side are centred on, as near to the middle as there is room.
    fn together(&self, line: &beads::Line) -> Option<Vec<f32>> {
        let (whole, own) = self.room();
        let (left, right) = self.before_cross(whole, line.width);
        let half = line.width / 2.0;
        let (low, high) = (left + half, right - half);
        if line.width <= 0.0 || low > high {
            return None;
        }
        let way = (self.head.x - self.tail.x).signum();
        let middle = match () {
            () if self.unit.lost() && way > 0.0 => low,
            () if self.unit.lost() => high,
            () => own.0.midpoint(own.1),
        };
        let from = beads::reads_from(self.tail, self.head);
        let tries = (0..).map(|count| count as f32 * ALONG).take_while(|by| *by <= right - left);
        let tries = tries.flat_map(|by| [middle - way * by, middle + way * by]);
        let tries = tries.filter(|x| (low..=high).contains(x));
        tries
            .map(|x| line.centres(x, from))
            .find(|centres| self.rects(line, centres).into_iter().all(|rect| self.is_free(rect)))
    }

    /// What beads are centred on that stand by themselves: one reads from left to right, or from
    /// the top where a row of them is a stair.
    fn strung(&self, line: &beads::Line) -> Option<Vec<f32>> {
        let mut beads: Vec<&beads::Hung> = line.beads.iter().collect();
        let from_right = beads::reads_from(self.tail, self.head) == Side::Right;
        if from_right {
            beads.reverse();
        }
        let (whole, own) = self.room();
        // Where several arrows share a stretch, each keeps to its part if it can.
        let own = (own != whole).then(|| self.apart(&beads, own)).flatten();
        let mut centres = own.or_else(|| self.apart(&beads, whole))?;
        if from_right {
            centres.reverse();
        }
        Some(centres)
    }

    /// What beads are centred on that stand by themselves, in this order from left to right, in
    /// this stretch.
    fn apart(&self, beads: &[&beads::Hung], (left, right): (f32, f32)) -> Option<Vec<f32>> {
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
                    !own.iter().any(|other| other.overlaps(rect)) && self.is_free(rect)
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
    let side = beads::loop_side(unit.from, measures.columns);
    let (near, way) = (measures.columns.edge(unit.from, side), side.sign());
    let badge = badge::width(unit.badge, measures.measure);
    let far = near + way * (beads::LOOP + number + badge + super::columns::BESIDE + width + 8.0);
    let middle = tail.y.midpoint(head.y);
    let half = (height / 2.0).max(DISC).max((head.y - tail.y) / 2.0) + 6.0;
    // Its head stands nearer.
    let first = near + way * (BEFORE_HEAD + 4.0);
    Rect::spanning(at(first, middle - half), at(far, middle + half))
}
