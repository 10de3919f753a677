//! Echo over UDP (RFC 862): what comes is sent back. The smallest complete protocol: copy it.
//!
//! ```text
//!   client ── any bytes ──> server, port 7
//!   client <── the same ─── server
//! ```

use std::fmt::{self, Write};

use crate::codes;
use crate::engine::session::{Announce, Input, Out, Progress, Session};
use crate::engine::view::View;
use crate::field::{FieldDef, FieldId, Value};
use crate::fields;
use crate::ids::{Direction, MessageId};
use crate::limits::MAX_DATAGRAMS_ASKED;
use crate::message::{Message, MessageKind, Relation};
use crate::protocol::{Claim, Facts, Framing, Protocol};
use crate::protocols::waiting::Waiting;
use crate::sink::Sink;
use crate::telling::{Telling, quoted};
use crate::wording::counted;

codes! {
    /// What a message is.
    pub enum Kind {
        /// A datagram, there or back.
        Datagram,
    }
}

impl MessageKind for Kind {
    type Extra = ();
}

fields! { "echo", "ECHO";
    DATA = FieldDef::bytes("echo.data", "Echo data"),
    REQUEST = FieldDef::flag("echo.request", "Echo request", 0).computed(),
    RESPONSE = FieldDef::flag("echo.response", "Echo response", 0).computed(),
}

/// So many bytes are quoted where a datagram is told.
const SHOWN: usize = 60;

/// The Echo Protocol.
pub struct UdpEcho;

impl Protocol for UdpEcho {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 862"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::UdpPort(7)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        (facts.framing == Framing::Datagram).then(|| Box::new(Echo::default()) as Box<dyn Session>)
    }

    fn summary(&self, message: &Message, _view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
        line.write_str(match message.direction {
            Direction::Forward => "Request",
            Direction::Backward => "Response",
        })
    }

    fn describe(&self, message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
        let flag = match message.direction {
            Direction::Forward => REQUEST,
            Direction::Backward => RESPONSE,
        };
        sink.field(flag, Value::Bool(true), message.span);
        sink.field(DATA, Value::Bytes(view.bytes(message.span)), message.span);
    }

    fn tell(&self, message: &Message, view: &View<'_>) -> Option<Telling> {
        let bytes = view.bytes(message.span);
        let start = bytes.get(..SHOWN).unwrap_or(bytes);
        let more = if bytes.len() > start.len() { "…" } else { "" };
        let text = String::from_utf8_lossy(start);
        let detail = quoted(format_args!("{}{more}", text.trim_end()));
        let len = message.span.len;
        let told = match message.direction {
            Direction::Forward => Telling::new(
                counted(len.into(), "byte"),
                "Sends at once: UDP needs no handshake",
                "UDP echo",
            )
            .detail(format!("{detail} If the datagram is lost, nobody is told (RFC 768)."))
            .asking(),
            Direction::Backward => Telling::new(
                format!("{} back", counted(len.into(), "byte")),
                "The answer is an ordinary datagram, not an acknowledgement",
                "UDP echo",
            )
            .detail(format!("{detail} Nothing in UDP ties it to the question."))
            .answering(),
        };
        Some(told.lesson("udp/echo", "RFC 862", ""))
    }
}

/// Pairs answers with what they answer: the oldest question first, as nothing numbers them.
#[derive(Clone, Default)]
struct Echo {
    asked: Waiting<MessageId, MAX_DATAGRAMS_ASKED>,
}

impl Session for Echo {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let span = out.span(input.at, input.bytes.len());
        let message = out.announce(Announce::new(Kind::Datagram, span));
        match input.direction {
            Direction::Forward => self.asked.push(message),
            Direction::Backward => {
                if let Some(question) = self.asked.pop() {
                    out.relate(message, Relation::Answers, question);
                }
            }
        }
        Progress::Took(input.bytes.len())
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}

#[cfg(test)]
mod tests {
    use crate::engine::ports::Ports;
    use crate::protocol::Framing;
    use crate::protocols::stage::{ask, check_told, play_over, say};

    #[test]
    fn a_datagram_and_its_echo() {
        let ports = Ports { framing: Framing::Datagram, ports: [40000, 7], began: None };
        let stage = play_over(ports, &[ask("hello\n"), say("hello\n")]);
        check_told(
            &stage,
            &[
                "6 bytes | Sends at once: UDP needs no handshake | “hello”. If the datagram is \
             lost, nobody is told (RFC 768).",
                "6 bytes back | The answer is an ordinary datagram, not an acknowledgement | \
             “hello”. Nothing in UDP ties it to the question.",
            ],
        );
    }
}
