//! TCP.

use crate::field::FieldDef;
use crate::protocol::Protocol;

/// TCP.
pub struct Tcp;

impl Protocol for Tcp {
    fn name(&self) -> &'static str {
        "tcp"
    }

    fn title(&self) -> &'static str {
        "TCP"
    }

    fn fields(&self) -> &'static [FieldDef] {
        &[]
    }
}
