//! What is to be placed, where an arrow is from top to bottom, and where what it changes is named
//! beside it.

use super::arrivals;
use super::columns::Columns;
use super::ends::End;
use super::form::Form;
use super::more::More;
use super::plan::{Plan, Unit};
use super::scale::Scale;
use super::steps::Sentence;
use super::strands::Strand;
use super::ties::Tie;
use super::{Axis, bead, beads, lifelines, margin, scopes};
use crate::diagram::measure::MeasureText;

/// From one state's label to the next.
pub(super) const LABEL: f32 = 16.0;
/// From one key to the next.
pub(super) const KEY: f32 = 24.0;
/// From the last key to what a program did.
pub(super) const BELOW_KEYS: f32 = 20.0;
/// From an arrow to the first key below it.
const FIRST_KEY: f32 = 20.0;
/// From an arrow with its beads to its states, where these stand between the lifelines.
const OVER: f32 = 5.0;
/// How far down a message to oneself comes back.
pub(super) const LOOP_DROP: f32 = 24.0;

/// What is to be placed, with its measures.
#[derive(Clone, Copy)]
pub(super) struct Measures<'p> {
    pub(super) plan: &'p Plan<'p>,
    /// How long nothing was seen before each arrow, where that was unusually long.
    pub(super) silences: &'p [Option<i64>],
    pub(super) lines: &'p [beads::Lines],
    pub(super) sentences: &'p [Option<Sentence>],
    /// The titles of the chapters.
    pub(super) titles: &'p [margin::Title],
    /// The titles of scopes above their first arrows.
    pub(super) scopes: &'p [scopes::Above],
    pub(super) axis: Axis,
    pub(super) scale: Scale,
    pub(super) form: Form,
    pub(super) columns: &'p Columns,
    pub(super) measure: &'p dyn MeasureText,
    /// The frames of each arrow, where time is to scale.
    pub(super) strands: &'p [Vec<Strand>],
    /// What was sent again, and what came in one go, there.
    pub(super) ties: &'p [Tie],
    pub(super) arrivals: &'p [arrivals::Bracket],
    /// Connections that went the same way as one that is told.
    pub(super) more: &'p More,
    /// Whether labels stand between the outermost lifelines.
    pub(super) inside: bool,
}

/// An arrow's place.
#[derive(Clone, Copy, Default)]
pub(super) struct Placed {
    /// Where it leaves.
    pub(super) tail: f32,
    /// Where it arrives.
    pub(super) head: f32,
    /// What the first line of its sentence is level with.
    pub(super) sentence: f32,
    /// How far its beads reach above its first line, and from its first line to its last.
    pub(super) above: f32,
    pub(super) further: f32,
    /// How far all of it reaches below its first line.
    pub(super) under: f32,
    /// Whether it slants so much that its labels must keep clear of it.
    pub(super) steep: bool,
    /// Where its labels found room, where it could not make any.
    pub(super) solved: Option<Solved>,
}

/// Where the labels of an arrow found room.
#[derive(Clone, Copy, Default)]
pub(super) struct Solved {
    /// How much further than usual its number stands from its tail.
    pub(super) number: Option<f32>,
    /// How far below the arrow its number stands, and whether its beads carry it as well.
    pub(super) lift: f32,
    pub(super) numbered: bool,
    /// What its beads are centred on, and whether it has none.
    pub(super) bead: Option<f32>,
    pub(super) bare: bool,
    /// How far they are folded together to find room.
    pub(super) fold: Fold,
    /// The first baseline of the states at its tail and its head, and the centre of the first key.
    pub(super) tail: (Option<f32>, Option<f32>),
    pub(super) head: (Option<f32>, Option<f32>),
    /// Whether the keys at its tail and its head have no room for their names, but for their signs.
    pub(super) unnamed: (bool, bool),
    /// Whether its sentence is left out.
    pub(super) untold: bool,
}

