//! S7comm: how controllers of Siemens' S7 are read, set and programmed, as far as others have found
//! out. It lies in transport over TCP ([`tpkt`], [`cotp`]).
//!
//! ```text
//!   0x32 | kind 1 | 0 2 | number 2 | parameters' length 2 | data's length 2 | error 2, of answers
//!   function 1 | parameters … | data …
//! ```

pub mod cotp;
#[cfg(test)]
mod tests;
pub mod tpkt;

use std::fmt::{self, Write};

use crate::bytes::{Reader, Short};
use crate::claim::Claim;
use crate::codes;
use crate::engine::session::Session;
use crate::engine::view::View;
use crate::field::{FieldDef, FieldId, Names};
use crate::fields;
use crate::ids::FrameId;
use crate::message::{Message, MessageKind};
use crate::protocol::{Facts, Framing, Likelihood, Protocol};
use crate::protocols::datagrams::{self, Asking, Seen};
use crate::protocols::values::{bytes, number};
use crate::sink::Sink;
use crate::telling::{Outcome, Telling};

codes! {
    /// What a message is.
    pub enum Kind {
        /// Any of them: its head says which.
        Message,
    }
}

impl MessageKind for Kind {
    /// The frame of the job that is answered.
    type Extra = Option<FrameId>;
}

fields! { "s7comm", "S7COMM";
    PROTOCOL = FieldDef::u8("s7comm.header.protid", "Protocol Id").hex(),
    ROSCTR = FieldDef::u8("s7comm.header.rosctr", "ROSCTR").names(KINDS),
    REDUNDANCY = FieldDef::u16("s7comm.header.redid", "Redundancy Identification").hex(),
    NUMBER = FieldDef::u16("s7comm.header.pduref", "Protocol Data Unit Reference"),
    PARAMETERS_LENGTH = FieldDef::u16("s7comm.header.parlg", "Parameter length"),
    DATA_LENGTH = FieldDef::u16("s7comm.header.datlg", "Data length"),
    ERROR_CLASS = FieldDef::u8("s7comm.header.errcls", "Error class").hex(),
    ERROR_CODE = FieldDef::u8("s7comm.header.errcod", "Error code").hex(),
    FUNCTION = FieldDef::u8("s7comm.param.func", "Function").hex().names(FUNCTIONS),
    ITEMS = FieldDef::u8("s7comm.param.itemcount", "Item count"),
    /// Ours: parameters and data that are not told further.
    PARAMETERS = FieldDef::bytes("s7comm.param", "Parameters"),
    DATA = FieldDef::bytes("s7comm.data", "Data"),
}

const JOB: u8 = 1;
const ACK: u8 = 2;
const ACK_DATA: u8 = 3;
const USER_DATA: u8 = 7;

const KINDS: Names = &[(1, "Job"), (2, "Ack"), (3, "Ack_Data"), (7, "Userdata")];

const FUNCTIONS: Names = &[
    (0x00, "CPU services"),
    (0x04, "Read Var"),
    (0x05, "Write Var"),
    (0x1a, "Request download"),
    (0x1b, "Download block"),
    (0x1c, "Download ended"),
    (0x1d, "Start upload"),
    (0x1e, "Upload"),
    (0x1f, "End upload"),
    (0x28, "PI-Service"),
    (0x29, "PLC Stop"),
    (0xf0, "Setup communication"),
];

/// The head of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Head {
    kind: u8,
    number: u16,
    /// Of an answer: its class of errors, and which one.
    error: Option<(u8, u8)>,
    /// Where the parameters begin, and how long they are.
    parameters: (usize, usize),
}

impl Head {
    fn read(bytes: &[u8]) -> Option<Self> {
        let [0x32, kind, _, _, n0, n1, p0, p1, _, _] = *bytes.first_chunk()? else { return None };
        if !matches!(kind, JOB | ACK | ACK_DATA | USER_DATA) {
            return None;
        }
        let error = match (kind, bytes.get(10..12)) {
            (ACK | ACK_DATA, Some(&[class, code])) => Some((class, code)),
            _ => None,
        };
        let at = if error.is_some() { 12 } else { 10 };
        let parameters = (at, usize::from(u16::from_be_bytes([p0, p1])));
        Some(Self { kind, number: u16::from_be_bytes([n0, n1]), error, parameters })
    }

    /// Its function; the parameters of user data begin otherwise.
    fn function(self, bytes: &[u8]) -> Option<u8> {
        let (at, len) = self.parameters;
        (self.kind != USER_DATA && len > 0).then(|| bytes.get(at).copied()).flatten()
    }

