//! Bits a second: how much was sent in each stretch of time, new and again.

use wirestage_dissectors::course::{Course, What};

use super::scale::Scale;
use super::spots::{Said, Spots};
use crate::diagram::geometry::{Rect, at};
use crate::diagram::layout::round_step;
use crate::diagram::scene::{About, Layer, Shape};
use crate::diagram::sheet::Sheet;
use crate::diagram::style::Style;

/// The stretch that is shown has no more parts than this.
const PARTS: f64 = 120.0;

/// What was sent in a part of the stretch.
#[derive(Clone, Copy, Debug, Default)]
struct Part {
    new: u64,
    again: u64,
    /// The first frame of it.
    frame: Option<wirestage_dissectors::ids::FrameId>,
}

/// All parts, and how long each is in nanoseconds.
fn parts(course: &Course, (from, to): (i64, i64)) -> (Vec<Part>, f64) {
    let step = round_step(to.saturating_sub(from).max(1) as f64 / PARTS);
    // They begin at multiples of the step, so that they stay as they are while one moves on.
    let first = (from as f64 / step).floor();
    let count = ((to as f64 / step).floor() - first) as usize + 1;
    let mut parts = vec![Part::default(); count];
    for sent in &course.sent {
        let nanos = course.since_start(sent.time);
        if !(from..=to).contains(&nanos) {
            continue;
        }
        let place = ((nanos as f64 / step).floor() - first).max(0.0) as usize;
        let Some(part) = parts.get_mut(place) else { continue };
        let amount = if sent.what == What::Again { &mut part.again } else { &mut part.new };
        *amount += u64::from(sent.data);
        part.frame.get_or_insert(sent.frame);
    }
    (parts, step)
}

/// So many bytes in a part of so many nanoseconds, in bits a second.
fn rate(bytes: u64, nanos: f64) -> f64 {
    bytes as f64 * 8.0 * 1e9 / nanos
}

/// The most of all parts, in bits a second.
pub(super) fn most(course: &Course, stretch: (i64, i64)) -> f64 {
    let (parts, step) = parts(course, stretch);
    parts.iter().map(|part| rate(part.new + part.again, step)).fold(0.0, f64::max)
}

/// How long a part is, in nanoseconds.
pub(super) fn part(stretch: (i64, i64)) -> i64 {
    round_step(stretch.1.saturating_sub(stretch.0).max(1) as f64 / PARTS) as i64
}

/// Draws a bar for each part.
pub(super) fn draw(sheet: &mut Sheet<'_>, course: &Course, scale: &Scale, spots: &mut Spots) {
    let (parts, step) = parts(course, scale.stretch);
    let first = (scale.stretch.0 as f64 / step).floor();
    for (place, part) in parts.iter().enumerate() {
        let begin = ((first + place as f64) * step) as i64;
        let (left, right) = (scale.x(begin), scale.x(begin.saturating_add(step as i64)));
        // A hair's breadth between them, where there is room.
        let right = if right - left > 4.0 { right - 1.0 } else { right };
        let (new, all) = (rate(part.new, step), rate(part.new + part.again, step));
        if part.new > 0 {
            let rect = Rect { left, top: scale.y(new), right, bottom: scale.area.bottom };
            sheet.plate(rect, 0.0, Style::Flow, About::Nothing, Layer::Bars);
        }
        if part.again > 0 {
            again(sheet, Rect { left, top: scale.y(all), right, bottom: scale.y(new) });
        }
        if let Some(frame) = part.frame {
            let said = Said::Rate { bits: all as u64, nanos: step as i64 };
            spots.add(scale, (begin.max(scale.stretch.0), all), (frame, said));
        }
    }
}

/// What was sent again: outlined, and crossed out.
pub(super) fn again(sheet: &mut Sheet<'_>, rect: Rect) {
    let plate = Shape::Plate { rect, radius: 0.0, outline: 1.0, dashed: false };
    sheet.add(plate, Style::Tcp, About::Nothing, Layer::Bars);
    let (from, to) = (at(rect.left, rect.bottom), at(rect.right, rect.top));
    let line = Shape::Line { from, to, width: 1.0, dashed: false };
    sheet.add(line, Style::Tcp, About::Nothing, Layer::Lines);
}
