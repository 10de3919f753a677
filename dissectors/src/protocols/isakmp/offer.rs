//! What an end offers or chooses: proposals, each with transforms, each with attributes (RFC 2408,
//! sections 3.4 to 3.6; RFC 7296, section 3.3).

use super::describe::open;
use super::fields as f;
use super::wire::{Chain, PAYLOAD_HEAD};
use crate::bytes::{Reader, Short};
use crate::field::{FieldId, Value};
use crate::protocols::values::{bits, bytes, number};
use crate::sink::Sink;
use crate::span::Span;

/// What a chain of proposals, and one of transforms, consists of.
const PROPOSAL: u8 = 2;
const TRANSFORM: u8 = 3;

/// The protocol of a proposal that is for IKE itself.
const IKE: u64 = 1;

/// Tells proposals.
pub(super) fn proposals(
    rest: Reader<'_>,
    major: u8,
    is_cut: bool,
    sink: &mut dyn Sink,
) -> Result<(), Short> {
    for proposal in Chain::new(PROPOSAL, rest) {
        if sink.is_done() || proposal.kind != PROPOSAL {
            return Ok(());
        }
        open(&proposal, major, is_cut, sink)?;
        let told = one_proposal(proposal.reader, major, is_cut, sink);
        sink.close();
        told?;
    }
    Ok(())
}

fn one_proposal(
    mut rest: Reader<'_>,
    major: u8,
    is_cut: bool,
    sink: &mut dyn Sink,
) -> Result<(), Short> {
    rest.take(PAYLOAD_HEAD, "the head of a proposal")?;
    number(f::PROPOSAL, 1, &mut rest, sink)?;
    let field = if major == 2 { f::PROTOCOL_2 } else { f::PROTOCOL_1 };
    let protocol = number(field, 1, &mut rest, sink)?;
    let size = number(f::SPI_SIZE, 1, &mut rest, sink)? as usize;
    number(f::TRANSFORMS_HELD, 1, &mut rest, sink)?;
    if size > 0 {
        bytes(f::SPI, size, &mut rest, sink)?;
    }
    transforms(rest, major, protocol, is_cut, sink)
}

fn transforms(
    rest: Reader<'_>,
    major: u8,
    protocol: u64,
    is_cut: bool,
    sink: &mut dyn Sink,
) -> Result<(), Short> {
    for transform in Chain::new(TRANSFORM, rest) {
        if sink.is_done() || transform.kind != TRANSFORM {
            return Ok(());
        }
        open(&transform, major, is_cut, sink)?;
        let told = one_transform(transform.reader, major, protocol, sink);
        sink.close();
        told?;
    }
    Ok(())
}

fn one_transform(
    mut rest: Reader<'_>,
    major: u8,
    protocol: u64,
    sink: &mut dyn Sink,
) -> Result<(), Short> {
    rest.take(PAYLOAD_HEAD, "the head of a transform")?;
    let fields = if major == 2 {
        let kind = number(f::TRANSFORM_TYPE, 1, &mut rest, sink)?;
        rest.take(1, "a reserved byte")?;
        number(transform_id(kind), 2, &mut rest, sink)?;
        &IKE2
    } else {
        number(f::TRANSFORM_NUMBER, 1, &mut rest, sink)?;
        number(f::TRANSFORM_ID, 1, &mut rest, sink)?;
        rest.take(2, "reserved bytes")?;
        if protocol == IKE { &IKE1 } else { &IPSEC }
    };
    while !rest.is_empty() && !sink.is_done() {
        let (first, place) = rest.number(2, "an attribute")?;
        let (second, length) = rest.number(2, "an attribute")?;
        let len = if first & IS_SHORT == 0 { second as usize } else { 0 };
        let behind = rest.sub(len, "the value of an attribute")?;
        let all = Span { len: 4 + len as u32, ..place };
        sink.open(fields.group, Value::None, all);
        let told = attribute([(first, place), (second, length)], behind, fields, sink);
        sink.close();
        told?;
    }
    Ok(())
}

const fn transform_id(kind: u64) -> FieldId {
    match kind {
        1 => f::TRANSFORM_ENCR,
        2 => f::TRANSFORM_PRF,
        3 => f::TRANSFORM_INTEG,
        4 => f::TRANSFORM_DH,
        5 => f::TRANSFORM_ESN,
        _ => f::TRANSFORM_OTHER,
    }
}

/// The fields of an attribute, and which one its value has by its type.
struct Attribute {
    group: FieldId,
    kind: FieldId,
    format: FieldId,
    length: FieldId,
    value: FieldId,
    meaning: fn(u64) -> Option<FieldId>,
}

/// Of version 2: only a cipher's key has one.
static IKE2: Attribute = Attribute {
    group: f::IKE2_ATTR,
    kind: f::IKE2_ATTR_TYPE,
    format: f::IKE2_ATTR_FORMAT,
    length: f::IKE2_ATTR_LENGTH,
    value: f::IKE2_ATTR_VALUE,
    meaning: |kind| (kind == 14).then_some(f::IKE2_KEY_LENGTH),
};

/// Of version 1, for IKE itself.
static IKE1: Attribute = Attribute {
    group: f::IKE_ATTR,
    kind: f::IKE_ATTR_TYPE,
    format: f::IKE_ATTR_FORMAT,
    length: f::IKE_ATTR_LENGTH,
    value: f::IKE_ATTR_VALUE,
    meaning: |kind| {
        Some(match kind {
            1 => f::IKE_ENCRYPTION,
            2 => f::IKE_HASH,
            3 => f::IKE_PROOF,
            4 => f::IKE_GROUP,
            11 => f::IKE_LIFE_TYPE,
            12 => f::IKE_LIFE,
            14 => f::IKE_KEY_LENGTH,
            _ => return None,
        })
    },
};

/// Of version 1, for the tunnel.
static IPSEC: Attribute = Attribute {
    group: f::IPSEC_ATTR,
    kind: f::IPSEC_ATTR_TYPE,
    format: f::IPSEC_ATTR_FORMAT,
    length: f::IPSEC_ATTR_LENGTH,
    value: f::IPSEC_ATTR_VALUE,
    meaning: |_| None,
};

/// The bit of an attribute whose value stands in place of a length (RFC 2408, section 3.3).
const IS_SHORT: u64 = 0x8000;

/// Tells an attribute: its type, and its value or the length of that.
fn attribute(
    [(first, place), (second, length)]: [(u64, Span); 2],
    mut behind: Reader<'_>,
    fields: &Attribute,
    sink: &mut dyn Sink,
) -> Result<(), Short> {
    /// Bytes of the longest number that an attribute has.
    const MOST: usize = 4;
    bits(fields.kind, first, place, sink);
    bits(fields.format, first, place, sink);
    let meaning = (fields.meaning)(first & !IS_SHORT);
    if first & IS_SHORT != 0 {
        let short = (second as u16).to_be_bytes();
        sink.field(fields.value, Value::Bytes(&short), length);
        meaning.into_iter().for_each(|field| bits(field, second, length, sink));
        return Ok(());
    }
    bits(fields.length, second, length, sink);
    let mut value = behind;
    bytes(fields.value, behind.len(), &mut behind, sink)?;
    if let Some(field) = meaning.filter(|_| (1..=MOST).contains(&value.len())) {
        number(field, value.len(), &mut value, sink)?;
    }
    Ok(())
}
