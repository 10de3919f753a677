//! Free places for what is said of segments: on their arrows, and of what is lost beside its cross.

use super::board::Board;
use super::bundles::{self, Bundles};
use super::columns::Columns;
use super::placed::Measures;
use super::plan::{Plan, Unit};
use super::rows::Rows;
use super::segments::{Kind, Tag};
use super::{bead, strands};
use crate::diagram::geometry::{Point, Rect, at};

/// From one place that is tried to the next.
const ALONG: f32 = 8.0;
/// From a cross to the bead beside it.
const BESIDE_CROSS: f32 = 12.0;
/// From one bead to the next on arrows that all but coincide, and at least.
pub(super) const ROOMY: f32 = 24.0;
const CLOSE: f32 = 1.0;
/// From a bead to the next one below it on such arrows.
const BELOW: f32 = 4.0;
/// From the ends of an arrow to the nearest bead.
pub(super) const CLEAR: f32 = 30.0;

/// Places what is said of losses: that is what one looks for, so it comes before beads.
pub(super) fn place_lost(
    rows: &mut Rows,
    measures: &Measures<'_>,
    bundles: &Bundles,
    board: &mut Board,
) {
    rows.tags = vec![Vec::new(); measures.plan.units.len()];
    place_some(rows, measures, (bundles, board), Tag::is_lost);
}

/// Places the other tags of all arrows.
pub(super) fn place(
    rows: &mut Rows,
    measures: &Measures<'_>,
    bundles: &Bundles,
    board: &mut Board,
) {
    place_some(rows, measures, (bundles, board), |tag| !tag.is_lost());
}

/// Places some of the tags; those that find no room are left out and named.
fn place_some(
    rows: &mut Rows,
    measures: &Measures<'_>,
    (bundles, board): (&Bundles, &mut Board),
    wanted: impl Fn(&Tag) -> bool,
) {
    for (at, unit) in measures.plan.units.iter().enumerate() {
        let mut places = rows.tags.get_mut(at).map(std::mem::take).unwrap_or_default();
        places.resize(unit.tags.len(), None);
        let lines: Vec<Option<Line>> =
            unit.tags.iter().map(|tag| line(tag, measures.plan, measures.columns, rows)).collect();
        let mut order: Vec<usize> = (0..unit.tags.len()).collect();
        order.sort_by_key(|tag| unit.tags.get(*tag).map(|tag| tag.sent));
        for (nth, tag_at) in order.iter().enumerate() {
            let Some(tag) = unit.tags.get(*tag_at).filter(|tag| wanted(tag)) else { continue };
            let own = lines.get(*tag_at).copied().flatten();
            let place = own.and_then(|own| {
                let near = |other: &&usize| {
                    let line = lines.get(**other).copied().flatten();
                    let is_wanted = unit.tags.get(**other).is_some_and(&wanted);
                    is_wanted && line.is_some_and(|line| line.is_beside(own))
                };
                let (before, behind) = order.split_at(nth);
                let behind = behind.get(1..).unwrap_or_default();
                let (before, behind) =
                    (before.iter().filter(near), behind.iter().filter(near).count());
                let share = (before.clone().count(), behind);
                // Those that left before it on all but the same line stand above it.
                let above = before.filter_map(|other| places.get(*other).copied().flatten());
                let floor = above.map(|(rect, _)| rect.centre().y + BELOW);
                let floor = floor.fold(f32::NEG_INFINITY, f32::max);
                let reach = rows.reach.get(at).copied().flatten();
                let bounds = between(unit, tag, reach, own.ends);
                let tells = matches!(tag.kind, Kind::Message { .. });
                let close = tells && bundles.lies_by_another(at, own.way, own.ends);
                let tries = [
                    (close, (bounds.0.max(floor), bounds.1)),
                    (close, ANYWHERE),
                    (false, ANYWHERE),
                ];
                tries.into_iter().find_map(|(numbered, between)| {
                    let number = numbered.then_some(unit.number.as_str());
                    let size = (bead::tag_width(tag, number, measures.measure), bead::HEIGHT);
                    let cut = strands::cut(unit, measures.columns, measures.measure);
                    let rect =
                        free(tag, (own.ends, cut), size, (share, (between, unit.lost())), board)?;
                    Some((rect, numbered))
                })
            });
            match place {
                Some((rect, _)) => board.take(rect.grown(1.0)),
                None => rows.leave_out(&tag.label),
            }
            if let Some(known) = places.get_mut(*tag_at) {
                *known = place;
            }
        }
        if let Some(own) = rows.tags.get_mut(at) {
            *own = places;
        }
    }
}

/// The arrow of a tag: between which columns, and where it begins and ends, or would have ended.
#[derive(Clone, Copy)]
struct Line {
    way: (usize, usize),
    ends: (Point, Point),
}

