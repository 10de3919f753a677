//! Paints a scene with egui: what is in sight, at any zoom, with text as crisp as any other.

use std::f32::consts::FRAC_PI_2;

use egui::{Color32, CornerRadius, Painter, Pos2, Stroke, StrokeKind, epaint};
use wirestage_dissectors::story::BeatId;

use super::fonts;
use super::geometry::{self, Align, Point, Rect};
use super::scene::{About, Layer, Mark, Scene, Shape};
use super::style::{Style, Type};
use super::theme::{Colour, Theme};

/// Where a scene is on screen. Kept in `f64`, so that the end of a long story stays as steady
/// under the pointer as its beginning.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Placement {
    /// The place of the scene that lies in the upper left corner of the view.
    pub left: f64,
    /// See `left`.
    pub top: f64,
    /// Points on screen for a point of the scene.
    pub zoom: f64,
    /// The upper left corner of the view, on screen.
    pub corner: Pos2,
}

impl Placement {
    /// Where a point of the scene is on screen.
    #[must_use]
    pub fn to_screen(&self, Point { x, y }: Point) -> Pos2 {
        let along = |scene: f32, origin: f64| ((f64::from(scene) - origin) * self.zoom) as f32;
        Pos2::new(self.corner.x + along(x, self.left), self.corner.y + along(y, self.top))
    }

    /// Which point of the scene a place on screen shows.
    #[must_use]
    pub fn to_scene(&self, place: Pos2) -> Point {
        let along = |screen: f32, origin: f64| (f64::from(screen) / self.zoom + origin) as f32;
        Point {
            x: along(place.x - self.corner.x, self.left),
            y: along(place.y - self.corner.y, self.top),
        }
    }

    /// Where a rectangle of the scene is on screen.
    #[must_use]
    pub fn rect(&self, rect: Rect) -> egui::Rect {
        egui::Rect::from_min_max(
            self.to_screen(Point { x: rect.left, y: rect.top }),
            self.to_screen(Point { x: rect.right, y: rect.bottom }),
        )
    }
}

/// A colour as egui wants it.
#[must_use]
pub fn color(Colour([red, green, blue]): Colour) -> Color32 {
    Color32::from_rgb(red, green, blue)
}

/// How much a mark is raised above the rest.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Raised {
    /// Less than the rest: it steps back, into the colour of the paper.
    Back,
    /// Not at all.
    No,
    /// It is pointed at.
    Pointed,
    /// It is selected.
    Selected,
}

/// Paints marks of a scene.
pub struct Paint<'p> {
    /// Where to.
    pub painter: &'p Painter,
    /// In which colours.
    pub theme: &'p Theme,
    /// Where the scene is on screen.
    pub place: Placement,
}

/// How far a chapter's title reaches below the top of its band.
const TITLE: f32 = 24.0;
/// Text smaller than this is not painted: nobody could read it.
const LEGIBLE: f32 = 3.0;

/// How far what steps back goes towards the paper, and how far its words do, which are to be read.
const BACK: f32 = 0.62;
const BACK_TEXT: f32 = 0.35;

/// Around the cards of the cast at the top of a view.
const CAST_MARGIN: f32 = 8.0;

/// How large the title of a chapter is that stays in sight.
fn chapter_size(zoom: f32) -> f32 {
    (12.0 * zoom).clamp(11.0, 18.0)
}

/// How high the strip is that it stands in.
pub(super) fn chapter_strip(zoom: f32) -> f32 {
    (1.4 * chapter_size(zoom)).round() + CAST_MARGIN
}

/// Whether the cards of the cast stay in sight: where they leave most of a view.
fn stays(cast: f32, view: f32) -> bool {
    cast <= view * 0.3
}

