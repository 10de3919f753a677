//! What each chapter is and costs, the times, and a bracket per round trip: the left margin, or
//! what stands above the arrows where there is none.

use wirestage_dissectors::ids::{ProtocolId, Time};
use wirestage_dissectors::protocols::{quic, tcp, tls};
use wirestage_dissectors::story::{Beat, BeatId, RoundTrip, Story};

use super::Axis;
use super::columns::{self, Columns};
use super::form::Form;
use super::placed::Placed;
use super::plan::{Chapter, Plan};
use super::rows::{self, Gap, Rows};
use super::scale::Scale;
use super::scopes;
use super::sketch::Sketch;
use super::trip_ends::Ends;
use super::wording::{self, Clock, counted};
use crate::diagram::geometry::{Align, Rect, at};
use crate::diagram::measure::{MeasureText, wrap};
use crate::diagram::scene::{About, Layer, Shape};
use crate::diagram::style::{Style, Type};

/// How many round trips may stand side by side; more are not bracketed.
const LANES: usize = 3;
/// From one time that is written to the next, at least.
const APART: f32 = 20.0;
/// From one tick of the ruler to the next, at least.
const TICK: f32 = 72.0;

/// Protocols whose questions open what others speak over.
const OPENING: [ProtocolId; 3] = [tcp::PROTOCOL_ID, tls::fields::PROTOCOL_ID, quic::PROTOCOL_ID];

/// A round trip with the lane its bracket stands in.
pub(super) struct Bracket {
    pub(super) from: usize,
    pub(super) to: usize,
    lane: usize,
    /// From the last byte of the question to the first of the answer.
    pub(super) times: (Time, Time),
    /// Whether it belongs to a handshake: what it takes is the way there and back. Of other round
    /// trips it may be anything that the other side did.
    pub(super) opens: bool,
}

/// Gives each round trip a lane of its own for as long as it lasts.
pub(super) fn brackets(trips: &[RoundTrip], plan: &Plan<'_>) -> Vec<Bracket> {
    let spans = trips
        .iter()
        .filter_map(|trip| Some((span(trip, plan)?, (trip.asked.time, trip.answered.time))));
    let mut spans: Vec<_> = spans.filter(|((from, to), _)| from < to).collect();
    spans.sort_unstable();
    let mut busy: [Option<usize>; LANES] = [None; LANES];
    let place = |((from, to), times): ((usize, usize), (Time, Time))| {
        let lane = busy.iter().position(|until| until.is_none_or(|until| until <= from))?;
        if let Some(until) = busy.get_mut(lane) {
            *until = Some(to);
        }
        let opens = plan.units.get(from).is_some_and(|unit| OPENING.contains(&unit.beat.protocol));
        Some(Bracket { from, to, lane, times, opens })
    };
    spans.into_iter().filter_map(place).collect()
}

/// The arrows of a round trip: from the one with the end of the question to the one with the
/// beginning of the answer, where a flight is shown as several.
fn span(trip: &RoundTrip, plan: &Plan<'_>) -> Option<(usize, usize)> {
    let ((first, last), (begun, ended)) = (plan.cover(trip.from)?, plan.cover(trip.to)?);
    let beat = |at: usize| plan.units.get(at).map(|unit| unit.beat);
    // Acknowledgements of the other side may stand between.
    let asker = beat(first)?.from;
    let asks = (first..=last).rev().find(|at| {
        beat(*at).is_some_and(|beat| beat.from == asker && beat.sent.frame <= trip.asked.frame)
    });
    let answers = (begun..=ended).find(|at| {
        beat(*at).is_some_and(|beat| {
            let came = beat.received.map_or(beat.ended.frame, |came| came.frame);
            beat.from != asker && came.max(beat.ended.frame) >= trip.answered.frame
        })
    });
    Some((asks.unwrap_or(first), answers.unwrap_or(ended)))
}

/// Whether there are brackets that nothing calls round trips.
pub(super) fn are_unnamed(brackets: &[Bracket], form: Form) -> bool {
    brackets.iter().any(|bracket| form.titles_above || !bracket.opens)
}

/// How many lanes the brackets take.
pub(super) fn lanes(brackets: &[Bracket]) -> usize {
    brackets.iter().map(|bracket| bracket.lane + 1).max().unwrap_or_default()
}

/// The title of a chapter with its cost, in lines.
#[derive(Default)]
pub(super) struct Title {
    lines: Vec<Words>,
    /// From the top of its band to its end.
    pub(super) height: f32,
}

/// A piece of a title: where it begins, its baseline counted from the top of the band.
struct Words {
    text: String,
    x: f32,
    down: f32,
    font: Type,
    style: Style,
}

