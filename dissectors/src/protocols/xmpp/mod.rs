//! XMPP (RFC 6120), as far as its stanzas go: the opening of a stream, and each element directly
//! inside it by its name. StartTLS is followed (section 5).
//!
//! ```text
//!   C: <stream:stream to='example.org' …>       OPENING: ends with its first tag
//!   S: <stream:features><starttls …/></stream:features>      STANZA
//!   C: <starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>
//!   S: <proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>    from here on TLS speaks
//! ```

mod scan;
#[cfg(test)]
mod tests;

use std::fmt::{self, Write};

use crate::codes;
use crate::engine::session::{Announce, Input, Out, Progress, Session, Way};
use crate::engine::view::View;
use crate::field::{FieldDef, FieldId, Value};
use crate::fields;
use crate::ids::{Both, Direction, MessageId};
use crate::message::{Message, MessageKind, Relation};
use crate::protocol::{Claim, Facts, Framing, Likelihood, Protocol};
use crate::sink::Sink;
use crate::span::Span;
use crate::telling::{Outcome, Telling};
use scan::{Found, Scan};

codes! {
    /// What a message of XMPP is.
    pub enum Kind {
        /// The first tag of a stream, or its last.
        Opening,
        /// A whole element inside the stream.
        Stanza,
        /// Bytes that are none of these.
        Other,
    }
}

impl MessageKind for Kind {
    type Extra = ();
}

/// The longest element that is held: servers bound stanzas to some 10 kB (RFC 6120, section 13.12).
const MAX_STANZA: usize = 1 << 18;

fields! { "xmpp", "XMPP";
    STREAM = FieldDef::group("xmpp.stream", "STREAM"),
    FEATURES = FieldDef::group("xmpp.features", "FEATURES"),
    STARTTLS = FieldDef::group("xmpp.starttls", "STARTTLS"),
    PROCEED = FieldDef::group("xmpp.proceed", "PROCEED"),
    FAILURE = FieldDef::group("xmpp.failure", "FAILURE"),
    AUTH = FieldDef::group("xmpp.auth", "AUTH"),
    IQ = FieldDef::group("xmpp.iq", "IQ"),
    MESSAGE = FieldDef::group("xmpp.message", "MESSAGE"),
    PRESENCE = FieldDef::group("xmpp.presence", "PRESENCE"),
    UNKNOWN = FieldDef::text("xmpp.unknown", "Unknown element"),
    OUT = FieldDef::flag("xmpp.out", "Out", 0).computed().listed(),
    IN = FieldDef::flag("xmpp.in", "In", 0).computed().listed(),
    XMLNS = FieldDef::text("xmpp.xmlns", "xmlns"),
    /// Ours: Wireshark has a protocol of its own for it.
    XML = FieldDef::text("xmpp.xml", "XML"),
}

/// XMPP.
pub struct Xmpp;

impl Protocol for Xmpp {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 6120"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::TcpPort(5222), Claim::TcpPort(5269), Claim::Alpn(b"xmpp-client")]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        let text = bytes.get(..512).unwrap_or(bytes).trim_ascii_start();
        let has = |part: &[u8]| text.windows(part.len()).any(|window| window == part);
        let begins = |part: &[u8]| text.starts_with(part) || part.starts_with(text);
        if framing != Framing::Stream {
            Likelihood::No
        } else if text.is_empty() {
            // Blanks keep a connection open.
            Likelihood::Unsaid
        } else if !matches!(text, [b'<'] | [b'<', b'a'..=b'z' | b'?' | b'/', ..]) {
            Likelihood::No
        } else if has(b"<stream:stream") && has(b"jabber:") {
            Likelihood::Surely
        } else if begins(b"<?xml ") && !has(b"><") || ends_in_stream(text) || begins(b"<stream:") {
            Likelihood::Perhaps
        } else if text.starts_with(b"<html") {
            Likelihood::No
        } else {
            // An element of a stream whose opening was not captured.
            Likelihood::Unsaid
        }
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        (facts.framing == Framing::Stream).then(|| Box::new(Stream::default()) as Box<dyn Session>)
    }

    /// The name of the element in capitals, without the prefix of streams.
    fn summary(&self, message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
        let name = scan::name(view.bytes(message.span));
        let name = match name.split_at_checked(7) {
            Some((prefix, name)) if prefix.eq_ignore_ascii_case(b"stream:") => name,
            _ => name,
        };
        for chunk in name.utf8_chunks() {
            for c in chunk.valid().chars() {
                line.write_char(c.to_ascii_uppercase())?;
            }
            if !chunk.invalid().is_empty() {
                line.write_char(char::REPLACEMENT_CHARACTER)?;
            }
        }
        line.write_char(' ')
    }

    fn describe(&self, message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
        let bytes = view.bytes(message.span);
        let flag = if message.direction == Direction::Forward { OUT } else { IN };
        sink.field(flag, Value::Bool(true), Span::NONE);
        let name = scan::name(bytes);
        match group(name) {
            Some(field) => sink.open(field, Value::None, message.span),
            None => sink.open(UNKNOWN, Value::text(name), scan::place(bytes, name, message.span)),
        }
        for (value, place) in scan::namespaces(bytes, message.span) {
            sink.field(XMLNS, Value::text(value), place);
        }
        sink.field(XML, Value::text(bytes), message.span);
        sink.close();
    }

    fn tell(&self, message: &Message, view: &View<'_>) -> Option<Telling> {
        let name = scan::name(view.bytes(message.span));
        let label = format!("<{}>", String::from_utf8_lossy(name));
        let told = |headline: &str| Telling::new(label.clone(), headline, "XMPP");
        Some(match name {
            b"starttls" => told("Asks to go on in TLS on this connection")
                .detail("Until the handshake has ended, anyone on the way can take this away.")
                .weight(7, 5)
                .lesson("lines/starttls", "RFC 6120", "5")
                .asking(),
            b"proceed" => told("Agrees: the next byte of either side is TLS").answering(),
            b"failure" => told("Refuses").answering().outcome(Outcome::Refused),
            b"stream:stream" => told("Opens a stream of elements in its direction").asking(),
            b"stream:features" => told("Says what can be agreed on now").answering(),
            _ => told("Sends an element").asking(),
        })
    }
}

