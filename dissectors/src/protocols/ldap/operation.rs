//! What operations say beside their results (RFC 4511, sections 4.2 to 4.11).

use super::{filter, *};
use crate::bytes::Reader;
use crate::protocols::ber::{self, Element, Stop};

/// Tells what the operation of that number holds.
pub(super) fn describe(
    operation: u8,
    mut reader: Reader<'_>,
    sink: &mut dyn Sink,
) -> Result<(), Stop> {
    let reader = &mut reader;
    match operation {
        0 => bind(reader, sink),
        3 => search(reader, sink),
        4 => {
            text(OBJECT_NAME, reader, sink)?;
            attributes(reader, sink)
        }
        1 | 5 | 7 | 9 | 11 | 13 | 15 | 24 => {
            Element::expect(reader, 0x0a, "The result")?;
            text(MATCHED, reader, sink)?;
            text(ERROR, reader, sink)
        }
        6 => modify(reader, sink),
        8 => {
            text(ENTRY, reader, sink)?;
            attributes(reader, sink)
        }
        10 => {
            sink.field(DELETED, Value::text(reader.rest()), reader.span());
            Ok(())
        }
        12 => {
            text(ENTRY, reader, sink)?;
            text(NEW_NAME, reader, sink)?;
            flag(DELETES_OLD, reader, sink)?;
            if reader.is_empty() {
                return Ok(());
            }
            let above = Element::expect(reader, 0x80, "The entry above")?;
            sink.field(NEW_SUPERIOR, Value::text(above.whole()?), above.content.span());
            Ok(())
        }
        14 => {
            text(ENTRY, reader, sink)?;
            let mut pair = Element::expect(reader, 0x30, "What is compared")?.content;
            text(COMPARED, &mut pair, sink)?;
            text(ASSERTED, &mut pair, sink)
        }
        16 => {
            let number = ber::number(reader.rest().get(..4).unwrap_or(reader.rest()));
            sink.field(ABANDONED, Value::Unsigned(number), reader.span());
            Ok(())
        }
        19 => {
            while !reader.is_empty() && !sink.is_done() {
                text(URL, reader, sink)?;
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// A text, which is an octet string.
fn text(field: FieldId, reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Stop> {
    let one = Element::expect(reader, 0x04, field.def().title)?;
    let bytes = one.whole()?;
    let value = match field.def().kind {
        Width::Bytes => Value::Bytes(bytes),
        _ => Value::text(bytes),
    };
    sink.field(field, value, one.content.span());
    Ok(())
}

/// A number, or a choice of several.
fn number(
    field: FieldId,
    tag: u8,
    reader: &mut Reader<'_>,
    sink: &mut dyn Sink,
) -> Result<(), Stop> {
    let one = Element::expect(reader, tag, field.def().title)?;
    let number = ber::signed(one.whole()?).unwrap_or(0).max(0);
    sink.field(field, Value::Unsigned(number.unsigned_abs()), one.content.span());
    Ok(())
}

fn flag(field: FieldId, reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Stop> {
    let one = Element::expect(reader, 0x01, field.def().title)?;
    let is_set = one.whole()?.iter().any(|byte| *byte != 0);
    sink.field(field, Value::Bool(is_set), one.content.span());
    Ok(())
}

fn bind(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Stop> {
    number(VERSION, 0x02, reader, sink)?;
    text(NAME, reader, sink)?;
    let choice = Element::next(reader, "The way to prove it")?;
    let kind = u64::from(choice.tag & 0x1f);
    sink.field(AUTHENTICATION, Value::Unsigned(kind), choice.span.part(0, 1));
    match choice.tag {
        0x80 => {
            sink.field(SIMPLE, Value::text(choice.whole()?), choice.content.span());
            Ok(())
        }
        0xa3 => {
            let mut inside = choice.content;
            if inside.is_empty() {
                return Ok(());
            }
            text(MECHANISM, &mut inside, sink)?;
            if inside.is_empty() { Ok(()) } else { text(CREDENTIALS, &mut inside, sink) }
        }
        _ => Ok(()),
    }
}

fn search(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Stop> {
    text(BASE, reader, sink)?;
    number(SCOPE, 0x0a, reader, sink)?;
    number(DEREFERENCES, 0x0a, reader, sink)?;
    number(SIZE_LIMIT, 0x02, reader, sink)?;
    number(TIME_LIMIT, 0x02, reader, sink)?;
    flag(TYPES_ONLY, reader, sink)?;
    let mut of_filter = *reader;
    let filter = Element::next(reader, "The filter")?;
    let place = filter.span;
    sink.field(FILTER, Value::Unsigned((filter.tag & 0x1f).into()), place.part(0, 1));
    if let Some(text) = filter::text(&mut of_filter) {
        sink.field(FILTER_TEXT, Value::Text(&text), place);
    }
    let mut list = Element::expect(reader, 0x30, "The attributes that are wanted")?.content;
    while !list.is_empty() && !sink.is_done() {
        text(WANTED, &mut list, sink)?;
    }
    Ok(())
}

/// Attributes with their values.
fn attributes(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Stop> {
    let mut list = Element::expect(reader, 0x30, "Attributes")?.content;
    while !list.is_empty() && !sink.is_done() {
        attribute(&mut list, sink)?;
    }
    Ok(())
}

fn attribute(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Stop> {
    let mut inside = Element::expect(reader, 0x30, "An attribute")?.content;
    text(TYPE, &mut inside, sink)?;
    let mut values = Element::expect(&mut inside, 0x31, "Values")?.content;
    while !values.is_empty() && !sink.is_done() {
        text(VALUE, &mut values, sink)?;
    }
    Ok(())
}

fn modify(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Stop> {
    text(OBJECT, reader, sink)?;
    let mut list = Element::expect(reader, 0x30, "Changes")?.content;
    while !list.is_empty() && !sink.is_done() {
        let mut one = Element::expect(&mut list, 0x30, "A change")?.content;
        number(OPERATION, 0x0a, &mut one, sink)?;
        attribute(&mut one, sink)?;
    }
    Ok(())
}

/// What a search is about: under which entry, how deep, and what matches.
pub(super) fn searched(mut reader: Reader<'_>) -> Option<(&[u8], &'static str, Option<String>)> {
    let reader = &mut reader;
    let base = Element::expect(reader, 0x04, "The base").ok()?.whole().ok()?;
    let scope = Element::expect(reader, 0x0a, "The scope").ok()?.whole().ok()?;
    let scope = SCOPE.def().name_of(ber::number(scope.get(..1)?))?;
    for tag in [0x0a, 0x02, 0x02, 0x01] {
        Element::expect(reader, tag, "A limit").ok()?;
    }
    Some((base, scope, filter::text(reader)))
}

/// The name that an operation begins with: of a result, of who binds, or of what is changed.
pub(super) fn named(operation: u8, mut reader: Reader<'_>) -> Option<&[u8]> {
    match operation {
        0 => drop(Element::expect(&mut reader, 0x02, "The version").ok()?),
        4 | 6 | 8 | 12 | 14 => {}
        10 => return Some(reader.rest()),
        _ => return None,
    }
    Element::expect(&mut reader, 0x04, "A name").ok()?.whole().ok()
}
