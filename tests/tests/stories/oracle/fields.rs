//! The fields of one message, by name.

use std::fmt;

use wirestage_dissectors::engine::view::View;
use wirestage_dissectors::field::{FieldId, Value};
use wirestage_dissectors::ids::ProtocolId;
use wirestage_dissectors::message::Message;
use wirestage_dissectors::registry::standard;
use wirestage_dissectors::sink::{Severity, Sink};
use wirestage_dissectors::span::Span;

/// What a message says of itself, in its order.
#[derive(Default)]
pub(super) struct Fields {
    said: Vec<(&'static str, Told)>,
}

#[derive(Clone)]
enum Told {
    /// Flags are 0 or 1.
    Number(u64),
    Signed(i64),
    Bytes(Vec<u8>),
    /// A heading, or what says all by being there.
    Nothing,
}

impl Fields {
    pub(super) fn of(protocol: ProtocolId, message: &Message, view: &View<'_>) -> Self {
        let mut fields = Self::default();
        standard().get(protocol).describe(message, view, &mut fields);
        fields
    }

    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Told> {
        self.said.iter().filter(move |(known, _)| *known == name).map(|(_, told)| told)
    }

    /// What stands between one field of this name and the next, each part with its own first.
    pub(super) fn each(&self, name: &str) -> Vec<Fields> {
        let mut parts: Vec<Fields> = Vec::new();
        for (known, told) in &self.said {
            if *known == name {
                parts.push(Fields::default());
            }
            if let Some(part) = parts.last_mut() {
                part.said.push((*known, told.clone()));
            }
        }
        parts
    }

    pub(super) fn numbers<'a>(&'a self, name: &'a str) -> impl Iterator<Item = u64> + 'a {
        self.all(name).filter_map(|told| match told {
            Told::Number(number) => Some(*number),
            Told::Signed(_) | Told::Bytes(_) | Told::Nothing => None,
        })
    }

    /// Whether there is one of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.all(name).next().is_some()
    }

    /// The first number with a sign.
    pub(super) fn signed(&self, name: &str) -> Option<i64> {
        self.all(name).find_map(|told| match told {
            Told::Signed(number) => Some(*number),
            Told::Number(_) | Told::Bytes(_) | Told::Nothing => None,
        })
    }

    pub(super) fn number(&self, name: &str) -> Option<u64> {
        self.numbers(name).next()
    }

    pub(super) fn chunks<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        self.all(name).filter_map(|told| match told {
            Told::Bytes(bytes) => Some(bytes.as_slice()),
            Told::Number(_) | Told::Signed(_) | Told::Nothing => None,
        })
    }

    pub(super) fn bytes<'a>(&'a self, name: &'a str) -> Option<&'a [u8]> {
        self.chunks(name).next()
    }

    pub(super) fn text<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        std::str::from_utf8(self.bytes(name)?).ok()
    }
}

impl Sink for Fields {
    fn field(&mut self, field: FieldId, value: Value<'_>, _: Span) {
        let told = match value {
            Value::Unsigned(number) => Told::Number(number),
            Value::Bool(set) => Told::Number(set.into()),
            Value::Text(text) => Told::Bytes(text.into()),
            Value::Bytes(bytes) => Told::Bytes(bytes.into()),
            Value::Signed(number) => Told::Signed(number),
            Value::None => Told::Nothing,
            Value::Nanos(_) => return,
        };
        self.said.push((field.def().name, told));
    }

    fn open(&mut self, field: FieldId, value: Value<'_>, span: Span) {
        self.field(field, value, span);
    }

    fn note(&mut self, _: Severity, _: Span, _: fmt::Arguments<'_>) {}
}
