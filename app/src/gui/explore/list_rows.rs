//! The rows of the packet list that are in sight.

use std::borrow::Cow;
use std::net::{IpAddr, SocketAddr};

use egui::{Align2, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};
use wirestage_captures::Recording;
use wirestage_dissectors::frames::{Frame, Frames, LinkType};
use wirestage_dissectors::ids::FrameId;

use super::columns::{Column, Columns};
use super::list::{ROW, cell_text};
use super::naming::Naming;
use super::rows::{Row, Trouble};
use super::scroll::Extent;
use super::{Explore, Input, dragging, row_menu};
use crate::diagram::color;
use crate::diagram::style::Style;
use crate::document::SortBy;
use crate::gui::act::Act;
use crate::gui::theme::{Palette, medium, mono};

/// Shows them.
pub(super) fn show(
    ui: &mut Ui,
    explore: &mut Explore,
    palette: &Palette,
    (body, extent): (Rect, Extent),
    acts: &mut Vec<Act>,
) {
    let clip = ui.clip_rect();
    ui.set_clip_rect(clip.intersect(body));
    let shown = explore.packets.list.place.rows(extent);
    let top = body.top() - explore.packets.list.place.fraction as f32 * ROW;
    let mut frames = Vec::new();
    for (nth, number) in shown.enumerate() {
        // Rows past u32 do not exist: frames are numbered in 32 bits.
        let row_of = u32::try_from(number).unwrap_or(u32::MAX);
        let Some(frame) = explore.frame_at(row_of) else { continue };
        frames.push(frame);
        let at = pos2(body.left(), top + nth as f32 * ROW);
        let rect = Rect::from_min_size(at, vec2(body.width(), ROW));
        row(ui, explore, palette, rect, (frame, row_of), acts);
    }
    ui.set_clip_rect(clip);
    let unread = explore.packets.rows.unread(frames);
    if !unread.is_empty() {
        explore.reader.rows(unread);
    }
}

/// Shows one row.
fn row(
    ui: &Ui,
    explore: &mut Explore,
    palette: &Palette,
    rect: Rect,
    (id, nth): (FrameId, u32),
    acts: &mut Vec<Act>,
) {
    let (time, naming) = (explore.time_of(id, nth), explore.naming());
    let columns = explore.packets.list.columns.fields.clone();
    let (recording, survey) = (&*explore.ground.recording, &explore.ground.survey);
    let tells = |column: &Column| column.by == SortBy::Interface;
    let seen_at = match explore.packets.list.columns.all.iter().any(tells) {
        true => seen_at(recording, id),
        false => String::new(),
    };
    let row = explore.packets.rows.get(id, (recording, survey), columns.as_deref());
    let info = told(&naming, recording.frame(id), &row.info);
    let cells = Cells {
        row,
        info,
        ends: [&row.from, &row.to].map(|end| naming.text(end)),
        columns: &explore.packets.list.columns,
        number: id.number().to_string(),
        time,
        seen_at,
        length: recording.frame(id).wire_len.to_string(),
    };
    let is_chosen = explore.selection.frame == Some(id);
    let is_along = explore.selection.frames.contains(&id);
    let remark = explore.remarks.words(id);

    let sense = Sense::CLICK | Sense::DRAG;
    let response = ui.interact(rect, ui.scope_id().with(("row", id.0)), sense);
    response.widget_info(|| {
        let label = cells.spoken(remark.as_deref());
        WidgetInfo::selected(Role::ListBoxOption, true, is_chosen, label)
    });
    let ground = match () {
        () if is_chosen => Some(palette.chosen),
        () if response.hovered() => Some(palette.tint(0.05)),
        () if explore.finding.is_found(id) => Some(palette.warning.gamma_multiply(0.12)),
        () if is_along => Some(palette.tint(0.035)),
        () => None,
    };
    if let Some(ground) = ground {
        ui.painter().rect_filled(rect, 0.0, ground);
    }
    if is_along {
        let mark = Rect::from_min_size(rect.min, vec2(3.0, rect.height()));
        ui.painter().rect_filled(mark, 0.0, palette.accent);
    }
    let mut rest = cells.show_others(ui, palette, rect);
    if explore.remarks.is_marked(id) {
        let sign = pos2(rect.left() + 8.0, rect.center().y);
        ui.painter().circle_filled(sign, 4.0, palette.accent);
    }
    if let Some(comment) = &explore.remarks.comment(id) {
        rest.set_left(note(ui, rest, comment, palette));
    }
    cells.info(ui, palette, rest);
    if response.clicked() {
        acts.push(Act::Explore(Input::Frame(id)));
    }
    if response.drag_started() {
        let row = row.clone();
        dragging::from(&response, |at| dragging::of_cell(explore, &row, id, (rect, at)));
    }
    row_menu::show(&response, explore, id, acts);
}

/// At which interface a frame was seen; a mark was seen at none.
fn seen_at(recording: &Recording, id: FrameId) -> String {
    let frame = recording.frame(id);
    if frame.link == LinkType::MARK || frame.link == LinkType::CUSTOM {
        return String::new();
    }
    let number = frame.interface as usize;
    let name = recording.interfaces().get(number).map(|one| one.name.clone());
    name.filter(|name| !name.is_empty()).unwrap_or_else(|| format!("interface {number}"))
}

