//! Beads on a string: how the messages of a flight are broken into rows, and where they hang.

use wirestage_dissectors::story::BeatId;

use super::columns::{BEFORE_NUMBER, BESIDE, Columns, HEAD_ROOM, TAIL_ROOM};
use super::plan::{Bead, Free, Plan, Unit};
use super::sketch::{self, Sketch};
use crate::diagram::geometry::{Align, Point, Rect, at};
use crate::diagram::measure::{MeasureText, elide};
use crate::diagram::scene::{About, Layer, Shape};
use crate::diagram::style::{Style, Type};

/// The height of a bead, and of a quiet one.
const HEIGHT: f32 = 24.0;
const QUIET: f32 = 20.0;
/// From one bead to the next, and from one row of beads to the next.
const GAP: f32 = 8.0;
const ROW: f32 = 32.0;
/// Inside a bead, left and right of its text.
const PAD: f32 = 8.0;
/// A lock with the room behind it.
const LOCK: f32 = 16.0;
/// How many rows of beads an arrow carries before it says "+4 more".
const ROWS: usize = 5;

/// A bead with its place in the row.
pub(super) struct Hung {
    beat: BeatId,
    label: String,
    style: Style,
    locked: bool,
    repeated: bool,
    width: f32,
}

/// The beads of one arrow, in rows.
#[derive(Default)]
pub(super) struct Rows {
    pub(super) rows: Vec<Vec<Hung>>,
    /// From the arrow's tail to its head, sideways.
    span: f32,
}

impl Rows {
    /// How far the beads of an arrow reach below it that comes down by `drop` on its way.
    pub(super) fn below(&self, drop: f32) -> f32 {
        self.further(drop) + HEIGHT / 2.0
    }

    /// How far down further rows of beads go.
    pub(super) fn further(&self, drop: f32) -> f32 {
        self.rows.len().saturating_sub(1) as f32 * self.pitch(drop)
    }

    /// From one row to the next. On a slanted arrow the beads of a row stand at different
    /// heights, and the next row must clear the lowest.
    fn pitch(&self, drop: f32) -> f32 {
        ROW + 4.0 * self.sway(drop)
    }

    /// How much higher or lower beads stand that are a little off the middle.
    pub(super) fn sway(&self, drop: f32) -> f32 {
        let widths = self.rows.iter().flatten().map(|bead| bead.width);
        drop / self.span.max(1.0) * widths.fold(0.0, f32::max) / 4.0
    }
}

/// The stretch of an arrow that beads may hang on, from left to right.
fn room(unit: &Unit<'_>, columns: &Columns, measure: &dyn MeasureText) -> (f32, f32) {
    let (tail, head) = (columns.rail(unit.from), columns.rail(unit.to));
    if unit.from == unit.to {
        let (left, way) = beside(unit.from, columns);
        // The number lies between the loop and its beads.
        let number = sketch::number_width(&unit.number, false, measure) / 2.0 + BESIDE / 2.0;
        let start = tail + way * (LOOP + number);
        let width = columns.label_width(unit.from, left) - LOOP - number;
        let end = start + way * width.max(LEAST);
        return (start.min(end), start.max(end));
    }
    let way = (head - tail).signum();
    let number = sketch::number_width(&unit.number, false, measure);
    let tail_room = BEFORE_NUMBER + number + BESIDE;
    let head_room = if unit.both_ways { tail_room } else { HEAD_ROOM };
    let (first, last) = (tail + way * tail_room, head - way * head_room);
    let middle = tail.midpoint(head);
    let (first, last) = match unit.free {
        Free::Whole => (first, last),
        Free::Tail => (first, middle - way * BESIDE),
        Free::Head => (middle + way * BESIDE, last),
    };
    (first.min(last), first.max(last))
}

/// How far apart neighbouring lifelines must be for all beads between them to hang in one row.
pub(super) fn one_row(plan: &Plan<'_>, measure: &dyn MeasureText) -> f32 {
    let neighbours = plan.units.iter().filter(|unit| unit.from.abs_diff(unit.to) == 1);
    let width = |unit: &Unit<'_>| {
        let beads = unit.beads.iter().map(|bead| {
            let around = 2.0 * PAD + GAP + if bead.locked { LOCK } else { 0.0 };
            around + measure.width(&bead.label, font(unit))
        });
        TAIL_ROOM + beads.sum::<f32>() + HEAD_ROOM
    };
    neighbours.map(width).fold(0.0, f32::max)
}

