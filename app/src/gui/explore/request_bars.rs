//! The waterfall: when a request happened, as a bar beside its row.
//!
//! ```text
//!   ▬▬▬───────████████      it asks, waits, and gets its answer
//! ```

use egui::{Color32, Rect, Ui, pos2};
use wirestage_dissectors::ids::Time;
use wirestage_dissectors::requests::Request;

use super::requests::Known;
use crate::gui::theme::Palette;

/// How high the parts of a bar are: what somebody sends is thicker than where both wait.
const SENT: f32 = 8.0;
const WAITED: f32 = 2.0;

/// No part is narrower, so that the shortest can still be seen.
const LEAST: f32 = 2.0;

/// Paints the bar of a request into its cell.
pub(super) fn bar(ui: &Ui, cell: Rect, known: &Known, row: &Request, palette: &Palette) {
    let room = cell.shrink2(egui::vec2(8.0, 0.0));
    let (start, end) = (row.start().time, row.end().time);
    if start.known().is_none() || end.known().is_none() || room.width() < LEAST {
        return;
    }
    let place = |time: Time| {
        let share = time.since(known.from).clamp(0, known.nanos) as f64 / known.nanos as f64;
        room.left() + (share as f32) * (room.width() - LEAST)
    };
    let part = |from: f32, to: f32, height: f32, color: Color32| {
        let least = if height > WAITED { LEAST } else { 0.0 };
        let middle = room.center().y;
        let min = pos2(from, middle - height / 2.0);
        let max = pos2(to.max(from + least), middle + height / 2.0);
        ui.painter().rect_filled(Rect::from_min_max(min, max), 1.0, color);
    };
    part(place(start), place(end), WAITED, palette.faint);
    if let Some(asked) = row.question {
        part(place(asked.first.time), place(asked.last.time), SENT, palette.dim);
    }
    if let Some(said) = row.answer {
        let color = if row.trouble().is_some() { palette.failure } else { palette.accent };
        part(place(said.first.time), place(said.last.time), SENT, color);
    }
}
