//! The packet list: a virtual list of its own, exact to the last of ten million rows.

use egui::{
    Align2, Color32, Key, Modifiers, Rect, Response, Role, Sense, Ui, WidgetInfo, pos2, vec2,
};
use wirestage_dissectors::frames::Frames;
use wirestage_dissectors::ids::FrameId;

use super::scroll::{Extent, Place};
use super::{Explore, Input};
use crate::gui::act::Act;
use crate::gui::theme::{Palette, medium, mono};

/// How high a row is, and the heading above them.
const ROW: f32 = 21.0;
const HEADING: f32 = 24.0;
/// How wide the scroll bar is.
const BAR: f32 = 12.0;
/// How short the handle of the scroll bar may get.
const MIN_HANDLE: f32 = 24.0;
/// How wide a digit of the first column is, about.
const DIGIT: f32 = 7.0;
/// How narrow a column may get.
const MIN_COLUMN: f32 = 36.0;

/// The columns before the last, which takes the room that is left.
const COLUMNS: [(&str, f32, Align2); 6] = [
    ("No.", 64.0, Align2::RIGHT_CENTER),
    ("Time", 92.0, Align2::RIGHT_CENTER),
    ("Source", 128.0, Align2::LEFT_CENTER),
    ("Destination", 128.0, Align2::LEFT_CENTER),
    ("Protocol", 84.0, Align2::LEFT_CENTER),
    ("Length", 64.0, Align2::RIGHT_CENTER),
];

/// Where the list stands, and how wide its columns are.
pub(super) struct List {
    place: Place,
    widths: [f32; COLUMNS.len()],
    /// A row that is to be brought into sight.
    wanted: Option<FrameId>,
}

impl List {
    /// A list of so many rows, at its beginning.
    pub(super) fn new(rows: u32) -> Self {
        let mut widths = COLUMNS.map(|(_, width, _)| width);
        // The longest number fits.
        let [number, ..] = &mut widths;
        let digits = rows.max(1).ilog10() + 1;
        *number = number.max(digits as f32 * DIGIT + 20.0);
        Self { place: Place::default(), widths, wanted: None }
    }

    /// Brings a row into sight when the list is shown next.
    pub(super) fn reveal(&mut self, frame: FrameId) {
        self.wanted = Some(frame);
    }
}

