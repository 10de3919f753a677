//! SSDP (UPnP Device Architecture 2.0, section 1): devices announce themselves and are searched
//! for, in heads of HTTP that travel in datagrams.
//!
//! ```text
//!   M-SEARCH * HTTP/1.1 CRLF  ST: what is looked for CRLF … CRLF      to everybody
//!   HTTP/1.1 200 OK CRLF      LOCATION: where it is described …       to whoever asked
//!   NOTIFY * HTTP/1.1 CRLF    NTS: ssdp:alive CRLF …                  to everybody, unasked
//! ```

mod fields;
mod tell;
#[cfg(test)]
mod tests;

pub use fields::*;

use std::fmt::{self, Write};
use std::ops::Range;

use super::datagrams::{self, Asking, Seen};
use super::lines;
use super::lines::text::{Placed, Shown};
use crate::codes;
use crate::engine::session::Session;
use crate::engine::view::View;
use crate::field::{FieldDef, FieldId, Value};
use crate::ids::FrameId;
use crate::message::{Message, MessageKind};
use crate::protocol::{Claim, Facts, Framing, Likelihood, Protocol};
use crate::sink::{Severity, Sink};
use crate::span::Span;
use crate::telling::Telling;

codes! {
    /// What a message is.
    pub enum Kind {
        /// Somebody looks for devices.
        Search,
        /// A device announces itself, or takes leave.
        Notify,
        /// A device answers a search.
        Response,
    }
}

impl MessageKind for Kind {
    /// Of a response the frame of the search; of a repeated search that of the first.
    type Extra = Option<FrameId>;
}

/// Headers that are looked at; no device sends half as many.
const MAX_HEADERS: usize = 64;

/// The Simple Service Discovery Protocol.
pub struct Ssdp;

impl Protocol for Ssdp {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["UPnP Device Architecture 2.0"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::UdpPort(1900)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        match kind(bytes).filter(|_| framing == Framing::Datagram) {
            Some(Kind::Search | Kind::Notify) => Likelihood::Surely,
            // Any answer of HTTP begins like this: these two headers are this protocol's.
            Some(Kind::Response) if header(bytes, "ST").or(header(bytes, "USN")).is_some() => {
                Likelihood::Surely
            }
            Some(Kind::Response) => Likelihood::Unsaid,
            None => Likelihood::No,
        }
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        datagrams::open(facts, look)
    }

    fn summary(&self, message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
        let bytes = view.bytes(message.span);
        let start = bytes.get(..start_line(bytes)).unwrap_or(bytes);
        write!(line, "{} ", Shown(start))
    }

    fn describe(&self, message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
        describe(message, Placed { bytes: view.bytes(message.span), span: message.span }, sink);
        if message.is(Kind::Response)
            && let Some(request) = datagrams::request::<Kind>(message, view)
        {
            sink.field(REQUEST_IN, Value::Unsigned(request.frame.number().into()), Span::NONE);
            sink.field(TIME, Value::Nanos(request.before), Span::NONE);
        }
    }

    fn tell(&self, message: &Message, view: &View<'_>) -> Option<Telling> {
        tell::tell(message, view)
    }
}

/// Which message begins with these bytes.
fn kind(bytes: &[u8]) -> Option<Kind> {
    let starts = [
        ("M-SEARCH * HTTP/1.", Kind::Search),
        ("NOTIFY * HTTP/1.", Kind::Notify),
        ("HTTP/1.1 200 ", Kind::Response),
        ("HTTP/1.0 200 ", Kind::Response),
    ];
    starts.iter().find(|(start, _)| bytes.starts_with(start.as_bytes())).map(|(_, kind)| *kind)
}

/// How long the start line is, without its end.
fn start_line(bytes: &[u8]) -> usize {
    lines::line(bytes).unwrap_or_else(|| lines::unended(bytes)).text
}

