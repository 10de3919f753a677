//! The rows of the packet list that are in sight.

use egui::{Align2, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};
use wirestage_dissectors::frames::Frames;
use wirestage_dissectors::ids::FrameId;

use super::list::{ROW, cell_text};
use super::rows::Trouble;
use super::scroll::Extent;
use super::{Explore, Input, row_menu};
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
    let shown = explore.list.place.rows(extent);
    let top = body.top() - explore.list.place.fraction as f32 * ROW;
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
    let unread = explore.rows.unread(frames);
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
    let frame = explore.recording.frame(id);
    let time = explore.time_of(id, nth);
    let length = frame.wire_len.to_string();
    let number = id.number().to_string();
    let chosen = explore.selection.frame == Some(id);
    let along = explore.selection.frames.contains(&id);
    let is_found = explore.finding.is_found(id);
    let (is_marked, comment) = (explore.remarks.is_marked(id), explore.remarks.comment(id));
    let remarked = explore.remarks.words(id);
    let columns = explore.list.columns.fields.clone();
    let (recording, survey) = (&*explore.recording, &explore.survey);
    let row = explore.rows.get(id, (recording, survey), columns.as_deref());

    let response = ui.interact(rect, ui.scope_id().with(("row", id.0)), Sense::CLICK);
    response.widget_info(|| {
        let mut label = format!("Frame {number}, {}, {}", row.protocol, row.info);
        if let Some(words) = row.trouble.words() {
            label += &format!(", {words}");
        }
        if let Some(words) = &remarked {
            label += &format!(", {words}");
        }
        for (name, value) in explore.list.columns.names().zip(&row.fields) {
            label += &format!(", {name} {value}");
        }
        WidgetInfo::selected(Role::ListBoxOption, true, chosen, label)
    });
    let painter = ui.painter();
    if chosen {
        painter.rect_filled(rect, 0.0, palette.chosen);
    } else if response.hovered() {
        painter.rect_filled(rect, 0.0, palette.tint(0.05));
    } else if is_found {
        painter.rect_filled(rect, 0.0, palette.warning.gamma_multiply(0.12));
    } else if along {
        painter.rect_filled(rect, 0.0, palette.tint(0.035));
    }
    if along {
        let mark = Rect::from_min_size(rect.min, vec2(3.0, rect.height()));
        painter.rect_filled(mark, 0.0, palette.accent);
    }
    let trouble = match row.trouble {
        Trouble::None => None,
        Trouble::Refused | Trouble::Broken => Some(("× ", palette.failure)),
        Trouble::Again => Some(("↻ ", palette.warning)),
        Trouble::Missing => Some(("… ", palette.warning)),
    };
    let mut left = rect.left();
    let mut values = row.fields.iter();
    for column in &explore.list.columns.all {
        let cell = Rect::from_min_size(pos2(left, rect.top()), vec2(column.width, ROW));
        let (text, font, color) = match column.by {
            SortBy::Number => (number.as_str(), mono(11.5), palette.dim),
            SortBy::Time => (time.as_str(), mono(11.5), palette.dim),
            SortBy::Source => (row.from.as_str(), mono(11.5), palette.ink),
            SortBy::Destination => (row.to.as_str(), mono(11.5), palette.ink),
            SortBy::Protocol => (row.protocol, medium(12.0), protocol(row.protocol, palette)),
            SortBy::Length => (length.as_str(), mono(11.5), palette.dim),
            SortBy::Field(_) => {
                let value = values.next().map_or("", String::as_str);
                (value, mono(11.5), palette.ink)
            }
            SortBy::Info => continue,
        };
        cell_text(ui, cell, column.align(), text, font, color);
        left += column.width;
    }
    let mut rest = Rect::from_min_max(pos2(left.min(rect.right()), rect.top()), rect.max);
    if is_marked {
        let sign = pos2(rect.left() + 8.0, rect.center().y);
        ui.painter().circle_filled(sign, 4.0, palette.accent);
    }
    if let Some(comment) = &comment {
        rest.set_left(note(ui, rest, comment, palette));
    }
    let info = egui::FontId::proportional(12.5);
    let (text, tone) = match trouble {
        Some((sign, tone)) => (format!("{sign}{}", row.info), tone),
        None => (row.info.clone(), palette.ink),
    };
    cell_text(ui, rest, Align2::LEFT_CENTER, &text, info, tone);
    if response.clicked() {
        acts.push(Act::Explore(Input::Frame(id)));
    }
    row_menu::show(&response, explore, id, acts);
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
