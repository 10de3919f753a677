//! TCP (RFC 9293): two ordered streams of bytes between two ports, over packets that may be lost.
//!
//! `describe` tells one header; the order of segments is the engine's; `state` follows what each
//! end knows, and `tell` says what a segment means.

mod describe;
mod fields;
mod options;
pub mod state;
pub mod tell;

use crate::field::{FieldDef, FieldId};
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};

pub(crate) use describe::describe;
pub use fields::*;

/// The Transmission Control Protocol.
pub struct Tcp;

impl Protocol for Tcp {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 9293", "RFC 7323", "RFC 2018"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::IpProtocol(6)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        Some(describe(part, found.ends?, walk))
    }
}
