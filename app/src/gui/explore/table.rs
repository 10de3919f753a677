//! A table with headings that sort: rows in sight, one of them chosen.

use egui::{Color32, Role, Sense, Ui, WidgetInfo};

use super::headings::{self, Head};
use super::list_frame::{self, ListFrame};
use super::scroll::Place;
use crate::gui::theme::Palette;

/// How high a row is.
const ROW: f32 = 22.0;

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
    let frame = ListFrame::new(ui, 0.0, ROW);
    let sort = format!("Sort {what} by");
    let sorted = (&mut table.by, &mut table.is_reversed);
    headings::show(ui, palette, frame.heading, (columns, &sort), sorted);
    let count = table.order.len();
    let moved = frame.scroll(ui, palette, (what, count), &mut table.place, table.chosen);
    table.chosen = moved.chosen.or(table.chosen);
    let mut pressed = moved.chosen;
    frame.rows(ui, &moved, table.place, |ui, row, rect| {
        let Some(index) = table.order.get(row).copied() else { return };
        let response = ui.interact(rect, ui.scope_id().with((what, row as u64)), Sense::CLICK);
        let is_chosen = table.chosen == Some(row);
        let texts = columns.map(|(column, ..)| cell(index, column));
        response.widget_info(|| {
            let words: Vec<&str> = texts.iter().map(|(text, _)| text.trim()).collect();
            WidgetInfo::selected(Role::ListBoxOption, true, is_chosen, words.join(", "))
        });
        list_frame::ground(ui, palette, &response, is_chosen);
        let mut texts = texts.iter();
        let next = |_, _| texts.next().map(|(text, tone)| (text, *tone));
        list_frame::cells(ui, rect, columns, next);
        if response.clicked() {
            (table.chosen, pressed) = (Some(row), Some(row));
        }
    });
    pressed.and_then(|row| table.order.get(row).copied())
}
