//! What stands around the picture: title, cast, and at the foot the sum and the legend.

use std::collections::BTreeSet;

use wirestage_dissectors::story::{ActorId, Story};

use super::beads;
use super::cards::{self, Card};
use super::columns::{Columns, OUTER, PAD};
use super::plan::Plan;
use super::sketch::Sketch;
use super::wording::{counted, duration};
use super::{Axis, columns};
use crate::diagram::geometry::{Align, Rect, at};
use crate::diagram::measure::{elide, wrap};
use crate::diagram::scene::{About, Layer, Shape};
use crate::diagram::style::{Style, Type};

/// How many lines what carries the connections may take, for each way.
const CARRIER_LINES: usize = 3;

/// Draws title, subtitle and what carries the connections; returns where the next thing may begin.
pub(super) fn title(
    sketch: &mut Sketch<'_>,
    story: &Story,
    plan: &Plan<'_>,
    columns: &Columns,
    axis: Axis,
) -> f32 {
    let mut y = 0.0;
    let available = columns.width - 2.0 * (OUTER + PAD);
    let say = |sketch: &mut Sketch<'_>, text: &str, baseline: f32, font: Type, style: Style| {
        let text = elide(sketch.measure, text, font, available).into_owned();
        sketch.text(
            &text,
            at(columns.title, baseline),
            Align::Start,
            font,
            (style, About::Nothing),
        );
    };
    if !story.title.is_empty() {
        say(sketch, &story.title, 44.0, Type::Title, Style::Ink);
        y = 52.0;
    }
    let slanted = plan.units.iter().any(|unit| unit.received.is_some());
    let place = if slanted { "both ends recorded" } else { "one clock, one place" };
    let scale = if axis == Axis::Time { "to scale" } else { "in order, not to scale" };
    if !plan.units.is_empty() {
        // The story may have said where it was recorded.
        let said = |part: &&str| !story.subtitle.contains(*part);
        let parts = std::iter::once(story.subtitle.as_str())
            .chain([place, scale].into_iter().filter(said))
            .filter(|part| !part.is_empty());
        let line = parts.collect::<Vec<_>>().join(" · ");
        y = if story.title.is_empty() { 28.0 } else { 68.0 };
        say(sketch, &line, y, Type::Subtitle, Style::Dim);
    }
    for line in story.carried() {
        for text in wrap(sketch.measure, &line, Type::Subtitle, available, CARRIER_LINES) {
            y += Type::Subtitle.line_height();
            say(sketch, &text, y, Type::Subtitle, Style::Dim);
        }
    }
    y + 24.0
}

/// Draws the cards of the cast from `top` down; returns where they end.
pub(super) fn cast(
    sketch: &mut Sketch<'_>,
    story: &Story,
    plan: &Plan<'_>,
    columns: &Columns,
    top: f32,
) -> f32 {
    let actors: Vec<_> = plan.cast.iter().filter_map(|at| story.cast.get(*at)).collect();
    let cards: Vec<Card> = actors.iter().map(|actor| Card::new(actor, sketch.measure)).collect();
    let height = cards::height(&cards);
    for ((index, x), card) in plan.cast.iter().zip(&columns.rails).zip(&cards) {
        let about = About::Actor(ActorId(*index as u16));
        let rect = Rect::sized(x - columns.card / 2.0, top, columns.card, height);
        let plate = Shape::Plate { rect, radius: 8.0, outline: 1.0, dashed: false };
        sketch.add(plate, Style::Card, about, Layer::Cast);
        let top = top + card.lowered(height);
        for line in &card.lines {
            let origin = at(*x, top + line.down);
            let text = (line.text.as_str(), line.font);
            sketch.text_in(text, origin, Align::Middle, (line.style, about), Layer::Cast);
        }
    }
    top + height
}

/// The unit of the times, level with the end of the cards.
pub(super) fn unit(sketch: &mut Sketch<'_>, columns: &Columns, unit: &str, end: f32) {
    let about = (Style::Faint, About::Nothing);
    let origin = at(columns.clock, end - 6.0);
    sketch.text_in((unit, Type::Clock), origin, Align::End, about, Layer::Cast);
}

