//! Modbus over TCP: a client reads and writes what a machine has in numbered places.
//!
//! ```text
//!   number 2 | protocol 2, zero | length 2 | unit 1      the head (Messaging on TCP/IP, section 3.1.3)
//!   function 1 | data …                                  what is asked, and what is answered
//!   function 1, with its first bit | why not 1           what cannot be done
//! ```

mod describe;
mod fields;
mod tell;
#[cfg(test)]
mod tests;
mod wire;

pub use fields::*;

use std::fmt::{self, Write};

use self::wire::Head;
use super::framed::{Framed, Grammar, Measure, Seen, Ties};
use crate::claim::Claim;
use crate::codes;
use crate::engine::session::Session;
use crate::engine::view::View;
use crate::field::{FieldDef, FieldId};
use crate::ids::{Direction, FrameId};
use crate::message::{Message, MessageKind};
use crate::protocol::{Facts, Framing, Likelihood, Protocol};
use crate::sink::Sink;
use crate::telling::Telling;

codes! {
    /// What a message is.
    pub enum Kind {
        /// A client asks.
        Request,
        /// The server answers.
        Response,
    }
}

impl MessageKind for Kind {
    /// The frame of the request that is answered.
    type Extra = Option<FrameId>;
}

/// Modbus.
pub struct Modbus;

impl Protocol for Modbus {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["MODBUS V1.1b3", "MODBUS on TCP/IP V1.0b"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::TcpPort(502)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    /// Two zeros and a small length are little: the port has to say the same.
    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        let is_one = Head::read(bytes).is_some() || bytes.len() < wire::HEAD;
        if framing == Framing::Stream && is_one { Likelihood::Unsaid } else { Likelihood::No }
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        let open = || Box::new(Framed::new(OnStream { client: facts.began })) as Box<dyn Session>;
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

/// Messages on a stream, and who asks.
#[derive(Clone)]
struct OnStream {
    client: Option<Direction>,
}

impl Grammar for OnStream {
    type Kind = Kind;

    fn measure(&mut self, _from: Direction, bytes: &[u8]) -> Measure {
        match Head::read(bytes) {
            Some(head) => Measure::Whole((wire::MARK + head.len) as u64),
            None if bytes.len() < wire::HEAD => Measure::Need(wire::HEAD),
            None => Measure::Nothing,
        }
    }

    fn accept(&mut self, from: Direction, bytes: &[u8]) -> Seen<Kind> {
        let speaks_first = if wire::must_answer(bytes) { from.reverse() } else { from };
        let client = *self.client.get_or_insert(speaks_first);
        let key = Head::read(bytes).map(|head| u64::from(head.number) << 8 | u64::from(head.unit));
        let (kind, ties) = match key {
            Some(key) if client == from => (Kind::Request, Ties::asks(key)),
            Some(key) => (Kind::Response, Ties::answers(key)),
            None if client == from => (Kind::Request, Ties::ALONE),
            None => (Kind::Response, Ties::ALONE),
        };
        Seen { kind, extra: None, ties }
    }

    fn begins(&self, _from: Direction, bytes: &[u8]) -> bool {
        Head::read(bytes).is_some_and(|head| wire::MARK + head.len == bytes.len())
    }

    fn answered(_extra: Option<FrameId>, asked: FrameId) -> Option<FrameId> {
        Some(asked)
    }
}
