//! Says what a message of SMB2 holds.

use std::fmt::{self, Write};

use super::wire::{
    ASYNC, CHAINED, CREATE, DFS, HEAD, Head, NEGOTIATE, REPLAY, RESPONSE, SIGNED, Wide,
};
use super::{
    ASYNC_ID, CHANNEL, COMMAND, CREDIT_CHARGE, CREDITS_GRANTED, CREDITS_REQUESTED, DIALECT,
    DIALECT_COUNT, FILENAME, FLAGS, HEADER, HEADER_LEN, IS_ASYNC, IS_CHAINED, IS_DFS, IS_REPLAY,
    IS_RESPONSE, IS_SIGNED, Kind, MESSAGE_ID, NEXT, ORIGINAL_SIZE, PROTOCOL, RESPONSE_TO,
    SESSION_ID, SIGNATURE, STATUS_CODE, STRUCTURE_SIZE, TRANSFORM, TRANSFORM_DATA, TRANSFORM_FLAGS,
    TRANSFORM_NONCE, TRANSFORM_SIGNATURE, TRANSFORM_SIZE, TREE, TREE_ID,
};
use crate::bytes::little;
use crate::engine::view::View;
use crate::field::{FieldId, Value, reread};
use crate::message::Message;
use crate::sink::{Severity, Sink};
use crate::span::Span;

/// The row's text.
pub(super) fn summary(message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
    match message.kind() {
        Some(Kind::Sealed) => return line.write_str("Encrypted SMB3"),
        Some(Kind::Compressed) => return line.write_str("Compressed SMB3"),
        Some(Kind::Plain) | None => {}
    }
    let bytes = view.bytes(message.span);
    let Some(head) = Head::read(bytes) else { return line.write_str("SMB2, cut") };
    let name = COMMAND.def().name_of(head.command).unwrap_or("Command");
    let what = if head.is_response() { "Response" } else { "Request" };
    write!(line, "{name} {what}")?;
    if head.is_response() && head.status != 0 {
        match STATUS_CODE.def().name_of(head.status) {
            Some(name) => write!(line, ", Error: {name}")?,
            None => write!(line, ", Error: 0x{:08x}", head.status)?,
        }
    }
    let Some(name) = head.name(bytes).and_then(|range| bytes.get(range)) else { return Ok(()) };
    if head.command == CREATE {
        write!(line, ", File: {}", Wide(name))
    } else {
        write!(line, ", Tree: '{}'", Wide(name))
    }
}

/// A message, and how its numbers are told.
struct Told<'a, 's> {
    bytes: &'a [u8],
    span: Span,
    sink: &'s mut dyn Sink,
}

impl Told<'_, '_> {
    fn number(&mut self, at: usize, len: usize, field: FieldId) {
        if let Some(value) = little(self.bytes, at, len) {
            self.sink.field(field, Value::Unsigned(value), self.span.part(at, len));
        }
    }

    fn exact(&mut self, at: usize, len: usize, field: FieldId) {
        let value = self.bytes.get(at..at + len).and_then(|value| reread(field.def(), value));
        if let Some(value) = value {
            self.sink.field(field, value, self.span.part(at, len));
        }
    }

    fn wide(&mut self, range: std::ops::Range<usize>, field: FieldId) {
        let place = self.span.part(range.start, range.len());
        if let Some(name) = self.bytes.get(range).filter(|_| self.sink.wants(field)) {
            self.sink.field(field, Value::Text(&Wide(name).to_string()), place);
        }
    }
}

/// Describes a message of any kind.
pub(super) fn describe(message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
    let bytes = view.bytes(message.span);
    let mut told = Told { bytes, span: message.span, sink };
    match message.kind() {
        Some(Kind::Sealed) => sealed(&mut told),
        Some(Kind::Compressed) => {
            told.exact(0, 4, PROTOCOL);
            told.number(4, 4, ORIGINAL_SIZE);
        }
        Some(Kind::Plain) | None => match Head::read(bytes) {
            Some(head) => {
                header(&head, message, &mut told);
                body(&head, &mut told);
            }
            None => {
                told.exact(0, 4, PROTOCOL);
                let text = format_args!("A header of SMB2 takes {HEAD} bytes");
                told.sink.note(Severity::Broken, message.span, text);
            }
        },
    }
}

fn header(head: &Head, message: &Message, told: &mut Told<'_, '_>) {
    told.sink.open(HEADER, Value::None, told.span.part(0, HEAD));
    told.exact(0, 4, PROTOCOL);
    told.number(4, 2, HEADER_LEN);
    told.number(6, 2, CREDIT_CHARGE);
    if head.is_response() {
        told.number(8, 4, STATUS_CODE);
    } else {
        told.number(8, 2, CHANNEL);
    }
    told.number(12, 2, COMMAND);
    told.number(14, 2, if head.is_response() { CREDITS_GRANTED } else { CREDITS_REQUESTED });
    let place = told.span.part(16, 4);
    told.sink.open(FLAGS, Value::Unsigned(head.flags), place);
    let flags = [
        (IS_RESPONSE, RESPONSE),
        (IS_ASYNC, ASYNC),
        (IS_CHAINED, CHAINED),
        (IS_SIGNED, SIGNED),
        (IS_DFS, DFS),
        (IS_REPLAY, REPLAY),
    ];
    for (field, flag) in flags {
        told.sink.field(field, Value::Bool(head.has(flag)), place);
    }
    told.sink.close();
    told.number(20, 4, NEXT);
    told.number(24, 8, MESSAGE_ID);
    if head.has(ASYNC) {
        told.number(32, 8, ASYNC_ID);
    } else {
        told.number(36, 4, TREE_ID);
    }
    told.number(40, 8, SESSION_ID);
    told.exact(48, 16, SIGNATURE);
    if let Some(request) = message.extra::<Kind>().flatten() {
        let number = Value::Unsigned(request.number().into());
        told.sink.field(RESPONSE_TO, number, Span::NONE);
    }
    told.sink.close();
}

fn body(head: &Head, told: &mut Told<'_, '_>) {
    told.number(HEAD, 2, STRUCTURE_SIZE);
    if head.command == NEGOTIATE && !head.is_response() {
        told.number(HEAD + 2, 2, DIALECT_COUNT);
    }
    for at in head.dialects(told.bytes).step_by(2) {
        told.number(at, 2, DIALECT);
    }
    if let Some(name) = head.name(told.bytes) {
        told.wide(name, if head.command == CREATE { FILENAME } else { TREE });
    }
}

/// The head of a sealed message: what is known without the key.
fn sealed(told: &mut Told<'_, '_>) {
    const LEN: usize = 52;
    told.sink.open(TRANSFORM, Value::None, told.span.part(0, LEN));
    told.exact(0, 4, PROTOCOL);
    told.exact(4, 16, TRANSFORM_SIGNATURE);
    told.exact(20, 16, TRANSFORM_NONCE);
    told.number(36, 4, TRANSFORM_SIZE);
    told.number(42, 2, TRANSFORM_FLAGS);
    told.number(44, 8, SESSION_ID);
    told.exact(LEN, told.bytes.len().saturating_sub(LEN), TRANSFORM_DATA);
    told.sink.close();
}
