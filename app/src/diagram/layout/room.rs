//! How the room of a picture is given out, from left to right.

use std::collections::HashMap;

use wirestage_dissectors::story::Story;

use super::Axis;
use super::cards::{self, Card};
use super::columns::{
    BAR, BARE_LANE, BESIDE, BETWEEN_CARDS, Beside, Columns, LANE, WIDEST_TEXT, card_margin, cost,
};
use super::form::{Form, STRIP, Sentences};
use super::plan::{Plan, Unit};
use super::wording::Clock;
use super::{arrivals, badge, bead, beads, lifelines, scopes, sketch, tags, ties, under_way};
use crate::diagram::measure::MeasureText;
use crate::diagram::style::Type;

/// The least room for the beads of an arrow, number and head apart.
const LEAST_BEADS: f32 = 144.0;
const LEAST_BEADS_NARROW: f32 = 112.0;
/// How narrow sentences may become for beads to hang in one line.
const LEAST_TEXT: f32 = 320.0;
/// How far lifelines are apart where beads take several lines, if sentences can spare it.
const SEVERAL_LINES: f32 = 480.0;
/// How far two lifelines are apart at most: further, the eye loses the line on its way.
const WIDEST_GAP: f32 = 1200.0;
/// Lifelines nearer than this have no names of states and keys outside them.
const ROOMY: f32 = 300.0;
/// The least from one lifeline to the next where they are crowded: an arrow shows its way there.
const LEAST_LANE: f32 = 40.0;
/// How wide the names beside a lifeline are at most.
const WIDEST_NAME: f32 = 160.0;
/// For so many beads of segments in a row there is room before heads of lifelines are centred.
const MOST_TAGS: usize = 4;
/// Before and behind the curve of what is under way.
const CURVE_GAP: f32 = 16.0;

/// A picture, and the room that is asked for.
pub(super) struct Room<'a> {
    pub(super) story: &'a Story,
    pub(super) plan: &'a Plan<'a>,
    pub(super) form: Form,
    pub(super) asked: f32,
    pub(super) beside: Beside<'a>,
    pub(super) clock: Clock,
    pub(super) measure: &'a dyn MeasureText,
}

/// What stands left of the lifelines, and where it ends.
struct Left {
    title_width: f32,
    scopes: Option<f32>,
    clock: Option<f32>,
    curve: Option<f32>,
    brackets: f32,
    lane: f32,
    end: f32,
}

/// What lifelines and their arrows need for themselves.
struct Needs {
    /// The width of a card.
    card: f32,
    /// How far bars reach to the left and to the right of each lifeline.
    bars: Vec<(f32, f32)>,
    /// How far they reach into one gap at most.
    bars_between: f32,
    /// The widest name beside each lifeline.
    names: Vec<f32>,
    /// The same left of the first and right of the last, with what stands beside them.
    outer: (f32, f32),
    /// From the end of an arrow to its number, and from its beads to its head.
    before: (f32, f32),
    /// The widest number of an arrow.
    number: f32,
    /// From one lifeline to the next for numbers, beads and heads.
    beads: f32,
}

/// What the outermost lifelines keep on both sides, and the least from one to the next.
#[derive(Clone, Copy)]
struct Sides {
    first: f32,
    aside: f32,
    least: f32,
    margin: f32,
}

