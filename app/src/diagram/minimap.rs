//! The whole picture as a strip beside itself: where in it one is, and a way to any other place.

use std::sync::Arc;

use egui::{Painter, Rect, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2};

use super::paint::color;
use super::scene::{About, Layer, Mark, Scene, Shape};
use super::style::Style;
use super::theme::Theme;

/// How wide the strip is.
pub(super) const WIDTH: f32 = 48.0;
/// It stands beside pictures that are so many times as high as the view, and not in a view that is
/// narrower than this.
const TALL: f32 = 1.75;
const LEAST_VIEW: f32 = 480.0;
/// Marks that are put on one line of it: more could not be told apart.
const A_LINE: usize = 8;

/// The strip, made once for each picture and height.
#[derive(Default)]
pub(super) struct Minimap(Option<Made>);

struct Made {
    scene: Arc<Scene>,
    height: u32,
    dashes: Vec<Dash>,
}

/// What an arrow or a bead is from afar, in shares of the width and lines from the top.
struct Dash {
    line: u32,
    from: f32,
    to: f32,
    style: Style,
    /// Whether it is what hangs on an arrow.
    is_bead: bool,
}

/// Whether a picture of this height, as it is shown, has a strip beside it.
pub(super) fn is_wanted(height: f32, view: Rect) -> bool {
    height > TALL * view.height() && view.width() >= LEAST_VIEW
}

impl Minimap {
    /// Shows the strip for a picture of which the part `sight` is in view, from 0 to 1; returns
    /// where the middle of the view shall go, if somewhere else.
    pub(super) fn show(
        &mut self,
        ui: &Ui,
        strip: Rect,
        scene: &Arc<Scene>,
        theme: &Theme,
        sight: (f64, f64),
    ) -> Option<f64> {
        let made = self.made(scene, strip.height() as u32);
        let painter = ui.painter_at(strip);
        painter.rect_filled(strip, 0.0, color(theme.colours(Style::Paper).fill));
        let edge = Stroke::new(1.0, color(theme.colours(Style::Rail).line));
        painter.vline(strip.left(), strip.y_range(), edge);
        let inner = strip.shrink2(egui::vec2(4.0, 0.0));
        made.paint(&painter, inner, theme);
        let y = |share: f64| strip.top() + strip.height() * share as f32;
        let window =
            Rect::from_x_y_ranges(strip.x_range(), y(sight.0)..=y(sight.1).max(y(sight.0) + 6.0));
        let window = window.shrink2(egui::vec2(2.0, 0.0));
        let focus = color(theme.colours(Style::Focus).line);
        painter.rect_filled(window, 3.0, focus.gamma_multiply(0.12));
        painter.rect_stroke(window, 3.0, Stroke::new(1.5, focus), StrokeKind::Inside);

        let id = ui.scope_id().with("minimap");
        // Keys move the picture itself: the strip is no stop of its own on the way through them.
        let response = ui.interact(strip, id, Sense::CLICK | Sense::DRAG);
        let middle = f64::midpoint(sight.0, sight.1);
        response.widget_info(|| {
            WidgetInfo::slider(true, middle * 100.0, "Place in the diagram, percent")
        });
        let moved = response.clicked() || response.dragged();
        let at = response.interact_pointer_pos().filter(|_| moved)?;
        Some(f64::from((at.y - strip.top()) / strip.height().max(1.0)).clamp(0.0, 1.0))
    }

    fn made(&mut self, scene: &Arc<Scene>, height: u32) -> &Made {
        let fits = |made: &Made| Arc::ptr_eq(&made.scene, scene) && made.height == height;
        let made = self.0.take().filter(fits);
        self.0.insert(made.unwrap_or_else(|| Made::new(scene, height)))
    }
}

impl Made {
    fn new(scene: &Arc<Scene>, height: u32) -> Self {
        let lines = height.max(1);
        let mut taken = vec![0_usize; lines as usize];
        let mut dashes = Vec::new();
        for mark in scene.marks() {
            let Some((is_bead, style)) = kind(mark) else { continue };
            let bounds = mark.bounds;
            let middle = bounds.top.midpoint(bounds.bottom) / scene.height.max(1.0);
            let line = ((middle * lines as f32) as u32).min(lines - 1);
            let Some(count) = taken.get_mut(line as usize).filter(|count| **count < A_LINE) else {
                continue;
            };
            *count += 1;
            let share = |x: f32| x / scene.width.max(1.0);
            let (from, to) = (share(bounds.left), share(bounds.right));
            dashes.push(Dash { line, from, to, style, is_bead });
        }
        Self { scene: Arc::clone(scene), height, dashes }
    }

    fn paint(&self, painter: &Painter, strip: Rect, theme: &Theme) {
        for dash in &self.dashes {
            let y = strip.top() + dash.line as f32 + 0.5;
            let x = |share: f32| strip.left() + strip.width() * share;
            let colours = theme.colours(dash.style);
            if dash.is_bead {
                let rect = Rect::from_min_max(
                    pos2(x(dash.from), y - 1.0),
                    pos2(x(dash.to).max(x(dash.from) + 2.0), y + 1.0),
                );
                painter.rect_filled(rect, 0.0, color(colours.line));
            } else {
                let faint = color(colours.line).gamma_multiply(0.55);
                painter.hline(x(dash.from)..=x(dash.to), y, Stroke::new(1.0, faint));
            }
        }
    }
}

/// Whether a mark shows from afar: as a bead, or as an arrow.
fn kind(mark: &Mark) -> Option<(bool, Style)> {
    let About::Beat(_) = mark.about else { return None };
    match (&mark.shape, mark.layer) {
        (Shape::Plate { .. }, Layer::Front) => Some((true, mark.style)),
        (Shape::Line { from, to, .. }, Layer::Lines | Layer::Raised) if from.x != to.x => {
            Some((false, mark.style))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagram::geometry::at;
    use wirestage_dissectors::story::BeatId;

    /// Arrows at these heights of a picture 1000 high, from afar: on which of ten lines each
    /// stands.
    #[track_caller]
    fn check(heights: &[f32], expected: &[u32]) {
        let arrow = |y: &f32| {
            let shape =
                Shape::Line { from: at(10.0, *y), to: at(90.0, *y), width: 1.0, dashed: false };
            Mark::new(shape, 0.0, Style::Ink, About::Beat(BeatId(0)), Layer::Lines)
        };
        let rail =
            Shape::Line { from: at(5.0, 0.0), to: at(5.0, 999.0), width: 1.0, dashed: false };
        let rail = Mark::new(rail, 0.0, Style::Rail, About::Nothing, Layer::Rails);
        let marks = heights.iter().map(arrow).chain([rail]).collect();
        let scene = Arc::new(Scene::new(100.0, 1000.0, 0.0..0.0, marks, Vec::new()));
        let made = Made::new(&scene, 10);
        let lines: Vec<u32> = made.dashes.iter().map(|dash| dash.line).collect();
        assert_eq!(lines, expected);
        let within = |dash: &Dash| dash.from >= 0.0 && dash.from < dash.to && dash.to <= 1.0;
        assert!(made.dashes.iter().all(within));
    }

    #[test]
    fn every_arrow_stands_at_its_share_of_the_height() {
        check(&[], &[]);
        check(&[0.0, 550.0, 999.0], &[0, 5, 9]);
        // Beyond what a line can show, nothing more is put there.
        check(&[500.0; 40], &[5; A_LINE]);
    }
}