fn group(name: &[u8]) -> Option<FieldId> {
    Some(match name {
        b"stream:stream" => STREAM,
        b"stream:features" => FEATURES,
        b"starttls" => STARTTLS,
        b"proceed" => PROCEED,
        b"failure" => FAILURE,
        b"auth" => AUTH,
        b"iq" => IQ,
        b"message" => MESSAGE,
        b"presence" => PRESENCE,
        _ => return None,
    })
}

/// The state of a connection.
#[derive(Clone, Default)]
struct Stream {
    /// The element that asked for TLS.
    asked: Option<MessageId>,
    sides: Both<Side>,
    switched: bool,
}

/// What was read of one direction.
#[derive(Clone, Copy, Default)]
struct Side {
    /// Where an element begins that goes on, and how far it was looked through.
    waits: (u64, Scan),
    /// Nothing is read any more.
    is_lost: bool,
}

impl Session for Stream {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        if self.switched {
            return Progress::Switch(Claim::Named("tls"));
        }
        let side = self.sides.of_mut(input.direction);
        let blanks = input.bytes.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        if blanks > 0 && !side.is_lost {
            // Blanks between elements keep a connection open, and say nothing.
            return Progress::Took(blanks);
        }
        if side.waits.0 != input.at {
            side.waits = (input.at, Scan::default());
        }
        let is_lost = side.is_lost;
        let found = if is_lost { Found::Broken } else { side.waits.1.element(input.bytes) };
        let (len, kind) = match found {
            Found::Tag(len) => (len, Kind::Opening),
            Found::Element(len) => (len, Kind::Stanza),
            Found::Part if input.bytes.len() < MAX_STANZA => {
                return Progress::Need(input.bytes.len() + 1);
            }
            Found::Part | Found::Broken => {
                side.is_lost = true;
                (input.bytes.len(), Kind::Other)
            }
        };
        let span = out.span(input.at, len);
        let id = out.announce(Announce::new(kind, span));
        let name = scan::name(input.bytes.get(..len).unwrap_or(&[]));
        match name {
            b"starttls" if kind == Kind::Stanza => self.asked = Some(id),
            b"proceed" | b"failure" if kind == Kind::Stanza => {
                if let Some(question) = self.asked.take() {
                    out.relate(id, Relation::Answers, question);
                    self.switched = name == b"proceed";
                }
            }
            _ => {}
        }
        Progress::Took(len)
    }

    fn gap(&mut self, way: Way, _missing: Option<u64>, _out: &mut Out<'_>) -> bool {
        self.sides.of_mut(way.direction).is_lost = true;
        true
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}

/// Whether an XML declaration is followed by what may become the opening of a stream.
fn ends_in_stream(text: &[u8]) -> bool {
    const OPENS: &[u8] = b"<stream:stream";
    let end = text.windows(2).position(|pair| pair == b"><");
    let next = end.and_then(|end| text.get(end + 1..)).unwrap_or(&[]);
    let opens = next.starts_with(OPENS) || !next.is_empty() && OPENS.starts_with(next);
    text.starts_with(b"<?xml ") && opens
}
