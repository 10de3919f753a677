//! SDP (RFC 8866): describes a session of media, line by line; who wants to send audio or video to
//! whom, where, and in which codings.
//!
//! ```text
//!   v=0
//!   o=user id version IN IP4 address        who made it
//!   c=IN IP4 address                        where media go
//!   m=audio 8000 RTP/AVP 0 8                one medium: port, transport, payload types
//!   a=rtpmap:0 PCMU/8000                    what a payload type stands for
//! ```

#[cfg(test)]
mod tests;

use std::fmt::Write;
use std::ops::Range;

use super::lines::line;
use super::lines::text::{Placed, Shown, number, word};
use crate::codes;
use crate::engine::session::{Announce, Input, Out, Progress, Session};
use crate::engine::view::View;
use crate::field::{FieldDef, FieldId, Value};
use crate::fields;
use crate::message::{Message, MessageKind};
use crate::protocol::{Claim, Facts, Framing, Likelihood, Protocol};
use crate::sink::Sink;
use crate::telling::Telling;

codes! {
    /// What a message is.
    pub enum Kind {
        /// A description.
        Description,
    }
}

impl MessageKind for Kind {
    type Extra = ();
}

fields! { "sdp", "SDP";
    VERSION = FieldDef::text("sdp.version", "Session Description Protocol Version (v)"),
    OWNER = FieldDef::text("sdp.owner", "Owner/Creator, Session Id (o)"),
    OWNER_NAME = FieldDef::text("sdp.owner.username", "Owner Username"),
    OWNER_SESSION = FieldDef::text("sdp.owner.sessionid", "Session ID"),
    OWNER_VERSION = FieldDef::text("sdp.owner.version", "Session Version"),
    OWNER_NETWORK = FieldDef::text("sdp.owner.network_type", "Owner Network Type"),
    OWNER_TYPE = FieldDef::text("sdp.owner.address_type", "Owner Address Type"),
    OWNER_ADDRESS = FieldDef::text("sdp.owner.address", "Owner Address"),
    SESSION_NAME = FieldDef::text("sdp.session_name", "Session Name (s)"),
    CONNECTION = FieldDef::text("sdp.connection_info", "Connection Information (c)"),
    CONNECTION_NETWORK =
        FieldDef::text("sdp.connection_info.network_type", "Connection Network Type"),
    CONNECTION_TYPE =
        FieldDef::text("sdp.connection_info.address_type", "Connection Address Type"),
    CONNECTION_ADDRESS = FieldDef::text("sdp.connection_info.address", "Connection Address"),
    BANDWIDTH = FieldDef::text("sdp.bandwidth", "Bandwidth Information (b)"),
    TIME = FieldDef::text("sdp.time", "Time Description, active time (t)"),
    SESSION_ATTRIBUTE = FieldDef::text("sdp.session_attr", "Session Attribute (a)"),
    SESSION_FIELD = FieldDef::text("sdp.session_attr.field", "Session Attribute Fieldname"),
    SESSION_VALUE = FieldDef::text("sdp.session_attr.value", "Session Attribute Value"),
    MEDIA = FieldDef::text("sdp.media", "Media Description, name and address (m)"),
    MEDIA_TYPE = FieldDef::text("sdp.media.media", "Media Type"),
    MEDIA_PORT = FieldDef::u16("sdp.media.port", "Media Port").decimal(),
    MEDIA_PROTOCOL = FieldDef::text("sdp.media.proto", "Media Protocol"),
    MEDIA_FORMAT = FieldDef::text("sdp.media.format", "Media Format"),
    MEDIA_ATTRIBUTE = FieldDef::text("sdp.media_attr", "Media Attribute (a)"),
    MEDIA_FIELD = FieldDef::text("sdp.media_attribute.field", "Media Attribute Fieldname"),
    MEDIA_VALUE = FieldDef::text("sdp.media_attribute.value", "Media Attribute Value"),
    UNKNOWN = FieldDef::text("sdp.unknown", "Unknown"),
}

/// SDP.
pub struct Sdp;

