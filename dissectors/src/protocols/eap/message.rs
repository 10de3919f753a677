//! EAP inside messages of another protocol, such as RADIUS (RFC 3579): told as the header is that
//! it is on a link, less its heading.

use std::fmt::{self, Write};

use super::{CODE, CODES, HEAD, ID, IDENTITY, LEN, NAME, TYPE};
use crate::bytes::{Reader, Short};
use crate::codes;
use crate::engine::session::Session;
use crate::engine::view::View;
use crate::ids::FrameId;
use crate::message::{Message, MessageKind};
use crate::protocol::Facts;
use crate::protocols::datagrams::{self, Asking, Seen};
use crate::protocols::values::{bytes, number};
use crate::sink::Sink;
use crate::telling::{Outcome, Telling};

codes! {
    /// What a message of EAP is.
    pub(super) enum Kind {
        /// Any of them: its code says which.
        Message,
    }
}

impl MessageKind for Kind {
    /// The frame of the request that is answered.
    type Extra = Option<FrameId>;
}

/// Codes that are told apart (RFC 3748, section 4).
const REQUEST: u8 = 1;
const RESPONSE: u8 = 2;
const SUCCESS: u8 = 3;
const FAILURE: u8 = 4;

pub(super) fn open(facts: &Facts<'_>) -> Option<Box<dyn Session>> {
    datagrams::open(facts, look)
}

/// A response has the number of its request.
fn look(bytes: &[u8], _wire: usize) -> Option<Seen<Kind>> {
    let (code, id) = (*bytes.first()?, *bytes.get(1)?);
    let asking = match code {
        REQUEST => Asking::Asks(id.into()),
        RESPONSE => Asking::Answers(id.into()),
        _ => Asking::Alone,
    };
    Some(Seen { kind: Kind::Message, asking, same: datagrams::fingerprint(bytes) })
}

/// What a code is called, and the type that a question or its answer is about.
fn names(bytes: &[u8]) -> (&'static str, Option<u8>) {
    let code = bytes.first().copied().unwrap_or(0);
    let known = CODES.iter().find(|(number, _)| *number == u64::from(code));
    let kind = bytes.get(HEAD).copied().filter(|_| matches!(code, REQUEST | RESPONSE));
    (known.map_or("EAP", |(_, name)| name), kind)
}

pub(super) fn summary(message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
    let (name, kind) = names(view.bytes(message.span));
    line.write_str(name)?;
    match kind.map(|kind| (kind, TYPE.def().name_of(kind.into()))) {
        Some((_, Some(name))) => write!(line, ", {name}"),
        Some((kind, None)) => write!(line, ", type {kind}"),
        None => Ok(()),
    }
}

pub(super) fn describe(message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
    if let Err(short) = described(&mut view.reader(message.span), sink) {
        datagrams::note_short(short, datagrams::is_cut(message, view), sink);
    }
}

fn described(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let code = number(CODE, 1, reader, sink)? as u8;
    number(ID, 1, reader, sink)?;
    number(LEN, 2, reader, sink)?;
    if !matches!(code, REQUEST | RESPONSE) || reader.is_empty() {
        return Ok(());
    }
    match number(TYPE, 1, reader, sink)? {
        NAME if !reader.is_empty() => bytes(IDENTITY, reader.len(), reader, sink).map(drop),
        _ => Ok(()),
    }
}

pub(super) fn tell(message: &Message, view: &View<'_>) -> Option<Telling> {
    let bytes = view.bytes(message.span);
    let (label, kind) = names(bytes);
    let is_name = kind.map(u64::from) == Some(NAME);
    let new = |headline: &str| {
        let told = Telling::new(label, headline, "EAP");
        told.lesson("radius/access", "RFC 3748", "4")
    };
    let told = match *bytes.first()? {
        REQUEST if is_name => new("Asks who it is"),
        REQUEST => new("Asks for a proof"),
        RESPONSE if is_name => new("Says who it is"),
        RESPONSE => new("Gives a proof, or says what it would rather prove"),
        SUCCESS => new("Is satisfied with the proof"),
        FAILURE => new("Is not satisfied").outcome(Outcome::Refused),
        _ => new("Goes on with an authentication"),
    };
    let name = kind.and_then(|kind| TYPE.def().name_of(kind.into()));
    Some(match name {
        Some(name) => told.detail(format!("{name}.")),
        None => told,
    })
}
