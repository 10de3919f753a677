//! Dragging onto the filter line: a field of the details, a cell or a column of the packet list.
//!
//! What is dragged is a filter already, made when the drag begins; what is dropped has to pass
//! besides what is typed.

use std::net::IpAddr;

use egui::{
    Area, DragAndDrop, Frame, Id, Order, Pos2, Rect, Response, RichText, StrokeKind, Ui, vec2,
};
use wirestage_dissectors::field::Kind;
use wirestage_dissectors::frames::Frames;
use wirestage_dissectors::ids::FrameId;
use wirestage_dissectors::registry;

use super::asks::Narrow;
use super::columns::Columns;
use super::details::Details;
use super::rows::Row;
use super::{Explore, values};
use crate::document::{SortBy, filter, vocabulary};
use crate::gui::theme::{Palette, mono};

/// Characters of a filter that are shown beside the pointer.
const SHOWN: usize = 60;

/// The filter that is dragged.
struct Dragged(String);

/// Lets something be dragged: `filter` says what it asks for, from where it was taken.
pub(super) fn from(response: &Response, filter: impl FnOnce(Pos2) -> Option<String>) {
    if !response.drag_started() {
        return;
    }
    // It began where the button went down: by now the pointer has moved on.
    let taken = response.ctx.input(|input| input.pointer.press_origin());
    if let Some(filter) = taken.and_then(filter) {
        DragAndDrop::set_payload(&response.ctx, Dragged(filter));
    }
}

/// Shows that the line takes what is dragged, and what that is beside the pointer.
pub(super) fn show(ui: &Ui, line: &Response, palette: &Palette) {
    let Some(dragged) = DragAndDrop::payload::<Dragged>(ui.ctx()) else { return };
    let is_over = line.dnd_hover_payload::<Dragged>().is_some();
    let ground = palette.accent.gamma_multiply(if is_over { 0.18 } else { 0.06 });
    ui.painter().rect_filled(line.rect, 3.0, ground);
    ui.painter().rect_stroke(line.rect, 3.0, palette.outline(), StrokeKind::Outside);
    let Some(pointer) = ui.ctx().pointer_interact_pos() else { return };
    let mut text: String = dragged.0.chars().take(SHOWN).collect();
    if text.len() < dragged.0.len() {
        text.push('…');
    }
    let text = match is_over {
        true => format!("Drop to ask for {text}"),
        false => format!("To the filter line: {text}"),
    };
    Area::new(Id::unique("dragged"))
        .order(Order::Tooltip)
        .fixed_pos(pointer + vec2(14.0, 12.0))
        .interactable(false)
        .show(ui.ctx(), |ui| {
            Frame::popup(ui.style()).show(ui, |ui| {
                ui.label(RichText::new(text).font(mono(11.5)).color(palette.ink));
            });
        });
}

/// What was dropped on the line just now.
pub(super) fn dropped(line: &Response) -> Option<String> {
    line.dnd_release_payload::<Dragged>().map(|dragged| dragged.0.clone())
}

/// A filter that asks for both: what is typed, and what was dropped.
pub(super) fn both(typed: &str, dropped: &str) -> String {
    let typed = typed.trim();
    if typed.is_empty() || typed == dropped {
        return dropped.to_owned();
    }
    // “And” binds more tightly than “or” and “xor” do.
    let is_loose = ["or", "xor", "||", "^^"].iter().any(|sign| typed.contains(sign));
    match is_loose {
        true => format!("({typed}) and {dropped}"),
        false => format!("{typed} and {dropped}"),
    }
}

/// What a line of the details asks for: its value, or that there is such a field.
pub(super) fn of_line(details: &Details, line: usize) -> Option<String> {
    let name = details.tree.nodes.get(line)?.field?.def().name;
    vocabulary().get(name)?;
    Some(match details.values.get(line)? {
        Some(value) => format!("{name} == {value}"),
        None => name.to_owned(),
    })
}

/// What a cell of the packet list asks for: its value, or what the frame belongs to where it has
/// none that a filter could ask for.
pub(super) fn of_cell(
    explore: &Explore,
    row: &Row,
    frame: FrameId,
    (rect, at): (Rect, Pos2),
) -> Option<String> {
    let (by, nth) = column_at(&explore.packets.list.columns, rect, at);
    let recorded = || explore.ground.recording.frame(frame);
    match by {
        SortBy::Number => Some(format!("frame.number == {}", frame.number())),
        SortBy::Length => Some(format!("frame.len == {}", recorded().wire_len)),
        SortBy::Interface => Some(format!("frame.interface_id == {}", recorded().interface)),
        SortBy::Source => address("src", &row.from),
        SortBy::Destination => address("dst", &row.to),
        SortBy::Protocol => protocol(row.protocol).map(str::to_owned),
        SortBy::Field(name) => value(name, row.fields.get(nth)?),
        SortBy::Time | SortBy::Info => explore.expression_of(Narrow::Connection, frame),
    }
}

