//! What is in a payload, by its kind (RFC 2408, section 3; RFC 7296, section 3).

use super::describe::sealed;
use super::fields as f;
use super::offer;
use super::wire::{SEALED, SEALED_PART};
use crate::bytes::{Reader, Short};
use crate::field::{FieldId, Value};
use crate::protocols::values::{bytes, number};
use crate::sink::Sink;

/// Tells what lies behind the head of a payload.
pub(super) fn tell(
    kind: u8,
    mut rest: Reader<'_>,
    major: u8,
    is_cut: bool,
    sink: &mut dyn Sink,
) -> Result<(), Short> {
    match kind {
        1 => {
            number(f::DOI, 4, &mut rest, sink)?;
            bytes(f::SITUATION, 4, &mut rest, sink)?;
            offer::proposals(rest, major, is_cut, sink)?;
        }
        33 => offer::proposals(rest, major, is_cut, sink)?,
        34 => {
            number(f::GROUP, 2, &mut rest, sink)?;
            rest.take(2, "reserved bytes")?;
            all(f::KEY, rest, sink)?;
        }
        4 => all(f::KEY, rest, sink)?,
        5 => {
            let kind = number(f::ID_TYPE, 1, &mut rest, sink)?;
            number(f::ID_PROTOCOL, 1, &mut rest, sink)?;
            number(f::ID_PORT, 2, &mut rest, sink)?;
            identity(kind, rest, sink)?;
        }
        35 | 36 => {
            let kind = number(f::ID_TYPE, 1, &mut rest, sink)?;
            rest.take(3, "reserved bytes")?;
            identity(kind, rest, sink)?;
        }
        6 | 37 => {
            number(f::CERT_ENCODING, 1, &mut rest, sink)?;
            sink.open(f::CERT_DATA, Value::None, rest.span());
            sink.close();
        }
        7 | 38 => {
            number(f::CERTREQ_TYPE, 1, &mut rest, sink)?;
        }
        8 => all(f::HASH, rest, sink)?,
        9 => all(f::SIGNATURE, rest, sink)?,
        10 | 40 => all(f::NONCE, rest, sink)?,
        11 => {
            number(f::NOTE_DOI, 4, &mut rest, sink)?;
            note([f::NOTE_PROTOCOL_1, f::NOTE_1], rest, sink)?;
        }
        41 => note([f::NOTE_PROTOCOL_2, f::NOTE_2], rest, sink)?,
        12 => {
            number(f::DELETE_DOI, 4, &mut rest, sink)?;
            delete(rest, sink)?;
        }
        42 => delete(rest, sink)?,
        13 | 43 => all(f::VENDOR, rest, sink)?,
        39 => {
            number(f::AUTH_METHOD, 1, &mut rest, sink)?;
            rest.take(3, "reserved bytes")?;
            all(f::AUTH_DATA, rest, sink)?;
        }
        20 | 130 => all(f::NAT_HASH, rest, sink)?,
        48 => all(f::EAP, rest, sink)?,
        SEALED => sealed(&mut rest, sink),
        SEALED_PART => {
            number(f::FRAGMENT, 2, &mut rest, sink)?;
            number(f::FRAGMENTS, 2, &mut rest, sink)?;
            sealed(&mut rest, sink);
        }
        _ => all(f::DATA, rest, sink)?,
    }
    Ok(())
}

/// All that is left, where there is any.
fn all(field: FieldId, mut rest: Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    if !rest.is_empty() {
        bytes(field, rest.len(), &mut rest, sink)?;
    }
    Ok(())
}

/// Who an end says it is.
fn identity(kind: u64, mut rest: Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    sink.open(f::ID_DATA, Value::None, rest.span());
    let told = match kind {
        1 => bytes(f::ID_V4, 4, &mut rest, sink).map(|_| ()),
        5 => bytes(f::ID_V6, 16, &mut rest, sink).map(|_| ()),
        2 => all(f::ID_NAME, rest, sink),
        3 => all(f::ID_USER, rest, sink),
        11 => all(f::ID_KEY, rest, sink),
        _ => Ok(()),
    };
    sink.close();
    told
}

/// What an end notifies of, and about which security association.
fn note(
    [protocol, note]: [FieldId; 2],
    mut rest: Reader<'_>,
    sink: &mut dyn Sink,
) -> Result<(), Short> {
    number(protocol, 1, &mut rest, sink)?;
    let size = number(f::SPI_SIZE, 1, &mut rest, sink)? as usize;
    number(note, 2, &mut rest, sink)?;
    if size > 0 {
        bytes(f::SPI, size, &mut rest, sink)?;
    }
    all(f::NOTE_DATA, rest, sink)
}

/// Which security associations end.
fn delete(mut rest: Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    number(f::DELETE_PROTOCOL, 1, &mut rest, sink)?;
    let size = number(f::SPI_SIZE, 1, &mut rest, sink)? as usize;
    let count = number(f::SPI_COUNT, 2, &mut rest, sink)?;
    for _ in 0..count {
        if size == 0 || rest.is_empty() || sink.is_done() {
            return Ok(());
        }
        bytes(f::DELETE_SPI, size, &mut rest, sink)?;
    }
    Ok(())
}
