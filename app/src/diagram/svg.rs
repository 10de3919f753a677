//! Writes a scene as SVG: the same bytes on each run, text as text or as outlines.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use data_encoding::BASE64;

use super::geometry::{self, Align, Point, Rect};
use super::scene::{Mark, Scene, Shape};
use super::style::{Face, Style, Type};
use super::theme::Theme;
use super::{outline, subset, svg_run};

/// Where the letters of an SVG come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fonts {
    /// Whoever shows the picture has Inter and JetBrains Mono, or something like them.
    Named,
    /// The glyphs that are used travel in the file, which then looks the same in any browser.
    Embedded,
    /// There is no text, only the outlines of its letters: the same everywhere, but nobody can
    /// search or copy it.
    Outlines,
}

/// What stands in for the bundled fonts where they are missing: faces that are no wider, first
/// those of other systems. Whoever knows `textLength` fits even wider ones in.
const SANS: &str =
    "Inter, Arial, 'Liberation Sans', Helvetica, 'DejaVu Sans Condensed', sans-serif";
const MONO: &str = "'JetBrains Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace";

/// The size of most texts, and what most look like: the whole picture says it, and they do not.
const USUAL_SIZE: f32 = 11.0;
const USUAL_STYLE: Style = Style::Dim;

/// So many letters have no room between them that could be adjusted.
const TOO_FEW_TO_FIT: usize = 2;

/// Writes a scene in the colours of a theme.
#[must_use]
pub fn svg(scene: &Scene, theme: &Theme, fonts: Fonts) -> String {
    let mut out = String::new();
    let (width, height) = (number(scene.width), number(scene.height));
    // Writing to a string cannot fail, so the results below are not looked at.
    let _ = writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" xml:space=\"preserve\" font-family=\"{SANS}\" \
         font-size=\"{}\" fill=\"{}\">",
        number(USUAL_SIZE),
        theme.colours(USUAL_STYLE).text,
    );
    if fonts == Fonts::Embedded {
        embed(scene, &mut out);
    }
    let paper = theme.colours(Style::Paper).fill;
    let _ = writeln!(out, "<rect width=\"{width}\" height=\"{height}\" fill=\"{paper}\"/>");
    let mut marks = scene.marks();
    while let [mark, rest @ ..] = marks {
        let alike = marks.iter().take_while(|other| svg_run::is_alike(mark, other)).count();
        if alike >= svg_run::LEAST {
            let (run, behind) = marks.split_at(alike);
            svg_run::write(&mut out, run, theme);
            marks = behind;
            continue;
        }
        match &mark.shape {
            Shape::Text { text, font, .. } if fonts == Fonts::Outlines => {
                write_outlines(&mut out, mark, (text, *font), theme);
            }
            _ => write_mark(&mut out, mark, theme),
        }
        marks = rest;
    }
    out.push_str("</svg>\n");
    out
}

fn write_mark(out: &mut String, mark: &Mark, theme: &Theme) {
    let colours = theme.colours(mark.style);
    let (fill, line) = (colours.fill, colours.line);
    let _ = match &mark.shape {
        Shape::Plate { rect, radius, outline, dashed } => {
            let Rect { left, top, .. } = *rect;
            let _ = write!(
                out,
                "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"{}\" fill=\"{fill}\"",
                number(left),
                number(top),
                number(rect.width()),
                number(rect.height()),
                number(*radius),
            );
            if *outline > 0.0 {
                let _ = write!(out, " stroke=\"{line}\"");
                // One is what it is where nothing is said.
                if *outline != 1.0 {
                    let _ = write!(out, " stroke-width=\"{}\"", number(*outline));
                }
                let _ = write!(out, "{}", dashes(*dashed));
            }
            writeln!(out, "/>")
        }
        Shape::Line { from, to, width, dashed } => {
            let ends = [from.x, from.y, to.x, to.y].map(number);
            let [x1, y1, x2, y2] = ends;
            let _ = write!(
                out,
                "<line x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\" stroke=\"{line}\""
            );
            if *width != 1.0 {
                let _ = write!(out, " stroke-width=\"{}\"", number(*width));
            }
            writeln!(out, "{}/>", dashes(*dashed))
        }
        Shape::Head(points) => {
            let points = points.map(|Point { x, y }| format!("{},{}", number(x), number(y)));
            writeln!(out, "<polygon points=\"{}\" fill=\"{line}\"/>", points.join(" "))
        }
        Shape::Regular { centre, radius, corners, outline } => {
            let points = geometry::corners(*centre, *radius, *corners);
            let points: Vec<_> =
                points.map(|Point { x, y }| format!("{},{}", number(x), number(y))).collect();
            writeln!(
                out,
                "<polygon points=\"{}\" fill=\"{fill}\" stroke=\"{line}\" stroke-width=\"{}\"/>",
                points.join(" "),
                number(*outline),
            )
        }
        Shape::Disc { centre, radius, outline, hollow } => {
            let fill = if *hollow { theme.colours(Style::Paper).fill } else { fill };
            writeln!(
                out,
                "<circle cx=\"{}\" cy=\"{}\" r=\"{}\" fill=\"{fill}\" stroke=\"{line}\" \
                 stroke-width=\"{}\"/>",
                number(centre.x),
                number(centre.y),
                number(*radius),
                number(*outline),
            )
        }
        Shape::Lock { origin, scale } => writeln!(
            out,
            "<g transform=\"translate({},{}) scale({})\">\
             <path d=\"M2.2 5V3.4a2.3 2.3 0 0 1 4.6 0V5\" fill=\"none\" stroke=\"{line}\" \
             stroke-width=\"1.3\"/>\
             <rect x=\"1\" y=\"5\" width=\"7\" height=\"5.4\" rx=\"1.2\" fill=\"{line}\"/></g>",
            number(origin.x),
            number(origin.y),
            number(*scale),
        ),
        Shape::Cross { centre: Point { x, y }, arm } => {
            let (left, right) = (number(x - arm), number(x + arm));
            let (top, bottom) = (number(y - arm), number(y + arm));
            writeln!(
                out,
                "<path d=\"M{left} {top}L{right} {bottom}M{left} {bottom}L{right} {top}\" \
                 fill=\"none\" stroke=\"{line}\" stroke-width=\"2\"/>"
            )
        }
        Shape::Text { origin, align, font, text, upright } => {
            let (x, y) = (number(origin.x), number(origin.y));
            let anchor = match align {
                Align::Start => "",
                Align::Middle => " text-anchor=\"middle\"",
                Align::End => " text-anchor=\"end\"",
            };
            let place = if *upright {
                format!("transform=\"translate({x},{y}) rotate(-90)\"")
            } else {
                format!("x=\"{x}\" y=\"{y}\"")
            };
            let face = font.face();
            // What the picture says for all is not said again.
            let family = match face {
                Face::Mono => format!(" font-family=\"{MONO}\""),
                _ => String::new(),
            };
            let weight = match face.weight() {
                400 => String::new(),
                weight => format!(" font-weight=\"{weight}\""),
            };
            let size = match font.size() {
                USUAL_SIZE => String::new(),
                size => format!(" font-size=\"{}\"", number(size)),
            };
            let fill = match colours.text {
                usual if usual == theme.colours(USUAL_STYLE).text => String::new(),
                other => format!(" fill=\"{other}\""),
            };
            let fit = match text.chars().count() {
                0..=TOO_FEW_TO_FIT => "",
                _ => " lengthAdjust=\"spacingAndGlyphs\"",
            };
            let length = if *upright { mark.bounds.height() } else { mark.bounds.width() };
            writeln!(
                out,
                "<text {place}{family}{size}{weight}{fill}{anchor} textLength=\"{}\"{fit}>{}</text>",
                number(length),
                escaped(text),
            )
        }
    };
}

