//! Beads: the messages on an arrow. How they break into lines, and where they hang.
//!
//! A flight that does not fit goes on over more lines. Each is an arrow of its own with its own
//! head; a spine at the tail ties them, and carries the number.

use super::badge;
pub(super) use super::bead::Hung;
use super::bead::{self, HEIGHT, LEAST_LABEL, LOCK, PAD, font};
use super::columns::{BESIDE, Columns};
use super::crowd;
use super::messages::Bead;
use super::plan::{Free, Plan, Unit};
use super::sketch::{self, Sketch};

use super::side::Side;
use crate::diagram::geometry::{Align, Point, Rect, at};
use crate::diagram::measure::{MeasureText, wrap};
use crate::diagram::scene::{About, Layer, Shape};
use crate::diagram::style::{Style, Type};

/// From one bead to the next, and between two lines of beads.
pub(super) const GAP: f32 = 6.0;
pub(super) const LINE_GAP: f32 = 4.0;
/// How many beads an arrow carries at most. No handshake and no exchange has so many messages; a
/// transfer may have thousands, and the last bead then counts those that have no room.
pub(super) const MOST_BEADS: usize = 32;
/// How far a block reaches above and below its beads, and its note below them.
const BLOCK: f32 = 8.0;
pub(super) const NOTE: f32 = 20.0;

/// Beads that hang side by side.
pub(super) struct Line {
    pub(super) beads: Vec<Hung>,
    pub(super) width: f32,
    pub(super) height: f32,
}

impl Line {
    /// What each is centred on where the line is centred there. One reads from the left; on an
    /// arrow that comes down to the left, from the top, and so from the right.
    pub(super) fn centres(&self, middle: f32, from: Side) -> Vec<f32> {
        let mut x = (middle - self.width / 2.0).round();
        let next = |bead: &Hung| {
            let centre = x + bead.width / 2.0;
            x += bead.width + GAP;
            centre
        };
        if from == Side::Left {
            return self.beads.iter().map(next).collect();
        }
        let mut centres: Vec<f32> = self.beads.iter().rev().map(next).collect();
        centres.reverse();
        centres
    }
}

/// The beads of one arrow, in lines.
#[derive(Default)]
pub(super) struct Lines {
    pub(super) lines: Vec<Line>,
    /// From the arrow's tail to its head, sideways, and the width of its widest bead.
    span: f32,
    widest: f32,
    /// What the beads are centred on, where they may not choose.
    pub(super) at: Option<f32>,
    /// What each bead of the only line is centred on, where they stand by themselves.
    pub(super) strung: Vec<f32>,
    /// What stands under the beads of a block, in lines.
    pub(super) note: Vec<String>,
    folded: bool,
    /// Where they stand below their arrow: from it to the first line.
    pub(super) lowered: Option<f32>,
}

impl Lines {
    /// How many there are; at least one, for an arrow without beads is a line as well.
    pub(super) fn count(&self) -> usize {
        self.lines.len().max(1)
    }

    /// Has the beads carry the number of their step: each of them, or the first one.
    pub(super) fn number(&mut self, number: &str, each: bool, measure: &dyn MeasureText) {
        let Some(line) = self.lines.first_mut().filter(|line| !line.beads.is_empty()) else {
            return;
        };
        let numbered = |(at, bead): (usize, Hung)| {
            if each || at == 0 { bead.numbered(number, measure) } else { bead }
        };
        let beads = std::mem::take(&mut line.beads);
        line.beads = beads.into_iter().enumerate().map(numbered).collect();
        line.width = line.beads.iter().map(|bead| bead.width + GAP).sum::<f32>() - GAP;
    }

    /// How far all of it reaches above the first line, and below the last one.
    pub(super) fn above(&self) -> f32 {
        if self.lowered.is_some() {
            return crowd::ABOVE;
        }
        self.half(0) + if self.folded { BLOCK } else { 0.0 }
    }