/// The least room for beads.
const LEAST: f32 = 48.0;

/// How far a message to oneself reaches from its lifeline.
pub(super) const LOOP: f32 = 40.0;

/// Whether a message to oneself hangs on the left of its lifeline.
pub(super) fn beside(column: usize, columns: &Columns) -> (bool, f32) {
    let last = column + 1 == columns.rails.len() && column > 0;
    (last, if last { -1.0 } else { 1.0 })
}

/// Breaks the beads of an arrow into rows that fit.
pub(super) fn hang(unit: &Unit<'_>, columns: &Columns, measure: &dyn MeasureText) -> Rows {
    let (left, right) = room(unit, columns, measure);
    let room = (right - left).max(0.0);
    let font = font(unit);
    let mut rows: Vec<Vec<Hung>> = Vec::new();
    let mut used = 0.0;
    for bead in &unit.beads {
        let hung = Hung::new(bead, font, room, measure);
        match rows.last_mut() {
            Some(row) if used + GAP + hung.width <= room => {
                used += GAP + hung.width;
                row.push(hung);
            }
            _ => {
                used = hung.width;
                rows.push(vec![hung]);
            }
        }
    }
    if rows.len() > ROWS {
        count_the_rest(unit, &mut rows, font, room, measure);
    }
    let span = (columns.rail(unit.to) - columns.rail(unit.from)).abs();
    Rows { rows, span }
}

fn font(unit: &Unit<'_>) -> Type {
    if unit.quiet { Type::State } else { Type::Bead }
}

/// Keeps the rows that are shown; the last place goes to the count of all that is not.
fn count_the_rest(
    unit: &Unit<'_>,
    rows: &mut Vec<Vec<Hung>>,
    font: Type,
    room: f32,
    measure: &dyn MeasureText,
) {
    rows.truncate(ROWS);
    let mut shown: usize = rows.iter().map(Vec::len).sum();
    let Some(row) = rows.last_mut() else { return };
    loop {
        let Some(next) = unit.beads.get(shown) else { return };
        let label = format!("+{} more", unit.beads.len() - shown);
        let rest = Bead { label, style: Style::Clear, locked: false, ..next.clone() };
        let rest = Hung::new(&rest, font, room, measure);
        let used: f32 = row.iter().map(|bead| bead.width + GAP).sum();
        if used + rest.width <= room || row.is_empty() {
            row.push(rest);
            return;
        }
        row.pop();
        shown -= 1;
    }
}

impl Hung {
    fn new(bead: &Bead, font: Type, room: f32, measure: &dyn MeasureText) -> Self {
        let around = 2.0 * PAD + if bead.locked { LOCK } else { 0.0 };
        let label = elide(measure, &bead.label, font, room - around).into_owned();
        let width = around + measure.width(&label, font);
        let Bead { beat, style, locked, repeated, .. } = *bead;
        Self { beat, label, style, locked, repeated, width }
    }
}

/// Draws the beads of an arrow that runs between two points.
pub(super) fn draw(
    sketch: &mut Sketch<'_>,
    unit: &Unit<'_>,
    rows: &Rows,
    columns: &Columns,
    (tail, head): (Point, Point),
) -> Option<Rect> {
    let (left, right) = room(unit, columns, sketch.measure);
    let height = if unit.quiet { QUIET } else { HEIGHT };
    let mut covered: Option<Rect> = None;
    for (number, row) in rows.rows.iter().enumerate() {
        let width = row.iter().map(|bead| bead.width + GAP).sum::<f32>() - GAP;
        let centre = if unit.from == unit.to {
            if left < tail.x { right - width / 2.0 } else { left + width / 2.0 }
        } else if unit.free != Free::Whole {
            left.midpoint(right)
        } else {
            let low = left + width / 2.0;
            let wanted = middle(unit, width, columns, (left, right));
            wanted.clamp(low, (right - width / 2.0).max(low))
        };
        let start = (centre - width / 2.0).round();
        let below = number as f32 * rows.pitch((head.y - tail.y).abs());
        let on_line = |x: f32| {
            let way = head.x - tail.x;
            let share = if way == 0.0 { 0.5 } else { (x - tail.x) / way };
            tail.towards(head, share).y + below
        };
        if number > 0 && row.len() > 1 {
            // The string that further rows hang on.
            let (a, b) = (start + PAD, start + width - PAD);
            let line = (at(a, on_line(a)), at(b, on_line(b)));
            sketch.line(line, 1.0, false, Style::Flow, About::Beat(unit.id));
        }
        let mut x = start;
        for bead in row {
            let centre = at(x + bead.width / 2.0, on_line(x + bead.width / 2.0));
            let rect = Rect::around(centre, bead.width, height);
            self::bead(sketch, bead, rect, font(unit));
            covered = Some(covered.map_or(rect, |so_far| so_far.union(rect)));
            x += bead.width + GAP;
        }
    }
    covered
}

