//! HTTP/2 (RFC 9113): every frame is a message, what a stream carries is put together where it
//! ends.
//!
//! ```text
//!   PRI * HTTP/2.0 … SM …      the client's preface
//!   length  type flags R id    nine bytes before every frame (section 4.1)
//!   |3     |1   |1    |  4 |   payload …
//!
//!   stream 1  HEADERS ─ DATA ──────── DATA      a header list, a body: whole with the last frame,
//!   stream 3      HEADERS ─ DATA DATA           however the frames of streams are mixed
//! ```
//!
//! Header blocks are unpacked as they come (`hpack`), for the table that they need grows with each;
//! what they said stays with the message. So do the windows of flow control, as far as they are
//! known.

mod blocks;
mod body;
mod describe;
mod exchange;
mod facts;
mod fields;
mod frame;
mod hpack;
mod kind;
mod session;
mod streams;
mod tell;
#[cfg(test)]
mod tests;
mod windows;

pub use fields::*;
pub use kind::{Kind, Role};

use std::fmt::{self, Write};

use crate::engine::session::Session;
use crate::engine::view::View;
use crate::exchange::Share;
use crate::field::{FieldDef, FieldId};
use crate::message::Message;
use crate::protocol::{Claim, Facts, Framing, Likelihood, Protocol};
use crate::sink::Sink;
use crate::telling::Telling;

/// HTTP/2.
pub struct Http2;

impl Protocol for Http2 {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 9113", "RFC 7541"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::Alpn(b"h2"), Claim::Upgrade("h2c")]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    /// The preface says it all (section 3.4); its first four bytes begin no HTTP/1.x method. A
    /// server may speak first, and begins with SETTINGS (section 3.4): whole entries on no stream.
    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        let seen = bytes.len().min(frame::PREFACE_BYTES.len());
        let same = bytes.get(..seen) == frame::PREFACE_BYTES.get(..seen);
        match (framing, same && seen > 0) {
            (Framing::Stream, true) if seen >= 4 => Likelihood::Surely,
            (Framing::Stream, true) => Likelihood::Perhaps,
            (Framing::Stream, false) => match bytes {
                [0, high, low, 4, 0, 0, 0, 0, 0, ..] if settings(*high, *low) => Likelihood::Surely,
                // A frame this long is refused by every peer (section 4.2): this is something else.
                [high, ..] if *high >= 0x10 => Likelihood::No,
                // The recording may have begun inside the connection.
                _ if frame::are_only_frames(bytes) => Likelihood::Perhaps,
                _ => Likelihood::Unsaid,
            },
            (Framing::Datagram, _) => Likelihood::No,
        }
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        let open = || Box::new(session::Http2Session::new()) as Box<dyn Session>;
        (facts.framing == Framing::Stream).then(open)
    }

    fn summary(&self, message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
        describe::summary(message, view, line)
    }

    fn describe(&self, message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
        describe::describe(message, view, sink);
    }

    fn tell(&self, message: &Message, view: &View<'_>) -> Option<Telling> {
        tell::tell(message, view)
    }

    fn exchange<'v>(&self, message: &Message, view: &View<'v>) -> Option<Share<'v>> {
        exchange::share(message, view)
    }
}

/// Whether this is the length of some settings, of six bytes each (section 6.5.1), and not of more
/// than anybody sends.
fn settings(high: u8, low: u8) -> bool {
    const MOST: u16 = 32 * 6;
    let len = u16::from_be_bytes([high, low]);
    len <= MOST && len.is_multiple_of(6)
}
