//! Says what a message holds: the head, the two names, the options.

use super::fields as f;
use super::wire::{COOKIE, HEAD, OPTIONS, Options, Stated, find};
use crate::bytes::{Reader, Short};
use crate::engine::view::View;
use crate::field::{self, FieldId, Value};
use crate::message::Message;
use crate::protocols::datagrams::{is_cut, note_short};
use crate::protocols::values::{bits, bytes, number, text};
use crate::sink::Sink;

/// Describes a message.
pub(super) fn describe(message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
    let is_cut = is_cut(message, view);
    if let Err(short) = walk(view.reader(message.span), is_cut, sink) {
        note_short(short, is_cut, sink);
    }
}

fn walk(mut reader: Reader<'_>, is_cut: bool, sink: &mut dyn Sink) -> Result<(), Short> {
    let whole = reader;
    number(f::TYPE, 1, &mut reader, sink)?;
    number(f::HW_TYPE, 1, &mut reader, sink)?;
    let len = number(f::HW_LEN, 1, &mut reader, sink)? as usize;
    number(f::HOPS, 1, &mut reader, sink)?;
    number(f::ID, 4, &mut reader, sink)?;
    number(f::SECS, 2, &mut reader, sink)?;
    let (flags, place) = reader.number(2, "flags")?;
    sink.open(f::FLAGS, Value::Unsigned(flags), place);
    bits(f::FLAGS_BC, flags, place, sink);
    bits(f::FLAGS_RESERVED, flags, place, sink);
    sink.close();
    for field in [f::IP_CLIENT, f::IP_YOUR, f::IP_SERVER, f::IP_RELAY] {
        bytes(field, 4, &mut reader, sink)?;
    }
    let mut room = reader.sub(16, "the client's hardware address")?;
    if len > 0 {
        let field = if len == 6 { f::HW_MAC } else { f::HW_ADDR };
        bytes(field, len.min(16), &mut room, sink)?;
        bytes(f::HW_PADDING, room.len(), &mut room, sink)?;
    }
    // Options may run over into the two names (RFC 2131, section 4.1).
    let overload = find(whole.rest(), 52).and_then(|data| data.first().copied()).unwrap_or(0);
    name(f::SERVER, overload & 2 != 0, reader.sub(64, "the server's name")?, sink)?;
    name(f::FILE, overload & 1 != 0, reader.sub(128, "the boot file")?, sink)?;
    if reader.is_empty() {
        return Ok(());
    }
    if !reader.rest().starts_with(COOKIE) {
        let len = reader.len();
        bytes(f::VENDOR_AREA, len, &mut reader, sink)?;
        return Ok(());
    }
    bytes(f::COOKIE, COOKIE.len(), &mut reader, sink)?;
    debug_assert_eq!(HEAD + 192, OPTIONS, "where the cookie stands");
    options(reader, is_cut, sink)
}

fn name(
    field: FieldId,
    is_overloaded: bool,
    room: Reader<'_>,
    sink: &mut dyn Sink,
) -> Result<(), Short> {
    if !is_overloaded {
        text(field, room, sink);
        return Ok(());
    }
    let heading = if field == f::SERVER { f::SERVER_OVERLOADED } else { f::FILE_OVERLOADED };
    sink.field(heading, Value::None, room.span());
    options(room, false, sink)
}

fn options(reader: Reader<'_>, is_cut: bool, sink: &mut dyn Sink) -> Result<(), Short> {
    let mut options = Options(reader);
    let mut end = reader.span();
    for stated in options.by_ref() {
        if sink.is_done() {
            return Ok(());
        }
        let stated = stated?;
        end = stated.span;
        option(&stated, is_cut, sink);
    }
    // What fills up behind the end.
    let skip = (end.start + end.len).saturating_sub(reader.span().start) as usize;
    let rest = reader.rest().get(skip..).unwrap_or(&[]);
    if !rest.is_empty() {
        sink.field(f::PADDING, Value::Bytes(rest), reader.span().from(skip));
    }
    Ok(())
}

