//! The frames of a flight, each an arrow of its own where time is to scale: a burst is a fan, for
//! the link spreads it.

use wirestage_dissectors::ids::Time;
use wirestage_dissectors::story::{ActorId, Beat, BeatId, Level, Outcome, Story};

use super::arrows;
use super::columns::Columns;
use super::plan::{Plan, Unit};
use super::rows::Rows;
use super::sketch::Sketch;
use crate::diagram::geometry::{Point, at};
use crate::diagram::scene::{About, Layer, Shape};
use crate::diagram::style::Style;

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
    /// A bare acknowledgement.
    quiet: bool,
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
            received: received.filter(|time| story.both_ends && *time > beat.sent.time),
            lost: beat.outcome == Outcome::Lost,
            again: beat.outcome == Outcome::Repeated,
            quiet: beat.is_bare_acknowledgement(),
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
    /// Where it begins and where it ends, or would have ended.
    pub(super) fn ends(&self, columns: &Columns, rows: &Rows) -> (Point, Point) {
        let right = self.to > self.from;
        let (from, to) = (columns.edge(self.from, right), columns.edge(self.to, !right));
        let (tail, head) = rows.ends((self.from, self.to), (self.sent, self.received));
        (at(from, tail), at(to, head))
    }
}

/// Draws the frames of one arrow.
pub(super) fn draw(sketch: &mut Sketch<'_>, strands: &[Strand], columns: &Columns, rows: &Rows) {
    for strand in strands {
        let about = About::Beat(strand.id);
        let (from, to) = strand.ends(columns, rows);
        let (style, width) = match strand {
            Strand { lost: true, .. } => (Style::Failure, 1.5),
            Strand { again: true, .. } => (Style::Flow, 2.2),
            Strand { quiet: true, .. } => (Style::Faint, 0.7),
            _ => (Style::Flow, 1.0),
        };
        if strand.lost {
            let cut = from.towards(to, 0.5);
            let line = Shape::Line { from, to: cut, width, dashed: false };
            sketch.add(line, style, about, Layer::Raised);
            sketch.add(Shape::Cross { centre: cut, arm: 6.0 }, style, about, Layer::Raised);
        } else {
            arrows::headed(sketch, (from, to), (width, !strand.again), (style, about));
        }
    }
}
