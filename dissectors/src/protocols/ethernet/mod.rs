//! Ethernet.

use crate::field::FieldDef;
use crate::protocol::Protocol;

/// Ethernet.
pub struct Ethernet;

impl Protocol for Ethernet {
    fn name(&self) -> &'static str {
        "eth"
    }

    fn title(&self) -> &'static str {
        "Ethernet"
    }

    fn fields(&self) -> &'static [FieldDef] {
        &[]
    }
}
