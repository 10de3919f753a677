//! A frame's fields as JSON: name, value, what a person reads, and where the bytes are.
//!
//! ```text
//! {"name":"tls.handshake.type","value":1,"text":"Client Hello (1)",
//!  "span":{"buffer":"frame","start":71,"len":1},"fields":[…]}
//! ```

use std::fmt::{self, Write};

use super::text::{Bare, Named};
use crate::field::{FieldId, Kind, Shown, Value};
use crate::sink::{Severity, Sink};
use crate::span::{Buffer, Span};

/// Writes one frame's fields as the elements of a JSON array.
#[derive(Clone, Debug, Default)]
pub struct Json {
    /// The elements so far, without the brackets around them.
    pub fields: String,
    /// Whether the next element needs a comma, for each open level.
    comma: Vec<bool>,
}

impl Json {
    /// Nothing written yet.
    #[must_use]
    pub fn new() -> Self {
        Self { comma: vec![false], ..Self::default() }
    }

    fn begin(&mut self, field: FieldId, value: Value<'_>, span: Span) {
        if let Some(comma) = self.comma.last_mut()
            && std::mem::replace(comma, true)
        {
            self.fields.push(',');
        }
        let def = field.def();
        self.fields.push_str("{\"name\":");
        quote(&mut self.fields, def.name);
        match value {
            Value::None => {}
            Value::Bool(flag) => self.put(format_args!(",\"value\":{flag}")),
            Value::Unsigned(number) if !matches!(def.kind, Kind::Duration | Kind::Time) => {
                self.put(format_args!(",\"value\":{number}"));
            }
            Value::Signed(number) => self.put(format_args!(",\"value\":{number}")),
            value => {
                self.fields.push_str(",\"value\":");
                quote(&mut self.fields, &Bare(def, value).to_string());
            }
        }
        self.fields.push_str(",\"text\":");
        let text = match value {
            Value::None => def.title.to_owned(),
            value => Named(def, value).to_string(),
        };
        quote(&mut self.fields, &text);
        self.span(span);
    }

    fn span(&mut self, span: Span) {
        let (start, len) = (span.start, span.len);
        match span.buffer.kind() {
            Buffer::None => {}
            Buffer::Frame(frame) => self.put(format_args!(
                ",\"span\":{{\"buffer\":\"frame {}\",\"start\":{start},\"len\":{len}}}",
                frame.number()
            )),
            Buffer::Derived(number) => self.put(format_args!(
                ",\"span\":{{\"buffer\":\"derived {number}\",\"start\":{start},\"len\":{len}}}"
            )),
        }
    }

    fn put(&mut self, text: fmt::Arguments<'_>) {
        // Writing to a string does not fail.
        let _ = self.fields.write_fmt(text);
    }
}

impl Sink for Json {
    fn wants(&self, field: FieldId) -> bool {
        field.def().shown <= Shown::Listed
    }

    fn field(&mut self, field: FieldId, value: Value<'_>, span: Span) {
        if self.wants(field) {
            self.begin(field, value, span);
            self.fields.push('}');
        }
    }

    fn open(&mut self, field: FieldId, value: Value<'_>, span: Span) {
        self.begin(field, value, span);
        self.fields.push_str(",\"fields\":[");
        self.comma.push(false);
    }

    fn close(&mut self) {
        if self.comma.len() > 1 {
            self.comma.pop();
            self.fields.push_str("]}");
        }
    }

    fn note(&mut self, severity: Severity, span: Span, text: fmt::Arguments<'_>) {
        if let Some(comma) = self.comma.last_mut()
            && std::mem::replace(comma, true)
        {
            self.fields.push(',');
        }
        let severity = match severity {
            Severity::Hint => "hint",
            Severity::Missing => "missing",
            Severity::Broken => "broken",
        };
        self.put(format_args!("{{\"note\":\"{severity}\",\"text\":"));
        quote(&mut self.fields, &text.to_string());
        self.span(span);
        self.fields.push('}');
    }
}

/// Appends a JSON string (RFC 8259, section 7).
pub fn quote(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_quoted_as_json_asks() {
        let mut out = String::new();
        quote(&mut out, "a\"\\\n\u{1}ü");
        assert_eq!(out, r#""a\"\\\n\u0001ü""#);
    }
}