/// What a row of beads is centred on: the middle of its arrow, or of the stretch between two of
/// the lifelines that the arrow passes, where one is wide enough. What is lost stays at its tail.
fn middle(unit: &Unit<'_>, width: f32, columns: &Columns, (left, right): (f32, f32)) -> f32 {
    let (tail, head) = (columns.rail(unit.from), columns.rail(unit.to));
    if unit.lost() {
        return if tail < head { left + width / 2.0 } else { right - width / 2.0 };
    }
    let middle = tail.midpoint(head);
    if unit.received.is_some() {
        // Slanted arrows run side by side: their beads stay clear of each other in one column.
        return middle;
    }
    let (first, last) = (unit.from.min(unit.to), unit.from.max(unit.to));
    (first..last)
        .map(|column| {
            let clear = |at: usize| if at == first || at == last { 0.0 } else { BESIDE };
            let from = (columns.rail(column) + clear(column)).max(left);
            let to = (columns.rail(column + 1) - clear(column + 1)).min(right);
            (from, to)
        })
        .filter(|(from, to)| to - from >= width)
        .map(|(from, to)| middle.clamp(from + width / 2.0, to - width / 2.0))
        .min_by(|a, b| (a - middle).abs().total_cmp(&(b - middle).abs()))
        .unwrap_or(middle)
}

/// Draws one bead: a frame, a lock where it is sealed, its label.
fn bead(sketch: &mut Sketch<'_>, bead: &Hung, rect: Rect, font: Type) {
    let about = About::Beat(bead.beat);
    let radius = if bead.locked { rect.height() / 2.0 } else { 5.0 };
    let plate = Shape::Plate { rect, radius, outline: 1.3, dashed: bead.repeated };
    sketch.add(plate, bead.style, about, Layer::Front);
    let mut x = rect.left + PAD;
    let middle = rect.centre().y;
    if bead.locked {
        let origin = at(x, middle - 6.0);
        sketch.add(Shape::Lock { origin, scale: 1.0 }, bead.style, about, Layer::Front);
        x += LOCK;
    }
    let origin = at(x, middle + font.cap_height() / 2.0);
    sketch.text(&bead.label, origin, Align::Start, font, (Style::Ink, about));
}

/// Draws one bead by itself, for the legend.
pub(super) fn sample(sketch: &mut Sketch<'_>, left: f32, middle: f32, style: Style) {
    let Some(label) = style.legend() else { return };
    let width = sample_width(sketch, style);
    let rect = Rect::sized(left, middle - HEIGHT / 2.0, width, HEIGHT);
    let first = sketch.marks.len();
    let sample = Hung {
        beat: BeatId(u32::MAX),
        label: label.to_owned(),
        style,
        locked: sealed(style),
        repeated: false,
        width,
    };
    bead(sketch, &sample, rect, Type::Bead);
    sketch.about(first, About::Legend(style));
}

/// How wide a bead of the legend is.
pub(super) fn sample_width(sketch: &Sketch<'_>, style: Style) -> f32 {
    let label = sketch.measure.width(style.legend().unwrap_or_default(), Type::Bead);
    label + 2.0 * PAD + if sealed(style) { LOCK } else { 0.0 }
}

/// Whether a style means that a message travelled sealed.
fn sealed(style: Style) -> bool {
    !matches!(style, Style::Tcp | Style::Clear | Style::Failure)
}