impl Line {
    /// Whether both all but coincide.
    fn is_beside(self, other: Self) -> bool {
        let near = |a: Point, b: Point| (a.y - b.y).abs() < bundles::NEAR;
        self.way == other.way && near(self.ends.0, other.ends.0) && near(self.ends.1, other.ends.1)
    }
}

/// Where the arrow of a tag begins and where it ends, or would have ended.
fn line(tag: &Tag, plan: &Plan<'_>, columns: &Columns, rows: &Rows) -> Option<Line> {
    let column = |actor: u16| plan.cast.iter().position(|at| *at == usize::from(actor));
    let way = (column(tag.ways.0.0)?, column(tag.ways.1.0)?);
    let came = tag.received.filter(|came| *came > tag.sent);
    (way.0 != way.1)
        .then(|| Line { way, ends: strands::line(way, (tag.sent, came), columns, rows) })
}

/// No bound to how high it stands.
const ANYWHERE: (f32, f32) = (f32::NEG_INFINITY, f32::INFINITY);

/// Between which heights a tag stands so that one reads it and the beads beside it in the order in
/// which they were sent.
fn between(
    unit: &Unit<'_>,
    tag: &Tag,
    reach: Option<(f32, f32)>,
    (tail, head): (Point, Point),
) -> (f32, f32) {
    let Some((highest, lowest)) = reach else { return ANYWHERE };
    let (floor, end) = (tail.y.min(head.y), tail.y.max(head.y));
    // Beads elsewhere are not read together with it.
    if lowest < floor - bundles::NEAR || highest > end + bundles::NEAR {
        return ANYWHERE;
    }
    let sent = || unit.beads.iter().map(|bead| bead.sent);
    match () {
        () if sent().all(|sent| tag.sent <= sent) => (ANYWHERE.0, highest - BELOW),
        () if sent().all(|sent| tag.sent >= sent) => (lowest + BELOW, ANYWHERE.1),
        () => ANYWHERE,
    }
}

fn free(
    tag: &Tag,
    ((tail, head), cut): ((Point, Point), f32),
    (width, height): (f32, f32),
    (share, (between, alone)): ((usize, usize), ((f32, f32), bool)),
    board: &Board,
) -> Option<Rect> {
    let way = (head.x - tail.x).signum();
    let on_line = |x: f32| tail.towards(head, (x - tail.x) / (head.x - tail.x)).y;
    let span = (head.x - tail.x).abs();
    let around = |x: f32, down: f32| Rect::around(at(x.round(), on_line(x) + down), width, height);
    let is_free = |rect: &Rect| board.is_free(rect.grown(CLOSE));
    let is_between = |rect: &Rect| {
        let y = rect.centre().y;
        between.0 <= y && y <= between.1
    };
    let lost = tag.kind == Kind::Lost;
    let until = if lost { span * cut - BESIDE_CROSS } else { span - CLEAR };
    let (low, high) = (CLEAR + width / 2.0, until - width / 2.0);
    let wanted = match tag.kind {
        Kind::Burst => span * 0.3,
        Kind::Lost => high,
        // All that coincide share it.
        Kind::Again | Kind::Answer | Kind::Message { .. } => {
            span * (share.0 as f32 + 0.5) / (share.0 + share.1 + 1) as f32
        }
    };
    let tries = (0..).map(|count| count as f32 * ALONG).take_while(|by| *by <= span);
    let tries: Vec<f32> = tries.flat_map(|by| [wanted + by, wanted - by]).collect();
    // Well apart from others where there is room for that.
    let found = [ROOMY, CLOSE].into_iter().find_map(|room| {
        tries.iter().find_map(|far| {
            let inside = (low..=high).contains(far);
            let rect = around(tail.x + way * far, 0.0);
            let spared = Rect { left: rect.left - room, right: rect.right + room, ..rect };
            (inside && is_between(&rect) && board.is_free(spared.grown(CLOSE))).then_some(rect)
        })
    });
    // Between its tail and its cross it lies on its own arrow; else it stands beside the cross.
    let beside = || {
        let cross = tail.towards(head, cut);
        let beyond = cross.x + way * (BESIDE_CROSS + width / 2.0);
        let besides = [0.0, -8.0, 8.0]
            .map(|down| Rect::around(at(beyond.round(), cross.y + down), width, height));
        let (first, last) = (tail.x.min(head.x) + CLEAR / 2.0, tail.x.max(head.x) - CLEAR / 2.0);
        let inside = |rect: &Rect| first <= rect.left && rect.right <= last;
        besides.into_iter().find(|rect| inside(rect) && is_free(rect))
    };
    match (lost, alone) {
        (true, true) => found.or_else(beside),
        // Of a burst the arrows that came need the room before the cross.
        (true, false) => beside().or(found),
        (false, _) => found,
    }
}
