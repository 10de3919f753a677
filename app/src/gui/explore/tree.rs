//! The details panel: the frame's fields as a tree that folds.

use std::collections::HashMap;

use egui::text::LayoutJob;
use egui::{Key, Modifiers, Role, ScrollArea, Sense, TextFormat, Ui, WidgetInfo, vec2};
use wirestage_dissectors::field::FieldId;
use wirestage_dissectors::sink::Severity;
use wirestage_dissectors::sinks::tree::Node;

use super::details::Details;
use super::{Copied, Explore, Input};
use crate::gui::act::Act;
use crate::gui::theme::{Palette, medium};
use crate::lessons;

/// How high a line is.
const LINE: f32 = 20.0;
/// How far a level is indented.
const INDENT: f32 = 14.0;
/// How wide the mark is of a field that has a lesson.
const MARK: f32 = 16.0;
/// Levels deeper than this begin folded.
const DEEP: u16 = 5;

/// Which lines are folded: by field and depth, so that it holds from one frame to the next.
#[derive(Default)]
pub(super) struct Folds {
    open: HashMap<(Option<FieldId>, u16), bool>,
    /// A line that is to be scrolled to.
    wanted: Option<usize>,
}

impl Folds {
    /// Whether what is below a line is shown.
    fn is_open(&self, details: &Details, line: usize) -> bool {
        let Some(node) = details.tree.nodes.get(line) else { return false };
        self.open.get(&(node.field, node.depth)).copied().unwrap_or_else(|| {
            // Headers repeat from frame to frame; what a frame is about is its messages, or its
            // innermost header where it completes none.
            let about = || match details.messages.iter().map(|(_, line)| *line).min() {
                Some(first) => line >= first || details.end_of(line) > first,
                None => details.end_of(line) == details.tree.nodes.len(),
            };
            if node.depth == 0 { about() } else { node.depth < DEEP }
        })
    }

    /// Folds or unfolds a line.
    pub(super) fn toggle(&mut self, details: &Details, line: usize) {
        let open = self.is_open(details, line);
        if let Some(node) = details.tree.nodes.get(line) {
            self.open.insert((node.field, node.depth), !open);
        }
    }

    /// Unfolds all that hides a line, and scrolls to it.
    pub(super) fn reveal(&mut self, details: &Details, line: usize) {
        self.wanted = Some(line);
        let mut depth = details.tree.nodes.get(line).map_or(0, |node| node.depth);
        let before = details.tree.nodes.get(..line).unwrap_or_default();
        for node in before.iter().rev() {
            if node.depth < depth {
                self.open.insert((node.field, node.depth), true);
                depth = node.depth;
            }
        }
    }

    /// The lines that are not hidden.
    fn shown(&self, details: &Details) -> Vec<usize> {
        let mut lines = Vec::new();
        let mut line = 0;
        while line < details.tree.nodes.len() {
            lines.push(line);
            let next = line + 1;
            let end = details.end_of(line);
            line = if end > next && !self.is_open(details, line) { end } else { next };
        }
        lines
    }
}

/// Shows the panel.
pub(super) fn show(ui: &mut Ui, explore: &mut Explore, palette: &Palette, acts: &mut Vec<Act>) {
    let Some(details) = explore.details.clone() else {
        super::panes::hint(ui, palette, "Choose a row, an arrow or a bead to see its fields.");
        return;
    };
    let shown = explore.folds.shown(&details);
    let selected = explore.selection.line;
    keys(ui, explore, &details, &shown, acts);
    let mut area = ScrollArea::vertical().auto_shrink(false);
    if let Some(wanted) = explore.folds.wanted.take()
        && let Some(at) = shown.iter().position(|line| *line == wanted)
    {
        let target = at as f32 * LINE - ui.available_height() * 0.4;
        area = area.vertical_scroll_offset(target.max(0.0));
    }
    ui.spacing_mut().item_spacing.y = 0.0;
    area.show_rows(ui, LINE, shown.len(), |ui, range| {
        for line in shown.get(range).unwrap_or_default() {
            let Some(node) = details.tree.nodes.get(*line) else { continue };
            let fold =
                (details.end_of(*line) > line + 1).then(|| explore.folds.is_open(&details, *line));
            let chosen = selected == Some(*line);
            let (pressed, response) = row(ui, palette, node, *line, fold, chosen);
            super::dragging::from(&response, |_| super::dragging::of_line(&details, *line));
            super::row_menu::of_line(&response, explore, *line, acts);
            match pressed {
                Some(Press::Line) => acts.push(Act::Explore(Input::Line(*line))),
                Some(Press::Fold) => acts.push(Act::Explore(Input::Fold(*line))),
                None => {}
            }
        }
    });
}

/// What was pressed of a line.
enum Press {
    Line,
    Fold,
}

