//! SMB2 and SMB3 (MS-SMB2), as far as every message tells: its header, its command, the dialect,
//! the share or the file that it names, and how it went.
//!
//! ```text
//!   FE 'SMB' | 64 | charge | status (4)    | command | credits | flags (4) | next (4)
//!            message id (8) | process (4) and tree (4), or async id (8) | session (8)
//!            signature (16) | body of the command
//!   FD 'SMB' | a message sealed under the session's keys (section 2.2.41)
//!   FC 'SMB' | a message compressed                      (section 2.2.42)
//! ```
//!
//! All numbers are little-endian. `next` says where another message stands behind this one. An
//! answer has the message id of its request; one that takes long is first said to be pending.

mod describe;
mod fields;
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
use crate::ids::FrameId;
use crate::message::{Message, MessageKind};
use crate::protocol::{Facts, Framing, Likelihood, Protocol};
use crate::sink::Sink;
use crate::telling::Telling;

codes! {
    /// What a message is.
    pub enum Kind {
        /// One that can be read.
        Plain,
        /// One that is sealed.
        Sealed,
        /// One that is compressed.
        Compressed,
    }
}

impl MessageKind for Kind {
    /// Of a response, the frame of the request that it answers.
    type Extra = Option<FrameId>;
}

/// SMB2.
pub struct Smb2;

impl Protocol for Smb2 {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["MS-SMB2"]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    /// On a stream the session service of NetBIOS stands before it.
    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        match (framing, bytes) {
            (Framing::Datagram, [0xfc..=0xfe, b'S', b'M', b'B', ..]) => Likelihood::Surely,
            _ => Likelihood::No,
        }
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        let open = || Box::new(session::Smb2Session::default()) as Box<dyn Session>;
        (facts.framing == Framing::Datagram).then(open)
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
