//! Chosen fields, one line a frame: what `tshark -T fields` prints, to be held against it.

use std::ops::Range;

use anyhow::Context as _;
use wirestage_dissectors::describe::Dissection;
use wirestage_dissectors::ids::FrameId;
use wirestage_dissectors::registry::standard;
use wirestage_dissectors::sinks::FieldLines;
use wirestage_dissectors::sinks::fields::Columns;

use super::Printer;

/// Prints chosen fields.
pub(super) struct Fields {
    columns: Columns,
}

impl Fields {
    /// The columns of these names.
    ///
    /// # Errors
    /// Names the first that is no field.
    pub(super) fn new(names: &[String]) -> anyhow::Result<Self> {
        let known = |name: &str| standard().fields_named(name).collect();
        let columns = Columns::new(names.iter().map(|name| name.trim()), known)
            .context("--fields takes Wireshark's names, such as ip.src or tls.handshake.type")?;
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
