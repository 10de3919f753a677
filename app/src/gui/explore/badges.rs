//! The badge of a connection in a list: the letter, shape and colour that the diagram gives it; its
//! number where no diagram has named it.

use std::f32::consts::TAU;

use egui::{Align2, Rect, Shape, Stroke, StrokeKind, Ui, pos2, vec2};
use wirestage_dissectors::story::TrackId;

use super::list::cell_text;
use crate::diagram::color;
use crate::diagram::style::Style;
use crate::gui::theme::{Palette, medium, mono};

/// As high as a badge is, and how thick its line.
const SIDE: f32 = 17.0;
const LINE: f32 = 1.4;
/// Corners of the shapes, in the order of the diagram's badges: a disc, a plate, a diamond, a
/// hexagon, a triangle, an octagon.
const CORNERS: [u16; 6] = [0, 1, 4, 6, 3, 8];

/// Shows it at the left of a cell.
pub(super) fn show(ui: &Ui, palette: &Palette, room: Rect, badge: Option<TrackId>, number: usize) {
    let Some(track) = badge else {
        let text = number.to_string();
        cell_text(ui, room, Align2::LEFT_CENTER, &text, mono(11.5), palette.dim);
        return;
    };
    let (letters, colours) = (track.letter(), palette.theme.colours(Style::of_track(track)));
    let (fill, stroke) = (color(colours.fill), Stroke::new(LINE, color(colours.line)));
    let centre = pos2(room.left() + 19.0, room.center().y);
    let painter = ui.painter_at(room);
    let corners = CORNERS.get(usize::from(track.0) % CORNERS.len()).copied().unwrap_or(0);
    let plate = |width: f32| Rect::from_center_size(centre, vec2(width, SIDE - 1.0));
    match (letters.len(), corners) {
        (2.., _) => {
            painter.rect(plate(SIDE + 9.0), 3.0, fill, stroke, StrokeKind::Inside);
        }
        (_, 0) => {
            painter.circle(centre, SIDE / 2.0, fill, stroke);
        }
        (_, 1) => {
            painter.rect(plate(SIDE), 3.0, fill, stroke, StrokeKind::Inside);
        }
        (_, corners) => {
            let down = if corners == 3 { 1.5 } else { 0.0 };
            let point = |nth: u16| {
                let turn = TAU * (f32::from(nth) / f32::from(corners) - 0.25);
                // A corner stands above; shapes of six and eight lie on a side.
                let turn = if corners > 4 { turn + TAU / f32::from(corners) / 2.0 } else { turn };
                centre + vec2(turn.cos(), turn.sin()) * (SIDE / 2.0 + 1.5) + vec2(0.0, down)
            };
            painter.add(Shape::convex_polygon((0..corners).map(point).collect(), fill, stroke));
        }
    }
    let (font, ink) = (medium(10.5), color(colours.text));
    // A triangle is wide where its letter stands, a little below its middle.
    let below = if letters.len() == 1 && corners == 3 { vec2(0.0, 2.5) } else { vec2(0.0, 0.0) };
    painter.text(centre + below, Align2::CENTER_CENTER, letters, font, ink);
}
