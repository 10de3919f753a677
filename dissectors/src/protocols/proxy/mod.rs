//! The PROXY header, versions 1 and 2: a proxy says, before the first byte of its client, whose
//! connection it forwards. What follows in the same connection speaks something else.
//!
//! ```text
//!   PROXY TCP4 10.0.0.1 10.0.0.2 40000 443 CRLF        version 1, at most 107 bytes
//!
//!   0d0a0d0a000d0a515549540a | 21 | 11 | length | addresses, ports | TLVs     version 2
//!                       version ┘|    └ family and protocol
//!                        command ┘
//! ```

mod describe;
mod fields;
#[cfg(test)]
mod tests;

pub use fields::*;

use std::fmt::{self, Write};

use crate::codes;
use crate::engine::session::{Announce, Input, Out, Progress, Session, Way};
use crate::engine::view::View;
use crate::field::{FieldDef, FieldId};
use crate::ids::Direction;
use crate::message::{Message, MessageKind};
use crate::protocol::{Claim, Facts, Framing, Likelihood, Protocol};
use crate::sink::Sink;
use crate::telling::Telling;

codes! {
    /// What a message of the PROXY header is.
    pub enum Kind {
        /// A header as a line of text.
        Text,
        /// A header as bytes.
        Binary,
    }
}

impl MessageKind for Kind {
    type Extra = ();
}

/// How version 2 begins: bytes that no protocol of text or of length prefixes begins with.
const SIGNATURE: &[u8; 12] = b"\r\n\r\n\0\r\nQUIT\n";
/// Signature, version and command, family and protocol, length.
const FIXED: usize = 16;
/// How version 1 begins.
const WORD: &[u8] = b"PROXY ";
/// The longest line of version 1 with its end, as its text says: both addresses of IPv6 in full.
const MAX_LINE: usize = 107;

/// The PROXY header.
pub struct Proxy;

impl Protocol for Proxy {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["The PROXY protocol"]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        if framing != Framing::Stream {
            return Likelihood::No;
        }
        match header(bytes) {
            Header::Whole(..) => Likelihood::Surely,
            Header::Part if bytes.starts_with(b"PROXY TCP") || bytes.starts_with(SIGNATURE) => {
                Likelihood::Surely
            }
            Header::Part => Likelihood::Perhaps,
            Header::None => Likelihood::No,
        }
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        (facts.framing == Framing::Stream).then(|| Box::new(Before::default()) as Box<dyn Session>)
    }

    fn column(&self, message: &Message, _view: &View<'_>) -> &'static str {
        if message.is(Kind::Text) { "PROXYv1" } else { "PROXYv2" }
    }

    fn summary(&self, message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
        describe::summary(message, view, line)
    }

    fn describe(&self, message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
        if message.is(Kind::Text) {
            describe::text(message, view, sink);
        } else {
            describe::binary(message, view, sink);
        }
    }

    fn tell(&self, message: &Message, view: &View<'_>) -> Option<Telling> {
        let label = if message.is(Kind::Text) { "PROXY" } else { "PROXY v2" };
        let headline = "Says whose connection this is, before the client's own first byte";
        let told = Telling::new(label, headline, "PROXY header")
            .detail(describe::sentence(message, view))
            .lesson("proxy/header", "The PROXY protocol", "2");
        Some(told)
    }
}

/// What stands at the start of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Header {
    /// A header of so many bytes.
    Whole(Kind, usize),
    /// The start of one, as far as one can see.
    Part,
    None,
}

fn header(bytes: &[u8]) -> Header {
    let begins = |start: &[u8]| bytes.starts_with(start) || start.starts_with(bytes);
    if bytes.is_empty() {
        return Header::None;
    }
    if begins(SIGNATURE) {
        let Some([_, _, a, b]) = bytes.get(12..FIXED) else { return Header::Part };
        let len = FIXED + usize::from(u16::from_be_bytes([*a, *b]));
        return if bytes.len() >= len { Header::Whole(Kind::Binary, len) } else { Header::Part };
    }
    if !begins(WORD) {
        return Header::None;
    }
    let start = bytes.get(..MAX_LINE).unwrap_or(bytes);
    match memchr::memchr(b'\n', start) {
        Some(end) if start.get(..end).is_some_and(|line| line.ends_with(b"\r")) => {
            Header::Whole(Kind::Text, end + 1)
        }
        None if bytes.len() < MAX_LINE => Header::Part,
        _ => Header::None,
    }
}

/// Waits for the header of one side; then everything is somebody else's.
#[derive(Clone, Default)]
struct Before {
    from: Option<Direction>,
    over: bool,
}

impl Session for Before {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        if self.over {
            return Progress::Switch(Claim::Content);
        }
        if *self.from.get_or_insert(input.direction) != input.direction {
            // The other side does not speak before; what was captured early waits.
            return Progress::Need(input.bytes.len() + 1);
        }
        match header(input.bytes) {
            Header::Whole(kind, len) => {
                let span = out.span(input.at, len);
                out.announce(Announce::new(kind, span));
                self.over = true;
                Progress::Took(len)
            }
            Header::Part => Progress::Need(input.bytes.len() + 1),
            Header::None => Progress::Switch(Claim::Content),
        }
    }

    fn gap(&mut self, _way: Way, _missing: Option<u64>, _out: &mut Out<'_>) -> bool {
        self.over = true;
        true
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}
