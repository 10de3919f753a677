//! A table with headings that sort: rows in sight, one of them chosen.

use egui::{Align2, Color32, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::headings::{self, Head};
use super::list::{self, cell_text};
use super::panes;
use super::scroll::{Extent, Place};
use crate::gui::theme::{Palette, mono};

/// How high the heading and a row are, and how wide the scroll bar is.
const HEADING: f32 = 24.0;
const ROW: f32 = 22.0;
const BAR: f32 = 12.0;

/// How a table stands.
pub(super) struct Table<C> {
    /// What it is sorted by, and whether the other way.
    pub(super) by: C,
    pub(super) is_reversed: bool,
    place: Place,
    chosen: Option<usize>,
    /// The rows in their order.
    pub(super) order: Vec<usize>,
    /// For what that was made.
    made: Option<(C, bool, usize)>,
}

impl<C: Copy + PartialEq> Table<C> {
    pub(super) fn new(by: C) -> Self {
        Self {
            by,
            is_reversed: false,
            place: Place::default(),
            chosen: None,
            order: Vec::new(),
            made: None,
        }
    }

    /// Sorts so many rows anew where that is needed. `mark` tells one set of rows from another.
    pub(super) fn sort<K: Ord>(&mut self, count: usize, mark: usize, key: impl Fn(usize) -> K) {
        let wanted = (self.by, self.is_reversed, mark);
        if self.made == Some(wanted) && self.order.len() == count {
            return;
        }
        self.order = (0..count).collect();
        self.order.sort_by_cached_key(|row| key(*row));
        if self.is_reversed {
            self.order.reverse();
        }
        self.made = Some(wanted);
    }
}

/// Shows it. `cell` says what stands in a column of a row; gives the row that was chosen.
pub(super) fn show<C: Copy + PartialEq, const N: usize>(
    ui: &mut Ui,
    palette: &Palette,
    table: &mut Table<C>,
    (columns, what): (&[Head<C>; N], &str),
    cell: impl Fn(usize, C) -> (String, Color32),
) -> Option<usize> {
    let all = ui.available_rect_before_wrap();
    ui.advance_cursor_after_rect(all);
    let heading = Rect::from_min_size(all.min, vec2(all.width() - BAR, HEADING));
    let body = Rect::from_min_max(heading.left_bottom(), all.max - vec2(BAR, 0.0));
    let bar = Rect::from_min_max(pos2(body.right(), heading.bottom()), all.max);
    let sort = format!("Sort {what} by");
    headings::show(ui, palette, heading, (columns, &sort), (&mut table.by, &mut table.is_reversed));
    let count = table.order.len();
    let extent = Extent { count: count as u64, page: f64::from((body.height() / ROW).max(1.0)) };
    let label = format!("{what}, {count} rows");
    let area = list::area(ui, (body, ROW), &label, &mut table.place, extent);
    let mut pressed = None;
    if panes::keyboard(ui, &area) {
        for step in list::steps(ui, extent) {
            let here = table.chosen.map_or(-1, |row| row as i64);
            let row = here.saturating_add(step).clamp(0, count as i64 - 1);
            if let Ok(row) = usize::try_from(row) {
                table.place = table.place.showing(row as u64, extent);
                (table.chosen, pressed) = (Some(row), table.order.get(row).copied());
            }
        }
    }
    table.place = table.place.within(extent);
    if let Some(place) = list::bar(ui, palette, bar, extent, table.place, what) {
        table.place = place;
    }
    let clip = ui.clip_rect();
    ui.set_clip_rect(clip.intersect(body));
    let top = body.top() - table.place.fraction as f32 * ROW;
    let widths = headings::widths(columns, body.width());
    for (nth, row) in table.place.rows(extent).enumerate() {
        let Some(index) = table.order.get(row as usize).copied() else { continue };
        let at = pos2(body.left(), top + nth as f32 * ROW);
        let rect = Rect::from_min_size(at, vec2(body.width(), ROW));
        let response = ui.interact(rect, ui.scope_id().with((what, row)), Sense::CLICK);
        let is_chosen = table.chosen == Some(row as usize);
        let cells = columns.map(|(column, _, _, is_number)| (cell(index, column), is_number));
        response.widget_info(|| {
            let words: Vec<&str> = cells.iter().map(|((text, _), _)| text.trim()).collect();
            WidgetInfo::selected(Role::ListBoxOption, true, is_chosen, words.join(", "))
        });
        if is_chosen {
            ui.painter().rect_filled(rect, 0.0, palette.chosen);
        } else if response.hovered() {
            ui.painter().rect_filled(rect, 0.0, palette.tint(0.05));
        }
        let mut left = rect.left();
        for (((text, tone), is_number), width) in cells.into_iter().zip(widths) {
            let place = Rect::from_min_size(pos2(left, rect.top()), vec2(width, ROW));
            let align = if is_number { Align2::RIGHT_CENTER } else { Align2::LEFT_CENTER };
            let body = egui::FontId::proportional(12.5);
            cell_text(ui, place, align, &text, if is_number { mono(11.5) } else { body }, tone);
            left += width;
        }
        if response.clicked() {
            (table.chosen, pressed) = (Some(row as usize), Some(index));
        }
    }
    ui.set_clip_rect(clip);
    panes::ring(ui, &area);
    pressed
}
