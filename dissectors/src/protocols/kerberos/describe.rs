//! Says what a message of Kerberos holds, by tables of its numbered parts (RFC 4120, section 5).

use std::fmt::{self, Write};

use super::wire::{self, kind};
use super::{Kind, fields as f};
use crate::bytes::Reader;
use crate::engine::view::View;
use crate::field::{FieldId, Kind as Width, Value};
use crate::message::Message;
use crate::protocols::ber::{self, Element, Stop};
use crate::protocols::values::number;
use crate::sink::{Severity, Sink};

/// What a numbered part is.
#[derive(Clone, Copy)]
enum Part {
    Number(FieldId),
    Text(FieldId),
    /// A principal: a type, and a name in parts.
    Name(FieldId),
    /// A list of numbers.
    Numbers(FieldId),
    /// Data before authentication, of which the types are told.
    Proofs,
    /// A sequence of numbered parts.
    Parts(Table),
    /// A ticket: an application's tag, and in it a sequence.
    Ticket,
}

/// Parts by their numbers.
type Table = &'static [(u8, Part)];

const BODY: Table = &[
    (1, Part::Name(f::CNAME)),
    (2, Part::Text(f::REALM)),
    (3, Part::Name(f::SNAME)),
    (7, Part::Number(f::NONCE)),
    (8, Part::Numbers(f::ENCTYPE)),
];
const REQUEST: Table = &[
    (1, Part::Number(f::PVNO)),
    (2, Part::Number(f::MSG_TYPE)),
    (3, Part::Proofs),
    (4, Part::Parts(BODY)),
];
const SEALED: Table = &[(0, Part::Number(f::ETYPE))];
const REPLY: Table = &[
    (0, Part::Number(f::PVNO)),
    (1, Part::Number(f::MSG_TYPE)),
    (2, Part::Proofs),
    (3, Part::Text(f::CREALM)),
    (4, Part::Name(f::CNAME)),
    (5, Part::Ticket),
    (6, Part::Parts(SEALED)),
];
const TICKET: Table =
    &[(1, Part::Text(f::REALM)), (2, Part::Name(f::SNAME)), (3, Part::Parts(SEALED))];
const SHOWN: Table = &[
    (0, Part::Number(f::PVNO)),
    (1, Part::Number(f::MSG_TYPE)),
    (3, Part::Ticket),
    (4, Part::Parts(SEALED)),
];
const ERROR: Table = &[
    (0, Part::Number(f::PVNO)),
    (1, Part::Number(f::MSG_TYPE)),
    (6, Part::Number(f::ERROR_CODE)),
    (7, Part::Text(f::CREALM)),
    (8, Part::Name(f::CNAME)),
    (9, Part::Text(f::REALM)),
    (10, Part::Name(f::SNAME)),
    (11, Part::Text(f::E_TEXT)),
];
const PROOF: Table = &[(1, Part::Number(f::PADATA_TYPE))];
/// The type of a proof that is a ticket, PA-TGS-REQ.
const SHOWS_TICKET: u8 = 1;
const OTHER: Table = &[(0, Part::Number(f::PVNO)), (1, Part::Number(f::MSG_TYPE))];

/// The message without the length that a stream has before it.
pub(super) fn bytes<'a>(message: &Message, view: &View<'a>) -> &'a [u8] {
    let skip = if message.is(Kind::Record) { wire::MARK } else { 0 };
    view.bytes(message.span).get(skip..).unwrap_or(&[])
}

/// The row's text.
pub(super) fn summary(message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
    let about = wire::about(bytes(message, view));
    let name = f::MSG_TYPE.def().name_of(about.number.into()).unwrap_or("Kerberos");
    line.write_str(name)?;
    match f::ERROR_CODE.def().name_of(about.error) {
        Some(error) if about.number == kind::ERROR => write!(line, ": {error}"),
        None if about.number == kind::ERROR => write!(line, ": {}", about.error),
        _ => Ok(()),
    }
}

/// Describes a message.
pub(super) fn describe(message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
    let mut reader = view.reader(message.span);
    if message.is(Kind::Record) && number(f::RECORD_LENGTH, wire::MARK, &mut reader, sink).is_err()
    {
        return;
    }
    let table = match wire::message(reader.rest()) {
        Some(kind::AS_REQ | kind::TGS_REQ) => REQUEST,
        Some(kind::AS_REP | kind::TGS_REP) => REPLY,
        Some(kind::AP_REQ) => SHOWN,
        Some(kind::ERROR) => ERROR,
        _ => OTHER,
    };
    let told = Element::next(&mut reader, "The message").and_then(|mut outer| {
        let sequence = Element::expect(&mut outer.content, 0x30, "The message's parts")?;
        parts(table, sequence.content, sink)
    });
    if let Err(stop) = told {
        sink.note(Severity::Broken, stop.place(), format_args!("{stop}"));
    }
}