/// Header lines: where each lies with its end, its name, and its value without blanks around it.
fn headers(bytes: &[u8]) -> impl Iterator<Item = (Range<usize>, &[u8], Range<usize>)> {
    let mut at = lines::line(bytes).map_or(bytes.len(), |line| line.len);
    let next = move || {
        let rest = bytes.get(at..).filter(|rest| !rest.is_empty())?;
        let line = lines::line(rest).unwrap_or_else(|| lines::unended(rest));
        let whole = at..at + line.len;
        let text = rest.get(..line.text)?;
        at = whole.end;
        let colon = memchr::memchr(b':', text)?;
        let value = lines::text::rest(text, colon + 1);
        Some((
            whole.clone(),
            text.get(..colon)?,
            whole.start + value.start..whole.start + value.end,
        ))
    };
    std::iter::from_fn(next).take(MAX_HEADERS)
}

/// The value of a header.
fn header<'a>(bytes: &'a [u8], name: &str) -> Option<&'a [u8]> {
    let mut all = headers(bytes);
    let found = all.find(|(_, known, _)| known.eq_ignore_ascii_case(name.as_bytes()));
    found.and_then(|(_, _, value)| bytes.get(value))
}

/// Whether a message goes to everybody: its host is a group.
fn is_multicast(bytes: &[u8]) -> bool {
    let host = header(bytes, "HOST").unwrap_or(&[]);
    host.starts_with(b"239.") || host.get(..3).is_some_and(|host| host.eq_ignore_ascii_case(b"[ff"))
}

/// What a datagram is: an answer repeats what was looked for.
fn look(bytes: &[u8], _wire: usize) -> Option<Seen<Kind>> {
    let kind = kind(bytes)?;
    let target = header(bytes, "ST").map(datagrams::fingerprint);
    let asking = match (kind, target) {
        (Kind::Search, Some(target)) => Asking::Asks(target),
        (Kind::Response, Some(target)) => Asking::Answers(target),
        _ => Asking::Alone,
    };
    Some(Seen { kind, asking, same: datagrams::fingerprint(bytes) })
}

fn describe(message: &Message, placed: Placed<'_>, sink: &mut dyn Sink) {
    let line = 0..start_line(placed.bytes);
    let words = || {
        let start = placed.get(&line);
        let first = lines::text::word(start, 0);
        let second = lines::text::word(start, first.end);
        (first, second.clone(), lines::text::rest(start, second.end))
    };
    let (first, second, third) = words();
    if message.is(Kind::Response) {
        placed.text(sink, RESPONSE_VERSION, &first);
        if let Some(code) = lines::text::number(placed.get(&second)) {
            sink.field(RESPONSE_CODE, Value::Unsigned(code), placed.place(&second));
        }
        placed.text(sink, RESPONSE_PHRASE, &third);
    } else {
        placed.text(sink, REQUEST_METHOD, &first);
        placed.text(sink, REQUEST_URI, &second);
        placed.text(sink, REQUEST_VERSION, &third);
    }
    let mut end = placed.bytes.len().min(line.end);
    for (whole, name, value) in headers(placed.bytes) {
        if sink.is_done() {
            return;
        }
        let known = HEADERS.iter().find(|(known, _)| name.eq_ignore_ascii_case(known.as_bytes()));
        match known {
            Some((_, field)) => placed.text(sink, *field, &value),
            None => placed.text(sink, UNKNOWN_HEADER, &whole),
        }
        end = whole.end;
    }
    match message.kind() {
        Some(Kind::Search) | None => {}
        Some(Kind::Notify) => sink.field(NOTIFICATION, Value::Bool(true), Span::NONE),
        Some(Kind::Response) => sink.field(RESPONSE, Value::Bool(true), Span::NONE),
    }
    let rest = placed.bytes.get(end..).unwrap_or(&[]);
    if !rest.starts_with(b"\r\n") && !rest.starts_with(b"\n") {
        let text = format_args!("The head does not end with an empty line");
        sink.note(Severity::Broken, placed.span.from(end), text);
    }
}