/// Draws the foot; returns where it ends.
pub(super) fn foot(
    sketch: &mut Sketch<'_>,
    story: &Story,
    plan: &Plan<'_>,
    columns: &Columns,
    top: f32,
) -> f32 {
    let (left, right) = (OUTER + PAD, columns.width - OUTER - PAD);
    let styles: BTreeSet<Style> = plan
        .units
        .iter()
        .flat_map(|unit| &unit.beads)
        .map(|bead| bead.style)
        .filter(|style| style.legend().is_some())
        .collect();
    let totals = totals(story, plan);
    let totals_width = sketch.measure.width(&totals, Type::Detail);
    let legend_width = legend_width(sketch, &styles);

    // The sum, the legend and the totals stand in one line where they fit.
    let sum_width = sketch.measure.width(&story.sum, Type::Chapter);
    let room = right - left - totals_width - 32.0;
    let one_line = sum_width + legend_width + 64.0 <= room;
    let sum = if one_line {
        vec![story.sum.clone()]
    } else {
        wrap(sketch.measure, &story.sum, Type::Chapter, room.max(160.0), 3)
    };
    let sum_height = sum.len().max(1) as f32 * Type::Chapter.line_height();
    let legend_rows =
        if one_line { Vec::new() } else { legend_rows(sketch, &styles, right - left) };
    let height = sum_height + 36.0 + legend_rows.len() as f32 * 32.0;

    let rect = Rect::sized(OUTER, top, columns.width - 2.0 * OUTER, height);
    let plate = Shape::Plate { rect, radius: 6.0, outline: 0.0, dashed: false };
    sketch.add(plate, Style::Band, About::Nothing, Layer::Ground);
    let middle = top + 18.0 + Type::Chapter.line_height() / 2.0;
    let centred = |font: Type| middle + font.cap_height() / 2.0;
    for (line, text) in sum.iter().enumerate() {
        let y = centred(Type::Chapter) + line as f32 * Type::Chapter.line_height();
        let about = (Style::Ink, About::Nothing);
        sketch.text(text, at(left, y), Align::Start, Type::Chapter, about);
    }
    let about = (Style::Dim, About::Nothing);
    sketch.text(&totals, at(right, centred(Type::Detail)), Align::End, Type::Detail, about);
    if one_line {
        // Centred in the picture where that is free.
        let free = (left + sum_width + 32.0, right - totals_width - 32.0 - legend_width);
        let x = ((columns.width - legend_width) / 2.0).clamp(free.0, free.1.max(free.0)).round();
        legend(sketch, &styles, x, middle);
    } else {
        for (row, styles) in legend_rows.iter().enumerate() {
            legend(sketch, styles, left, top + 18.0 + sum_height + 20.0 + row as f32 * 32.0);
        }
    }
    top + height
}

/// `10 packets · 3.2 kB · 306 ms`.
fn totals(story: &Story, plan: &Plan<'_>) -> String {
    let ends = plan.units.iter().map(|unit| {
        unit.beat.received.map_or(unit.beat.ended.time, |seen| seen.time.max(unit.beat.ended.time))
    });
    let span = ends.max().map(|end| duration(end.since(columns::start(plan))));
    let parts = [
        (story.packets > 0).then(|| counted(story.packets, "packet")),
        (story.bytes > 0).then(|| super::wording::bytes(story.bytes)),
        span,
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

const LEGEND_GAP: f32 = 12.0;

fn legend(sketch: &mut Sketch<'_>, styles: &BTreeSet<Style>, left: f32, middle: f32) {
    let mut x = left;
    for style in styles {
        beads::sample(sketch, x, middle, *style);
        x += beads::sample_width(sketch, *style) + LEGEND_GAP;
    }
}

fn legend_width(sketch: &Sketch<'_>, styles: &BTreeSet<Style>) -> f32 {
    let widths = styles.iter().map(|style| beads::sample_width(sketch, *style) + LEGEND_GAP);
    (widths.sum::<f32>() - LEGEND_GAP).max(0.0)
}

/// The legend in rows that fit.
fn legend_rows(sketch: &Sketch<'_>, styles: &BTreeSet<Style>, room: f32) -> Vec<BTreeSet<Style>> {
    let mut rows: Vec<BTreeSet<Style>> = Vec::new();
    for style in styles {
        match rows.last_mut() {
            Some(row) => {
                row.insert(*style);
                if legend_width(sketch, row) > room {
                    row.remove(style);
                    rows.push(BTreeSet::from([*style]));
                }
            }
            None => rows.push(BTreeSet::from([*style])),
        }
    }
    rows
}
