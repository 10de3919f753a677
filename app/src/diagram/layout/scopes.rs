//! Chapters that share a band because they overlap in time: in the left margin each has its title
//! beside its first arrow, and a bracket from there to its last one, in the colour of its
//! connection. Where there is no margin, its title stands above that arrow.

use wirestage_dissectors::story::{Beat, BeatId, Story, TrackId};

use std::collections::HashSet;

use super::columns::{self, Columns};
use super::margin::Title;
use super::plan::{Chapter, Plan};
use super::rows::Rows;
use super::sketch::Sketch;
use super::wording::counted;
use crate::diagram::geometry::{Align, at};
use crate::diagram::measure::{MeasureText, wrap};
use crate::diagram::scene::About;
use crate::diagram::style::{Style, Type};

/// How many brackets may stand side by side; more chapters have none.
const LANES: usize = 4;
/// From one bracket to the next, and how far its ends reach towards the arrows.
pub(super) const LANE: f32 = 9.0;
const TICK: f32 = 5.0;
/// How far down a title may be moved because another one stands there.
const MOVED: f32 = 40.0;

/// A chapter that shares its band, with the lane its bracket stands in.
pub(super) struct Scope {
    id: BeatId,
    track: TrackId,
    from: usize,
    to: usize,
    lane: usize,
}

/// Gives each chapter that shares a band a lane of its own for as long as it lasts.
pub(super) fn of(story: &Story, plan: &Plan<'_>) -> Vec<Scope> {
    let ids = plan.chapters.iter().flat_map(|chapter| &chapter.scopes);
    let span = |id: &BeatId| {
        let (from, to) = plan.cover(*id)?;
        let track = story.badge(story.beat(*id)?)?;
        (from < to).then_some((from, to, *id, track))
    };
    let mut spans: Vec<_> = ids.filter_map(span).collect();
    spans.sort_unstable();
    let mut busy: [Option<usize>; LANES] = [None; LANES];
    let place = |(from, to, id, track)| {
        let lane = busy.iter().position(|until| until.is_none_or(|until| until < from))?;
        if let Some(until) = busy.get_mut(lane) {
            *until = Some(to);
        }
        Some(Scope { id, track, from, to, lane })
    };
    spans.into_iter().filter_map(place).collect()
}

/// How many lanes the brackets take.
pub(super) fn lanes(scopes: &[Scope]) -> usize {
    scopes.iter().map(|scope| scope.lane + 1).max().unwrap_or_default()
}

/// Draws the brackets, where there is a margin for them.
pub(super) fn brackets(sketch: &mut Sketch<'_>, scopes: &[Scope], columns: &Columns, rows: &Rows) {
    let Some(first) = columns.scopes else { return };
    for scope in scopes {
        let ends = (rows.placed.get(scope.from), rows.placed.get(scope.to));
        let (Some(from), Some(to)) = ends else { continue };
        let x = first + scope.lane as f32 * LANE;
        let (top, end) = (from.tail.min(from.head), to.tail.max(to.head));
        let about = About::Beat(scope.id);
        for line in [
            (at(x, top), at(x, end)),
            (at(x, top), at(x + TICK, top)),
            (at(x, end), at(x + TICK, end)),
        ] {
            sketch.line(line, 1.4, false, Style::of_track(scope.track), about);
        }
    }
}

/// The title of a scope above its first arrow.
pub(super) struct Above {
    pub(super) id: BeatId,
    /// That arrow.
    pub(super) unit: usize,
    pub(super) title: Title,
}