/// From where a title goes down to its first letters.
const TITLE_ABOVE: f32 = 10.0;
/// How many lines a title may take before it is cut.
const TITLE_LINES: usize = 8;

impl Title {
    /// The title of a chapter: at the left of its arrows, or above them.
    pub(super) fn new(
        story: &Story,
        chapter: &Chapter,
        columns: &Columns,
        measure: &dyn MeasureText,
    ) -> Self {
        match chapter.beat.and_then(|id| Some((id, story.beat(id)?))) {
            Some((id, beat)) => Self::of(story, (id, beat, chapter.continued), columns, measure),
            None => Self::default(),
        }
    }

    /// The title of a chapter or of a scope, which may have begun on the page before.
    pub(super) fn of(
        story: &Story,
        (id, beat, continued): (BeatId, &Beat, bool),
        columns: &Columns,
        measure: &dyn MeasureText,
    ) -> Self {
        let mut title = Self::default();
        let form = columns.form;
        let font = if form.still { Type::Step } else { Type::Chapter };
        let (x, width) = if form.titles_above {
            let x = columns.above();
            (x, columns.width - columns.form.margin() - x)
        } else {
            (columns.title, columns.title_width)
        };
        let name = scopes::name(story, beat);
        let name = if continued { format!("{name} (continued)") } else { name };
        let mut down = if form.still || form.titles_above { 20.0 } else { 28.0 };
        for text in wrap(measure, &name, font, width, TITLE_LINES) {
            title.lines.push(Words { text, x, down, font, style: Style::Ink });
            down += 18.0;
        }
        let ports = scopes::ports(story, beat).filter(|_| !form.still);
        let ports = ports.map(|text| (text, Type::Detail, Style::Dim));
        let trips = (beat.round_trips > 0)
            .then(|| (counted(beat.round_trips, "round trip"), Type::Bead, Style::RoundTrip));
        let cost = (beat.packets > 0 && !form.still)
            .then(|| (columns::cost(beat.packets, beat.bytes), Type::Detail, Style::Dim));
        let elsewhere = story.spilled(id).filter(|_| !form.still);
        let elsewhere = elsewhere.map(|text| (text, Type::Detail, Style::Dim));
        down += 2.0;
        let mut at = x;
        for (text, font, style) in ports.into_iter().chain(trips).chain(cost).chain(elsewhere) {
            for text in wrap(measure, &text, font, width, TITLE_LINES) {
                let wide = measure.width(&text, font);
                // Above the arrows both stand in one line where they fit.
                if at > x && (!form.titles_above || at + wide > x + width) {
                    (at, down) = (x, down + 16.0);
                }
                title.lines.push(Words { text, x: at, down, font, style });
                at += wide + 12.0;
            }
        }
        let last = title.lines.last().map_or(0.0, |words| words.down);
        title.height = last + if form.still || form.titles_above { 8.0 } else { 18.0 };
        title
    }
}

impl Title {
    /// Its name, less its cost.
    pub(super) fn words(&self) -> String {
        let font = self.lines.first().map(|words| words.font);
        let own = self.lines.iter().filter(|words| Some(words.font) == font);
        own.map(|words| words.text.as_str()).collect::<Vec<_>>().join(" ")
    }

    /// What it covers where it goes down from there.
    pub(super) fn covers(&self, top: f32, measure: &dyn MeasureText) -> Rect {
        let left = self.lines.iter().map(|words| words.x).fold(f32::INFINITY, f32::min);
        let right = |words: &Words| words.x + measure.width(&words.text, words.font);
        let right = self.lines.iter().map(right).fold(left, f32::max);
        Rect { left, top, right, bottom: top + self.height }
    }
}

