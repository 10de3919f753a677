//! The TLVs of a packet (RFC 8966, section 4.6).

use super::*;
use crate::field::Value;
use crate::protocols::values::{bytes, number};

pub(super) const PAD_1: u64 = 0;
pub(super) const ACK_REQUEST: u64 = 2;
pub(super) const ACK: u64 = 3;
pub(super) const HELLO: u64 = 4;
pub(super) const IHU: u64 = 5;
pub(super) const ROUTER: u64 = 6;
pub(super) const NEXT_HOP: u64 = 7;
pub(super) const UPDATE: u64 = 8;
pub(super) const ROUTE_REQUEST: u64 = 9;
pub(super) const NUMBER_REQUEST: u64 = 10;
/// How a sender numbers its packets, so that nobody can send them again (RFC 8967, section 4.2).
const COUNTER: u64 = 17;

/// The types of a packet's TLVs, as far as they are there.
pub(super) fn kinds(packet: &[u8]) -> impl Iterator<Item = u8> {
    let mut rest = packet.get(HEAD..).unwrap_or_default();
    std::iter::from_fn(move || {
        let kind = *rest.first()?;
        let len = match rest.get(1) {
            _ if u64::from(kind) == PAD_1 => 1,
            Some(len) => 2 + usize::from(*len),
            None => rest.len(),
        };
        rest = rest.get(len..).unwrap_or_default();
        Some(kind)
    })
}

/// Tells one.
pub(super) fn describe(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let (kind, place) = reader.number(1, TYPE.def().title)?;
    sink.open(TLV, Value::Unsigned(kind), place);
    sink.field(TYPE, Value::Unsigned(kind), place);
    let told = if kind == PAD_1 { Ok(()) } else { body(kind, reader, sink) };
    sink.close();
    told
}

fn body(kind: u64, reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let len = number(LENGTH, 1, reader, sink)? as usize;
    let mut rest = reader.sub(len, "a TLV")?;
    let fields: &[(FieldId, usize)] = match kind {
        ACK => &[(NONCE, 2)],
        IHU => &[(ENCODING, 1), (PREFIX, 1), (COST, 2), (INTERVAL, 2)],
        NEXT_HOP => &[(ENCODING, 1)],
        UPDATE => &[
            (ENCODING, 1),
            (FLAGS, 1),
            (PREFIX_LENGTH, 1),
            (OMITTED, 1),
            (INTERVAL, 2),
            (NUMBER, 2),
            (METRIC, 2),
        ],
        ROUTE_REQUEST => &[(ENCODING, 1), (PREFIX_LENGTH, 1)],
        NUMBER_REQUEST => &[(ENCODING, 1), (PREFIX_LENGTH, 1), (NUMBER, 2), (HOPS, 1)],
        COUNTER => &[(INDEX, 4)],
        _ => &[],
    };
    // Two zeros stand before what these say.
    match kind {
        ACK_REQUEST => {
            rest.take(2, "zeros")?;
            number(NONCE, 2, &mut rest, sink)?;
            number(INTERVAL, 2, &mut rest, sink)?;
        }
        HELLO => {
            rest.take(2, "flags")?;
            number(NUMBER, 2, &mut rest, sink)?;
            number(INTERVAL, 2, &mut rest, sink)?;
        }
        ROUTER => {
            rest.take(2, "zeros")?;
            bytes(ROUTER_ID, 8, &mut rest, sink)?;
        }
        _ => {}
    }
    for (field, width) in fields {
        // Of an address that is heard, a reserved byte stands where others have their prefix.
        if (kind, *field) == (IHU, PREFIX) {
            rest.take(1, "a zero")?;
        } else {
            number(*field, *width, &mut rest, sink)?;
        }
    }
    Ok(())
}
