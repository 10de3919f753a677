//! COTP (ITU-T X.224, ISO/IEC 8073), class 0: connections of ISO's transport protocol, and data in
//! them that may take several packets.
//!
//! ```text
//!   length 1 | kind 1 | to 2 | from 2 | class 1 | parameters: code, length, value …    who connects
//!   2 | 0xf0 | end 1 bit, number 7 | data …
//! ```

use std::fmt::{self, Write};

use crate::bytes::{Reader, Short};
use crate::claim::Claim;
use crate::codes;
use crate::engine::session::{Announce, Input, Out, Progress, Session, To};
use crate::engine::view::View;
use crate::field::{FieldDef, FieldId, Names};
use crate::fields;
use crate::message::{Message, MessageKind};
use crate::protocol::{Facts, Framing, Likelihood, Protocol};
use crate::protocols::datagrams::note_short;
use crate::protocols::values::{bits, bytes, number};
use crate::sink::Sink;
use crate::span::Span;
use crate::telling::{Outcome, Telling};

/// Packets of ISO's transport protocol in which one message may come: at its smallest size, 128
/// bytes, those of the longest message of S7comm.
const MAX_PIECES: usize = 32;

codes! {
    /// What a packet is.
    pub enum Kind {
        /// Any of them: its head says which.
        Packet,
    }
}

impl MessageKind for Kind {
    type Extra = ();
}

fields! { "cotp", "COTP";
    LENGTH = FieldDef::u8("cotp.li", "Length"),
    TYPE = FieldDef::u8("cotp.type", "PDU Type").hex().mask(0xf0).names(TYPES),
    TO = FieldDef::u16("cotp.destref", "Destination reference").hex(),
    FROM = FieldDef::u16("cotp.srcref", "Source reference").hex(),
    CLASS = FieldDef::u8("cotp.class", "Class").mask(0xf0),
    CODE = FieldDef::u8("cotp.parameter_code", "Parameter code").hex().names(PARAMETERS),
    VALUE_LENGTH = FieldDef::u8("cotp.parameter_length", "Parameter length"),
    FROM_ACCESS = FieldDef::bytes("cotp.src-tsap-bytes", "Source TSAP"),
    TO_ACCESS = FieldDef::bytes("cotp.dst-tsap-bytes", "Destination TSAP"),
    VALUE = FieldDef::bytes("cotp.parameter_value", "Parameter value"),
    NUMBER = FieldDef::u8("cotp.tpdu-number", "TPDU number").hex().mask(0x7f),
    IS_LAST = FieldDef::flag("cotp.eot", "Last data unit", 0x80),
    CAUSE = FieldDef::u8("cotp.cause", "Cause"),
}

const TYPES: Names = &[
    (CONNECT, "CR Connect Request"),
    (CONFIRM, "CC Connect Confirm"),
    (DISCONNECT, "DR Disconnect Request"),
    (0x0c, "DC Disconnect Confirm"),
    (DATA, "DT Data"),
    (0x07, "ER TPDU Error"),
];
const CONNECT: u64 = 0x0e;
const CONFIRM: u64 = 0x0d;
const DISCONNECT: u64 = 0x08;
const DATA: u64 = 0x0f;

const PARAMETERS: Names = &[(0xc0, "tpdu-size"), (FROM_CODE, "src-tsap"), (TO_CODE, "dst-tsap")];
const FROM_CODE: u64 = 0xc1;
const TO_CODE: u64 = 0xc2;

/// The kind of a packet, and how long its head is.
fn head(bytes: &[u8]) -> Option<(u64, usize)> {
    let [len, kind, ..] = *bytes else { return None };
    let kind = u64::from(kind >> 4);
    let is_known = TYPE.def().name_of(kind).is_some();
    (is_known && len >= 2).then_some((kind, usize::from(len) + 1))
}

/// ISO's transport protocol.
pub struct Cotp;

