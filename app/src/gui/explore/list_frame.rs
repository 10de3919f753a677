//! What lists with headings share: their parts on screen, keys and wheel and bar that move them,
//! and the rows in sight.
//!
//! ```text
//!   above      a line of the list's own: what narrows it
//!   heading    what sorts it
//!   body       the rows in sight            | bar
//! ```

use egui::{Align2, Color32, Rect, Response, Ui, pos2, vec2};

use super::headings::{self, Head};
use super::list::{self, cell_text};
use super::panes;
use super::scroll::{Extent, Place};
use crate::gui::theme::{Palette, mono};

/// How high a heading is.
const HEADING: f32 = 24.0;
/// How wide the scroll bar is.
const BAR: f32 = 12.0;

/// The parts of a list.
pub(super) struct ListFrame {
    pub(super) above: Rect,
    pub(super) heading: Rect,
    body: Rect,
    bar: Rect,
    /// How high a row is.
    row: f32,
}

/// A list that was moved to where it stands now.
pub(super) struct Moved {
    extent: Extent,
    /// The row that keys have chosen.
    pub(super) chosen: Option<usize>,
}

impl ListFrame {
    /// Takes all room there is: so much for the line above, and rows of that height.
    pub(super) fn new(ui: &mut Ui, above: f32, row: f32) -> Self {
        let all = ui.available_rect_before_wrap();
        ui.advance_cursor_after_rect(all);
        let above = Rect::from_min_size(all.min, vec2(all.width(), above));
        let heading = Rect::from_min_size(above.left_bottom(), vec2(all.width() - BAR, HEADING));
        let body = Rect::from_min_max(heading.left_bottom(), all.max - vec2(BAR, 0.0));
        let bar = Rect::from_min_max(pos2(body.right(), heading.bottom()), all.max);
        Self { above, heading, body, bar, row }
    }

    /// Moves a list of so many rows by wheel, keys and bar. `here` is the chosen row: up, down,
    /// page, home and end choose another one.
    pub(super) fn scroll(
        &self,
        ui: &Ui,
        palette: &Palette,
        (what, count): (&str, usize),
        place: &mut Place,
        here: Option<usize>,
    ) -> Moved {
        let page = f64::from((self.body.height() / self.row).max(1.0));
        let extent = Extent { count: count as u64, page };
        let label = format!("{what}, {count} rows");
        let area = list::area(ui, (self.body, self.row), &label, place, extent);
        let mut chosen = None;
        if panes::keyboard(ui, &area) {
            for step in list::steps(ui, extent) {
                chosen = stepped(chosen.or(here), step, count);
            }
        }
        if let Some(row) = chosen {
            *place = place.showing(row as u64, extent);
        }
        *place = place.within(extent);
        if let Some(wanted) = list::bar(ui, palette, self.bar, extent, *place, &what.to_lowercase())
        {
            *place = wanted;
        }
        Moved { extent, chosen }
    }

    /// Shows the rows in sight, each with its room; `row` gets their numbers.
    pub(super) fn rows(
        &self,
        ui: &mut Ui,
        moved: &Moved,
        place: Place,
        mut row: impl FnMut(&mut Ui, usize, Rect),
    ) {
        let clip = ui.clip_rect();
        ui.set_clip_rect(clip.intersect(self.body));
        let top = self.body.top() - place.fraction as f32 * self.row;
        let size = vec2(self.body.width(), self.row);
        for (nth, number) in place.rows(moved.extent).enumerate() {
            let corner = pos2(self.body.left(), top + nth as f32 * self.row);
            if let Ok(number) = usize::try_from(number) {
                row(ui, number, Rect::from_min_size(corner, size));
            }
        }
        ui.set_clip_rect(clip);
    }
}

/// The row so many steps on from `here`, within the list. Where none is chosen, the first one
/// comes next.
fn stepped(here: Option<usize>, step: i64, count: usize) -> Option<usize> {
    let last = i64::try_from(count).unwrap_or(i64::MAX) - 1;
    let here = here.map_or(-1, |here| i64::try_from(here).unwrap_or(i64::MAX));
    // Nothing stands in an empty list.
    usize::try_from(here.saturating_add(step).clamp(0, last.max(0)).min(last)).ok()
}

/// The ground of a row that is chosen, or under the pointer.
pub(super) fn ground(ui: &Ui, palette: &Palette, row: &Response, is_chosen: bool) {
    let tone = match () {
        () if is_chosen => palette.chosen,
        () if row.hovered() => palette.tint(0.05),
        () => return,
    };
    ui.painter().rect_filled(row.rect, 0.0, tone);
}

/// Shows the cells of a row. `cell` says what stands in a column, and in which tone; or shows that
/// itself, and says nothing.
pub(super) fn cells<C: Copy, T: AsRef<str>, const N: usize>(
    ui: &Ui,
    rect: Rect,
    columns: &[Head<C>; N],
    mut cell: impl FnMut(C, Rect) -> Option<(T, Color32)>,
) {
    let mut left = rect.left();
    for ((column, _, _, is_number), width) in
        columns.iter().zip(headings::widths(columns, rect.width()))
    {
        let room = Rect::from_min_size(pos2(left, rect.top()), vec2(width, rect.height()));
        left += width;
        let Some((text, tone)) = cell(*column, room) else { continue };
        let (font, align) = if *is_number {
            (mono(11.5), Align2::RIGHT_CENTER)
        } else {
            (egui::FontId::proportional(12.5), Align2::LEFT_CENTER)
        };
        cell_text(ui, room, align, text.as_ref(), font, tone);
    }
}

#[cfg(test)]
mod tests {
    use super::stepped;

    #[test]
    fn steps_stay_within_the_list() {
        assert_eq!(stepped(None, 1, 3), Some(0));
        assert_eq!(stepped(Some(1), 1, 3), Some(2));
        assert_eq!(stepped(Some(2), 1, 3), Some(2));
        assert_eq!(stepped(Some(2), i64::MIN / 2, 3), Some(0));
        assert_eq!(stepped(None, i64::MAX / 2, 3), Some(2));
        assert_eq!(stepped(None, 1, 0), None);
    }
}