/// A text as one path, which still says what it reads.
fn write_outlines(out: &mut String, mark: &Mark, (text, font): (&str, Type), theme: &Theme) {
    let Shape::Text { origin, align, upright, .. } = &mark.shape else { return };
    let width = if *upright { mark.bounds.height() } else { mark.bounds.width() };
    let Some((path, unit)) = outline::path(text, font, width) else { return };
    let before = match align {
        Align::Start => 0.0,
        Align::Middle => width / 2.0,
        Align::End => width,
    };
    let (x, y, turn) = if *upright {
        (origin.x, origin.y + before, " rotate(-90)")
    } else {
        (origin.x - before, origin.y, "")
    };
    let scale = (1e5 / f64::from(unit)).round() / 1e5;
    let _ = writeln!(
        out,
        "<path aria-label=\"{}\" transform=\"translate({},{}){turn} scale({scale},-{scale})\" \
         fill=\"{}\" d=\"{path}\"/>",
        escaped(text).replace('"', "&quot;"),
        number(x),
        number(y),
        theme.colours(mark.style).text,
    );
}

pub(super) fn dashes(dashed: bool) -> &'static str {
    if dashed { " stroke-dasharray=\"4 3\"" } else { "" }
}

/// A length with at most two decimals: enough for a pixel at a zoom of 50.
pub(super) fn number(value: f32) -> String {
    let rounded = (f64::from(value) * 100.0).round() / 100.0;
    // Negative zero would print its sign.
    format!("{}", rounded + 0.0)
}

/// Text as XML wants it. Characters that XML cannot hold become U+FFFD.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\t' => out.push(' '),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// The fonts, each with the glyphs of its texts. What a face lacks its fallback may have.
fn embed(scene: &Scene, out: &mut String) {
    let mut used: BTreeMap<Face, BTreeSet<char>> = BTreeMap::new();
    for mark in scene.marks() {
        let Shape::Text { text, font, .. } = &mark.shape else { continue };
        used.entry(font.face()).or_default().extend(text.chars());
    }
    out.push_str("<style>\n");
    for (face, used) in used {
        let Some(font) = subset::subset(face, &used) else { continue };
        let (family, weight) = (face.family(), face.weight());
        let _ = write!(
            out,
            "@font-face{{font-family:\"{family}\";font-weight:{weight};\
             src:url(data:font/otf;base64,"
        );
        BASE64.encode_append(&font, out);
        out.push_str(")}\n");
    }
    out.push_str("text{font-variant-ligatures:none;white-space:pre}\n</style>\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_break_out() {
        assert_eq!(escaped("<a> & \u{1}b"), "&lt;a&gt; &amp; \u{fffd}b");
    }

    #[test]
    fn lengths_are_short() {
        assert_eq!(number(1.0), "1");
        assert_eq!(number(-0.001), "0");
        assert_eq!(number(12.3456), "12.35");
    }
}
