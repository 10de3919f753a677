//! NATS: lines that publish under subjects and subscribe to them, each with what it carries behind
//! it.
//!
//! ```text
//!   server ── INFO {…} ──> client                    it speaks first
//!   PUB subject reply 5 CRLF hello CRLF ──> server
//!   client <── MSG subject sid 5 CRLF hello CRLF
//!   HPUB and HMSG: two lengths, of the headers and of all
//! ```

mod describe;
mod grammar;
mod line;
mod tell;
#[cfg(test)]
mod tests;

use std::fmt::{self, Write};

use crate::codes;
use crate::engine::session::Session;
use crate::engine::view::View;
use crate::field::{FieldDef, FieldId, Kind as Width};
use crate::fields;
use crate::ids::FrameId;
use crate::message::{Message, MessageKind};
use crate::protocol::{Claim, Facts, Framing, Likelihood, Protocol};
use crate::protocols::framed::Framed;
use crate::sink::Sink;
use crate::telling::Telling;

codes! {
    /// What a message of NATS is.
    pub enum Kind {
        /// A line, with what it carries.
        Line,
    }
}

impl MessageKind for Kind {
    /// The frame of the question that a message answers.
    type Extra = Option<FrameId>;
}

fields! { "nats", "NATS";
    OP = FieldDef::text("nats.op", "Operation"),
    SUBJECT = FieldDef::text("nats.subject", "Subject"),
    REPLY_TO = FieldDef::text("nats.reply_to", "Reply To Subject"),
    SID = FieldDef::text("nats.subscription.id", "Subscription ID"),
    QUEUE_GROUP = FieldDef::text("nats.subscription.group", "Queue Group"),
    MAX_MSGS = FieldDef::text("nats.subscription.max_msgs", "Max Messages"),
    HEADER_BYTES = FieldDef::u64("nats.headers.length", "Headers Bytes").decimal(),
    TOTAL_BYTES = FieldDef::u64("nats.total_length", "Total Bytes").decimal(),
    BODY_BYTES = FieldDef::u64("nats.body.length", "Body Length").computed(),
    HEADERS = FieldDef::group("nats.headers", "Headers"),
    HEADERS_VERSION = FieldDef::text("nats.headers.version", "Headers Version"),
    HEADER = FieldDef::text("nats.headers.header", "Header"),
    FEATURES = FieldDef::group("nats.features", "Features"),
    ERROR = FieldDef::text("nats.err_msg", "Error Message"),
    REQUEST_IN = FieldDef::u32("nats.request.in", "Request Frame").computed(),
    LATENCY = FieldDef::of("nats.response.latency", "Response Latency", Width::Duration).computed(),
    /// Ours: what a message carries, which Wireshark shows as data.
    PAYLOAD = FieldDef::bytes("nats.payload", "Payload"),
}

/// NATS.
pub struct Nats;

impl Protocol for Nats {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["NATS client protocol"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::TcpPort(4222)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    /// The greeting and its answer hold JSON in a line; all else is words.
    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        if framing != Framing::Stream {
            return Likelihood::No;
        }
        if bytes.starts_with(b"INFO {\"server_id\"") || bytes.starts_with(b"CONNECT {\"verbose\"") {
            return Likelihood::Surely;
        }
        match line::read(bytes) {
            Some(_) => Likelihood::Unsaid,
            None if line::may_go_on(bytes) => Likelihood::Unsaid,
            None => Likelihood::No,
        }
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        let open = || Box::new(Framed::new(grammar::Nats::default())) as Box<dyn Session>;
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
}
