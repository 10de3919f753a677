//! Protocol Buffers: messages whose fields have numbers and no names. What a field is called, and
//! whether its bytes are text or another message, stands in a description that both programs were
//! built with. Where nobody hands that in, it is guessed from the bytes, and said to be.

pub(in crate::protocols) mod descriptor;
mod meant;
mod session;
pub(in crate::protocols) mod status;
#[cfg(test)]
mod tests;
mod wire;

pub(in crate::protocols) use wire::{Held, entries, is_message, told};

use std::fmt::{self, Write};

use self::meant::Meant;
use self::wire::{Entry, Guess, any};
use crate::codes;
use crate::engine::session::Session;
use crate::engine::view::View;
use crate::field::{FieldDef, FieldId, Kind as FieldKind, Names, Value};
use crate::fields;
use crate::limits::MAX_PROTOBUF_DEPTH;
use crate::message::{Message, MessageKind};
use crate::protocol::{Claim, Facts, Framing, Likelihood, Protocol};
use crate::schema::{Origin, Typed};
use crate::sink::{Severity, Sink};
use crate::span::Span;

codes! {
    /// What a message is.
    pub enum Kind {
        /// A message.
        Message,
    }
}

impl MessageKind for Kind {
    type Extra = ();
}

const WIRE_TYPES: Names = &[
    (0, "varint"),
    (1, "64-bit"),
    (2, "Length-delimited"),
    (3, "Start group"),
    (4, "End group"),
    (5, "32-bit"),
];

fields! { "protobuf", "ProtoBuf";
    NUMBER = FieldDef::u64("protobuf.field.number", "Field Number").computed(),
    WIRE_TYPE = FieldDef::u8("protobuf.field.wiretype", "Wire Type").names(WIRE_TYPES).computed(),
    LENGTH = FieldDef::u64("protobuf.field.value.length", "Value Length").computed(),
    VALUE = FieldDef::bytes("protobuf.field.value", "Value"),
    UNSIGNED = FieldDef::u64("protobuf.field.value.uint64", "Uint64").computed(),
    SIGNED =
        FieldDef::of("protobuf.field.value.int64", "Int64", FieldKind::Signed(64)).computed(),
    DOUBLE = FieldDef::text("protobuf.field.value.double", "Double").computed(),
    FLOAT = FieldDef::text("protobuf.field.value.float", "Float").computed(),
    BOOL = FieldDef::flag("protobuf.field.value.bool", "Bool", 0).computed(),
    ENUM = FieldDef::text("protobuf.field.value.enum", "Enum").computed(),
    TEXT = FieldDef::text("protobuf.field.value.string", "String").computed(),
    NAME = FieldDef::text("protobuf.field.name", "Field Name").computed(),
    MESSAGE_NAME = FieldDef::text("protobuf.message.name", "Message Name").computed(),
    /// Ours: who says what its fields are called, where it is the server itself, or nobody.
    ORIGIN = FieldDef::text("protobuf.message.described_by", "Described by").computed(),
}

/// Protocol Buffers.
pub struct Protobuf;

impl Protocol for Protobuf {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[
            Claim::ContentType("application/protobuf"),
            // What Connect calls it.
            Claim::ContentType("application/proto"),
            Claim::ContentType("application/x-protobuf"),
            Claim::ContentType("application/vnd.google.protobuf"),
        ]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        match framing {
            // It would read too much: many short runs of bytes are fields.
            Framing::Datagram if is_message(bytes) => Likelihood::Unsaid,
            _ => Likelihood::No,
        }
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        let open = || Box::new(session::Whole { typed: facts.get().cloned() }) as Box<dyn Session>;
        (facts.framing == Framing::Datagram).then(open)
    }

    fn summary(&self, message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
        let typed = view.facts::<Typed>(message);
        match told(view.bytes(message.span), typed, MAX_TOLD) {
            Some(said) => match typed.and_then(Typed::message) {
                Some(kind) => write!(line, "{} {said}", kind.name),
                None => write!(line, "Fields {said}"),
            },
            None => write!(line, "{} bytes", message.span.len),
        }
    }

    fn describe(&self, message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
        let typed = view.facts::<Typed>(message);
        describe((view.bytes(message.span), message.span), typed, 0, sink);
    }
}