/// The numbered parts of a sequence that a table knows.
fn parts(table: Table, mut reader: Reader<'_>, sink: &mut dyn Sink) -> Result<(), Stop> {
    while !reader.is_empty() && !sink.is_done() {
        let one = Element::next(&mut reader, "A part")?;
        let Some((_, part)) = table.iter().find(|(number, _)| 0xa0 | number == one.tag) else {
            continue;
        };
        told(*part, one.content, sink)?;
    }
    Ok(())
}

fn told(part: Part, mut reader: Reader<'_>, sink: &mut dyn Sink) -> Result<(), Stop> {
    match part {
        Part::Number(field) => integer(field, &mut reader, sink),
        Part::Text(field) => text(field, &mut reader, sink),
        Part::Name(field) => {
            let name = Element::expect(&mut reader, 0x30, "A name")?;
            let mut inside = name.content;
            let mut kind = Element::expect(&mut inside, 0xa0, "The type of a name")?;
            integer(f::NAME_TYPE, &mut kind.content, sink)?;
            let mut list = Element::expect(&mut inside, 0xa1, "The parts of a name")?;
            let mut list = Element::expect(&mut list.content, 0x30, "The parts of a name")?;
            while !list.content.is_empty() && !sink.is_done() {
                text(field, &mut list.content, sink)?;
            }
            Ok(())
        }
        Part::Numbers(field) => {
            let mut list = Element::expect(&mut reader, 0x30, "A list of numbers")?;
            while !list.content.is_empty() && !sink.is_done() {
                integer(field, &mut list.content, sink)?;
            }
            Ok(())
        }
        Part::Proofs => {
            let mut list = Element::expect(&mut reader, 0x30, "A list of proofs")?;
            while !list.content.is_empty() && !sink.is_done() {
                let one = Element::expect(&mut list.content, 0x30, "A proof")?;
                parts(PROOF, one.content, sink)?;
                if let Some(shown) = shown_ticket(one.content) {
                    parts(SHOWN, shown, sink)?;
                }
            }
            Ok(())
        }
        Part::Parts(table) => {
            let inside = Element::expect(&mut reader, 0x30, "The parts of a part")?;
            parts(table, inside.content, sink)
        }
        Part::Ticket => {
            let mut ticket = Element::expect(&mut reader, 0x61, "A ticket")?;
            let inside = Element::expect(&mut ticket.content, 0x30, "A ticket")?;
            parts(TICKET, inside.content, sink)
        }
    }
}

/// The parts of the AP-REQ by which a client that wants a ticket shows the one it has
/// (RFC 4120, section 5.2.7.1).
fn shown_ticket(mut proof: Reader<'_>) -> Option<Reader<'_>> {
    let mut kind = Element::expect(&mut proof, 0xa1, "The type of a proof").ok()?;
    let kind = Element::expect(&mut kind.content, 0x02, "A number").ok()?;
    if kind.whole().ok()? != [SHOWS_TICKET] {
        return None;
    }
    let mut value = Element::expect(&mut proof, 0xa2, "What proves it").ok()?;
    let mut value = Element::expect(&mut value.content, 0x04, "What proves it").ok()?;
    let mut outer = Element::expect(&mut value.content, 0x6e, "A ticket that is shown").ok()?;
    Some(Element::expect(&mut outer.content, 0x30, "A ticket that is shown").ok()?.content)
}

fn integer(field: FieldId, reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Stop> {
    let one = Element::expect(reader, 0x02, "A number")?;
    let bytes = one.whole()?;
    let place = one.content.span();
    match field.def().kind {
        Width::Signed(_) => {
            sink.field(field, Value::Signed(ber::signed(bytes).unwrap_or(0)), place);
        }
        // Four bytes hold it, and perhaps a fifth in front, as it has no sign.
        _ => {
            let skip = bytes.len().saturating_sub(4);
            let number = ber::number(bytes.get(skip..).unwrap_or(&[]));
            sink.field(field, Value::Unsigned(number), place.from(skip));
        }
    }
    Ok(())
}

/// A GeneralString.
fn text(field: FieldId, reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Stop> {
    let one = Element::expect(reader, 0x1b, "A text")?;
    sink.field(field, Value::text(one.whole()?), one.content.span());
    Ok(())
}
