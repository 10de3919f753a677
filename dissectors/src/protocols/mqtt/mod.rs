//! MQTT, versions 3.1 to 5.0: clients publish messages under topics, and a broker hands them to
//! whoever subscribed.
//!
//! ```text
//!   type and flags | length, 1 to 4 bytes | identifier | properties (5.0) | content
//!
//!   QoS 1:  PUBLISH 7 ──>  <── PUBACK 7
//!   QoS 2:  PUBLISH 7 ──>  <── PUBREC 7   PUBREL 7 ──>  <── PUBCOMP 7
//! ```

mod describe;
mod fields;
mod grammar;
mod properties;
mod tell;
#[cfg(test)]
mod tests;
mod wire;

pub use fields::*;

use std::fmt::{self, Write};

use crate::codes;
use crate::engine::session::Session;
use crate::engine::view::View;
use crate::field::{FieldDef, FieldId};
use crate::message::{Message, MessageKind};
use crate::protocol::{Claim, Facts, Framing, Likelihood, Protocol};
use crate::protocols::framed::Framed;
use crate::sink::Sink;
use crate::telling::Telling;

codes! {
    /// What a message is.
    pub enum Kind {
        /// A control packet.
        Packet,
    }
}

codes! {
    /// The version that the client named.
    #[derive(Default)]
    pub enum Version {
        /// None was seen.
        #[default]
        Unknown,
        /// 3.1.
        V31,
        /// 3.1.1.
        V311,
        /// 5.0.
        V5,
    }
}

impl MessageKind for Kind {
    type Extra = Version;
}

/// MQTT.
pub struct Mqtt;

impl Protocol for Mqtt {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["MQTT 5.0", "MQTT 3.1.1"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::TcpPort(1883), Claim::Alpn(b"mqtt"), Claim::Upgrade("mqtt")]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    /// Who connects names the protocol. All other packets are two bytes and what one likes.
    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        if framing != Framing::Stream {
            return Likelihood::No;
        }
        match bytes {
            _ if wire::connects(bytes).is_some() => Likelihood::Surely,
            [first, rest @ ..] if wire::may_begin(*first) && wire::length(rest).is_ok() => {
                Likelihood::Unsaid
            }
            [] => Likelihood::Unsaid,
            _ => Likelihood::No,
        }
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        let open = || Box::new(Framed::new(grammar::Mqtt::default())) as Box<dyn Session>;
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
