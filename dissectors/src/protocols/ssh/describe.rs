//! Says what a message of SSH holds.

use std::fmt::{self, Write};

use super::wire::{self, DISCONNECT, KEXINIT, old_packet, string};
use super::*;
use crate::bytes::{Lossy, Reader, Short};
use crate::field::Value;
use crate::sink::Severity;
use crate::span::Span;

/// What a code means within an exchange (RFC 4253, section 8; RFC 4419, section 5; RFC 5656,
/// section 7.1).
fn exchange(code: u8, method: Method) -> Option<&'static str> {
    Some(match (method, code) {
        (Method::Group, 30) => "Diffie-Hellman Key Exchange Init",
        (Method::Group, 31) => "Diffie-Hellman Key Exchange Reply",
        (Method::GroupExchange, 30) => "Diffie-Hellman Group Exchange Request (Old)",
        (Method::GroupExchange, 31) => "Diffie-Hellman Group Exchange Group",
        (Method::GroupExchange, 32) => "Diffie-Hellman Group Exchange Init",
        (Method::GroupExchange, 33) => "Diffie-Hellman Group Exchange Reply",
        (Method::GroupExchange, 34) => "Diffie-Hellman Group Exchange Request",
        (Method::Curve, 30) => "Elliptic Curve Diffie-Hellman Key Exchange Init",
        (Method::Curve, 31) => "Elliptic Curve Diffie-Hellman Key Exchange Reply",
        (Method::Hybrid, 30) => "Hybrid Key Exchange Init",
        (Method::Hybrid, 31) => "Hybrid Key Exchange Reply",
        _ => return None,
    })
}

/// The name of a packet by its code.
pub(super) fn name(code: u8, method: Method) -> &'static str {
    let known = || CODE.def().name_of(code.into());
    exchange(code, method).or_else(known).unwrap_or("Key Exchange Message")
}

/// A line without what ends it; some pad theirs with a blank and zeros.
pub(super) fn line(bytes: &[u8]) -> &[u8] {
    let text = bytes.split(|byte| matches!(byte, b'\r' | b'\n' | 0)).next().unwrap_or(bytes);
    text.trim_ascii_end()
}

/// The code of a packet of SSH 1.
pub(super) fn old_code(bytes: &[u8]) -> Option<(usize, u8)> {
    let (head, _) = old_packet(bytes)?;
    bytes.get(head).map(|code| (head, *code))
}

/// The row's text.
pub(super) fn summary(message: &Message, view: &View<'_>, out: &mut dyn Write) -> fmt::Result {
    let Note { role, method } = message.extra::<Kind>().unwrap_or_default();
    match role {
        Role::Client => out.write_str("Client: ")?,
        Role::Server => out.write_str("Server: ")?,
        Role::Unknown => {}
    }
    let bytes = view.bytes(message.span);
    match message.kind() {
        Some(Kind::Line) => {
            write!(out, "Protocol ({})", Lossy(line(bytes)))
        }
        Some(Kind::Packet) => out.write_str(name(wire::code(bytes), method)),
        Some(Kind::OldPacket) => {
            let code = old_code(bytes).and_then(|(_, code)| OLD_CODE.def().name_of(code.into()));
            out.write_str(code.unwrap_or("Packet"))
        }
        Some(Kind::OldSealed) => {
            let padded = old_packet(bytes).map_or(0, |(head, len)| len - head);
            write!(out, "Encrypted packet (len={padded})")
        }
        Some(Kind::Sealed) | None => write!(out, "Encrypted packet (len={})", message.span.len),
    }
}

/// Describes a message of any kind.
pub(super) fn describe(message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
    let bytes = view.bytes(message.span);
    let note = message.extra::<Kind>().unwrap_or_default();
    let mut reader = view.reader(message.span);
    match message.kind() {
        Some(Kind::Line) => {
            let text = line(bytes);
            sink.field(PROTOCOL, Value::text(text), message.span.part(0, text.len()));
        }
        Some(Kind::Packet) => {
            if let Err(short) = packet(&mut reader, note.method, sink) {
                sink.note(Severity::Broken, short.place, format_args!("{short}"));
            }
        }
        Some(kind @ (Kind::OldPacket | Kind::OldSealed)) => {
            old(bytes, message.span, kind == Kind::OldPacket, sink);
        }
        Some(Kind::Sealed) | None => sink.field(ENCRYPTED, Value::Bytes(bytes), message.span),
    }
    if note.role != Role::Unknown {
        let is_from_server = Value::Bool(note.role == Role::Server);
        sink.field(IS_FROM_SERVER, is_from_server, Span::NONE);
    }
}

