//! The session service of NetBIOS (RFC 1002, section 4.3): what bounds the messages of SMB on a
//! stream. On port 139 a session is asked for first; on port 445 (MS-SMB2, section 2.1) only the
//! four bytes before every message are left of it.
//!
//! ```text
//!   type | length (3)        the length has 17 bits on port 139, and 24 on port 445
//!   00     …                 a message of SMB: FF 'SMB', FE 'SMB', or FD 'SMB' where it is sealed
//!   81 ─> called and calling name        82, 83, 84 ─> the answer        85 ─> still there
//! ```

mod session;
#[cfg(test)]
mod tests;

use std::fmt::{self, Write};

use crate::codes;
use crate::engine::session::Session;
use crate::engine::view::View;
use crate::field::{FieldDef, FieldId, Kind as FieldKind, Names, Value};
use crate::fields;
use crate::message::{Message, MessageKind};
use crate::protocol::{Claim, Facts, Framing, Likelihood, Protocol};
use crate::sink::Sink;
use crate::telling::{Outcome, Telling};

codes! {
    /// What a message is.
    pub enum Kind {
        /// One with its four bytes in front.
        Packet,
        /// Bytes that belong to one whose start is lost.
        Rest,
    }
}

impl MessageKind for Kind {
    type Extra = ();
}

codes! {
    /// What a part of a message is.
    pub enum Role {
        /// What a packet carries that is too long to be waited for.
        Payload,
    }
}

/// RFC 1002, section 4.3.1.
const TYPES: Names = &[
    (0x00, "Session message"),
    (0x81, "Session request"),
    (0x82, "Positive session response"),
    (0x83, "Negative session response"),
    (0x84, "Retarget session response"),
    (0x85, "Session keep-alive"),
];

/// RFC 1002, section 4.3.4.
const ERRORS: Names = &[
    (0x80, "Not listening on called name"),
    (0x81, "Not listening for calling name"),
    (0x82, "Called name not present"),
    (0x83, "Called name present, but insufficient resources"),
    (0x8f, "Unspecified error"),
];

fields! { "nbss", "NBSS";
    TYPE = FieldDef::u8("nbss.type", "Message Type").hex().names(TYPES),
    LENGTH = FieldDef::u24("nbss.length", "Length").computed(),
    ERROR = FieldDef::u8("nbss.error_code", "Error code").hex().names(ERRORS),
    RETARGET_ADDRESS =
        FieldDef::of("nbss.retarget_ip_address", "Retarget IP address", FieldKind::Ipv4),
    RETARGET_PORT = FieldDef::u16("nbss.retarget_port", "Retarget port"),
    CALLED = FieldDef::text("nbss.called_name", "Called name").computed(),
    CALLING = FieldDef::text("nbss.calling_name", "Calling name").computed(),
    REST = FieldDef::bytes("nbss.continuation_data", "Continuation data"),
}

/// Types of a packet.
const MESSAGE: u8 = 0;
const REQUEST: u8 = 0x81;
const REFUSAL: u8 = 0x83;
const RETARGET: u8 = 0x84;
const KEEP_ALIVE: u8 = 0x85;

/// Bytes before what a packet carries.
const HEAD: usize = 4;

/// A name as it stands in a session request: a length, two letters for each byte, a final zero.
const NAME: usize = 34;

/// The session service of NetBIOS.
pub struct Nbss;