impl Protocol for Cotp {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["ITU-T X.224"]
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
        let open = || Box::new(Packets::default()) as Box<dyn Session>;
        (facts.framing == Framing::Datagram).then(open)
    }

    fn summary(&self, message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
        match head(view.bytes(message.span)).and_then(|(kind, _)| TYPE.def().name_of(kind)) {
            Some(name) => line.write_str(name),
            None => line.write_str("Unknown packet"),
        }
    }

    fn describe(&self, message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
        if let Err(short) = described(&mut view.reader(message.span), sink) {
            note_short(short, false, sink);
        }
    }

    fn tell(&self, message: &Message, view: &View<'_>) -> Option<Telling> {
        let new = |label: &str, headline: &str| {
            Telling::new(label, headline, "ISO transport").lesson("s7comm/job", "ITU-T X.224", "13")
        };
        Some(match head(view.bytes(message.span))?.0 {
            CONNECT => new("Connect", "Asks for a connection to an access point").asking(),
            CONFIRM => new("Confirm", "Agrees to the connection").answering(),
            DISCONNECT => {
                new("Disconnect", "Refuses or ends the connection").outcome(Outcome::Refused)
            }
            DATA => new("Data", "Carries data, or a part of it").weight(2, 3).carrying(),
            _ => new("Transport", "Says that a packet was wrong, or that it has heard the end"),
        })
    }
}

fn described(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let len = number(LENGTH, 1, reader, sink)? as usize;
    let mut inside = reader.sub(len, "A packet's head")?;
    match number(TYPE, 1, &mut inside, sink)? >> 4 {
        DATA => {
            let (byte, place) = inside.number(1, NUMBER.def().title)?;
            bits(NUMBER, byte, place, sink);
            bits(IS_LAST, byte, place, sink);
            Ok(())
        }
        kind @ (CONNECT | CONFIRM | DISCONNECT) => {
            number(TO, 2, &mut inside, sink)?;
            number(FROM, 2, &mut inside, sink)?;
            number(if kind == DISCONNECT { CAUSE } else { CLASS }, 1, &mut inside, sink)?;
            while !inside.is_empty() {
                parameter(&mut inside, sink)?;
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

fn parameter(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let code = number(CODE, 1, reader, sink)?;
    let len = number(VALUE_LENGTH, 1, reader, sink)? as usize;
    let field = match code {
        FROM_CODE => FROM_ACCESS,
        TO_CODE => TO_ACCESS,
        _ => VALUE,
    };
    bytes(field, len, reader, sink).map(drop)
}

/// Reads packets, and puts data together that takes several.
#[derive(Clone, Default)]
struct Packets {
    pieces: [Vec<Span>; 2],
}

/// What every message of S7comm begins with.
const S7COMM: u8 = 0x32;

impl Session for Packets {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let span = out.span(input.at, input.bytes.len());
        out.announce(Announce::new(Kind::Packet, span));
        if let Some((DATA, len)) = head(input.bytes)
            && let Some(pieces) = self.pieces.get_mut(input.direction.index())
        {
            let is_last = input.bytes.get(2).is_none_or(|byte| byte & 0x80 != 0);
            let piece = span.from(len.min(input.bytes.len()));
            if pieces.len() >= MAX_PIECES {
                pieces.clear();
            }
            pieces.push(piece);
            if is_last {
                let pieces = std::mem::take(pieces);
                let whole = if pieces.len() == 1 { piece } else { out.join(&pieces) };
                hand_on(whole, out);
            }
        }
        Progress::Took(input.bytes.len().max(1))
    }

    fn holds(&self) -> Vec<Span> {
        self.pieces.iter().flatten().copied().collect()
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}

/// Hands data on to whoever it shows.
fn hand_on(data: Span, out: &mut Out<'_>) {
    if data.len == 0 {
        return;
    }
    let is_s7comm = out.bytes(data).first() == Some(&S7COMM);
    let (child, name) = if is_s7comm { (0, "s7comm") } else { (1, "data") };
    out.hand_on(To::child(child, Claim::Named(name)).datagrams().agreed(), data, None);
}