/// Tells a packet.
fn packet(reader: &mut Reader<'_>, method: Method, sink: &mut dyn Sink) -> Result<(), Short> {
    let (len, place) = reader.u32("The length")?;
    sink.field(PACKET_LENGTH, Value::Unsigned(len.into()), place);
    let (padding, place) = reader.u8("The length of the padding")?;
    sink.field(PADDING_LENGTH, Value::Unsigned(padding.into()), place);
    let payload = (len as usize).saturating_sub(1 + usize::from(padding)).min(reader.len());
    let mut inside = reader.sub(payload, "The payload")?;
    let (code, place) = inside.u8("The code")?;
    sink.field(CODE, Value::Unsigned(code.into()), place);
    match (code, method) {
        (KEXINIT, _) => lists(&mut inside, sink)?,
        (DISCONNECT, _) => {
            let (reason, place) = inside.u32("The reason")?;
            sink.field(REASON, Value::Unsigned(reason.into()), place);
        }
        (30, Method::Curve) => {
            told(&mut inside, CLIENT_POINT_LENGTH, CLIENT_POINT, sink)?;
        }
        (31, Method::Curve) => {
            typed(&mut inside, [HOST_KEY_SIZE, HOST_KEY_TYPE_SIZE, HOST_KEY_TYPE], sink)?;
            told(&mut inside, SERVER_POINT_LENGTH, SERVER_POINT, sink)?;
            typed(&mut inside, [SIGNATURE_SIZE, SIGNATURE_TYPE_SIZE, SIGNATURE_TYPE], sink)?;
        }
        (31, Method::Group) | (33, Method::GroupExchange) => {
            typed(&mut inside, [HOST_KEY_SIZE, HOST_KEY_TYPE_SIZE, HOST_KEY_TYPE], sink)?;
            string(&mut inside)?;
            typed(&mut inside, [SIGNATURE_SIZE, SIGNATURE_TYPE_SIZE, SIGNATURE_TYPE], sink)?;
        }
        _ if !inside.is_empty() => {
            sink.field(PAYLOAD, Value::Bytes(inside.rest()), inside.span());
        }
        _ => {}
    }
    let (padding, place) = reader.take(usize::from(padding), "The padding")?;
    sink.field(PADDING, Value::Bytes(padding), place);
    Ok(())
}

/// Tells a string and its length.
fn told(
    reader: &mut Reader<'_>,
    length: FieldId,
    field: FieldId,
    sink: &mut dyn Sink,
) -> Result<(), Short> {
    let (place, bytes, span) = string(reader)?;
    sink.field(length, Value::Unsigned(bytes.len() as u64), place);
    let is_text = field.def().kind == crate::field::Kind::Text;
    let value = if is_text { Value::text(bytes) } else { Value::Bytes(bytes) };
    sink.field(field, value, span);
    Ok(())
}

/// Tells a string that begins with the name of what it is: a key, a signature (RFC 4253, section
/// 6.6).
fn typed(
    reader: &mut Reader<'_>,
    [size, type_size, kind]: [FieldId; 3],
    sink: &mut dyn Sink,
) -> Result<(), Short> {
    let (place, bytes, span) = string(reader)?;
    sink.field(size, Value::Unsigned(bytes.len() as u64), place);
    told(&mut Reader::new(bytes, span), type_size, kind, sink)
}

/// The lists of a KEXINIT (RFC 4253, section 7.1).
fn lists(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    const LISTS: [(FieldId, FieldId); 10] = [
        (KEX_LENGTH, KEX),
        (HOST_KEY_LENGTH, HOST_KEY),
        (CIPHER_CS_LENGTH, CIPHER_CS),
        (CIPHER_SC_LENGTH, CIPHER_SC),
        (MAC_CS_LENGTH, MAC_CS),
        (MAC_SC_LENGTH, MAC_SC),
        (COMPRESSION_CS_LENGTH, COMPRESSION_CS),
        (COMPRESSION_SC_LENGTH, COMPRESSION_SC),
        (LANGUAGE_CS_LENGTH, LANGUAGE_CS),
        (LANGUAGE_SC_LENGTH, LANGUAGE_SC),
    ];
    let (cookie, place) = reader.take(16, "The cookie")?;
    sink.field(COOKIE, Value::Bytes(cookie), place);
    for (length, field) in LISTS {
        told(reader, length, field, sink)?;
    }
    let (follows, place) = reader.u8("Whether a guess follows")?;
    sink.field(FIRST_FOLLOWS, Value::Unsigned(follows.into()), place);
    let (reserved, place) = reader.take(4, "What is reserved")?;
    sink.field(RESERVED, Value::Bytes(reserved), place);
    Ok(())
}

/// Tells a packet of SSH 1.
fn old(bytes: &[u8], span: Span, is_open: bool, sink: &mut dyn Sink) {
    let Some((head, len)) = old_packet(bytes) else { return };
    let payload = (len - head) as u64;
    sink.field(PACKET_LENGTH, Value::Unsigned(payload), span.part(0, 4));
    let padding = Value::Unsigned(head as u64 - 4);
    sink.field(OLD_PADDING, padding, span.part(4, head - 4));
    let mut start = head;
    if let Some((at, code)) = old_code(bytes).filter(|_| is_open) {
        sink.field(OLD_CODE, Value::Unsigned(code.into()), span.part(at, 1));
        start += 1;
    }
    let rest = bytes.get(start..).unwrap_or(&[]);
    sink.field(PAYLOAD, Value::Bytes(rest), span.from(start));
}
