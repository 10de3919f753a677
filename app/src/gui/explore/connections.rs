//! The connections panel: every connection with its protocol, its ends and its size.

use egui::{Role, ScrollArea, Sense, Ui, WidgetInfo, vec2};
use wirestage_dissectors::ids::{ConnectionId, Direction};
use wirestage_dissectors::registry;
use wirestage_dissectors::survey::{Flow, Transport};

use super::{Explore, Input};
use crate::gui::state::Act;
use crate::gui::theme::{Palette, mono};

/// How high a line is.
const LINE: f32 = 24.0;

/// Where the columns of the ends and of the sizes begin; the latter further to the right where
/// the ends take more room.
const ENDS: f32 = 96.0;
const SIZES: f32 = 460.0;

/// What a connection is called: protocol, and who talks to whom.
pub(super) fn name(explore: &Explore, id: ConnectionId) -> String {
    let Some(flow) = explore.survey.flow(explore.attribution.first_path(id)) else {
        return format!("Connection {}", id.0);
    };
    let [from, to] = ends(flow);
    format!("{}  {from} → {to}", protocol(flow))
}

fn protocol(flow: &Flow) -> &'static str {
    let bare = match flow.key.transport {
        Transport::Tcp => "TCP",
        Transport::Udp => "UDP",
    };
    flow.protocol().map_or(bare, |protocol| registry::standard().get(protocol).title())
}

fn ends(flow: &Flow) -> [String; 2] {
    let [from, to] = flow.ports().ports;
    let end = |way, port| std::net::SocketAddr::new(flow.address(way), port).to_string();
    [end(Direction::Forward, from), end(Direction::Backward, to)]
}

fn between(flow: &Flow) -> String {
    let [from, to] = ends(flow);
    format!("{from}  →  {to}")
}

/// Shows the panel.
pub(super) fn show(ui: &mut Ui, explore: &Explore, palette: &Palette, acts: &mut Vec<Act>) {
    let all = &explore.connections;
    if all.is_empty() {
        super::panes::hint(ui, palette, "No TCP connection and no UDP flow was found.");
        return;
    }
    ui.spacing_mut().item_spacing.y = 0.0;
    ScrollArea::vertical().auto_shrink(false).show_rows(ui, LINE, all.len(), |ui, range| {
        let shown = all.get(range).unwrap_or_default();
        let flow = |id: &ConnectionId| explore.survey.flow(explore.attribution.first_path(*id));
        let width = |flow| {
            let galley = ui.painter().layout_no_wrap(between(flow), mono(11.5), palette.ink);
            galley.size().x
        };
        // Addresses of IPv6 take more room than others.
        let widest = shown.iter().filter_map(flow).map(width).fold(0.0, f32::max);
        let sizes = (ENDS + widest + 24.0).max(SIZES);
        for id in shown {
            let Some(flow) = explore.survey.flow(explore.attribution.first_path(*id)) else {
                continue;
            };
            let size = vec2(ui.available_width(), LINE);
            let (rect, response) = ui.allocate_exact_size(size, Sense::click());
            let chosen = explore.told == Some(*id);
            let label = name(explore, *id);
            response
                .widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, chosen, &label));
            if chosen {
                ui.painter().rect_filled(rect, 3.0, palette.chosen);
            } else if response.hovered() {
                ui.painter().rect_filled(rect, 3.0, palette.tint(0.05));
            }
            if response.has_focus() {
                let inside = egui::StrokeKind::Inside;
                ui.painter().rect_stroke(rect, 3.0, palette.outline(), inside);
            }
            let cells = [
                (12.0, protocol(flow).to_owned(), egui::FontId::proportional(12.5)),
                (ENDS, between(flow), mono(11.5)),
                (sizes, format!("{} frames, {} bytes", flow.frames, flow.bytes), mono(11.5)),
            ];
            for (left, text, font) in cells {
                let at = egui::pos2(rect.left() + left, rect.center().y);
                let color = if left > 400.0 { palette.dim } else { palette.ink };
                ui.painter().text(at, egui::Align2::LEFT_CENTER, text, font, color);
            }
            if response.clicked() {
                acts.push(Act::Explore(Input::Tell(Some(*id))));
                acts.push(Act::Explore(Input::Frame(flow.first)));
            }
        }
    });
}
