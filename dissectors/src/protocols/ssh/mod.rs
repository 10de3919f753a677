//! SSH (RFC 4253), as far as anyone on the way can read it: the line in which each side names
//! itself, and the packets in which they agree on algorithms and keys. Behind NEWKEYS all is
//! sealed.
//!
//! ```text
//!   SSH-2.0-OpenSSH_9.6 CRLF                      one line from each side (section 4.2)
//!   length (4) │ padding length │ code … │ padding      packets (section 6)
//!     20 KEXINIT   lists of algorithms, the best first (section 7.1)
//!     30, 31 …     the exchange that was agreed on (section 8; RFC 4419, RFC 5656)
//!     21 NEWKEYS   the next packet of this side is sealed (section 7.3)
//! ```
//!
//! SSH 1.5 has packets of its own; their lengths stay readable.

mod describe;
mod fields;
mod session;
mod tell;
#[cfg(test)]
mod tests;
mod wire;

pub use fields::*;

use std::fmt::{self, Write};

use super::lines;
use crate::bytes::looks_like_text;
use crate::codes;
use crate::engine::session::Session;
use crate::engine::view::View;
use crate::field::{FieldDef, FieldId};
use crate::message::{Message, MessageKind};
use crate::protocol::{Claim, Facts, Framing, Likelihood, Protocol};
use crate::sink::Sink;
use crate::telling::Telling;
use crate::typed::{Code, Extra};

codes! {
    /// What a message is.
    pub enum Kind {
        /// The line in which a side names itself, and a line that a server may send before it.
        Line,
        /// A packet that anyone can read.
        Packet,
        /// Bytes that only the two ends can read.
        Sealed,
        /// A packet of SSH 1 that anyone can read.
        OldPacket,
        /// A packet of SSH 1 that only the two ends can read, behind its length.
        OldSealed,
    }
}

impl MessageKind for Kind {
    type Extra = Note;
}

codes! {
    /// Who sends.
    #[derive(Default)]
    pub enum Role {
        /// Nobody knows.
        #[default]
        Unknown,
        /// Who opened the connection.
        Client,
        /// Who took it.
        Server,
    }
}

codes! {
    /// How keys are exchanged: what the codes from 30 on mean.
    #[derive(Default)]
    pub enum Method {
        /// Both lists are needed to know.
        #[default]
        Unknown,
        /// Diffie-Hellman in a group that both know (RFC 4253, section 8).
        Group,
        /// Diffie-Hellman in a group that the server chooses (RFC 4419).
        GroupExchange,
        /// Diffie-Hellman on an elliptic curve (RFC 5656, section 4).
        Curve,
        /// The same together with an exchange that a quantum computer does not undo.
        Hybrid,
    }
}

/// What a message's bytes do not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Note {
    /// Who sent it.
    pub role: Role,
    /// What its code means, where it is one of the exchange.
    pub method: Method,
}

impl Extra for Note {
    fn pack(self) -> u32 {
        u32::from(self.role.number()) << 8 | u32::from(self.method.number())
    }

    fn unpack(packed: u32) -> Self {
        let role = Role::of((packed >> 8) as u8).unwrap_or_default();
        let method = Method::of(packed as u8).unwrap_or_default();
        Self { role, method }
    }
}

/// SSH.
pub struct Ssh;

impl Protocol for Ssh {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 4253", "RFC 4251", "RFC 5656", "RFC 4419"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::TcpPort(22)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        match framing {
            Framing::Stream => probe(bytes),
            Framing::Datagram => Likelihood::No,
        }
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        let open = || Box::new(session::SshSession::new(facts.began)) as Box<dyn Session>;
        (facts.framing == Framing::Stream).then(open)
    }

    fn column(&self, message: &Message, _view: &View<'_>) -> &'static str {
        match message.kind() {
            Some(Kind::Packet) => "SSHv2",
            Some(Kind::OldPacket | Kind::OldSealed) => "SSHv1",
            _ => "SSH",
        }
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

/// What a side names itself with begins like nothing else. What is sealed looks like anything but
/// text; there the port decides.
fn probe(bytes: &[u8]) -> Likelihood {
    match bytes {
        [b'S', b'S', b'H', b'-', b'1' | b'2', ..] => Likelihood::Surely,
        [b'S', b'S', b'H', b'-'] => Likelihood::Surely,
        [b'S', b'S', b'H'] | [b'S', b'S'] | [b'S'] => Likelihood::Unsaid,
        _ => lines::unsaid(!looks_like_text(bytes)),
    }
}
