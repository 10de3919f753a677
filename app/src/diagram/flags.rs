//! Flags on a picture: what somebody remarked on a step, above the marks of the scene.

use std::collections::BTreeMap;
use std::sync::Arc;

use egui::{Rect, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2};
use wirestage_dissectors::story::{BeatId, Story};

use super::around::showing;
use super::paint::{Placement, color};
use super::scene::Scene;
use super::style::Style;
use super::theme::Theme;

/// How large a flag is.
const SIZE: egui::Vec2 = vec2(13.0, 13.0);
/// How large its folded corner is.
const CORNER: f32 = 4.0;

/// Puts them up, each where its step is drawn; what is remarked on stands in words beside the
/// pointer.
pub(super) fn show(
    ui: &Ui,
    (scene, story): (&Scene, &Arc<Story>),
    flags: &[(BeatId, String)],
    (place, view): (Placement, Rect),
    theme: &Theme,
) {
    // Several may be on one arrow.
    let mut drawn: BTreeMap<BeatId, Vec<&str>> = BTreeMap::new();
    for (beat, text) in flags {
        if let Some(shown) = showing(scene, story, *beat) {
            drawn.entry(shown).or_default().push(text);
        }
    }
    // The cards of the actors stay in sight, and nothing above them.
    let top = view.top() + (scene.cast.end - scene.cast.start) * place.zoom as f32;
    let colours = theme.colours(Style::Handshake);
    let (fill, line) = (color(colours.fill), color(colours.line));
    for (beat, texts) in drawn {
        let Some(step) = scene.beat(beat) else { continue };
        let rect = Rect::from_center_size(place.rect(step.bounds).right_top(), SIZE);
        if !view.contains_rect(rect) || rect.top() < top {
            continue;
        }
        let fold = rect.right_top() + vec2(-CORNER, CORNER);
        let outline = vec![
            rect.left_top(),
            pos2(fold.x, rect.top()),
            pos2(rect.right(), fold.y),
            rect.right_bottom(),
            rect.left_bottom(),
        ];
        let painter = ui.painter_at(view);
        painter.add(Shape::convex_polygon(outline, fill, Stroke::new(1.2, line)));
        for down in [6.0, 9.0] {
            let (left, right) = (rect.left() + 3.0, rect.right() - 3.0);
            painter.hline(left..=right, rect.top() + down, Stroke::new(1.0, line));
        }
        let said = texts.join("\n");
        let flag = ui.interact(rect, ui.scope_id().with(("flag", beat.0)), Sense::hover());
        let label = format!("Remark on step {}: {said}", step.number);
        flag.widget_info(|| WidgetInfo::labeled(Role::Label, true, &label));
        flag.on_hover_text(said);
    }
}
