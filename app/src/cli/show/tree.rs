//! Every field of every frame, indented as a person reads it.

use std::fmt::Write;
use std::ops::Range;

use wirestage_dissectors::completions::Completions;
use wirestage_dissectors::describe::Dissection;
use wirestage_dissectors::ids::FrameId;
use wirestage_dissectors::sinks::{FieldTree, RowText};

use super::{Printer, part_of};

/// Prints trees.
pub(super) struct Trees<'a> {
    /// Which frames complete what.
    pub(super) completions: &'a Completions,
}

impl Printer for Trees<'_> {
    fn print(&self, scene: &Dissection<'_>, frames: Range<u32>, out: &mut String) {
        let mut row = RowText::new();
        for id in frames.map(FrameId) {
            let column = scene.row(id, &mut row);
            // Writing to a string does not fail.
            let _ = writeln!(out, "Frame {}: {column} {}", id.number(), row.info);
            if let Some(part) = part_of(self.completions, id) {
                let _ = writeln!(out, "    [{part}]");
            }
            let mut tree = FieldTree::new();
            scene.describe(id, &mut tree);
            out.push_str(&tree.to_text());
            out.push('\n');
        }
    }
}
