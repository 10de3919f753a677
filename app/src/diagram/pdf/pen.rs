//! Draws marks on a sheet.

use krilla::color::rgb;
use krilla::geom::{Path, PathBuilder, Point, Rect as Area, Transform};
use krilla::num::NormalizedF32;
use krilla::paint::{Fill, FillRule, Stroke, StrokeDash};
use krilla::surface::Surface;
use krilla::text::{Font, TextDirection};

use crate::diagram::fonts;
use crate::diagram::geometry::{self, Rect, at};
use crate::diagram::measure::{FontMeasure, MeasureText};
use crate::diagram::scene::{Mark, Shape};
use crate::diagram::style::{Face, Style, Type};
use crate::diagram::theme::{Colour, Theme};

/// A quarter of a circle as a Bézier curve: its handles are so long, the radius being one.
const ROUND: f32 = 0.552_284_8;

/// What draws: the colours, and the fonts.
pub(super) struct Pen<'a> {
    theme: &'a Theme,
    faces: Vec<(Face, Font, ttf_parser::Face<'static>)>,
    measure: FontMeasure,
}

impl<'a> Pen<'a> {
    /// A pen; `None` if a bundled font cannot be read.
    pub(super) fn new(theme: &'a Theme) -> Option<Self> {
        let face = |face: Face| {
            let bytes = fonts::bytes(face);
            Some((face, Font::new(bytes.into(), 0)?, ttf_parser::Face::parse(bytes, 0).ok()?))
        };
        let all = [Face::Regular, Face::Medium, Face::SemiBold, Face::Mono];
        let faces = all.map(face).into_iter().collect::<Option<Vec<_>>>()?;
        Some(Self { theme, faces, measure: FontMeasure::default() })
    }

    /// Fills an area in the colour of a style's ground.
    pub(super) fn fill(&self, surface: &mut Surface<'_>, area: Rect, style: Style) {
        draw(surface, plate(area, 0.0), Some(self.theme.colours(style).fill), None);
    }

    /// Keeps all that is drawn until the next `pop` within an area. Says whether there is any.
    pub(super) fn clip(&self, surface: &mut Surface<'_>, area: Rect) -> bool {
        let path = plate(area, 0.0);
        if let Some(path) = &path {
            surface.push_clip_path(path, &FillRule::NonZero);
        }
        path.is_some()
    }

    /// Draws a mark.
    pub(super) fn mark(&self, surface: &mut Surface<'_>, mark: &Mark) {
        let colours = self.theme.colours(mark.style);
        let (fill, line) = (colours.fill, colours.line);
        match &mark.shape {
            Shape::Plate { rect, radius, outline, dashed } => {
                let outline = (*outline > 0.0).then(|| stroke(line, *outline, *dashed));
                draw(surface, plate(*rect, *radius), Some(fill), outline);
            }
            Shape::Line { from, to, width, dashed } => {
                let path = open(&[[from.x, from.y], [to.x, to.y]]);
                draw(surface, path, None, Some(stroke(line, *width, *dashed)));
            }
            Shape::Head([a, b, c]) => {
                let mut path = PathBuilder::new();
                path.move_to(a.x, a.y);
                path.line_to(b.x, b.y);
                path.line_to(c.x, c.y);
                path.close();
                draw(surface, path.finish(), Some(line), None);
            }
            Shape::Regular { centre, radius, corners, outline } => {
                let mut path = PathBuilder::new();
                for (index, point) in geometry::corners(*centre, *radius, *corners).enumerate() {
                    if index == 0 {
                        path.move_to(point.x, point.y);
                    } else {
                        path.line_to(point.x, point.y);
                    }
                }
                path.close();
                let outline = stroke(line, *outline, false);
                draw(surface, path.finish(), Some(fill), Some(outline));
            }
            Shape::Disc { centre, radius, outline, hollow } => {
                let fill = if *hollow { self.theme.colours(Style::Paper).fill } else { fill };
                let outline = (*outline > 0.0).then(|| stroke(line, *outline, false));
                let side = radius * 2.0;
                let disc = plate(Rect::around(*centre, side, side), *radius);
                draw(surface, disc, Some(fill), outline);
            }
            Shape::Lock { origin, scale } => {
                let place = [*scale, 0.0, 0.0, *scale, origin.x, origin.y];
                let [sx, ky, kx, sy, tx, ty] = place;
                surface.push_transform(&Transform::from_row(sx, ky, kx, sy, tx, ty));
                draw(surface, shackle(), None, Some(stroke(line, 1.3, false)));
                draw(surface, plate(Rect::sized(1.0, 5.0, 7.0, 5.4), 1.2), Some(line), None);
                surface.pop();
            }
            Shape::Cross { centre, arm } => {
                let (x, y) = (centre.x, centre.y);
                for side in [-arm, *arm] {
                    let path = open(&[[x + side, y - arm], [x - side, y + arm]]);
                    draw(surface, path, None, Some(stroke(line, 2.0, false)));
                }
            }
            Shape::Text { origin, font, text, upright, .. } => {
                surface.set_stroke(None);
                surface.set_fill(Some(filling(colours.text)));
                if *upright {
                    // A quarter turn, so that it is read from bottom to top.
                    let (x, y) = (origin.x, mark.bounds.bottom);
                    surface.push_transform(&Transform::from_row(0.0, -1.0, 1.0, 0.0, x, y));
                    self.text(surface, text, *font, at(0.0, 0.0));
                    surface.pop();
                } else {
                    self.text(surface, text, *font, at(mark.bounds.left, origin.y));
                }
            }
        }
    }

