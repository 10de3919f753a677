//! One line a frame: number, time, source, destination, protocol, length, and what it is.

use std::fmt::{Display, Write};
use std::ops::Range;

use wirestage_dissectors::describe::Scene;
use wirestage_dissectors::frames::Frames;
use wirestage_dissectors::ids::{FrameId, Time};
use wirestage_dissectors::sinks::RowText;

use super::Printer;
use crate::document::Document;

/// Prints rows.
pub(super) struct Rows {
    first: Time,
}

impl Rows {
    /// Rows whose times count from the recording's first frame.
    pub(super) fn new(document: &Document) -> Self {
        Self { first: document.recording.frame(FrameId(0)).time }
    }
}

impl Printer for Rows {
    fn print(&self, scene: &Scene<'_>, frames: Range<u32>, out: &mut String) {
        let mut row = RowText::new();
        for id in frames.map(FrameId) {
            let column = scene.row(id, &mut row);
            let frame = scene.context().frames.frame(id);
            let nanos = frame.time.since(self.first);
            let sign = if nanos < 0 { "-" } else { "" };
            let nanos = nanos.unsigned_abs();
            let seconds = format!("{sign}{}", nanos / 1_000_000_000);
            // Writing to a string does not fail.
            let _ = match frame.time.known() {
                Some(_) => {
                    let rest = nanos % 1_000_000_000;
                    write!(out, "{:>6} {seconds:>4}.{rest:09} ", id.number())
                }
                None => write!(out, "{:>6} {:>14} ", id.number(), "no time"),
            };
            match (row.ends(), flow_ends(scene, id)) {
                (_, Some((from, to))) => put_ends(out, from, to),
                (Some((from, to)), None) => put_ends(out, from, to),
                (None, None) => put_ends(out, "", ""),
            }
            let _ = writeln!(out, " {column:<8} {:>5} {}", frame.wire_len, row.info);
        }
    }
}

fn put_ends(out: &mut String, from: impl Display, to: impl Display) {
    let _ = write!(out, "{from:>15} → {to:<15}");
}

/// The addresses of a frame that belongs to a flow.
fn flow_ends(scene: &Scene<'_>, id: FrameId) -> Option<(std::net::IpAddr, std::net::IpAddr)> {
    let row = scene.survey().row(id)?;
    let flow = scene.survey().flow(row.flow)?;
    let way = row.direction();
    Some((flow.address(way), flow.address(way.reverse())))
}
