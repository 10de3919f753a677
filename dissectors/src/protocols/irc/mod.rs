//! IRC (RFC 2812): people meet in channels, and servers pass on what is said there, line by line.
//!
//! ```text
//!   NICK tim CRLF · USER tim 0 * :Tim CRLF          a client: command, words, the last behind a colon
//!   :server 001 tim :Welcome CRLF                   a server: who it comes from, a number or a command
//! ```

mod describe;
mod line;
mod tell;
#[cfg(test)]
mod tests;

use std::fmt::{self, Write};

use self::line::Line;
use super::framed::{Framed, Grammar, Measure, Seen, Ties};
use super::lines;
use crate::claim::Claim;
use crate::codes;
use crate::engine::session::Session;
use crate::engine::view::View;
use crate::field::{FieldDef, FieldId};
use crate::fields;
use crate::ids::{Direction, FrameId};
use crate::message::{Message, MessageKind};
use crate::protocol::{Facts, Framing, Likelihood, Protocol};
use crate::protocols::datagrams::fingerprint;
use crate::sink::Sink;
use crate::telling::Telling;

codes! {
    /// Who says a line.
    pub enum Kind {
        /// A client.
        Request,
        /// The server.
        Response,
    }
}

impl MessageKind for Kind {
    /// The frame of the PING that a PONG answers.
    type Extra = Option<FrameId>;
}

fields! { "irc", "IRC";
    REQUEST = FieldDef::text("irc.request", "Request"),
    REQUEST_PREFIX = FieldDef::text("irc.request.prefix", "Prefix"),
    REQUEST_COMMAND = FieldDef::text("irc.request.command", "Command"),
    REQUEST_PARAMETER = FieldDef::text("irc.request.command_parameter", "Parameter"),
    REQUEST_TRAILER = FieldDef::text("irc.request.trailer", "Trailer"),
    RESPONSE = FieldDef::text("irc.response", "Response"),
    RESPONSE_PREFIX = FieldDef::text("irc.response.prefix", "Prefix"),
    RESPONSE_COMMAND = FieldDef::text("irc.response.command", "Command"),
    RESPONSE_NUMBER = FieldDef::u16("irc.response.num_command", "Command").decimal(),
    RESPONSE_PARAMETER = FieldDef::text("irc.response.command_parameter", "Parameter"),
    RESPONSE_TRAILER = FieldDef::text("irc.response.trailer", "Trailer"),
}

/// Internet Relay Chat.
pub struct Irc;

/// Commands by which a client begins.
const FIRST: &[&str] = &["NICK", "USER", "PASS", "CAP"];

impl Protocol for Irc {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 1459", "RFC 2812"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::TcpPort(6667)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    /// NICK and USER with their words are nobody else's; any line may be one on its port.
    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        if framing != Framing::Stream {
            return Likelihood::No;
        }
        let whole = lines::line(bytes);
        let text = whole.map_or(bytes, |line| bytes.get(..line.text).unwrap_or(bytes));
        match line::read(text) {
            Some(line) if whole.is_some() && lines::is_text(text) && line.is_sure(text) => {
                Likelihood::Perhaps
            }
            // Words may hold what CTCP and colours of text are made of, and no zero.
            Some(_) if !text.contains(&0) => Likelihood::Unsaid,
            _ => Likelihood::No,
        }
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        let grammar = OnStream { client: facts.began, may_switch: false };
        let open = || Box::new(Framed::new(grammar)) as Box<dyn Session>;
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

/// Lines on a stream, who the client is, and whether the server has agreed to go on in TLS.
#[derive(Clone)]
struct OnStream {
    client: Option<Direction>,
    may_switch: bool,
}

/// The answer that lets TLS begin (IRCv3, tls: RPL_STARTTLS).
const GO_ON_IN_TLS: &[u8] = b"670";

impl Grammar for OnStream {
    type Kind = Kind;

    fn measure(&mut self, _from: Direction, bytes: &[u8]) -> Measure {
        if self.may_switch && bytes.first() == Some(&22) {
            return if lines::is_tls(bytes) {
                Measure::Switch(Claim::Named("tls"))
            } else {
                Measure::Need(bytes.len() + 1)
            };
        }
        match lines::line(bytes) {
            Some(line) => Measure::Whole(line.len as u64),
            None if bytes.len() < lines::MAX_LINE => Measure::Need(bytes.len() + 1),
            None => Measure::Nothing,
        }
    }

    fn accept(&mut self, from: Direction, bytes: &[u8]) -> Seen<Kind> {
        let found = line::of(bytes);
        let command = found.as_ref().map(|line| line.command(bytes)).unwrap_or_default();
        let is_number = found.as_ref().is_some_and(|line| line.number(bytes).is_some());
        let client = *self.client.get_or_insert(if is_number { from.reverse() } else { from });
        let kind = if from == client { Kind::Request } else { Kind::Response };
        self.may_switch |= kind == Kind::Response && command == GO_ON_IN_TLS;
        let key = |line: &Line| line.last(bytes).map(fingerprint);
        let ties = match found.as_ref().and_then(key) {
            Some(key) if command.eq_ignore_ascii_case(b"PING") => Ties::asks(key),
            Some(key) if command.eq_ignore_ascii_case(b"PONG") => Ties::answers(key),
            _ => Ties::ALONE,
        };
        Seen { kind, extra: None, ties }
    }

    fn begins(&self, _from: Direction, bytes: &[u8]) -> bool {
        line::of(bytes).is_some() && lines::opening(bytes).is_some()
    }

    fn answered(_extra: Option<FrameId>, asked: FrameId) -> Option<FrameId> {
        Some(asked)
    }
}