/// The titles of scopes where there is no margin for them, in the order of their arrows.
pub(super) fn above(
    story: &Story,
    plan: &Plan<'_>,
    columns: &Columns,
    measure: &dyn MeasureText,
) -> Vec<Above> {
    if !columns.form.titles_above {
        return Vec::new();
    }
    let mut found = Vec::new();
    for chapter in plan.chapters.iter().filter(|chapter| !chapter.scopes.is_empty()) {
        let mut named = HashSet::new();
        for at in chapter.units.clone() {
            let Some(unit) = plan.units.get(at) else { continue };
            let own = |id: &BeatId| chapter.scopes.contains(id);
            let id = Some(unit.id).filter(own).or_else(|| story.chapter_of(unit.id).filter(own));
            let Some(id) = id.filter(|id| named.insert(*id)) else { continue };
            let Some(beat) = story.beat(id) else { continue };
            let first = plan.units.first().map(|unit| unit.beat.sent.frame);
            let continued = plan.page.is_some_and(|(number, _)| number > 1)
                && first.is_some_and(|first| beat.sent.frame < first);
            let title = Title::of(story, (id, beat, continued), columns, measure);
            found.push(Above { id, unit: at, title });
        }
    }
    found
}

/// Of so many chapters side by side the cost is said with the title.
const FEW: usize = 8;

/// `A · TLS 1.3 handshake`; the title alone where only one connection is told.
pub(in crate::diagram) fn name(story: &Story, beat: &Beat) -> String {
    let whose = story.badge(beat).map(|track| format!("{} · ", track.letter())).unwrap_or_default();
    format!("{whose}{}", beat.label)
}

/// The ports of a connection as far as no card names them, at the chapter that it begins with.
pub(super) fn ports(story: &Story, chapter: &Beat) -> Option<String> {
    let track = story.track(story.badge(chapter)?)?;
    track.ports_in_words().filter(|_| track.first.frame == chapter.sent.frame)
}

/// The titles of chapters that share a band, each beside its first arrow or as near below as there
/// is room; what it cost, where the next title leaves room for that.
pub(super) fn titles(
    sketch: &mut Sketch<'_>,
    story: &Story,
    plan: &Plan<'_>,
    chapter: &Chapter,
    (columns, rows, end): (&Columns, &Rows, f32),
) {
    if columns.form.titles_above {
        return;
    }
    let level = |id: &BeatId| {
        let (first, _) = plan.cover(*id)?;
        Some(rows.placed.get(first)?.tail + Type::Bead.cap_height() / 2.0)
    };
    let mut begins: Vec<(f32, BeatId)> =
        chapter.scopes.iter().filter_map(|id| Some((level(id)?, *id))).collect();
    begins.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut floor = f32::NEG_INFINITY;
    for (at_place, (wanted, id)) in begins.iter().enumerate() {
        let Some(beat) = story.beat(*id) else { continue };
        let mut baseline = wanted.max(floor);
        if baseline > wanted + MOVED {
            continue;
        }
        let about = About::Beat(*id);
        let next = begins.get(at_place + 1).map_or(end, |(next, _)| next - 8.0);
        let few = chapter.scopes.len() <= FEW;
        let title = wrap(sketch.measure, &name(story, beat), Type::Bead, columns.title_width, 2);
        let title = title.into_iter().map(|text| (text, Type::Bead, Style::Ink, end));
        let trips = (few && beat.round_trips > 0)
            .then(|| counted(beat.round_trips, "round trip"))
            .map(|text| (text, Type::Detail, Style::RoundTrip, next));
        let cost = (few && beat.packets > 0 && !columns.form.still)
            .then(|| columns::cost(beat.packets, beat.bytes))
            .map(|text| (text, Type::Detail, Style::Dim, next));
        let ports = ports(story, beat)
            .filter(|_| few && !columns.form.still)
            .map(|text| (text, Type::Detail, Style::Dim, next));
        let elsewhere = story
            .spilled(*id)
            .filter(|_| few && !columns.form.still)
            .map(|text| (text, Type::Detail, Style::Dim, next));
        let all = title.chain(ports).chain(trips).chain(cost).chain(elsewhere);
        let measure = sketch.measure;
        let lines = all.flat_map(|(text, font, style, until)| {
            let lines = wrap(measure, &text, font, columns.title_width, 2);
            lines.into_iter().map(move |text| (text, font, style, until))
        });
        for (text, font, style, until) in lines {
            if baseline + 8.0 > until.min(end) {
                break;
            }
            sketch.text(&text, at(columns.title, baseline), Align::Start, font, (style, about));
            baseline += 16.0;
        }
        floor = baseline;
    }
}
