//! What stands around the picture: title, cast, and at the foot the sum and the legend.

use wirestage_dissectors::ids::Time;
use wirestage_dissectors::story::{ActorId, Story};

use super::Axis;
use super::cards::{self, Card};
use super::columns::Columns;
use super::legend::{self, Entry};
use super::messages;
use super::plan::Plan;
use super::rows::Rows;
use super::sketch::Sketch;
use super::wording::{Clock, counted};
use crate::diagram::geometry::{Align, Rect, at};
use crate::diagram::measure::wrap;
use crate::diagram::scene::{About, Layer, Shape};
use crate::diagram::style::{Face, Style, Type};

/// How many lines a title, the line below it, what carries the connections, and the sum may take.
const TITLE_LINES: usize = 8;
const SUBTITLE_LINES: usize = 12;
const CARRIER_LINES: usize = 12;
const LEFT_OUT_LINES: usize = 60;
const SUM_LINES: usize = 8;
/// How many lines a note may take.
const NOTE_LINES: usize = 4;

/// How much of a line a title and the sum fill: where the bundled fonts are missing, bold type of
/// others is up to 8 % wider, and there is no room beside these lines.
const FILLED: f32 = 0.92;

/// See [`FILLED`].
fn filled(font: Type) -> f32 {
    if font.face() == Face::SemiBold { FILLED } else { 1.0 }
}

/// Draws title, subtitle and what carries the connections; returns where the next thing may begin.
pub(super) fn title(
    sketch: &mut Sketch<'_>,
    story: &Story,
    plan: &Plan<'_>,
    columns: &Columns,
    (axis, clock): (Axis, Clock),
) -> f32 {
    let form = columns.form;
    let available = columns.width - 2.0 * form.margin();
    // Baselines, each counted from the one before it.
    let mut y = if form.titles_above { 8.0 } else { 16.0 };
    let say = |sketch: &mut Sketch<'_>,
               y: &mut f32,
               (text, font, style): (&str, Type, Style),
               lines: usize| {
        for line in wrap(sketch.measure, text, font, available * filled(font), lines) {
            *y += Type::line_height(font);
            let origin = at(columns.title, *y);
            sketch.text(&line, origin, Align::Start, font, (style, About::Nothing));
        }
    };
    if form.still {
        y = 8.0;
        let trips = plan.chapters.iter().filter_map(|chapter| story.beat(chapter.beat?));
        let trips: u32 = trips.map(|beat| beat.round_trips).sum();
        let trips = if trips > 0 { counted(trips, "round trip") } else { String::new() };
        let width = sketch.measure.width(&trips, Type::Bead);
        let origin = at(columns.width - form.margin(), y + Type::Step.line_height());
        sketch.text(&trips, origin, Align::End, Type::Bead, (Style::RoundTrip, About::Nothing));
        let room = available - if width > 0.0 { width + 24.0 } else { 0.0 };
        for line in wrap(sketch.measure, &story.title, Type::Step, room * FILLED, TITLE_LINES) {
            y += Type::Step.line_height();
            let origin = at(columns.title, y);
            sketch.text(&line, origin, Align::Start, Type::Step, (Style::Ink, About::Nothing));
        }
        return y + 14.0;
    }
    let font = if form.titles_above { Type::TitleNarrow } else { Type::Title };
    say(sketch, &mut y, (&story.title, font, Style::Ink), TITLE_LINES);
    let slanted = plan.units.iter().any(|unit| unit.received.is_some());
    let place = match (slanted, story.one_clock) {
        (true, true) => "both ends recorded, one clock",
        (true, false) => "both ends recorded",
        (false, _) => "one clock, one place",
    };
    let scale = if axis == Axis::Time { "to scale" } else { "in order, not to scale" };
    // A narrow picture has no place for it above its times.
    let unit = format!("times in {}", clock.unit);
    let unit = Some(unit.as_str()).filter(|_| form.titles_above && columns.clock.is_some());
    let page = plan.page.map(|(number, of)| format!("page {number} of {of}"));
    if !plan.units.is_empty() {
        // The story may have said where it was recorded.
        let said = |part: &&str| !story.subtitle.contains(*part);
        let parts = std::iter::once(story.subtitle.as_str())
            .chain([place, scale].into_iter().filter(said))
            .chain(unit)
            .chain(page.as_deref())
            .filter(|part| !part.is_empty());
        // A line never begins with a dot.
        let line = parts.collect::<Vec<_>>().join(" · ").replace(" ·", "\u{a0}·");
        y += if form.titles_above { 2.0 } else { 6.0 };
        say(sketch, &mut y, (&line, Type::Subtitle, Style::Dim), SUBTITLE_LINES);
    }
    for line in story.carried() {
        say(sketch, &mut y, (&line, Type::Subtitle, Style::Dim), CARRIER_LINES);
    }
    y + if form.titles_above { 16.0 } else { 24.0 }
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
    let still = columns.form.still;
    let cards: Vec<Card> =
        actors.iter().map(|actor| Card::new(actor, columns.form, sketch.measure)).collect();
    let height = if still { cards::bare_height(&cards) } else { cards::height(&cards) };
    let rows = columns.stacked();
    let below = |row: usize| row as f32 * (height + STACKED);
    let end = top + height + below(rows.iter().copied().max().unwrap_or_default());
    for (((column, index), card), row) in plan.cast.iter().enumerate().zip(&cards).zip(rows) {
        let about = About::Actor(ActorId(*index as u16));
        let x = columns.card_middle(column);
        let mut top = top + below(row);
        if top + height < end {
            // Its lifeline begins at the card and passes behind those below it.
            let rail = columns.rail(column);
            let (from, to) = (at(rail, top + height), at(rail, end));
            let line = Shape::Line { from, to, width: 1.5, dashed: false };
            sketch.add(line, Style::Rail, about, Layer::Cast);
        }
        if !still {
            let rect = Rect::sized(x - columns.card / 2.0, top, columns.card, height);
            let plate = Shape::Plate { rect, radius: 8.0, outline: 1.0, dashed: false };
            sketch.add(plate, Style::Card, about, Layer::Cast);
            top += card.lowered(height);
        }
        for line in &card.lines {
            let down = if still { line.down - cards::BARE_ABOVE } else { line.down };
            let origin = at(x, top + down);
            let text = (line.text.as_str(), line.font);
            sketch.text_in(text, origin, Align::Middle, (line.style, about), Layer::Cast);
        }
    }
    end
}

