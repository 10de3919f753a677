//! Lanes beside the lifelines: the streams that share a connection stand side by side, so that one
//! sees which of them speaks and which waits. A stream is told by its place and its number.

use wirestage_dissectors::ids::Time;
use wirestage_dissectors::story::lanes::{Lane, LaneMark};
use wirestage_dissectors::story::{Piece, Story};

use super::columns::Columns;
use super::form::Form;
use super::held_up::HeldUp;
use super::packing;
use super::plan::Plan;
use super::rows::Rows;
use super::silence;
use super::sketch::Sketch;
use super::turns::Turns;
use super::wording;
use crate::diagram::geometry::{Align, Rect, at};
use crate::diagram::hatch::{HATCH, hatch as hatched};
use crate::diagram::measure::MeasureText;
use crate::diagram::scene::{About, Layer, Shape};
use crate::diagram::style::{Style, Type};

/// From one lane to the next: at least, where there is room, and as names need it.
const LANE: f32 = 44.0;
const USUAL_LANE: f32 = 48.0;
const WIDEST_LANE: f32 = 96.0;
/// Before the first lane and behind the last.
const AROUND: f32 = 20.0;
/// How much of a picture's width lanes may take, and how much of one as wide as that, so that none
/// gives way; and how many of them stand side by side.
const SHARE: f32 = 0.25;
const LARGE_SHARE: f32 = 0.36;
const LARGE: u32 = 1_000;
const MOST: usize = 8;
/// The width of what came on a lane, and of what was asked on it.
const BLOCK: f32 = 28.0;
const ASKED: f32 = 7.0;
/// How high the head of an answer is, and a piece of content where rows are only in order.
const CAP: f32 = 5.0;
const PIECE: f32 = 4.0;
/// The line that ends a side.
const END: f32 = 2.0;

/// The lanes of a picture.
pub(super) struct Lanes<'a> {
    shown: Vec<&'a Lane>,
    /// When nothing might be sent on any of them.
    held_up: Vec<HeldUp>,
    /// From one to the next.
    lane: f32,
    /// How many more there are, and the bytes on them.
    more: (usize, u64),
}

impl<'a> Lanes<'a> {
    /// Those of what is drawn: of one connection, where it has several and there is room.
    pub(super) fn of(
        story: &'a Story,
        plan: &Plan<'_>,
        (form, width): (Form, u32),
        measure: &dyn MeasureText,
    ) -> Option<Self> {
        if !form.margins {
            return None;
        }
        let mut lanes = drawn(story, plan);
        let wide = |share: f32| width as f32 * share - 2.0 * AROUND;
        let all = wide(SHARE);
        let most = if width >= LARGE { wide(LARGE_SHARE) } else { all };
        let room = ((most / LANE) as usize).min(MOST);
        if lanes.len() < 2 || room < 2 {
            return None;
        }
        let mut more = (0, 0);
        if lanes.len() > room {
            // The quietest give way, but none that had to wait, and a word says how many they are.
            lanes.sort_by_key(|lane| (!waits(lane), std::cmp::Reverse(lane.bytes), lane.number));
            let left = lanes.split_off(room - 1);
            more = (left.len(), left.iter().map(|lane| lane.bytes).sum());
            lanes.sort_by_key(|lane| lane.number);
        }
        let columns = lanes.len() + usize::from(more.0 > 0);
        let name = |lane: &&Lane| measure.width(purpose(&lane.name), FONT) + BETWEEN;
        let widest = lanes.iter().map(name).fold(USUAL_LANE, f32::max).min(WIDEST_LANE);
        let lane = widest.min(all / columns as f32).max(LANE).ceil();
        Some(Self { shown: lanes, held_up: HeldUp::of(story), lane, more })
    }

    /// How wide they are together.
    pub(super) fn width(&self) -> f32 {
        let columns = self.shown.len() + usize::from(self.more.0 > 0);
        columns as f32 * self.lane + 2.0 * AROUND
    }

