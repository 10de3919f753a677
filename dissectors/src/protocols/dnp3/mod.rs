//! DNP3 (IEEE 1815): a master in a control room asks outstations what they measure, and has them
//! switch.
//!
//! ```text
//!   05 64 | length 1 | control 1 | to 2 | from 2 | checksum 2       addresses little-endian
//!   transport 1 | application control 1 | function 1 | indications 2 | objects …
//!   and a checksum behind each sixteen bytes
//! ```

mod tell;
#[cfg(test)]
mod tests;
mod wire;

use std::fmt::{self, Write};

use self::wire::Head;
use super::framed::{Framed, Grammar, Measure, Seen, Ties};
use super::values::{bits, little, number};
use crate::bytes::{Reader, Short};
use crate::codes;
use crate::engine::session::Session;
use crate::engine::view::View;
use crate::field::{FieldDef, FieldId, Names, Value};
use crate::fields;
use crate::ids::{Direction, FrameId};
use crate::message::{Message, MessageKind};
use crate::protocol::{Claim, Facts, Framing, Likelihood, Protocol};
use crate::protocols::datagrams::{self, Asking};
use crate::sink::{Severity, Sink};
use crate::telling::Telling;

codes! {
    /// What a message is.
    pub enum Kind {
        /// A frame.
        Frame,
    }
}

impl MessageKind for Kind {
    /// The frame of the request that is answered.
    type Extra = Option<FrameId>;
}

fields! { "dnp3", "DNP 3.0";
    START = FieldDef::u16("dnp3.start", "Start Bytes").hex(),
    LEN = FieldDef::u8("dnp3.len", "Length"),
    CTL = FieldDef::u8("dnp3.ctl", "Control").hex(),
    DIR = FieldDef::flag("dnp3.ctl.dir", "Direction", 0x80),
    PRM = FieldDef::flag("dnp3.ctl.prm", "Primary", 0x40),
    FUNCTION = FieldDef::u8("dnp3.ctl.prifunc", "Control Function Code").mask(0x0f),
    SECOND_FUNCTION = FieldDef::u8("dnp3.ctl.secfunc", "Control Function Code").mask(0x0f),
    DESTINATION = FieldDef::u16("dnp3.dst", "Destination").computed(),
    SOURCE = FieldDef::u16("dnp3.src", "Source").computed(),
    CHECKSUM = FieldDef::u16("dnp3.hdr.CRC", "Data Link Header checksum").hex().computed(),
    TR_CTL = FieldDef::u8("dnp3.tr.ctl", "Transport Control").hex(),
    TR_FIN = FieldDef::flag("dnp3.tr.fin", "Final", 0x80),
    TR_FIR = FieldDef::flag("dnp3.tr.fir", "First", 0x40),
    TR_SEQ = FieldDef::u8("dnp3.tr.seq", "Sequence").mask(0x3f),
    AL_CTL = FieldDef::u8("dnp3.al.ctl", "Application Control").hex(),
    AL_FIR = FieldDef::flag("dnp3.al.fir", "First", 0x80),
    AL_FIN = FieldDef::flag("dnp3.al.fin", "Final", 0x40),
    AL_CON = FieldDef::flag("dnp3.al.con", "Confirm", 0x20),
    AL_UNS = FieldDef::flag("dnp3.al.uns", "Unsolicited", 0x10),
    AL_SEQ = FieldDef::u8("dnp3.al.seq", "Sequence").mask(0x0f),
    AL_FUNC = FieldDef::u8("dnp3.al.func", "Application Layer Function Code").names(FUNCTIONS),
    AL_IIN = FieldDef::u16("dnp3.al.iin", "Internal Indications").hex(),
}

/// IEEE 1815, section 4.2.2.5.
const FUNCTIONS: Names = &[
    (0, "Confirm"),
    (1, "Read"),
    (2, "Write"),
    (3, "Select"),
    (4, "Operate"),
    (5, "Direct Operate"),
    (6, "Direct Operate No Ack"),
    (7, "Immediate Freeze"),
    (8, "Immediate Freeze No Ack"),
    (9, "Freeze and Clear"),
    (10, "Freeze and Clear No ACK"),
    (13, "Cold Restart"),
    (14, "Warm Restart"),
    (20, "Enable Spontaneous Messages"),
    (21, "Disable Spontaneous Messages"),
    (23, "Delay Measurement"),
    (24, "Record Current Time"),
    (25, "Open File"),
    (26, "Close File"),
    (27, "Delete File"),
    (32, "Authentication Request"),
    (129, "Response"),
    (130, "Unsolicited Response"),
    (131, "Authentication Response"),
];

/// DNP3.
pub struct Dnp3;

impl Protocol for Dnp3 {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["IEEE 1815"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::TcpPort(20000), Claim::UdpPort(20000)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    /// Two bytes that every frame begins with; a port may say the rest.
    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        match Head::read(bytes) {
            Some(head) if head.len <= bytes.len() || framing == Framing::Stream => {
                Likelihood::Perhaps
            }
            None if bytes.len() < wire::HEAD && bytes.starts_with(&[5]) => Likelihood::Unsaid,
            _ => Likelihood::No,
        }
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        match facts.framing {
            Framing::Datagram => datagrams::open(facts, look),
            Framing::Stream => Some(Box::new(Framed::new(OnStream))),
        }
    }

