//! One mark as one element of SVG.

use std::fmt::{self, Write as _};

use super::value::{dashes, escaped, number, stroke_width};
use super::{Fonts, MONO, USUAL_SIZE, USUAL_STYLE};
use crate::diagram::geometry::{self, Align, Point, Rect};
use crate::diagram::outline;
use crate::diagram::scene::{Mark, Shape};
use crate::diagram::style::{Face, Style, Type};
use crate::diagram::theme::{Colour, Colours, Theme};

/// So many letters have no room between them that could be adjusted.
const TOO_FEW_TO_FIT: usize = 2;

/// Who writes elements.
pub(super) struct Pen<'a> {
    pub(super) out: &'a mut String,
    pub(super) theme: &'a Theme,
    pub(super) fonts: Fonts,
}

/// A text, and where it stands.
struct Text<'a> {
    text: &'a str,
    font: Type,
    origin: Point,
    align: Align,
    /// Whether it is read from below.
    upright: bool,
    /// How long it is, as the layout measured it.
    length: f32,
    colour: Colour,
}

impl Pen<'_> {
    pub(super) fn mark(&mut self, mark: &Mark) -> fmt::Result {
        let theme = self.theme;
        let colours = theme.colours(mark.style);
        match &mark.shape {
            Shape::Plate { rect, radius, outline, dashed } => {
                self.plate(*rect, *radius, (*outline, *dashed), colours)
            }
            Shape::Line { from, to, width, dashed } => {
                let [x1, y1, x2, y2] = [from.x, from.y, to.x, to.y].map(number);
                writeln!(
                    self.out,
                    "<line x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\" stroke=\"{}\"{}{}/>",
                    colours.line,
                    stroke_width(*width),
                    dashes(*dashed),
                )
            }
            Shape::Head(corners) => {
                let (points, line) = (points(*corners), colours.line);
                writeln!(self.out, "<polygon points=\"{points}\" fill=\"{line}\"/>")
            }
            Shape::Regular { centre, radius, corners, outline } => writeln!(
                self.out,
                "<polygon points=\"{}\" fill=\"{}\" stroke=\"{}\" stroke-width=\"{}\"/>",
                points(geometry::corners(*centre, *radius, *corners)),
                colours.fill,
                colours.line,
                number(*outline),
            ),
            Shape::Disc { centre, radius, outline, hollow } => writeln!(
                self.out,
                "<circle cx=\"{}\" cy=\"{}\" r=\"{}\" fill=\"{}\" stroke=\"{}\" \
                 stroke-width=\"{}\"/>",
                number(centre.x),
                number(centre.y),
                number(*radius),
                if *hollow { theme.colours(Style::Paper).fill } else { colours.fill },
                colours.line,
                number(*outline),
            ),
            Shape::Lock { origin, scale } => self.lock(*origin, *scale, colours),
            Shape::Cross { centre, arm } => self.cross(*centre, *arm, colours),
            Shape::Text { origin, align, font, text, upright } => {
                let (bounds, upright) = (mark.bounds, *upright);
                let text = Text {
                    text,
                    font: *font,
                    origin: *origin,
                    align: *align,
                    upright,
                    length: if upright { bounds.height() } else { bounds.width() },
                    colour: colours.text,
                };
                if self.fonts == Fonts::Outlines { self.outlines(&text) } else { self.text(&text) }
            }
        }
    }

    fn plate(
        &mut self,
        rect: Rect,
        radius: f32,
        (outline, dashed): (f32, bool),
        colours: Colours,
    ) -> fmt::Result {
        let [width, height] = [rect.width(), rect.height()].map(number);
        if width == height && number(2.0 * radius) == width {
            let centre = rect.centre();
            let [x, y, radius] = [centre.x, centre.y, radius].map(number);
            write!(self.out, "<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\"")?;
        } else {
            let [x, y, radius] = [rect.left, rect.top, radius].map(number);
            write!(
                self.out,
                "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"{radius}\""
            )?;
        }
        write!(self.out, " fill=\"{}\"", colours.fill)?;
        if outline > 0.0 {
            let (width, dashes) = (stroke_width(outline), dashes(dashed));
            write!(self.out, " stroke=\"{}\"{width}{dashes}", colours.line)?;
        }
        writeln!(self.out, "/>")
    }

    fn lock(&mut self, origin: Point, scale: f32, colours: Colours) -> fmt::Result {
        let line = colours.line;
        let scale = if scale == 1.0 { String::new() } else { format!(" scale({})", number(scale)) };
        writeln!(
            self.out,
            "<g transform=\"translate({},{}){scale}\">\
             <path d=\"M2.2 5V3.4a2.3 2.3 0 0 1 4.6 0V5\" fill=\"none\" stroke=\"{line}\" \
             stroke-width=\"1.3\"/>\
             <rect x=\"1\" y=\"5\" width=\"7\" height=\"5.4\" rx=\"1.2\" fill=\"{line}\"/></g>",
            number(origin.x),
            number(origin.y),
        )
    }

    fn cross(&mut self, Point { x, y }: Point, arm: f32, colours: Colours) -> fmt::Result {
        let (left, right) = (number(x - arm), number(x + arm));
        let (top, bottom) = (number(y - arm), number(y + arm));
        writeln!(
            self.out,
            "<path d=\"M{left} {top}L{right} {bottom}M{left} {bottom}L{right} {top}\" \
             fill=\"none\" stroke=\"{}\" stroke-width=\"2\"/>",
            colours.line,
        )
    }

    fn text(&mut self, text: &Text<'_>) -> fmt::Result {
        let (x, y) = (number(text.origin.x), number(text.origin.y));
        let place = if text.upright {
            format!("transform=\"translate({x},{y}) rotate(-90)\"")
        } else {
            format!("x=\"{x}\" y=\"{y}\"")
        };
        let anchor = match text.align {
            Align::Start => "",
            Align::Middle => " text-anchor=\"middle\"",
            Align::End => " text-anchor=\"end\"",
        };
        let fit = match text.text.chars().count() {
            0..=TOO_FEW_TO_FIT => "",
            _ => " lengthAdjust=\"spacingAndGlyphs\"",
        };
        let look = self.look(text);
        writeln!(
            self.out,
            "<text {place}{look}{anchor} textLength=\"{}\"{fit}>{}</text>",
            number(text.length),
            escaped(text.text),
        )
    }

    /// What a text looks like, where that is not what the picture says for all.
    fn look(&self, text: &Text<'_>) -> String {
        let face = text.font.face();
        let mut look = String::new();
        if face == Face::Mono {
            look += &format!(" font-family=\"{MONO}\"");
        }
        if text.font.size() != USUAL_SIZE {
            look += &format!(" font-size=\"{}\"", number(text.font.size()));
        }
        if face.weight() != 400 {
            look += &format!(" font-weight=\"{}\"", face.weight());
        }
        if text.colour != self.theme.colours(USUAL_STYLE).text {
            look += &format!(" fill=\"{}\"", text.colour);
        }
        look
    }

    /// A text as one path, which still says what it reads.
    fn outlines(&mut self, text: &Text<'_>) -> fmt::Result {
        let Some((path, unit)) = outline::path(text.text, text.font, text.length) else {
            return Ok(());
        };
        let before = match text.align {
            Align::Start => 0.0,
            Align::Middle => text.length / 2.0,
            Align::End => text.length,
        };
        let Point { x, y } = text.origin;
        let (x, y, turn) =
            if text.upright { (x, y + before, " rotate(-90)") } else { (x - before, y, "") };
        let scale = (1e5 / f64::from(unit)).round() / 1e5;
        writeln!(
            self.out,
            "<path aria-label=\"{}\" transform=\"translate({},{}){turn} scale({scale},-{scale})\" \
             fill=\"{}\" d=\"{path}\"/>",
            escaped(text.text).replace('"', "&quot;"),
            number(x),
            number(y),
            text.colour,
        )
    }
}

/// The corners of a polygon.
fn points(corners: impl IntoIterator<Item = Point>) -> String {
    let corners = corners.into_iter();
    let each: Vec<_> = corners.map(|at| format!("{},{}", number(at.x), number(at.y))).collect();
    each.join(" ")
}
