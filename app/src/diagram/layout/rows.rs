//! Where everything is from top to bottom: one pass over what was sent and what arrived.
//!
//! ```text
//!   floor ─ ─ ─ ─ ─ ─ ─ ─   nothing of this arrow may stand above
//!          above            states beside its ends
//!   tail  ●───[bead]───>    head, further down where the arrow slants
//!          below            keys, further rows of beads
//!   floor ─ ─ ─ ─ ─ ─ ─ ─   for the next one
//! ```

use wirestage_dissectors::ids::Time;
use wirestage_dissectors::story::Level;

use super::beads;
use super::plan::{End, Plan, Unit};
use super::steps::Sentence;
use super::{Axis, scale::Scale};

/// From one state's label to the next.
pub(super) const LABEL: f32 = 16.0;
/// From one key to the next.
pub(super) const KEY: f32 = 24.0;
/// From an arrow to the first key below it.
pub(super) const FIRST_KEY: f32 = 20.0;
/// From a band's top to its first arrow, and from its last arrow to its end.
const BAND_TOP: f32 = 48.0;
const BAND_END: f32 = 24.0;
/// Between two bands.
const BAND_GAP: f32 = 4.0;
/// From one arrow to the next, where nothing asks for more.
const PITCH: f32 = 72.0;
/// The same between the messages of one flight, and where one is quiet.
const CLOSE: f32 = 40.0;
/// How far an arrow slants where the way down means order only.
const DROP: f32 = 96.0;
/// From one of two parallel arrows to the other.
const PARALLEL: f32 = 40.0;
/// The height of a chapter's title with its cost.
const TITLE: f32 = 96.0;

/// Everything's place from top to bottom.
pub(super) struct Rows {
    /// By arrow.
    pub(super) placed: Vec<Placed>,
    /// The top and the end of each chapter's band.
    pub(super) bands: Vec<(f32, f32)>,
    /// Silences that were cut short: where, and how long they were.
    pub(super) gaps: Vec<Gap>,
    /// Which time is where, in order.
    pub(super) knots: Vec<(Time, f32)>,
    /// Where the last band ends.
    pub(super) end: f32,
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
}

/// A silence that was cut short.
pub(super) struct Gap {
    pub(super) y: f32,
    pub(super) nanos: i64,
    /// Whether nothing was under way, so that it may be marked across the picture.
    pub(super) silent: bool,
}

/// What is to be placed, with its measures.
pub(super) struct Measures<'p> {
    pub(super) plan: &'p Plan<'p>,
    pub(super) beads: &'p [beads::Rows],
    pub(super) sentences: &'p [Option<Sentence>],
    pub(super) axis: Axis,
    pub(super) scale: Scale,
}

struct Pass<'p> {
    measures: &'p Measures<'p>,
    rows: Rows,
    /// The last event: when and where.
    last: Option<(Time, f32)>,
    /// What the next arrow may not reach above.
    floor: f32,
    /// What the next sentence may not reach above.
    text_floor: f32,
    /// What the next label of each column may not reach above.
    label_floor: Vec<f32>,
    /// Arrows under way: when they arrive, in order.
    under_way: Vec<(Time, usize)>,
    previous: Option<usize>,
}

impl Rows {
    pub(super) fn new(top: f32, measures: &Measures<'_>) -> Self {
        let units = measures.plan.units.len();
        let mut pass = Pass {
            measures,
            rows: Self {
                placed: vec![Placed::default(); units],
                bands: Vec::new(),
                gaps: Vec::new(),
                knots: Vec::new(),
                end: top,
            },
            last: None,
            floor: top,
            text_floor: top,
            label_floor: vec![top; measures.plan.cast.len()],
            under_way: Vec::new(),
            previous: None,
        };
        for chapter in &measures.plan.chapters {
            pass.chapter(chapter.units.clone(), chapter.beat.is_some());
        }
        pass.rows
    }
}

