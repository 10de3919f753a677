//! Says what a message of SOCKS holds, field by field.

use std::fmt::{self, Display, Write};
use std::net::{Ipv4Addr, Ipv6Addr};

use super::Kind;
use crate::bytes::{Lossy, Reader, Short};
use crate::engine::view::View;
use crate::field::{FieldId, Value};
use crate::message::Message;
use crate::protocols::values;
use crate::sink::{Severity, Sink};

/// Describes a message of any kind.
pub(super) fn describe(message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
    let kind = message.kind().unwrap_or(Kind::Other);
    let bytes = view.bytes(message.span);
    let mut reader = view.reader(message.span);
    let result = match kind {
        Kind::Hello => hello(&mut reader, sink),
        Kind::Method => {
            version(&mut reader, sink).and_then(|()| number(&mut reader, super::ACCEPTED, sink))
        }
        Kind::User => user(&mut reader, sink),
        Kind::Status => number(&mut reader, super::SUBVERSION, sink)
            .and_then(|()| number(&mut reader, super::AUTH_STATUS, sink)),
        Kind::Request | Kind::Reply => request(&mut reader, kind == Kind::Request, sink),
        Kind::Request4 | Kind::Reply4 => {
            request_4(&mut reader, kind == Kind::Request4, bytes, sink)
        }
        _ => {
            sink.field(super::DATA, Value::Bytes(bytes), message.span);
            Ok(())
        }
    };
    if let Err(short) = result {
        sink.note(Severity::Broken, short.place, format_args!("{short}"));
    }
}

/// The row's text: the version, what the turn is, and where a request wants to go.
pub(super) fn summary(message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
    let kind = message.kind().unwrap_or(Kind::Other);
    let version = if matches!(kind, Kind::Request4 | Kind::Reply4) { 4 } else { 5 };
    let what = match kind {
        Kind::Hello => "Connect to server request",
        Kind::Method => "Connect to server response",
        Kind::User => "User authentication request",
        Kind::Status => "User authentication reply",
        Kind::Request => "Command Request",
        Kind::Reply => "Command Response",
        Kind::Request4 => "Connect to server request",
        Kind::Reply4 => "Connect Response",
        Kind::Other => "Data",
    };
    write!(line, "Version: {version} {what}")?;
    match target(message, view.bytes(message.span)) {
        Some(target) => write!(line, " - {target}"),
        None => Ok(()),
    }
}

/// A number of one byte, told.
fn number(reader: &mut Reader<'_>, field: FieldId, sink: &mut dyn Sink) -> Result<(), Short> {
    values::number(field, 1, reader, sink).map(|_| ())
}

fn version(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    number(reader, super::VERSION, sink)
}

fn port(reader: &mut Reader<'_>, field: FieldId, sink: &mut dyn Sink) -> Result<(), Short> {
    values::number(field, 2, reader, sink).map(|_| ())
}

fn hello(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    version(reader, sink)?;
    number(reader, super::METHOD_COUNT, sink)?;
    while !reader.is_empty() {
        number(reader, super::AUTH_METHOD, sink)?;
    }
    Ok(())
}

fn user(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    number(reader, super::SUBVERSION, sink)?;
    for (field, what) in [(super::USERNAME, "The name"), (super::PASSWORD, "The password")] {
        let (len, _) = reader.u8(what)?;
        let (text, place) = reader.take(len.into(), what)?;
        sink.field(field, Value::text(text), place);
    }
    Ok(())
}

fn request(reader: &mut Reader<'_>, asks: bool, sink: &mut dyn Sink) -> Result<(), Short> {
    version(reader, sink)?;
    let field = if asks { super::COMMAND } else { super::RESULTS };
    number(reader, field, sink)?;
    number(reader, super::RESERVED, sink)?;
    let (kind, place) = reader.u8("The type of the address")?;
    sink.field(super::ADDRESS_TYPE, Value::Unsigned(kind.into()), place);
    match kind {
        1 | 4 => {
            let (len, field) = if kind == 1 { (4, super::DST) } else { (16, super::DST_V6) };
            let (address, place) = reader.take(len, "The address")?;
            sink.field(field, Value::Bytes(address), place);
        }
        _ => {
            let (len, _) = reader.u8("The length of the name")?;
            let (name, place) = reader.take(len.into(), "The name")?;
            sink.field(super::REMOTE_NAME, Value::text(name), place);
        }
    }
    port(reader, super::PORT, sink)
}

fn request_4(
    reader: &mut Reader<'_>,
    asks: bool,
    bytes: &[u8],
    sink: &mut dyn Sink,
) -> Result<(), Short> {
    version(reader, sink)?;
    let field = if asks { super::COMMAND } else { super::RESULTS };
    number(reader, field, sink)?;
    port(reader, super::DST_PORT, sink)?;
    let (address, place) = reader.take(4, "The address")?;
    sink.field(super::DST, Value::Bytes(address), place);
    let (user, name) = texts_4(bytes);
    if asks {
        let (_, place) = reader.take(user.len(), "The user")?;
        sink.field(super::USERNAME, Value::text(user), place);
        reader.take(1, "The zero")?;
    }
    if let Some(name) = name {
        let (_, place) = reader.take(name.len(), "The name")?;
        sink.field(super::V4A_NAME, Value::text(name), place);
    }
    Ok(())
}

/// User and name of a request of version 4.
fn texts_4(bytes: &[u8]) -> (&[u8], Option<&[u8]>) {
    let mut texts = bytes.get(8..).unwrap_or(&[]).split(|byte| *byte == 0);
    let user = texts.next().unwrap_or(&[]);
    let named = matches!(bytes.get(4..8), Some([0, 0, 0, 1..=255])) && bytes.len() > 8;
    (user, if named { texts.next() } else { None })
}

/// Where a request wants to go; nothing for everything else.
pub(super) fn target<'a>(message: &Message, bytes: &'a [u8]) -> Option<Target<'a>> {
    let port = |at: usize| match bytes.get(at..at + 2) {
        Some([a, b]) => u16::from_be_bytes([*a, *b]),
        _ => 0,
    };
    let four = |at: usize| match bytes.get(at..at + 4) {
        Some([a, b, c, d]) => Host::Ipv4([*a, *b, *c, *d]),
        _ => Host::Name(&[]),
    };
    let (host, port) = match (message.kind()?, bytes.get(3)) {
        (Kind::Request, Some(1)) => (four(4), port(8)),
        (Kind::Request, Some(4)) => {
            let address = bytes.get(4..20).and_then(|all| <[u8; 16]>::try_from(all).ok());
            (Host::Ipv6(address.unwrap_or_default()), port(20))
        }
        (Kind::Request, Some(3)) => {
            let len = usize::from(bytes.get(4).copied().unwrap_or(0));
            (Host::Name(bytes.get(5..5 + len).unwrap_or(&[])), port(5 + len))
        }
        (Kind::Request4, _) => (texts_4(bytes).1.map_or_else(|| four(4), Host::Name), port(2)),
        _ => return None,
    };
    Some(Target { host, port })
}

/// A host and a port.
pub(super) struct Target<'a> {
    host: Host<'a>,
    port: u16,
}

enum Host<'a> {
    Ipv4([u8; 4]),
    Ipv6([u8; 16]),
    Name(&'a [u8]),
}

impl Display for Target<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.host {
            Host::Ipv4(address) => Ipv4Addr::from(address).fmt(out)?,
            Host::Ipv6(address) => write!(out, "[{}]", Ipv6Addr::from(address))?,
            Host::Name(name) => Lossy(name).fmt(out)?,
        }
        write!(out, ":{}", self.port)
    }
}
