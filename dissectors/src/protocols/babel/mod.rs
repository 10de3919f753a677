//! Babel (RFC 8966; how it proves who sends: RFC 8967): routers of home and radio networks tell
//! their neighbours how far each network is.
//!
//! ```text
//!   42 │ 2 │ length ×2 │ TLVs: type │ length │ value …           (section 4.2)
//! ```

#[cfg(test)]
mod tests;
mod tlv;

use std::fmt::{self, Write};

use super::datagrams::{self, Asking, Seen, is_cut, note_short};
use crate::bytes::{Reader, Short};
use crate::codes;
use crate::engine::session::Session;
use crate::engine::view::View;
use crate::field::{FieldDef, FieldId, Names};
use crate::fields;
use crate::ids::FrameId;
use crate::message::{Message, MessageKind};
use crate::protocol::{Claim, Facts, Framing, Likelihood, Protocol};
use crate::protocols::values;
use crate::sink::Sink;
use crate::telling::Telling;

codes! {
    /// What a message is.
    pub enum Kind {
        /// A packet of TLVs.
        Packet,
    }
}

impl MessageKind for Kind {
    /// Nothing answers.
    type Extra = Option<FrameId>;
}

const TYPES: Names = &[
    (tlv::PAD_1, "pad1"),
    (1, "padn"),
    (tlv::ACK_REQUEST, "ack-req"),
    (tlv::ACK, "ack"),
    (tlv::HELLO, "hello"),
    (tlv::IHU, "ihu"),
    (tlv::ROUTER, "router-id"),
    (tlv::NEXT_HOP, "nh"),
    (tlv::UPDATE, "update"),
    (tlv::ROUTE_REQUEST, "request"),
    (tlv::NUMBER_REQUEST, "mh-request"),
    (11, "ts/pc (obsolete)"),
    (12, "hmac"),
    (13, "source-specific-update"),
    (14, "source-specific-req"),
    (15, "source-specific-seqno"),
    (16, "hmac"),
    (17, "pc"),
    (18, "challenge-request"),
    (19, "challenge-reply"),
];

const ENCODINGS: Names = &[(0, "Wildcard"), (1, "IPv4"), (2, "IPv6"), (3, "Link-Local IPv6")];

fields! { "babel", "Babel";
    MAGIC = FieldDef::u8("babel.magic", "Magic"),
    VERSION = FieldDef::u8("babel.version", "Version"),
    BODY_LENGTH = FieldDef::u16("babel.bodylen", "Body Length"),
    TLV = FieldDef::u8("babel.message", "Message").names(TYPES),
    TYPE = FieldDef::u8("babel.message.type", "Message Type").names(TYPES),
    LENGTH = FieldDef::u8("babel.message.length", "Message Length"),
    NONCE = FieldDef::u16("babel.message.nonce", "Nonce").hex(),
    INTERVAL = FieldDef::u16("babel.message.interval", "Interval"),
    NUMBER = FieldDef::u16("babel.message.seqno", "Seqno").hex(),
    ENCODING = FieldDef::u8("babel.message.ae", "Address Encoding").names(ENCODINGS),
    PREFIX = FieldDef::bytes("babel.message.prefix", "Raw Prefix"),
    COST = FieldDef::u16("babel.message.rxcost", "Rxcost").hex(),
    ROUTER_ID = FieldDef::bytes("babel.message.routerid", "Router ID"),
    FLAGS = FieldDef::u8("babel.message.flags", "Flags").hex(),
    PREFIX_LENGTH = FieldDef::u8("babel.message.plen", "Prefix Length"),
    OMITTED = FieldDef::u8("babel.message.omitted", "Omitted Bytes"),
    METRIC = FieldDef::u16("babel.message.metric", "Metric"),
    HOPS = FieldDef::u8("babel.message.hopcount", "Hop Count"),
    INDEX = FieldDef::u32("babel.message.index", "Index"),
}

/// How a packet begins, and how long its head is.
const BEGINNING: [u8; 2] = [42, 2];
const HEAD: usize = 4;

/// Babel.
pub struct Babel;

impl Protocol for Babel {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 8966", "RFC 8967"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::UdpPort(6696)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        match look(bytes, bytes.len()).filter(|_| framing == Framing::Datagram) {
            Some(_) => Likelihood::Unsaid,
            None => Likelihood::No,
        }
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        datagrams::open(facts, look)
    }

    fn summary(&self, message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
        for (index, kind) in tlv::kinds(view.bytes(message.span)).enumerate() {
            line.write_str(if index == 0 { "" } else { " " })?;
            line.write_str(TYPE.def().name_of(kind.into()).unwrap_or("unknown"))?;
        }
        Ok(())
    }

    fn describe(&self, message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
        if let Err(short) = describe(view.reader(message.span), sink) {
            note_short(short, is_cut(message, view), sink);
        }
    }

    fn tell(&self, message: &Message, view: &View<'_>) -> Option<Telling> {
        let bytes = view.bytes(message.span);
        let of = |wanted: u64| tlv::kinds(bytes).filter(|kind| u64::from(*kind) == wanted).count();
        let (label, headline) = match (of(tlv::UPDATE), of(tlv::ROUTE_REQUEST)) {
            (0, 0) if of(tlv::HELLO) > 0 => {
                ("Hello".to_owned(), "Says that it is there, and whom it hears")
            }
            (0, 0) => ("Babel".to_owned(), "Talks with its neighbours about routes"),
            (0, _) => ("Request".to_owned(), "Asks its neighbours for routes"),
            (count, _) => (format!("{count} routes"), "Tells how far each network is from here"),
        };
        Some(Telling::new(label, headline, "Babel"))
    }
}

/// What a datagram is: a packet of the version that is read, no longer than the datagram.
fn look(bytes: &[u8], wire: usize) -> Option<Seen<Kind>> {
    let [a, b, len @ ..] = bytes.first_chunk::<HEAD>()?;
    let fits = [*a, *b] == BEGINNING && HEAD + usize::from(u16::from_be_bytes(*len)) <= wire;
    fits.then_some(Seen { kind: Kind::Packet, asking: Asking::Alone, same: 0 })
}

fn describe(mut reader: Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    values::number(MAGIC, 1, &mut reader, sink)?;
    values::number(VERSION, 1, &mut reader, sink)?;
    let len = values::number(BODY_LENGTH, 2, &mut reader, sink)?;
    let mut body = reader.sub(len as usize, "the body")?;
    // What follows the body is told like it: there routers prove who they are (RFC 8967, section
    // 4.1).
    for part in [&mut body, &mut reader] {
        while !part.is_empty() && !sink.is_done() {
            tlv::describe(part, sink)?;
        }
    }
    Ok(())
}
