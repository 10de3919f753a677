//! ARP.

use crate::field::FieldDef;
use crate::protocol::Protocol;

/// ARP.
pub struct Arp;

impl Protocol for Arp {
    fn name(&self) -> &'static str {
        "arp"
    }

    fn title(&self) -> &'static str {
        "ARP"
    }

    fn fields(&self) -> &'static [FieldDef] {
        &[]
    }
}
