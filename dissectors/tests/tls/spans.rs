//! Every field lies inside its buffer, and its bytes, read again, are its value.

use std::fmt;

use wirestage_dissectors::engine::view::View;
use wirestage_dissectors::field::{FieldId, Kind, Value, reread};
use wirestage_dissectors::protocols::tls::fields as tls;
use wirestage_dissectors::registry::standard;
use wirestage_dissectors::sink::{Severity, Sink};
use wirestage_dissectors::span::Span;

use crate::feed::{Read, read};
use crate::vector::{openssl, rfc8448};

/// Holds every field against its bytes.
pub(crate) struct Checked<'v> {
    view: View<'v>,
    /// How many fields were read again.
    pub(crate) fields: usize,
    pub(crate) notes: Vec<String>,
    depth: usize,
}

impl<'v> Checked<'v> {
    /// Describes every TLS message.
    pub(crate) fn all(read: &'v Read) -> Self {
        let mut checked = Self { view: read.view(), fields: 0, notes: Vec::new(), depth: 0 };
        for message in read.messages(tls::PROTOCOL_ID) {
            standard().get(tls::PROTOCOL_ID).describe(message, &read.view(), &mut checked);
            assert_eq!(checked.depth, 0, "groups are closed");
        }
        checked
    }
}

impl Sink for Checked<'_> {
    fn field(&mut self, field: FieldId, value: Value<'_>, span: Span) {
        let def = field.def();
        if !span.is_some() {
            return;
        }
        let bytes = self.view.bytes(span);
        assert_eq!(bytes.len(), span.len as usize, "{} leaves its buffer", def.name);
        if def.kind == Kind::Group {
            return;
        }
        if let Some(again) = reread(def, bytes) {
            assert_eq!(again, value, "{}", def.name);
            self.fields += 1;
        }
    }

    fn open(&mut self, field: FieldId, value: Value<'_>, span: Span) {
        self.field(field, value, span);
        self.depth += 1;
    }

    fn close(&mut self) {
        self.depth -= 1;
    }

    fn note(&mut self, severity: Severity, span: Span, text: fmt::Arguments<'_>) {
        if span.is_some() {
            assert_eq!(self.view.bytes(span).len(), span.len as usize, "{text}");
        }
        if severity == Severity::Broken {
            self.notes.push(text.to_string());
        }
    }
}

#[test]
fn every_field_equals_its_bytes() {
    for vector in rfc8448().into_iter().chain(openssl()) {
        let read = read(&vector.sent, &vector.secrets);
        let checked = Checked::all(&read);
        assert!(checked.fields > 150, "{}: {} fields", vector.name, checked.fields);
        assert_eq!(checked.notes, [""; 0], "{}", vector.name);
    }
}
