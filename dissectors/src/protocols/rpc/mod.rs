//! ONC RPC (RFC 5531), once of Sun: a call names a program, a version and a procedure, and the
//! reply has the number of the call.
//!
//! ```text
//!   a datagram    │ message │
//!   a stream      │ mark │ message │ mark │ message …   the mark (4 bytes): last one, length (section 11)
//!
//!   call:   xid | 0 | 2 | program | version | procedure | credentials | verifier | arguments
//!   reply:  xid | 1 | 0 accepted | verifier | how it went | results
//!                   | 1 denied   | why
//! ```
//!
//! A reply does not say what it answers: only who has seen the call can read its results. `inside`
//! has the programs whose arguments and results are read here, each handed its bytes by
//! [`Claim::RpcProgram`].

mod describe;
mod fields;
pub mod inside;
mod programs;
mod session;
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
use crate::ids::{Direction, FrameId};
use crate::message::{Message, MessageKind};
use crate::protocol::{Claim, Facts, Framing, Likelihood, Protocol};
use crate::sink::Sink;
use crate::telling::Telling;
use crate::typed::Fact;

codes! {
    /// What a message is.
    pub enum Kind {
        /// A message in a datagram, or one that was put together out of several fragments.
        Plain,
        /// A message behind its mark.
        Marked,
        /// A fragment that others follow.
        Fragment,
        /// Bytes that are none of these.
        Other,
    }
}

impl MessageKind for Kind {
    type Extra = ();
}

codes! {
    /// What a part of a message is.
    pub enum Role {
        /// What lies behind the head of a message that is too long to be waited for.
        Rest,
    }
}

/// Which procedure of which program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Procedure {
    /// The program.
    pub program: u32,
    /// Its version.
    pub version: u32,
    /// The procedure.
    pub number: u32,
}

/// What a layer inside is told: all of its messages call this procedure, or answer it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Called {
    procedure: Procedure,
    caller: Direction,
}

impl Fact for Called {}

/// What a reply answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Answered {
    frame: FrameId,
    procedure: Procedure,
}

impl Fact for Answered {}

/// ONC RPC.
pub struct Rpc;

impl Protocol for Rpc {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 5531", "RFC 1833"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::TcpPort(111), Claim::UdpPort(111), Claim::TcpPort(2049), Claim::UdpPort(2049)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        match framing {
            Framing::Datagram => wire::likelihood(bytes),
            Framing::Stream => wire::likelihood_marked(bytes),
        }
    }

    fn open(&self, _facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        Some(Box::new(session::RpcSession::default()))
    }

    /// The program speaks for its messages, whatever is read of it.
    fn column(&self, message: &Message, view: &View<'_>) -> &'static str {
        let procedure = describe::procedure(message, view);
        procedure.and_then(|one| programs::name(one.program)).unwrap_or("RPC")
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
