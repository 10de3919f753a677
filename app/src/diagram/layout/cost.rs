//! Where the time of what is followed went: a row for each share, all on one true axis, and the
//! shares of each leg add up to it.

use wirestage_dissectors::story::passages::{Cost, Share, What};
use wirestage_dissectors::story::{BeatId, Outcome, Story, TrackId, Trail};

use super::badge;
use super::columns::Columns;
use super::plan::Plan;
use super::sketch::Sketch;
use super::wording::{self, Clock, counted};
use crate::diagram::geometry::{Align, Rect, at};
use crate::diagram::measure::wrap;
use crate::diagram::scene::{About, Layer, Shape};
use crate::diagram::style::{Style, Type};

/// From one row to the next, and where the words of a row stand above its bar.
const ROW: f32 = 26.0;
const STACKED: f32 = 56.0;
/// The height of a bar, and its least width: what took no time still was.
const BAR: f32 = 11.0;
const LEAST: f32 = 3.0;
/// The room of a badge, and between two columns.
const BADGE: f32 = 32.0;
const BETWEEN: f32 = 16.0;
/// Narrower than this a chart says nothing beside its words.
const LEAST_CHART: f32 = 260.0;
/// From one tick of the axis to the next, at least.
const TICK: f32 = 80.0;
/// How many lines the title and what is said of retries may take.
const LINES: usize = 4;
/// Nobody reads the shares of more legs than these.
const MOST_ROWS: usize = 24;

/// A row: whose, its words, when, how long.
struct Row {
    badge: Option<TrackId>,
    label: String,
    detail: String,
    style: Style,
    broken: bool,
    spans: Vec<(f64, f64)>,
    nanos: String,
}

/// What is to be drawn of a cost.
struct Panel {
    title: String,
    rows: Vec<Row>,
    remark: Option<String>,
    whole: i64,
}

