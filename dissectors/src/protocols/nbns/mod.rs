//! NBNS, the name service of NetBIOS over UDP (RFC 1002, section 4.2): DNS' form, with names and
//! records of its own.
//!
//! ```text
//!   header, 12 bytes │ question: name type class │ records: name type class ttl len data
//!
//!   name:  20 │ F H E P …: sixteen bytes as 32 letters │ scope │ 00      or a pointer to one
//! ```

pub mod datagram;
mod describe;
mod fields;
mod name;
mod tell;
#[cfg(test)]
mod tests;
mod wire;

pub use fields::*;

use std::fmt::{self, Write};

use self::wire::{Entries, Header};
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
    /// What a message is.
    pub enum Kind {
        /// It asks, or claims a name.
        Request,
        /// It answers.
        Response,
    }
}

impl MessageKind for Kind {
    /// Of a response the frame of the request; of a repeated request that of the first.
    type Extra = Option<FrameId>;
}

/// The NetBIOS Name Service.
pub struct Nbns;

impl Protocol for Nbns {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 1001", "RFC 1002"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::UdpPort(137)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        match wire::probe(bytes) {
            // A name that no name of DNS looks like, and a type that only this service has.
            Some(true) if framing == Framing::Datagram => Likelihood::Surely,
            Some(false) if framing == Framing::Datagram => Likelihood::Unsaid,
            _ => Likelihood::No,
        }
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        datagrams::open(facts, look)
    }

    fn summary(&self, message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
        let reader = view.reader(message.span);
        let Some(header) = Header::read(reader.rest()) else { return Ok(()) };
        let opcode = u64::from(header.opcode());
        line.write_str(fields::OPCODE.def().name_of(opcode).unwrap_or("Unknown operation"))?;
        if header.is_response() {
            line.write_str(" response")?;
            if header.rcode() != 0 {
                let rcode = u64::from(header.rcode());
                write!(
                    line,
                    ", {}",
                    fields::RCODE.def().name_of(rcode).unwrap_or("Unknown error")
                )?;
            }
        }
        for part in Entries::new(reader, header).take(2).flatten() {
            // Of what a request says beside its question, the question speaks.
            if part.is_record && !header.is_response() {
                break;
            }
            let kind = u64::from(part.kind);
            write!(line, " {}", fields::TYPE.def().name_of(kind).unwrap_or("Unknown"))?;
            match part.address() {
                Some(address) => write!(line, " {address}")?,
                None if !part.is_record => write!(line, " {}", part.name)?,
                None => {}
            }
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

/// What a datagram is: an answer repeats the number.
fn look(bytes: &[u8], _wire: usize) -> Option<Seen<Kind>> {
    wire::probe(bytes)?;
    let header = Header::read(bytes)?;
    let key = u64::from(header.id);
    let same = datagrams::fingerprint(bytes);
    Some(match header.is_response() {
        true => Seen { kind: Kind::Response, asking: Asking::Answers(key), same },
        false => Seen { kind: Kind::Request, asking: Asking::Asks(key), same },
    })
}
