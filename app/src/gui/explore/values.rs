//! The values of a tree's lines as a filter writes them: what "is" and "is not" ask for.

use std::fmt;

use wirestage_dissectors::field::{FieldId, Kind, Shown, Value};
use wirestage_dissectors::sink::{Severity, Sink};
use wirestage_dissectors::sinks::text::Bare;
use wirestage_dissectors::span::Span;

/// Bytes of a value that a filter is still written with.
const LONGEST: usize = 256;

/// Hears the walk that a tree hears, and keeps for each of its lines the value.
#[derive(Default)]
pub(super) struct Values {
    /// One for each line; nothing where a filter cannot ask for the value.
    pub(super) all: Vec<Option<String>>,
}

impl Sink for Values {
    fn wants(&self, field: FieldId) -> bool {
        field.def().shown == Shown::Everywhere
    }

    fn field(&mut self, field: FieldId, value: Value<'_>, _span: Span) {
        if self.wants(field) {
            self.all.push(literal(field, value));
        }
    }

    fn open(&mut self, field: FieldId, value: Value<'_>, _span: Span) {
        self.all.push(literal(field, value));
    }

    fn note(&mut self, _severity: Severity, _span: Span, _text: fmt::Arguments<'_>) {
        self.all.push(None);
    }
}

/// A value as a filter writes it.
fn literal(field: FieldId, value: Value<'_>) -> Option<String> {
    let def = field.def();
    match (value, def.kind) {
        (Value::None, _) | (Value::Bytes([]), _) | (_, Kind::Group) => None,
        (Value::Bytes(bytes), Kind::Bytes | Kind::Text) => {
            let pairs = bytes.iter().map(|byte| format!("{byte:02x}"));
            (bytes.len() <= LONGEST).then(|| pairs.collect::<Vec<_>>().join(":"))
        }
        (Value::Text(text), _) if text.len() <= LONGEST => Some(quoted(text)),
        (Value::Text(_), _) => None,
        (_, Kind::Time) => Some(quoted(&Bare(def, value).to_string())),
        _ => Some(Bare(def, value).to_string()),
    }
}

/// Text between quotes, with what would end it or means something else escaped.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_ascii_control() => out.push_str(&format!("\\x{:02x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::quoted;
    use crate::document::filter;

    #[test]
    fn quoted_text_is_read_as_it_was() {
        assert_eq!(quoted("a\"b\\c\r\n\x01é"), "\"a\\\"b\\\\c\\r\\n\\x01é\"");
        for text in ["plain", "a\"b", "back\\slash", "line\r\nend\t", "\x01"] {
            assert!(filter(&format!("http.host == {}", quoted(text))).is_ok(), "{text:?}");
        }
    }
}
