//! Windows beside the lanes: what flow control lets the sender of content send, over time. A curve
//! falls with what is sent and rises with what is allowed; where it is at its left edge, nothing
//! may be sent. Where time is only in order there are none.

use wirestage_dissectors::ids::Time;
use wirestage_dissectors::story::Story;
use wirestage_dissectors::story::lanes::Window;

use super::columns::Columns;
use super::plan::Plan;
use super::rows::Rows;
use super::sketch::Sketch;
use super::{silence, streams, wording};
use crate::diagram::geometry::{Rect, at};
use crate::diagram::scene::{About, Layer, Shape};
use crate::diagram::style::Style;

/// The width of a curve at its widest, and from one to the next.
const WIDTH: f32 = 64.0;
const EACH: f32 = 88.0;
/// Behind the last one.
const BEHIND: f32 = 8.0;
/// How many stand side by side in a picture of that width.
const ROOM: [(u32, usize); 2] = [(1_500, 3), (1_300, 2)];
/// What a connection's window must have been used of, to be worth a curve where nothing waited.
const WORTH: i64 = 2;
/// Steps that are nearer than this are one.
const FINE: f32 = 0.5;
/// The width of a curve's line, and of the mark of a window that is used up.
const LINE: f32 = 1.5;
const USED_UP: f32 = 4.0;

/// The windows of a picture.
pub(super) struct Windows<'a> {
    shown: Vec<&'a Window>,
}

impl<'a> Windows<'a> {
    /// Those of the side whose windows changed most: of the connection, and of lanes that had to
    /// wait.
    pub(super) fn of(story: &'a Story, plan: &Plan<'_>, width: u32) -> Option<Self> {
        let room = ROOM.iter().find(|(least, _)| width >= *least).map(|(_, count)| *count)?;
        if !plan.tracks.is_empty() || story.tracks.len() > 1 {
            return None;
        }
        let sender = story.windows.iter().max_by_key(|window| window.points.len())?.sender;
        let own = || story.windows.iter().filter(move |window| window.sender == sender);
        let waited = own().any(|window| window.held_up);
        let is_worth = |window: &&Window| {
            let least = window.points.iter().map(|(_, bytes)| *bytes).min();
            let used = least.is_some_and(|least| least <= window.most() / WORTH);
            if window.lane.is_some() { window.held_up } else { waited || used }
        };
        let shown: Vec<_> = own().filter(is_worth).take(room).collect();
        (!shown.is_empty()).then_some(Self { shown })
    }

    /// How wide they are together.
    pub(super) fn width(&self) -> f32 {
        self.shown.len() as f32 * EACH + BEHIND
    }

    /// Draws them from that left edge on, with their heads above `cards_end`.
    pub(super) fn draw(
        &self,
        sketch: &mut Sketch<'_>,
        columns: &Columns,
        rows: &Rows,
        cards_end: f32,
    ) {
        let (Some((_, right)), Some(span)) = (columns.streams, rows.span()) else { return };
        let mut left = right - self.width() + (EACH - WIDTH) / 2.0;
        streams::name(sketch, "Windows", left, cards_end);
        for window in &self.shown {
            let name = window.lane.map_or_else(|| "all".to_owned(), |lane| lane.to_string());
            let most = window.most().max(1);
            let size = wording::bytes(most.unsigned_abs());
            streams::head(sketch, left + WIDTH / 2.0, cards_end, [&name, "allowed", &size]);
            curve(sketch, (window, most), left, (rows, span));
            left += EACH;
        }
    }
}

/// Draws one, which was at most so much.
fn curve(
    sketch: &mut Sketch<'_>,
    (window, most): (&Window, i64),
    left: f32,
    (rows, (start, end)): (&Rows, (Time, Time)),
) {
    let wide = |bytes: i64| WIDTH * (bytes.clamp(0, most) as f64 / most as f64) as f32;
    let mut before: Option<f32> = None;
    for (top, bottom, bytes) in steps(window, rows, (start, end)) {
        let x = left + wide(bytes);
        if let Some(from) = before.filter(|from| (from - x).abs() > FINE) {
            let line = (at(from, top), at(x, top));
            sketch.line(line, LINE, false, Style::Flow, About::Nothing);
        }
        before = Some(x);
        for (top, bottom) in silence::around(rows, (top, bottom)) {
            // No gap shows between two steps.
            let rect = Rect::sized(left, top, x - left, bottom - top + FINE);
            let plate = Shape::Plate { rect, radius: 0.0, outline: 0.0, dashed: false };
            sketch.add(plate, Style::Card, About::Nothing, Layer::Lines);
            let line = (at(x, top), at(x, bottom));
            if bytes > 0 {
                sketch.line(line, LINE, false, Style::Flow, About::Nothing);
            } else {
                sketch.line(line, USED_UP, false, Style::Failure, About::Nothing);
            }
        }
    }
    for (top, bottom) in silence::around(rows, (rows.at(start), rows.at(end))) {
        let line = (at(left, top), at(left, bottom));
        sketch.line(line, 1.0, false, Style::Rail, About::Nothing);
    }
}

/// The steps: from where to where, and how many bytes.
fn steps(window: &Window, rows: &Rows, (start, end): (Time, Time)) -> Vec<(f32, f32, i64)> {
    let mut found: Vec<(f32, f32, i64)> = Vec::new();
    let first = (start, window.initial);
    let points: Vec<_> = [&first].into_iter().chain(&window.points).collect();
    for (place, (time, bytes)) in points.iter().enumerate() {
        let until = points.get(place + 1).map_or(end, |(next, _)| *next).min(end);
        if until < start || *time > end {
            continue;
        }
        let (top, bottom) = (rows.at((*time).max(start)), rows.at(until));
        match found.last_mut() {
            // Of changes that nobody can tell apart the lowest counts: there it may have waited.
            Some((first, last, before)) if bottom - *first < FINE => {
                (*last, *before) = (bottom, (*before).min(*bytes));
            }
            _ => found.push((top, bottom, *bytes)),
        }
    }
    found
}
