//! Server-sent events (HTML Living Standard, section 9.2): an answer of HTTP that stays open, in
//! whose content the server says something whenever there is something to say.
//!
//! ```text
//!   id: 7             ┐
//!   event: price      ├ lines of one event, in any order
//!   data: 12.30       ┘
//!                       an empty line sends it off
//!   : still here        a comment: nobody is told
//! ```

mod block;
mod session;
mod tell;
#[cfg(test)]
mod tests;

use std::fmt::{self, Write};

use self::block::{Name, lines};
use crate::bytes::Lossy;
use crate::codes;
use crate::engine::session::Session;
use crate::engine::view::View;
use crate::field::{FieldDef, FieldId, Value};
use crate::fields;
use crate::message::{Message, MessageKind};
use crate::protocol::{Claim, Facts, Framing, Protocol};
use crate::protocols::semantics::{Call, HttpVersion};
use crate::sink::{Severity, Sink};
use crate::telling::Telling;

codes! {
    /// What a message is.
    pub enum Kind {
        /// An event.
        Event,
        /// Lines without data: a client takes them in and tells nobody.
        Setting,
        /// Comments only.
        Comment,
        /// A part of an event: the capture holds no more of it, or it is too long.
        Part,
    }
}

impl MessageKind for Kind {
    /// What carries it.
    type Extra = HttpVersion;
}

fields! { "sse", "SSE";
    EVENT = FieldDef::text("sse.event", "Event type"),
    DATA = FieldDef::text("sse.data", "Data"),
    ID = FieldDef::text("sse.id", "Event id"),
    RETRY = FieldDef::text("sse.retry", "Reconnection time"),
    COMMENT = FieldDef::text("sse.comment", "Comment"),
}

/// Server-sent events.
pub struct Sse;

impl Protocol for Sse {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["HTML"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::StreamType("text/event-stream")]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        let carrier = facts.get::<Call>().map_or(HttpVersion::Http1, |call| call.carrier);
        let open = || Box::new(session::SseSession::new(carrier)) as Box<dyn Session>;
        (facts.framing == Framing::Stream).then(open)
    }

    fn summary(&self, message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
        let bytes = view.bytes(message.span);
        let value = |wanted: Name| {
            let mut found = lines(bytes).filter(|line| line.name(bytes) == wanted);
            found.next().and_then(|line| bytes.get(line.value))
        };
        line.write_str(match message.kind::<Kind>() {
            Some(Kind::Event) => "Event",
            Some(Kind::Setting) => "Setting",
            Some(Kind::Comment) => "Comment",
            _ => "Part of an event",
        })?;
        if let Some(kind) = value(Name::Event) {
            write!(line, " {}", Lossy(kind))?;
        }
        match value(Name::Id) {
            Some(id) => write!(line, ", id {}", Lossy(id)),
            None => Ok(()),
        }
    }

    fn describe(&self, message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
        let bytes = view.bytes(message.span);
        for line in lines(bytes) {
            if sink.is_done() {
                return;
            }
            let place =
                |range: &std::ops::Range<usize>| message.span.part(range.start, range.len());
            let field = match line.name(bytes) {
                Name::Event => EVENT,
                Name::Data => DATA,
                Name::Id => ID,
                Name::Retry => RETRY,
                Name::Comment => COMMENT,
                Name::Unknown => {
                    let text =
                        "A client ignores a line with a name that the standard does not know";
                    sink.note(Severity::Hint, place(&line.all), format_args!("{text}"));
                    continue;
                }
            };
            let value = bytes.get(line.value.clone()).unwrap_or_default();
            sink.field(field, Value::text(value), place(&line.value));
        }
        if message.is(Kind::Part) {
            let text = "No empty line ends it here: a client that gets no more drops it";
            sink.note(Severity::Missing, message.span, format_args!("{text}"));
        }
    }

    fn tell(&self, message: &Message, view: &View<'_>) -> Option<Telling> {
        Some(tell::tell(message, view))
    }
}
