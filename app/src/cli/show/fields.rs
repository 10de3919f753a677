//! Chosen fields, one line a frame: what `tshark -T fields` prints, to be held against it.

use std::ops::Range;

use wirestage_dissectors::describe::Dissection;
use wirestage_dissectors::ids::FrameId;
use wirestage_dissectors::registry::standard;
use wirestage_dissectors::sinks::FieldLines;
use wirestage_dissectors::sinks::fields::Columns;

use super::super::stop::{Outcome, Stop};
use super::Printer;
use crate::document::vocabulary;

/// Prints chosen fields.
pub(super) struct Fields {
    columns: Columns,
}

impl Fields {
    /// The columns of these names.
    ///
    /// # Errors
    /// Names the first that is no field.
    pub(super) fn new(names: &[String]) -> Outcome<Self> {
        let known = |name: &str| standard().fields_named(name).collect();
        let columns = Columns::new(names.iter().map(|name| name.trim()), known);
        let columns = columns.map_err(|error| {
            let near = vocabulary().near(&error.0);
            if near.contains(&error.0.as_str()) {
                let name = &error.0;
                return Stop::wrong(
                    format!("{name} is a protocol, not a field"),
                    format!("frame.protocols names them all; wirestage fields {name} lists fields"),
                );
            }
            let mend = match near[..] {
                [] => "--fields takes Wireshark's names; wirestage fields lists them".to_owned(),
                _ => format!("did you mean {}?", near.join(", ")),
            };
            Stop::wrong(error.to_string(), mend)
        })?;
        Ok(Self { columns })
    }
}

impl Printer for Fields {
    fn print(&self, scene: &Dissection<'_>, frames: Range<u32>, out: &mut String) {
        let mut line = FieldLines::new(&self.columns);
        for id in frames.map(FrameId) {
            scene.describe(id, &mut line);
            line.flush(out);
        }
    }
}
