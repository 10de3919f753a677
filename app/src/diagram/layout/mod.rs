//! From a story to a scene: what is drawn, where from left to right, where from top to bottom,
//! and then each part of the picture in a file of its own.
//!
//! ```text
//!   plan ──> columns ──> rows ──> bands, lifelines, arrows, beads, margins, foot ──> scene
//! ```

mod arrivals;
mod arrows;
mod badge;
mod bead;
mod beads;
mod board;
mod cards;
mod columns;
mod cost;
mod crowd;
mod deeds;
mod ends;
mod family;
mod fitting;
mod folds;
mod form;
mod frame;
mod heads;
mod in_time;
mod labels;
mod later;
mod legend;
mod lifelines;
mod margin;
mod messages;
mod more;
mod nearest;
mod order;
mod packing;
mod placed;
mod plan;
mod prepared;
mod reckoned;
mod request;
mod ribbon;
mod room;
mod rows;
mod scale;
mod scopes;
mod segments;
mod silence;
mod sketch;
mod steps;
mod strands;
mod streams;
mod tags;
mod ties;
mod time;
mod turns;
mod under_way;
mod unit;
mod windows;
mod wording;

use wirestage_dissectors::story::passages::said;
use wirestage_dissectors::story::{Outcome, Story};

pub(super) use messages::style as style_of;
pub use prepared::Prepared;
pub use request::{Axis, Request};
#[cfg(feature = "gui")]
pub(super) use scopes::name as chapter_name;
pub(super) use wording::{multiples, round_step};

use self::columns::{Beside, Columns};
use self::form::{Form, Sentences};
use self::more::More;
use self::placed::{Fold, Measures};
use self::plan::{Plan, Unit};
use self::rows::Rows;
use self::scale::Scale;
use self::sketch::Sketch;
use self::steps::Sentence;
use self::streams::Lanes;
use self::windows::Windows;
use self::wording::Clock;
use super::geometry::Rect;
use super::measure::MeasureText;
use super::scene::{BeatBox, Scene};

/// Lays out a story. Equal stories and requests, measured by the same fonts, give equal scenes.
#[must_use]
pub fn layout(story: &Story, request: &Request, measure: &dyn MeasureText) -> Scene {
    layout_prepared((story, &Prepared::new(story)), request, measure)
}

/// The same for a story that was walked before.
#[must_use]
pub fn layout_prepared(
    (story, prepared): (&Story, &Prepared),
    request: &Request,
    measure: &dyn MeasureText,
) -> Scene {
    let plan = Plan::new(story, &prepared.family, request);
    compose((story, prepared), request, &plan, measure).0
}

/// Lays out a story as pages that are hardly longer than `longest` points: each with title, cast,
/// legend and the title of the chapter that goes on. A story that is short enough is one page.
#[must_use]
pub fn pages(
    story: &Story,
    request: &Request,
    longest: f32,
    measure: &dyn MeasureText,
) -> Vec<Scene> {
    let told = (story, &Prepared::new(story));
    let plan = Plan::new(story, &told.1.family, request);
    let (whole, rows) = compose(told, request, &plan, measure);
    let Some(first) = rows.first().filter(|_| whole.height > longest) else { return vec![whole] };
    // What stands around the arrows stands on each page.
    let last = rows.last().map_or(*first, |last| *last);
    let room = (longest - (whole.height - (last - first))).max(longest / 4.0);
    let mut cuts = vec![0];
    let mut top = *first;
    for (at, y) in rows.iter().enumerate() {
        let next = rows.get(at + 1).copied().unwrap_or(*y);
        if next - top > room && at > cuts.last().copied().unwrap_or_default() {
            cuts.push(at);
            top = *y;
        }
    }
    cuts.push(plan.units.len());
    let count = cuts.len() - 1;
    let spans = cuts.iter().zip(cuts.iter().skip(1)).enumerate();
    spans
        .map(|(number, (from, to))| {
            let part = plan.part(*from..*to, (number + 1, count));
            compose(told, request, &part, measure).0
        })
        .collect()
}

