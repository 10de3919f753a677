//! BGP-4 (RFC 4271): routers of different networks tell each other which addresses can be reached
//! through them.
//!
//! ```text
//!   sixteen times 0xff | length 2 | kind 1 | …            all messages (section 4.1)
//!   Open: version, own number, hold time, identifier, capabilities
//!   Update: routes taken back | attributes | prefixes that have them
//! ```

mod attributes;
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
use crate::ids::Direction;
use crate::message::{Message, MessageKind};
use crate::protocol::{Facts, Framing, Likelihood, Protocol};
use crate::sink::Sink;
use crate::telling::Telling;

codes! {
    /// What a message is.
    pub enum Kind {
        /// Any of them: its head says which.
        Message,
    }
}

impl MessageKind for Kind {
    type Extra = ();
}

/// The Border Gateway Protocol.
pub struct Bgp;

impl Protocol for Bgp {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 4271", "RFC 4760", "RFC 5492", "RFC 2918"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::TcpPort(179)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    /// Sixteen bytes that are all ones, and a length and a kind that can be.
    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        match Head::read(bytes) {
            _ if framing != Framing::Stream => Likelihood::No,
            Some(_) => Likelihood::Surely,
            None if bytes.len() < wire::HEAD && bytes.iter().all(|byte| *byte == 0xff) => {
                Likelihood::Unsaid
            }
            None => Likelihood::No,
        }
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        let open = || Box::new(Framed::new(OnStream)) as Box<dyn Session>;
        (facts.framing == Framing::Stream).then(open)
    }

    fn summary(&self, message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
        let bytes = view.bytes(message.span);
        let Some(head) = Head::read(bytes) else { return Ok(()) };
        line.write_str(head.name())?;
        match wire::open(bytes) {
            Some((system, _, _)) => write!(line, ", AS {system}"),
            None => Ok(()),
        }
    }

    fn describe(&self, message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
        describe::describe(message, view, sink);
    }

    fn tell(&self, message: &Message, view: &View<'_>) -> Option<Telling> {
        tell::tell(message, view)
    }
}

/// Messages on a stream. None answers another: both sides say what they have to say.
#[derive(Clone)]
struct OnStream;

impl Grammar for OnStream {
    type Kind = Kind;

    fn measure(&mut self, _from: Direction, bytes: &[u8]) -> Measure {
        match Head::read(bytes) {
            Some(head) => Measure::Whole(head.len as u64),
            None if bytes.len() < wire::HEAD => Measure::Need(wire::HEAD),
            None => Measure::Nothing,
        }
    }

    fn accept(&mut self, _from: Direction, _bytes: &[u8]) -> Seen<Kind> {
        Seen { kind: Kind::Message, extra: (), ties: Ties::ALONE }
    }

    fn begins(&self, _from: Direction, bytes: &[u8]) -> bool {
        Head::read(bytes).is_some()
    }
}
