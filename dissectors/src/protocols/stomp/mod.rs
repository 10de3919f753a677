//! STOMP 1.2 (and 1.1, 1.0): clients send messages to destinations, and a broker hands them to
//! whoever subscribed, in frames that one can type.
//!
//! ```text
//!   SEND LF                        the command
//!   destination:/queue/a LF        headers, a name and a value, as many as one likes
//!   LF                             an empty line
//!   hello ␀                        the body: as long as content-length says, else up to a zero
//!
//!   LF                             between two frames: this side is still there
//! ```
//!
//! On a stream of TCP, or in messages of a WebSocket.

mod describe;
mod frame;
mod tell;
#[cfg(test)]
mod tests;

use std::fmt::{self, Write};

use self::frame::Frame;
use super::framed::{Framed, Grammar, Measure, Seen, Ties};
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
    /// What a message is.
    pub enum Kind {
        /// A frame.
        Frame,
        /// A line end between two frames: this side is still there.
        Beat,
    }
}

impl MessageKind for Kind {
    /// The frame that asked for it.
    type Extra = Option<FrameId>;
}

fields! { "stomp", "STOMP";
    COMMAND = FieldDef::text("stomp.command", "Command"),
    HEADER = FieldDef::text("stomp.header", "Header"),
    NAME = FieldDef::text("stomp.header.name", "Name"),
    VALUE = FieldDef::text("stomp.header.value", "Value"),
    BODY = FieldDef::bytes("stomp.body", "Body"),
    BEAT = FieldDef::bytes("stomp.heartbeat", "Heart-beat"),
}

/// STOMP.
pub struct Stomp;

impl Protocol for Stomp {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["STOMP 1.2"]
    }

    /// The port is the brokers' custom; nobody has registered one.
    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::TcpPort(61613)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    /// The first frames of both sides name versions in headers that nobody else has.
    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        if framing != Framing::Stream {
            return Likelihood::No;
        }
        match frame::command(bytes) {
            Some(command) if frame::opens(command) && frame::head_end(bytes).is_some() => {
                Likelihood::Surely
            }
            Some(command) if frame::is_known(command) => Likelihood::Perhaps,
            Some(_) => Likelihood::No,
            None if frame::may_go_on(bytes) => Likelihood::Unsaid,
            None => Likelihood::No,
        }
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        let open = || Box::new(Framed::new(OnStream)) as Box<dyn Session>;
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

/// Frames on a stream.
#[derive(Clone)]
struct OnStream;

/// The key of the first question, which has no number.
const CONNECT: u64 = 0;

impl Grammar for OnStream {
    type Kind = Kind;

    fn measure(&mut self, _from: Direction, bytes: &[u8]) -> Measure {
        match bytes {
            [] | [b'\r'] => return Measure::Need(bytes.len() + 1),
            [b'\n', ..] => return Measure::Whole(1),
            [b'\r', b'\n', ..] => return Measure::Whole(2),
            _ => {}
        }
        if !frame::may_go_on(bytes) {
            return Measure::Nothing;
        }
        match frame::len(bytes) {
            frame::Len::Whole(len) => Measure::Whole(len),
            frame::Len::More => Measure::Need(bytes.len() + 1),
            frame::Len::Nothing => Measure::Nothing,
        }
    }

    fn accept(&mut self, _from: Direction, bytes: &[u8]) -> Seen<Kind> {
        let Some(frame) = Frame::read(bytes) else {
            return Seen { kind: Kind::Beat, extra: None, ties: Ties::ALONE };
        };
        let asks = frame.value("receipt").map(|name| Ties::asks(fingerprint(name)));
        let answers = || frame.value("receipt-id").map(|name| Ties::answers(fingerprint(name)));
        let ties = match frame.command {
            b"CONNECT" | b"STOMP" => Some(Ties::asks(CONNECT)),
            b"CONNECTED" => Some(Ties::answers(CONNECT)),
            b"RECEIPT" | b"ERROR" => answers(),
            _ => asks,
        };
        Seen { kind: Kind::Frame, extra: None, ties: ties.unwrap_or(Ties::ALONE) }
    }

    fn begins(&self, _from: Direction, bytes: &[u8]) -> bool {
        frame::command(bytes).is_some_and(frame::is_known)
    }

    fn answered(_extra: Option<FrameId>, asked: FrameId) -> Option<FrameId> {
        Some(asked)
    }
}
