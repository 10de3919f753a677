//! The heading of the packet list: each column sorts, and its edge can be dragged.

use egui::{Align2, Rect, Response, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::asks::Since;
use super::columns::MIN_COLUMN;
use super::list::{HEADING, cell_text};
use super::{Explore, Input, dragging};
use crate::document::SortBy;
use crate::gui::act::Act;
use crate::gui::theme::{Palette, medium};

/// Shows it.
pub(super) fn show(
    ui: &Ui,
    explore: &mut Explore,
    palette: &Palette,
    heading: Rect,
    acts: &mut Vec<Act>,
) {
    let painter = ui.painter_at(heading);
    painter.rect_filled(heading, 0.0, palette.band);
    let mut left = heading.left();
    for index in explore.packets.list.columns.shown(heading.width()) {
        let Some(column) = explore.packets.list.columns.all.get(index).cloned() else { continue };
        let cell = Rect::from_min_size(pos2(left, heading.top()), vec2(column.width, HEADING));
        let title = match column.by {
            SortBy::Time => explore.time_heading(),
            _ => column.title.to_owned(),
        };
        title_cell(ui, explore, palette, cell, (column.by, &title, column.align()), acts);
        let edge = Rect::from_center_size(cell.right_center(), vec2(8.0, HEADING));
        let id = ui.scope_id().with(("column", index));
        let drag =
            ui.interact(edge, id, Sense::DRAG).on_hover_cursor(egui::CursorIcon::ResizeColumn);
        if let Some(column) = explore.packets.list.columns.all.get_mut(index) {
            column.width = (column.width + drag.drag_delta().x).max(MIN_COLUMN);
            left += column.width;
        }
        let line = if drag.hovered() { palette.accent } else { palette.line };
        painter.vline(cell.right(), heading.y_range().shrink(5.0), (1.0, line));
    }
    let rest = Rect::from_min_max(pos2(left.min(heading.right()), heading.top()), heading.max);
    title_cell(ui, explore, palette, rest, (SortBy::Info, "Info", Align2::LEFT_CENTER), acts);
    painter.hline(heading.x_range(), heading.bottom(), (1.0, palette.line));
}

/// One title: a click sorts, and sorts the other way when it did.
fn title_cell(
    ui: &Ui,
    explore: &Explore,
    palette: &Palette,
    cell: Rect,
    (by, title, align): (SortBy, &str, Align2),
    acts: &mut Vec<Act>,
) {
    let sorting = &explore.packets.sorting;
    let is_chosen = sorting.by == by;
    let is_plain = by == SortBy::Number && !sorting.is_reversed;
    let (arrow, way) = match (is_chosen && !is_plain, sorting.is_reversed) {
        (false, _) => ("", ""),
        (true, false) => (" ↑", ", ascending"),
        (true, true) => (" ↓", ", descending"),
    };
    let id = ui.scope_id().with(("heading", by));
    let sense = Sense::CLICK | Sense::DRAG;
    let response = ui.interact(cell.shrink2(vec2(5.0, 1.0)), id, sense);
    let label = format!("Sort packets by {title}{way}");
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_chosen, &label));
    if response.hovered() {
        ui.painter().rect_filled(cell, 0.0, palette.tint(0.06));
    }
    if response.clicked() {
        acts.push(Act::Explore(Input::Sort(by, is_chosen && !sorting.is_reversed)));
    }
    dragging::from(&response, |_| dragging::of_heading(by));
    menu(&response, explore, by, acts);
    let tone = if is_chosen && !is_plain { palette.ink } else { palette.dim };
    cell_text(ui, cell, align, &format!("{title}{arrow}"), medium(11.5), tone);
}

/// What else can be done with a column.
fn menu(response: &Response, explore: &Explore, by: SortBy, acts: &mut Vec<Act>) {
    response.context_menu(|ui| {
        let mut choice = |ui: &mut Ui, text: &str, input: Input| {
            if ui.button(text).clicked() {
                acts.push(Act::Explore(input));
                ui.close();
            }
        };
        choice(ui, "Sort ascending", Input::Sort(by, false));
        choice(ui, "Sort descending", Input::Sort(by, true));
        choice(ui, "Order of the recording", Input::Sort(SortBy::Number, false));
        if let SortBy::Field(name) = by {
            ui.separator();
            choice(ui, "Remove this column", Input::Column(name));
        }
        if by == SortBy::Time {
            ui.separator();
            for since in Since::ALL {
                let mark = if since == explore.packets.list.since { "✓ " } else { "" };
                choice(ui, &format!("{mark}{}", since.name()), Input::Since(since));
            }
            if explore.packets.list.reference.is_some() {
                choice(ui, "Count from the first packet again", Input::Reference(None));
            }
        }
    });
}