    /// Draws them, with their heads above `cards_end`.
    pub(super) fn draw(
        &self,
        sketch: &mut Sketch<'_>,
        plan: &Plan<'_>,
        (columns, rows): (&Columns, &Rows),
        cards_end: f32,
    ) {
        let Some((left, _)) = columns.streams else { return };
        let middle = |at: usize| left + AROUND + self.lane * (at as f32 + 0.5);
        let turns = Turns::new(&self.shown, (plan, rows), |lane, mark| match mark.piece {
            Piece::Head if lane.asker == Some(mark.from) => ASKED,
            Piece::Head => CAP,
            Piece::Content(_) => PIECE,
            Piece::Reset => 2.0 * CAP,
            Piece::Leave(_) => 2.0 * HATCH,
        });
        for (number, lane) in self.shown.iter().enumerate() {
            let x = middle(number);
            let bytes = if lane.bytes > 0 { wording::bytes(lane.bytes) } else { String::new() };
            let name = fitting(purpose(&lane.name), self.lane - BETWEEN, sketch.measure);
            head(sketch, x, cards_end, [&lane.number.to_string(), &name, &bytes]);
            let held_up: Vec<HeldUp> =
                self.held_up.iter().filter(|one| one.blocks(lane)).copied().collect();
            let drawn = Drawn { lane, held_up: &held_up, x, rows, plan };
            if columns.form.is_order() {
                drawn.in_order(sketch, &turns)
            } else {
                drawn.to_scale(sketch)
            }
        }
        if self.more.0 > 0 {
            let (count, bytes) = self.more;
            let bytes = if bytes > 0 { wording::bytes(bytes) } else { String::new() };
            let x = middle(self.shown.len());
            head(sketch, x, cards_end, [&format!("+ {count}"), "more", &bytes]);
        }
        name(sketch, "Streams", left + AROUND, cards_end);
    }

    /// What header compression made of the questions.
    pub(super) fn lists(&self) -> Vec<packing::List> {
        packing::lists(self.shown.iter().copied())
    }

    /// The signs that the legend explains.
    pub(super) fn signs(&self, is_to_scale: bool) -> Vec<Sign> {
        let marks =
            || self.shown.iter().flat_map(|lane| lane.marks.iter().map(|mark| (*lane, mark)));
        let has = |sign: &Sign| {
            marks().any(|(lane, mark)| {
                let asks = lane.asker == Some(mark.from);
                match sign {
                    Sign::Question => asks && mark.piece == Piece::Head,
                    Sign::Answer => !asks && mark.piece == Piece::Head,
                    Sign::Content => matches!(mark.piece, Piece::Content(_)),
                    Sign::End => !asks && mark.ends && mark.piece != Piece::Reset,
                    Sign::Waiting => {
                        matches!(mark.piece, Piece::Leave(_))
                            || self.held_up.iter().any(|one| one.blocks(lane))
                    }
                    Sign::Held => is_to_scale && mark.held.is_some(),
                }
            })
        };
        Sign::ALL.into_iter().filter(has).collect()
    }
}

/// The lanes that something drawn belongs to: of one connection, which is all there is or followed.
fn drawn<'a>(story: &'a Story, plan: &Plan<'_>) -> Vec<&'a Lane> {
    if !plan.tracks.is_empty() {
        return Vec::new();
    }
    let is_drawn = |mark: &LaneMark| plan.cover(mark.beat).is_some();
    story.lanes.iter().filter(|lane| lane.marks.iter().any(is_drawn)).collect()
}

/// Whether something on it had to wait: for leave, or for what was lost before it.
fn waits(lane: &Lane) -> bool {
    let mut marks = lane.marks.iter();
    marks.any(|mark| mark.held.is_some() || matches!(mark.piece, Piece::Leave(_)))
}

/// How many lanes are missing from a picture that has no room for any.
pub(super) fn missing(story: &Story, plan: &Plan<'_>) -> u32 {
    let lanes = drawn(story, plan).len();
    if lanes < 2 { 0 } else { lanes as u32 }
}

/// A sign on a lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    Question,
    Answer,
    Content,
    End,
    Waiting,
    Held,
}

/// How wide a sign is in the legend.
pub(super) const SIGN: f32 = 18.0;

