//! Says what a PROXY header holds, field by field.

use std::fmt::{self, Write};
use std::net::IpAddr;

use super::fields as f;
use crate::bytes::{Lossy, Reader, Short};
use crate::engine::view::View;
use crate::field::Value;
use crate::message::Message;
use crate::sink::{Severity, Sink};
use crate::span::Span;

/// TLVs that are shown one by one; real headers have fewer than ten.
const MAX_TLVS: usize = 64;

/// Whose connection a header names: from where and where to.
type Ends = ((IpAddr, u16), (IpAddr, u16));

/// A sentence on whose connection it is.
pub(super) fn sentence(message: &Message, view: &View<'_>) -> String {
    let bytes = view.bytes(message.span);
    let ends = if message.is(super::Kind::Text) { text_ends(bytes) } else { binary_ends(bytes) };
    match ends {
        Some(((src, sport), (dst, dport))) => {
            format!("From {src}, port {sport}, to {dst}, port {dport}. Nothing answers it.")
        }
        None => "It names no addresses: the proxy speaks for itself, or does not know.".into(),
    }
}

fn text_ends(bytes: &[u8]) -> Option<Ends> {
    let mut words = std::str::from_utf8(bytes).ok()?.split_ascii_whitespace().skip(2);
    let (src, dst) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
    Some(((src, words.next()?.parse().ok()?), (dst, words.next()?.parse().ok()?)))
}

fn binary_ends(bytes: &[u8]) -> Option<Ends> {
    let family = bytes.get(13)? >> 4;
    let port = |at: usize| Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?));
    let v4 = |at: usize| <[u8; 4]>::try_from(bytes.get(at..at + 4)?).ok().map(IpAddr::from);
    let v6 = |at: usize| <[u8; 16]>::try_from(bytes.get(at..at + 16)?).ok().map(IpAddr::from);
    match family {
        1 => Some(((v4(16)?, port(24)?), (v4(20)?, port(26)?))),
        2 => Some(((v6(16)?, port(48)?), (v6(32)?, port(50)?))),
        _ => None,
    }
}

/// A header of version 1.
pub(super) fn text(message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
    let bytes = view.bytes(message.span);
    let line = bytes.trim_ascii_end();
    sink.field(f::VERSION, Value::Unsigned(1), Span::NONE);
    sink.field(f::V1_MAGIC, Value::None, message.span.part(0, 5));
    let proto = 6..line.len().min(
        6 + line
            .get(6..)
            .map_or(0, |rest| rest.iter().position(|byte| *byte == b' ').unwrap_or(rest.len())),
    );
    let place = message.span.part(proto.start, proto.len());
    sink.field(f::V1_PROTO, Value::text(bytes.get(proto.clone()).unwrap_or(&[])), place);
    match text_ends(bytes) {
        Some(ends) => told(ends, message.span, sink),
        None => {
            let rest = line.get(proto.end..).unwrap_or(&[]).trim_ascii_start();
            if !rest.is_empty() {
                let place = message.span.part(line.len() - rest.len(), rest.len());
                sink.field(f::V1_UNKNOWN, Value::text(rest), place);
            }
            if !line.starts_with(b"PROXY UNKNOWN") {
                let text = "After the protocol come two addresses and two ports";
                sink.note(Severity::Broken, message.span, format_args!("{text}"));
            }
        }
    }
}

fn told(((src, sport), (dst, dport)): Ends, place: Span, sink: &mut dyn Sink) {
    for (address, four, six) in [(src, f::SRC_IPV4, f::SRC_IPV6), (dst, f::DST_IPV4, f::DST_IPV6)] {
        match address {
            IpAddr::V4(address) => sink.field(four, Value::Bytes(&address.octets()), place),
            IpAddr::V6(address) => sink.field(six, Value::Bytes(&address.octets()), place),
        }
    }
    sink.field(f::SRC_PORT, Value::Unsigned(sport.into()), place);
    sink.field(f::DST_PORT, Value::Unsigned(dport.into()), place);
}

/// A header of version 2.
pub(super) fn binary(message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
    let bytes = view.bytes(message.span);
    sink.field(f::VERSION, Value::Unsigned(2), Span::NONE);
    let mut reader = view.reader(message.span);
    if let Err(short) = fixed(&mut reader, bytes, sink) {
        sink.note(Severity::Broken, short.place, format_args!("{short}"));
    }
}

/// The row's text: the line itself, or between whom the connection is.
pub(super) fn summary(message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
    let bytes = view.bytes(message.span);
    if message.is(super::Kind::Text) {
        return write!(line, "{}", Lossy(bytes.trim_ascii_end()));
    }
    let local = bytes.get(12).is_some_and(|byte| byte & 15 == 0);
    match binary_ends(bytes) {
        _ if local => line.write_str("LOCAL"),
        Some(((src, sport), (dst, dport))) => {
            write!(line, "PROXY {src}:{sport} → {dst}:{dport}")
        }
        None => line.write_str("PROXY, no addresses"),
    }
}

fn fixed(reader: &mut Reader<'_>, bytes: &[u8], sink: &mut dyn Sink) -> Result<(), Short> {
    let (magic, place) = reader.take(12, "The signature")?;
    sink.field(f::V2_MAGIC, Value::Bytes(magic), place);
    let (command, place) = reader.u8("Version and command")?;
    sink.field(f::V2_VERSION, Value::Unsigned(u64::from(command >> 4)), place);
    sink.field(f::V2_COMMAND, Value::Unsigned(u64::from(command & 15)), place);
    let (family, place) = reader.u8("The address family")?;
    sink.open(f::V2_FAMILY_PROTOCOL, Value::Unsigned(family.into()), place);
    sink.field(f::V2_FAMILY, Value::Unsigned(u64::from(family >> 4)), place);
    sink.field(f::V2_PROTOCOL, Value::Unsigned(u64::from(family & 15)), place);
    sink.close();
    let (len, place) = reader.u16("The length")?;
    sink.field(f::V2_LENGTH, Value::Unsigned(len.into()), place);
    let addresses = match family >> 4 {
        1 => 12,
        2 => 36,
        3 => 216,
        _ => 0,
    };
    let (known, place) = reader.take(addresses, "The addresses")?;
    match binary_ends(bytes) {
        Some(ends) => told(ends, place, sink),
        None if known.len() == 216 => {
            let (src, dst) = known.split_at_checked(108).unwrap_or((known, &[]));
            sink.field(f::V2_SRC_UNIX, Value::Bytes(src), place.part(0, 108));
            sink.field(f::V2_DST_UNIX, Value::Bytes(dst), place.from(108));
        }
        None => {}
    }
    for _ in 0..MAX_TLVS {
        if reader.is_empty() {
            return Ok(());
        }
        tlv(reader, sink)?;
    }
    sink.field(f::V2_UNKNOWN, Value::Bytes(reader.rest()), reader.span());
    Ok(())
}

fn tlv(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let whole = reader.span();
    let (kind, kind_place) = reader.u8("The type of a TLV")?;
    let (len, len_place) = reader.u16("The length of a TLV")?;
    let (value, value_place) = reader.take(len.into(), "A TLV")?;
    sink.open(f::TLV, Value::None, whole.part(0, 3 + value.len()));
    sink.field(f::TLV_TYPE, Value::Unsigned(kind.into()), kind_place);
    sink.field(f::TLV_LENGTH, Value::Unsigned(len.into()), len_place);
    sink.field(f::TLV_VALUE, Value::Bytes(value), value_place);
    sink.close();
    Ok(())
}