/// The bands of the chapters with their titles and costs.
pub(super) fn bands(
    sketch: &mut Sketch<'_>,
    (story, titles): (&Story, &[Title]),
    plan: &Plan<'_>,
    columns: &Columns,
    rows: &Rows,
) {
    let outer = columns.form.outer;
    for (number, (top, end)) in rows.bands.iter().enumerate() {
        let first = rows.of_chapter.iter().position(|band| *band == number);
        let chapter = first.and_then(|first| plan.chapters.get(first));
        let about = chapter.and_then(|chapter| chapter.beat).map_or(About::Nothing, About::Beat);
        let rect = Rect::sized(outer, *top, columns.width - 2.0 * outer, end - top);
        let style = rows::band(number);
        let plate = Shape::Plate { rect, radius: 6.0, outline: 0.0, dashed: false };
        sketch.add(plate, style, about, Layer::Ground);
    }
    for (number, chapter) in plan.chapters.iter().enumerate() {
        let about = chapter.beat.map_or(About::Nothing, About::Beat);
        let band = rows.of_chapter.get(number).copied().unwrap_or(number);
        let style = rows::band(band);
        let end = rows.bands.get(band).map_or(0.0, |(_, end)| *end);
        // The next chapter may share the band, and begins with titles of its own: it has made room
        // for this one's, unless they are titles of scopes that stand beside their arrows.
        let own = |number: usize| titles.get(number).is_some_and(|title| !title.lines.is_empty());
        let title = rows.titles.get(number + 1).copied().flatten().filter(|_| own(number + 1));
        let next = plan.chapters.get(number + 1).and_then(|next| rows.placed.get(next.units.start));
        let arrow = next.map(|next| next.tail - Type::Bead.line_height());
        let end = title.map(|top| top + TITLE_ABOVE).or(arrow).map_or(end, |next| end.min(next));
        scopes::titles(sketch, story, plan, chapter, (columns, rows, end));
        let place = titles.get(number).zip(rows.titles.get(number).copied().flatten());
        let Some((title, top)) = place else { continue };
        for (line, Words { text, x, down, font, style: ink }) in title.lines.iter().enumerate() {
            if line > 0 && top + down > end {
                break;
            }
            let origin = at(*x, top + down);
            columns.clear(sketch, (text, *font), origin, (style, About::Nothing));
            sketch.text(text, origin, Align::Start, *font, (*ink, about));
        }
    }
}