impl Sign {
    const ALL: [Self; 6] =
        [Self::Question, Self::Answer, Self::Content, Self::End, Self::Waiting, Self::Held];

    /// What it means.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Question => "question",
            Self::Answer => "answer begins",
            Self::Content => "content",
            Self::End => "end of stream",
            Self::Waiting => "window used up",
            Self::Held => "came, and waits for what was lost before it",
        }
    }

    /// Draws it as the legend shows it, with its left edge and its middle there.
    pub(super) fn draw(self, sketch: &mut Sketch<'_>, x: f32, y: f32) {
        let (about, style) = (About::Nothing, Style::Flow);
        let line =
            |width| Shape::Line { from: at(x, y), to: at(x + SIGN, y), width, dashed: false };
        let shape = match self {
            Self::Question => {
                let centre = at(x + SIGN / 2.0, y);
                Shape::Disc { centre, radius: ASKED / 2.0, outline: 1.5, hollow: true }
            }
            Self::Answer => {
                let rect = Rect::sized(x, y - CAP / 2.0, SIGN, CAP);
                let plate = Shape::Plate { rect, radius: 2.0, outline: 1.25, dashed: false };
                return sketch.add(plate, Style::Clear, about, Layer::Lines);
            }
            Self::Content => line(PIECE),
            Self::End => return sketch.add(line(END), Style::Step, about, Layer::Lines),
            Self::Waiting | Self::Held => {
                return hatch(sketch, Rect::sized(x, y - HATCH, SIGN, 2.0 * HATCH), about);
            }
        };
        sketch.add(shape, style, about, Layer::Lines);
    }
}

/// What names are written in, and from one to the next.
const FONT: Type = Type::State;
const BETWEEN: f32 = 8.0;

/// Below what passed, before what waits.
const APART: f32 = 2.0;

/// From one line of a head to the next.
const HEAD: f32 = 14.0;

/// Writes above the heads of lanes what they are.
pub(super) fn name(sketch: &mut Sketch<'_>, text: &str, x: f32, end: f32) {
    let origin = at(x, end - 3.0 * HEAD - 6.0);
    let style = (Style::Dim, About::Nothing);
    sketch.text_in((text, Type::Detail), origin, Align::Start, style, Layer::Cast);
}

/// Writes the head of a lane.
pub(super) fn head(sketch: &mut Sketch<'_>, x: f32, end: f32, lines: [&str; 3]) {
    let fonts = [(Type::Bead, Style::Ink), (FONT, Style::Dim), (Type::Clock, Style::Dim)];
    for (row, (text, (font, style))) in lines.iter().zip(fonts).enumerate() {
        let origin = at(x, end - HEAD * (2 - row) as f32 - 4.0);
        sketch.text_in((text, font), origin, Align::Middle, (style, About::Nothing), Layer::Cast);
    }
}

/// The last part of what a lane is for: "style.css" of "GET /a/style.css".
fn purpose(name: &str) -> &str {
    let path = name.split_once(' ').map_or(name, |(_, target)| target);
    let path = path.split(['?', '#']).next().unwrap_or(path);
    path.trim_end_matches('/').rsplit('/').next().filter(|last| !last.is_empty()).unwrap_or(path)
}

/// A name that fits its lane, with its middle left out where it is too long.
fn fitting(name: &str, room: f32, measure: &dyn MeasureText) -> String {
    let fits = |text: &str| measure.width(text, FONT) <= room;
    if fits(name) {
        return name.to_owned();
    }
    let letters: Vec<char> = name.chars().collect();
    let cut = |keep: usize| {
        let (first, last) = (keep.div_ceil(2), keep / 2);
        let begin = letters.iter().take(first);
        let end = letters.iter().skip(letters.len().saturating_sub(last));
        begin.chain(&['…']).chain(end).collect::<String>()
    };
    (2..letters.len().min(24)).rev().map(cut).find(|text| fits(text)).unwrap_or_default()
}

/// A lane, and where it stands.
struct Drawn<'d, 'a> {
    lane: &'a Lane,
    held_up: &'d [HeldUp],
    x: f32,
    rows: &'d Rows,
    plan: &'d Plan<'a>,
}

