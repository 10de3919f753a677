//! UDP.

use crate::field::FieldDef;
use crate::protocol::Protocol;

/// UDP.
pub struct Udp;

impl Protocol for Udp {
    fn name(&self) -> &'static str {
        "udp"
    }

    fn title(&self) -> &'static str {
        "UDP"
    }

    fn fields(&self) -> &'static [FieldDef] {
        &[]
    }
}
