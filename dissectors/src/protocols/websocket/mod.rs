//! The WebSocket protocol (RFC 6455): frames both ways, behind a request of HTTP that asked for
//! them.
//!
//! ```text
//!   F R R R opcode │ M length 7 │ length 16 or 64 │ key 32, where M │ payload …
//!    4 bits   4    │ 1    7     │                 │                 │
//! ```
//!
//! What a client sends is masked with a key that stands before it, so that nothing on the way takes
//! it for something else. A message may come in several frames, and packed (RFC 7692). What
//! messages say is another protocol's, which both sides name in the handshake (`spoken`).

mod describe;
mod fields;
mod frame;
mod session;
mod spoken;
mod tell;
#[cfg(test)]
mod tests;

pub use fields::*;
pub use spoken::Spoken;

use std::fmt::{self, Write};

use crate::codes;
use crate::engine::session::Session;
use crate::engine::view::View;
use crate::field::{FieldDef, FieldId};
use crate::message::{Message, MessageKind};
use crate::protocol::{Claim, Facts, Framing, Protocol};
use crate::sink::Sink;
use crate::telling::Telling;
use crate::typed::{self, Code};

codes! {
    /// What a message is.
    pub enum Kind {
        /// A frame.
        Frame,
    }
}

/// What is kept with a frame.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Note {
    /// Of a frame that goes on with a message: the opcode that the message began with.
    pub opcode: u8,
    /// Of a Close: whether the other side has sent one before.
    pub answers: bool,
    /// What is spoken inside.
    pub spoken: Spoken,
}

impl Note {
    const ANSWERS: u32 = 1 << 8;
    /// How far to the left the number stands of what is spoken.
    const SPOKEN: u32 = 16;
}

impl typed::Extra for Note {
    fn pack(self) -> u32 {
        let answers = if self.answers { Self::ANSWERS } else { 0 };
        u32::from(self.opcode) | answers | u32::from(self.spoken.number()) << Self::SPOKEN
    }

    fn unpack(packed: u32) -> Self {
        let spoken = Spoken::of((packed >> Self::SPOKEN) as u8).unwrap_or_default();
        Self { opcode: packed as u8, answers: packed & Self::ANSWERS != 0, spoken }
    }
}

impl MessageKind for Kind {
    type Extra = Note;
}

codes! {
    /// What a part of a frame is.
    pub enum Role {
        /// Its payload, unmasked.
        Payload,
        /// The message that ends with it: all its frames together, unpacked.
        Whole,
        /// The same of one that was packed.
        Unpacked,
        /// The payload of a frame that is too long to wait for, with its header.
        Passed,
    }
}

/// WebSocket.
pub struct WebSocket;

impl Protocol for WebSocket {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 6455", "RFC 7692"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::Upgrade("websocket")]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        let open = || Box::new(session::WebSocketSession::new(facts.get())) as Box<dyn Session>;
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