/// Draws the cost of what is followed below `top`; returns where the next thing may begin.
pub(super) fn draw(
    sketch: &mut Sketch<'_>,
    (story, plan): (&Story, &Plan<'_>),
    (columns, clock): (&Columns, Clock),
    followed: Option<BeatId>,
    top: f32,
) -> f32 {
    let is_last = plan.page.is_none_or(|(number, of)| number == of);
    let trail = followed.filter(|_| is_last && !columns.form.still);
    let Some(trail) = trail.and_then(|id| story.trail(id)) else { return top };
    let Some(cost) = trail.cost(story) else { return top };
    let Some(panel) = Panel::new(story, &trail, &cost, clock) else { return top };
    panel.draw(sketch, (columns, clock), top + 24.0)
}

impl Panel {
    fn new(story: &Story, trail: &Trail, cost: &Cost, clock: Clock) -> Option<Self> {
        let whole = cost.shares.first()?.nanos();
        // Ends are rounded, and not what lies between: so what is shown adds up as well.
        let step = 10_f64.powf((whole.max(1) as f64).log10().floor() - DIGITS).max(1.0);
        let rounded = |time: i64| (time as f64 / step).round() * step;
        let written = |spans: &[(i64, i64)]| {
            let sum: f64 = spans.iter().map(|(from, until)| rounded(*until) - rounded(*from)).sum();
            clock.finely(sum, step)
        };
        let row = |share: &Share| Row::new(story, trail, share, written(&share.spans));
        let rows: Vec<Row> = cost.shares.iter().take(MOST_ROWS).filter_map(row).collect();
        let question = story.beat(trail.legs.first()?.question)?;
        let unit = clock.unit;
        let title =
            format!("Where the {} {unit} of {} went", written(&[(0, whole)]), question.label);
        let remark = cost.retries.map(|nanos| {
            let price = written(&[(0, nanos)]);
            format!("Trying again cost {price} {unit}: from the first try to the last.")
        });
        Some(Self { title, rows, remark, whole })
    }

    fn draw(&self, sketch: &mut Sketch<'_>, (columns, clock): (&Columns, Clock), top: f32) -> f32 {
        let form = columns.form;
        let (left, right) = (form.margin(), columns.width - form.margin());
        let mut y = top + 14.0;
        for line in wrap(sketch.measure, &self.title, Type::Chapter, right - left, LINES) {
            y += Type::Chapter.line_height();
            let origin = at(left, y - 5.0);
            let style = (Style::Ink, About::Nothing);
            sketch.text(&line, origin, Align::Start, Type::Chapter, style);
        }
        y += 8.0;
        let widest = |text: &dyn Fn(&Row) -> &str, font| {
            let widths = self.rows.iter().map(|row| sketch.measure.width(text(row), font));
            widths.fold(0.0, f32::max).ceil()
        };
        let labels = BADGE + widest(&|row| &row.label, Type::Detail) + BETWEEN;
        let numbers = widest(&|row| &row.nanos, Type::Clock) + BETWEEN;
        let details = widest(&|row| &row.detail, Type::Detail) + BETWEEN;
        let room = right - left - labels - numbers - details;
        let stacked = room < LEAST_CHART;
        let (from, until) = if stacked {
            (left, right)
        } else {
            // Level with what is above: a longer axis is no clearer.
            (left + labels, left + labels + room.min(WIDEST_CHART))
        };
        let axis = y;
        for row in &self.rows {
            let middle = y + if stacked { STACKED - BAR } else { ROW / 2.0 };
            row.bars(sketch, (from, until), (middle, self.whole));
            row.words(sketch, (left, until, right, numbers), (y, stacked));
            y += if stacked { STACKED } else { ROW };
        }
        y += if stacked { 6.0 } else { 2.0 };
        self.ticks(sketch, clock, (from, until), (axis, y, stacked));
        y += Type::Clock.line_height() + 6.0;
        if let Some(remark) = &self.remark {
            for line in wrap(sketch.measure, remark, Type::Detail, right - left, LINES) {
                y += Type::Detail.line_height();
                let style = (Style::Dim, About::Nothing);
                sketch.text(&line, at(left, y - 2.0), Align::Start, Type::Detail, style);
            }
        }
        y += 14.0;
        let rect = Rect::sized(form.outer, top, columns.width - 2.0 * form.outer, y - top);
        let plate = Shape::Plate { rect, radius: 6.0, outline: 0.0, dashed: false };
        sketch.add(plate, Style::BandAlt, About::Nothing, Layer::Ground);
        // The foot stands nearer to it than to arrows.
        y - 20.0
    }

    /// The axis: a line for each round time, behind the bars, with its time below.
    fn ticks(
        &self,
        sketch: &mut Sketch<'_>,
        clock: Clock,
        (from, until): (f32, f32),
        (top, end, stacked): (f32, f32, bool),
    ) {
        let whole = (self.whole as f64).max(1.0);
        let wide = f64::from(until - from);
        let step = wording::round_step(whole * f64::from(TICK) / wide);
        for time in wording::multiples(step, 0.0..=whole) {
            let x = (f64::from(from) + wide * time / whole) as f32;
            // Where words stand above the bars, a line would run through them.
            if !stacked {
                let line =
                    Shape::Line { from: at(x, top), to: at(x, end), width: 1.0, dashed: false };
                sketch.add(line, Style::Faint, About::Nothing, Layer::Hem);
            }
            let text = clock.elapsed(time);
            let half = sketch.measure.width(&text, Type::Clock) / 2.0;
            let x = x.max(from + half).min(until - half);
            let origin = at(x, end + Type::Clock.line_height() - 2.0);
            let style = (Style::Faint, About::Nothing);
            sketch.text(&text, origin, Align::Middle, Type::Clock, style);
        }
    }
}

/// How many digits of a cost follow its first one.
const DIGITS: f64 = 3.0;
/// How wide a chart is at most.
const WIDEST_CHART: f32 = 720.0;

impl Row {
    fn new(story: &Story, trail: &Trail, share: &Share, nanos: String) -> Option<Self> {
        let (badge, label, detail, style, broken) = match share.what {
            What::Leg(at) => {
                let leg = trail.legs.get(at)?;
                let (question, end) = (story.beat(leg.question)?, story.beat(leg.end)?);
                let failed = !leg.answered || end.outcome == Outcome::Refused;
                let up = wording::bytes(question.bytes);
                let down = match end.bytes {
                    down if leg.answered => wording::bytes(down),
                    _ => "nothing".to_owned(),
                };
                let style = if failed { Style::Failure } else { Style::of_track(leg.track) };
                let label = label(story, trail, at, failed)?;
                (Some(leg.track), label, format!("{up} up, {down} down"), style, !leg.answered)
            }
            What::Opens(track, trips) => {
                let detail = counted(trips, "round trip");
                (Some(track), "opens".to_owned(), detail, Style::Tcp, false)
            }
            What::Own(actor) => {
                let name = &story.cast.get(usize::from(actor.0))?.name;
                let way = if story.both_ends { " and the way to it" } else { " itself" };
                let detail = match share.spans.len() {
                    0 => "nothing".to_owned(),
                    1 => "in one piece".to_owned(),
                    pieces => format!("in {pieces} pieces"),
                };
                (None, format!("{name}{way}"), detail, Style::Opaque, false)
            }
        };
        let spans = share.spans.iter().map(|(from, until)| (*from as f64, *until as f64)).collect();
        Some(Self { badge, label, detail, style, broken, spans, nanos })
    }

    fn bars(
        &self,
        sketch: &mut Sketch<'_>,
        (from, until): (f32, f32),
        (middle, whole): (f32, i64),
    ) {
        let scale = f64::from(until - from) / (whole as f64).max(1.0);
        let x = |time: f64| (f64::from(from) + time * scale) as f32;
        for (begin, end) in &self.spans {
            let width = (x(*end) - x(*begin)).max(LEAST);
            let rect = Rect::sized(x(*begin).min(until - width), middle - BAR / 2.0, width, BAR);
            let plate = Shape::Plate { rect, radius: 2.0, outline: 1.0, dashed: false };
            sketch.add(plate, self.style, About::Nothing, Layer::Lines);
            if self.broken {
                let centre = at((rect.right + 9.0).min(until - 4.0), middle);
                sketch.add(
                    Shape::Cross { centre, arm: 4.0 },
                    self.style,
                    About::Nothing,
                    Layer::Front,
                );
            }
        }
    }

    /// The words of a row: beside its bars, or above them.
    fn words(
        &self,
        sketch: &mut Sketch<'_>,
        (left, until, right, numbers): (f32, f32, f32, f32),
        (top, stacked): (f32, bool),
    ) {
        let middle = top + ROW / 2.0;
        let baseline = |font: Type| middle + font.cap_height() / 2.0;
        if let Some(track) = self.badge {
            badge::draw(sketch, track, at(left + 12.0, middle), About::Nothing);
        }
        let dim = (Style::Dim, About::Nothing);
        let ink = (Style::Ink, About::Nothing);
        let font = Type::Detail;
        sketch.text(&self.label, at(left + BADGE, baseline(font)), Align::Start, font, ink);
        let number = if stacked { right } else { until + numbers };
        sketch.text(&self.nanos, at(number, baseline(Type::Clock)), Align::End, Type::Clock, ink);
        let detail = if stacked {
            at(left + BADGE, baseline(font) + font.line_height())
        } else {
            at(number + BETWEEN, baseline(font))
        };
        sketch.text(&self.detail, detail, Align::Start, font, dim);
    }
}

/// What a leg is called.
fn label(story: &Story, trail: &Trail, at: usize, failed: bool) -> Option<String> {
    let leg = trail.legs.get(at)?;
    let Some(before) = leg.from else { return Some("all of it".to_owned()) };
    let siblings = trail.legs.iter().filter(|other| other.from == Some(before));
    let tries = siblings.map(|other| other.attempt).max().unwrap_or(1);
    let is_same = story.came_by(leg.question).is_none_or(|passage| passage.same);
    let name = match (tries, leg.attempt) {
        _ if !is_same => story.beat(leg.question)?.label.clone(),
        (1, _) => "handed on".to_owned(),
        (_, 1) => "first try".to_owned(),
        (_, 2) => "second try".to_owned(),
        (_, 3) => "third try".to_owned(),
        (_, count) => format!("try {count}"),
    };
    let how = match (leg.answered, failed) {
        (false, _) => ", broken off",
        (true, true) => ", refused",
        (true, false) => "",
    };
    Some(format!("{name}{how}"))
}
