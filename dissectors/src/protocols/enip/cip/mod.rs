//! CIP (volume 1): requests to objects of a machine, each of a class and with attributes, and what
//! these answer. [`EtherNet/IP`](super) carries it.
//!
//! ```text
//!   service 1 | words of the path 1 | path … | data …           a request
//!   service 1 with its first bit | 0 | status 1 | words of more status 1 | … | data …
//! ```

mod describe;
mod names;
mod path;

use std::fmt::{self, Write};

use crate::bytes::Reader;
use crate::claim::Claim;
use crate::codes;
use crate::engine::session::Session;
use crate::engine::view::View;
use crate::field::{FieldDef, FieldId};
use crate::fields;
use crate::ids::FrameId;
use crate::message::{Message, MessageKind};
use crate::protocol::{Facts, Framing, Likelihood, Protocol};
use crate::protocols::datagrams::{self, Asking, Seen};
use crate::sink::Sink;
use crate::telling::{Outcome, Telling};

codes! {
    /// What a message is.
    pub enum Kind {
        /// A service is asked for.
        Request,
        /// It was done, or not.
        Response,
    }
}

impl MessageKind for Kind {
    /// Nothing: what carries it knows what it answers.
    type Extra = Option<FrameId>;
}

fields! { "cip", "CIP";
    SERVICE = FieldDef::u8("cip.service", "Service").hex(),
    IS_RESPONSE = FieldDef::u8("cip.rr", "Request/Response").mask(0x80).names(DIRECTIONS),
    CODE = FieldDef::u8("cip.sc", "Service").hex().mask(0x7f).names(names::SERVICES),
    PATH_SIZE = FieldDef::u8("cip.request_path_size", "Request Path Size"),
    PATH = FieldDef::bytes("cip.epath", "Request Path"),
    CLASS = FieldDef::u8("cip.class", "Class").hex().names(names::CLASSES).computed(),
    INSTANCE = FieldDef::u8("cip.instance", "Instance").hex().computed(),
    MEMBER = FieldDef::u8("cip.member", "Member").hex().computed(),
    POINT = FieldDef::u8("cip.connpoint", "Connection Point").hex().computed(),
    ATTRIBUTE = FieldDef::u8("cip.attribute", "Attribute").computed(),
    SYMBOL = FieldDef::text("cip.symbol", "ANSI Symbol"),
    PORT = FieldDef::u8("cip.port", "Port").computed(),
    LINK = FieldDef::bytes("cip.linkaddress", "Link Address"),
    STATUS = FieldDef::u8("cip.genstat", "General Status").hex().names(names::STATUSES),
    MORE_SIZE = FieldDef::u8("cip.addstat_size", "Additional Status Size"),
    MORE = FieldDef::u16("cip.addstat", "Additional Status").hex().computed(),
    COUNT = FieldDef::u16("cip.msp.num_services", "Number of Services").computed(),
    OFFSET = FieldDef::u16("cip.msp.offset", "Offset").computed(),
    INSIDE = FieldDef::group("cip.service_packet", "Service Packet"),
    DATA = FieldDef::bytes("cip.data", "Data"),
}

const DIRECTIONS: crate::field::Names = &[(0, "Request"), (1, "Response")];

/// The Common Industrial Protocol.
pub struct Cip;

impl Protocol for Cip {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["CIP, volume 1"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    /// What carries it says so.
    fn probe(&self, _bytes: &[u8], _framing: Framing) -> Likelihood {
        Likelihood::No
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        datagrams::open(facts, look)
    }

    fn summary(&self, message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
        let Some(told) = Told::read(view.reader(message.span)) else { return Ok(()) };
        told.write_service(line)?;
        match told.answer {
            Some(status) => write_status(status, line),
            None => {
                line.write_str(" of ")?;
                path::write(told.path, line)
            }
        }
    }

    fn describe(&self, message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
        if let Err(short) = describe::message(view.reader(message.span), 0, sink) {
            datagrams::note_short(short, datagrams::is_cut(message, view), sink);
        }
    }

    fn tell(&self, message: &Message, view: &View<'_>) -> Option<Telling> {
        let told = Told::read(view.reader(message.span))?;
        let mut label = String::new();
        told.write_service(&mut label).ok()?;
        let mut detail = String::new();
        let new = |label: String, headline: &str| {
            let told = Telling::new(label, headline, "EtherNet/IP");
            told.lesson("enip/object", "CIP, volume 1", "")
        };
        Some(match told.answer {
            None => {
                path::write(told.path, &mut detail).ok()?;
                let headline = match told.code {
                    names::MULTIPLE => "Asks for several things at once",
                    0x01 | 0x03 | 0x0e => "Reads attributes of an object",
                    0x02 | 0x04 | 0x10 => "Sets attributes of an object",
                    0x05..=0x07 => "Has a machine start, stop or begin anew",
                    _ => "Asks an object for a service",
                };
                new(label, headline).detail(format!("To {detail}.")).asking()
            }
            Some(0) => new(label, "Does what was asked").answering(),
            Some(status) => {
                write_status(status, &mut detail).ok()?;
                let detail = detail.trim_start_matches([':', ' ']);
                let told = new(label, "Refuses, or has no more than a part");
                told.detail(format!("{detail}.")).answering().outcome(Outcome::Refused)
            }
        })
    }
}

/// What the head of a message says.
#[derive(Clone, Copy)]
struct Told<'a> {
    /// The service, without the bit of answers.
    code: u64,
    /// Of an answer: its status.
    answer: Option<u8>,
    path: Reader<'a>,
}

impl<'a> Told<'a> {
    fn read(mut reader: Reader<'a>) -> Option<Self> {
        let (service, _) = reader.u8("Service").ok()?;
        let code = u64::from(service & 0x7f);
        if service & 0x80 != 0 {
            reader.take(1, "Reserved").ok()?;
            let answer = Some(reader.u8("Status").ok()?.0);
            return Some(Self { code, answer, path: reader.sub(0, "Path").ok()? });
        }
        let (words, _) = reader.u8("Path").ok()?;
        let len = (usize::from(words) * 2).min(reader.len());
        Some(Self { code, answer: None, path: reader.sub(len, "Path").ok()? })
    }

    fn write_service(&self, line: &mut dyn Write) -> fmt::Result {
        match names::service(self.code, path::class(self.path)) {
            Some(name) => line.write_str(name),
            None => write!(line, "Service 0x{:02x}", self.code),
        }
    }
}

fn write_status(status: u8, line: &mut dyn Write) -> fmt::Result {
    match STATUS.def().name_of(status.into()) {
        Some(name) => write!(line, ": {name}"),
        None => write!(line, ": status 0x{status:02x}"),
    }
}

fn look(bytes: &[u8], _wire: usize) -> Option<Seen<Kind>> {
    let kind = if bytes.first()? & 0x80 != 0 { Kind::Response } else { Kind::Request };
    Some(Seen { kind, asking: Asking::Alone, same: datagrams::fingerprint(bytes) })
}
