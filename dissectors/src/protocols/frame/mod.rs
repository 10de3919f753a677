//! Frame.

use crate::field::FieldDef;
use crate::protocol::Protocol;

/// Frame.
pub struct Frame;

impl Protocol for Frame {
    fn name(&self) -> &'static str {
        "frame"
    }

    fn title(&self) -> &'static str {
        "Frame"
    }

    fn fields(&self) -> &'static [FieldDef] {
        &[]
    }
}
