//! Where everything is from left to right: titles, times, brackets, lifelines, sentences.

use std::collections::HashMap;

use wirestage_dissectors::story::{BeatId, Story};

use super::cards::{self, Card};
use super::form::{Form, Sentences};
use super::lifelines;
use super::plan::{Plan, Unit};
use super::sketch::{self, Sketch};
use super::wording::{self, Clock};
use super::{arrivals, ties, under_way};
use super::{badge, beads, scopes};
use crate::diagram::geometry::{Point, Rect};
use crate::diagram::measure::MeasureText;
use crate::diagram::scene::{About, Layer, Shape};
use crate::diagram::style::{Style, Type};

/// The width of one round trip's bracket with its label, and without.
pub(super) const LANE: f32 = 24.0;
const BARE_LANE: f32 = 12.0;
/// From a lifeline, or the bar on it, to the labels beside it.
pub(super) const BESIDE: f32 = 12.0;
/// From a sentence's left edge to its words: the disc with its number comes first.
pub(super) const HANGING: f32 = 32.0;
/// From a lifeline to the end of an arrow: half a bar.
pub(super) const BAR: f32 = 4.0;
/// The least room for the beads of an arrow, number and head apart.
const LEAST_BEADS: f32 = 144.0;
const LEAST_BEADS_NARROW: f32 = 112.0;
/// How narrow sentences may become for beads to hang in one line.
const LEAST_TEXT: f32 = 320.0;
/// How far lifelines are apart where beads take several lines, if sentences can spare it.
const SEVERAL_LINES: f32 = 480.0;
/// How wide sentences are at most: longer lines are hard to read back from.
pub(super) const WIDEST_TEXT: f32 = 560.0;
/// How far two lifelines are apart at most: further, the eye loses the line on its way.
const WIDEST_GAP: f32 = 1200.0;
/// Lifelines nearer than this have no names of states and keys outside them.
const ROOMY: f32 = 300.0;
/// The least from one lifeline to the next where they are crowded: an arrow shows its way there.
const LEAST_LANE: f32 = 40.0;
/// How wide what hangs below an arrow is, where the outermost lifelines leave so much.
const BLOCK: f32 = 320.0;
/// Between two cards.
const BETWEEN_CARDS: f32 = 12.0;

/// Before and behind the curve of what is under way.
const CURVE_GAP: f32 = 16.0;

/// What stands beside lifelines where time is to scale.
#[derive(Clone, Copy, Default)]
pub(super) struct Beside<'a> {
    pub(super) ties: &'a [ties::Tie],
    pub(super) arrivals: &'a [arrivals::Bracket],
    /// Whether there is a curve.
    pub(super) curve: bool,
    /// How wide the lanes of streams are, which stand beside the lifelines on any axis; 0 for none.
    pub(super) streams: f32,
}

/// The columns of a picture.
pub(super) struct Columns {
    pub(super) form: Form,
    /// The width of the picture.
    pub(super) width: f32,
    /// Where chapter titles begin, and how wide they may be.
    pub(super) title: f32,
    pub(super) title_width: f32,
    /// Where the brackets of chapters begin that share a band.
    pub(super) scopes: Option<f32>,
    /// Where times end.
    pub(super) clock: Option<f32>,
    /// Where the curve of what is under way begins.
    pub(super) curve: Option<f32>,
    /// Where the lanes of streams begin and end.
    pub(super) streams: Option<(f32, f32)>,
    /// Where the brackets of round trips begin, and from one to the next.
    pub(super) brackets: f32,
    pub(super) lane: f32,
    /// The lifelines.
    pub(super) rails: Vec<f32>,
    /// How far bars reach to the left and to the right of each lifeline, beyond the one on it.
    bars: Vec<(f32, f32)>,
    /// How far they reach at the tail and the head of each arrow, where arrows are level.
    at_ends: HashMap<BeatId, (f32, f32)>,
    /// Whether names of states and keys stand between the outermost lifelines.
    pub(super) inside: bool,
    /// How wide a label beside a lifeline may be: left of the first, right of the last.
    label_left: f32,
    label_right: f32,
    /// The width of the cards of the cast.
    pub(super) card: f32,
    /// Where sentences begin and how wide they may be, discs included.
    pub(super) steps: Option<(f32, f32)>,
    /// From the end of an arrow to its number, and from its beads to its head.
    pub(super) before_number: f32,
    pub(super) before_head: f32,
    /// Whether numbers stand below their arrows as well, where these are too short for them.
    pub(super) numbered_below: bool,
}