fn option(stated: &Stated<'_>, is_cut: bool, sink: &mut dyn Sink) {
    let place = stated.span.part(0, 1);
    sink.open(f::OPTION, Value::Unsigned(stated.code.into()), place);
    if stated.has_data() {
        let data = stated.data;
        bits(f::OPTION_LENGTH, data.len() as u64, stated.span.part(1, 1), sink);
        sink.field(f::OPTION_VALUE, Value::Bytes(data.rest()), data.span());
        if let Err(short) = inside(stated.code, data, sink) {
            note_short(short, is_cut, sink);
        }
    } else if stated.code == 255 {
        bits(f::END, 255, place, sink);
    }
    sink.close();
}

/// What the data of an option say.
fn inside(code: u8, mut data: Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    if let Some((_, field)) = f::PLAIN.iter().find(|(known, _)| *known == code) {
        return plain(*field, data, sink);
    }
    match code {
        // Destinations and their routers, in pairs.
        33 => {
            while !data.is_empty() {
                bytes(f::ROUTE_IP, 4, &mut data, sink)?;
                bytes(f::ROUTE_ROUTER, 4, &mut data, sink)?;
            }
        }
        61 => client_id(data, sink)?,
        77 => user_classes(data, sink)?,
        81 => full_name(data, sink)?,
        82 => agent(data, sink)?,
        _ => {}
    }
    Ok(())
}

fn plain(field: FieldId, mut data: Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let width = match field.def().kind {
        field::Kind::Text => {
            text(field, data, sink);
            return Ok(());
        }
        field::Kind::Unsigned(bits) => usize::from(bits / 8),
        _ => {
            while !data.is_empty() {
                bytes(field, 4, &mut data, sink)?;
            }
            return Ok(());
        }
    };
    while !data.is_empty() {
        number(field, width, &mut data, sink)?;
    }
    Ok(())
}

/// A client's identifier (RFC 2132, section 9.14): most are an address of hardware.
fn client_id(mut data: Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    const ETHERNET: u8 = 1;
    if data.len() == 7 && data.rest().first() == Some(&ETHERNET) {
        number(f::HW_TYPE, 1, &mut data, sink)?;
        bytes(f::HW_MAC, 6, &mut data, sink)?;
    } else if !data.is_empty() {
        number(f::CLIENT_ID_TYPE, 1, &mut data, sink)?;
        let len = data.len();
        bytes(f::CLIENT_ID, len, &mut data, sink)?;
    }
    Ok(())
}

/// RFC 3004: instances, each behind its length.
fn user_classes(mut data: Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let mut instance = 0;
    while !data.is_empty() {
        sink.open(f::USER_CLASS, Value::Unsigned(instance), data.span());
        instance += 1;
        let told = number(f::USER_CLASS_LENGTH, 1, &mut data, sink)
            .and_then(|len| bytes(f::USER_CLASS_DATA, len as usize, &mut data, sink));
        sink.close();
        told?;
    }
    Ok(())
}

/// RFC 4702, section 2.
fn full_name(mut data: Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let (flags, place) = data.number(1, "flags")?;
    sink.open(f::FQDN_FLAGS, Value::Unsigned(flags), place);
    for bit in [f::FQDN_RESERVED, f::FQDN_N, f::FQDN_E, f::FQDN_O, f::FQDN_S] {
        bits(bit, flags, place, sink);
    }
    sink.close();
    number(f::FQDN_RCODE1, 1, &mut data, sink)?;
    number(f::FQDN_RCODE2, 1, &mut data, sink)?;
    // In labels where the E bit says so; else as text.
    if flags & 0x04 == 0 && !data.is_empty() {
        text(f::FQDN_NAME, data, sink);
    }
    Ok(())
}

/// What a relay adds (RFC 3046, section 2).
fn agent(mut data: Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    while !data.is_empty() {
        let (code, place) = data.u8("a suboption")?;
        sink.open(f::AGENT_SUBOPTION, Value::Unsigned(code.into()), place);
        let told = number(f::AGENT_LENGTH, 1, &mut data, sink).and_then(|len| {
            let field = match (code, len) {
                (1, _) => f::AGENT_CIRCUIT,
                (2, _) => f::AGENT_REMOTE,
                (5, 4) => f::AGENT_LINK,
                (6, _) => f::AGENT_SUBSCRIBER,
                _ => f::AGENT_VALUE,
            };
            bytes(field, len as usize, &mut data, sink)
        });
        sink.close();
        told?;
    }
    Ok(())
}
