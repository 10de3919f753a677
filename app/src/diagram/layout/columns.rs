//! Where everything is from left to right: titles, times, brackets, lifelines, sentences.

use wirestage_dissectors::story::Story;

use super::Request;
use super::beads;
use super::cards::{self, Card};
use super::plan::Plan;
use super::wording::{self, Clock};
use crate::diagram::measure::MeasureText;
use crate::diagram::style::Type;

/// From the edge of the picture to the bands.
pub(super) const OUTER: f32 = 24.0;
/// From the edge of a band to its text.
pub(super) const PAD: f32 = 16.0;
/// The width of one round trip's bracket with its label.
pub(super) const LANE: f32 = 24.0;
/// From a lifeline to the labels beside it.
pub(super) const BESIDE: f32 = 12.0;
/// From a sentence's left edge to its words: the disc with its number comes first.
pub(super) const HANGING: f32 = 32.0;
/// The least room for the beads of an arrow, number and head apart.
const LEAST_BEADS: f32 = 144.0;
/// How narrow sentences may become for beads to hang in one row.
const LEAST_TEXT: f32 = 320.0;
/// What an arrow needs besides its beads: its number at the tail, its head.
pub(super) const BEFORE_NUMBER: f32 = 26.0;
pub(super) const TAIL_ROOM: f32 = 56.0;
pub(super) const HEAD_ROOM: f32 = 28.0;

/// The columns of a picture.
pub(super) struct Columns {
    /// The width of the picture.
    pub(super) width: f32,
    /// Where chapter titles begin, and how wide they may be.
    pub(super) title: f32,
    pub(super) title_width: f32,
    /// Where times end.
    pub(super) clock: f32,
    /// Where the brackets of round trips begin.
    pub(super) brackets: f32,
    /// The lifelines.
    pub(super) rails: Vec<f32>,
    /// How wide a label beside a lifeline may be: left of the first, between two, right of the
    /// last.
    pub(super) label_left: f32,
    pub(super) label_right: f32,
    /// The width of the cards of the cast.
    pub(super) card: f32,
    /// Where sentences begin and how wide they may be, discs included.
    pub(super) steps: Option<(f32, f32)>,
}

impl Columns {
    pub(super) fn new(
        story: &Story,
        plan: &Plan<'_>,
        request: &Request,
        lanes: usize,
        clock: Clock,
        measure: &dyn MeasureText,
    ) -> Self {
        let widest = |texts: &mut dyn Iterator<Item = (String, Type)>| {
            texts.map(|(text, font)| measure.width(&text, font)).fold(0.0, f32::max).ceil()
        };
        let beats = plan.chapters.iter().filter_map(|chapter| story.beat(chapter.beat?));
        let title_width = widest(&mut beats.flat_map(|beat| {
            let cost = cost(beat.packets, beat.bytes);
            [(beat.label.clone(), Type::Chapter), (cost, Type::Detail)]
        }))
        .clamp(96.0, 168.0);
        let started = start(plan);
        let times = plan.units.iter().map(|unit| {
            let last = unit.received.unwrap_or(unit.beat.sent.time);
            (clock.time(last.since(started)), Type::Clock)
        });
        let title = OUTER + PAD;
        let clock = title + title_width + 12.0 + widest(&mut times.into_iter());
        let brackets = clock + 12.0;
        let after_brackets = brackets + lanes as f32 * LANE;

        let cast = plan.cast.iter().filter_map(|at| story.cast.get(*at));
        let text = cast.map(|actor| Card::new(actor, measure).text_width(measure));
        let card = (text.fold(0.0, f32::max).ceil() + 48.0).clamp(160.0, cards::WIDEST);
        let label_of = |column: usize| {
            let ends =
                plan.units.iter().flat_map(|unit| [(unit.from, &unit.tail), (unit.to, &unit.head)]);
            let mut names = ends.filter(|(at, _)| *at == column).flat_map(|(_, end)| {
                let states = end.states.iter().map(|state| state.name);
                states.chain(end.keys.iter().map(|key| key.name))
            });
            widest(&mut names.by_ref().map(|name| (name.to_owned(), Type::State))).min(160.0)
        };
        let count = plan.cast.len();
        let (label_left, label_right) =
            (label_of(0), if count > 1 { label_of(count - 1) } else { 0.0 });

        let first = (after_brackets + BESIDE + label_left + BESIDE).max(clock + 12.0 + card / 2.0);
        let aside = (BESIDE + label_right).max(card / 2.0) + 20.0;
        let gaps = count.saturating_sub(1) as f32;
        let between = (1..count.saturating_sub(1)).map(label_of).fold(0.0, f32::max);
        let least = (card + 16.0).max(TAIL_ROOM + LEAST_BEADS + HEAD_ROOM).max(if count > 2 {
            between + 3.0 * BESIDE
        } else {
            0.0
        });
        let margin = OUTER + PAD;

        let asked = request.width as f32;
        let free = asked - first - aside - margin;
        let (steps_width, span) = if request.steps {
            let wanted = (asked * 0.3).clamp(300.0, 460.0);
            // Beads in one row are worth more than long lines of text, if they can be had.
            let left = free - gaps * beads::one_row(plan, measure);
            let wanted = if left >= LEAST_TEXT { wanted.min(left) } else { wanted };
            let given = wanted.min((free - gaps * least).max(264.0));
            (given, free - given)
        } else {
            (0.0, free)
        };
        // One lifeline has messages to itself only: they need room beside it.
        let alone = if count < 2 { LEAST_BEADS + 96.0 } else { 0.0 };
        let span = span.max(gaps * least).max(alone);
        let gap = if count > 1 { (span / gaps).min(920.0).floor() } else { 0.0 };
        let rails: Vec<f32> = (0..count).map(|at| (first + gap * at as f32).round()).collect();
        let last = rails.last().copied().unwrap_or(first) + alone;
        let right = last + aside;
        let width = (right + steps_width + margin).max(asked).ceil();
        let steps = request.steps.then(|| (right, (width - margin - right).min(560.0)));
        Self {
            width,
            title,
            title_width,
            clock,
            brackets,
            rails,
            label_left,
            label_right: if count > 1 { label_right } else { alone },
            card,
            steps,
        }
    }

    /// The lifeline of a column.
    pub(super) fn rail(&self, column: usize) -> f32 {
        self.rails.get(column).copied().unwrap_or_default()
    }

    /// Whether labels of a column stand on its left, for an arrow that comes from or goes to
    /// another column: on the outside, away from the arrow.
    pub(super) fn labels_left(&self, column: usize, other: usize) -> bool {
        match column {
            0 => true,
            at if at + 1 == self.rails.len() => false,
            // A message to oneself hangs on the right, and leaves the left to its labels.
            at => other >= at,
        }
    }

    /// How wide a label beside a lifeline may be.
    pub(super) fn label_width(&self, column: usize, left: bool) -> f32 {
        if left && column == 0 {
            self.label_left
        } else if !left && column + 1 == self.rails.len() {
            self.label_right
        } else {
            let gap = self.rail(1) - self.rail(0);
            gap - 3.0 * BESIDE
        }
    }
}

/// When the first arrow left.
pub(super) fn start(plan: &Plan<'_>) -> wirestage_dissectors::ids::Time {
    plan.units.iter().map(|unit| unit.beat.sent.time).min().unwrap_or_default()
}

/// `3 packets · 222 B`.
pub(super) fn cost(packets: u32, bytes: u64) -> String {
    format!("{} · {}", wording::counted(packets, "packet"), wording::bytes(bytes))
}
