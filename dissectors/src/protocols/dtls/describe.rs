//! Says what records and messages of DTLS hold.

use std::fmt::{self, Arguments, Write};

use super::record::{HEADER_LEN, Header, Unified};
use super::{Kind, fields as f, note};
use crate::bytes::{Reader, Short};
use crate::engine::view::View;
use crate::field::{FieldId, Value};
use crate::message::{Message, Protection};
use crate::protocols::tls::handshake;
use crate::protocols::tls::record::ContentType;
use crate::protocols::tls::{fields as tls, names};
use crate::protocols::values::{bits, number};
use crate::sink::{Severity, Sink};
use crate::span::Span;

/// Describes one message.
pub(super) fn describe(message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
    let mut reader = view.reader(message.span);
    let told = match message.kind() {
        Some(Kind::Record | Kind::Again) => record(message, view, reader, sink),
        Some(Kind::Unified) => unified(message, &mut reader, sink),
        Some(Kind::Handshake) => {
            let extra = note(message).extra();
            handshake::describe(message, extra, view, &mut Renamed { sink, depth: 0 });
            Ok(())
        }
        Some(Kind::Alert) => alert(&mut reader, sink),
        Some(Kind::ChangeCipherSpec) => {
            sink.field(f::renamed(tls::CHANGE_CIPHER_SPEC), Value::None, message.span);
            Ok(())
        }
        None => Ok(()),
    };
    if let Err(short) = told {
        sink.note(Severity::Broken, short.place, format_args!("{short}"));
    }
}

/// Where what a record holds can be read: behind its header, or where it was opened.
fn content(message: &Message, view: &View<'_>) -> Option<Span> {
    match (message.protection, note(message).plaintext()) {
        (Protection::Opaque, _) => None,
        (_, Some(buffer)) => {
            let span = Span { buffer, start: 0, len: u32::MAX };
            Some(Span { len: view.length(span) as u32, ..span })
        }
        (_, None) => Some(message.span.from(HEADER_LEN)),
    }
}

fn record(
    message: &Message,
    view: &View<'_>,
    mut reader: Reader<'_>,
    sink: &mut dyn Sink,
) -> Result<(), Short> {
    let Some(header) = Header::read(reader.rest()) else { return Ok(()) };
    let name = names::name(names::CONTENT_TYPES, header.content_type.0.into());
    sink.open(f::RECORD, Value::Text(&name), message.span);
    let told = inside(header, message, view, &mut reader, sink);
    sink.close();
    told
}

fn inside(
    header: Header,
    message: &Message,
    view: &View<'_>,
    reader: &mut Reader<'_>,
    sink: &mut dyn Sink,
) -> Result<(), Short> {
    for (field, width) in [
        (f::CONTENT_TYPE, 1),
        (f::RECORD_VERSION, 2),
        (f::EPOCH, 2),
        (f::SEQUENCE, 6),
        (f::RECORD_LENGTH, 2),
    ] {
        number(field, width, reader, sink)?;
    }
    if reader.len() < header.len {
        let text = format_args!("{} of {} bytes are in the capture", reader.len(), header.len);
        sink.note(Severity::Missing, reader.span(), text);
    }
    let content = content(message, view);
    match (header.content_type, content) {
        (ContentType::APPLICATION_DATA, _) => {
            sink.field(f::APP_DATA, Value::Bytes(reader.rest()), reader.span());
        }
        (ContentType::HANDSHAKE, Some(content)) => {
            let mut reader = view.reader(content);
            while !reader.is_empty() && !sink.is_done() {
                fragment(&mut reader, sink)?;
            }
        }
        (ContentType::HANDSHAKE, None) => {
            let text = Value::Text("Encrypted Handshake Message");
            sink.field(f::renamed(tls::HANDSHAKE), text, reader.span());
        }
        (ContentType::ALERT, None) => {
            let text = Value::Text("Encrypted Alert");
            sink.field(f::renamed(tls::ALERT), text, reader.span());
        }
        _ => {}
    }
    sealed(message, reader.span(), sink);
    Ok(())
}

/// Says why a record stays sealed.
fn sealed(message: &Message, place: Span, sink: &mut dyn Sink) {
    if let Some(reason) = note(message).reason() {
        sink.field(f::SEALED, Value::Text(reason.note()), Span::NONE);
        sink.note(Severity::Missing, place, format_args!("{}", reason.note()));
    }
}

/// The head of one fragment: what it is of, and which part (RFC 6347, section 4.2.2).
fn fragment(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let whole = reader.span();
    let name = reader.rest().first().map_or("", |kind| called(*kind));
    let len = reader
        .rest()
        .get(9..12)
        .map_or(0, |len| len.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte)));
    sink.open(f::renamed(tls::HANDSHAKE), Value::Text(name), whole.part(0, 12 + len));
    let told = fragment_head(reader, sink);
    sink.close();
    told?;
    reader.take(len, "The fragment").map(|_| ())
}

