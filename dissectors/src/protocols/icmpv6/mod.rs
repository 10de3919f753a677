//! ICMPv6.

use crate::field::FieldDef;
use crate::protocol::Protocol;

/// ICMPv6.
pub struct Icmpv6;

impl Protocol for Icmpv6 {
    fn name(&self) -> &'static str {
        "icmpv6"
    }

    fn title(&self) -> &'static str {
        "ICMPv6"
    }

    fn fields(&self) -> &'static [FieldDef] {
        &[]
    }
}
