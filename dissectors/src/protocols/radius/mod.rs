//! RADIUS (RFC 2865): a gateway asks a server whether a user may come in, and reports what he does
//! (RFC 2866); the server may change or end a session (RFC 5176).
//!
//! ```text
//!   code │ number │ length ×2 │ authenticator ×16 │ attributes: type, length, value
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
use super::datagrams::{self, Asking, Seen};
use crate::codes;
use crate::engine::session::Session;
use crate::engine::view::View;
use crate::field::{FieldDef, FieldId};
use crate::ids::FrameId;
use crate::message::{Message, MessageKind};
use crate::protocol::{Claim, Facts, Framing, Likelihood, Protocol};
use crate::sink::Sink;
use crate::telling::Telling;

codes! {
    /// What a packet is.
    pub enum Kind {
        /// It asks or reports.
        Request,
        /// It answers.
        Response,
    }
}

impl MessageKind for Kind {
    /// Of a response the frame of the request; of a repeated request that of the first.
    type Extra = Option<FrameId>;
}

/// Remote Authentication Dial In User Service.
pub struct Radius;

impl Protocol for Radius {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 2865", "RFC 2866", "RFC 2869", "RFC 5176"]
    }

    /// The ports of today, of before 2000, and of who changes sessions.
    fn claims(&self) -> &'static [Claim<'static>] {
        &[
            Claim::UdpPort(1812),
            Claim::UdpPort(1813),
            Claim::UdpPort(1645),
            Claim::UdpPort(1646),
            Claim::UdpPort(3799),
            Claim::UdpPort(1700),
        ]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        match Head::read(bytes).filter(|_| framing == Framing::Datagram) {
            // Two lengths that agree, and a chain of attributes that ends where they do.
            Some(head) if head.is_whole(bytes) => Likelihood::Surely,
            Some(_) => Likelihood::Unsaid,
            None => Likelihood::No,
        }
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        datagrams::open_carrying(facts, look, |bytes| {
            let parts = wire::authentication(bytes)?;
            Some((Claim::Named("eap"), parts))
        })
    }

    fn summary(&self, message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
        let Some(head) = Head::read(view.bytes(message.span)) else { return Ok(()) };
        write!(line, "{} id={}", wire::name(head.code), head.id)?;
        if message.is(Kind::Request) && message.extra::<Kind>().flatten().is_some() {
            line.write_str(", Duplicate Request")?;
        }
        Ok(())
    }

    fn describe(&self, message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
        describe::describe(message, view, sink);
    }

    fn tell(&self, message: &Message, view: &View<'_>) -> Option<Telling> {
        tell::tell(message, view)
    }
}

/// What a datagram is. Who asks again says the same with the same number; another request with that
/// number is another one.
fn look(bytes: &[u8], _wire: usize) -> Option<Seen<Kind>> {
    let head = Head::read(bytes)?;
    let key = u64::from(head.id);
    let same = datagrams::fingerprint(bytes);
    Some(match wire::is_answer(head.code) {
        true => Seen { kind: Kind::Response, asking: Asking::Answers(key), same },
        false => Seen { kind: Kind::Request, asking: Asking::Asks(key), same },
    })
}
