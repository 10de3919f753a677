//! Says what messages of CIP hold, and those inside others.

use super::{names, path};
use crate::bytes::{Reader, Short, little as at};
use crate::field::Value;
use crate::protocols::values::{bits, bytes, little, number};
use crate::sink::Sink;

/// Requests of CIP in one packet: the largest connections carry 4000 bytes, and a request takes
/// six.
const MAX_SERVICES: usize = 700;

/// Messages of CIP that stand in each other: one to hand on, which holds several.
const MAX_DEPTH: usize = 3;

/// A message: a request or an answer, at that depth inside others.
pub(super) fn message(
    mut reader: Reader<'_>,
    depth: usize,
    sink: &mut dyn Sink,
) -> Result<(), Short> {
    let (service, place) = reader.u8("Service")?;
    sink.open(super::SERVICE, Value::Unsigned(service.into()), place);
    bits(super::IS_RESPONSE, service.into(), place, sink);
    bits(super::CODE, service.into(), place, sink);
    sink.close();
    let is_answer = service & 0x80 != 0;
    let mut class = None;
    if is_answer {
        reader.take(1, "Reserved")?;
        number(super::STATUS, 1, &mut reader, sink)?;
        let words = number(super::MORE_SIZE, 1, &mut reader, sink)?;
        for _ in 0..words {
            little(super::MORE, 2, &mut reader, sink)?;
        }
    } else {
        let words = number(super::PATH_SIZE, 1, &mut reader, sink)? as usize;
        let inside = reader.sub(words * 2, "The path")?;
        sink.open(super::PATH, Value::Bytes(inside.rest()), inside.span());
        path::describe(inside, sink);
        sink.close();
        class = path::class(inside);
    }
    match u64::from(service & 0x7f) {
        names::MULTIPLE if depth < MAX_DEPTH && reader.len() >= 2 => several(reader, depth, sink),
        names::SEND if class == Some(names::MANAGER) && depth < MAX_DEPTH => {
            handed_on(reader, depth, sink)
        }
        _ if reader.is_empty() => Ok(()),
        _ => bytes(super::DATA, reader.len(), &mut reader, sink).map(drop),
    }
}

/// Several messages: where each begins, counted from the number of them.
fn several(mut reader: Reader<'_>, depth: usize, sink: &mut dyn Sink) -> Result<(), Short> {
    let whole = reader;
    let count = little(super::COUNT, 2, &mut reader, sink)? as usize;
    for _ in 0..count.min(MAX_SERVICES) {
        little(super::OFFSET, 2, &mut reader, sink)?;
    }
    for number in 0..count.min(MAX_SERVICES) {
        let offset = |number: usize| at(whole.rest(), 2 + number * 2, 2).map(|at| at as usize);
        let Some(start) = offset(number) else { break };
        let end = if number + 1 < count { offset(number + 1) } else { Some(whole.len()) };
        let mut inside = whole;
        inside.take(start, "A service packet")?;
        let len = end.unwrap_or(whole.len()).saturating_sub(start);
        let inside = inside.sub(len, "A service packet")?;
        sink.open(super::INSIDE, Value::None, inside.span());
        let told = message(inside, depth + 1, sink);
        sink.close();
        told?;
    }
    Ok(())
}

/// A request that is to be handed on: how long to wait, the message behind its length, and the way.
fn handed_on(mut reader: Reader<'_>, depth: usize, sink: &mut dyn Sink) -> Result<(), Short> {
    reader.take(2, "How long to wait")?;
    let (len, _) = reader.take(2, "The length of a message")?;
    let inside = reader.sub(at(len, 0, 2).unwrap_or(0) as usize, "A message to hand on")?;
    sink.open(super::INSIDE, Value::None, inside.span());
    let told = message(inside, depth + 1, sink);
    sink.close();
    told
}
