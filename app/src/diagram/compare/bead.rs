//! One bead of a small ladder: what was sent under one protection, as far as it fits.

use super::plan::Bead;
use crate::diagram::geometry::{Align, Rect, at};
use crate::diagram::measure::{MeasureText, elide};
use crate::diagram::scene::{About, Layer, Shape};
use crate::diagram::sheet::Sheet;
use crate::diagram::style::{Style, Type};

/// How high a bead is.
pub(super) const HEIGHT: f32 = 24.0;
/// Inside it, left and right of its words; a lock with the room behind it.
const PAD: f32 = 9.0;
const LOCK: f32 = 16.0;

/// What a bead says in the room that there is: the first and the last of its messages, all of them
/// where they are two, or the last alone with dots for what went before.
pub(super) fn words(bead: &Bead, room: f32, measure: &dyn MeasureText) -> String {
    let room = room - around(bead);
    let fits = |words: &String| measure.width(words, Type::Bead) <= room;
    let Some((last, before)) = bead.names.split_last() else { return String::new() };
    if before.is_empty() {
        return elide(measure, last, Type::Bead, room).into_owned();
    }
    let whole = bead.names.join(", ");
    let runs = before.iter().map(|first| format!("{first} … {last}"));
    let whole = (bead.names.len() == 2).then_some(whole);
    let dotted = format!("… {last}");
    let found = whole.into_iter().chain(runs).chain([dotted.clone()]).find(fits);
    found.unwrap_or_else(|| elide(measure, &dotted, Type::Bead, room).into_owned())
}

/// How wide it is with these words.
pub(super) fn width(bead: &Bead, words: &str, measure: &dyn MeasureText) -> f32 {
    around(bead) + measure.width(words, Type::Bead)
}

fn around(bead: &Bead) -> f32 {
    2.0 * PAD + if bead.locked { LOCK } else { 0.0 }
}

/// Draws a bead: a square frame where anyone can read it, a round one with a lock where it is
/// sealed.
pub(super) fn draw(sheet: &mut Sheet<'_>, (bead, words): (&Bead, &str), rect: Rect, about: About) {
    let radius = if bead.locked { HEIGHT / 2.0 } else { 5.0 };
    let plate = Shape::Plate { rect, radius, outline: 1.3, dashed: bead.repeated };
    sheet.add(plate, bead.style, about, Layer::Front);
    let mut x = rect.left + PAD;
    let middle = rect.centre().y;
    if bead.locked {
        let origin = at(x, middle - 6.0);
        sheet.add(Shape::Lock { origin, scale: 1.0 }, bead.style, about, Layer::Front);
        x += LOCK;
    }
    let origin = at(x, middle + Type::Bead.cap_height() / 2.0);
    sheet.text((words, Type::Bead), origin, Align::Start, Style::Ink, about);
}