impl Paint<'_> {
    /// Paints all that is in sight, each mark as much raised as it is said to be; `between` is
    /// called once the ground is painted and before anything stands on it.
    pub fn scene(
        &self,
        scene: &Scene,
        raised: impl Fn(About) -> Raised,
        between: impl FnOnce(&Self),
    ) {
        let sight = self.painter.clip_rect();
        let (low, high) = (self.place.to_scene(sight.min), self.place.to_scene(sight.max));
        let shows = |mark: &&Mark| mark.bounds.right >= low.x && mark.bounds.left <= high.x;
        let mut between = Some(between);
        for mark in scene.in_sight(low.y..high.y).filter(shows) {
            if mark.layer > Layer::Ground
                && let Some(paint) = between.take()
            {
                paint(self);
            }
            self.mark(mark, raised(mark.about));
        }
    }

    /// Paints the cards of the cast at the top of the view, where they are out of sight.
    pub fn sticky_cast(&self, scene: &Scene, view: egui::Rect) {
        const MARGIN: f32 = CAST_MARGIN;
        let top = self.place.to_screen(Point { x: 0.0, y: scene.cast.start }).y;
        let height = (scene.cast.end - scene.cast.start) * self.place.zoom as f32;
        if top >= view.top() + MARGIN || !stays(height, view.height()) {
            return;
        }
        let mut strip = view;
        strip.set_bottom(view.top() + MARGIN + height + MARGIN);
        self.painter.rect_filled(strip, 0.0, color(self.theme.colours(Style::Paper).fill));
        let line = Stroke::new(1.0, color(self.theme.colours(Style::Rail).line));
        self.painter.hline(strip.x_range(), strip.bottom(), line);
        let lowered = f64::from(view.top() + MARGIN - top) / self.place.zoom;
        let place = Placement { top: self.place.top - lowered, ..self.place };
        let paint = Paint { place, ..*self };
        for mark in scene.in_sight(scene.cast.clone()) {
            if mark.layer == Layer::Cast {
                paint.mark(mark, Raised::No);
            }
        }
    }

    /// Paints the title of the chapter that is read at the top of the view, where its band begins
    /// out of sight; `title` names the chapter of a beat.
    pub fn sticky_chapter(
        &self,
        scene: &Scene,
        view: egui::Rect,
        title: impl Fn(BeatId) -> Option<String>,
    ) {
        const MARGIN: f32 = CAST_MARGIN;
        let zoom = self.place.zoom as f32;
        let cast = (scene.cast.end - scene.cast.start) * zoom;
        let below = if stays(cast, view.height()) { cast + 2.0 * MARGIN } else { 0.0 };
        let below = view.top() + below;
        let y = self.place.to_scene(egui::pos2(view.left(), below)).y;
        let is_band = |mark: &&Mark| {
            let held = mark.bounds.top + TITLE < y && mark.bounds.bottom > y + TITLE;
            mark.layer == Layer::Ground && held
        };
        let Some(band) = scene.in_sight(y..y).find(is_band) else { return };
        let About::Beat(id) = band.about else { return };
        let Some(title) = title(id) else { return };
        let colours = self.theme.colours(Style::Ink);
        let font = egui::FontId::new(chapter_size(zoom), fonts::family(Type::Chapter.face()));
        let text = self.painter.layout_no_wrap(title, font, color(colours.text));
        // Level with where the title stands in the picture: in a strip that is right of a lifeline.
        let is_title = |mark: &&Mark| {
            let is_text = matches!(&mark.shape, Shape::Text { upright: false, .. });
            is_text && mark.about == band.about && mark.style == Style::Ink
        };
        let titles = scene.in_sight(band.bounds.top..band.bounds.bottom).filter(is_title);
        let left = titles.map(|mark| mark.bounds.left).reduce(f32::min);
        let left = left.map_or(view.left(), |x| self.place.to_screen(Point { x, y }).x - MARGIN);
        let left = left.max(view.left() + MARGIN);
        // A strip from edge to edge: a plate would lie over a number, or half of one.
        let mut strip = view;
        strip.set_top(below);
        strip.set_bottom(below + chapter_strip(zoom));
        self.painter.rect_filled(strip, 0.0, color(self.theme.colours(Style::Paper).fill));
        let line = Stroke::new(1.0, color(self.theme.colours(Style::Rail).line));
        self.painter.hline(strip.x_range(), strip.bottom(), line);
        let inside = egui::pos2(left + MARGIN, strip.center().y - text.size().y / 2.0);
        self.painter.galley(inside, text, color(colours.text));
    }

    /// Paints one mark.
    pub fn mark(&self, mark: &Mark, raised: Raised) {
        let zoom = self.place.zoom as f32;
        let colours = self.theme.colours(mark.style);
        let focus = color(self.theme.colours(Style::Focus).line);
        let paper = color(self.theme.colours(Style::Paper).fill);
        // What clears the ground for a text is as the ground is.
        let is_ground = matches!(mark.style, Style::Paper | Style::Band | Style::BandAlt);
        let toned = |colour: Colour, back: f32| match raised {
            Raised::Back if !is_ground => color(colour).lerp_to_gamma(paper, back),
            _ => color(colour),
        };
        let (fill, line) = (toned(colours.fill, BACK), toned(colours.line, BACK));
        let ink = toned(colours.text, BACK_TEXT);
        let raise = raised == Raised::Selected && mark.layer >= Layer::Lines;
        match &mark.shape {
            Shape::Plate { rect, radius, outline, dashed } => {
                let rect = self.place.rect(*rect);
                // What clears the ground for a text clears it of what is chosen as well.
                let clears = raise && is_ground && mark.style != Style::Paper;
                let chosen = color(self.theme.colours(Style::Focus).fill);
                let fill = if clears { chosen } else { fill };
                let radius = rounded(radius * zoom);
                let stroke = Stroke::new(outline * zoom, line);
                if mark.layer == Layer::Front
                    && matches!(raised, Raised::Pointed | Raised::Selected)
                {
                    let ring = rect.expand(2.5 * zoom);
                    let width = if raise { 2.0 } else { 1.25 };
                    let around = rounded(f32::from(radius.nw) + 2.5 * zoom);
                    let ring_stroke = Stroke::new(width * zoom.max(0.6), focus);
                    self.painter.rect_stroke(ring, around, ring_stroke, StrokeKind::Middle);
                }
                if *dashed {
                    self.painter.rect_filled(rect, radius, fill);
                    let corners = [
                        rect.left_top(),
                        rect.right_top(),
                        rect.right_bottom(),
                        rect.left_bottom(),
                        rect.left_top(),
                    ];
                    self.dashes(&corners, stroke);
                } else {
                    self.painter.rect(rect, radius, fill, stroke, StrokeKind::Middle);
                }
            }
            Shape::Line { from, to, width, dashed } => {
                let ends = [self.place.to_screen(*from), self.place.to_screen(*to)];
                let (width, line) = if raise { (width + 1.0, focus) } else { (*width, line) };
                let stroke = Stroke::new((width * zoom).max(0.5), line);
                if *dashed {
                    self.dashes(&ends, stroke);
                } else {
                    self.painter.line_segment(ends, stroke);
                }
            }
            Shape::Head(points) => {
                let points = points.map(|point| self.place.to_screen(point)).to_vec();
                let line = if raise { focus } else { line };
                self.painter.add(egui::Shape::convex_polygon(points, line, Stroke::NONE));
            }
            Shape::Regular { centre, radius, corners, outline } => {
                let points = geometry::corners(*centre, *radius, *corners);
                let points = points.map(|point| self.place.to_screen(point)).collect();
                let line = Stroke::new(outline * zoom, if raise { focus } else { line });
                self.painter.add(egui::Shape::convex_polygon(points, fill, line));
            }
            Shape::Disc { centre, radius, outline, hollow } => {
                let fill = if *hollow { paper } else { fill };
                let centre = self.place.to_screen(*centre);
                let stroke = Stroke::new(outline * zoom, line);
                self.painter.circle(centre, radius * zoom, fill, stroke);
            }
            Shape::Lock { origin, scale } => self.lock(*origin, *scale, line),
            Shape::Cross { centre, arm } => {
                let Point { x, y } = *centre;
                let stroke = Stroke::new(2.0 * zoom, line);
                for (dx, dy) in [(*arm, *arm), (*arm, -arm)] {
                    let ends = [Point { x: x - dx, y: y - dy }, Point { x: x + dx, y: y + dy }];
                    self.painter.line_segment(ends.map(|end| self.place.to_screen(end)), stroke);
                }
            }
            Shape::Text { origin, align, font, text, upright } => {
                self.text(*origin, *align, *font, text, *upright, ink);
            }
        }
    }

    fn text(
        &self,
        origin: Point,
        align: Align,
        font: Type,
        text: &str,
        upright: bool,
        ink: Color32,
    ) {
        // Rounded to a quarter of a pixel: sizes in between would each fill the glyph atlas.
        let pixels = self.painter.pixels_per_point();
        let zoom = self.place.zoom as f32;
        let size = (font.size() * zoom * pixels * 4.0).round() / 4.0 / pixels;
        if size < LEGIBLE {
            return;
        }
        let font = egui::FontId::new(size, fonts::family(font.face()));
        let galley = self.painter.layout_no_wrap(text.to_owned(), font, ink);
        let baseline = galley
            .rows
            .first()
            .map_or(0.0, |row| row.pos.y + row.row.glyphs.first().map_or(0.0, |glyph| glyph.pos.y));
        let width = galley.size().x;
        let before = match align {
            Align::Start => 0.0,
            Align::Middle => width / 2.0,
            Align::End => width,
        };
        let place = self.place.to_screen(origin);
        if upright {
            let corner = Pos2::new(place.x - baseline, place.y + before);
            let shape = epaint::TextShape::new(corner, galley, ink).with_angle(-FRAC_PI_2);
            self.painter.add(shape);
        } else {
            self.painter.galley(Pos2::new(place.x - before, place.y - baseline), galley, ink);
        }
    }

    /// A padlock: the same body and bow as in the SVG.
    fn lock(&self, origin: Point, scale: f32, line: Color32) {
        let at = |x: f32, y: f32| {
            self.place.to_screen(Point { x: origin.x + x * scale, y: origin.y + y * scale })
        };
        let zoom = self.place.zoom as f32 * scale;
        let body = egui::Rect::from_min_max(at(1.0, 5.0), at(8.0, 10.4));
        self.painter.rect_filled(body, rounded(1.2 * zoom), line);
        let bow = (0..=12).map(|step| {
            let angle = step as f32 / 12.0 * std::f32::consts::PI;
            at(4.5 - 2.3 * angle.cos(), 3.4 - 2.3 * angle.sin())
        });
        let bow = std::iter::once(at(2.2, 5.0)).chain(bow).chain([at(6.8, 5.0)]).collect();
        self.painter.add(egui::Shape::line(bow, Stroke::new(1.3 * zoom, line)));
    }

    fn dashes(&self, path: &[Pos2], stroke: Stroke) {
        let zoom = self.place.zoom as f32;
        self.painter.extend(egui::Shape::dashed_line(path, stroke, 4.0 * zoom, 3.0 * zoom));
    }
}

/// The radius of a corner, as egui wants it.
fn rounded(radius: f32) -> CornerRadius {
    CornerRadius::same(radius.round().clamp(0.0, 255.0) as u8)
}
