//! Attributes of STUN, TURN and ICE, each by its kind.

use super::f;
use crate::bytes::{Reader, Short};
use crate::field::{FieldId, Value};
use crate::protocols::stun::wire;
use crate::protocols::values::{bits, bytes, number};
use crate::sink::{Severity, Sink};

/// Tells all attributes of a message, which are all that is left of it; `whole` is the message from
/// its first byte on, and `mask` lies over its addresses.
pub(super) fn attributes(
    whole: Reader<'_>,
    mask: &[u8],
    reader: &mut Reader<'_>,
    sink: &mut dyn Sink,
) -> Result<(), Short> {
    while !reader.is_empty() && !sink.is_done() {
        let before = whole.len() - reader.len();
        let place = reader.span();
        let (kind, kind_place) = reader.u16("The type of an attribute")?;
        let len = reader
            .rest()
            .get(..2)
            .map_or(0, |len| len.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte)));
        sink.open(f::ATTRIBUTE, Value::Unsigned(kind.into()), place.part(0, 2));
        sink.open(f::ATT_TYPE, Value::Unsigned(kind.into()), kind_place);
        bits(f::ATT_COMPREHENSION, kind.into(), kind_place, sink);
        bits(f::ATT_ASSIGNMENT, kind.into(), kind_place, sink);
        sink.close();
        let told = value(kind, len, mask, reader, sink);
        if told.is_ok() && kind == wire::attribute::FINGERPRINT {
            check(whole.rest(), before, sink);
        }
        sink.close();
        told?;
        // What fills it up to four bytes says nothing.
        let fill = (len.next_multiple_of(4) - len).min(reader.len());
        reader.take(fill, "The filling")?;
    }
    Ok(())
}

/// Length and value of one attribute.
fn value(
    kind: u16,
    len: usize,
    mask: &[u8],
    reader: &mut Reader<'_>,
    sink: &mut dyn Sink,
) -> Result<(), Short> {
    number(f::ATT_LENGTH, 2, reader, sink)?;
    let mut value = reader.sub(len, "An attribute")?;
    match kind {
        0x0001 | 0x0002 | 0x0004 | 0x0005 | 0x000b | 0x8023 | 0x802b | 0x802c => {
            address(None, &mut value, sink)
        }
        0x0012 | 0x0016 | 0x0020 => address(Some(mask), &mut value, sink),
        0x0003 => {
            let (flags, place) = value.u32("The flags")?;
            bits(f::CHANGE_IP, flags.into(), place, sink);
            bits(f::CHANGE_PORT, flags.into(), place, sink);
            Ok(())
        }
        0x0006 => all(f::USERNAME, &mut value, sink),
        0x0007 => all(f::PASSWORD, &mut value, sink),
        0x0008 | 0x001c => all(f::HMAC, &mut value, sink),
        0x0009 => error(&mut value, sink),
        0x000a => {
            while value.len() >= 2 {
                number(f::UNKNOWN, 2, &mut value, sink)?;
            }
            Ok(())
        }
        0x000c => {
            number(f::CHANNEL_NUMBER, 2, &mut value, sink)?;
            bytes(f::RESERVED, 2, &mut value, sink).map(|_| ())
        }
        0x000d => number(f::LIFETIME, 4, &mut value, sink).map(|_| ()),
        0x0010 => number(f::BANDWIDTH, 4, &mut value, sink).map(|_| ()),
        0x0014 => all(f::REALM, &mut value, sink),
        0x0015 => all(f::NONCE, &mut value, sink),
        0x0017 | 0x8000 => {
            number(f::FAMILY, 1, &mut value, sink)?;
            bytes(f::RESERVED, 3, &mut value, sink).map(|_| ())
        }
        0x0018 => number(f::RESERVE_NEXT, 1, &mut value, sink).map(|_| ()),
        0x0019 => {
            number(f::TRANSPORT, 1, &mut value, sink)?;
            bytes(f::RESERVED, 3, &mut value, sink).map(|_| ())
        }
        0x001d | 0x8002 => algorithms(&mut value, sink),
        0x0022 => all(f::TOKEN, &mut value, sink),
        0x0024 => number(f::PRIORITY, 4, &mut value, sink).map(|_| ()),
        0x8022 => all(f::SOFTWARE, &mut value, sink),
        0x8028 => number(f::CRC32, 4, &mut value, sink).map(|_| ()),
        0x8029 | 0x802a => all(f::TIE_BREAKER, &mut value, sink),
        0xc057 => {
            number(f::NETWORK_ID, 2, &mut value, sink)?;
            number(f::NETWORK_COST, 2, &mut value, sink).map(|_| ())
        }
        _ if len > 0 => all(f::VALUE, &mut value, sink),
        _ => Ok(()),
    }
}

