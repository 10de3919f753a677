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

/// Places what is said of losses: that is what one looks for, so it comes before beads.
pub(super) fn place_lost(rows: &mut Rows, measures: &Measures<'_>, board: &mut Board) {
    rows.tags = vec![Vec::new(); measures.plan.units.len()];
    place_some(rows, measures, board, Tag::is_lost);
}

/// Places the other tags of all arrows.
pub(super) fn place(rows: &mut Rows, measures: &Measures<'_>, board: &mut Board) {
    place_some(rows, measures, board, |tag| !tag.is_lost());
}

/// Places some of the tags; those that find no room are left out and named.
fn place_some(
    rows: &mut Rows,
    measures: &Measures<'_>,
    board: &mut Board,
    wanted: impl Fn(&Tag) -> bool,
) {
    for (at, unit) in measures.plan.units.iter().enumerate() {
        let mut places = rows.tags.get_mut(at).map(std::mem::take).unwrap_or_default();
        places.resize(unit.tags.len(), None);
        for (tag, placed) in unit.tags.iter().zip(&mut places).filter(|(tag, _)| wanted(tag)) {
            let size = (bead::tag_width(tag, measures.measure), bead::HEIGHT);
            let ends = ends(tag, measures.plan, measures.columns, rows);
            let place = ends.and_then(|ends| free(tag, ends, size, board));
            if let Some(rect) = place {
                board.take(rect.grown(1.0));
            }
            if place.is_none() {
                rows.leave_out(&tag.label);
            }
            *placed = place;
        }
        if let Some(own) = rows.tags.get_mut(at) {
            *own = places;
        }
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