impl Protocol for Sdp {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 8866"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::ContentType("application/sdp")]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    /// Only who carries it knows: a line that begins with a letter and an equals sign is much.
    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        match (framing, bytes) {
            (Framing::Datagram, [b'v', b'=', ..]) => Likelihood::Unsaid,
            _ => Likelihood::No,
        }
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        (facts.framing == Framing::Datagram).then(|| Box::new(SdpSession) as Box<dyn Session>)
    }

    // Nothing as a summary: what carries a description says what it is for.

    fn describe(&self, message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
        let placed = Placed { bytes: view.bytes(message.span), span: message.span };
        let mut in_media = false;
        for (kind, value) in entries(placed.bytes) {
            in_media |= kind == b'm';
            entry(kind, &value, in_media, &placed, sink);
        }
    }

    fn tell(&self, message: &Message, view: &View<'_>) -> Option<Telling> {
        let bytes = view.bytes(message.span);
        let media = |kind: u8| {
            let found = entries(bytes).filter(move |(one, _)| *one == kind);
            found.map(|(_, value)| Shown(bytes.get(value).unwrap_or(&[])).to_string())
        };
        let label = entries(bytes).find(|(kind, _)| *kind == b'm').map(|(_, value)| {
            let text = bytes.get(value).unwrap_or(&[]);
            let first = word(text, 0);
            let port = text.get(word(text, first.end)).unwrap_or(&[]);
            format!("{} {}", Shown(text.get(first).unwrap_or(&[])), Shown(port))
        });
        let mut detail = String::new();
        for address in media(b'c').take(1) {
            let _ = write!(detail, "To {address}. ");
        }
        /// Media that a sentence can hold.
        const MOST: usize = 4;
        for one in media(b'm').take(MOST) {
            let _ = write!(detail, "{one}. ");
        }
        let label = label.unwrap_or_else(|| "SDP".into());
        let headline = "Says where it wants media sent, and in which codings";
        let told = Telling::new(label, headline, "SIP").detail(detail.trim_end()).weight(4, 4);
        Some(told.lesson("sdp/offer", "RFC 8866", "5"))
    }
}

/// The lines that are entries: their letter, and where their value stands.
fn entries(bytes: &[u8]) -> impl Iterator<Item = (u8, Range<usize>)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = bytes.get(at..).filter(|rest| !rest.is_empty())?;
            let from = at;
            let found = line(rest).unwrap_or_else(|| super::lines::unended(rest));
            at += found.len;
            if let [kind @ b'a'..=b'z', b'=', ..] = rest.get(..found.text).unwrap_or(rest) {
                return Some((*kind, from + 2..from + found.text));
            }
        }
    })
}

fn entry(kind: u8, value: &Range<usize>, in_media: bool, placed: &Placed<'_>, sink: &mut dyn Sink) {
    let (field, parts): (FieldId, &[FieldId]) = match kind {
        b'v' => (VERSION, &[]),
        b's' => (SESSION_NAME, &[]),
        b't' => (TIME, &[]),
        b'b' => (BANDWIDTH, &[]),
        b'o' => (
            OWNER,
            &[OWNER_NAME, OWNER_SESSION, OWNER_VERSION, OWNER_NETWORK, OWNER_TYPE, OWNER_ADDRESS],
        ),
        b'c' => (CONNECTION, &[CONNECTION_NETWORK, CONNECTION_TYPE, CONNECTION_ADDRESS]),
        b'm' => (MEDIA, &[MEDIA_TYPE, MEDIA_PORT, MEDIA_PROTOCOL]),
        b'a' if in_media => {
            return attribute(MEDIA_ATTRIBUTE, MEDIA_FIELD, MEDIA_VALUE, value, placed, sink);
        }
        b'a' => {
            return attribute(SESSION_ATTRIBUTE, SESSION_FIELD, SESSION_VALUE, value, placed, sink);
        }
        _ => (UNKNOWN, &[]),
    };
    placed.open(sink, field, value);
    let text = placed.get(value);
    let mut at = 0;
    for part in parts {
        let found = word(text, at);
        at = found.end;
        told(*part, value.start + found.start..value.start + found.end, placed, sink);
    }
    if kind == b'm' {
        let formats = std::iter::from_fn(|| {
            let found = word(text, at);
            at = found.end;
            (!found.is_empty()).then_some(found)
        });
        for found in formats {
            let range = value.start + found.start..value.start + found.end;
            told(MEDIA_FORMAT, range, placed, sink);
        }
    }
    sink.close();
}

/// Tells a word, as a number where the field is one.
fn told(field: FieldId, range: Range<usize>, placed: &Placed<'_>, sink: &mut dyn Sink) {
    if field != MEDIA_PORT {
        if !range.is_empty() {
            placed.text(sink, field, &range);
        }
        return;
    }
    // Several ports are written as the first one, a slash and how many.
    let text = placed.get(&range);
    let len = memchr::memchr(b'/', text).unwrap_or(text.len());
    let range = range.start..range.start + len;
    let port = number(placed.get(&range)).filter(|port| len > 0 && *port <= u16::MAX.into());
    if let Some(port) = port {
        sink.field(field, Value::Unsigned(port), placed.place(&range));
    }
}

/// An attribute: a name, and mostly a value behind a colon.
fn attribute(
    group: FieldId,
    field: FieldId,
    behind: FieldId,
    value: &Range<usize>,
    placed: &Placed<'_>,
    sink: &mut dyn Sink,
) {
    let text = placed.get(value);
    let colon = memchr::memchr(b':', text).unwrap_or(text.len());
    placed.open(sink, group, value);
    placed.text(sink, field, &(value.start..value.start + colon));
    if colon < text.len() {
        placed.text(sink, behind, &(value.start + colon + 1..value.end));
    }
    sink.close();
}

/// Each thing that is handed on is one description.
#[derive(Clone)]
struct SdpSession;

impl Session for SdpSession {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let span = out.span(input.at, input.bytes.len());
        out.announce(Announce::new(Kind::Description, span));
        Progress::Took(input.bytes.len().max(1))
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}