    /// How far all of it reaches below the first line, on an arrow that comes down by `drop`.
    pub(super) fn below(&self, drop: f32) -> f32 {
        if let Some(first) = self.lowered {
            return crowd::below(first, &self.lines, self.note.len());
        }
        let block = if self.folded { BLOCK + NOTE * self.note.len() as f32 } else { 0.0 };
        self.further(drop) + self.half(self.count() - 1) + block
    }

    /// From the first line to the last.
    pub(super) fn further(&self, drop: f32) -> f32 {
        self.down(self.count() - 1, drop)
    }

    /// From the first line to this one. On a slanted arrow the beads of a line stand at different
    /// heights, and the next line must clear the lowest.
    pub(super) fn down(&self, line: usize, drop: f32) -> f32 {
        if self.lowered.is_some() {
            return 0.0;
        }
        let pitch =
            |at: usize| self.half(at - 1) + LINE_GAP + self.half(at) + 4.0 * self.sway(drop);
        (1..=line).map(pitch).sum()
    }

    /// The width and the height of the first line.
    pub(super) fn first(&self) -> (f32, f32) {
        self.lines.first().map_or((0.0, 0.0), |line| (line.width, line.height))
    }

    fn half(&self, line: usize) -> f32 {
        self.lines.get(line).map_or(HEIGHT, |line| line.height) / 2.0
    }

    /// How much higher or lower beads stand that are a little off the middle.
    pub(super) fn sway(&self, drop: f32) -> f32 {
        drop / self.span.max(1.0) * self.widest / 4.0
    }
}

/// The stretch of an arrow that beads may hang on, from left to right.
pub(super) fn room(unit: &Unit<'_>, columns: &Columns, measure: &dyn MeasureText) -> (f32, f32) {
    let number = sketch::number_width(&unit.number, false, measure);
    let badge = badge::width(unit.badge, measure);
    if unit.from == unit.to {
        let side = loop_side(unit.from, columns);
        let (tail, way) = (columns.edge(unit.from, side), side.sign());
        // The number lies between the loop and its beads.
        let past = LOOP + number / 2.0 + badge + BESIDE / 2.0;
        let start = tail + way * past;
        let width = columns.free_beside(unit.from, side) - past;
        let end = start + way * width.max(LEAST_LABEL + 2.0 * PAD + LOCK);
        return (start.min(end), start.max(end));
    }
    let (tail, head) = columns.ends(unit);
    let way = (head - tail).signum();
    let before = columns.before_number + number + badge + BESIDE;
    let after = if unit.folded { BLOCK_PAD } else { columns.before_head };
    let (first, last) = (tail + way * before, head - way * after);
    let middle = tail.midpoint(head);
    let (first, last) = match unit.free {
        // To scale they find a place by themselves.
        _ if !columns.form.is_order() => (first, last),
        Free::Whole => (first, last),
        Free::Tail => (first, middle - way * BESIDE),
        Free::Head => (middle + way * BESIDE, last),
    };
    // An arrow may be too short for any.
    if (last - first) * way <= 0.0 {
        return (first, first);
    }
    (first.min(last), first.max(last))
}

/// From the side of a block to its beads.
const BLOCK_PAD: f32 = 12.0;

/// How far apart neighbouring lifelines must be for all beads between them to hang in one line.
pub(super) fn one_line(
    plan: &Plan<'_>,
    (before, after): (f32, f32),
    measure: &dyn MeasureText,
) -> f32 {
    let neighbours = plan.units.iter().filter(|unit| unit.from.abs_diff(unit.to) == 1);
    let width = |unit: &Unit<'_>| {
        let beads = unit.beads.iter().take(MOST_BEADS).map(|bead| {
            GAP + bead::around(bead, measure)
                + measure.width(&bead.label, font(unit.quiet || bead.quiet))
        });
        let number = sketch::number_width(&unit.number, false, measure);
        let number = number + badge::width(unit.badge, measure);
        before + number + BESIDE + beads.sum::<f32>() + after + 12.0
    };
    neighbours.map(width).fold(0.0, f32::max)
}

