//! HTTP.

use crate::field::FieldDef;
use crate::protocol::Protocol;

/// HTTP.
pub struct Http;

impl Protocol for Http {
    fn name(&self) -> &'static str {
        "http"
    }

    fn title(&self) -> &'static str {
        "HTTP"
    }

    fn fields(&self) -> &'static [FieldDef] {
        &[]
    }
}