/// From one row of cards to the next, where they stand one above the other.
const STACKED: f32 = 6.0;

/// The unit of the times, level with the end of the cards.
pub(super) fn unit(sketch: &mut Sketch<'_>, columns: &Columns, unit: &str, end: f32) {
    let Some(clock) = columns.clock.filter(|_| !columns.form.titles_above) else { return };
    let about = (Style::Faint, About::Nothing);
    sketch.text_in((unit, Type::Clock), at(clock, end - 6.0), Align::End, about, Layer::Cast);
}

/// How many different labels are named that found no room: more nobody reads.
const NAMED: usize = 60;

/// Says what found no room, where arrows must not move or beside them; returns where the next thing
/// may begin.
pub(super) fn left_out(
    sketch: &mut Sketch<'_>,
    columns: &Columns,
    (rows, lanes): (&Rows, u32),
    end: f32,
) -> f32 {
    let (labels, sentences) = &rows.left_out;
    let mut said = counted_labels(labels);
    let others = said.len().saturating_sub(NAMED);
    said.truncate(NAMED);
    said.extend((others > 0).then(|| counted(others as u64, "more label")));
    said.extend((*sentences > 0).then(|| counted(*sentences, "sentence")));
    said.extend((lanes > 0).then(|| format!("{} of streams", counted(lanes, "lane"))));
    if said.is_empty() {
        return end;
    }
    let said = format!("Left out for want of room: {}.", said.join(", "));
    let available = columns.width - 2.0 * columns.form.margin();
    let mut y = end + 16.0;
    for line in wrap(sketch.measure, &said, Type::Detail, available, LEFT_OUT_LINES) {
        y += Type::Detail.line_height();
        let style = (Style::Dim, About::Nothing);
        sketch.text(&line, at(columns.title, y), Align::Start, Type::Detail, style);
    }
    y
}