/// All that is left.
fn all(field: FieldId, value: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    bytes(field, value.len(), value, sink).map(|_| ())
}

/// An address: as it is, or under a mask, so that routers which look for their own address in
/// what passes do not change it (RFC 8489, section 14.2).
fn address(mask: Option<&[u8]>, value: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    bytes(f::RESERVED, 1, value, sink)?;
    let family = number(f::FAMILY, 1, value, sink)?;
    let (port, port_place) = value.take(2, "The port")?;
    if mask.is_some() {
        sink.field(f::PORT_XORED, Value::Bytes(port), port_place);
    }
    if let Some(port) = wire::unmasked::<2>(port, mask) {
        sink.field(f::PORT, Value::Unsigned(u16::from_be_bytes(port).into()), port_place);
    }
    let (plain, masked, len) = match family {
        1 => (f::IPV4, f::IPV4_XORED, 4),
        2 => (f::IPV6, f::IPV6_XORED, 16),
        _ => return Ok(()),
    };
    let (ip, place) = value.take(len, "The address")?;
    if mask.is_some() {
        sink.field(masked, Value::Bytes(ip), place);
    }
    match len {
        4 => wire::unmasked::<4>(ip, mask).map(|ip| sink.field(plain, Value::Bytes(&ip), place)),
        _ => wire::unmasked::<16>(ip, mask).map(|ip| sink.field(plain, Value::Bytes(&ip), place)),
    };
    Ok(())
}

/// The class, the number and the words of an error (RFC 8489, section 14.8).
fn error(value: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    bytes(f::RESERVED, 2, value, sink)?;
    number(f::ERROR_CLASS, 1, value, sink)?;
    number(f::ERROR, 1, value, sink)?;
    all(f::REASON, value, sink)
}

/// Ways to make a key of a password, each with its parameters (RFC 8489, section 14.11).
fn algorithms(value: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    while !value.is_empty() {
        number(f::PASSWORD_ALGORITHM, 2, value, sink)?;
        let len = number(f::PASSWORD_ALGORITHM_LEN, 2, value, sink)? as usize;
        if len > 0 {
            bytes(f::PASSWORD_ALGORITHM_DATA, len, value, sink)?;
        }
        value.take((len.next_multiple_of(4) - len).min(value.len()), "The filling")?;
    }
    Ok(())
}

/// Holds a fingerprint against the bytes before it.
fn check(message: &[u8], before: usize, sink: &mut dyn Sink) {
    let Some(sent) = message.get(before + 4..before + 8) else { return };
    let sum = wire::checksum(message.get(..before).unwrap_or(&[]));
    let is_good = sent == sum.to_be_bytes();
    let status = Value::Unsigned(is_good.into());
    sink.field(f::CRC32_STATUS, status, crate::span::Span::NONE);
    if !is_good {
        let text =
            format_args!("The fingerprint is not that of this message: it would be 0x{sum:08x}");
        sink.note(Severity::Broken, crate::span::Span::NONE, text);
    }
}