/// Lays out what is planned; returns with the scene where each arrow leaves.
fn compose(
    (story, prepared): (&Story, &Prepared),
    request: &Request,
    plan: &Plan<'_>,
    measure: &dyn MeasureText,
) -> (Scene, Vec<f32>) {
    let axis = axis(request, plan);
    // Where no arrow has a sentence, no margin is kept for them.
    let steps = request.steps && plan.units.iter().any(|unit| !unit.beat.headline.is_empty());
    let asked = Request { axis, steps, ..request.clone() };
    let form = Form::new(&asked);
    let clock = Clock::new(plan.end.since(plan.start));
    let clock = if axis == Axis::Order {
        clock.telling_apart(plan.units.iter().map(|unit| unit.beat.sent.time.since(plan.start)))
    } else {
        clock
    };
    let clock = clock.written(request.times, plan.start);
    let scale = Scale::new(plan);
    let to_scale = axis == Axis::Time;
    let apart = if to_scale { later::apart(story, plan, scale) } else { None };
    let plan = apart.as_ref().unwrap_or(plan);
    let brackets = margin::brackets(&story.trips, plan);
    let scopes = scopes::of(story, plan);
    let (lanes, side) = (margin::lanes(&brackets), scopes::lanes(&scopes));
    let strands = if to_scale { strands::of(story, plan) } else { Vec::new() };
    let ties = if to_scale { ties::of(story, plan, clock) } else { Vec::new() };
    let arrivals = if to_scale { arrivals::of(story, plan) } else { Vec::new() };
    let curve = under_way::of(story, plan).filter(|_| to_scale);
    let streams = Lanes::of(story, plan, (form, request.width), measure);
    let windows = Windows::of(story, plan, request.width).filter(|_| to_scale && form.margins);
    let wide = streams.as_ref().map_or(0.0, Lanes::width);
    let wide = wide + windows.as_ref().map_or(0.0, Windows::width);
    let columns = |form: Form| {
        // Lanes stand in the widest form only.
        let streams = if form.margins { wide } else { 0.0 };
        let curve = curve.is_some();
        let beside = Beside { ties: &ties, arrivals: &arrivals, curve, streams };
        Columns::new(story, plan, (form, request.width), (lanes, side, beside), clock, measure)
    };
    let fits = |columns: &Columns| columns.width <= request.width as f32;
    let strip = || Some(Form::strip(&asked)).filter(|_| !form.still && !form.titles_above);
    let columns = Some(columns(form))
        .filter(fits)
        .or_else(|| strip().map(columns).filter(fits))
        .unwrap_or_else(|| columns(Form::crowded(&asked)));
    let form = columns.form;
    let whole = plan;
    let levelled = form.hung_below.then(|| plan.levelled());
    let plan = levelled.as_ref().unwrap_or(plan);

    let mut sketch = Sketch::new(measure);
    let below_title = frame::title(&mut sketch, story, whole, &columns, (axis, clock));
    let cards_end = frame::cast(&mut sketch, story, plan, &columns, below_title);
    if !plan.units.is_empty() {
        frame::unit(&mut sketch, &columns, &clock.head(), cards_end);
    }

    let hang = if to_scale { folds::one_of } else { beads::hang };
    let mut lines: Vec<_> = plan.units.iter().map(|unit| hang(unit, &columns, measure)).collect();
    let again = plan.units.iter().map(|unit| unit.id).filter(|id| story.repeat(*id).is_none());
    let again = prepared.said_before(again);
    let sentence = |unit: &Unit<'_>| {
        let passed = said(story, &prepared.steps, unit.id);
        Sentence::of((unit, again.contains(&unit.id)), &passed, &columns, measure)
    };
    let sentences: Vec<_> = plan.units.iter().map(sentence).collect();
    let titles: Vec<_> = plan
        .chapters
        .iter()
        .map(|chapter| margin::Title::new(story, chapter, &columns, measure))
        .collect();
    let said = sentences.iter().flatten().map(|sentence| sentence.height() + time::SENTENCE_GAP);
    let listed = form.sentences == Sentences::Listed;
    let scale = if to_scale && !listed { scale.filling(plan, said.sum()) } else { scale };
    let silences = silence::before_each(story, &prepared.silences, plan);
    let more = More::new((story, &prepared.alike), (plan, axis), &columns, (clock, measure));
    let measures = Measures {
        plan,
        silences: &silences,
        lines: &lines,
        sentences: &sentences,
        titles: &titles,
        axis,
        scale,
        form,
        columns: &columns,
        measure,
        strands: &strands,
        ties: &ties,
        arrivals: &arrivals,
        more: &more,
        inside: columns.inside,
    };
    let mut rows = Rows::new(cards_end + if form.still { 0.0 } else { 8.0 }, &measures);

    for (index, (placed, lines)) in rows.placed.iter().zip(&mut lines).enumerate() {
        let (Some(solved), Some(unit)) = (placed.solved, plan.units.get(index)) else { continue };
        if solved.fold != Fold::Hung {
            *lines = folds::folded(unit, solved.fold, &columns, measure);
        }
        lines.at = solved.bead;
        lines.strung = rows.strung.get(index).cloned().unwrap_or_default();
        if solved.bare {
            *lines = beads::Lines::default();
        }
    }

    let list_end = if listed {
        let place = |index: usize, y: f32| {
            if let Some(placed) = rows.placed.get_mut(index) {
                placed.sentence = y;
            }
        };
        steps::list(&sentences, rows.end + 24.0, place)
    } else {
        rows.end
    };

    margin::bands(&mut sketch, (story, &titles), plan, &columns, &rows);
    margin::times(&mut sketch, plan, &columns, &rows, (axis, clock, scale));
    under_way::draw(&mut sketch, curve, plan, &columns, &rows);
    margin::round_trips(&mut sketch, &brackets, (&columns, clock), &rows);
    if let Some(streams) = &streams {
        streams.draw(&mut sketch, plan, (&columns, &rows), cards_end);
    }
    if let Some(windows) = &windows {
        windows.draw(&mut sketch, &columns, &rows, cards_end);
    }
    scopes::brackets(&mut sketch, &scopes, &columns, &rows);
    more.draw(&mut sketch, &rows);
    let rails = (cards_end, rows.end + if form.still { 4.0 } else { 16.0 });
    ribbon::draw(&mut sketch, (story, plan, &lines), &columns, &rows, request.followed);
    lifelines::draw(&mut sketch, plan, &columns, &rows, rails);
    let (repeats, tracks): (&[_], &[_]) =
        if to_scale { (&story.repeats, &story.tracks) } else { (&[], &[]) };
    silence::draw(&mut sketch, (repeats, tracks), &columns, &rows, clock);
    for (index, unit) in plan.units.iter().enumerate() {
        let (Some(placed), Some(lines)) = (rows.placed.get(index), lines.get(index)) else {
            continue;
        };
        let own = strands.get(index).map_or(&[][..], Vec::as_slice);
        strands::draw(&mut sketch, own, &columns, &rows);
        let shown = own.iter().any(|strand| strand.leads);
        let ground = rows.ground(index, plan);
        let mut bounds = if form.hung_below {
            crowd::draw(&mut sketch, unit, *placed, lines, (&columns, ground))
        } else {
            arrows::draw(&mut sketch, unit, (*placed, shown), lines, &columns)
        };
        let places = rows.tags.get(index).map_or(&[][..], Vec::as_slice);
        for (tag, place) in unit.tags.iter().zip(places) {
            let Some(rect) = *place else { continue };
            bead::tag(&mut sketch, tag, rect);
            bounds = bounds.union(rect);
        }
        let sentence = sentences.get(index).and_then(Option::as_ref);
        let sentence = sentence.filter(|_| placed.solved.is_none_or(|solved| !solved.untold));
        let sentence = sentence
            .map(|sentence| sentence.draw(&mut sketch, unit, placed.sentence, (&columns, ground)));
        let drawn = drawn(story, unit, bounds, sentence);
        sketch.beats.push(drawn);
    }
    if to_scale {
        arrivals::draw(&mut sketch, &arrivals, &columns, &rows);
        ties::draw(&mut sketch, &ties, &columns, &rows);
        deeds::draw(&mut sketch, &plan.deeds, &columns, &rows);
    } else if !form.hung_below {
        arrows::repetitions(&mut sketch, story, plan, &rows.placed, &columns);
    }
    let has_room = form.still || columns.streams.is_some();
    let lanes = if has_room { 0 } else { streams::missing(story, plan) };
    let below = frame::left_out(&mut sketch, &columns, (&rows, lanes), list_end);
    let followed = request.followed;
    let lists = streams.iter().filter(|_| columns.streams.is_some()).flat_map(Lanes::lists);
    let below = packing::draw(&mut sketch, &lists.collect::<Vec<_>>(), &columns, below);
    let below = cost::draw(&mut sketch, (story, plan), (&columns, clock), followed, below);
    let below = heads::draw(&mut sketch, (story, plan), &columns, followed, below);
    let end = if form.still {
        rows.end + form.outer.max(8.0)
    } else {
        let chapters = !scopes.is_empty() && columns.scopes.is_some();
        let trips = margin::are_unnamed(&brackets, form);
        let mut legend = legend::Entry::all(plan, &sketch, chapters, trips);
        let signs = streams
            .iter()
            .filter(|_| columns.streams.is_some())
            .flat_map(|lanes| lanes.signs(to_scale));
        legend.extend(signs.map(legend::Entry::Stream));
        let top = (legend.as_slice(), below + 32.0);
        frame::foot(&mut sketch, story, plan, (&columns, clock), top) + form.outer
    };
    let tails = rows.placed.iter().map(|placed| placed.tail).collect();
    (sketch.finish(columns.width, end, below_title..cards_end), tails)
}

