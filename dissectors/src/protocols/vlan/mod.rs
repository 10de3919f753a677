//! 802.1Q.

use crate::field::FieldDef;
use crate::protocol::Protocol;

/// 802.1Q.
pub struct Vlan;

impl Protocol for Vlan {
    fn name(&self) -> &'static str {
        "vlan"
    }

    fn title(&self) -> &'static str {
        "802.1Q"
    }

    fn fields(&self) -> &'static [FieldDef] {
        &[]
    }
}
