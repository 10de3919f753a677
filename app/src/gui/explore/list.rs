//! The packet list: a virtual list of its own, exact to the last of ten million rows.

use egui::{
    Align2, Color32, Key, Modifiers, Rect, Response, Role, Sense, Ui, WidgetInfo, pos2, vec2,
};
use wirestage_dissectors::ids::FrameId;

use super::asks::Since;
use super::columns::Columns;
use super::scroll::{Extent, Place};
use super::{Copied, Explore, Input, list_heading, list_rows};
use crate::gui::act::Act;
use crate::gui::theme::Palette;

/// How high a row is, and the heading above them.
pub(super) const ROW: f32 = 21.0;
pub(super) const HEADING: f32 = 24.0;
/// How wide the scroll bar is.
const BAR: f32 = 12.0;
/// How short the handle of the scroll bar may get.
const MIN_HANDLE: f32 = 24.0;

/// Where the list stands, what its columns are, and what its times count from.
pub(super) struct List {
    pub(super) place: Place,
    pub(super) columns: Columns,
    pub(super) since: Since,
    /// The frame that times count from, where it is not the first one.
    pub(super) reference: Option<FrameId>,
    /// A row that is to be brought into sight.
    wanted: Option<FrameId>,
    /// Whether the list is to get the keyboard.
    focus: bool,
    /// How many rows it had when it was shown last.
    seen: u64,
}

impl List {
    /// A list of so many rows, at its beginning.
    pub(super) fn new(rows: u32) -> Self {
        Self {
            place: Place::default(),
            columns: Columns::new(rows),
            since: Since::default(),
            reference: None,
            wanted: None,
            focus: false,
            seen: 0,
        }
    }

    /// Brings a row into sight when the list is shown next.
    pub(super) fn reveal(&mut self, frame: FrameId) {
        self.wanted = Some(frame);
    }

    /// Gives the list the keyboard when it is shown next.
    pub(super) fn focus(&mut self) {
        self.focus = true;
    }
}

/// Shows the list.
pub(super) fn show(ui: &mut Ui, explore: &mut Explore, palette: &Palette, acts: &mut Vec<Act>) {
    let all = ui.available_rect_before_wrap();
    ui.advance_cursor_after_rect(all);
    let count = u64::from(explore.row_count());
    if count == 0 {
        let text = match (explore.frame_count(), explore.filtering.share()) {
            (0, _) if explore.source.grows => "Waiting for the first packet…",
            (0, _) => "This recording holds no frames. Run a scenario, or open another file.",
            (_, Some(_)) => "Looking for frames that pass the filter…",
            _ => "No frame passes the filter. Esc in the filter line clears it.",
        };
        super::panes::hint_at(ui, all, palette, text);
        return;
    }
    let heading = Rect::from_min_size(all.min, vec2(all.width() - BAR, HEADING));
    let body = Rect::from_min_max(heading.left_bottom(), all.max - vec2(BAR, 0.0));
    let bar = Rect::from_min_max(pos2(body.right(), heading.bottom()), all.max);
    let extent = Extent { count, page: f64::from((body.height() / ROW).max(1.0)) };

    let seen = Extent { count: std::mem::replace(&mut explore.packets.list.seen, count), ..extent };
    if explore.source.grows
        && seen.count < count
        && explore.packets.list.place == Place::at_share(1.0, seen)
    {
        // Whoever sees the last row goes on seeing it.
        explore.packets.list.place = Place::at_share(1.0, extent);
    }
    let label = format!("Packets, {count} rows");
    let list = area(ui, (body, ROW), &label, &mut explore.packets.list.place, extent);
    if std::mem::take(&mut explore.packets.list.focus) {
        list.request_focus();
    }
    if super::panes::keyboard(ui, &list) {
        keys(ui, explore, extent, acts);
    }
    if let Some(frame) = explore.packets.list.wanted.take() {
        // With what surrounds it, as far as there is room.
        let around = u64::from(extent.page >= 8.0) * 2;
        let row = u64::from(explore.row_of(frame));
        let place = explore.packets.list.place.showing(row.saturating_sub(around), extent);
        explore.packets.list.place = place.showing((row + around).min(count - 1), extent);
    }
    explore.packets.list.place = explore.packets.list.place.within(extent);

    scroll_bar(ui, explore, palette, bar, extent);
    list_heading::show(ui, explore, palette, heading, acts);
    list_rows::show(ui, explore, palette, (body, extent), acts);
}