/// How far a message to oneself reaches from its lifeline.
pub(super) const LOOP: f32 = 40.0;

/// On which side of its lifeline a message to oneself hangs.
pub(super) fn loop_side(column: usize, columns: &Columns) -> Side {
    if column + 1 == columns.rails.len() && column > 0 { Side::Left } else { Side::Right }
}

/// Breaks the beads of an arrow into lines that fit: in reading order, a line filled before the
/// next begins.
pub(super) fn hang(unit: &Unit<'_>, columns: &Columns, measure: &dyn MeasureText) -> Lines {
    hang_in(unit, columns, false, measure)
}

/// The same; `whole` for labels that are not broken, however wide they are.
pub(super) fn hang_in(
    unit: &Unit<'_>,
    columns: &Columns,
    whole: bool,
    measure: &dyn MeasureText,
) -> Lines {
    let below = columns.form.hung_below;
    let (left, right) = if below {
        let (left, width) = columns.under(unit);
        (left, left + width)
    } else {
        room(unit, columns, measure)
    };
    let room = (right - left).max(0.0);
    // Below an arrow its number may stand before them.
    let lead = if below { crowd::lead(unit, columns, measure) } else { 0.0 };
    let shown = if unit.beads.len() > MOST_BEADS { MOST_BEADS - 1 } else { unit.beads.len() };
    let rest = unit.beads.get(shown).map(|next| Bead {
        label: format!("+{} more", unit.beads.len() - shown),
        style: Style::Clear,
        locked: false,
        generation: 1,
        ..next.clone()
    });
    let mut lines: Vec<Line> = Vec::new();
    for bead in unit.beads.iter().take(shown).chain(&rest) {
        let first = if lines.is_empty() { lead } else { 0.0 };
        let room_of = if whole { f32::INFINITY } else { room - first };
        let hung = Hung::new(bead, unit.quiet, room_of, measure);
        let height = hung.height();
        let before = if lines.len() == 1 { lead } else { 0.0 };
        match lines.last_mut() {
            Some(line) if before + line.width + GAP + hung.width <= room => {
                line.width += GAP + hung.width;
                line.height = line.height.max(height);
                line.beads.push(hung);
            }
            _ => lines.push(Line { width: hung.width, height, beads: vec![hung] }),
        }
    }
    let (tail, head) = columns.ends(unit);
    let note = wrap(measure, &unit.note, Type::Detail, room, 3);
    let widths = lines.iter().flat_map(|line| &line.beads).map(|bead| bead.width);
    let widest = widths.fold(0.0, f32::max);
    Lines {
        lines,
        span: (head - tail).abs(),
        widest,
        at: None,
        strung: Vec::new(),
        note,
        folded: unit.folded,
        lowered: below.then(|| crowd::lowered(unit)),
    }
}

/// Whether the beads of an arrow are read from the top and not as a row from left to right: it
/// comes down by the height of a bead at least.
pub(super) fn is_stair(tail: Point, head: Point) -> bool {
    head.y - tail.y >= HEIGHT
}

/// From which side the beads of an arrow are read: on one that comes down to the left the first
/// stands furthest to the right.
pub(super) fn reads_from(tail: Point, head: Point) -> Side {
    if head.x < tail.x && is_stair(tail, head) { Side::Right } else { Side::Left }
}

