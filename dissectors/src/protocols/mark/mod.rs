//! Mark.

use crate::field::FieldDef;
use crate::protocol::Protocol;

/// Mark.
pub struct Mark;

impl Protocol for Mark {
    fn name(&self) -> &'static str {
        "systemd_journal"
    }

    fn title(&self) -> &'static str {
        "Mark"
    }

    fn fields(&self) -> &'static [FieldDef] {
        &[]
    }
}
