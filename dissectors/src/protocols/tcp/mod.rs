//! TCP (RFC 9293): two ordered streams of bytes between two ports, over packets that may be lost.
//!
//! `describe` tells one header. `session` reads a connection: `half` puts the bytes of one
//! direction in order, `said` knows which segment said what, `state` follows what each end knows,
//! `waits` when it came and what it had waited for, `needless` what was sent again for nothing,
//! `analysis` counts. `tell` says what a segment means.

mod analysis;
mod describe;
mod fields;
pub mod half;
mod needless;
mod options;
mod said;
pub mod segment;
mod session;
pub mod state;
mod tell;
#[cfg(test)]
mod tests;
mod waits;

use crate::engine::session::Session;
use crate::engine::tcp::{Analysis, SegmentKind, flags};
use crate::engine::view::View;
use crate::field::{FieldDef, FieldId};
use crate::headers::{Found, Next, Part, Walk};
use crate::message::Message;
use crate::protocol::{Claim, Facts, Protocol};
use crate::telling::Telling;

pub(crate) use describe::{describe, row};
pub use fields::*;
use segment::{Noted, Segment};
pub(crate) use tell::{HALF_CLOSED, HELD, RESET, TROUBLE as RECOVERY};

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

    fn open(&self, _facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        Some(Box::new(session::Connection::default()))
    }

    fn tell(&self, message: &Message, view: &View<'_>) -> Option<Telling> {
        tell::tell(message, view)
    }
}

/// Whether the segment of this message ends its direction or the connection, after whatever data
/// it carries.
#[must_use]
pub fn is_end(message: &Message, view: &View<'_>) -> bool {
    segment(message, view).is_some_and(|segment| segment.has(flags::FIN | flags::RST))
}

/// What a segment is to those before it, in numbers; nothing where none of it is known.
#[must_use]
pub fn analysis(message: &Message, view: &View<'_>) -> Option<Analysis> {
    view.facts::<Noted>(message).map(|noted| noted.analysis)
}

/// The segment of this message, with all that was on the wire of its data.
#[must_use]
pub fn segment(message: &Message, view: &View<'_>) -> Option<Segment> {
    let cut = message.extra::<SegmentKind>().map_or(0, |meant| meant.cut);
    let bytes = view.bytes(message.span);
    Segment::read(message.direction, bytes, message.span, cut.into())
}
