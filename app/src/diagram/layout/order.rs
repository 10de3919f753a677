//! One row after the other: one pass over what was sent and what arrived.
//!
//! ```text
//!   floor ─ ─ ─ ─ ─ ─ ─ ─   nothing of this arrow may stand above
//!          above            states beside its ends
//!   tail  ●───[bead]───>    head, further down where the arrow slants
//!         └───[bead]───>    further lines, where its beads do not fit in one
//!          below            keys; its sentence, where that stands under it
//!   floor ─ ─ ─ ─ ─ ─ ─ ─   for the next one
//! ```

use wirestage_dissectors::ids::Time;
use wirestage_dissectors::story::Level;

use super::ends::End;
use super::form::Sentences;
use super::placed::{LABEL, LOOP_DROP, Measures, Placed, labels_above};
use super::plan::Unit;
use super::rows::{BAND_GAP, Gap, Rows, SENTENCE_ABOVE};
use super::{beads, lifelines, margin, silence};

/// From a band's top to its first arrow, and from its last arrow to its end.
const BAND_TOP: f32 = 48.0;
const BAND_END: f32 = 24.0;
/// From one arrow to the next, where nothing asks for more.
const PITCH: f32 = 72.0;
/// The same between the messages of one flight, and where one is quiet.
const CLOSE: f32 = 40.0;
/// The same in a still: a line of beads, and the gap between two.
const STILL: f32 = 28.0;
/// From an arrow with its beads to the sentence under it, and from that to whatever comes next.
const SENTENCE_BELOW: f32 = 4.0;
const BELOW_SENTENCE: f32 = 8.0;
/// How far an arrow slants where the way down means order only.
const DROP: f32 = 96.0;
/// What a silence takes: its gap, and room above and below it.
const SILENCE: f32 = silence::HEIGHT + 24.0;
/// Between the beads of two parallel arrows.
const PARALLEL: f32 = 8.0;

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
    /// Arrows whose sentences wait until nothing is under way.
    untold: Vec<usize>,
    previous: Option<usize>,
}

/// Places everything, one row after the other.
pub(super) fn rows(top: f32, measures: &Measures<'_>) -> Rows {
    let units = measures.plan.units.len();
    let mut pass = Pass {
        measures,
        rows: Rows::empty(units, top),
        last: None,
        floor: top,
        text_floor: top,
        label_floor: vec![top; measures.plan.cast.len()],
        under_way: Vec::new(),
        untold: Vec::new(),
        previous: None,
    };
    for (at, chapter) in measures.plan.chapters.iter().enumerate() {
        pass.chapter(chapter.units.clone(), measures.titles.get(at));
        pass.rows.and_more(at, measures.more);
    }
    pass.rows
}

