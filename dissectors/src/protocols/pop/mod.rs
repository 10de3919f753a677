//! POP3 (RFC 1939): a client fetches mail; the server answers each command with `+OK` or `-ERR`,
//! some with content that a line of one dot ends.
//!
//! ```text
//!   S: +OK ready
//!   C: STLS                            COMMAND
//!   S: +OK begin                       ANSWER; from here on TLS speaks (RFC 2595)
//! ```

mod describe;
mod session;
mod tell;
#[cfg(test)]
mod tests;

use std::fmt::{self, Write};

use super::lines;
use crate::codes;
use crate::engine::session::Session;
use crate::engine::view::View;
use crate::field::{FieldDef, FieldId};
use crate::fields;
use crate::message::{Message, MessageKind};
use crate::protocol::{Claim, Facts, Framing, Likelihood, Protocol};
use crate::sink::Sink;
use crate::telling::Telling;

codes! {
    /// What a message of POP3 is.
    pub enum Kind {
        /// A command line.
        Command,
        /// An answer, with its content where it has one.
        Answer,
        /// What the server says first, unasked.
        Greeting,
        /// A part of content that goes on.
        Part,
        /// A client's answer to a challenge of AUTH.
        Auth,
        /// Bytes that are neither.
        Other,
    }
}

impl MessageKind for Kind {
    type Extra = ();
}

codes! {
    /// What a part of a message is.
    pub enum Role {
        /// The content of an answer, with the line that ends it.
        Content,
    }
}

fields! { "pop", "POP";
    RESPONSE = FieldDef::text("pop.response", "Response"),
    INDICATOR = FieldDef::text("pop.response.indicator", "Response indicator"),
    DESCRIPTION = FieldDef::text("pop.response.description", "Response description"),
    RESPONSE_DATA = FieldDef::text("pop.response.data", "Data"),
    REQUEST = FieldDef::text("pop.request", "Request"),
    REQUEST_COMMAND = FieldDef::text("pop.request.command", "Request command"),
    REQUEST_PARAMETER = FieldDef::text("pop.request.parameter", "Request parameter"),
}

/// POP3.
pub struct Pop;

impl Protocol for Pop {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 1939", "RFC 2449", "RFC 2595", "RFC 5034"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::TcpPort(110)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        if framing == Framing::Stream { probe(bytes) } else { Likelihood::No }
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        let open = || Box::new(session::PopSession::default()) as Box<dyn Session>;
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

/// A greeting that names POP is sure. `+OK` alone and `-ERR` are also what Redis says.
fn probe(bytes: &[u8]) -> Likelihood {
    let Some(line) = lines::opening(bytes) else { return Likelihood::No };
    let complete = bytes.contains(&b'\n');
    if line.starts_with(b"+OK ") && lines::holds(line, &["pop"]) {
        return Likelihood::Surely;
    }
    let answer = line.starts_with(b"+OK ");
    let shared =
        ["USER", "PASS", "LIST", "RETR", "DELE", "NOOP", "RSET", "QUIT", "TOP", "LANG", "UTF8"];
    let own = ["CAPA", "STLS", "APOP", "UIDL", "STAT", "AUTH"];
    let begins = !complete && b"+OK".starts_with(line);
    if answer || begins || lines::commands(line, &own) || lines::names_user(line) {
        return Likelihood::Perhaps;
    }
    // Others have these commands, too. The server asks for more with a plus alone (RFC 5034,
    // section 4), and what may become a command or an answer is left to the port.
    let part = !complete && (lines::begins(line, &own) || lines::begins(line, &shared));
    let wants = line.starts_with(b"+ ") || line == b"+" || !complete && b"-ERR".starts_with(line);
    let wants = wants || line == b"+OK" || line.starts_with(b"-ERR");
    lines::unsaid(part || wants || lines::commands(line, &shared))
}
