//! What carries a packet: the walk over a frame's headers down to IP, for who needs no more than
//! the packet.
//!
//! It asks the same protocols that tell the headers, so that what is found and what is shown
//! cannot differ.

use std::fmt;

use super::{HeaderContext, Next, Part, Walk, outermost};
use crate::field::{FieldId, Value};
use crate::finding::Registry;
use crate::frames::Frame;
use crate::ids::FrameId;
use crate::protocol::Claim;
use crate::sink::{Severity, Sink};
use crate::span::Span;

/// The outermost IP packet of a frame, and all behind it, whatever link and tags carry it.
pub(crate) fn packet<'a>(frame: &Frame<'a>, registry: &Registry) -> Option<&'a [u8]> {
    let ip = [Claim::EtherType(0x0800), Claim::EtherType(0x86dd)]
        .map(|number| registry.by_claim(number));
    let mut deaf = Deaf;
    let mut walk = Walk::new(frame.time, &HeaderContext::default(), registry, &mut deaf);
    let mut next = outermost(frame.link, Part::frame(frame, FrameId::NONE));
    for _ in 0..crate::limits::MAX_HEADERS {
        let Next::Claimed(found, part) = next else { return None };
        let protocol = registry.by_claim(found.claim)?;
        if ip.contains(&Some(protocol)) {
            return Some(part.bytes);
        }
        next = registry.get(protocol).header(part, found, &mut walk)?;
    }
    None
}

/// Hears nothing.
struct Deaf;

impl Sink for Deaf {
    fn wants(&self, _field: FieldId) -> bool {
        false
    }

    fn field(&mut self, _field: FieldId, _value: Value<'_>, _span: Span) {}

    fn open(&mut self, _field: FieldId, _value: Value<'_>, _span: Span) {}

    fn close(&mut self) {}

    fn summary(&mut self, _text: fmt::Arguments<'_>) {}

    fn note(&mut self, _severity: Severity, _span: Span, _text: fmt::Arguments<'_>) {}
}
