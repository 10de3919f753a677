//! The legend: what colours, bars, brackets and the ribbon mean, as far as they occur in a picture.

use std::collections::BTreeSet;

use super::arrows;
use super::bead;
use super::lifelines;
use super::messages::of_keys;
use super::placed::Placed;
use super::plan::{Plan, Unit};
use super::rows::Rows;
use super::segments::Tag;
use super::sketch::Sketch;
use super::streams;
use crate::diagram::geometry::{Align, Rect, at};
use crate::diagram::scene::{About, Layer, Mark, Shape};
use crate::diagram::style::{Style, Type};

/// From one entry to the next.
const GAP: f32 = 12.0;
/// From a sign to its words, and how high a sign is.
const BESIDE: f32 = 6.0;
const HEIGHT: f32 = 20.0;
/// The signs: how wide a bar is, a bracket, and a piece of ribbon.
const BAR: f32 = 7.0;
const BRACKET: f32 = 6.0;
const RIBBON: f32 = 24.0;

/// One entry.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Entry {
    /// A bead in its style, and what that means.
    Bead(Style, &'static str),
    /// A bead that is sealed with a later generation of its keys.
    Renewed,
    /// The bar of a connection, in the colour of the first one.
    Bar(Style),
    /// The bracket of a chapter, in the colour of its connection.
    Chapter(Style),
    /// The bracket of a round trip, where it has no label of its own.
    RoundTrip,
    /// A second time beside an arrow.
    Second,
    /// The thin arrow of a packet with nothing to tell.
    Nothing,
    /// The tie from a first try to the second one.
    Again,
    /// The sign of a key, where some have no names beside them.
    Key(Style),
    /// The ribbon under what is followed.
    Ribbon,
    /// What stands on the lanes of streams.
    Stream(streams::Sign),
}

impl Entry {
    /// The entries of a picture as far as it is drawn; `chapters` and `trips` say whether it has
    /// brackets of these that nothing names.
    pub(super) fn all(
        (plan, rows): (&Plan<'_>, &Rows),
        sketch: &Sketch<'_>,
        chapters: bool,
        trips: bool,
    ) -> Vec<Self> {
        let units = &plan.units;
        let styles: BTreeSet<Style> = units
            .iter()
            .flat_map(|unit| &unit.beads)
            .map(|bead| bead.style)
            .chain(units.iter().filter(|unit| unit.lost()).map(|_| Style::Failure))
            .chain(units.iter().flat_map(|unit| &unit.tags).map(Tag::style))
            .filter(|style| style.legend().is_some())
            .collect();
        let first = |layer: Layer| sketch.marks.iter().find(|mark| mark.layer == layer);
        let bar = first(Layer::Bars).map(|mark| Self::Bar(mark.style));
        let track = if plan.tracks.is_empty() { Style::Tcp } else { Style::TrackA };
        let ribbon = first(Layer::Ribbon).map(|_| Self::Ribbon);
        let mut all = units.iter().flat_map(|unit| &unit.beads);
        let renewed = all.any(|bead| bead.generation > 1).then_some(Self::Renewed);
        let beads = styles.into_iter().filter_map(|style| {
            let words = if style == Style::Failure { failures(plan) } else { style.legend()? };
            Some(Self::Bead(style, words))
        });
        let thin = |mark: &Mark| mark.style == Style::Faint && matches!(mark.shape, Shape::Head(_));
        let nothing = sketch.marks.iter().any(thin).then_some(Self::Nothing);
        let again = sketch.marks.iter().any(is_tie).then_some(Self::Again);
        let keys = units.iter().zip(&rows.placed).find_map(unnamed_key).map(Self::Key);
        let chapter = chapters.then_some(Self::Chapter(track));
        let trip = trips.then_some(Self::RoundTrip);
        let second = sketch.marks.iter().any(is_second_time).then_some(Self::Second);
        let trip = trip.into_iter().chain(second);
        let signs = nothing.into_iter().chain(again).chain(keys);
        beads
            .chain(renewed)
            .chain(signs)
            .chain(bar)
            .chain(chapter)
            .chain(trip)
            .chain(ribbon)
            .collect()
    }

    /// What it says.
    fn words(self) -> &'static str {
        match self {
            Self::Bead(_, words) => words,
            Self::Renewed => RENEWED.1,
            Self::Bar(_) => "connection",
            Self::Chapter(_) => "chapter of a connection",
            Self::RoundTrip => "round trip",
            Self::Second => "when the question or the answer itself passed",
            Self::Nothing => "carries nothing new",
            Self::Again => "sent again",
            Self::Key(_) => "holds the keys",
            Self::Ribbon => "the request that is followed",
            Self::Stream(sign) => sign.words(),
        }
    }

    fn sign(self) -> f32 {
        match self {
            Self::Bead(..) | Self::Renewed => 0.0,
            Self::Bar(_) => BAR,
            Self::Chapter(_) | Self::RoundTrip | Self::Again => BRACKET,
            Self::Key(_) => 2.0 * lifelines::KEY_SIGN,
            Self::Nothing | Self::Ribbon | Self::Second => RIBBON,
            Self::Stream(_) => streams::SIGN,
        }
    }

    fn width(self, sketch: &Sketch<'_>) -> f32 {
        match self {
            Self::Bead(style, words) => bead::sample_width(sketch, (style, words, None)),
            Self::Renewed => bead::sample_width(sketch, RENEWED),
            _ => self.sign() + BESIDE + sketch.measure.width(self.words(), Type::Detail),
        }
    }