impl Pass<'_> {
    fn chapter(&mut self, units: std::ops::Range<usize>, titled: bool) {
        let first_band = self.rows.bands.is_empty();
        let top = self.rows.end + if first_band { 0.0 } else { BAND_GAP };
        self.floor = top + PAD_TOP;
        self.text_floor = top + PAD_TOP - 4.0;
        self.label_floor.fill(top + PAD_TOP);
        self.previous = None;
        for index in units {
            let Some(unit) = self.measures.plan.units.get(index) else { continue };
            self.arrive_until(unit.beat.sent.time);
            if !self.may_share_the_air(unit) {
                self.arrive_until(Time(i64::MAX));
            }
            self.send(index, unit, top);
        }
        self.arrive_until(Time(i64::MAX));
        let labels = self.label_floor.iter().copied().fold(self.floor, f32::max);
        let title = top + if titled { TITLE } else { 0.0 };
        let end = (labels + BAND_END).max(self.text_floor - SENTENCE_GAP + BAND_END).max(title);
        self.rows.bands.push((top, end));
        self.rows.end = end.ceil();
    }

    /// Places an arrow's tail, and its head too where it is level.
    fn send(&mut self, index: usize, unit: &Unit<'_>, band: f32) {
        let time = unit.beat.sent.time;
        let slant = unit.received.map(|arrival| self.drop(arrival.since(time)));
        let steep = slant.is_some_and(|drop| drop >= MIN_SLANT);
        let mut y = self.after(time);
        y = y.max(match self.previous {
            None if steep && !self.cut(time) => band + PAD_TOP + 4.0,
            None => band + BAND_TOP,
            Some(previous) => self.below(previous, unit, steep),
        });
        y = y.max(self.labels(unit.from, &unit.tail));
        if !steep {
            y = y.max(self.labels(unit.to, &unit.head));
        }
        y = y.max(self.passed(unit, steep));
        if let Some(Some(_)) = self.measures.sentences.get(index) {
            y = y.max(self.text_floor + SENTENCE_ABOVE - lowered(steep));
        }
        let states = unit.tail.states.len().max(unit.head.states.len()) as f32 * LABEL;
        if self.cut(time) && self.under_way.is_empty() {
            // The silence is marked across the picture, below and above all labels.
            let labels = self.label_floor.iter().copied().fold(0.0, f32::max);
            y = y.max(labels + states + 32.0);
        }
        let y = y.round();
        self.event(time, y, Some(states).filter(|_| self.under_way.is_empty()));
        self.gain(unit.from, &unit.tail, y);
        if let Some(Some(sentence)) = self.measures.sentences.get(index) {
            let start = y + lowered(steep) - SENTENCE_ABOVE;
            self.text_floor = start + sentence.height() + SENTENCE_GAP;
        }
        let below = self.measures.beads.get(index).map_or(0.0, |rows| {
            let drop = slant.unwrap_or_default();
            let looped = if unit.from == unit.to { LOOP_DROP / 2.0 } else { 0.0 };
            rows.below(drop) + drop + looped
        });
        if let Some(placed) = self.rows.placed.get_mut(index) {
            let sentence = y + lowered(steep);
            *placed = Placed { tail: y, head: y + slant.unwrap_or_default(), sentence };
            if unit.from == unit.to {
                placed.head = y + LOOP_DROP;
            }
        }
        match unit.received {
            Some(arrival) if steep => {
                let at = self.under_way.partition_point(|(time, _)| *time <= arrival);
                self.under_way.insert(at, (arrival, index));
            }
            _ => {
                let head = self.placed(index).head;
                self.gain(unit.to, &unit.head, head);
                self.floor = self.floor.max(y + below).max(head + 12.0);
            }
        }
        self.previous = Some(index);
    }

    /// Whether an arrow may be sent while others are under way. That is drawn where a reader can
    /// tell them apart: side by side between the same two lifelines, or one against another.
    /// Else it waits until they have arrived.
    fn may_share_the_air(&self, unit: &Unit<'_>) -> bool {
        let flying = |index: usize| self.under_way.iter().any(|(_, other)| *other == index);
        let ways = self.under_way.iter().filter_map(|(_, index)| {
            let other = self.measures.plan.units.get(*index)?;
            Some((other.from, other.to))
        });
        let slant = unit.received.map(|arrival| self.drop(arrival.since(unit.beat.sent.time)));
        let steep = slant.is_some_and(|drop| drop >= MIN_SLANT);
        let alone = self.under_way.len() == 1;
        let beside = |way| way == (unit.from, unit.to) || (alone && way == (unit.to, unit.from));
        self.under_way.is_empty()
            || (steep && self.previous.is_some_and(flying) && ways.into_iter().all(beside))
    }

    /// The highest place below the previous arrow.
    fn below(&self, previous: usize, unit: &Unit<'_>, steep: bool) -> f32 {
        let Some(before) = self.measures.plan.units.get(previous) else { return self.floor };
        let placed = self.placed(previous);
        let flying = self.under_way.iter().any(|(_, index)| *index == previous);
        let extra = self.extra(previous);
        if steep && flying {
            let against = (before.from, before.to) == (unit.to, unit.from);
            return if against { placed.tail } else { placed.tail + self.beside(previous) };
        }
        let answers = (before.from, before.to) == (unit.to, unit.from);
        if steep && answers && extra == 0.0 && placed.head - placed.tail >= MIN_SLANT {
            return placed.head + 4.0;
        }
        let small = unit.quiet || before.quiet;
        let pitch = match self.measures.axis {
            Axis::Order if small || self.siblings(before, unit) => CLOSE,
            Axis::Order => PITCH,
            Axis::Time => 0.0,
        };
        (self.floor + 20.0).max(placed.tail.max(placed.head) + pitch)
    }

    /// Whether two arrows are parts of one flight.
    fn siblings(&self, a: &Unit<'_>, b: &Unit<'_>) -> bool {
        a.beat.level >= Level::Message && a.beat.parent.is_some() && a.beat.parent == b.beat.parent
    }

    /// Places the heads of all arrows that arrive by then.
    fn arrive_until(&mut self, time: Time) {
        let ready = self.under_way.partition_point(|(arrival, _)| *arrival <= time);
        let arrived: Vec<_> = self.under_way.drain(..ready).collect();
        for (arrival, index) in arrived {
            let Some(unit) = self.measures.plan.units.get(index) else { continue };
            let tail = self.placed(index).tail;
            let least = match self.measures.axis {
                Axis::Order => tail + DROP,
                Axis::Time => tail + MIN_SLANT,
            };
            let parallel = self
                .rows
                .placed
                .get(..index)
                .and_then(<[Placed]>::last)
                .filter(|_| self.same_way(index))
                .map_or(0.0, |before| before.head + self.beside(index - 1));
            let y = self
                .after(arrival)
                .max(least)
                .max(parallel)
                .max(self.labels(unit.to, &unit.head))
                .round();
            self.event(arrival, y, None);
            self.gain(unit.to, &unit.head, y);
            if let Some(placed) = self.rows.placed.get_mut(index) {
                placed.head = y;
            }
            self.floor = self.floor.max(y + 12.0 + self.extra(index));
        }
    }

    /// Whether an arrow goes the way of the one before it.
    fn same_way(&self, index: usize) -> bool {
        let units = &self.measures.plan.units;
        let pair =
            index.checked_sub(1).and_then(|before| Some((units.get(before)?, units.get(index)?)));
        pair.is_some_and(|(a, b)| (a.from, a.to) == (b.from, b.to) && a.received.is_some())
    }

    fn placed(&self, index: usize) -> Placed {
        self.rows.placed.get(index).copied().unwrap_or_default()
    }

    /// What further rows of beads add.
    fn extra(&self, index: usize) -> f32 {
        let Placed { tail, head, .. } = self.placed(index);
        self.measures.beads.get(index).map_or(0.0, |rows| rows.further(head - tail))
    }

    /// From an arrow to one that runs beside it.
    fn beside(&self, index: usize) -> f32 {
        let Placed { tail, head, .. } = self.placed(index);
        let sway = self.measures.beads.get(index).map_or(0.0, |rows| rows.sway(head - tail));
        PARALLEL + sway + self.extra(index)
    }

    /// How far an arrow slants that takes so long.
    fn drop(&self, nanos: i64) -> f32 {
        match self.measures.axis {
            Axis::Order => DROP,
            Axis::Time => self.measures.scale.advance(nanos).0,
        }
    }

    /// Where an event may stand at the earliest, for the time that passed since the last one.
    fn after(&self, time: Time) -> f32 {
        match (self.last, self.measures.axis) {
            (Some((last, y)), Axis::Time) => y + self.measures.scale.advance(time.since(last)).0,
            (Some((_, y)), Axis::Order) if !self.under_way.is_empty() => y + 4.0,
            _ => 0.0,
        }
    }

    /// Notes that something happened there. Where nothing was under way before it, the silence is
    /// marked across the picture: below all labels so far, and above those that come with it.
    fn event(&mut self, time: Time, y: f32, labels: Option<f32>) {
        if let Some((last, above)) = self.last.filter(|_| self.cut(time)) {
            let lowest = self.label_floor.iter().copied().fold(above, f32::max);
            let middle = match labels {
                Some(height) => lowest.midpoint(y - height),
                None => above.midpoint(y),
            };
            let gap = Gap { y: middle, nanos: time.since(last), silent: labels.is_some() };
            self.rows.gaps.push(gap);
        }
        let time = self.last.map_or(time, |(last, _)| last.max(time));
        self.last = Some((time, y));
        self.rows.knots.push((time, y));
    }

    /// Where an arrow may end at the earliest for its states to have room above.
    fn labels(&self, column: usize, end: &End<'_>) -> f32 {
        let floor = self.label_floor.get(column).copied().unwrap_or_default();
        match (end.states.len(), end.keys.len()) {
            (0, 0) => 0.0,
            (0, _) => floor - 8.0,
            (states, _) => floor + 8.0 + states as f32 * LABEL,
        }
    }

    /// Takes up the room for what is gained at the end of an arrow.
    fn gain(&mut self, column: usize, end: &End<'_>, y: f32) {
        if let Some(floor) = self.label_floor.get_mut(column) {
            let keys = end.keys.len() as f32;
            *floor = if end.keys.is_empty() {
                floor.max(y)
            } else {
                floor.max(y + FIRST_KEY + (keys - 1.0) * KEY + 12.0)
            };
        }
    }

    /// Where an arrow may leave at the earliest for the labels of the lifelines between, which
    /// stand on either side of these, to be above it.
    fn passed(&self, unit: &Unit<'_>, steep: bool) -> f32 {
        let last = self.label_floor.len().saturating_sub(1);
        let (low, mut high) = (unit.from.min(unit.to), unit.from.max(unit.to));
        if unit.from == unit.to {
            // The beads of a message to oneself reach to the next lifeline's labels.
            high += 1;
        }
        let inner = (low.max(1)..=high).take_while(|column| *column < last);
        let answers = self.previous.and_then(|at| self.measures.plan.units.get(at));
        let answers =
            answers.filter(|before| steep && (before.from, before.to) == (unit.to, unit.from));
        inner
            // The labels of a question stand behind the answer's tail.
            .filter(|column| answers.is_none() || (*column != unit.from && *column != unit.to))
            .filter_map(|column| self.label_floor.get(column))
            .fold(0.0, |lowest: f32, floor| lowest.max(floor + 8.0))
    }

    /// Whether the silence before an event is cut short, and has its label above it.
    fn cut(&self, time: Time) -> bool {
        let last = self.last.filter(|_| self.measures.axis == Axis::Time);
        last.is_some_and(|(last, _)| self.measures.scale.advance(time.since(last)).1)
    }
}

/// A slanted arrow has its sentence a little below its tail, beside its number.
fn lowered(steep: bool) -> f32 {
    if steep { 8.0 } else { 0.0 }
}

/// From a band's top to whatever comes first in it.
const PAD_TOP: f32 = 16.0;
/// What slants less is level to the eye, and is placed like it.
const MIN_SLANT: f32 = 28.0;
/// From a sentence's top to the middle of its first line, which is level with its arrow.
pub(super) const SENTENCE_ABOVE: f32 = 12.0;
/// Between two sentences.
const SENTENCE_GAP: f32 = 16.0;
/// How far down a message to oneself comes back.
pub(super) const LOOP_DROP: f32 = 24.0;