impl Protocol for Nbss {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 1002"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::TcpPort(445), Claim::TcpPort(139)]
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
        let open = || Box::new(session::NbssSession::default()) as Box<dyn Session>;
        (facts.framing == Framing::Stream).then(open)
    }

    fn summary(&self, message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
        if message.is(Kind::Rest) {
            return line.write_str("NBSS Continuation Message");
        }
        match packet_type(view.bytes(message.span)) {
            // What it carries speaks for it.
            Some((MESSAGE, _)) => Ok(()),
            Some((_, name)) => line.write_str(name),
            None => Ok(()),
        }
    }

    fn describe(&self, message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
        let bytes = view.bytes(message.span);
        if message.is(Kind::Rest) {
            return sink.field(REST, Value::Bytes(bytes), message.span);
        }
        let Some((number, _)) = packet_type(bytes) else { return };
        sink.field(TYPE, Value::Unsigned(number.into()), message.span.part(0, 1));
        let len = payload_len(bytes).unwrap_or_default();
        sink.field(LENGTH, Value::Unsigned(len as u64), message.span.part(1, HEAD - 1));
        let mut reader = view.reader(message.span.from(HEAD));
        match number {
            REQUEST => {
                for field in [CALLED, CALLING] {
                    let Ok((name, place)) = reader.take(NAME, "A name") else { return };
                    if let Some(name) = plain_name(name).filter(|_| sink.wants(field)) {
                        sink.field(field, Value::Text(&name), place);
                    }
                }
            }
            REFUSAL => {
                if let Ok((code, place)) = reader.u8("The error") {
                    sink.field(ERROR, Value::Unsigned(code.into()), place);
                }
            }
            RETARGET => {
                if let Ok((address, place)) = reader.take(4, "The address") {
                    sink.field(RETARGET_ADDRESS, Value::Bytes(address), place);
                }
                if let Ok((port, place)) = reader.u16("The port") {
                    sink.field(RETARGET_PORT, Value::Unsigned(port.into()), place);
                }
            }
            _ => {}
        }
    }

    fn tell(&self, message: &Message, view: &View<'_>) -> Option<Telling> {
        let bytes = view.bytes(message.span);
        let (number, name) = packet_type(bytes).filter(|_| message.is(Kind::Packet))?;
        let headline = match number {
            MESSAGE => return None,
            REQUEST => "Asks for a session with a NetBIOS name",
            REFUSAL => "Refuses the session",
            RETARGET => "Says where else the session is to be asked for",
            KEEP_ALIVE => "Says that it is still there; nothing answers it",
            _ => "Grants the session: SMB begins",
        };
        let told = Telling::new(name, headline, "NetBIOS session").weight(4, 3);
        let told = told.lesson("smb2/request", "RFC 1002", "4.3");
        Some(match number {
            REQUEST => told.asking(),
            KEEP_ALIVE => told.aside(),
            REFUSAL => told.answering().outcome(Outcome::Refused),
            _ => told.answering(),
        })
    }
}

/// The type of a packet and its name, where there is such a type.
fn packet_type(bytes: &[u8]) -> Option<(u8, &'static str)> {
    let number = *bytes.first()?;
    TYPE.def().name_of(number.into()).map(|name| (number, name))
}

/// How many bytes a packet carries. Of a length, port 139 knows 17 bits; more are set on port 445
/// only, where all packets are messages.
fn payload_len(bytes: &[u8]) -> Option<usize> {
    let [number, high, middle, low] = *bytes.first_chunk::<HEAD>()?;
    let high = if number == MESSAGE { high } else { high & 1 };
    Some(usize::from(high) << 16 | usize::from(middle) << 8 | usize::from(low))
}

/// Whether these bytes are the signature of a message of SMB: sealed (FD) or compressed (FC) ones
/// included.
fn is_smb(bytes: &[u8]) -> bool {
    matches!(bytes, [0xfc..=0xff, b'S', b'M', b'B', ..])
}

/// A packet with SMB in it is nothing else, nor is a request for a session between two names.
fn probe(bytes: &[u8]) -> Likelihood {
    match bytes {
        [MESSAGE, _, _, _, rest @ ..] if is_smb(rest) => Likelihood::Surely,
        [REQUEST, 0, 0, 68, 32, letters @ ..] if letters.len() >= 32 => {
            let named = letters.iter().take(32).all(|letter| matches!(letter, b'A'..=b'P'));
            if named { Likelihood::Surely } else { Likelihood::No }
        }
        [0x82 | KEEP_ALIVE, 0, 0, 0, ..] | [REFUSAL, 0, 0, 1, 0x80..=0x8f, ..] => {
            Likelihood::Unsaid
        }
        [RETARGET, 0, 0, 6, ..] => Likelihood::Unsaid,
        [MESSAGE | REQUEST, ..] if bytes.len() < HEAD + 4 => Likelihood::Unsaid,
        _ => Likelihood::No,
    }
}

/// The name that stands for this: each byte is written as two letters, its halves counted from `A`
/// (RFC 1001, section 14.1). The last of the sixteen bytes says what kind of service is meant.
fn plain_name(bytes: &[u8]) -> Option<String> {
    let letters = bytes.strip_prefix(&[32])?.get(..32)?;
    let half = |letter: u8| letter.checked_sub(b'A').filter(|half| *half < 16);
    let mut plain = Vec::with_capacity(16);
    for pair in letters.chunks_exact(2) {
        let [high, low] = *pair.first_chunk::<2>()?;
        plain.push(half(high)? << 4 | half(low)?);
    }
    let (kind, name) = plain.split_last()?;
    let name = String::from_utf8_lossy(name);
    Some(format!("{}<{kind:02x}>", name.trim_end_matches([' ', '\0'])))
}