fn row(
    ui: &mut Ui,
    palette: &Palette,
    node: &Node,
    line: usize,
    fold: Option<bool>,
    chosen: bool,
) -> (Option<Press>, egui::Response) {
    let left = 6.0 + f32::from(node.depth) * INDENT + 14.0;
    let width = ui.available_width();
    let lesson = node.field.and_then(|field| lessons::about(field.def().name));
    let mark = if lesson.is_some() { MARK } else { 0.0 };
    let mut job = text(node, palette);
    job.wrap = egui::text::TextWrapping::truncate_at_width((width - left - mark - 12.0).max(0.0));
    let galley = ui.painter().layout_job(job);
    let (rect, _) = ui.allocate_exact_size(vec2(width, LINE), Sense::hover());
    let id = ui.scope_id().with(("line", line));
    let response = ui.interact(rect, id, Sense::CLICK | Sense::DRAG);
    response.widget_info(|| WidgetInfo::selected(Role::TreeItem, true, chosen, &node.text));
    let response =
        if galley.elided { response.on_hover_text(node.text.as_str()) } else { response };
    let response = match lesson {
        Some(lesson) => response.on_hover_text(format!("Choose it to read: {}", lesson.title)),
        None => response,
    };
    if chosen {
        ui.painter().rect_filled(rect, 3.0, palette.chosen);
    } else if response.hovered() {
        ui.painter().rect_filled(rect, 3.0, palette.tint(0.05));
    }
    let text_at = egui::pos2(rect.left() + left, rect.center().y - galley.size().y / 2.0);
    ui.painter().galley(text_at, galley, palette.ink);
    if lesson.is_some() {
        let at = egui::pos2(rect.right() - MARK / 2.0 - 4.0, rect.center().y);
        ui.painter().circle_stroke(at, 6.0, egui::Stroke::new(1.0, palette.faint));
        let font = egui::FontId::proportional(9.5);
        ui.painter().text(at, egui::Align2::CENTER_CENTER, "?", font, palette.dim);
    }
    let handle = egui::Rect::from_center_size(
        egui::pos2(rect.left() + left - 9.0, rect.center().y),
        vec2(16.0, LINE),
    );
    if let Some(open) = fold {
        triangle(ui, handle.center(), open, palette);
    }
    let on_handle = || response.interact_pointer_pos().is_some_and(|at| handle.contains(at));
    let pressed = match (response.clicked(), response.double_clicked(), fold) {
        (_, true, Some(_)) => Some(Press::Fold),
        (true, _, Some(_)) if on_handle() => Some(Press::Fold),
        (true, ..) => Some(Press::Line),
        _ => None,
    };
    (pressed, response)
}

/// The title dim, the value in ink; headings in the medium face; notes in the colour of their
/// severity.
fn text(node: &Node, palette: &Palette) -> LayoutJob {
    let body = egui::FontId::proportional(12.5);
    let one = |text: &str, font, color| {
        let format = TextFormat { font_id: font, color, ..TextFormat::default() };
        LayoutJob::single_section(text.to_owned(), format)
    };
    if let Some(severity) = node.severity {
        let color = match severity {
            Severity::Hint => palette.dim,
            Severity::Missing => palette.warning,
            Severity::Broken => palette.failure,
        };
        return one(&node.text, body, color);
    }
    match node.text.split_once(": ") {
        Some((title, value)) if node.depth > 0 => {
            let mut job = one(&format!("{title}  "), body.clone(), palette.dim);
            let format = TextFormat { font_id: body, color: palette.ink, ..TextFormat::default() };
            job.append(value, 0.0, format);
            job
        }
        _ => one(&node.text, medium(12.5), palette.ink),
    }
}

fn triangle(ui: &Ui, at: egui::Pos2, open: bool, palette: &Palette) {
    let points = if open {
        [(-4.0, -2.0), (4.0, -2.0), (0.0, 3.0)]
    } else {
        [(-2.0, -4.0), (3.0, 0.0), (-2.0, 4.0)]
    };
    let points = points.map(|(x, y)| at + vec2(x, y)).to_vec();
    let stroke = egui::Stroke::NONE;
    ui.painter().add(egui::Shape::convex_polygon(points, palette.dim, stroke));
}

/// Up and down go from line to line, left and right fold and unfold, while the panel has the
/// keyboard.
fn keys(
    ui: &mut Ui,
    explore: &mut Explore,
    details: &Details,
    shown: &[usize],
    acts: &mut Vec<Act>,
) {
    let rect = ui.available_rect_before_wrap();
    let id = ui.scope_id().with("keys");
    let panel = ui.interact(rect, id, Sense::focusable_noninteractive());
    panel.widget_info(|| WidgetInfo::labeled(Role::Tree, true, "Details"));
    let clicked = ui.input(|input| input.pointer.primary_pressed());
    if clicked && ui.rect_contains_pointer(rect) {
        panel.request_focus();
    }
    if !super::panes::keyboard(ui, &panel) {
        return;
    }
    if super::row_menu::copies(ui) {
        acts.push(Act::Explore(Input::Copy(Copied::Field)));
    }
    let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    let at = explore.selection.line.and_then(|line| shown.iter().position(|one| *one == line));
    let wanted = if pressed(Key::ArrowDown) {
        Some(at.map_or(0, |at| at + 1))
    } else if pressed(Key::ArrowUp) {
        Some(at.map_or(0, |at| at.saturating_sub(1)))
    } else {
        None
    };
    if let Some(line) = wanted.and_then(|at| shown.get(at.min(shown.len().saturating_sub(1)))) {
        explore.folds.wanted = Some(*line);
        acts.push(Act::Explore(Input::Line(*line)));
    }
    let (left, right) = (pressed(Key::ArrowLeft), pressed(Key::ArrowRight));
    if let Some(line) = explore.selection.line
        && (left || right)
        && explore.folds.is_open(details, line) != right
    {
        acts.push(Act::Explore(Input::Fold(line)));
    }
}