    /// Writes text from a place on; what its face lacks is written in another.
    fn text(
        &self,
        surface: &mut Surface<'_>,
        text: &str,
        font: Type,
        mut place: crate::diagram::geometry::Point,
    ) {
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let face = self.face_for(first, font.face());
            let end = rest.find(|c| self.face_for(c, font.face()) != face).unwrap_or(rest.len());
            let (run, after) = rest.split_at(end);
            if let Some((_, known, _)) = self.faces.iter().find(|(one, ..)| *one == face) {
                let start = Point::from_xy(place.x, place.y);
                let way = TextDirection::LeftToRight;
                surface.draw_text(start, known.clone(), font.size(), run, false, way);
            }
            if !after.is_empty() {
                place.x += self.measure.width(run, font);
            }
            rest = after;
        }
    }

    /// The face that has a character: the wanted one where it has, or where none has.
    fn face_for(&self, character: char, wanted: Face) -> Face {
        let other = if wanted == Face::Mono { Face::Regular } else { Face::Mono };
        let has = |face: Face| {
            let known = self.faces.iter().find(|(one, ..)| *one == face);
            known.is_some_and(|(.., glyphs)| glyphs.glyph_index(character).is_some())
        };
        if !has(wanted) && has(other) { other } else { wanted }
    }
}

fn draw(
    surface: &mut Surface<'_>,
    path: Option<Path>,
    fill: Option<Colour>,
    stroke: Option<Stroke>,
) {
    let Some(path) = path else { return };
    surface.set_fill(fill.map(filling));
    surface.set_stroke(stroke);
    surface.draw_path(&path);
}

fn paint(Colour([red, green, blue]): Colour) -> krilla::paint::Paint {
    rgb::Color::new(red, green, blue).into()
}

fn filling(colour: Colour) -> Fill {
    Fill { paint: paint(colour), opacity: NormalizedF32::ONE, rule: FillRule::NonZero }
}

fn stroke(colour: Colour, width: f32, dashed: bool) -> Stroke {
    let dash = dashed.then(|| StrokeDash { array: vec![4.0, 3.0], offset: 0.0 });
    Stroke { paint: paint(colour), width, dash, ..Stroke::default() }
}

fn open(points: &[[f32; 2]]) -> Option<Path> {
    let mut path = PathBuilder::new();
    for (index, [x, y]) in points.iter().enumerate() {
        if index == 0 {
            path.move_to(*x, *y);
        } else {
            path.line_to(*x, *y);
        }
    }
    path.finish()
}

/// The bow of a padlock, nine points wide with its body below it.
fn shackle() -> Option<Path> {
    let mut path = PathBuilder::new();
    let handle = 2.3 * ROUND;
    path.move_to(2.2, 5.0);
    path.line_to(2.2, 3.4);
    path.cubic_to(2.2, 3.4 - handle, 4.5 - handle, 1.1, 4.5, 1.1);
    path.cubic_to(4.5 + handle, 1.1, 6.8, 3.4 - handle, 6.8, 3.4);
    path.line_to(6.8, 5.0);
    path.finish()
}

/// A rectangle with round corners.
fn plate(rect: Rect, radius: f32) -> Option<Path> {
    let Rect { left, top, right, bottom } = rect;
    let radius = radius.min(rect.width() / 2.0).min(rect.height() / 2.0);
    let mut path = PathBuilder::new();
    if radius <= 0.0 {
        path.push_rect(Area::from_ltrb(left, top, right, bottom)?);
        return path.finish();
    }
    let away = radius * (1.0 - ROUND);
    path.move_to(left + radius, top);
    path.line_to(right - radius, top);
    path.cubic_to(right - away, top, right, top + away, right, top + radius);
    path.line_to(right, bottom - radius);
    path.cubic_to(right, bottom - away, right - away, bottom, right - radius, bottom);
    path.line_to(left + radius, bottom);
    path.cubic_to(left + away, bottom, left, bottom - away, left, bottom - radius);
    path.line_to(left, top + radius);
    path.cubic_to(left, top + away, left + away, top, left + radius, top);
    path.close();
    path.finish()
}
