//! The frames of a flight, each an arrow of its own where time is to scale: a burst is a fan, for
//! the link spreads it.

use wirestage_dissectors::ids::Time;
use wirestage_dissectors::protocols::udp;
use wirestage_dissectors::story::{ActorId, Beat, BeatId, Level, Outcome, Story};

use super::bead::{self, Hung};
use super::columns::{BESIDE, Columns};
use super::messages::Bead;
use super::plan::{Plan, Unit};
use super::rows::Rows;
use super::segments::Kind;
use super::side::Side;
use super::sketch::{self, Sketch};
use super::{arrows, badge};
use crate::diagram::geometry::{Point, at};
use crate::diagram::measure::MeasureText;
use crate::diagram::scene::{About, Layer, Shape};
use crate::diagram::style::Style;

/// How much of its way is drawn of what was lost, and at most where its bead needs more.
const CUT: f32 = 0.5;
const FARTHEST_CUT: f32 = 0.8;
/// From a bead to the cross of what is lost.
pub(super) const BEFORE_CROSS: f32 = 10.0;

/// How much of its way is drawn of an arrow that was lost: half, or as much as its first bead needs
/// between the number and the cross.
pub(super) fn cut(unit: &Unit<'_>, columns: &Columns, measure: &dyn MeasureText) -> f32 {
    if !unit.lost() {
        // What came of it needs the rest of the way.
        return CUT;
    }
    let (tail, head) = columns.ends(unit);
    let before = columns.before_number
        + sketch::number_width(&unit.number, false, measure)
        + badge::width(unit.badge, measure)
        + BESIDE;
    let bead = |bead: &Bead| before + Hung::new(bead, unit.quiet, f32::INFINITY, measure).width;
    let bead = unit.beads.get(unit.lead).map(bead);
    let tags = unit.tags.iter().filter(|tag| tag.is_lost());
    let tags = tags.map(|tag| before + bead::tag_width(tag, None, measure));
    let widest = tags.chain(bead).fold(0.0, f32::max);
    let needed = (widest + BEFORE_CROSS + 6.0) / (head - tail).abs().max(1.0);
    needed.clamp(CUT, FARTHEST_CUT)
}

/// How much of its way is drawn before that where others that left with it are drawn there.
const STUB: f32 = 0.1;
/// Arrows nearer than this are one to the eye.
const SAME: f32 = 3.0;

/// One frame on its way.
pub(super) struct Strand {
    id: BeatId,
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) sent: Time,
    /// When the other end saw it, where that is known and it slants.
    pub(super) received: Option<Time>,
    pub(super) lost: bool,
    again: bool,
    /// Nothing that is told, as an acknowledgement alone, and whether it brought something about.
    quiet: bool,
    raised: bool,
    /// Whether it is the packet that the flight's own arrow would show.
    pub(super) leads: bool,
}

/// The frames of each arrow but the one that the arrow itself shows.
pub(super) fn of(story: &Story, plan: &Plan<'_>) -> Vec<Vec<Strand>> {
    plan.units.iter().map(|unit| of_flight(story, plan, unit)).collect()
}