/// The column at a place of a row; of a field, how many fields stand before it.
fn column_at(columns: &Columns, rect: Rect, at: Pos2) -> (SortBy, usize) {
    let (mut left, mut fields) = (rect.left(), 0);
    for shown in columns.shown(rect.width()) {
        let Some(column) = columns.all.get(shown) else { continue };
        left += column.width;
        if at.x < left {
            return (column.by, fields);
        }
        fields += usize::from(matches!(column.by, SortBy::Field(_)));
    }
    (SortBy::Info, fields)
}

/// What the heading of a column asks for: that there is such a field.
pub(super) fn of_heading(by: SortBy) -> Option<String> {
    match by {
        SortBy::Field(name) => Some(name.to_owned()),
        _ => None,
    }
}

/// Asks for an end of a packet by its address.
fn address(end: &str, text: &str) -> Option<String> {
    let layer = match text.parse() {
        Ok(IpAddr::V4(_)) => "ip",
        Ok(IpAddr::V6(_)) => "ipv6",
        Err(_) => "eth",
    };
    Some(format!("{layer}.{end} == {text}")).filter(|asked| filter(asked).is_ok())
}

/// The name by which a filter asks for the protocol that a row shows, with its version or without.
fn protocol(shown: &str) -> Option<&'static str> {
    let all = registry::standard().all().iter();
    let named = all.filter(|one| shown.starts_with(one.title()));
    let longest = named.max_by_key(|one| one.title().len())?;
    vocabulary().get(longest.name()).map(|_| longest.name())
}

/// Asks for a value as a cell shows it: of several the first.
fn value(name: &str, shown: &str) -> Option<String> {
    let kind = vocabulary().get(name)?.first()?.def().kind;
    let first = shown.split(',').next().filter(|first| !first.is_empty())?;
    let asked = match kind {
        Kind::Text => format!("{name} == {}", values::quoted(shown)),
        Kind::Bytes => {
            let pairs: Vec<&str> = (0..first.len())
                .step_by(2)
                .filter_map(|at| first.get(at..first.len().min(at + 2)))
                .collect();
            format!("{name} == {}", pairs.join(":"))
        }
        Kind::Time => format!("{name} == {}", values::quoted(shown)),
        Kind::Group => name.to_owned(),
        _ => format!("{name} == {first}"),
    };
    Some(asked).filter(|asked| filter(asked).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_dropped_has_to_pass_besides_what_is_typed() {
        for (typed, expected) in [
            ("", "udp"),
            (" udp ", "udp"),
            ("ip.ttl > 3", "ip.ttl > 3 and udp"),
            ("tcp or arp", "(tcp or arp) and udp"),
            ("tcp || arp", "(tcp || arp) and udp"),
        ] {
            assert_eq!(both(typed, "udp"), expected, "{typed}");
            assert!(filter(&both(typed, "udp")).is_ok());
        }
    }

    #[track_caller]
    fn check(asked: Option<String>, expected: &str) {
        assert_eq!(asked.as_deref().unwrap_or_default(), expected);
    }

    #[test]
    fn a_cell_asks_for_what_it_shows() {
        check(address("src", "10.0.0.1"), "ip.src == 10.0.0.1");
        check(address("dst", "::1"), "ipv6.dst == ::1");
        check(address("dst", "02:00:00:00:00:01"), "eth.dst == 02:00:00:00:00:01");
        check(address("src", "nobody"), "");
        check(value("tcp.dstport", "443"), "tcp.dstport == 443");
        check(value("tcp.dstport", "443,80"), "tcp.dstport == 443");
        check(value("http.host", "a, b"), "http.host == \"a, b\"");
        check(value("http.host", ""), "");
        check(value("udp.payload", "0aff"), "udp.payload == 0a:ff");
        check(value("no.such.field", "1"), "");
        assert_eq!(protocol("TLSv1.3"), Some("tls"));
        assert_eq!(protocol("HTTP2"), Some("http2"));
        assert_eq!(protocol("DNS"), Some("dns"));
        assert_eq!(protocol("?"), None);
    }
}
