//! Bundles: arrows to scale that run so near each other that a bead on one of them lies on the
//! next, the same way or, where they are all but level, back and forth. Their beads stand in the
//! order of the packets from the top down, and each carries the number of its step, for nothing
//! else says whose it is.

use super::bead;
use super::beads;
use super::labels;
use super::placed::Measures;
use super::rows::Rows;
use crate::diagram::geometry::Point;

/// Arrows that are nearer than this at both of their ends are a bundle.
pub(super) const NEAR: f32 = bead::HEIGHT * 0.75;
/// The disc of a number lies on what is nearer to its arrow than this.
const UNDER_DISC: f32 = 11.0;
/// How far the disc of a number moves off an arrow so that it lies on that alone.
const LIFT: f32 = 8.5;

/// An arrow among those beside it.
#[derive(Clone, Copy, Default, Debug, PartialEq)]
pub(super) struct Member {
    /// Which bundle, which of it, and how many these are.
    bundle: usize,
    pub(super) at: usize,
    pub(super) of: usize,
    /// Whether one reads its beads from the top; else from left to right.
    pub(super) is_stair: bool,
    /// Whether a bead on it may lie on another arrow as well.
    pub(super) is_close: bool,
    /// How far the disc of its number stands off it, downwards.
    pub(super) lift: f32,
}

/// A line between two columns: how high it is at its left end and at its right one, and where it
/// leaves.
#[derive(Clone, Copy)]
struct Run {
    columns: (usize, usize),
    left: f32,
    right: f32,
    is_rightward: bool,
    tail: f32,
    is_stair: bool,
    unit: usize,
    /// Whether it is what beads hang on; else one frame of a burst.
    hangs: bool,
}

impl Run {
    fn new(way: (usize, usize), (tail, head): (Point, Point), unit: usize, hangs: bool) -> Self {
        let is_stair = beads::is_stair(tail, head);
        let is_rightward = head.x > tail.x;
        let (left, right) = if is_rightward { (tail.y, head.y) } else { (head.y, tail.y) };
        let columns = (way.0.min(way.1), way.0.max(way.1));
        Self { columns, left, right, is_rightward, tail: tail.y, is_stair, unit, hangs }
    }

    fn is_beside(&self, other: &Self) -> bool {
        let near = |a: f32, b: f32| (a - b).abs() < NEAR;
        self.columns == other.columns
            && near(self.left, other.left)
            && near(self.right, other.right)
    }
}

/// The arrows of a picture, each with its place in a bundle.
pub(super) struct Bundles {
    members: Vec<Member>,
    /// The arrows of each bundle, in the order of packets.
    bundles: Vec<Vec<usize>>,
    /// All lines, by their columns and from the top down.
    runs: Vec<Run>,
}

impl Bundles {
    pub(super) fn new(rows: &Rows, measures: &Measures<'_>) -> Self {
        let runs = runs(rows, measures);
        let mut members = vec![Member { of: 1, ..Member::default() }; measures.plan.units.len()];
        let mut bundles: Vec<Vec<usize>> = Vec::new();
        let hanging: Vec<&Run> = runs.iter().filter(|run| run.hangs).collect();
        for bundle in hanging.chunk_by(|a, b| a.is_beside(b)) {
            let is_stair = bundle.first().is_some_and(|run| run.is_stair);
            let mut bundle = bundle.to_vec();
            bundle.sort_by(|a, b| a.tail.total_cmp(&b.tail).then(a.unit.cmp(&b.unit)));
            for (at, run) in bundle.iter().enumerate() {
                let (before, behind) = bundle.split_at(at);
                let lies_under = |other: &&Run| {
                    let same = other.is_rightward == run.is_rightward && other.unit != run.unit;
                    same && (other.tail - run.tail).abs() < UNDER_DISC
                };
                let lift = match (before.iter().any(lies_under), behind.iter().any(lies_under)) {
                    (false, true) => -LIFT,
                    (true, false) => LIFT,
                    _ => 0.0,
                };
                if let Some(member) = members.get_mut(run.unit) {
                    let (bundle, of) = (bundles.len(), bundle.len());
                    *member = Member { bundle, at, of, is_stair, is_close: of > 1, lift };
                }
            }
            bundles.push(bundle.iter().map(|run| run.unit).collect());
        }
        let mut all = Self { members, bundles, runs };
        // The frames of another burst may lie there as well.
        let hanging = all.runs.iter().filter(|run| run.hangs);
        let by_another: Vec<(usize, bool)> =
            hanging.map(|run| (run.unit, all.is_by_another(*run))).collect();
        for (unit, is_by_another) in by_another {
            if let Some(member) = all.members.get_mut(unit) {
                member.is_close |= is_by_another;
            }
        }
        all
    }

    /// Whether the line of a packet that belongs to an arrow lies by another arrow.
    pub(super) fn lies_by_another(
        &self,
        unit: usize,
        way: (usize, usize),
        ends: (Point, Point),
    ) -> bool {
        self.is_by_another(Run::new(way, ends, unit, false))
    }

    fn is_by_another(&self, own: Run) -> bool {
        let Run { columns, left, unit, .. } = own;
        let first =
            self.runs.partition_point(|run| (run.columns, run.left) < (columns, left - NEAR));
        let near = self.runs.get(first..).unwrap_or_default().iter();
        let mut near = near.take_while(|run| run.columns == columns && run.left < left + NEAR);
        near.any(|run| run.unit != unit && run.is_beside(&own))
    }

    pub(super) fn member(&self, unit: usize) -> Member {
        self.members.get(unit).copied().unwrap_or_default()
    }

    /// The arrows of the bundle that an arrow belongs to: those before it, and those behind it.
    pub(super) fn others(&self, unit: usize) -> (&[usize], &[usize]) {
        let Member { bundle, at, .. } = self.member(unit);
        let all = self.bundles.get(bundle).map_or(&[][..], Vec::as_slice);
        if all.get(at) != Some(&unit) {
            return (&[], &[]);
        }
        (all.get(..at).unwrap_or_default(), all.get(at + 1..).unwrap_or_default())
    }
}

/// All lines that carry something, by their columns and from the top down.
fn runs(rows: &Rows, measures: &Measures<'_>) -> Vec<Run> {
    let mut runs = Vec::new();
    for (unit, one) in measures.plan.units.iter().enumerate() {
        if one.from == one.to {
            continue;
        }
        if let Some((tail, head)) = labels::ends(rows, unit, one, measures.columns) {
            let way = (one.from, one.to);
            runs.push(Run::new(way, (tail, head), unit, true));
        }
        let strands = measures.strands.get(unit).into_iter().flatten();
        for strand in strands.filter(|strand| !strand.carries_nothing()) {
            let (tail, head) = strand.ends(measures.columns, rows);
            let way = (strand.from, strand.to);
            runs.push(Run::new(way, (tail, head), unit, false));
        }
    }
    runs.sort_by(|a, b| {
        let order = a.columns.cmp(&b.columns).then(a.left.total_cmp(&b.left));
        order.then(a.unit.cmp(&b.unit))
    });
    runs
}