/// What the way down means: no time is to scale where some are not known, where a conversation is
/// folded, and in a still.
fn axis(request: &Request, plan: &Plan<'_>) -> Axis {
    if request.still || !plan.has_times() { Axis::Order } else { request.axis }
}

/// What a reader is told of an arrow who cannot see it.
fn drawn(story: &Story, unit: &Unit<'_>, bounds: Rect, sentence: Option<Rect>) -> BeatBox {
    let name = |actor: u16| {
        story.cast.get(usize::from(actor)).map_or("?", |actor| actor.name.as_str()).to_owned()
    };
    let beat = unit.beat;
    let tags = unit.tags.iter().map(|tag| tag.label.as_str());
    let beads: Vec<&str> = unit.beads.iter().map(|bead| bead.label.as_str()).chain(tags).collect();
    let way = if unit.folded { "and" } else { "to" };
    let (from, to) = (name(beat.from.0), name(beat.to.0));
    let lost = match unit.beat.outcome {
        _ if unit.lost() => " Lost on the way.",
        _ if unit.says_no() => " Says no.",
        Outcome::Refused => " Refused.",
        _ => "",
    };
    let mut spoken =
        format!("Step {}, {from} {way} {to}: {}.{lost}", unit.number, beads.join(", "));
    if !beat.headline.is_empty() {
        spoken.push(' ');
        spoken.push_str(&beat.headline);
    }
    if let Some(repeat) = story.repeat(unit.id) {
        spoken = format!("Unfold: {}, {}", repeat.told(), repeat.cost());
    }
    for doing in story.doings(unit.id) {
        let program = format!(" {}'s program: {}.", name(doing.actor.0), doing.told());
        spoken.push_str(&program);
    }
    BeatBox { beat: unit.id, number: unit.number.clone(), bounds, sentence, spoken }
}
