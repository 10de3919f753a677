//! Free places for what is said of segments: on their arrows, and of what is lost beside its cross.

use super::board::Board;
use super::columns::Columns;
use super::placed::Measures;
use super::plan::Plan;
use super::rows::Rows;
use super::segments::{Kind, Tag};
use super::{bead, strands};
use crate::diagram::geometry::{Point, Rect, at};

/// From one place that is tried to the next.
const ALONG: f32 = 8.0;
/// From a cross to the bead beside it.
const BESIDE_CROSS: f32 = 12.0;
/// From one bead to the next on arrows that all but coincide, and at least.
const ROOMY: f32 = 24.0;
const CLOSE: f32 = 1.0;
/// From the ends of an arrow to the nearest bead.
const CLEAR: f32 = 30.0;

/// Places the tags of all arrows; those that find no room are left out and counted.
pub(super) fn place(rows: &mut Rows, measures: &Measures<'_>, board: &mut Board) {
    for unit in &measures.plan.units {
        let mut places = Vec::with_capacity(unit.tags.len());
        for tag in &unit.tags {
            let size = (bead::tag_width(tag, measures.measure), bead::HEIGHT);
            let ends = ends(tag, measures.plan, measures.columns, rows);
            let place = ends.and_then(|ends| free(tag, ends, size, board));
            if let Some(rect) = place {
                board.take(rect.grown(1.0));
            }
            if place.is_none() {
                rows.leave_out(&tag.label);
            }
            places.push(place);
        }
        rows.tags.push(places);
    }
}

/// Where the arrow of a tag begins and where it ends, or would have ended.
fn ends(tag: &Tag, plan: &Plan<'_>, columns: &Columns, rows: &Rows) -> Option<(Point, Point)> {
    let column = |actor: u16| plan.cast.iter().position(|at| *at == usize::from(actor));
    let ways = (column(tag.ways.0.0)?, column(tag.ways.1.0)?);
    let came = tag.received.filter(|came| *came > tag.sent);
    (ways.0 != ways.1).then(|| strands::line(ways, (tag.sent, came), columns, rows))
}

fn free(
    tag: &Tag,
    (tail, head): (Point, Point),
    (width, height): (f32, f32),
    board: &Board,
) -> Option<Rect> {
    let way = (head.x - tail.x).signum();
    let on_line = |x: f32| tail.towards(head, (x - tail.x) / (head.x - tail.x)).y;
    let span = (head.x - tail.x).abs();
    let around = |x: f32, down: f32| Rect::around(at(x.round(), on_line(x) + down), width, height);
    let is_free = |rect: &Rect| board.is_free(rect.grown(CLOSE));
    if tag.kind == Kind::Lost {
        let cross = tail.towards(head, strands::CUT);
        let beyond = cross.x + way * (BESIDE_CROSS + width / 2.0);
        let besides = [0.0, -8.0, 8.0]
            .map(|down| Rect::around(at(beyond.round(), cross.y + down), width, height));
        let (first, last) = (tail.x.min(head.x) + CLEAR / 2.0, tail.x.max(head.x) - CLEAR / 2.0);
        let inside = |rect: &Rect| first <= rect.left && rect.right <= last;
        if let Some(rect) = besides.into_iter().find(|rect| inside(rect) && is_free(rect)) {
            return Some(rect);
        }
    }
    let lost = tag.kind == Kind::Lost;
    let until = if lost { span * strands::CUT - BESIDE_CROSS } else { span - CLEAR };
    let (low, high) = (CLEAR + width / 2.0, until - width / 2.0);
    let wanted = match tag.kind {
        Kind::Burst => span * 0.3,
        Kind::Lost => high,
        Kind::Again | Kind::Answer | Kind::Message { .. } => span * 0.5,
    };
    let tries = (0..).map(|count| count as f32 * ALONG).take_while(|by| *by <= span);
    let tries: Vec<f32> = tries.flat_map(|by| [wanted + by, wanted - by]).collect();
    // Well apart from others where there is room for that.
    [ROOMY, CLOSE].into_iter().find_map(|room| {
        tries.iter().find_map(|far| {
            let inside = (low..=high).contains(far);
            let rect = around(tail.x + way * far, 0.0);
            let spared = Rect { left: rect.left - room, right: rect.right + room, ..rect };
            (inside && board.is_free(spared.grown(CLOSE))).then_some(rect)
        })
    })
}
