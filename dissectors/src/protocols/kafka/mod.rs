//! Kafka: programs append records to topics and read them again, in the order in which they were
//! written. A response says nothing but the number of its request.
//!
//! ```text
//!   length 4 | api 2 | version 2 | correlation id 4 | client id | what is asked
//!   length 4 | correlation id 4 | what is answered
//! ```

mod describe;
mod fields;
mod grammar;
mod records;
mod schema;
mod tell;
#[cfg(test)]
mod tests;
mod wire;

pub use fields::*;

use std::fmt::{self, Write};

use self::wire::{Api, Request};
use crate::codes;
use crate::engine::session::Session;
use crate::engine::view::View;
use crate::field::{FieldDef, FieldId};
use crate::message::{Message, MessageKind};
use crate::protocol::{Claim, Facts, Framing, Likelihood, Protocol};
use crate::protocols::framed::Framed;
use crate::sink::Sink;
use crate::telling::Telling;
use crate::typed;

codes! {
    /// What a message of Kafka is.
    pub enum Kind {
        /// A request.
        Request,
        /// A response.
        Response,
    }
}

/// Which request a response answers, where that was captured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asked(Option<Api>);

impl typed::Extra for Asked {
    fn pack(self) -> u32 {
        let pack = |api: Api| 1 << 16 | u32::from(api.key) << 8 | u32::from(api.version);
        self.0.map_or(0, pack)
    }

    fn unpack(packed: u32) -> Self {
        let api = Api { key: (packed >> 8) as u8, version: packed as u8 };
        Self((packed >> 16 == 1).then_some(api))
    }
}

impl MessageKind for Kind {
    type Extra = Asked;
}

/// Kafka.
pub struct Kafka;

impl Protocol for Kafka {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["Kafka protocol guide"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::TcpPort(9092)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    /// A length that is that of the segment, a known API, and a name in ASCII.
    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        if framing != Framing::Stream {
            return Likelihood::No;
        }
        let fits = wire::length(bytes) == Some(bytes.len() as u64);
        match Request::read(bytes) {
            Some(request) if fits && !request.client.is_empty() => Likelihood::Perhaps,
            Some(_) => Likelihood::Unsaid,
            None if wire::length(bytes).is_some() || bytes.len() < 4 => Likelihood::Unsaid,
            None => Likelihood::No,
        }
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        let open = || Box::new(Framed::new(grammar::Kafka::new(facts.began))) as Box<dyn Session>;
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