/// What a frame is. A mark says which role a program plays; here it goes by the name that its
/// lifeline has.
fn told<'a>(naming: &Naming, frame: Frame<'_>, info: &'a str) -> Cow<'a, str> {
    if frame.link != LinkType::MARK {
        return info.into();
    }
    let text = String::from_utf8_lossy(frame.bytes);
    let local = text.lines().find_map(|line| line.strip_prefix("WIRESTAGE_LOCAL="));
    let local = local.and_then(|local| local.parse::<SocketAddr>().ok());
    let name = local.map(|local| naming.name(local.ip()));
    let named = name.filter(|name| name.parse::<IpAddr>().is_err());
    match (named, info.split_once(": ")) {
        (Some(name), Some((_, deed))) => format!("{name}: {deed}").into(),
        _ => info.into(),
    }
}

/// What a row says, ready to be shown.
struct Cells<'a> {
    row: &'a Row,
    /// What the frame is.
    info: Cow<'a, str>,
    /// What who sends is called, and to whom.
    ends: [String; 2],
    columns: &'a Columns,
    number: String,
    time: String,
    seen_at: String,
    length: String,
}

impl Cells<'_> {
    /// The same for a screen reader, with what a person remarked.
    fn spoken(&self, remark: Option<&str>) -> String {
        let Self { row, number, .. } = self;
        let mut label = format!("Frame {number}, {}, {}", row.protocol, self.info);
        for words in row.trouble.words().into_iter().chain(remark) {
            label += &format!(", {words}");
        }
        if !self.seen_at.is_empty() {
            label += &format!(", seen at {}", self.seen_at);
        }
        for (name, value) in self.columns.names().zip(&row.fields) {
            label += &format!(", {name} {value}");
        }
        label
    }

    /// Shows all cells but the last one. Gives the room that is left for that.
    fn show_others(&self, ui: &Ui, palette: &Palette, rect: Rect) -> Rect {
        let (row, [from, to]) = (self.row, &self.ends);
        let mut left = rect.left();
        let mut values = row.fields.iter();
        for column in self.columns.shown(rect.width()) {
            let Some(column) = self.columns.all.get(column) else { continue };
            let cell = Rect::from_min_size(pos2(left, rect.top()), vec2(column.width, ROW));
            let (text, font, color) = match column.by {
                SortBy::Number => (self.number.as_str(), mono(11.5), palette.dim),
                SortBy::Time => (self.time.as_str(), mono(11.5), palette.dim),
                SortBy::Source => (from.as_str(), mono(11.5), palette.ink),
                SortBy::Destination => (to.as_str(), mono(11.5), palette.ink),
                SortBy::Protocol => (row.protocol, medium(12.0), protocol(row.protocol, palette)),
                SortBy::Interface => (self.seen_at.as_str(), mono(11.5), palette.dim),
                SortBy::Length => (self.length.as_str(), mono(11.5), palette.dim),
                SortBy::Field(_) => {
                    let value = values.next().map_or("", String::as_str);
                    (value, mono(11.5), palette.ink)
                }
                SortBy::Info => continue,
            };
            cell_text(ui, cell, column.align(), text, font, color);
            left += column.width;
        }
        Rect::from_min_max(pos2(left.min(rect.right()), rect.top()), rect.max)
    }

    /// Shows the last cell: what the frame is, with a sign where something is wrong with it.
    fn info(&self, ui: &Ui, palette: &Palette, room: Rect) {
        let (sign, tone) = match self.row.trouble {
            Trouble::None => ("", palette.ink),
            Trouble::Refused | Trouble::Broken => ("× ", palette.failure),
            Trouble::Again => ("↻ ", palette.warning),
            Trouble::Missing => ("… ", palette.warning),
        };
        let text = format!("{sign}{}", self.info);
        let font = egui::FontId::proportional(12.5);
        cell_text(ui, room, Align2::LEFT_CENTER, &text, font, tone);
    }
}

/// A comment in a plate of its own, before what the row says. Gives where that begins.
fn note(ui: &Ui, rest: Rect, comment: &str, palette: &Palette) -> f32 {
    let font = egui::FontId::proportional(11.5);
    let mut job = egui::text::LayoutJob::simple_singleline(comment.to_owned(), font, palette.ink);
    let most = (rest.width() * 0.6).min(320.0);
    job.wrap = egui::text::TextWrapping::truncate_at_width((most - 20.0).max(0.0));
    let galley = ui.painter().layout_job(job);
    let size = vec2(galley.size().x + 12.0, ROW - 5.0);
    let plate = Rect::from_center_size(rest.left_center() + vec2(8.0 + size.x / 2.0, 0.0), size);
    let colours = palette.theme.colours(Style::Handshake);
    ui.painter().rect_filled(plate, 3.0, color(colours.fill));
    let line = egui::Stroke::new(1.0, color(colours.line));
    ui.painter().rect_stroke(plate, 3.0, line, egui::StrokeKind::Inside);
    let at = pos2(plate.left() + 6.0, plate.center().y - galley.size().y / 2.0);
    ui.painter().galley(at, galley, palette.ink);
    plate.right()
}

/// The colour of a protocol: what carries others is dim, what seals has the colour of its keys.
fn protocol(name: &str, palette: &Palette) -> egui::Color32 {
    let of = |style| color(palette.theme.colours(style).text);
    match name {
        "TCP" | "UDP" | "IPv4" | "IPv6" | "ARP" | "Mark" => palette.dim,
        "ICMP" | "ICMPv6" => palette.warning,
        "QUIC" => of(Style::Early),
        name if name.starts_with("TLS") || name.starts_with("DTLS") => of(Style::Handshake),
        _ => of(Style::Application),
    }
}
