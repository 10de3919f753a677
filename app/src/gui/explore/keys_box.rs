//! A secret of the key schedule in its box: its name, of what it is made, and whether it is known.
//! The last two stand beside each other, or below where the box is too narrow for that.

use std::sync::Arc;

use egui::text::LayoutJob;
use egui::{Align2, Galley, Rect, Role, Sense, Shape, Stroke, Ui, Vec2, WidgetInfo, vec2};
use wirestage_dissectors::message::Protection;
use wirestage_dissectors::protocols::tls::schedule::{ScheduledSecret, Standing};

use super::keys_plan::{BOX, Placed};
use super::keys_words;
use super::list::cell_text;
use crate::diagram::color;
use crate::diagram::style::Style;
use crate::gui::theme::{Palette, medium, mono};

/// What stays free at the sides, and between words that stand beside each other.
const SIDE: f32 = 8.0;
const BETWEEN: f32 = 12.0;
/// How high the name is, and a line below it.
const NAME: f32 = 23.0;
const LINE: f32 = 15.0;

/// How wide the name of a secret is with its box.
pub(super) fn name(ui: &Ui, stage: &ScheduledSecret) -> f32 {
    galley(ui, &stage.name, medium(12.5), f32::INFINITY).size().x + 2.0 * SIDE + 2.0
}

/// How high its box is in so much width.
pub(super) fn height(ui: &Ui, stage: &ScheduledSecret, wide: f32) -> f32 {
    let said = Said::of(ui, stage, wide);
    if said.is_beside {
        return BOX;
    }
    let lines = said.made.rows.len() + usize::from(said.standing.is_some());
    NAME + LINE * lines as f32 + 5.0
}

fn galley(ui: &Ui, text: &str, font: egui::FontId, wide: f32) -> Arc<Galley> {
    let job = LayoutJob::simple(text.to_owned(), font, egui::Color32::PLACEHOLDER, wide);
    ui.painter().layout_job(job)
}

/// What stands below the name.
struct Said {
    made: Arc<Galley>,
    standing: Option<Arc<Galley>>,
    is_beside: bool,
}

impl Said {
    fn of(ui: &Ui, stage: &ScheduledSecret, wide: f32) -> Self {
        let room = wide - 2.0 * SIDE;
        let plain = || egui::FontId::proportional(11.5);
        let (words, font) = match stage.words() {
            Some(words) => (format!("\"{words}\""), mono(11.0)),
            None => (stage.made_of.clone(), plain()),
        };
        let made = galley(ui, &words, font, room);
        let is_told = !stage.is_inside() || stage.label.is_some();
        let standing = is_told.then(|| galley(ui, keys_words::standing(stage), plain(), room));
        let beside = standing.as_ref().map_or(0.0, |one| one.size().x + BETWEEN);
        let is_beside = made.rows.len() == 1 && made.size().x + beside <= room;
        Self { made, standing, is_beside }
    }
}

/// The words in a box.
fn words(ui: &Ui, rect: Rect, stage: &ScheduledSecret, palette: &Palette) {
    let tone = if stage.standing == Standing::NotMade { palette.dim } else { palette.ink };
    let (name, _) = rect.split_top_bottom_at_y(rect.top() + NAME);
    cell_text(ui, name, Align2::LEFT_CENTER, &stage.name, medium(12.5), tone);
    let said = Said::of(ui, stage, rect.width());
    let (left, top) = (rect.left() + SIDE, rect.top() + NAME - 2.0);
    let painter = ui.painter();
    let below = top + LINE * said.made.rows.len() as f32;
    painter.galley(egui::pos2(left, top), said.made, palette.dim);
    let Some(standing) = said.standing else { return };
    let tone = if stage.is_lacking() { palette.failure } else { palette.dim };
    let at = match said.is_beside {
        true => egui::pos2(rect.right() - SIDE - standing.size().x, top),
        false => egui::pos2(left, below),
    };
    painter.galley(at, standing, tone);
}

/// The colours of a box, as those of the beads that it opens: fill and line.
fn colours(stage: &ScheduledSecret, palette: &Palette) -> (egui::Color32, egui::Color32) {
    let of = |style: Style| {
        let colours = palette.theme.colours(style);
        (color(colours.fill), color(colours.line))
    };
    match (stage.standing, stage.seals) {
        (Standing::Missing | Standing::Underivable, _) => (palette.paper, palette.failure),
        (Standing::NotMade, _) => (palette.paper, palette.faint),
        (_, Some(Protection::Early)) => of(Style::Early),
        (_, Some(Protection::Handshake)) => of(Style::Handshake),
        (_, Some(_)) => of(Style::Application),
        (_, None) => (palette.paper, palette.dim),
    }
}

/// A secret in its box, and beside it what it opens. Says whether it was chosen.
pub(super) fn show(
    ui: &Ui,
    (place, by): (&Placed, Vec2),
    (stage, label): (&ScheduledSecret, &str),
    is_chosen: bool,
    palette: &Palette,
) -> bool {
    let rect = place.rect.translate(by);
    let response = ui.interact(rect, ui.scope_id().with(("secret", place.stage)), Sense::CLICK);
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, is_chosen, label));
    let (fill, line) = colours(stage, palette);
    let painter = ui.painter();
    painter.rect_filled(rect, 6.0, fill);
    if stage.standing == Standing::NotMade || stage.is_lacking() {
        let corners = [
            rect.left_top(),
            rect.right_top(),
            rect.right_bottom(),
            rect.left_bottom(),
            rect.left_top(),
        ];
        painter.extend(Shape::dashed_line(&corners, Stroke::new(1.2, line), 5.0, 3.0));
    } else {
        painter.rect_stroke(rect, 6.0, Stroke::new(1.2, line), egui::StrokeKind::Inside);
    }
    if is_chosen || response.hovered() {
        let ring = Stroke::new(if is_chosen { 2.0 } else { 1.0 }, palette.accent);
        painter.rect_stroke(rect.expand(2.0), 7.0, ring, egui::StrokeKind::Outside);
    }
    words(ui, rect, stage, palette);
    if let Some(opened) = place.opened {
        let font = egui::FontId::proportional(12.0);
        let text = keys_words::opened(stage);
        let galley = ui.painter().layout(text, font, palette.ink, opened.width());
        let at = opened.translate(by).left_center() - vec2(0.0, galley.size().y / 2.0);
        ui.painter().galley(at, galley, palette.ink);
    }
    response.clicked()
}