    fn summary(&self, message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
        let bytes = view.bytes(message.span);
        let Some(head) = Head::read(bytes) else { return Ok(()) };
        write!(line, "from {} to {}", head.from, head.to)?;
        match wire::function(bytes) {
            Some(code) => {
                let name = AL_FUNC.def().name_of(code.into()).unwrap_or("Unknown function");
                write!(line, ", {name}")
            }
            None if head.carries > 0 => line.write_str(", part of a message"),
            None => line.write_str(", link only"),
        }
    }

    fn describe(&self, message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
        if let Err(short) = described(&mut view.reader(message.span), sink) {
            sink.note(Severity::Broken, short.place, format_args!("{short}"));
        }
    }

    fn tell(&self, message: &Message, view: &View<'_>) -> Option<Telling> {
        tell::tell(message, view)
    }
}

/// A byte, and the bits in it.
fn flags(
    group: FieldId,
    parts: &[FieldId],
    reader: &mut Reader<'_>,
    sink: &mut dyn Sink,
) -> Result<u8, Short> {
    let (byte, place) = reader.u8(group.def().title)?;
    sink.open(group, Value::Unsigned(byte.into()), place);
    parts.iter().for_each(|part| bits(*part, byte.into(), place, sink));
    sink.close();
    Ok(byte)
}

fn described(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let head = Head::read(reader.rest());
    number(START, 2, reader, sink)?;
    number(LEN, 1, reader, sink)?;
    let is_first = head.is_some_and(|head| head.control & 0x40 != 0);
    let function = if is_first { FUNCTION } else { SECOND_FUNCTION };
    flags(CTL, &[DIR, PRM, function], reader, sink)?;
    little(DESTINATION, 2, reader, sink)?;
    little(SOURCE, 2, reader, sink)?;
    little(CHECKSUM, 2, reader, sink)?;
    if head.is_none_or(|head| head.carries == 0) {
        return Ok(());
    }
    let transport = flags(TR_CTL, &[TR_FIN, TR_FIR, TR_SEQ], reader, sink)?;
    // Only the first frame of a message says what it is for.
    if transport & 0x40 == 0 {
        return Ok(());
    }
    flags(AL_CTL, &[AL_FIR, AL_FIN, AL_CON, AL_UNS, AL_SEQ], reader, sink)?;
    let code = number(AL_FUNC, 1, reader, sink)?;
    if matches!(code, 129..=131) {
        number(AL_IIN, 2, reader, sink)?;
    }
    Ok(())
}

/// By what a request and its response are tied: both addresses and the application's number.
fn key(head: Head, bytes: &[u8]) -> Option<u64> {
    let (master, other) =
        if head.is_of_master() { (head.from, head.to) } else { (head.to, head.from) };
    let sequence = wire::sequence(bytes)?;
    Some(u64::from(master) << 32 | u64::from(other) << 8 | u64::from(sequence))
}

/// What a frame asks or answers.
fn ties(bytes: &[u8]) -> Ties {
    let Some(key) = Head::read(bytes).and_then(|head| key(head, bytes)) else {
        return Ties::ALONE;
    };
    match wire::function(bytes) {
        // Nothing answers a confirmation, and what says so itself.
        Some(0 | 6 | 8 | 10 | 130) | None => Ties::ALONE,
        Some(129 | 131) => Ties::answers(key),
        Some(_) => Ties::asks(key),
    }
}

fn look(bytes: &[u8], _wire: usize) -> Option<datagrams::Seen<Kind>> {
    Head::read(bytes)?;
    let ties = ties(bytes);
    let asking = match (ties.asks, ties.answers) {
        (Some(key), _) => Asking::Asks(key),
        (None, Some(key)) => Asking::Answers(key),
        (None, None) => Asking::Alone,
    };
    Some(datagrams::Seen { kind: Kind::Frame, asking, same: datagrams::fingerprint(bytes) })
}

/// Frames on a stream.
#[derive(Clone)]
struct OnStream;

impl Grammar for OnStream {
    type Kind = Kind;

    fn measure(&mut self, _from: Direction, bytes: &[u8]) -> Measure {
        match Head::read(bytes) {
            Some(head) => Measure::Whole(head.len as u64),
            None if bytes.len() < wire::HEAD && bytes.first() == Some(&5) => {
                Measure::Need(wire::HEAD)
            }
            None => Measure::Nothing,
        }
    }

    fn accept(&mut self, _from: Direction, bytes: &[u8]) -> Seen<Kind> {
        Seen { kind: Kind::Frame, extra: None, ties: ties(bytes) }
    }

    fn begins(&self, _from: Direction, bytes: &[u8]) -> bool {
        Head::read(bytes).is_some()
    }

    fn answered(_extra: Option<FrameId>, asked: FrameId) -> Option<FrameId> {
        Some(asked)
    }
}