/// Draws the beads of an arrow that runs between two points; returns what each line covers.
pub(super) fn draw(
    sketch: &mut Sketch<'_>,
    unit: &Unit<'_>,
    lines: &Lines,
    columns: &Columns,
    (tail, head): (Point, Point),
) -> Vec<Rect> {
    let room = room(unit, columns, sketch.measure);
    let mut covered = Vec::new();
    for (number, line) in lines.lines.iter().enumerate() {
        let centre = lines.at.unwrap_or_else(|| centre(unit, line.width, columns, room));
        let centres = line.centres(centre, reads_from(tail, head));
        let centres = if lines.strung.is_empty() { &centres } else { &lines.strung };
        let below = lines.down(number, (head.y - tail.y).abs());
        let on_line = |x: f32| {
            let way = head.x - tail.x;
            let share = if way == 0.0 { 0.5 } else { (x - tail.x) / way };
            tail.towards(head, share).y + below
        };
        let mut all: Option<Rect> = None;
        for (bead, x) in line.beads.iter().zip(centres) {
            let rect = Rect::around(at(*x, on_line(*x)), bead.width, bead.height());
            bead::draw(sketch, bead, rect);
            all = Some(all.map_or(rect, |so_far| so_far.union(rect)));
        }
        covered.extend(all);
    }
    covered
}

/// What a line of beads is centred on.
fn centre(unit: &Unit<'_>, width: f32, columns: &Columns, (left, right): (f32, f32)) -> f32 {
    let (tail, head) = columns.ends(unit);
    if unit.from == unit.to {
        return match loop_side(unit.from, columns) {
            Side::Left => right - width / 2.0,
            Side::Right => left + width / 2.0,
        };
    }
    if unit.free != Free::Whole {
        return left.midpoint(right);
    }
    if unit.folded {
        return left + width / 2.0;
    }
    let low = left + width / 2.0;
    let wanted = if unit.lost() {
        // What is lost stays at its tail.
        if tail < head { low } else { right - width / 2.0 }
    } else if unit.received.is_some() {
        // Slanted arrows run side by side: their beads stay clear of each other in one column.
        tail.midpoint(head)
    } else {
        middle(unit, width, columns, (left, right))
    };
    wanted.clamp(low, (right - width / 2.0).max(low))
}

/// The middle of an arrow, or as near to it as one can get between two of the lifelines that it
/// passes: in the stretch nearest to its tail that is wide enough.
fn middle(unit: &Unit<'_>, width: f32, columns: &Columns, (left, right): (f32, f32)) -> f32 {
    let (tail, head) = columns.ends(unit);
    let middle = tail.midpoint(head);
    let (first, last) = (unit.from.min(unit.to), unit.from.max(unit.to));
    (first..last)
        .map(|column| {
            let clear = |at: usize| if at == first || at == last { 0.0 } else { BESIDE };
            let from = (columns.edge(column, Side::Right) + clear(column)).max(left);
            let to = (columns.edge(column + 1, Side::Left) - clear(column + 1)).min(right);
            (from, to)
        })
        .filter(|(from, to)| to - from >= width)
        .map(|(from, to)| middle.clamp(from + width / 2.0, to - width / 2.0))
        .min_by(|a, b| (a - tail).abs().total_cmp(&(b - tail).abs()))
        .unwrap_or(middle)
}

/// Draws what folds a conversation: a dashed block without heads, and under its beads what it
/// folds.
pub(super) fn block(
    sketch: &mut Sketch<'_>,
    unit: &Unit<'_>,
    lines: &Lines,
    columns: &Columns,
    y: f32,
) -> Rect {
    let about = About::Beat(unit.id);
    let (tail, head) = columns.ends(unit);
    let (top, bottom) = (y - lines.above(), y + lines.below(0.0));
    let rect = Rect::spanning(at(tail.min(head) + 4.0, top), at(tail.max(head) - 4.0, bottom));
    let plate = Shape::Plate { rect, radius: 4.0, outline: 1.2, dashed: true };
    sketch.add(plate, Style::Clear, about, Layer::Lines);
    let (left, _) = room(unit, columns, sketch.measure);
    let mut baseline = bottom - BLOCK - NOTE * lines.note.len() as f32 + 16.0;
    for line in &lines.note {
        let text = (Style::Dim, about);
        sketch.text(line, at(left, baseline), Align::Start, Type::Detail, text);
        baseline += NOTE;
    }
    rect
}
