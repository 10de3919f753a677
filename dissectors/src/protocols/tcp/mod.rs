//! TCP (RFC 9293): two ordered streams of bytes between two ports, over packets that may be lost.
//!
//! `describe` tells one header; the order of segments is the engine's; `state` follows what each
//! end knows, and `tell` says what a segment means.

mod describe;
mod fields;
mod options;
pub mod state;
pub mod tell;

use crate::field::FieldDef;
use crate::protocol::Protocol;

pub(crate) use describe::describe;
pub use fields::*;

/// The Transmission Control Protocol.
pub struct Tcp;

impl Protocol for Tcp {
    fn name(&self) -> &'static str {
        "tcp"
    }

    fn title(&self) -> &'static str {
        "TCP"
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 9293", "RFC 7323", "RFC 2018"]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }
}
