//! HTTP2.

use crate::field::FieldDef;
use crate::protocol::Protocol;

/// HTTP2.
pub struct Http2;

impl Protocol for Http2 {
    fn name(&self) -> &'static str {
        "http2"
    }

    fn title(&self) -> &'static str {
        "HTTP2"
    }

    fn fields(&self) -> &'static [FieldDef] {
        &[]
    }
}
