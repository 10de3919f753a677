//! The picture of a comparison in a window: painted as it is written to a file, with a node for
//! each ladder.

use std::sync::Arc;

use egui::{Role, ScrollArea, Sense, Ui, WidgetInfo, vec2};

use super::input::Input;
use crate::diagram::compare::{By, NARROWEST, Picture, compare};
use crate::diagram::style::Style;
use crate::diagram::{FontMeasure, Paint, Placement, Raised, color};
use crate::gui::act::Act;
use crate::gui::focus;
use crate::gui::theme::Palette;
use crate::gui::work::compare::Gathered;

/// How wide the picture is laid out at most.
const WIDEST: f32 = 2200.0;

/// A picture, and what it was made of.
pub(super) struct Drawn {
    of: Arc<Gathered>,
    width: f32,
    picture: Picture,
}

/// Shows the picture in all the room there is.
pub(super) fn show(
    ui: &mut Ui,
    drawn: &mut Option<Drawn>,
    gathered: &Arc<Gathered>,
    palette: &Palette,
    acts: &mut Vec<Act>,
) {
    // Not under the scroll bar.
    let width = (ui.available_width() - 20.0).clamp(NARROWEST, WIDEST).floor();
    let is_drawn = drawn
        .as_ref()
        .is_some_and(|one| Arc::ptr_eq(&one.of, gathered) && (one.width - width).abs() < 0.5);
    if !is_drawn {
        let picture = compare(&gathered.comparison, (width, By::Time), &FontMeasure::default());
        *drawn = Some(Drawn { of: Arc::clone(gathered), width, picture });
    }
    let Some(drawn) = drawn else { return };
    let is_narrow = width > ui.available_width() - 16.0;
    let area = ScrollArea::new([is_narrow, true]).id_salt("comparison").auto_shrink(false);
    area.show(ui, |ui| paint(ui, drawn, palette, acts));
}

fn paint(ui: &mut Ui, drawn: &Drawn, palette: &Palette, acts: &mut Vec<Act>) {
    let scene = &drawn.picture.scene;
    let (view, canvas) = ui.allocate_exact_size(vec2(scene.width, scene.height), Sense::hover());
    let title = format!("Comparison: {}", drawn.of.comparison.title);
    canvas.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, &title));
    let place = Placement { left: 0.0, top: 0.0, zoom: 1.0, corner: view.left_top() };
    let mut pointed = None;
    let mut list = focus::List::new(ui, "ways");
    for (at, way) in drawn.picture.ways.iter().enumerate() {
        let rect = place.rect(way.bounds);
        let id = ui.scope_id().with(("way", at));
        let node = ui.interact(rect, id, list.sense(ui, id));
        list.entry(&node, false);
        if !ui.is_rect_visible(rect) {
            continue;
        }
        node.widget_info(|| WidgetInfo::labeled(Role::Button, true, &way.spoken));
        if node.hovered() || node.has_focus() {
            pointed = Some(way.bounds);
        }
        if node.hovered() {
            ui.ctx().set_cursor_icon(egui::CursorIcon::PointingHand);
        }
        if node.clicked() {
            acts.push(Act::Compare(Input::Open(at)));
        }
    }
    list.walk(ui);
    let painter = ui.painter_at(ui.clip_rect());
    let paint = Paint { painter: &painter, theme: &palette.theme, place };
    paint.scene(scene, |_| Raised::No, |_| ());
    if let Some(bounds) = pointed {
        let line = egui::Stroke::new(1.5, color(palette.theme.colours(Style::Focus).line));
        let rect = place.rect(bounds.grown(4.0));
        painter.rect_stroke(rect, 6.0, line, egui::StrokeKind::Inside);
    }
}
