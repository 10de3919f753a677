//! TLS.

use crate::field::FieldDef;
use crate::protocol::Protocol;

/// TLS.
pub struct Tls;

impl Protocol for Tls {
    fn name(&self) -> &'static str {
        "tls"
    }

    fn title(&self) -> &'static str {
        "TLS"
    }

    fn fields(&self) -> &'static [FieldDef] {
        &[]
    }
}
