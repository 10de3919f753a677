//! TFTP (RFC 1350): a file, block by block, each confirmed before the next.
//!
//! ```text
//!   client ── read "name", octet ──────> port 69
//!   client <── block 1, 512 bytes ────── a port of the server's choice, for this transfer
//!   client ── ACK 1 ───────────────────> there
//! ```
//!
//! Blocks and confirmations show little of what they are: that they belong to a transfer, its
//! request says ([`Protocol::answers_elsewhere`]).

mod fields;
mod packet;
mod tell;
#[cfg(test)]
mod tests;

pub use fields::*;

use std::fmt::{self, Write};

use self::packet::{Packet, strings};
use super::datagrams::{self, Asking, Seen};
use super::lines::text::{Placed, Shown};
use super::values::bits;
use crate::codes;
use crate::engine::session::Session;
use crate::engine::view::View;
use crate::field::{FieldDef, FieldId, Value};
use crate::ids::FrameId;
use crate::message::{Message, MessageKind};
use crate::protocol::{Claim, Facts, Framing, Likelihood, Protocol};
use crate::sink::{Severity, Sink};
use crate::span::Span;
use crate::telling::Telling;

codes! {
    /// What a packet is.
    pub enum Kind {
        /// It asks to read a file.
        Read,
        /// It asks to write one.
        Write,
        /// A block.
        Data,
        /// A block has come.
        Ack,
        /// The end of a transfer that failed.
        Error,
        /// The options that are agreed on.
        Options,
    }
}

impl MessageKind for Kind {
    /// Of a confirmation the frame of what it confirms; of what is sent again that of the first.
    type Extra = Option<FrameId>;
}

/// The Trivial File Transfer Protocol.
pub struct Tftp;

impl Protocol for Tftp {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 1350", "RFC 2347", "RFC 2348", "RFC 2349", "RFC 7440"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::UdpPort(69)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        match Packet::read(bytes).filter(|_| framing == Framing::Datagram) {
            // A mode or options that have names of their own.
            Some(packet) if packet.is_sure(bytes) => Likelihood::Surely,
            Some(_) => Likelihood::Unsaid,
            None => Likelihood::No,
        }
    }

    fn answers_elsewhere(&self) -> bool {
        true
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        datagrams::open(facts, look)
    }

    fn summary(&self, message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
        let bytes = view.bytes(message.span);
        let Some(packet) = Packet::read(bytes) else { return Ok(()) };
        line.write_str(OPCODE.def().name_of(packet.opcode.into()).unwrap_or("Unknown"))?;
        let mut words = strings(bytes).map(|word| Shown(bytes.get(word).unwrap_or(&[])));
        match packet.kind {
            Kind::Read | Kind::Write => {
                if let Some(file) = words.next() {
                    write!(line, ", File: {file}")?;
                }
                if let Some(mode) = words.next() {
                    write!(line, ", Transfer type: {mode}")?;
                }
            }
            Kind::Data => {
                write!(line, ", Block: {}", packet.number)?;
                let is_last = bytes.len() < packet::HEAD + packet::BLOCK;
                line.write_str(if is_last { " (last)" } else { "" })?;
                return Ok(());
            }
            Kind::Ack => return write!(line, ", Block: {}", packet.number),
            Kind::Error => {
                let code = ERROR_CODE.def().name_of(packet.number.into()).unwrap_or("Unknown");
                return write!(line, ", Code: {code}, Message: {}", Shown(packet.text(bytes)));
            }
            Kind::Options => {}
        }
        while let (Some(name), Some(value)) = (words.next(), words.next()) {
            write!(line, ", {name}={value}")?;
        }
        Ok(())
    }

    fn describe(&self, message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
        let placed = Placed { bytes: view.bytes(message.span), span: message.span };
        let Some(packet) = Packet::read(placed.bytes) else { return };
        bits(OPCODE, packet.opcode.into(), placed.place(&(0..2)), sink);
        match packet.kind {
            Kind::Read | Kind::Write | Kind::Options => names(packet, &placed, sink),
            Kind::Data => {
                bits(BLOCK, packet.number.into(), placed.place(&(2..4)), sink);
                let rest = packet::HEAD..placed.bytes.len();
                if !rest.is_empty() {
                    sink.field(DATA, Value::Bytes(placed.get(&rest)), placed.place(&rest));
                    sink.field(DATA_LENGTH, Value::Unsigned(rest.len() as u64), Span::NONE);
                }
            }
            Kind::Ack => bits(BLOCK, packet.number.into(), placed.place(&(2..4)), sink),
            Kind::Error => {
                bits(ERROR_CODE, packet.number.into(), placed.place(&(2..4)), sink);
                let len = packet.text(placed.bytes).len();
                placed.text(sink, ERROR_MESSAGE, &(packet::HEAD..packet::HEAD + len));
            }
        }
    }

    fn tell(&self, message: &Message, view: &View<'_>) -> Option<Telling> {
        tell::tell(message, view)
    }
}

/// File, mode and options.
fn names(packet: Packet, placed: &Placed<'_>, sink: &mut dyn Sink) {
    let mut words = strings(placed.bytes);
    if packet.kind != Kind::Options {
        let file = if packet.kind == Kind::Read { SOURCE_FILE } else { DESTINATION_FILE };
        for field in [file, TYPE] {
            match words.next() {
                Some(word) => placed.text(sink, field, &word),
                None => {
                    let text = format_args!("The request has no {}", field.def().title);
                    sink.note(Severity::Broken, placed.span, text);
                }
            }
        }
    }
    while let (Some(name), Some(value)) = (words.next(), words.next()) {
        placed.text(sink, OPTION_NAME, &name);
        placed.text(sink, OPTION_VALUE, &value);
    }
}

/// What a datagram is: a number stands for each block, and for what comes before the first.
fn look(bytes: &[u8], _wire: usize) -> Option<Seen<Kind>> {
    /// What is asked to be read, and the options that answer it: no block has that number.
    const REQUEST: u64 = 1 << 16;
    let packet = Packet::read(bytes)?;
    let number = u64::from(packet.number);
    let asking = match packet.kind {
        Kind::Read => Asking::Asks(REQUEST),
        // What is asked to be written is confirmed like a block before the first.
        Kind::Write => Asking::Asks(0),
        Kind::Data => Asking::Asks(number),
        Kind::Ack => Asking::Answers(number),
        Kind::Options => Asking::Answers(REQUEST),
        Kind::Error => Asking::Alone,
    };
    Some(Seen { kind: packet.kind, asking, same: datagrams::fingerprint(bytes) })
}