impl Room<'_> {
    pub(super) fn give_out(&self, lanes: usize, scopes: usize) -> Columns {
        let (form, plan) = (self.form, self.plan);
        let (left, needs) = (self.left(lanes, scopes), self.needs());
        let (count, gaps) = (self.count(), self.gaps());

        // Names stand outside the outermost lifelines, or between them.
        let outside = self.sides(&left, &needs, false);
        let span = self.asked - outside.first - outside.aside - outside.margin;
        let inside = self.is_tight() || (count > 1 && span / gaps < outside.least.max(ROOMY));
        let sides = if inside { self.sides(&left, &needs, true) } else { outside };

        let free = self.asked - sides.first - sides.aside - sides.margin;
        let steps = self.sentences(free, sides.least, needs.before);
        // One lifeline has messages to itself only: they need room beside it.
        let alone = if count < 2 { LEAST_BEADS + 96.0 } else { 0.0 };
        let span = (free - steps).max(gaps * sides.least).max(alone);
        let gap =
            if count > 1 { (span / gaps).min(WIDEST_GAP.max(sides.least)).floor() } else { 0.0 };
        let rails: Vec<f32> =
            (0..count).map(|at| (sides.first + gap * at as f32).floor()).collect();
        let right = rails.last().copied().unwrap_or(sides.first) + alone + sides.aside;
        let on_arrow = 2.0 * BAR + needs.before.0 + needs.number + needs.before.1;
        let width = (right + steps + sides.margin).max(self.asked).ceil();
        let at_ends =
            if form.is_order() { lifelines::reach_of_each(plan, form) } else { HashMap::new() };
        let streams = self.beside.streams;
        Columns {
            form,
            width,
            title: form.margin(),
            title_width: left.title_width,
            scopes: left.scopes,
            clock: left.clock,
            curve: left.curve,
            streams: (streams > 0.0).then_some((right - streams, right)),
            brackets: left.brackets,
            lane: left.lane,
            rails,
            at_ends,
            inside,
            label_left: needs.outer.0,
            label_right: if count > 1 { needs.outer.1 } else { alone },
            card: needs.card,
            steps: (form.sentences == Sentences::Beside)
                .then(|| (right, (width - sides.margin - right).min(WIDEST_TEXT))),
            before_number: needs.before.0,
            before_head: needs.before.1,
            numbered_below: form.hung_below && gap - needs.bars_between < on_arrow,
            bars: needs.bars,
        }
    }

    fn count(&self) -> usize {
        self.plan.cast.len()
    }

    /// How many gaps there are between lifelines.
    fn gaps(&self) -> f32 {
        self.count().saturating_sub(1) as f32
    }

    /// Whether titles stand above what they are about.
    fn is_narrow(&self) -> bool {
        self.form.titles_above
    }

    fn is_tight(&self) -> bool {
        self.is_narrow() || self.form.still
    }

    fn widest(&self, texts: impl Iterator<Item = (String, Type)>) -> f32 {
        texts.map(|(text, font)| self.measure.width(&text, font)).fold(0.0, f32::max).ceil()
    }

    /// Titles, times, the curve of what is under way, and the brackets of round trips.
    fn left(&self, lanes: usize, scopes: usize) -> Left {
        let (form, narrow) = (self.form, self.is_narrow());
        let title_width = if narrow { 0.0 } else { self.titles() };
        let titles_end = if narrow { form.outer + 6.0 } else { form.margin() + title_width + 12.0 };
        // The brackets of chapters that overlap stand where there is room for times as well.
        let scopes = if form.times && !narrow { scopes } else { 0 };
        let first_scope = (scopes > 0).then_some(titles_end - 4.0);
        let titles_end = titles_end + scopes as f32 * scopes::LANE;
        let clock = form.times.then(|| titles_end + self.times());
        let brackets = clock.map_or(titles_end, |clock| clock + if narrow { 8.0 } else { 12.0 });
        let has_curve = form.margins && self.beside.curve;
        let curve = clock.filter(|_| has_curve).map(|clock| clock + CURVE_GAP);
        let brackets = curve.map_or(brackets, |curve| curve + under_way::WIDTH + CURVE_GAP);
        let lane = if narrow { BARE_LANE } else { LANE };
        let lanes = if form.still { 0 } else { lanes };
        let end = brackets + lanes as f32 * lane;
        Left { title_width, scopes: first_scope, clock, curve, brackets, lane, end }
    }

    /// How wide titles of chapters are, with what stands below them.
    fn titles(&self) -> f32 {
        let chapters = self.plan.chapters.iter();
        let ids = chapters.flat_map(|chapter| chapter.beat.iter().chain(&chapter.scopes));
        let beats = ids.filter_map(|id| self.story.beat(*id));
        let texts = beats.flat_map(|beat| {
            let cost = if self.form.still { String::new() } else { cost(beat.packets, beat.bytes) };
            [(beat.label.clone(), Type::Chapter), (cost, Type::Detail)]
        });
        self.widest(texts).clamp(96.0, 168.0)
    }

    /// How wide times are.
    fn times(&self) -> f32 {
        let (plan, clock) = (self.plan, self.clock);
        let times = plan.units.iter().map(|unit| {
            let last = unit.received.unwrap_or(unit.beat.sent.time);
            clock.time(last.since(plan.start))
        });
        // Silences that are cut short are written beside the times.
        let silence = [clock.span(plan.end.since(plan.start)), format!("0.000 {}", clock.unit)];
        let times = times.chain(silence.into_iter().filter(|_| self.form.axis == Axis::Time));
        self.widest(times.map(|text| (text, Type::Clock)))
    }

    /// What lifelines and arrows need.
    fn needs(&self) -> Needs {
        let (plan, form, narrow) = (self.plan, self.form, self.is_narrow());
        let bars = lifelines::reach(plan, form);
        let both = bars.iter().zip(bars.iter().skip(1));
        let bars_between = both.map(|((_, right), (left, _))| right + left).fold(0.0, f32::max);
        let count = self.count();
        let names: Vec<f32> = (0..count).map(|column| self.names(column)).collect();
        let outer = |column: usize| {
            let name = names.get(column).copied().unwrap_or_default();
            name.max(arrivals::widest(self.beside.arrivals, column, self.measure))
        };
        let outer = (outer(0), if count > 1 { outer(count - 1) } else { 0.0 });
        let before = if self.is_tight() { (9.0, 24.0) } else { (22.0, 24.0) };
        let number = plan.units.iter().map(|unit| {
            let number = sketch::number_width(&unit.number, false, self.measure);
            number + badge::width(unit.badge, self.measure)
        });
        let number = number.fold(24.0, f32::max);
        let beads = if narrow { LEAST_BEADS_NARROW } else { LEAST_BEADS };
        let around = 2.0 * BAR + before.0 + number + BESIDE + before.1;
        let beads = around + beads + bars_between;
        Needs { card: self.card(), bars, bars_between, names, outer, before, number, beads }
    }

    /// From one lifeline to the next for what is said of segments that leave together, one behind
    /// the other: of the first few.
    fn tags(&self) -> f32 {
        let of = |unit: &Unit<'_>| {
            let widths = unit.tags.iter().take(MOST_TAGS);
            widths.map(|tag| bead::tag_width(tag, None, self.measure) + tags::ROOMY).sum::<f32>()
        };
        let widest = self.plan.units.iter().map(of).fold(0.0, f32::max);
        if widest > 0.0 { widest + 2.0 * tags::CLEAR } else { 0.0 }
    }

    /// How wide the cards of the cast are.
    fn card(&self) -> f32 {
        let narrow = self.is_narrow();
        let (spare, widest) = if narrow { (20.0, 160.0) } else { (48.0, cards::WIDEST) };
        let cast = self.plan.cast.iter().filter_map(|at| self.story.cast.get(*at));
        let text =
            cast.map(|actor| Card::new(actor, self.form, self.measure).text_width(self.measure));
        let text = text.fold(0.0, f32::max).ceil();
        let least = if self.is_tight() { 0.0 } else { 160.0 };
        (text + spare).max(least).min(widest.max(text + 20.0))
    }

    /// How wide the names of states, keys and deeds beside a lifeline are.
    fn names(&self, column: usize) -> f32 {
        if self.form.is_bare() {
            return 0.0;
        }
        let units = self.plan.units.iter();
        let ends = units.flat_map(|unit| [(unit.from, &unit.tail), (unit.to, &unit.head)]);
        let names = ends.filter(|(at, _)| *at == column);
        let names = names.flat_map(|(_, end)| end.above().chain(end.below()));
        let deeds = self.plan.deeds.iter().filter(|deed| deed.column == column);
        let names = names.chain(deeds.map(|deed| deed.words.as_str()));
        let names = self.widest(names.map(|name| (name.to_owned(), Type::State)));
        // Where time is to scale, the sign of a key stands before its name.
        let units = self.plan.units.iter();
        let ends = units.flat_map(|unit| [(unit.from, &unit.tail), (unit.to, &unit.head)]);
        let own = ends.filter(|(at, _)| *at == column && !self.form.is_order());
        let keys = own.flat_map(|(_, end)| end.ready.iter().chain(&end.keys));
        let keys = self.widest(keys.map(|key| (key.name.to_owned(), Type::State)));
        let keys = if keys > 0.0 { lifelines::KEY_ROOM + keys } else { 0.0 };
        names.max(keys).min(WIDEST_NAME)
    }

    /// The room left and right of the outermost lifelines and the least between two, with names
    /// between the outermost ones or outside of them.
    fn sides(&self, left: &Left, needs: &Needs, inside: bool) -> Sides {
        let (form, card) = (self.form, needs.card);
        let margin = if inside && self.is_narrow() { form.outer } else { form.margin() };
        let half = card / 2.0 + card_margin(form);
        let (mut first, mut aside) = (self.first(left, needs, inside), self.aside(needs, inside));
        let names = self.between(needs, inside) + needs.bars_between;
        let centred = (first.max(half), aside.max(half - margin));
        let span = self.asked - centred.0 - centred.1 - margin;
        let least = (card + BETWEEN_CARDS).max(needs.beads).max(names).max(self.tags());
        // Half a card stands beside the outermost lifelines, where that leaves arrows their room.
        // Of the narrowest pictures it would take too much.
        if !form.crowded && self.asked >= STRIP as f32 && span >= self.gaps() * least {
            (first, aside) = centred;
        }
        // Else cards of the outermost lifelines are moved inwards, which takes room between.
        let moved = ((half - first).max(0.0), (half - aside - margin).max(0.0));
        let moved = if self.count() == 2 { moved.0 + moved.1 } else { moved.0.max(moved.1) };
        let least = if form.crowded {
            LEAST_LANE + needs.bars_between
        } else {
            (card + BETWEEN_CARDS + moved).max(needs.beads).max(names)
        };
        Sides { first, aside, least, margin }
    }

    /// Where the first lifeline stands.
    fn first(&self, left: &Left, needs: &Needs, inside: bool) -> f32 {
        let bars = needs.bars.first().map_or(0.0, |(left, _)| *left);
        let first = if inside {
            left.end + bars + if self.form.still { 16.0 } else { 12.0 }
        } else {
            left.end + BESIDE + ties::width(self.beside.ties, 0) + needs.outer.0 + BESIDE + bars
        };
        // The unit of the times stands beside the first card.
        match left.clock {
            Some(clock) if !self.is_tight() => first.max(clock + 12.0 + needs.card / 2.0),
            _ => first,
        }
    }

    /// What the last lifeline keeps to its right.
    fn aside(&self, needs: &Needs, inside: bool) -> f32 {
        let last = self.count().saturating_sub(1);
        let bars = needs.bars.get(last).map_or(0.0, |(_, right)| *right);
        let aside = if inside {
            bars + if self.is_narrow() { 20.0 } else { 16.0 }
        } else {
            let tied = if last > 0 { ties::width(self.beside.ties, last) } else { 0.0 };
            (BESIDE + needs.outer.1 + tied + bars).max(needs.card / 2.0 - 12.0) + 20.0
        };
        // Heads of lanes stand beside the last card.
        match self.beside.streams {
            streams if streams > 0.0 => aside.max(needs.card / 2.0) + streams,
            _ => aside,
        }
    }

    /// What names need between two lifelines.
    fn between(&self, needs: &Needs, inside: bool) -> f32 {
        let count = self.count();
        let name = |column: usize| needs.names.get(column).copied().unwrap_or_default();
        let pairs = 0..count.saturating_sub(1);
        if inside {
            let both = |column: usize| name(column) + name(column + 1) + 2.0 * BESIDE + 24.0;
            return pairs.map(both).fold(0.0, f32::max);
        }
        if count < 3 {
            return 0.0;
        }
        // The names of the outermost stand outside; those of two others may meet.
        let inner =
            |column: usize| if column > 0 && column + 1 < count { name(column) } else { 0.0 };
        let both = |column: usize| inner(column) + inner(column + 1);
        pairs.map(both).fold(0.0, f32::max) + 3.0 * BESIDE
    }

    /// How wide sentences beside the arrows are, of what is free; 0 where they stand elsewhere.
    fn sentences(&self, free: f32, least: f32, before: (f32, f32)) -> f32 {
        if self.form.sentences != Sentences::Beside {
            return 0.0;
        }
        let gaps = self.gaps();
        let wanted = (self.asked * 0.3).clamp(300.0, 460.0);
        // Beads in one line are worth more than long lines of text, if they can be had.
        let left = free - gaps * beads::one_line(self.plan, before, self.measure);
        let several = (free - gaps * SEVERAL_LINES).max(LEAST_TEXT);
        let wanted = wanted.min(if left >= LEAST_TEXT { left } else { several });
        wanted.min((free - gaps * least).max(264.0))
    }
}
