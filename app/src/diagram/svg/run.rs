//! Marks of an SVG that follow each other and look alike: curves and fans are hundreds of lines and
//! bars, and one path holds them all.

use std::fmt::{self, Write as _};

use super::value::{dashes, number};
use crate::diagram::scene::{Mark, Shape};
use crate::diagram::theme::Theme;

/// So many make a path of their own; fewer are hardly shorter so, and easier to find by themselves.
pub(super) const LEAST: usize = 4;

/// Whether two marks can be drawn in one go: lines of the same stroke, or bars of the same fill.
/// Each overlaps the other as it did, for nothing stands between them and both are opaque.
pub(super) fn is_alike(a: &Mark, b: &Mark) -> bool {
    let same = match (&a.shape, &b.shape) {
        (
            Shape::Line { width, dashed, .. },
            Shape::Line { width: other_width, dashed: other_dashed, .. },
        ) => width == other_width && dashed == other_dashed,
        (Shape::Plate { .. }, Shape::Plate { .. }) => is_bar(&a.shape) && is_bar(&b.shape),
        _ => false,
    };
    same && a.style == b.style
}

fn is_bar(shape: &Shape) -> bool {
    matches!(shape, Shape::Plate { radius: 0.0, outline: 0.0, .. })
}

/// Writes a run of marks that are alike.
pub(super) fn write(out: &mut String, run: &[Mark], theme: &Theme) -> fmt::Result {
    let Some(first) = run.first() else { return Ok(()) };
    let colours = theme.colours(first.style);
    let mut path = String::new();
    let mut last = None;
    for mark in run {
        match &mark.shape {
            Shape::Line { from, to, .. } => {
                // What begins where the one before it ended goes on.
                if last != Some(*from) {
                    write!(path, "M{} {}", number(from.x), number(from.y))?;
                }
                last = Some(*to);
                write!(path, "L{} {}", number(to.x), number(to.y))?;
            }
            Shape::Plate { rect, .. } => {
                let (width, height) = (number(rect.width()), number(rect.height()));
                let (left, top) = (number(rect.left), number(rect.top));
                write!(path, "M{left} {top}h{width}v{height}H{left}z")?;
            }
            _ => {}
        }
    }
    match first.shape {
        Shape::Line { width, dashed, .. } => writeln!(
            out,
            "<path d=\"{path}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{}\"{}/>",
            colours.line,
            number(width),
            dashes(dashed),
        ),
        _ => writeln!(out, "<path d=\"{path}\" fill=\"{}\"/>", colours.fill),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagram::geometry::{Rect, at};
    use crate::diagram::scene::{About, Layer, Scene};
    use crate::diagram::style::Style;
    use crate::diagram::{Fonts, svg};

    fn mark(shape: Shape, style: Style) -> Mark {
        Mark::new(shape, 0.0, style, About::Nothing, Layer::Lines)
    }

    fn line(x: f32, style: Style) -> Mark {
        let (from, to) = (at(x, 0.0), at(x + 1.0, 5.0));
        mark(Shape::Line { from, to, width: 1.0, dashed: false }, style)
    }

    fn bar(x: f32, radius: f32) -> Mark {
        let rect = Rect::sized(x, 0.0, 1.0, 5.0);
        mark(Shape::Plate { rect, radius, outline: 0.0, dashed: false }, Style::Rail)
    }

    #[track_caller]
    fn check(marks: Vec<Mark>, expected: &str) {
        let scene = Scene::new(50.0, 10.0, 0.0..0.0, marks, Vec::new());
        let written = svg(&scene, &Theme::light(), Fonts::Named);
        let count = |what: &str| written.matches(what).count();
        let found = format!(
            "{} lines, {} rects, {} paths, {} begun",
            count("<line"),
            // The paper is one.
            count("<rect") - 1,
            count("<path"),
            count("M"),
        );
        assert_eq!(found, expected, "{written}");
    }

    #[test]
    fn what_looks_alike_is_one_path() {
        let lines = |count: u8| (0..count).map(|x| line(f32::from(x) * 3.0, Style::Flow)).collect();
        check(lines(3), "3 lines, 0 rects, 0 paths, 0 begun");
        check(lines(5), "0 lines, 0 rects, 1 paths, 5 begun");
        let bars = |radius| (0..5_u8).map(|x| bar(f32::from(x), radius)).collect();
        check(bars(0.0), "0 lines, 0 rects, 1 paths, 5 begun");
        check(bars(2.0), "0 lines, 5 rects, 0 paths, 0 begun");
        let curve = (0..5_u8).map(|x| {
            let (from, to) = (at(f32::from(x), 0.0), at(f32::from(x) + 1.0, 0.0));
            mark(Shape::Line { from, to, width: 1.0, dashed: false }, Style::Flow)
        });
        check(curve.collect(), "0 lines, 0 rects, 1 paths, 1 begun");
        let mixed = (0..6_u8)
            .map(|x| line(f32::from(x) * 3.0, if x % 2 == 0 { Style::Flow } else { Style::Dim }));
        check(mixed.collect(), "6 lines, 0 rects, 0 paths, 0 begun");
    }
}
