//! What stands around the curves: the title, whose course it is, and both axes.

use wirestage_dissectors::course::Course;

use super::scale::{BESIDE, Scale};
use super::{Kind, Names};
use crate::diagram::geometry::{Align, Rect, at};
use crate::diagram::measure::wrap;
use crate::diagram::scene::{About, Layer, Shape};
use crate::diagram::sheet::Sheet;
use crate::diagram::style::{Style, Type};

/// Below the curves: the times, and some room.
pub(super) const BELOW: f32 = 56.0;
/// Below the title, with the name of what is counted upwards.
const UNDER: f32 = 24.0;
/// From that name to the curves, and from the times to theirs.
const ABOVE_CURVES: f32 = 10.0;
const BELOW_TIMES: f32 = 16.0;
/// What is counted to the right.
const TIMES: &str = "Time since the connection’s first packet";
/// A picture narrower than this has a smaller title and smaller margins.
const NARROW: f32 = 700.0;

/// The margin of a picture of that width.
pub(super) const fn outer(width: f32) -> f32 {
    if width < NARROW { 16.0 } else { 28.0 }
}

/// Draws the title; returns where the curves may begin.
pub(super) fn title(
    sheet: &mut Sheet<'_>,
    (course, names): (&Course, &Names),
    kind: Kind,
    width: f32,
) -> f32 {
    let font = if width < NARROW { Type::TitleNarrow } else { Type::Title };
    let left = outer(width);
    let room = width - 2.0 * left;
    let lines = wrap(sheet.measure, kind.title(course.carrier), font, room, 2);
    let mut y =
        sheet.lines(&lines, font, at(left, 38.0), Style::Ink, About::Nothing) - font.line_height();
    let seen = if course.both_ends { "recorded at both ends" } else { "" };
    let parts = [&*format!("{} to {}", names.sender, names.receiver), &names.recording, seen];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let lines = wrap(sheet.measure, &parts.join(" · "), Type::Subtitle, room, 3);
    y = sheet.lines(&lines, Type::Subtitle, at(left, y + 24.0), Style::Dim, About::Nothing);
    y + UNDER
}

/// Draws both axes with their names and their ticks, and a quiet band from every second amount to
/// the next.
pub(super) fn axes(sheet: &mut Sheet<'_>, scale: &Scale, (amounts, left): (&str, f32)) {
    let area = scale.area;
    let named = |sheet: &mut Sheet<'_>, words: &str, origin, align| {
        sheet.text((words, Type::Detail), origin, align, Style::Dim, About::Nothing);
    };
    named(sheet, amounts, at(left, area.top - ABOVE_CURVES), Align::Start);
    let line = |from, to| Shape::Line { from, to, width: 1.0, dashed: false };
    let amounts = scale.amounts();
    let ends = amounts.iter().skip(1).map(|(value, _)| scale.y(*value)).chain([area.top]);
    for (number, ((value, words), top)) in amounts.iter().zip(ends).enumerate() {
        let y = scale.y(*value);
        if number % 2 == 0 {
            let rect = Rect { left: area.left, top, right: area.right, bottom: y };
            sheet.plate(rect, 0.0, Style::Band, About::Nothing, Layer::Ground);
        }
        let origin = at(area.left - BESIDE, y + Type::Clock.cap_height() / 2.0);
        sheet.text((words, Type::Clock), origin, Align::End, Style::Faint, About::Nothing);
    }
    let below = line(at(area.left, area.bottom), at(area.right, area.bottom));
    sheet.add(below, Style::Rail, About::Nothing, Layer::Hem);
    let baseline = area.bottom + BESIDE + Type::Clock.ascent();
    named(sheet, TIMES, at(area.right + BESIDE, baseline + BELOW_TIMES), Align::End);
    let mut free = 0.0;
    for (nanos, words) in scale.times() {
        let x = scale.x(nanos);
        let tick = line(at(x, area.bottom), at(x, area.bottom + 5.0));
        sheet.add(tick, Style::Rail, About::Nothing, Layer::Hem);
        let half = sheet.measure.width(&words, Type::Clock) / 2.0;
        // The last one may stand at the very edge.
        let x = x.min(area.right + BESIDE - half);
        if x - half > free {
            let origin = at(x, baseline);
            sheet.text((&words, Type::Clock), origin, Align::Middle, Style::Faint, About::Nothing);
            free = x + half + BESIDE;
        }
    }
}
