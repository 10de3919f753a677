//! What a value means by the type that its field has: on the wire a varint may be a number, a
//! negative one, a boolean, or one of a few names ("Encoding" of the project).

use std::fmt;

use super::wire::Held;
use super::{BOOL, DOUBLE, ENUM, FLOAT, SIGNED, TEXT, UNSIGNED};
use crate::bytes::Lossy;
use crate::field::Value;
use crate::schema::{Field, FieldType, MessageNumber};
use crate::sink::Sink;
use crate::span::Span;

/// A value as it is meant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Meant<'a> {
    Double(f64),
    Float(f32),
    Signed(i64),
    Unsigned(u64),
    Bool(bool),
    /// One of a few names, or a number that has none.
    Enum(Option<&'a str>, i64),
    Text(&'a [u8]),
    Bytes(&'a [u8]),
    Message(MessageNumber),
}

impl<'a> Meant<'a> {
    /// What a field holds; `None` if that is written in another way than its type is: numbers that
    /// are packed together, and what another description than this one was meant by.
    pub(super) fn of(field: &'a Field, held: Held<'a>) -> Option<Self> {
        Some(match (&field.holds, held) {
            (FieldType::Double, Held::Fixed64(bits)) => Self::Double(f64::from_bits(bits)),
            (FieldType::Float, Held::Fixed32(bits)) => Self::Float(f32::from_bits(bits)),
            (FieldType::Int, Held::Varint(number)) => Self::Signed(number.cast_signed()),
            (FieldType::ZigZag, Held::Varint(number)) => {
                Self::Signed((number >> 1).cast_signed() ^ -((number & 1).cast_signed()))
            }
            (FieldType::Unsigned, Held::Varint(number))
            | (FieldType::Fixed, Held::Fixed64(number)) => Self::Unsigned(number),
            (FieldType::Fixed, Held::Fixed32(number)) => Self::Unsigned(number.into()),
            (FieldType::SignedFixed, Held::Fixed64(number)) => Self::Signed(number.cast_signed()),
            (FieldType::SignedFixed, Held::Fixed32(number)) => {
                Self::Signed(number.cast_signed().into())
            }
            (FieldType::Bool, Held::Varint(number)) => Self::Bool(number != 0),
            (FieldType::Enum(names), Held::Varint(number)) => {
                let number = number.cast_signed();
                let name = names.iter().find(|(known, _)| i64::from(*known) == number);
                Self::Enum(name.map(|(_, name)| &**name), number)
            }
            (FieldType::Text, Held::Bytes(bytes)) => Self::Text(bytes),
            (FieldType::Bytes, Held::Bytes(bytes)) => Self::Bytes(bytes),
            (FieldType::Message(number), Held::Bytes(_)) => Self::Message(*number),
            _ => return None,
        })
    }

    /// Tells it as a field; bytes are told already, and messages by their own.
    pub(super) fn field(self, place: Span, sink: &mut dyn Sink) {
        match self {
            Self::Double(number) => sink.field(DOUBLE, Value::Text(&number.to_string()), place),
            Self::Float(number) => sink.field(FLOAT, Value::Text(&number.to_string()), place),
            Self::Signed(number) => sink.field(SIGNED, Value::Signed(number), place),
            Self::Unsigned(number) => sink.field(UNSIGNED, Value::Unsigned(number), place),
            Self::Bool(is) => sink.field(BOOL, Value::Bool(is), place),
            Self::Enum(Some(name), number) => {
                sink.field(ENUM, Value::Text(&format!("{name} ({number})")), place);
            }
            Self::Enum(None, number) => sink.field(SIGNED, Value::Signed(number), place),
            Self::Text(bytes) if !bytes.is_empty() => {
                sink.field(TEXT, Value::text(bytes), place);
            }
            Self::Text(_) | Self::Bytes(_) | Self::Message(_) => {}
        }
    }
}

/// The longest text of one value that is told.
pub(super) const MAX_TOLD: usize = 40;

impl fmt::Display for Meant<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Double(number) => write!(f, "{number}"),
            Self::Float(number) => write!(f, "{number}"),
            Self::Signed(number) | Self::Enum(None, number) => write!(f, "{number}"),
            Self::Unsigned(number) => write!(f, "{number}"),
            Self::Bool(is) => write!(f, "{is}"),
            Self::Enum(Some(name), _) => f.write_str(name),
            Self::Text(bytes) => {
                let text = Lossy(bytes).to_string();
                let dots = if text.chars().count() > MAX_TOLD { "…" } else { "" };
                write!(f, "“{}{dots}”", text.chars().take(MAX_TOLD).collect::<String>())
            }
            Self::Bytes(bytes) => write!(f, "{} bytes", bytes.len()),
            Self::Message(_) => f.write_str("…"),
        }
    }
}