/// Shows the list.
pub(super) fn show(ui: &mut Ui, explore: &mut Explore, palette: &Palette, acts: &mut Vec<Act>) {
    let all = ui.available_rect_before_wrap();
    ui.advance_cursor_after_rect(all);
    let count = u64::from(explore.filtering.count(explore.frame_count()));
    if count == 0 {
        let text = match (explore.frame_count(), explore.filtering.share()) {
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

    let label = format!("Packets, {count} rows");
    let list = area(ui, (body, ROW), &label, &mut explore.list.place, extent);
    if super::panes::keyboard(ui, &list) {
        keys(ui, explore, extent, acts);
    }
    if let Some(frame) = explore.list.wanted.take() {
        // With what surrounds it, as far as there is room.
        let around = u64::from(extent.page >= 8.0) * 2;
        let row = u64::from(explore.filtering.row(frame));
        let place = explore.list.place.showing(row.saturating_sub(around), extent);
        explore.list.place = place.showing((row + around).min(count - 1), extent);
    }
    explore.list.place = explore.list.place.within(extent);

    scroll_bar(ui, explore, palette, bar, extent);
    columns(ui, explore, palette, heading);
    rows(ui, explore, palette, body, extent, acts);
    super::panes::ring(ui, &list);
}

/// Up, down, page, home and end move the selection.
fn keys(ui: &Ui, explore: &Explore, extent: Extent, acts: &mut Vec<Act>) {
    let filtering = &explore.filtering;
    let here = explore.selection.frame.map_or(0, |frame| i64::from(filtering.row(frame)));
    for step in steps(ui, extent) {
        let last = i64::from(filtering.count(explore.frame_count())) - 1;
        let row = here.saturating_add(step).clamp(0, last.max(0));
        if let Some(frame) = filtering.frame(row as u32) {
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
    if let Some(place) = bar(ui, palette, rect, extent, explore.list.place, "packets") {
        explore.list.place = place;
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

/// The heading, whose lines can be dragged.
fn columns(ui: &Ui, explore: &mut Explore, palette: &Palette, heading: Rect) {
    let painter = ui.painter_at(heading);
    painter.rect_filled(heading, 0.0, palette.band);
    let mut left = heading.left();
    for (index, (title, _, align)) in COLUMNS.iter().enumerate() {
        let Some(width) = explore.list.widths.get_mut(index) else { continue };
        let cell = Rect::from_min_size(pos2(left, heading.top()), vec2(*width, HEADING));
        cell_text(ui, cell, *align, title, medium(11.5), palette.dim);
        let edge = Rect::from_center_size(cell.right_center(), vec2(8.0, HEADING));
        let id = ui.scope_id().with(("column", index));
        let drag =
            ui.interact(edge, id, Sense::DRAG).on_hover_cursor(egui::CursorIcon::ResizeColumn);
        *width = (*width + drag.drag_delta().x).max(MIN_COLUMN);
        let line = if drag.hovered() { palette.accent } else { palette.line };
        painter.vline(cell.right(), heading.y_range().shrink(5.0), (1.0, line));
        left += *width;
    }
    let rest = Rect::from_min_max(pos2(left, heading.top()), heading.max);
    cell_text(ui, rest, Align2::LEFT_CENTER, "Info", medium(11.5), palette.dim);
    painter.hline(heading.x_range(), heading.bottom(), (1.0, palette.line));
}

fn rows(
    ui: &mut Ui,
    explore: &mut Explore,
    palette: &Palette,
    body: Rect,
    extent: Extent,
    acts: &mut Vec<Act>,
) {
    let clip = ui.clip_rect();
    ui.set_clip_rect(clip.intersect(body));
    let shown = explore.list.place.rows(extent);
    let top = body.top() - explore.list.place.fraction as f32 * ROW;
    let mut frames = Vec::new();
    for (nth, number) in shown.enumerate() {
        // Rows past u32 do not exist: frames are numbered in 32 bits.
        let row_of = u32::try_from(number).unwrap_or(u32::MAX);
        let Some(frame) = explore.filtering.frame(row_of) else { continue };
        frames.push(frame);
        let at = pos2(body.left(), top + nth as f32 * ROW);
        let rect = Rect::from_min_size(at, vec2(body.width(), ROW));
        if row(ui, explore, palette, rect, frame) {
            acts.push(Act::Explore(Input::Frame(frame)));
        }
    }
    ui.set_clip_rect(clip);
    let unread = explore.rows.unread(frames);
    if !unread.is_empty() {
        explore.reader.rows(unread);
    }
}

/// Shows one row. Says whether it was chosen.
fn row(ui: &Ui, explore: &mut Explore, palette: &Palette, rect: Rect, id: FrameId) -> bool {
    let frame = explore.recording.frame(id);
    let time = seconds(frame.time.since(explore.start));
    let length = frame.wire_len.to_string();
    let number = id.number().to_string();
    let chosen = explore.selection.frame == Some(id);
    let along = explore.selection.frames.contains(&id);
    let row = explore.rows.get(id, &*explore.recording, &explore.survey);

    let response = ui.interact(rect, ui.scope_id().with(("row", id.0)), Sense::CLICK);
    response.widget_info(|| {
        let label = format!("Frame {number}, {}, {}", row.protocol, row.info);
        WidgetInfo::selected(Role::ListBoxOption, true, chosen, label)
    });
    let painter = ui.painter();
    if chosen {
        painter.rect_filled(rect, 0.0, palette.chosen);
    } else if response.hovered() {
        painter.rect_filled(rect, 0.0, palette.tint(0.05));
    } else if along {
        painter.rect_filled(rect, 0.0, palette.tint(0.035));
    }
    if along {
        let mark = Rect::from_min_size(rect.min, vec2(3.0, rect.height()));
        painter.rect_filled(mark, 0.0, palette.accent);
    }
    let cells = [&number, &time, &row.from, &row.to, row.protocol, &length];
    let mut left = rect.left();
    for ((text, (title, _, align)), width) in
        cells.into_iter().zip(COLUMNS).zip(explore.list.widths)
    {
        let cell = Rect::from_min_size(pos2(left, rect.top()), vec2(width, ROW));
        let (font, color) = match title {
            "Protocol" => (medium(12.0), palette.ink),
            "Source" | "Destination" => (mono(11.5), palette.ink),
            _ => (mono(11.5), palette.dim),
        };
        cell_text(ui, cell, align, text, font, color);
        left += width;
    }
    let rest = Rect::from_min_max(pos2(left, rect.top()), rect.max);
    let info = egui::FontId::proportional(12.5);
    cell_text(ui, rest, Align2::LEFT_CENTER, &row.info, info, palette.ink);
    response.clicked()
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

/// Nanoseconds as seconds, to the microsecond.
fn seconds(nanos: i64) -> String {
    let sign = if nanos < 0 { "-" } else { "" };
    let micros = nanos.unsigned_abs() / 1000;
    format!("{sign}{}.{:06}", micros / 1_000_000, micros % 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn times_are_seconds_to_the_microsecond() {
        assert_eq!(seconds(1_500_000_999), "1.500000");
        assert_eq!(seconds(-2_000), "-0.000002");
    }
}