impl Drawn<'_, '_> {
    /// Where rows are only in order, what passed stands beside its row, each piece lower than what
    /// passed before it on any lane: so one sees that answers take turns.
    fn in_order(&self, sketch: &mut Sketch<'_>, turns: &Turns) {
        let mut ends: Option<(f32, f32)> = None;
        let line = sketch.marks.len();
        // Who waits does so from what passed last on.
        let mut waits: Vec<(Time, f32)> = Vec::new();
        for (at, mark) in self.lane.marks.iter().enumerate() {
            let Some((top, end)) = turns.place(self.lane, at) else { continue };
            let since = ends.filter(|_| matches!(mark.piece, Piece::Leave(_)));
            let top = since.map_or(top, |(_, last)| top.min(last + APART));
            let end = self.mark(sketch, mark, (top, end));
            waits.push((mark.sent.time, end));
            ends = Some(ends.map_or((top, end), |(first, last)| (first.min(top), last.max(end))));
        }
        for one in self.held_up {
            let after = waits.partition_point(|(sent, _)| *sent <= one.since);
            let before = after.checked_sub(1).and_then(|at| waits.get(at));
            let Some((_, top)) = before else { continue };
            let (top, end) = (top + APART, self.rows.at(one.until));
            if end - top >= 2.0 * HATCH {
                self.hatch(sketch, About::Nothing, (top, end));
            }
        }
        self.thread(sketch, ends, line);
    }

    /// When something passed, by the clock of who asks: of what came to it, when that came, and of
    /// what had to wait, when it was handed on.
    fn times(&self, mark: &LaneMark) -> (Time, Time) {
        let is_own = self.lane.asker.is_none_or(|asker| asker == mark.from);
        match (mark.held, mark.came) {
            (Some((since, nanos)), _) => {
                let until = Time(since.0.saturating_add(nanos));
                (until, until)
            }
            (None, Some(came)) if !is_own => came,
            _ => (mark.sent.time, mark.ended.time),
        }
    }

    /// Where time is to scale, what passed is as high as it took.
    fn to_scale(&self, sketch: &mut Sketch<'_>) {
        let Some((start, end)) = self.rows.span() else { return };
        let line = sketch.marks.len();
        let mut ends: Option<(f32, f32)> = None;
        self.waits(sketch, (start, end));
        for mark in &self.lane.marks {
            if mark.ended.time < start || mark.sent.time > end {
                continue;
            }
            if matches!(mark.piece, Piece::Leave(_)) {
                continue;
            }
            let (from, to) = self.times(mark);
            let (top, end) = (self.rows.at(from), self.rows.at(to));
            let end = self.mark(sketch, mark, (top, end.max(top + END)));
            ends = Some(ends.map_or((top, end), |(first, last)| (first.min(top), last.max(end))));
        }
        self.thread(sketch, ends, line);
    }

    /// The times in which it waits. What waits for the same is one plate.
    fn waits(&self, sketch: &mut Sketch<'_>, (start, end): (Time, Time)) {
        let own = self.lane.marks.iter().filter_map(|mark| {
            let (since, until) = match (mark.piece, mark.held) {
                (Piece::Leave(waited), _) => {
                    (Time(mark.sent.time.0.saturating_sub(waited)), mark.sent.time)
                }
                (_, Some((since, nanos))) => (since, Time(since.0.saturating_add(nanos))),
                _ => return None,
            };
            Some((since, until, About::Beat(mark.beat)))
        });
        let all = self.held_up.iter().map(|one| (one.since, one.until, About::Nothing)).chain(own);
        let shown = all.filter(|(since, until, _)| *since <= end && *until >= start);
        let mut shown: Vec<_> = shown.collect();
        shown.sort_by_key(|(since, until, _)| (*since, *until));
        let mut plates: Vec<(Time, Time, About)> = Vec::new();
        for (since, until, about) in shown {
            match plates.last_mut().filter(|(_, last, _)| since <= *last) {
                Some((_, last, _)) => *last = until.max(*last),
                None => plates.push((since.max(start), until, about)),
            }
        }
        for (since, until, about) in plates {
            self.hatch(sketch, about, (self.rows.at(since), self.rows.at(until)));
        }
    }

