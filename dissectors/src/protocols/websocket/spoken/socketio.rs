//! Socket.IO on Engine.IO ("The Socket.IO protocol" and "The Engine.IO protocol" of their project):
//! a digit for each of the two in front of JSON.
//!
//! ```text
//!   4 2 /admin, 12 ["news", {…}]
//!   │ │ │       │  └ an event and its arguments
//!   │ │ │       └ the number of an acknowledgement that is wanted
//!   │ │ └ a namespace, where it is not the first one
//!   │ └ of Socket.IO: an event
//!   └ of Engine.IO: a message
//! ```

use std::ops::Range;

use super::Said;
use crate::bytes::Lossy;
use crate::engine::view::View;
use crate::field::Value;
use crate::protocols::contents::{self, Media};
use crate::protocols::lines::text::short;
use crate::protocols::semantics::{count, number};
use crate::protocols::websocket::fields as f;
use crate::sink::Sink;
use crate::span::Span;

/// The type of Engine.IO that carries Socket.IO.
const MESSAGE: u8 = 4;

/// Whether a path is one of Engine.IO: its usual name, or the version that each request has.
pub(super) fn is_path(path: &[u8]) -> bool {
    let mut parts = path.splitn(2, |byte| *byte == b'?');
    let is_usual = parts
        .next()
        .is_some_and(|name| name.ends_with(b"/socket.io/") || name.ends_with(b"/engine.io/"));
    let mut query = parts.next().unwrap_or_default().split(|byte| *byte == b'&');
    is_usual || query.any(|pair| pair.starts_with(b"EIO="))
}

/// A packet, in offsets from its first byte.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Packet {
    engine: u8,
    socket: Option<u8>,
    /// How many messages of bytes follow that belong to it.
    attachments: Option<Range<usize>>,
    namespace: Option<Range<usize>>,
    ack: Option<Range<usize>>,
    rest: Range<usize>,
}

impl Packet {
    fn read(text: &[u8]) -> Option<Self> {
        let digit = |at: usize| text.get(at).filter(|byte| byte.is_ascii_digit());
        let engine = digit(0)? - b'0';
        let mut packet = Self {
            engine,
            socket: None,
            attachments: None,
            namespace: None,
            ack: None,
            rest: 1..text.len(),
        };
        if engine != MESSAGE {
            return Some(packet);
        }
        let Some(socket) = digit(1).map(|byte| byte - b'0').filter(|kind| *kind <= 6) else {
            return Some(packet);
        };
        packet.socket = Some(socket);
        let mut at = 2;
        let digits = |from: usize| {
            let rest = text.get(from..).unwrap_or_default();
            from + rest.iter().take_while(|byte| byte.is_ascii_digit()).count()
        };
        let end = digits(at);
        if end > at && text.get(end) == Some(&b'-') {
            packet.attachments = Some(at..end);
            at = end + 1;
        }
        if text.get(at) == Some(&b'/') {
            let rest = text.get(at..).unwrap_or_default();
            let end = memchr::memchr(b',', rest).map_or(text.len(), |comma| at + comma);
            packet.namespace = Some(at..end);
            at = (end + 1).min(text.len());
        }
        let end = digits(at);
        if end > at {
            packet.ack = Some(at..end);
            at = end;
        }
        packet.rest = at..text.len();
        Some(packet)
    }
}

/// What a message means.
pub(super) fn said(text: &[u8]) -> Option<Said> {
    let packet = Packet::read(text)?;
    let part =
        |range: &Range<usize>| Lossy(text.get(range.clone()).unwrap_or_default()).to_string();
    let rest = text.get(packet.rest.clone()).unwrap_or_default();
    let Some(socket) = packet.socket else {
        let name = f::ENGINE.def().name_of(packet.engine.into())?;
        let headline = match packet.engine {
            0 => "Opens a session of Engine.IO, and says how often to ask for life",
            1 => "Ends the session of Engine.IO",
            2 => "Asks whether the other side is there, in Engine.IO's own way",
            3 => "Says that this side is there, in Engine.IO's own way",
            5 => "Goes on here with what began in requests of HTTP",
            6 => "Says nothing, so that a request of HTTP that waits can end",
            _ => "Sends a message of Engine.IO",
        };
        return Some(Said { label: name.to_owned(), headline, detail: String::new() });
    };
    let name = f::SOCKET.def().name_of(socket.into())?;
    let event = contents::first(rest).filter(|_| matches!(socket, 2 | 5));
    let headline = match socket {
        0 => "Enters a namespace of Socket.IO, or says that one is entered",
        1 => "Leaves a namespace of Socket.IO",
        2 | 5 => "Sends an event by its name",
        3 | 6 => "Acknowledges an event under its number",
        _ => "Refuses to let the other side into a namespace",
    };
    let mut detail = Vec::new();
    detail.extend(packet.namespace.as_ref().map(|range| format!("Namespace {}.", part(range))));
    detail.extend(packet.ack.as_ref().map(|range| match socket {
        2 | 5 => format!("It wants an acknowledgement, number {}.", part(range)),
        _ => format!("Number {}.", part(range)),
    }));
    detail.extend(packet.attachments.as_ref().map(|range| {
        let number = number(text.get(range.clone()).unwrap_or_default()).unwrap_or(0);
        format!("{} to it.", count(number, "message of bytes belongs", "messages of bytes belong"))
    }));
    let label = event.map_or_else(|| name.to_owned(), |event| format!("{name} {event}"));
    Some(Said { label: short(label.as_bytes()), headline, detail: detail.join(" ") })
}

/// Describes a message that lies at a place.
pub(in crate::protocols::websocket) fn describe(span: Span, view: &View<'_>, sink: &mut dyn Sink) {
    let text = view.bytes(span);
    let Some(packet) = Packet::read(text) else { return };
    let place = |range: &Range<usize>| span.part(range.start, range.len());
    let words = |range: &Range<usize>| Value::text(text.get(range.clone()).unwrap_or_default());
    sink.field(f::ENGINE, Value::Unsigned(packet.engine.into()), place(&(0..1)));
    if let Some(socket) = packet.socket {
        sink.field(f::SOCKET, Value::Unsigned(socket.into()), place(&(1..2)));
    }
    let parts = [
        (f::ATTACHMENTS, &packet.attachments),
        (f::NAMESPACE, &packet.namespace),
        (f::ACKNOWLEDGEMENT, &packet.ack),
    ];
    for (field, range) in parts {
        if let Some(range) = range {
            sink.field(field, words(range), place(range));
        }
    }
    let rest = text.get(packet.rest.clone()).unwrap_or_default();
    if contents::is_json(rest) {
        contents::describe(&Media::json(), place(&packet.rest), view, sink);
    }
}