/// How far the beads of an arrow are folded together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Fold {
    /// As they hang where nothing else is in the way.
    #[default]
    Hung,
    /// Not at all, but each by itself somewhere along the arrow.
    Strung,
    /// The same, where those that neither ask nor answer are counted together.
    Voices,
    /// Neighbours under the same keys are one, with a count of the others.
    Runs,
    /// The one that speaks stands for all.
    Lead,
    /// The same, its label in several lines where lifelines are crowded.
    Broken,
}

impl Fold {
    /// Whether each bead stands by itself.
    pub(super) const fn is_strung(self) -> bool {
        matches!(self, Self::Strung | Self::Voices)
    }
}

impl End<'_> {
    /// How many lines stand above an arrow: keys, what programs did, then states.
    pub(super) fn lines(&self) -> usize {
        usize::from(self.idle.is_some()) + self.ready.len() + self.before.len() + self.states.len()
    }

    /// From the first to the last of what stands below an arrow: keys, then what programs did.
    pub(super) fn depth(&self) -> Option<f32> {
        let (keys, after) = (self.keys.len() as f32, self.after.len() as f32);
        match (self.keys.is_empty(), self.after.is_empty()) {
            (true, true) => None,
            (false, true) => Some((keys - 1.0) * KEY),
            (true, false) => Some((after - 1.0) * LABEL),
            (false, false) => Some((keys - 1.0) * KEY + BELOW_KEYS + (after - 1.0) * LABEL),
        }
    }
}

impl Placed {
    /// The first baseline of the states at one end of its arrow, and the centre of the first key.
    /// Nothing where they found no room.
    pub(super) fn places(
        self,
        unit: &Unit<'_>,
        at_tail: bool,
        inside: bool,
    ) -> (Option<f32>, Option<f32>) {
        match self.solved {
            Some(solved) if at_tail => solved.tail,
            Some(solved) => solved.head,
            None => {
                let (states, keys) = self.labels(unit, at_tail, inside);
                (Some(states), Some(keys))
            }
        }
    }

    /// The same where the arrow made room for them.
    pub(super) fn labels(self, unit: &Unit<'_>, at_tail: bool, inside: bool) -> (f32, f32) {
        let (end, y) = if at_tail { (&unit.tail, self.tail) } else { (&unit.head, self.head) };
        let lines = end.lines() as f32;
        let below = match () {
            () if unit.from == unit.to && inside => {
                y.max(self.tail + LOOP_DROP / 2.0 + self.under - bead::HEIGHT / 2.0)
            }
            () if unit.from == unit.to => y,
            // Between the lifelines they keep clear of beads, outside of heads only.
            () if inside || unit.folded => y + self.under - bead::HEIGHT / 2.0,
            () => y + self.further,
        };
        let refused = if unit.breaks() { 2.0 * lifelines::CROSS } else { 0.0 };
        let first_key = below + FIRST_KEY + refused;
        match (inside, self.steep, at_tail) {
            (false, ..) => (y - 8.0 - (lines - 1.0) * LABEL, first_key),
            (true, false, _) => (self.tail - self.above - OVER - (lines - 1.0) * LABEL, first_key),
            // A slanted arrow leaves the room above its tail free, and the room below its head.
            (true, true, true) => {
                let lowest_key = y - self.above - OVER - 4.0;
                let first_key = lowest_key - end.depth().unwrap_or_default();
                let hangs = end.depth().is_some();
                let states_end = if hangs { first_key - 12.0 } else { lowest_key + 4.0 };
                (states_end - (lines - 1.0) * LABEL, first_key)
            }
            (true, true, false) => (first_key, first_key + lines * LABEL),
        }
    }
}

/// How far labels between the lifelines reach above an arrow.
pub(super) fn labels_above(unit: &Unit<'_>, above: f32, steep: bool) -> f32 {
    let lines = |end: &End<'_>| end.lines() as f32 * LABEL;
    let hangs = unit.tail.depth().filter(|_| steep).map_or(0.0, |depth| depth + KEY);
    let tail = lines(&unit.tail) + hangs;
    let most = if steep { tail } else { tail.max(lines(&unit.head)) };
    above + if most > 0.0 { OVER + most } else { 0.0 }
}
