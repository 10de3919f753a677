//! Describes records.

use super::super::extra::Note;
use super::super::record::{ContentType, HEADER_LEN, Header, inner};
use super::super::{fields, names};
use crate::engine::view::View;
use crate::field::{FieldId, Value};
use crate::message::{Message, Protection};
use crate::sink::{Severity, Sink};
use crate::span::Span;

/// Every field a record may have: a sink that wants none of them is spared the walk.
const FIELDS: [FieldId; 9] = [
    fields::RECORD,
    fields::OPAQUE_TYPE,
    fields::CONTENT_TYPE,
    fields::RECORD_VERSION,
    fields::RECORD_LENGTH,
    fields::APP_DATA,
    fields::SEALED,
    fields::HANDSHAKE,
    fields::ALERT,
];

/// Describes a record: its header and, of a sealed one that was opened, the type inside.
pub(super) fn describe(message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
    // The header alone: a row needs no more of a record, which may lie in many frames.
    let header = view.bytes(message.span.part(0, HEADER_LEN));
    let Some(header) = Header::read(header) else { return };
    if !header.is_plausible() {
        let claim = format_args!(
            "this is no TLS record: type {}, version {:#06x}, length {}",
            header.content_type.0, header.version.0, header.len
        );
        sink.note(Severity::Broken, message.span, claim);
        return;
    }
    let inner_type = inner_type(message, view);
    let content_type = match inner_type {
        Some((content_type, _)) => content_type,
        None => header.content_type,
    };
    let hides = hides_type(message) && header.content_type == ContentType::APPLICATION_DATA;
    if !FIELDS.iter().any(|field| sink.wants(*field)) {
        return;
    }
    let mut reader = view.reader(message.span);
    let name = names::name(names::CONTENT_TYPES, u16::from(content_type.0));
    sink.open(fields::RECORD, Value::Text(&name), message.span);
    let outer = if hides { fields::OPAQUE_TYPE } else { fields::CONTENT_TYPE };
    let numbers = [(outer, 1), (fields::RECORD_VERSION, 2), (fields::RECORD_LENGTH, 2)];
    for (field, width) in numbers {
        if let Ok((number, place)) = reader.number(width, "record header") {
            sink.field(field, Value::Unsigned(number), place);
        }
    }
    if let (true, Some((content_type, place))) = (hides, inner_type) {
        sink.field(fields::CONTENT_TYPE, Value::Unsigned(u64::from(content_type.0)), place);
    }
    let opaque = message.protection == Protection::Opaque;
    match content_type {
        ContentType::APPLICATION_DATA => {
            sink.field(fields::APP_DATA, Value::Bytes(reader.rest()), reader.span());
        }
        ContentType::HANDSHAKE if opaque => {
            let text = Value::Text("Encrypted Handshake Message");
            sink.field(fields::HANDSHAKE, text, reader.span());
        }
        ContentType::ALERT if opaque => {
            sink.field(fields::ALERT, Value::Text("Encrypted Alert"), reader.span());
        }
        _ => {}
    }
    if let Some(reason) = Note::of(message).reason() {
        sink.field(fields::SEALED, Value::Text(reason.note()), Span::NONE);
        sink.note(Severity::Missing, reader.span(), format_args!("{}", reason.note()));
    }
    sink.close();
}

/// Whether a sealed record has its type inside. Early data is sealed as in TLS 1.3 before that
/// version is agreed on.
fn hides_type(message: &Message) -> bool {
    Note::of(message).extra().is_tls13() || message.protection == Protection::Early
}

/// The type inside an opened TLS 1.3 record, and where it stands.
fn inner_type(message: &Message, view: &View<'_>) -> Option<(ContentType, Span)> {
    let buffer = Note::of(message).plaintext().filter(|_| hides_type(message))?;
    let plaintext = view.bytes(Span { buffer, start: 0, len: u32::MAX });
    let (len, content_type) = inner(plaintext)?;
    let whole = Span { buffer, start: 0, len: plaintext.len() as u32 };
    Some((content_type, whole.part(len, 1)))
}

/// Of records whose content tells nothing by itself, what they hold; of others nothing.
pub(super) fn summary(message: &Message, view: &View<'_>) -> &'static str {
    let header = Header::read(view.bytes(message.span.part(0, HEADER_LEN)))
        .filter(|header| header.is_plausible());
    let Some(header) = header else { return "" };
    let content_type =
        inner_type(message, view).map_or(header.content_type, |(content_type, _)| content_type);
    let opaque = message.protection == Protection::Opaque;
    match content_type {
        ContentType::APPLICATION_DATA => "Application Data",
        ContentType::HEARTBEAT => "Heartbeat",
        ContentType::HANDSHAKE if opaque => "Encrypted Handshake Message",
        ContentType::ALERT if opaque => "Encrypted Alert",
        _ => "",
    }
}

const _: () = assert!(HEADER_LEN == 5, "the header's fields are read one by one above");
