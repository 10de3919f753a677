//! The heading of a list with columns: each column sorts, and sorts the other way when asked again.

use egui::{Align2, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::list::cell_text;
use crate::gui::theme::{Palette, medium};

/// A column: what it is, what its heading says, how wide it is (or, below zero, which share it has
/// of what is left), and whether it holds numbers.
pub(super) type Head<C> = (C, &'static str, f32, bool);

/// How wide each column is.
pub(super) fn widths<C: Copy, const N: usize>(columns: &[Head<C>; N], room: f32) -> [f32; N] {
    let fixed: f32 = columns.iter().map(|(_, _, width, _)| width.max(0.0)).sum();
    let left = (room - fixed).max(240.0);
    columns.map(|(_, _, width, _)| if width > 0.0 { width } else { -width * left })
}

/// Shows it. `sort` begins what is read aloud; `sorted` is by which column, and whether reversed.
pub(super) fn show<C: Copy + PartialEq, const N: usize>(
    ui: &Ui,
    palette: &Palette,
    rect: Rect,
    (columns, sort): (&[Head<C>; N], &str),
    (sorted, is_reversed): (&mut C, &mut bool),
) {
    let painter = ui.painter_at(rect);
    painter.rect_filled(rect, 0.0, palette.band);
    let mut left = rect.left();
    for ((column, title, _, is_number), width) in columns.iter().zip(widths(columns, rect.width()))
    {
        let cell = Rect::from_min_size(pos2(left, rect.top()), vec2(width, rect.height()));
        left += width;
        let is_chosen = *sorted == *column;
        let (arrow, way) = match (is_chosen, *is_reversed) {
            (false, _) => ("", ""),
            (true, false) => (" ↑", ", ascending"),
            (true, true) => (" ↓", ", descending"),
        };
        let id = ui.scope_id().with(("heading", title));
        let response = ui.interact(cell.shrink(1.0), id, Sense::click());
        let label = format!("{sort} {title}{way}");
        response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_chosen, &label));
        if response.hovered() {
            painter.rect_filled(cell, 0.0, palette.tint(0.06));
        }
        if response.clicked() {
            *is_reversed = is_chosen && !*is_reversed;
            *sorted = *column;
        }
        let align = if *is_number { Align2::RIGHT_CENTER } else { Align2::LEFT_CENTER };
        let tone = if is_chosen { palette.ink } else { palette.dim };
        cell_text(ui, cell, align, &format!("{title}{arrow}"), medium(11.5), tone);
    }
    painter.hline(rect.x_range(), rect.bottom(), (1.0, palette.line));
}