/// The titles of scopes above their first arrows.
pub(super) fn scopes_above(
    sketch: &mut Sketch<'_>,
    above: &[scopes::Above],
    (plan, columns, rows): (&Plan<'_>, &Columns, &Rows),
) {
    for (above, top) in above.iter().zip(&rows.scopes) {
        let Some(top) = top else { continue };
        let ground = rows.ground(above.unit, plan);
        for Words { text, x, down, font, style } in &above.title.lines {
            let origin = at(*x, top + down);
            columns.clear(sketch, (text, *font), origin, (ground, About::Nothing));
            sketch.text(text, origin, Align::Start, *font, (*style, About::Beat(above.id)));
        }
    }
}

/// A bracket from the question to its answer, for each round trip.
pub(super) fn round_trips(
    sketch: &mut Sketch<'_>,
    (brackets, ends): (&[Bracket], &Ends),
    (columns, clock): (&Columns, Clock),
    rows: &Rows,
) {
    if columns.form.still {
        return;
    }
    let placed = |index: usize| rows.placed.get(index).copied().unwrap_or_default();
    // Where the last label of each lane ends: true to time, brackets may overlap.
    let mut labelled = [f32::NEG_INFINITY; LANES];
    for (number, bracket) in brackets.iter().enumerate() {
        let x = columns.brackets + bracket.lane as f32 * columns.lane;
        let (top, end) = if columns.form.is_order() {
            (placed(bracket.from).tail, placed(bracket.to).head)
        } else {
            let (asked, answered) = bracket.times;
            (rows.at(asked), rows.at(answered))
        };
        // Brackets that follow each other directly leave a gap between them.
        let apart = if columns.form.is_order() { 2.5 } else { 1.0 };
        let (top, end) = (top + apart, end - apart);
        for line in [
            (at(x, top), at(x, end)),
            (at(x, top), at(x + 6.0, top)),
            (at(x, end), at(x + 6.0, end)),
        ] {
            sketch.line(line, 1.6, false, Style::RoundTrip, About::Nothing);
        }
        if columns.form.titles_above || !ends.tell(number) {
            // The bracket alone tells the round trip: a length between other times would be taken
            // for their difference.
            continue;
        }
        let (asked, answered) = bracket.times;
        let label =
            if bracket.opens { "1 RTT".to_owned() } else { clock.span(answered.since(asked)) };
        let length = sketch.measure.width(&label, Type::Number) + 8.0;
        let middle = clear_of_edges(&rows.bands, (top, end), length);
        let last = labelled.get_mut(bracket.lane);
        if let Some((middle, last)) = middle.zip(last)
            && middle - length / 2.0 >= *last
        {
            *last = middle + length / 2.0;
            sketch.upright(&label, at(x + 16.0, middle), Type::Number, Style::RoundTrip);
        }
    }
}

/// The middle of the longest stretch of a bracket within one band, where a label of that length
/// fits into it.
fn clear_of_edges(bands: &[(f32, f32)], (top, end): (f32, f32), length: f32) -> Option<f32> {
    let first = bands.partition_point(|band| band.1 <= top);
    bands
        .iter()
        .skip(first)
        .take_while(|band| band.0 < end)
        .map(|band| (band.0.max(top), band.1.min(end)))
        .max_by(|a, b| (a.1 - a.0).total_cmp(&(b.1 - b.0)))
        .filter(|(from, to)| to - from >= length)
        .map(|(from, to)| from.midpoint(to))
}

/// What comes first behind each silence that was cut short: its time and its place.
fn behind_gaps(rows: &Rows) -> impl Iterator<Item = (Time, f32)> {
    let behind = |gap: &Gap| rows.knots.iter().find(|(_, y)| *y > gap.y).copied();
    rows.gaps.iter().filter_map(behind)
}

/// The times: of each arrow where the way down is order, a ruler where it is time.
pub(super) fn times(
    sketch: &mut Sketch<'_>,
    plan: &Plan<'_>,
    columns: &Columns,
    (rows, ends): (&Rows, &Ends),
    (axis, clock, scale): (Axis, Clock, Scale),
) {
    let Some(clock_end) = columns.clock.filter(|_| !plan.units.is_empty()) else { return };
    let start = plan.start;
    let write = |sketch: &mut Sketch<'_>, text: &str, y: f32, about: About| {
        let origin = at(clock_end, y + Type::Clock.cap_height() / 2.0);
        sketch.text(text, origin, Align::End, Type::Clock, (Style::Faint, about));
    };
    if axis == Axis::Time {
        // Where a silence was cut short, the first thing behind it says when that was.
        let mut resumed: Vec<f32> = Vec::new();
        let known = rows.knots.iter().map(|(time, _)| time.since(start));
        let finely = clock.telling_apart(known);
        // As finely as there is room for: for the length of a silence there is.
        let room = sketch.measure.width(&format!("0.000 {}", clock.unit), Type::Clock);
        for (time, y) in behind_gaps(rows) {
            if resumed.last().is_none_or(|last| y - last >= APART) {
                resumed.push(y);
                let nanos = time.since(start);
                let fine = finely.time(nanos);
                let is_wide = sketch.measure.width(&fine, Type::Clock) > room;
                let text = if is_wide { clock.time(nanos) } else { fine };
                write(sketch, &text, y, About::Nothing);
            }
        }
        let is_near = |y: f32| {
            let next = resumed.partition_point(|other| *other <= y - APART);
            resumed.get(next).is_some_and(|other| *other < y + APART)
        };
        let mut last = f32::NEG_INFINITY;
        let step = wording::round_step(scale.nanos(TICK).max(clock.finest()));
        for pair in rows.knots.windows(2) {
            let [(t0, y0), (t1, y1)] = pair else { continue };
            let (from, to) = (t0.since(start) as f64, t1.since(start) as f64);
            let cut = rows.gaps.iter().any(|gap| *y0 < gap.y && gap.y < *y1);
            if cut || to <= from {
                continue;
            }
            for tick in wording::multiples(step, from..=to) {
                let y = y0 + (y1 - y0) * ((tick - from) / (to - from)) as f32;
                let edge = |(top, end): &(f32, f32)| (y - top).abs().min((y - end).abs()) < 8.0;
                if y - last < APART || is_near(y) || rows.bands.iter().any(edge) {
                    continue;
                }
                last = y;
                write(sketch, &clock.round(tick), y, About::Nothing);
            }
        }
    } else {
        let mut last = f32::NEG_INFINITY;
        for (unit, Placed { tail, .. }) in plan.units.iter().zip(&rows.placed) {
            if tail - last < Type::Clock.line_height() {
                // It left at the same moment as the one before, from the other side.
                continue;
            }
            last = *tail;
            let time = clock.time(unit.beat.sent.time.since(start));
            write(sketch, &time, *tail, About::Beat(unit.id));
        }
        for end in ends.named() {
            let (Some(unit), Some(placed)) = (plan.units.get(end.unit), rows.placed.get(end.unit))
            else {
                continue;
            };
            let y = placed.tail + end.down + Type::Clock.cap_height() / 2.0;
            let ink = (Style::RoundTrip, About::Beat(unit.id));
            sketch.text(&end.text, at(clock_end, y), Align::End, Type::Clock, ink);
        }
    }
    // Where nothing was under way, the gap itself tells its length.
    for gap in rows.gaps.iter().filter(|gap| !gap.silent) {
        // Within the band that is nearest.
        let within = |(top, end): &(f32, f32)| gap.y.clamp(top + 8.0, (end - 8.0).max(top + 8.0));
        let places = rows.bands.iter().map(within);
        let y = places.min_by(|a, b| (a - gap.y).abs().total_cmp(&(b - gap.y).abs()));
        write(sketch, &clock.span(gap.nanos()), y.unwrap_or(gap.y), About::Nothing);
    }
}