/// What is said of a message whose type is not known when it comes.
const NOBODY: &str =
    "nobody before it came: its fields have numbers, and what they hold is a guess";

/// Fields that are told in one line.
const MAX_TOLD: usize = 3;

fn describe(
    (bytes, span): (&[u8], Span),
    typed: Option<&Typed>,
    depth: usize,
    sink: &mut dyn Sink,
) {
    if let Some(kind) = typed.and_then(Typed::message) {
        sink.field(MESSAGE_NAME, Value::Text(&kind.name), Span::NONE);
    }
    let who = match typed.map(Typed::origin) {
        Some(Origin::Given) => None,
        Some(Origin::Reflected) => Some("the server, asked by reflection before"),
        None => Some(NOBODY),
    };
    if let Some(who) = who.filter(|_| depth == 0) {
        sink.field(ORIGIN, Value::Text(who), Span::NONE);
    }
    let mut all = entries(bytes);
    for entry in all.by_ref() {
        if sink.is_done() {
            return;
        }
        field(&entry, (bytes, span), typed, depth, sink);
    }
    if let Some(at) = all.broken_at() {
        let text = "No field begins here: a tag is a number above 0 and a type that has a length";
        sink.note(Severity::Broken, span.part(at, bytes.len() - at), format_args!("{text}"));
    }
}

fn field(
    entry: &Entry<'_>,
    (bytes, span): (&[u8], Span),
    typed: Option<&Typed>,
    depth: usize,
    sink: &mut dyn Sink,
) {
    let place = |range: &std::ops::Range<usize>| span.part(range.start, range.len());
    let known = typed.and_then(Typed::message).and_then(|kind| kind.field(entry.number));
    sink.open(NUMBER, Value::Unsigned(entry.number.into()), place(&entry.tag));
    if let Some(known) = known {
        sink.field(NAME, Value::Text(&known.name), place(&entry.tag));
    }
    sink.field(WIRE_TYPE, Value::Unsigned(entry.wire_type.into()), place(&entry.tag));
    if let Some(length) = &entry.length {
        sink.field(LENGTH, Value::Unsigned(entry.value.len() as u64), place(length));
    }
    let value = place(&entry.value);
    if !entry.value.is_empty() {
        let bytes = bytes.get(entry.value.clone()).unwrap_or_default();
        sink.field(VALUE, Value::Bytes(bytes), value);
    }
    let meant = known.and_then(|known| Meant::of(known, entry.held));
    match meant {
        Some(Meant::Message(number)) => {
            let (Some(typed), Held::Bytes(bytes)) = (typed, entry.held) else {
                return sink.close();
            };
            inside((bytes, value), Some(&typed.other(number)), depth, sink);
        }
        Some(Meant::Bytes(held)) if typed.is_some_and(Typed::is_any) => {
            match any(bytes).and_then(|(name, _)| typed?.named(name)) {
                Some(named) => inside((held, value), Some(&named), depth, sink),
                None => guessed(entry, value, depth, sink),
            }
        }
        Some(meant) => meant.field(value, sink),
        None => guessed(entry, value, depth, sink),
    }
    sink.close();
}

/// What a value most likely is, where nobody says.
fn guessed(entry: &Entry<'_>, value: Span, depth: usize, sink: &mut dyn Sink) {
    match entry.held {
        Held::Varint(number) | Held::Fixed64(number) => {
            sink.field(UNSIGNED, Value::Unsigned(number), value);
        }
        Held::Fixed32(number) => sink.field(UNSIGNED, Value::Unsigned(number.into()), value),
        Held::Group => {}
        Held::Bytes(bytes) => match Guess::of(bytes) {
            Guess::Text(text) if !text.is_empty() => {
                sink.field(TEXT, Value::text(bytes), value);
            }
            Guess::Message => inside((bytes, value), None, depth, sink),
            _ => {}
        },
    }
}

/// A message in a message.
fn inside(held: (&[u8], Span), typed: Option<&Typed>, depth: usize, sink: &mut dyn Sink) {
    if depth < MAX_PROTOBUF_DEPTH {
        return describe(held, typed, depth + 1, sink);
    }
    let text = format_args!("No more than {MAX_PROTOBUF_DEPTH} messages are opened in each other");
    sink.note(Severity::Hint, held.1, text);
}
