//! ICMP.

use crate::field::FieldDef;
use crate::protocol::Protocol;

/// ICMP.
pub struct Icmp;

impl Protocol for Icmp {
    fn name(&self) -> &'static str {
        "icmp"
    }

    fn title(&self) -> &'static str {
        "ICMP"
    }

    fn fields(&self) -> &'static [FieldDef] {
        &[]
    }
}