    /// Whether user data answers: the half of a byte behind the method says so.
    fn answers(self, bytes: &[u8]) -> bool {
        let of_user_data = || bytes.get(self.parameters.0 + 5).is_some_and(|kind| kind >> 4 == 8);
        matches!(self.kind, ACK | ACK_DATA) || self.kind == USER_DATA && of_user_data()
    }

    fn name(self, bytes: &[u8]) -> String {
        match self.function(bytes) {
            Some(code) => match FUNCTION.def().name_of(code.into()) {
                Some(name) => name.to_owned(),
                None => format!("Function 0x{code:02x}"),
            },
            None => ROSCTR.def().name_of(self.kind.into()).unwrap_or("Message").to_owned(),
        }
    }
}

/// S7comm.
pub struct S7comm;

impl Protocol for S7comm {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    /// What carries it looks whether it is one.
    fn probe(&self, _bytes: &[u8], _framing: Framing) -> Likelihood {
        Likelihood::No
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[]
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        datagrams::open(facts, look)
    }

    fn summary(&self, message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
        let bytes = view.bytes(message.span);
        let Some(head) = Head::read(bytes) else { return Ok(()) };
        let kind = ROSCTR.def().name_of(head.kind.into()).unwrap_or("Message");
        write!(line, "{kind} {}", head.number)?;
        match head.function(bytes) {
            Some(_) => write!(line, ", {}", head.name(bytes)),
            None => Ok(()),
        }
    }

    fn describe(&self, message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
        if let Err(short) = described(&mut view.reader(message.span), sink) {
            datagrams::note_short(short, false, sink);
        }
    }

    fn tell(&self, message: &Message, view: &View<'_>) -> Option<Telling> {
        let bytes = view.bytes(message.span);
        let head = Head::read(bytes)?;
        let new = |headline: &str| {
            let told = Telling::new(head.name(bytes), headline, "S7");
            told.lesson("s7comm/job", "RFC 1006", "")
        };
        if let Some((class, code)) = head.error.filter(|error| *error != (0, 0)) {
            let detail = format!("Class 0x{class:02x}, error 0x{code:02x}.");
            let told = new("Cannot do what was asked").detail(detail);
            return Some(told.answering().outcome(Outcome::Refused));
        }
        let headline = match (head.answers(bytes), head.function(bytes)) {
            (true, Some(0x04)) => "Gives what was read",
            (true, _) => "Has done what was asked",
            (false, Some(0xf0)) => "Asks how much may be under way, and how long messages may be",
            (false, Some(0x04)) => "Reads what the controller holds",
            (false, Some(0x05)) => "Sets what the controller holds",
            (false, Some(0x1a..=0x1c)) => "Puts a program into the controller",
            (false, Some(0x1d..=0x1f)) => "Fetches a program out of the controller",
            (false, Some(0x28)) => "Has the controller start, or take over what was loaded",
            (false, Some(0x29)) => "Has the controller stop",
            (false, _) => "Asks the controller about itself",
        };
        let told = new(headline);
        Some(if head.answers(bytes) { told.answering() } else { told.asking() })
    }
}

fn look(bytes: &[u8], _wire: usize) -> Option<Seen<Kind>> {
    let head = Head::read(bytes)?;
    let key = u64::from(head.number);
    let asking = if head.answers(bytes) { Asking::Answers(key) } else { Asking::Asks(key) };
    Some(Seen { kind: Kind::Message, asking, same: datagrams::fingerprint(bytes) })
}

fn described(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let head = Head::read(reader.rest());
    number(PROTOCOL, 1, reader, sink)?;
    number(ROSCTR, 1, reader, sink)?;
    number(REDUNDANCY, 2, reader, sink)?;
    number(NUMBER, 2, reader, sink)?;
    let parameters = number(PARAMETERS_LENGTH, 2, reader, sink)? as usize;
    number(DATA_LENGTH, 2, reader, sink)?;
    if head.is_some_and(|head| head.error.is_some()) {
        number(ERROR_CLASS, 1, reader, sink)?;
        number(ERROR_CODE, 1, reader, sink)?;
    }
    let mut inside = reader.sub(parameters, "Parameters")?;
    let function = head.is_some_and(|head| head.kind != USER_DATA) && !inside.is_empty();
    if function {
        let code = number(FUNCTION, 1, &mut inside, sink)?;
        if matches!(code, 0x04 | 0x05) && !inside.is_empty() {
            number(ITEMS, 1, &mut inside, sink)?;
        }
    }
    for (field, rest) in [(PARAMETERS, &mut inside), (DATA, reader)] {
        if !rest.is_empty() {
            bytes(field, rest.len(), rest, sink)?;
        }
    }
    Ok(())
}
