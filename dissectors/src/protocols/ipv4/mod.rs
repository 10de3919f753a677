//! IPv4.

use crate::field::FieldDef;
use crate::protocol::Protocol;

/// IPv4.
pub struct Ipv4;

impl Protocol for Ipv4 {
    fn name(&self) -> &'static str {
        "ip"
    }

    fn title(&self) -> &'static str {
        "IPv4"
    }

    fn fields(&self) -> &'static [FieldDef] {
        &[]
    }
}
