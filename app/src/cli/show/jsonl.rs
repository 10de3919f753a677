//! One JSON object a frame: number, time, lengths, protocols, summary, and the nested fields.

use std::fmt::Write;
use std::ops::Range;

use wirestage_dissectors::completions::Completions;
use wirestage_dissectors::describe::Dissection;
use wirestage_dissectors::ids::FrameId;
use wirestage_dissectors::sinks::json::quote;
use wirestage_dissectors::sinks::{Json, RowText};

use super::Printer;

/// Prints JSON lines.
pub(super) struct Lines<'a> {
    /// Which frames complete what.
    pub(super) completions: &'a Completions,
}

impl Printer for Lines<'_> {
    fn print(&self, scene: &Dissection<'_>, frames: Range<u32>, out: &mut String) {
        let mut row = RowText::new();
        for id in frames.map(FrameId) {
            let frame = scene.context().frames.frame(id);
            let column = scene.row_of(id, &frame, &mut row);
            let protocols = scene.protocols(id);
            // Writing to a string does not fail.
            let _ = write!(
                out,
                "{{\"number\":{},\"time_ns\":{},\"length\":{},\"captured\":{},\"protocols\":",
                id.number(),
                frame.time.known().unwrap_or_default().0,
                frame.wire_len,
                frame.bytes.len()
            );
            quote(out, &protocols);
            out.push_str(",\"protocol\":");
            quote(out, column);
            out.push_str(",\"summary\":");
            quote(out, &row.info);
            // The number stays a number for whoever reads it without looking further.
            if frame.time.known().is_none() {
                out.push_str(",\"untimed\":true");
            }
            if let Some(done) = self.completions.of(id) {
                let _ = write!(out, ",\"completed_by\":{}", done.number());
            }
            out.push_str(",\"fields\":[");
            let mut json = Json::of(id, std::mem::take(out));
            scene.describe_as(id, &protocols, &mut json);
            *out = json.fields;
            out.push_str("]}\n");
        }
    }
}
