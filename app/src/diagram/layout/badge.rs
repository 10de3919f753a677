//! Badges: the letter of a connection in a shape of its own, beside the number of each step, so
//! that one of many is told from the others without colour.

use wirestage_dissectors::story::TrackId;

use super::sketch::Sketch;
use crate::diagram::geometry::{Align, Point, Rect, at};
use crate::diagram::measure::MeasureText;
use crate::diagram::scene::{About, Layer, Shape};
use crate::diagram::style::{Style, Type};

/// From the number of a step to the badge beside it.
const BESIDE_NUMBER: f32 = 3.0;
/// As high as the disc of a number, and as wide where one letter stands in it.
const SIDE: f32 = 19.0;
/// Around the letters of a badge that has more than one.
const AROUND: f32 = 10.0;
const OUTLINE: f32 = 1.4;

/// After so many letters the shapes repeat, and with them the colours.
const SHAPES: u16 = Style::TRACKS.len() as u16;
/// How wide a badge with corners is, which need more room around a letter.
const WITH_CORNERS: f32 = 24.0;

/// How wide a badge is, with the gap between it and the number before it.
pub(super) fn width(track: Option<TrackId>, measure: &dyn MeasureText) -> f32 {
    track.map_or(0.0, |track| BESIDE_NUMBER + plate_width(track, measure))
}

/// From the middle of a number that is so wide to the middle of the badge beside it.
pub(super) fn away(track: TrackId, number: f32, measure: &dyn MeasureText) -> f32 {
    number / 2.0 + BESIDE_NUMBER + plate_width(track, measure) / 2.0
}

fn plate_width(track: TrackId, measure: &dyn MeasureText) -> f32 {
    let letters = track.letter();
    match (letters.len(), track.0 % SHAPES) {
        (2.., _) => measure.width(&letters, Type::Number) + AROUND,
        (_, 0 | 1) => SIDE,
        _ => WITH_CORNERS,
    }
}

/// Draws a badge. Two letters stand in a plate.
pub(super) fn draw(sketch: &mut Sketch<'_>, track: TrackId, centre: Point, about: About) {
    let letters = track.letter();
    let width = plate_width(track, sketch.measure);
    let plate = |radius| {
        let rect = Rect::around(centre, width, SIDE - 1.0);
        Shape::Plate { rect, radius, outline: OUTLINE, dashed: false }
    };
    let regular = |corners, radius, down| {
        let centre = at(centre.x, centre.y + down);
        Shape::Regular { centre, radius, corners, outline: OUTLINE }
    };
    // A triangle is wide where its letter stands, a little below its centre.
    let (shape, down) = match (letters.len(), track.0 % SHAPES) {
        (2.., _) | (_, 1) => (plate(3.0), 0.0),
        (_, 0) => (plate(SIDE / 2.0), 0.0),
        (_, 2) => (regular(4, 11.0, 0.0), 0.0),
        (_, 3) => (regular(6, 10.5, 0.0), 0.0),
        (_, 4) => (regular(3, 12.5, 2.5), 2.0),
        _ => (regular(8, 10.5, 0.0), 0.0),
    };
    let style = Style::of_track(track);
    sketch.add(shape, style, about, Layer::Front);
    let font = Type::Number;
    let origin = at(centre.x, centre.y + down + font.cap_height() / 2.0);
    sketch.text(&letters, origin, Align::Middle, font, (style, about));
}