fn fragment_head(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    for (field, width) in [
        (f::renamed(tls::TYPE), 1),
        (f::renamed(tls::LENGTH), 3),
        (f::MESSAGE_SEQ, 2),
        (f::FRAGMENT_OFFSET, 3),
        (f::FRAGMENT_LENGTH, 3),
    ] {
        number(field, width, reader, sink)?;
    }
    Ok(())
}

fn called(kind: u8) -> &'static str {
    names::known(names::HANDSHAKE_TYPES, kind.into()).unwrap_or("Unknown Handshake Message")
}

fn unified(message: &Message, reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let Some(found) = Unified::read(reader.rest()) else { return Ok(()) };
    let place = reader.span();
    let (first, first_place) = reader.u8("The first byte")?;
    sink.open(f::RECORD, Value::Text("Encrypted Record"), place);
    for field in [f::FIXED_BITS, f::CID_BIT, f::SEQUENCE_BIT, f::LENGTH_BIT, f::EPOCH_BITS] {
        bits(field, first.into(), first_place, sink);
    }
    // The number is masked: without keys nobody knows it (RFC 9147, section 4.2.3).
    let told = reader.take(found.header - 1, "The header").map(|_| ());
    sealed(message, reader.span(), sink);
    sink.close();
    told
}

fn alert(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    sink.open(f::renamed(tls::ALERT), Value::None, reader.span());
    let told = number(f::renamed(tls::ALERT_LEVEL), 1, reader, sink)
        .and_then(|_| number(f::renamed(tls::ALERT_DESCRIPTION), 1, reader, sink));
    sink.close();
    told.map(|_| ())
}

/// The row's text. Of a record it says only what nothing inside says by itself.
pub(super) fn summary(message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
    match message.kind() {
        Some(Kind::Handshake) => handshake::summary(message, note(message).extra(), view, line),
        Some(Kind::ChangeCipherSpec) => line.write_str("Change Cipher Spec"),
        Some(Kind::Unified) => line.write_str("Encrypted Data"),
        Some(Kind::Alert) => {
            let byte = |at: usize| view.bytes(message.span).get(at).copied().unwrap_or(0);
            let level = names::named(names::ALERT_LEVELS, byte(0).into());
            let description = names::named(names::ALERTS, byte(1).into());
            write!(line, "Alert (Level: {level}, Description: {description})")
        }
        Some(Kind::Record | Kind::Again) => record_summary(message, view, line),
        None => Ok(()),
    }
}

fn record_summary(message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
    let header = Header::read(view.bytes(message.span.part(0, HEADER_LEN)));
    let Some(header) = header else { return Ok(()) };
    match (header.content_type, content(message, view)) {
        (ContentType::APPLICATION_DATA, _) => line.write_str("Application Data"),
        (ContentType::HANDSHAKE, None) => line.write_str("Encrypted Handshake Message"),
        (ContentType::ALERT, None) => line.write_str("Encrypted Alert"),
        (ContentType::HANDSHAKE, Some(content)) => {
            let head = view.bytes(content.part(0, 12));
            let [kind, a, b, c, _, _, _, _, _, x, y, z] = head else { return Ok(()) };
            let is_part = [a, b, c] != [x, y, z];
            match message.is(Kind::Again) {
                true => write!(line, "{} (again)", called(*kind)),
                false if is_part => write!(line, "{} (Fragment)", called(*kind)),
                false => Ok(()),
            }
        }
        _ => Ok(()),
    }
}

/// Hears what the handshake of TLS says, and passes it on under the names of DTLS. Type and length
/// of a message stand with its fragments.
struct Renamed<'s> {
    sink: &'s mut dyn Sink,
    depth: usize,
}

impl Renamed<'_> {
    /// Whether the fragments said it before.
    fn is_told(&self, field: FieldId) -> bool {
        self.depth == 1 && (field == tls::TYPE || field == tls::LENGTH)
    }
}

impl Sink for Renamed<'_> {
    fn wants(&self, field: FieldId) -> bool {
        self.sink.wants(f::renamed(field))
    }

    fn is_done(&self) -> bool {
        self.sink.is_done()
    }

    fn field(&mut self, field: FieldId, value: Value<'_>, span: Span) {
        if !self.is_told(field) {
            self.sink.field(f::renamed(field), value, span);
        }
    }

    fn open(&mut self, field: FieldId, value: Value<'_>, span: Span) {
        self.depth += 1;
        self.sink.open(f::renamed(field), value, span);
    }

    fn close(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        self.sink.close();
    }

    fn note(&mut self, severity: Severity, span: Span, text: Arguments<'_>) {
        self.sink.note(severity, span, text);
    }
}