impl Columns {
    pub(super) fn new(
        story: &Story,
        plan: &Plan<'_>,
        (form, asked): (Form, u32),
        (lanes, scopes, segments): (usize, usize, Beside<'_>),
        clock: Clock,
        measure: &dyn MeasureText,
    ) -> Self {
        let asked = asked as f32;
        let margin = form.margin();
        let narrow = form.titles_above;
        let widest = |texts: &mut dyn Iterator<Item = (String, Type)>| {
            texts.map(|(text, font)| measure.width(&text, font)).fold(0.0, f32::max).ceil()
        };

        // The left margin.
        let ids =
            plan.chapters.iter().flat_map(|chapter| chapter.beat.iter().chain(&chapter.scopes));
        let beats = ids.filter_map(|id| story.beat(*id));
        let title_width = if narrow {
            0.0
        } else {
            widest(&mut beats.flat_map(|beat| {
                let cost = if form.still { String::new() } else { cost(beat.packets, beat.bytes) };
                [(beat.label.clone(), Type::Chapter), (cost, Type::Detail)]
            }))
            .clamp(96.0, 168.0)
        };
        let started = plan.start;
        let times = plan.units.iter().map(|unit| {
            let last = unit.received.unwrap_or(unit.beat.sent.time);
            (clock.time(last.since(started)), Type::Clock)
        });
        // Silences that are cut short are written beside the times.
        let silence = [clock.span(plan.end.since(started)), format!("0.000 {}", clock.unit)];
        let silence = silence.map(|text| (text, Type::Clock));
        let times = times.chain(silence.into_iter().filter(|_| form.silences));
        let titles_end = if narrow { form.outer + 6.0 } else { margin + title_width + 12.0 };
        // The brackets of chapters that overlap stand where there is room for times as well.
        let scopes = if form.times && !narrow { scopes } else { 0 };
        let first_scope = (scopes > 0).then_some(titles_end - 4.0);
        let titles_end = titles_end + scopes as f32 * scopes::LANE;
        let clock = form.times.then(|| titles_end + widest(&mut times.into_iter()));
        let brackets = clock.map_or(titles_end, |clock| clock + if narrow { 8.0 } else { 12.0 });
        let room = form.margins && segments.curve;
        let curve = clock.filter(|_| room).map(|clock| clock + CURVE_GAP);
        let brackets = curve.map_or(brackets, |curve| curve + under_way::WIDTH + CURVE_GAP);
        let lane = if narrow { BARE_LANE } else { LANE };
        let lanes = if form.still { 0 } else { lanes };
        let after_brackets = brackets + lanes as f32 * lane;

        // The lifelines.
        let count = plan.cast.len();
        let gaps = count.saturating_sub(1) as f32;
        let (spare, widest_card) = if narrow { (20.0, 160.0) } else { (48.0, cards::WIDEST) };
        let cast = plan.cast.iter().filter_map(|at| story.cast.get(*at));
        let text = cast.map(|actor| Card::new(actor, form, measure).text_width(measure));
        let text = text.fold(0.0, f32::max).ceil();
        let least_card = if narrow || form.still { 0.0 } else { 160.0 };
        let card = (text + spare).max(least_card).min(widest_card.max(text + 20.0));
        let bars = lifelines::reach(plan, form);
        let at_ends =
            if form.order { lifelines::reach_of_each(plan, form) } else { HashMap::new() };
        let reach = |column: usize| bars.get(column).copied().unwrap_or_default();
        let label_of = |column: usize| {
            let ends =
                plan.units.iter().flat_map(|unit| [(unit.from, &unit.tail), (unit.to, &unit.head)]);
            let names = ends
                .filter(|(at, _)| *at == column && !form.is_bare())
                .flat_map(|(_, end)| end.above().chain(end.below()));
            let deeds = plan.deeds.iter().filter(|deed| deed.column == column && !form.is_bare());
            let names = names.chain(deeds.map(|deed| deed.words.as_str()));
            widest(&mut names.map(|name| (name.to_owned(), Type::State))).min(160.0)
        };
        let labels: Vec<f32> = (0..count).map(label_of).collect();
        let label = |column: usize| labels.get(column).copied().unwrap_or_default();
        let outer =
            |column: usize| label(column).max(arrivals::widest(segments.arrivals, column, measure));
        let (label_left, label_right) = (outer(0), if count > 1 { outer(count - 1) } else { 0.0 });
        let (left_bars, right_bars) = (reach(0).0, reach(count.saturating_sub(1)).1);

        let (before_number, before_head) =
            if narrow || form.still { (9.0, 24.0) } else { (22.0, 24.0) };
        let number = plan.units.iter().map(|unit| {
            let number = sketch::number_width(&unit.number, false, measure);
            number + badge::width(unit.badge, measure)
        });
        let number = number.fold(24.0, f32::max);
        let beads = if narrow { LEAST_BEADS_NARROW } else { LEAST_BEADS };
        let around = 2.0 * BAR + before_number + number + BESIDE + before_head;
        let both = bars.iter().zip(bars.iter().skip(1));
        let bars_between = both.map(|((_, right), (left, _))| right + left).fold(0.0, f32::max);
        let beads_need = around + beads + bars_between;

        // Outside the outermost lifelines, or between them.
        let tied = |column: usize| ties::width(segments.ties, column);
        let last_column = count.saturating_sub(1);
        let beside = |inside: bool| {
            let first = if inside {
                after_brackets + left_bars + if form.still { 16.0 } else { 12.0 }
            } else {
                after_brackets + BESIDE + tied(0) + label_left + BESIDE + left_bars
            };
            // The unit of the times stands beside the first card.
            let first = if narrow || form.still {
                first
            } else {
                clock.map_or(first, |clock| first.max(clock + 12.0 + card / 2.0))
            };
            let aside = if inside {
                right_bars + if narrow { 20.0 } else { 16.0 }
            } else {
                let tied = if last_column > 0 { tied(last_column) } else { 0.0 };
                (BESIDE + label_right + tied + right_bars).max(card / 2.0 - 12.0) + 20.0
            };
            // Heads of lanes stand beside the last card.
            let aside = if segments.streams > 0.0 {
                aside.max(card / 2.0) + segments.streams
            } else {
                aside
            };
            let between = if inside {
                let both = |column: usize| label(column) + label(column + 1) + 2.0 * BESIDE + 24.0;
                (0..count.saturating_sub(1)).map(both).fold(0.0, f32::max)
            } else if count > 2 {
                // The labels of the outermost stand outside; those of two others may meet.
                let inner = |column: usize| {
                    if column > 0 && column + 1 < count { label(column) } else { 0.0 }
                };
                let both = |column: usize| inner(column) + inner(column + 1);
                (0..count - 1).map(both).fold(0.0, f32::max) + 3.0 * BESIDE
            } else {
                0.0
            };
            let right_margin = if inside && narrow { form.outer } else { margin };
            // Cards of the outermost lifelines may be moved inwards, which takes room between.
            let half = card / 2.0 + card_margin(form);
            let (left, right) = ((half - first).max(0.0), (half - aside - right_margin).max(0.0));
            let moved = if count == 2 { left + right } else { left.max(right) };
            let cards_need = card + BETWEEN_CARDS + moved;
            let least = if form.crowded {
                LEAST_LANE + bars_between
            } else {
                cards_need.max(beads_need).max(between + bars_between)
            };
            (first, aside, least, right_margin)
        };
        let outside = beside(false);
        let span = asked - outside.0 - outside.1 - outside.3;
        let inside = narrow || form.still || (count > 1 && span / gaps < outside.2.max(ROOMY));
        let (first, aside, least, right_margin) = if inside { beside(true) } else { outside };

        let free = asked - first - aside - right_margin;
        let (steps_width, span) = if form.sentences == Sentences::Beside {
            let wanted = (asked * 0.3).clamp(300.0, 460.0);
            // Beads in one line are worth more than long lines of text, if they can be had.
            let left = free - gaps * beads::one_line(plan, (before_number, before_head), measure);
            let several = (free - gaps * SEVERAL_LINES).max(LEAST_TEXT);
            let wanted = wanted.min(if left >= LEAST_TEXT { left } else { several });
            let given = wanted.min((free - gaps * least).max(264.0));
            (given, free - given)
        } else {
            (0.0, free)
        };
        // One lifeline has messages to itself only: they need room beside it.
        let alone = if count < 2 { LEAST_BEADS + 96.0 } else { 0.0 };
        let span = span.max(gaps * least).max(alone);
        let gap = if count > 1 { (span / gaps).min(WIDEST_GAP.max(least)).floor() } else { 0.0 };
        let rails: Vec<f32> = (0..count).map(|at| (first + gap * at as f32).floor()).collect();
        let last = rails.last().copied().unwrap_or(first) + alone;
        let right = last + aside;
        let on_arrow = 2.0 * BAR + before_number + number + before_head;
        let numbered_below = form.hung_below && gap - bars_between < on_arrow;
        let width = (right + steps_width + right_margin).max(asked).ceil();
        let steps = (form.sentences == Sentences::Beside)
            .then(|| (right, (width - right_margin - right).min(WIDEST_TEXT)));
        Self {
            form,
            width,
            title: margin,
            title_width,
            scopes: first_scope,
            clock,
            curve,
            streams: (segments.streams > 0.0).then_some((right - segments.streams, right)),
            brackets,
            lane,
            rails,
            bars,
            at_ends,
            inside,
            label_left,
            label_right: if count > 1 { label_right } else { alone },
            card,
            steps,
            before_number,
            before_head,
            numbered_below,
        }
    }

    /// Whether there is room for words outside of a lifeline: of the outermost ones, unless names
    /// stand between them.
    pub(super) fn outside(&self, column: usize) -> bool {
        !self.inside && self.rails.len() > 1 && (column == 0 || column + 1 == self.rails.len())
    }

    /// The lifeline of a column.
    pub(super) fn rail(&self, column: usize) -> f32 {
        self.rails.get(column).copied().unwrap_or_default()
    }

    /// Where arrows begin and end on one side of a lifeline: beside its bars, never across them.
    pub(super) fn edge(&self, column: usize, right: bool) -> f32 {
        let (to_left, to_right) = self.bars.get(column).copied().unwrap_or_default();
        self.rail(column) + if right { BAR + to_right } else { -BAR - to_left }
    }

    /// Where an arrow begins and ends: beside the bars that are there at its height, where the way down
    /// is order; true to time frames of one arrow stand far apart, and all keep the same distance.
    pub(super) fn ends(&self, unit: &Unit<'_>) -> (f32, f32) {
        let right = unit.to > unit.from;
        let Some((tail, head)) = self.at_ends.get(&unit.id) else {
            return (self.edge(unit.from, right), self.edge(unit.to, !right));
        };
        let way = if right { 1.0 } else { -1.0 };
        (self.rail(unit.from) + way * (BAR + tail), self.rail(unit.to) - way * (BAR + head))
    }

    /// Whether labels of a column stand on its left, for an arrow that comes from or goes to
    /// another column: on the outside, away from the arrow, or above and below the arrow where all
    /// labels stand between the lifelines.
    pub(super) fn labels_left(&self, column: usize, other: usize) -> bool {
        if self.inside {
            return other < column || (other == column && beads::beside(column, self).0);
        }
        match column {
            0 => true,
            at if at + 1 == self.rails.len() => false,
            // A message to oneself hangs on the right, and leaves the left to its labels.
            at => other >= at,
        }
    }

    /// Where a label beside a lifeline begins, and how wide it may be.
    pub(super) fn label(&self, column: usize, left: bool) -> (f32, f32) {
        let edge = self.edge(column, !left) + if left { BAR - BESIDE } else { BESIDE - BAR };
        (edge, self.label_width(column, left))
    }

    fn label_width(&self, column: usize, left: bool) -> f32 {
        let outer = (left && column == 0) || (!left && column + 1 == self.rails.len());
        if outer && !self.inside {
            if left { self.label_left } else { self.label_right }
        } else {
            self.free_beside(column, left) - 2.0 * BESIDE
        }
    }

    /// The room beside a lifeline, to the next one or to the edge of the picture.
    pub(super) fn free_beside(&self, column: usize, left: bool) -> f32 {
        let here = self.edge(column, !left);
        match (left, column) {
            (true, 0) => here - self.title,
            (true, _) => here - self.edge(column - 1, true) - BESIDE,
            (false, _) if column + 1 < self.rails.len() => {
                self.edge(column + 1, false) - here - BESIDE
            }
            (false, _) if self.rails.len() == 1 => self.label_right,
            (false, _) => self.width - self.form.outer - here - BESIDE,
        }
    }

    /// Where a sentence stands under an arrow, and how wide it may be.
    pub(super) fn under(&self, unit: &Unit<'_>) -> (f32, f32) {
        let (low, high) = (unit.from.min(unit.to), unit.from.max(unit.to));
        let last = self.rails.len().saturating_sub(1);
        if self.form.crowded && last > 0 {
            let (first, end) = (self.above(), self.edge(last, false) - BESIDE);
            let left = (self.edge(low, true) + BESIDE).min(end - BLOCK).max(first);
            return (left, (end - left).min(WIDEST_TEXT));
        }
        let (from, to) = if low == high && last > 0 {
            (low.min(last - 1), low.min(last - 1) + 1)
        } else {
            (low, high)
        };
        let left = self.edge(from, true) + BESIDE;
        let right =
            if from == to { left + self.label_right } else { self.edge(to, false) - BESIDE };
        (left, (right - left).min(WIDEST_TEXT))
    }

    /// Where titles begin that stand above their arrows: right of the first lifeline.
    pub(super) fn above(&self) -> f32 {
        self.edge(0, true) + BESIDE
    }

    /// Keeps the lifelines out of a text that crosses them.
    pub(super) fn clear(
        &self,
        sketch: &mut Sketch<'_>,
        (text, font): (&str, Type),
        origin: Point,
        (ground, about): (Style, About),
    ) {
        let width = sketch.measure.width(text, font);
        let (left, right) = (origin.x - 4.0, origin.x + width + 4.0);
        let crossed =
            |column: usize| self.edge(column, true) > left && self.edge(column, false) < right;
        if (0..self.rails.len()).any(crossed) {
            let (top, bottom) = (origin.y - font.ascent() - 2.0, origin.y + font.descent() + 2.0);
            let rect = Rect { left, top, right, bottom };
            let plate = Shape::Plate { rect, radius: 2.0, outline: 0.0, dashed: false };
            sketch.add(plate, ground, about, Layer::Lines);
        }
    }

    /// The row that the card of each lifeline stands in, from the top: one row, where there is room.
    pub(super) fn stacked(&self) -> Vec<usize> {
        if !self.form.crowded {
            return vec![0; self.rails.len()];
        }
        let mut ends: Vec<f32> = Vec::new();
        let row = |column: usize| {
            let middle = self.card_middle(column);
            let (left, right) = (middle - self.card / 2.0, middle + self.card / 2.0);
            let free = ends.iter().position(|end| end + BETWEEN_CARDS / 2.0 <= left);
            let row = free.unwrap_or(ends.len());
            match ends.get_mut(row) {
                Some(end) => *end = right,
                None => ends.push(right),
            }
            row
        };
        (0..self.rails.len()).map(row).collect()
    }

    /// The middle of a card: over its lifeline, or as near as the picture's edge allows.
    pub(super) fn card_middle(&self, column: usize) -> f32 {
        let half = self.card / 2.0 + card_margin(self.form);
        self.rail(column).clamp(half, (self.width - half).max(half))
    }
}

/// From the edge of the picture to the nearest card.
fn card_margin(form: Form) -> f32 {
    form.outer + if form.titles_above { 8.0 } else { 0.0 }
}

/// `3 packets · 222 B`.
pub(super) fn cost(packets: u32, bytes: u64) -> String {
    format!("{} · {}", wording::counted(packets, "packet"), wording::bytes(bytes))
}