/// Labels that found no room, in the order of the picture, with what says the same counted.
fn counted_labels(labels: &[String]) -> Vec<String> {
    let mut found: Vec<(&str, usize)> = Vec::new();
    for label in labels {
        let known = found.iter().position(|(known, _)| known == label);
        match known.and_then(|at| found.get_mut(at)) {
            Some((_, count)) => *count += 1,
            None => found.push((label, 1)),
        }
        if found.len() > 4 * NAMED {
            break;
        }
    }
    let named = |(label, count): (&str, usize)| match count {
        1 => label.to_owned(),
        count => messages::times(label, count),
    };
    found.into_iter().map(named).collect()
}

/// Draws the foot; returns where it ends.
pub(super) fn foot(
    sketch: &mut Sketch<'_>,
    story: &Story,
    plan: &Plan<'_>,
    (columns, clock): (&Columns, Clock),
    (entries, top): (&[Entry], f32),
) -> f32 {
    let form = columns.form;
    let (left, right) = (form.margin(), columns.width - form.margin());
    let totals = totals(story, plan, clock);
    let totals_width = sketch.measure.width(&totals, Type::Detail);
    let legend_width = legend::width(sketch, entries);

    // The sum, the legend and the totals stand in one line where they fit.
    let sum_width = sketch.measure.width(&story.sum, Type::Chapter) / FILLED;
    let room = right - left - totals_width - 32.0;
    let one_line = sum_width + legend_width + 64.0 <= room;
    // The totals stand below the sum where they would leave it too little room.
    let below = !one_line && room < 240.0;
    let sum_room = if below { right - left } else { room };
    let sum_room = if one_line { sum_room } else { sum_room * FILLED };
    let sum = wrap(sketch.measure, &story.sum, Type::Chapter, sum_room, SUM_LINES);
    let sum_height = sum.len().max(1) as f32 * Type::Chapter.line_height();
    let head = sum_height + if below { Type::Detail.line_height() + 4.0 } else { 0.0 };
    let legend_rows =
        if one_line { Vec::new() } else { legend::rows(sketch, entries, right - left) };
    let segments = story.segments();
    // Where time is to scale, no row stands for them.
    let has_rows = plan.units.iter().any(|unit| story.repeat(unit.id).is_some());
    let repeated = story.repeated().filter(|_| !has_rows && !form.still);
    let notes: Vec<String> = segments
        .iter()
        .chain(&story.notes)
        .chain(&repeated)
        .chain(&plan.reckoned.note)
        .flat_map(|note| wrap(sketch.measure, note, Type::Detail, right - left, NOTE_LINES))
        .collect();
    let words = head + 36.0 + legend_rows.len() as f32 * 32.0;
    let height = words + notes.len() as f32 * Type::Detail.line_height();

    let rect = Rect::sized(form.outer, top, columns.width - 2.0 * form.outer, height);
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
    let (origin, align) = if below {
        (at(left, centred(Type::Detail) + sum_height), Align::Start)
    } else {
        (at(right, centred(Type::Detail)), Align::End)
    };
    sketch.text(&totals, origin, align, Type::Detail, about);
    if one_line {
        // Centred in the picture where that is free.
        let free = (left + sum_width + 32.0, right - totals_width - 32.0 - legend_width);
        let x = ((columns.width - legend_width) / 2.0).clamp(free.0, free.1.max(free.0)).round();
        legend::draw(sketch, entries, x, middle);
    } else {
        for (row, entries) in legend_rows.iter().enumerate() {
            legend::draw(sketch, entries, left, top + 18.0 + head + 20.0 + row as f32 * 32.0);
        }
    }
    // What was not read, and whatever else one must know before trusting the picture.
    for (line, text) in (1..).zip(&notes) {
        let y = top + words - 12.0 + line as f32 * Type::Detail.line_height() - 4.0;
        sketch.text(text, at(left, y), Align::Start, Type::Detail, (Style::Dim, About::Nothing));
    }
    top + height
}

/// `10 packets · 3.2 kB · 306 ms`.
fn totals(story: &Story, plan: &Plan<'_>, clock: Clock) -> String {
    // What is told as more of the same may end last.
    let ends = story.tracks.iter().map(|track| track.last.time).chain(story.end());
    let end = ends.fold(plan.end, Time::max);
    let span = (!plan.units.is_empty()).then(|| clock.span(end.since(plan.start)));
    let parts = [
        (story.packets > 0).then(|| counted(story.packets, "packet")),
        (story.bytes > 0).then(|| super::wording::bytes(story.bytes)),
        span,
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}
