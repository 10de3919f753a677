//! What describing a message says, kept by field.

use data_encoding::HEXLOWER;
use wirestage_dissectors::engine::view::View;
use wirestage_dissectors::field::{FieldId, Value};
use wirestage_dissectors::message::Message;
use wirestage_dissectors::registry::standard;
use wirestage_dissectors::sink::Sink;
use wirestage_dissectors::span::Span;

/// Bytes of a value that are kept: ids and tokens have fewer.
const KEPT: usize = 1 << 10;

/// A value on its own.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Given {
    Nothing,
    Number(u64),
    Text(String),
    Bytes(Vec<u8>),
}

/// A field, and those inside it.
#[derive(Clone, Debug)]
pub(super) struct Field {
    id: FieldId,
    value: Given,
    /// How many bytes it lies in.
    pub(super) len: u32,
    pub(super) inside: Fields,
}

/// Fields, in the order in which they were said.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields(Vec<Field>);

impl Fields {
    /// What describing a message says.
    pub(super) fn of(message: &Message, view: &View<'_>) -> Self {
        let mut collector = Collector { open: vec![Self::default()] };
        if let Some(layer) = view.layer(message.layer) {
            standard().get(layer.protocol).describe(message, view, &mut collector);
        }
        collector.finish()
    }

    /// The first of these fields, however deep.
    pub(super) fn find(&self, id: FieldId) -> Option<&Field> {
        self.0.iter().find_map(|field| match field.id == id {
            true => Some(field),
            false => field.inside.find(id),
        })
    }

    /// All of these fields, however deep, but not those inside each other.
    pub(super) fn all(&self, id: FieldId) -> Vec<&Field> {
        let found = self.0.iter().flat_map(|field| match field.id == id {
            true => vec![field],
            false => field.inside.all(id),
        });
        found.collect()
    }

    /// A number, or a flag as one.
    pub(super) fn number(&self, id: FieldId) -> Option<u64> {
        self.find(id).and_then(Field::number)
    }

    /// A text.
    pub(super) fn text(&self, id: FieldId) -> Option<&str> {
        match &self.find(id)?.value {
            Given::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Bytes, in hexadecimal digits.
    pub(super) fn hex(&self, id: FieldId) -> Option<String> {
        match &self.find(id)?.value {
            Given::Bytes(bytes) => Some(HEXLOWER.encode(bytes)),
            Given::Text(text) => Some(HEXLOWER.encode(text.as_bytes())),
            Given::Nothing | Given::Number(_) => None,
        }
    }
}

impl Field {
    pub(super) fn number(&self) -> Option<u64> {
        match self.value {
            Given::Number(number) => Some(number),
            _ => None,
        }
    }
}

/// Hears a walk.
struct Collector {
    /// The fields that are open, each with what was said inside it; the outermost has none.
    open: Vec<Fields>,
}

impl Collector {
    fn add(&mut self, id: FieldId, value: Value<'_>, span: Span) {
        let value = match value {
            Value::None => Given::Nothing,
            Value::Bool(flag) => Given::Number(flag.into()),
            Value::Unsigned(number) => Given::Number(number),
            Value::Signed(number) | Value::Nanos(number) => {
                u64::try_from(number).map_or(Given::Nothing, Given::Number)
            }
            Value::Bytes(bytes) => Given::Bytes(bytes.iter().take(KEPT).copied().collect()),
            Value::Text(text) => Given::Text(text.to_owned()),
        };
        if let Some(last) = self.open.last_mut() {
            last.0.push(Field { id, value, len: span.len, inside: Fields::default() });
        }
    }

    fn finish(mut self) -> Fields {
        while self.open.len() > 1 {
            self.close();
        }
        self.open.pop().unwrap_or_default()
    }
}

impl Sink for Collector {
    fn field(&mut self, field: FieldId, value: Value<'_>, span: Span) {
        self.add(field, value, span);
    }

    fn open(&mut self, field: FieldId, value: Value<'_>, span: Span) {
        self.add(field, value, span);
        self.open.push(Fields::default());
    }

    fn close(&mut self) {
        if self.open.len() > 1
            && let Some(inside) = self.open.pop()
            && let Some(field) = self.open.last_mut().and_then(|above| above.0.last_mut())
        {
            field.inside = inside;
        }
    }
}