fn of_flight(story: &Story, plan: &Plan<'_>, unit: &Unit<'_>) -> Vec<Strand> {
    if unit.beat.level != Level::Flight || unit.from == unit.to {
        return Vec::new();
    }
    let column = |actor: ActorId| plan.cast.iter().position(|at| *at == usize::from(actor.0));
    let messages = || {
        let children = story.children(Some(unit.id)).map(|(_, beat)| beat);
        children.filter(|beat| beat.level == Level::Message && beat.from == unit.beat.from)
    };
    // In a datagram lies what is told of it. What is told of a stream may lie in several segments.
    let is_empty = |packet: &Beat| {
        packet.protocol == udp::PROTOCOL_ID
            && packet.from == unit.beat.from
            && messages()
                .all(|one| !(one.sent.frame..=one.ended.frame).contains(&packet.sent.frame))
    };
    // What was lost or sent again is drawn over the arrow.
    let itself = |beat: &Beat| beat.sent == unit.beat.sent && beat.from == unit.beat.from;
    let strand = |(id, beat): (BeatId, &Beat)| {
        let (from, to) = (column(beat.from)?, column(beat.to)?);
        let received = beat.received.map(|moment| moment.time);
        Some(Strand {
            id,
            from,
            to,
            sent: beat.sent.time,
            received: received.filter(|time| {
                story.both_ends && (*time > beat.sent.time || beat.is_from_midway())
            }),
            lost: beat.outcome == Outcome::Lost,
            again: beat.outcome == Outcome::Repeated,
            quiet: beat.is_bare_acknowledgement() || is_empty(beat),
            raised: unit.tags.iter().any(|tag| tag.packet == id && tag.kind == Kind::Answer),
            leads: itself(beat),
        })
    };
    let packets = story.children(Some(unit.id)).filter(|(_, beat)| beat.level == Level::Packet);
    packets
        .filter(|(_, beat)| !(itself(beat) && beat.outcome == Outcome::Arrived))
        .filter_map(strand)
        .filter(|s| s.from != s.to)
        .collect()
}

impl Strand {
    /// Whether there is nothing to tell of it.
    pub(super) const fn carries_nothing(&self) -> bool {
        self.quiet && !self.raised
    }

    /// Whether one that arrived is drawn over all of its way.
    fn has_company(&self, others: &[Self], columns: &Columns, rows: &Rows) -> bool {
        let (from, to) = self.ends(columns, rows);
        let is_near = |a: Point, b: Point| (a.x - b.x).abs() < SAME && (a.y - b.y).abs() < SAME;
        others.iter().filter(|other| !other.lost).any(|other| {
            let (tail, head) = other.ends(columns, rows);
            is_near(from, tail) && is_near(to, head)
        })
    }

    /// Where it begins and where it ends, or would have ended.
    pub(super) fn ends(&self, columns: &Columns, rows: &Rows) -> (Point, Point) {
        line((self.from, self.to), (self.sent, self.received), columns, rows)
    }
}

/// Where a packet leaves and where it comes, or would have come.
pub(super) fn line(
    (from, to): (usize, usize),
    times: (Time, Option<Time>),
    columns: &Columns,
    rows: &Rows,
) -> (Point, Point) {
    let side = Side::towards(from, to);
    let (tail, head) = rows.ends((from, to), times);
    (at(columns.edge(from, side), tail), at(columns.edge(to, side.other()), head))
}

/// Draws the frames of one arrow.
pub(super) fn draw(
    sketch: &mut Sketch<'_>,
    (unit, strands): (&Unit<'_>, &[Strand]),
    columns: &Columns,
    rows: &Rows,
) {
    let far = cut(unit, columns, sketch.measure);
    for strand in strands {
        let about = About::Beat(strand.id);
        let (from, to) = strand.ends(columns, rows);
        let (style, width, layer) = match strand {
            Strand { lost: true, .. } => (Style::Failure, 1.5, Layer::Raised),
            Strand { again: true, .. } => (Style::Tcp, 2.2, Layer::Raised),
            Strand { raised: true, .. } => (Style::Tcp, 1.3, Layer::Raised),
            Strand { quiet: true, .. } => (Style::Faint, 0.7, Layer::Lines),
            _ => (Style::Flow, 1.0, Layer::Lines),
        };
        if strand.lost {
            let cut = from.towards(to, far);
            // Where others left with it, they go on under it: only its end is drawn over them.
            let begun = if strand.has_company(strands, columns, rows) {
                from.towards(to, far - STUB)
            } else {
                from
            };
            let line = Shape::Line { from: begun, to: cut, width, dashed: false };
            sketch.add(line, style, about, layer);
            sketch.add(Shape::Cross { centre: cut, arm: 6.0 }, style, about, layer);
        } else {
            arrows::headed(sketch, (from, to), (width, !strand.again), (style, about, layer));
        }
    }
}