    /// Draws what passed; returns where it ends.
    fn mark(&self, sketch: &mut Sketch<'_>, mark: &LaneMark, (top, end): (f32, f32)) -> f32 {
        let about = About::Beat(mark.beat);
        let x = self.x - BLOCK / 2.0;
        let asks = self.lane.asker == Some(mark.from);
        let plate = |rect, radius, outline| Shape::Plate { rect, radius, outline, dashed: false };
        let style = self.style(mark);
        let mut end = end;
        match mark.piece {
            Piece::Head if asks => {
                let centre = at(self.x, top + ASKED / 2.0);
                let disc = Shape::Disc { centre, radius: ASKED / 2.0, outline: 1.5, hollow: true };
                sketch.add(disc, Style::Flow, about, Layer::Front);
                return top + ASKED;
            }
            Piece::Head => {
                end = top + CAP;
                let rect = Rect::sized(x, top, BLOCK, CAP);
                sketch.add(plate(rect, 2.0, 1.25), style, about, Layer::Front);
            }
            Piece::Content(_) => {
                // Content of a question stands left of the thread, that of an answer across it.
                let width = if asks { BLOCK / 2.0 } else { BLOCK };
                self.bar(sketch, (x, top, width, end - top), (style, about));
            }
            Piece::Reset => {
                let centre = at(self.x, top + CAP);
                sketch.add(Shape::Cross { centre, arm: CAP }, Style::Failure, about, Layer::Front);
                return top + 2.0 * CAP;
            }
            Piece::Leave(_) => {
                self.hatch(sketch, about, (top, end));
                return end;
            }
        }
        if mark.ends && !asks {
            let y = end + END;
            let line =
                Shape::Line { from: at(x, y), to: at(x + BLOCK, y), width: END, dashed: false };
            sketch.add(line, Style::Step, about, Layer::Front);
            end = y + END / 2.0;
        }
        end
    }

    /// A filled bar in the colour of a style's lines.
    fn bar(
        &self,
        sketch: &mut Sketch<'_>,
        (x, top, width, height): (f32, f32, f32, f32),
        (style, about): (Style, About),
    ) {
        let y = top + height / 2.0;
        let line =
            Shape::Line { from: at(x, y), to: at(x + width, y), width: height, dashed: false };
        sketch.add(line, style, about, Layer::Front);
    }

    /// The time in which nothing might be sent. A silence across the picture cuts it in two.
    fn hatch(&self, sketch: &mut Sketch<'_>, about: About, (top, end): (f32, f32)) {
        for (top, end) in silence::around(self.rows, (top, end)) {
            let rect = Rect::sized(self.x - BLOCK / 2.0, top, BLOCK, end - top);
            hatch(sketch, rect, about);
        }
    }

    /// The style of what is sealed as this is.
    fn style(&self, mark: &LaneMark) -> Style {
        let unit = self.plan.cover(mark.beat).and_then(|(row, _)| self.plan.units.get(row));
        let bead = unit.and_then(|unit| {
            let own = unit.beads.iter().find(|bead| bead.beat == mark.beat);
            own.or_else(|| unit.beads.first())
        });
        bead.map_or(Style::Clear, |bead| if bead.lost { bead.keys } else { bead.style })
    }

    /// The thread of a lane, behind what passed on it.
    fn thread(&self, sketch: &mut Sketch<'_>, ends: Option<(f32, f32)>, place: usize) {
        let Some((top, end)) = ends else { return };
        let before = sketch.marks.split_off(place);
        let line =
            Shape::Line { from: at(self.x, top), to: at(self.x, end), width: 1.0, dashed: false };
        sketch.add(line, Style::Rail, About::Nothing, Layer::Rails);
        sketch.marks.extend(before);
    }
}

/// A hatched plate: time that passes without progress.
fn hatch(sketch: &mut Sketch<'_>, rect: Rect, about: About) {
    for (number, shape) in hatched(rect).enumerate() {
        let about = if number == 0 { about } else { About::Nothing };
        sketch.add(shape, Style::Failure, about, Layer::Lines);
    }
}
