//! IPv6.

use crate::field::FieldDef;
use crate::protocol::Protocol;

/// IPv6.
pub struct Ipv6;

impl Protocol for Ipv6 {
    fn name(&self) -> &'static str {
        "ipv6"
    }

    fn title(&self) -> &'static str {
        "IPv6"
    }

    fn fields(&self) -> &'static [FieldDef] {
        &[]
    }
}