impl Pass<'_> {
    fn chapter(&mut self, units: std::ops::Range<usize>, title: Option<&margin::Title>) {
        let first_band = self.rows.bands.is_empty();
        let mut top = self.rows.end + if first_band { 0.0 } else { BAND_GAP };
        if let Some(times) = self.silence(units.start) {
            // It lies between the two bands.
            let y = self.rows.end + SILENCE / 2.0;
            self.rows.gaps.push(Gap { y, times, silent: true });
            top = self.rows.end + SILENCE;
        }
        let form = self.measures.form;
        let title = title.map_or(0.0, |title| title.height);
        // What stands above the arrows takes its room from them.
        let content = top + if form.titles_above { title } else { 0.0 };
        self.floor = content + if form.still || form.titles_above { 6.0 } else { PAD_TOP };
        self.text_floor = content + PAD_TOP - 4.0;
        self.label_floor.fill(content + PAD_TOP);
        self.previous = None;
        for index in units {
            let Some(unit) = self.measures.plan.units.get(index) else { continue };
            self.arrive_until(unit.beat.sent.time);
            self.scope(index);
            if !self.may_share_the_air(unit) {
                self.arrive_until(Time(i64::MAX));
            }
            self.send(index, unit, content);
        }
        self.arrive_until(Time(i64::MAX));
        self.tell();
        let labels = self.label_floor.iter().copied().fold(self.floor, f32::max);
        let band_end = if form.still || form.titles_above { 16.0 } else { BAND_END };
        let end =
            (labels + band_end).max(self.text_floor - SENTENCE_GAP + band_end).max(top + title);
        self.rows.of_chapter.push(self.rows.bands.len());
        self.rows.titles.push(Some(top));
        self.rows.bands.push((top, end));
        self.rows.end = end.ceil();
    }

    /// Makes room for the title of a scope above its first arrow.
    fn scope(&mut self, index: usize) {
        let own = self.measures.scopes.iter().filter(|above| above.unit == index);
        let heights: f32 = own.clone().map(|above| above.title.height).sum();
        if heights == 0.0 {
            return;
        }
        self.arrive_until(Time(i64::MAX));
        self.tell();
        let mut top = self.labels_lowest(self.floor);
        for above in own {
            self.rows.scopes.push(Some(top));
            top += above.title.height;
        }
        self.floor = top + SCOPE_ABOVE;
        self.label_floor.iter_mut().for_each(|floor| *floor = floor.max(top));
    }

    /// Places an arrow's tail, and its head too where it is level.
    fn send(&mut self, index: usize, unit: &Unit<'_>, band: f32) {
        if self.under_way.is_empty() {
            self.tell();
        }
        let measures = self.measures;
        let sentences = measures.form.sentences;
        let sentence = measures.sentences.get(index).and_then(Option::as_ref);
        let lowered = lowered(unit.received.is_some());
        let mut y = self.clear_of_others(index, unit, band);
        if let Some(sentence) = sentence.filter(|_| sentences == Sentences::Beside) {
            y = y.max(self.text_floor + SENTENCE_ABOVE - lowered);
            y = self.below_silence(index, unit, y).round();
            self.text_floor = y + lowered - SENTENCE_ABOVE + sentence.height() + SENTENCE_GAP;
        } else {
            y = self.below_silence(index, unit, y).round();
        }
        self.event(unit.beat.sent.time, y);
        let end = self.put(index, unit, y);
        self.gain(unit, true, index);
        if sentences == Sentences::Under && sentence.is_some() {
            self.untold.push(index);
        }
        match unit.received {
            Some(arrival) => {
                let at = self.under_way.partition_point(|(time, _)| *time <= arrival);
                self.under_way.insert(at, (arrival, index));
            }
            None => {
                self.gain(unit, false, index);
                self.floor = self.floor.max(end).max(self.labels_end(unit, index));
                if self.under_way.is_empty() {
                    self.tell();
                }
            }
        }
        self.previous = Some(index);
    }

    /// How high an arrow may leave at most, so that it, its beads and its labels keep clear of the
    /// ones before it.
    fn clear_of_others(&self, index: usize, unit: &Unit<'_>, band: f32) -> f32 {
        let Measures { form, inside, .. } = *self.measures;
        let steep = unit.received.is_some();
        let above = self.measures.lines.get(index).map_or(0.0, beads::Lines::above);
        let narrow = form.still || form.titles_above;
        let mut y = self.after();
        y = y.max(match self.previous {
            None if narrow => self.floor + above,
            None if steep => band + PAD_TOP + 4.0,
            None => (band + BAND_TOP).max(self.floor + above),
            Some(previous) => self.below(previous, unit, steep),
        });
        if form.is_bare() {
            // Nothing stands beside the lifelines.
        } else if inside {
            y = y.max(self.floor + labels_above(unit, above, steep));
        } else {
            y = y.max(self.labels(unit.from, &unit.tail));
            if !steep {
                y = y.max(self.labels(unit.to, &unit.head));
            }
            y = y.max(self.passed(unit, steep) + above);
            let inner = |column: usize| column > 0 && column + 1 < self.label_floor.len();
            let ends = [(unit.from, &unit.tail), (unit.to, &unit.head)];
            for (_, end) in
                ends.into_iter().filter(|(at, end)| inner(*at) && !end.before.is_empty())
            {
                // The arrow before may pass there, and what stands beside other lifelines.
                let lowest = self.labels_lowest(self.floor);
                y = y.max(lowest + 8.0 + end.lines() as f32 * LABEL);
            }
        }
        y
    }

    /// Makes room for a silence before an arrow, where there was one. Gives how high that may leave
    /// below it.
    fn below_silence(&mut self, index: usize, unit: &Unit<'_>, y: f32) -> f32 {
        let silence = self.silence(index).filter(|_| self.previous.is_some());
        let Some(times) = silence else { return y };
        let Measures { form, inside, .. } = *self.measures;
        let above = self.measures.lines.get(index).map_or(0.0, beads::Lines::above);
        let states = if form.is_bare() {
            0.0
        } else if inside {
            labels_above(unit, above, unit.received.is_some())
        } else {
            unit.tail.lines().max(unit.head.lines()) as f32 * LABEL
        };
        let lowest = self.labels_lowest(self.floor);
        let gap = lowest + SILENCE / 2.0;
        self.rows.gaps.push(Gap { y: gap.round(), times, silent: true });
        y.max(lowest + SILENCE + states.max(above))
    }

    /// Puts an arrow there. Gives where it ends, with all that hangs on it.
    fn put(&mut self, index: usize, unit: &Unit<'_>, y: f32) -> f32 {
        let steep = unit.received.is_some();
        let lines = self.measures.lines.get(index);
        let above = lines.map_or(0.0, beads::Lines::above);
        let drop = if steep { DROP } else { 0.0 };
        let looped = unit.from == unit.to;
        let further = lines.map_or(0.0, |lines| lines.further(drop));
        let below = lines.map_or(0.0, |lines| lines.below(drop)) + drop;
        let below = below + if looped { LOOP_DROP / 2.0 } else { 0.0 };
        let head = y + if looped { LOOP_DROP + further } else { drop };
        let under = lines.map_or(0.0, |lines| lines.below(drop));
        if let Some(placed) = self.rows.placed.get_mut(index) {
            let sentence = y + lowered(steep);
            *placed =
                Placed { tail: y, head, sentence, above, further, under, steep, solved: None };
        }
        let refused = if unit.breaks() { 1.5 * lifelines::CROSS } else { 0.0 };
        (y + below).max(head + 12.0).max(head + further + refused)
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
        let steep = unit.received.is_some();
        let alone = self.under_way.len() == 1;
        let beside = |way| way == (unit.from, unit.to) || (alone && way == (unit.to, unit.from));
        // Labels between the lifelines need the air for themselves.
        let labelled = self.measures.inside && !self.measures.form.still && {
            let heads =
                self.under_way.iter().filter_map(|(_, at)| self.measures.plan.units.get(*at));
            unit.tail.gains() || heads.into_iter().any(|flying| flying.head.gains())
        };
        self.under_way.is_empty()
            || (steep
                && !labelled
                && self.previous.is_some_and(flying)
                && ways.into_iter().all(beside))
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
        let narrow = self.measures.inside || self.measures.form.sentences == Sentences::Under;
        if steep && answers && extra == 0.0 && !narrow && placed.steep {
            return placed.head + 4.0;
        }
        let above = self.measures.lines.get(previous + 1).map_or(0.0, beads::Lines::above);
        let small = unit.quiet || before.quiet;
        let pitch = match () {
            () if self.measures.form.still => STILL,
            () if small || self.siblings(before, unit) => CLOSE,
            () if self.measures.form.sentences == Sentences::Under => CLOSE,
            () => PITCH,
        };
        let gap = if self.measures.form.still { 4.0 } else { 8.0 };
        (self.floor + gap + above).max(placed.tail.max(placed.head) + pitch)
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
            let least = tail + DROP;
            let parallel = self
                .rows
                .placed
                .get(..index)
                .and_then(<[Placed]>::last)
                .filter(|_| self.same_way(index))
                .map_or(0.0, |before| before.head + self.beside(index - 1));
            let y =
                self.after().max(least).max(parallel).max(self.labels(unit.to, &unit.head)).round();
            self.event(arrival, y);
            let lines = self.measures.lines.get(index);
            if let Some(placed) = self.rows.placed.get_mut(index) {
                placed.head = y;
                placed.further = lines.map_or(0.0, |lines| lines.further(y - placed.tail));
                placed.under = lines.map_or(0.0, |lines| lines.below(y - placed.tail));
            }
            self.gain(unit, false, index);
            let end = y + 12.0 + self.extra(index);
            let end = end + if unit.breaks() { lifelines::CROSS } else { 0.0 };
            self.floor = self.floor.max(end).max(self.labels_end(unit, index));
        }
    }

    /// Places the sentences that wait, one below the other.
    fn tell(&mut self) {
        for index in std::mem::take(&mut self.untold) {
            let sentence = self.measures.sentences.get(index).and_then(Option::as_ref);
            let (Some(sentence), Some(placed)) = (sentence, self.rows.placed.get_mut(index)) else {
                continue;
            };
            placed.sentence = self.floor + SENTENCE_BELOW + SENTENCE_ABOVE - 4.0;
            let end = placed.sentence - SENTENCE_ABOVE + sentence.height();
            self.floor = (end + BELOW_SENTENCE).round();
        }
    }

    /// Where the labels below an arrow end, where they stand between the lifelines.
    fn labels_end(&self, unit: &Unit<'_>, index: usize) -> f32 {
        let Measures { form, inside, .. } = *self.measures;
        if !inside || form.is_bare() {
            return 0.0;
        }
        let placed = self.placed(index);
        let end = |at_tail: bool, end: &End<'_>| {
            let (states, keys) = placed.labels(unit, at_tail, inside);
            let below = !at_tail && placed.steep && end.lines() > 0;
            let states = if below { states + end.lines() as f32 * LABEL - 8.0 } else { 0.0 };
            let above = at_tail && placed.steep;
            let hangs = end.depth().filter(|_| !above);
            let keys = hangs.map_or(0.0, |depth| keys + depth + 12.0);
            states.max(keys)
        };
        end(true, &unit.tail).max(end(false, &unit.head))
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
        let looped = self.measures.plan.units.get(index).is_some_and(|unit| unit.from == unit.to);
        if looped {
            return 0.0;
        }
        self.measures.lines.get(index).map_or(0.0, |lines| lines.further(head - tail))
    }

    /// From an arrow to the next one, where that runs beside it.
    fn beside(&self, index: usize) -> f32 {
        let Placed { tail, head, .. } = self.placed(index);
        let drop = head - tail;
        let lines = (self.measures.lines.get(index), self.measures.lines.get(index + 1));
        let before = lines.0.map_or(0.0, |lines| lines.below(drop) + 2.0 * lines.sway(drop));
        let next = lines.1.map_or(0.0, |lines| lines.above() + 2.0 * lines.sway(drop));
        before + next + PARALLEL
    }

    /// Where an event may stand at the earliest: while something is under way, below the last one.
    fn after(&self) -> f32 {
        self.last.filter(|_| !self.under_way.is_empty()).map_or(0.0, |(_, y)| y + 4.0)
    }

    /// Notes that something happened there.
    fn event(&mut self, time: Time, y: f32) {
        let time = self.last.map_or(time, |(last, _)| last.max(time));
        self.last = Some((time, y));
        self.rows.knots.push((time, y));
    }

    /// Where the labels so far end.
    fn labels_lowest(&self, above: f32) -> f32 {
        let inside = if self.measures.inside { self.floor } else { above };
        self.label_floor.iter().copied().fold(above.max(inside), f32::max)
    }

    /// Where an arrow may end at the earliest for its states to have room above.
    fn labels(&self, column: usize, end: &End<'_>) -> f32 {
        let floor = self.label_floor.get(column).copied().unwrap_or_default();
        match (end.lines(), end.depth()) {
            (0, None) => 0.0,
            (0, _) => floor - 8.0,
            (lines, _) => floor + 8.0 + lines as f32 * LABEL,
        }
    }

    /// Takes up the room beside a lifeline for what is gained at the end of an arrow.
    fn gain(&mut self, unit: &Unit<'_>, at_tail: bool, index: usize) {
        if self.measures.inside || self.measures.form.is_bare() {
            return;
        }
        let placed = self.placed(index);
        let (column, end, y) = if at_tail {
            (unit.from, &unit.tail, placed.tail)
        } else {
            (unit.to, &unit.head, placed.head)
        };
        let (_, first) = placed.labels(unit, at_tail, false);
        if let Some(floor) = self.label_floor.get_mut(column) {
            let gained = end.depth().map_or(y, |depth| first + depth + 12.0);
            *floor = floor.max(gained);
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

    /// From when to when nothing was seen before an arrow, where the gap tells of it.
    fn silence(&self, index: usize) -> Option<(Time, Time)> {
        let Measures { form, silences, plan, .. } = *self.measures;
        let nanos = silences.get(index).copied().flatten().filter(|_| !form.still)?;
        let until = plan.units.get(index)?.beat.sent.time;
        Some((Time(until.0.saturating_sub(nanos)), until))
    }
}

/// A slanted arrow has its sentence a little below its tail, beside its number.
fn lowered(steep: bool) -> f32 {
    if steep { 8.0 } else { 0.0 }
}

/// From the title of a scope to what stands above its first arrow.
const SCOPE_ABOVE: f32 = 4.0;
/// From a band's top to whatever comes first in it.
const PAD_TOP: f32 = 16.0;
/// Between two sentences.
const SENTENCE_GAP: f32 = 16.0;