    fn draw(self, sketch: &mut Sketch<'_>, x: f32, middle: f32) {
        let (top, end) = (middle - HEIGHT / 2.0, middle + HEIGHT / 2.0);
        let plate = |rect, radius, outline| Shape::Plate { rect, radius, outline, dashed: false };
        match self {
            Self::Bead(style, words) => {
                return bead::sample(sketch, x, middle, (style, words, None));
            }
            Self::Renewed => return bead::sample(sketch, x, middle, RENEWED),
            Self::Bar(style) => {
                let rect = Rect::sized(x, top, BAR, HEIGHT);
                sketch.add(plate(rect, 3.0, 1.0), style, About::Legend(style), Layer::Bars);
            }
            Self::Chapter(_) | Self::RoundTrip => {
                let style = if let Self::Chapter(style) = self { style } else { Style::RoundTrip };
                for line in [
                    (at(x, top), at(x, end)),
                    (at(x, top), at(x + BRACKET, top)),
                    (at(x, end), at(x + BRACKET, end)),
                ] {
                    sketch.line(line, 1.5, false, style, About::Legend(style));
                }
            }
            Self::Second => {
                let origin = at(x, middle + Type::Clock.cap_height() / 2.0);
                let style = (Style::RoundTrip, About::Legend(Style::RoundTrip));
                sketch.text("0.0", origin, Align::Start, Type::Clock, style);
            }
            Self::Nothing => {
                let ends = (at(x, middle), at(x + RIBBON, middle));
                let drawn = (Style::Faint, About::Legend(Style::Faint), Layer::Lines);
                arrows::headed(sketch, ends, (0.7, true), drawn);
            }
            Self::Again => {
                let x = x + BRACKET / 2.0;
                let style = Style::Failure;
                sketch.line((at(x, top), at(x, end)), 1.0, true, style, About::Legend(style));
            }
            Self::Key(style) => {
                let centre = at(x + lifelines::KEY_SIGN, middle);
                lifelines::key_sign(sketch, centre, (style, About::Legend(style)));
            }
            Self::Stream(sign) => sign.draw(sketch, x, middle),
            Self::Ribbon => {
                let rect = Rect::sized(x, top + 2.0, RIBBON, HEIGHT - 4.0);
                let about = About::Legend(Style::Followed);
                sketch.add(plate(rect, 4.0, 1.0), Style::Followed, about, Layer::Lines);
            }
        }
        let origin = at(x + self.sign() + BESIDE, middle + Type::Detail.cap_height() / 2.0);
        let style = (Style::Dim, About::Nothing);
        sketch.text(self.words(), origin, Align::Start, Type::Detail, style);
    }
}

/// What a bead of renewed keys looks like, and what it says.
const RENEWED: (Style, &str, Option<&str>) =
    (Style::Application, "the next generation of these keys", Some("2"));

/// Whether a mark is a time of a round trip beside that of its arrow.
fn is_second_time(mark: &Mark) -> bool {
    let is_clock = matches!(mark.shape, Shape::Text { font: Type::Clock, .. });
    is_clock && mark.style == Style::RoundTrip
}

/// Whether a mark ties a first try to the second one.
fn is_tie(mark: &Mark) -> bool {
    let upright = |shape: &Shape| matches!(shape, Shape::Line { from, to, dashed: true, .. } if from.x == to.x);
    mark.style == Style::Failure && upright(&mark.shape)
}

/// What a key looks like that stands at an arrow without its name.
fn unnamed_key((unit, placed): (&Unit<'_>, &Placed)) -> Option<Style> {
    let (tail, head) = placed.solved?.unnamed;
    let keys = [(tail, &unit.tail), (head, &unit.head)];
    let mut keys = keys.into_iter().filter(|(unnamed, _)| *unnamed).flat_map(|(_, end)| &end.keys);
    keys.next().map(|key| of_keys(key.protection))
}

/// What went wrong in a picture, of the ways there are.
fn failures(plan: &Plan<'_>) -> &'static str {
    let lost = plan.units.iter().any(|unit| unit.lost() || unit.tags.iter().any(Tag::is_lost));
    let refused = plan.units.iter().any(Unit::has_refusal);
    let says_no = plan.units.iter().any(Unit::says_no);
    match (lost, refused, says_no) {
        (true, false, false) => "lost",
        (false, false, true) => "error",
        (true, false, true) => "lost, or an error",
        (true, true, false) => "lost, reset or refused",
        (false, true, true) => "reset, refused, or an error",
        (true, true, true) => "lost, reset, refused, or an error",
        (false, _, false) => "reset or refused",
    }
}

/// Draws entries side by side.
pub(super) fn draw(sketch: &mut Sketch<'_>, entries: &[Entry], left: f32, middle: f32) {
    let mut x = left;
    for entry in entries {
        entry.draw(sketch, x, middle);
        x += entry.width(sketch) + GAP;
    }
}

/// How wide entries are side by side.
pub(super) fn width(sketch: &Sketch<'_>, entries: &[Entry]) -> f32 {
    (entries.iter().map(|entry| entry.width(sketch) + GAP).sum::<f32>() - GAP).max(0.0)
}

/// Entries in rows that fit.
pub(super) fn rows(sketch: &Sketch<'_>, entries: &[Entry], room: f32) -> Vec<Vec<Entry>> {
    let mut rows: Vec<Vec<Entry>> = Vec::new();
    for entry in entries {
        match rows.last_mut() {
            Some(row) if width(sketch, row) + GAP + entry.width(sketch) <= room => row.push(*entry),
            _ => rows.push(vec![*entry]),
        }
    }
    rows
}