/// Up, down, page, home and end move the selection.
fn keys(ui: &Ui, explore: &Explore, extent: Extent, acts: &mut Vec<Act>) {
    let here = explore.selection.frame.map_or(0, |frame| i64::from(explore.row_of(frame)));
    if super::row_menu::copies(ui) {
        acts.push(Act::Explore(Input::Copy(Copied::Row)));
    }
    for step in steps(ui, extent) {
        let last = i64::from(explore.row_count()) - 1;
        let row = here.saturating_add(step).clamp(0, last.max(0));
        let row = u32::try_from(row).ok();
        if let Some(frame) = row.and_then(|row| explore.frame_at(row)) {
            acts.push(Act::Explore(Input::Frame(frame)));
        }
    }
}

/// The area of a list, which the wheel moves and a click gives the keyboard.
pub(super) fn area(
    ui: &Ui,
    (body, row): (Rect, f32),
    label: &str,
    place: &mut Place,
    extent: Extent,
) -> Response {
    let list = ui.interact(body, ui.scope_id().with("list"), Sense::focusable_noninteractive());
    list.widget_info(|| WidgetInfo::labeled(Role::ListBox, true, label));
    if ui.rect_contains_pointer(body) {
        let (wheel, pressed) =
            ui.input(|input| (input.smooth_scroll_delta().y, input.pointer.primary_pressed()));
        *place = place.by(-f64::from(wheel / row), extent);
        if pressed {
            list.request_focus();
        }
    }
    list
}

/// How many rows the keys that were pressed go on, or back where negative.
pub(super) fn steps(ui: &Ui, extent: Extent) -> impl Iterator<Item = i64> {
    let page = extent.page.floor().max(1.0) as i64;
    let steps = [
        (Key::ArrowDown, 1),
        (Key::ArrowUp, -1),
        (Key::PageDown, page),
        (Key::PageUp, -page),
        (Key::Home, i64::MIN / 2),
        (Key::End, i64::MAX / 2),
    ];
    let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    steps.into_iter().filter(move |(key, _)| pressed(*key)).map(|(_, step)| step)
}

fn scroll_bar(ui: &Ui, explore: &mut Explore, palette: &Palette, rect: Rect, extent: Extent) {
    if let Some(place) = bar(ui, palette, rect, extent, explore.packets.list.place, "packets") {
        explore.packets.list.place = place;
    }
}

/// The scroll bar of a list; gives the place that it was dragged to.
pub(super) fn bar(
    ui: &Ui,
    palette: &Palette,
    bar: Rect,
    extent: Extent,
    place: Place,
    what: &str,
) -> Option<Place> {
    let track = bar.shrink2(vec2(2.0, 0.0));
    ui.painter().rect_filled(track, 4.0, palette.band);
    let (share, length) = place.handle(extent);
    if length >= 1.0 {
        return None;
    }
    let height = (track.height() * length as f32).max(MIN_HANDLE).min(track.height());
    let room = track.height() - height;
    let top = track.top() + room * share as f32;
    let handle = Rect::from_min_size(pos2(track.left(), top), vec2(track.width(), height));
    let drag = ui.interact(bar, ui.scope_id().with("bar"), Sense::DRAG | Sense::CLICK);
    let label = format!("Scroll {what}, percent");
    drag.widget_info(|| WidgetInfo::slider(true, share * 100.0, &label));
    let strength = if drag.hovered() || drag.dragged() { 0.5 } else { 0.3 };
    ui.painter().rect_filled(handle, 4.0, palette.tint(strength));
    let at = drag.interact_pointer_pos().filter(|_| room > 0.0)?;
    let wanted = if drag.dragged() {
        share + f64::from(drag.drag_delta().y / room)
    } else {
        f64::from((at.y - track.top() - height / 2.0) / room)
    };
    Some(Place::at_share(wanted, extent))
}

/// Text in a cell, cut off at its edge.
pub(super) fn cell_text(
    ui: &Ui,
    cell: Rect,
    align: Align2,
    text: &str,
    font: egui::FontId,
    color: Color32,
) {
    let inner = cell.shrink2(vec2(8.0, 0.0));
    let mut job = egui::text::LayoutJob::simple_singleline(text.to_owned(), font, color);
    job.wrap = egui::text::TextWrapping::truncate_at_width(inner.width().max(0.0));
    let galley = ui.painter().layout_job(job);
    let at = align.align_size_within_rect(galley.size(), inner).min;
    ui.painter().galley(at, galley, color);
}
