//! Says what requests and responses hold, by the tables of their APIs.

use std::fmt::{self, Write};

use super::records;
use super::schema::{self, Item, Spec};
use super::wire::{self, Api, Request};
use super::{Asked, Kind, fields as f};
use crate::bytes::{Reader, Short};
use crate::engine::view::View;
use crate::field::{FieldId, Value};
use crate::limits::MAX_CONTENT_VALUES;
use crate::message::Message;
use crate::protocols::values;
use crate::sink::{Severity, Sink};
use crate::span::Span;

/// Which API a message is of, where that is known.
pub(super) fn api(message: &Message, view: &View<'_>) -> Option<Api> {
    match message.extra::<Kind>() {
        Some(Asked(Some(api))) => Some(api),
        _ if message.is(Kind::Request) => {
            Request::read(view.bytes(message.span)).map(|request| request.api)
        }
        _ => None,
    }
}

/// What an API is called.
pub(super) fn name(api: Option<Api>) -> &'static str {
    let known = api.and_then(|api| f::API_KEY.def().name_of(api.key.into()));
    known.unwrap_or("Unknown API")
}

/// The row's text: the API, its version, and which way it goes.
pub(super) fn summary(message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
    let api = api(message, view);
    let side = if message.is(Kind::Request) { "Request" } else { "Response" };
    match api {
        Some(found) => write!(line, "Kafka {} v{} {side}", name(api), found.version),
        None => write!(line, "Kafka {side}"),
    }
}

/// Describes a message.
pub(super) fn describe(message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
    let mut reader = view.reader(message.span);
    let whole = wire::length(reader.rest());
    let api = api(message, view);
    let told = if message.is(Kind::Request) {
        request(api, &mut reader, sink)
    } else {
        response(api, &mut reader, sink)
    };
    // Of a long message only the head is kept.
    let is_kept = whole == Some(message.span.len.into());
    if let Err(short) = told
        && is_kept
    {
        sink.note(Severity::Broken, short.place, format_args!("{short}"));
    }
}

/// A signed number of so many bytes.
pub(super) fn signed(
    field: FieldId,
    width: usize,
    reader: &mut Reader<'_>,
    sink: &mut dyn Sink,
) -> Result<i64, Short> {
    let (number, place) = reader.number(width, field.def().title)?;
    let shift = 64 - 8 * width.min(8);
    let value = ((number << shift) as i64) >> shift;
    sink.field(field, Value::Signed(value), place);
    Ok(value)
}

fn request(api: Option<Api>, reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    signed(f::LEN, 4, reader, sink)?;
    signed(f::API_KEY, 2, reader, sink)?;
    signed(f::API_VERSION, 2, reader, sink)?;
    signed(f::CORRELATION_ID, 4, reader, sink)?;
    // The client's name stays in the old form, whatever the version (KIP-482).
    if let Some((client, place)) = wire::counted(reader, false, 2)? {
        sink.field(f::CLIENT_ID, Value::text(client), place);
    }
    let Some(api) = api else { return Ok(()) };
    if api.is_flexible() {
        wire::tags(reader)?;
    }
    body(api, schema::request(api.key), reader, sink)
}

fn response(api: Option<Api>, reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    signed(f::LEN, 4, reader, sink)?;
    signed(f::CORRELATION_ID, 4, reader, sink)?;
    let Some(api) = api else { return rest(reader, sink) };
    sink.field(f::API_KEY, Value::Signed(api.key.into()), Span::NONE);
    sink.field(f::API_VERSION, Value::Signed(api.version.into()), Span::NONE);
    // Who asks for versions may not know yet how an answer is written (KIP-511).
    if api.is_flexible() && name(Some(api)) != "ApiVersions" {
        wire::tags(reader)?;
    }
    body(api, schema::response(api.key), reader, sink)
}

fn body(
    api: Api,
    specs: &'static [Spec],
    reader: &mut Reader<'_>,
    sink: &mut dyn Sink,
) -> Result<(), Short> {
    let mut left = MAX_CONTENT_VALUES;
    structure(api, specs, &mut left, reader, sink)?;
    rest(reader, sink)
}

/// What no table tells.
fn rest(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    if reader.is_empty() {
        return Ok(());
    }
    values::bytes(f::REST, reader.len(), reader, sink).map(|_| ())
}

fn structure(
    api: Api,
    specs: &'static [Spec],
    left: &mut usize,
    reader: &mut Reader<'_>,
    sink: &mut dyn Sink,
) -> Result<(), Short> {
    let fits = |spec: &&Spec| (spec.since..=spec.until).contains(&api.version);
    for spec in specs.iter().filter(fits) {
        item(api, spec.item, left, reader, sink)?;
    }
    Ok(())
}

fn item(
    api: Api,
    item: Item,
    left: &mut usize,
    reader: &mut Reader<'_>,
    sink: &mut dyn Sink,
) -> Result<(), Short> {
    let is_compact = api.is_flexible();
    *left = left.saturating_sub(1);
    match item {
        Item::Number(field, width) => signed(field, width, reader, sink).map(|_| ()),
        Item::Flag(field) => values::number(field, 1, reader, sink).map(|_| ()),
        Item::Uuid => reader.take(16, "A topic's id").map(|_| ()),
        Item::Text(field) => {
            if let Some((text, place)) = wire::counted(reader, is_compact, 2)? {
                sink.field(field, Value::text(text), place);
            }
            Ok(())
        }
        Item::Bytes(field) => {
            if let Some((bytes, place)) = wire::counted(reader, is_compact, 4)? {
                sink.open(field, Value::Bytes(bytes), place);
                if field == f::RECORDS {
                    records::describe(Reader::new(bytes, place), left, sink);
                }
                sink.close();
            }
            Ok(())
        }
        Item::Numbers(field) => {
            let count = wire::count(reader, is_compact, 4)?.unwrap_or(0);
            for _ in 0..count {
                *left = left.saturating_sub(1);
                if *left == 0 || sink.is_done() {
                    break;
                }
                signed(field, 4, reader, sink)?;
            }
            Ok(())
        }
        Item::List(specs) => {
            let count = wire::count(reader, is_compact, 4)?.unwrap_or(0);
            for _ in 0..count {
                if *left == 0 || sink.is_done() {
                    break;
                }
                structure(api, specs, left, reader, sink)?;
                if is_compact {
                    wire::tags(reader)?;
                }
            }
            Ok(())
        }
    }
}
