//! A frame's fields as JSON: name, value, what a person reads, and where the bytes are.
//!
//! ```text
//! {"name":"tls.handshake.type","value":1,"text":"Client Hello (1)",
//!  "span":{"start":71,"len":1},"fields":[…]}
//! {"name":"http.host","value":"example.org",
//!  "span":{"buffer":"derived 7","start":23,"len":11}}
//! ```
//!
//! What a reader has already is not said again: `text` is there for headings and for numbers that
//! have a name or are read in hexadecimal, `buffer` where the bytes lie elsewhere than in the
//! frame itself.

use std::fmt::{self, Write};

use super::decimal::write_number;
use super::text::{Bare, Named};
use crate::field::{Base, FieldDef, FieldId, Kind, Shown, Value};
use crate::ids::FrameId;
use crate::sink::{Severity, Sink};
use crate::span::{Buffer, Span};

/// Writes one frame's fields as the elements of a JSON array.
#[derive(Clone, Debug, Default)]
pub struct Json {
    /// The elements so far, without the brackets around them, behind what was there before.
    pub fields: String,
    /// Whether the next element needs a comma, for each open level.
    comma: Vec<bool>,
    /// The frame whose fields these are.
    frame: Option<FrameId>,
}

impl Json {
    /// Nothing written yet.
    #[must_use]
    pub fn new() -> Self {
        Self { comma: vec![false], ..Self::default() }
    }

    /// Writes the fields of a frame behind a text that is there.
    #[must_use]
    pub fn of(frame: FrameId, text: String) -> Self {
        Self { fields: text, frame: Some(frame), ..Self::new() }
    }

    fn begin(&mut self, field: FieldId, value: Value<'_>, span: Span) {
        if let Some(comma) = self.comma.last_mut()
            && std::mem::replace(comma, true)
        {
            self.fields.push(',');
        }
        let def = field.def();
        // Names hold nothing that would have to be escaped.
        self.fields.push_str("{\"name\":\"");
        self.fields.push_str(def.name);
        self.fields.push('"');
        // Writing to a string does not fail.
        let _ = self.value(def, value);
        let _ = self.text(def, value);
        let _ = self.span(span);
    }

    fn value(&mut self, def: &FieldDef, value: Value<'_>) -> fmt::Result {
        let out = &mut self.fields;
        match value {
            Value::None => return Ok(()),
            Value::Bool(flag) => {
                out.push_str(if flag { ",\"value\":true" } else { ",\"value\":false" });
            }
            Value::Unsigned(number) if !matches!(def.kind, Kind::Duration | Kind::Time) => {
                out.push_str(",\"value\":");
                write_number(number, out)?;
            }
            Value::Signed(_) => {
                out.push_str(",\"value\":");
                Bare(def, value).put(out)?;
            }
            Value::Text(text) => {
                out.push_str(",\"value\":\"");
                escape(out, text);
                out.push('"');
            }
            value => {
                out.push_str(",\"value\":\"");
                Bare(def, value).put(out)?;
                out.push('"');
            }
        }
        Ok(())
    }

    /// What a person reads, where that is more than the value.
    fn text(&mut self, def: &FieldDef, value: Value<'_>) -> fmt::Result {
        let says_more = match value {
            Value::None => true,
            Value::Unsigned(number) => def.base == Base::Hex || def.name_of(number).is_some(),
            _ => false,
        };
        if !says_more {
            return Ok(());
        }
        self.fields.push_str(",\"text\":\"");
        let mut out = Quoted(&mut self.fields);
        match value {
            Value::None => out.write_str(def.title)?,
            value => Named(def, value).put(&mut out)?,
        }
        self.fields.push('"');
        Ok(())
    }

    fn span(&mut self, span: Span) -> fmt::Result {
        let out = &mut self.fields;
        match span.buffer.kind() {
            Buffer::None => return Ok(()),
            Buffer::Frame(frame) if self.frame == Some(frame) => {
                out.push_str(",\"span\":{\"start\":");
            }
            Buffer::Frame(frame) => begin_place(out, "frame", frame.number())?,
            Buffer::Derived(number) => begin_place(out, "derived", number)?,
        }
        write_number(span.start.into(), out)?;
        out.push_str(",\"len\":");
        write_number(span.len.into(), out)?;
        out.push('}');
        Ok(())
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
        self.put(format_args!("{{\"note\":\"{severity}\",\"text\":\""));
        // Writing to a string does not fail.
        let _ = Quoted(&mut self.fields).write_fmt(text);
        self.fields.push('"');
        let _ = self.span(span);
        self.fields.push('}');
    }
}

/// Appends how a place in another buffer begins, up to the number of its first byte.
fn begin_place(out: &mut String, kind: &str, number: u32) -> fmt::Result {
    out.push_str(",\"span\":{\"buffer\":\"");
    out.push_str(kind);
    out.push(' ');
    write_number(number.into(), out)?;
    out.push_str("\",\"start\":");
    Ok(())
}

/// Appends a JSON string (RFC 8259, section 7).
pub fn quote(out: &mut String, text: &str) {
    out.push('"');
    escape(out, text);
    out.push('"');
}

/// What is written into it stands in a string of JSON.
struct Quoted<'a>(&'a mut String);

impl Write for Quoted<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        escape(self.0, text);
        Ok(())
    }
}

/// Appends the inside of a JSON string: what needs no escape in runs.
fn escape(out: &mut String, text: &str) {
    let mut rest = text;
    let mut from = 0;
    while let Some(at) = special(rest.as_bytes(), from) {
        let (run, behind) = rest.split_at_checked(at).unwrap_or((rest, ""));
        let Some(c) = behind.chars().next() else { break };
        // Others that begin with that byte need none.
        if !(matches!(c, '"' | '\\') || c.is_control()) {
            from = at + 1;
            continue;
        }
        out.push_str(run);
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            // Writing to a string does not fail.
            c => drop(write!(out, "\\u{:04x}", u32::from(c))),
        }
        rest = behind.get(c.len_utf8()..).unwrap_or_default();
        from = 0;
    }
    out.push_str(rest);
}

/// Where the next byte is, from a place on, that may have to be escaped. Looks at many at once: few
/// texts have one.
fn special(bytes: &[u8], from: usize) -> Option<usize> {
    const AT_ONCE: usize = 32;
    let rest = bytes.get(from..)?;
    let any = |some: &&[u8]| some.iter().fold(false, |any, byte| any | is_special(*byte));
    let quiet = rest.chunks_exact(AT_ONCE).take_while(|some| !any(some)).count() * AT_ONCE;
    let found = rest.get(quiet..)?.iter().position(|byte| is_special(*byte))?;
    Some(from + quiet + found)
}

/// Whether what begins with this byte may have to be escaped. Control characters beyond ASCII,
/// U+0080 to U+009F, begin with one that others begin with, too.
const fn is_special(byte: u8) -> bool {
    (byte < b' ') | (byte == b'"') | (byte == b'\\') | (byte == 0x7f) | (byte == 0xc2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::BufferId;

    #[test]
    fn strings_are_quoted_as_json_asks() {
        let mut out = String::new();
        quote(&mut out, "a\"\\\n\u{1}ü");
        assert_eq!(out, r#""a\"\\\n\u0001ü""#);
        let mut out = String::new();
        quote(&mut out, "\u{7f}é\u{85}\u{a0}\u{9f}b\t");
        let long = "a".repeat(70);
        let mut both = String::new();
        quote(&mut both, &format!("{long}\n{long}é\u{a0}{long}\""));
        assert_eq!(both, format!("\"{long}\\n{long}é\u{a0}{long}\\\"\""));
        assert_eq!(out, "\"\\u007fé\\u0085\u{a0}\\u009fb\\t\"");
    }

    #[allow(unreachable_pub)]
    mod one {
        use crate::field::{FieldDef, Kind};

        crate::fields! { "one", "One";
            NUMBER = FieldDef::u8("one.number", "Number"),
            NAMED = FieldDef::u8("one.named", "Named").names(&[(1, "First")]),
            HEX = FieldDef::u16("one.hex", "Hex").hex(),
            FLAG = FieldDef::flag("one.flag", "Flag", 1),
            TEXT = FieldDef::text("one.text", "Text"),
            ADDRESS = FieldDef::of("one.address", "Address", Kind::Ipv4),
            DURATION = FieldDef::of("one.took", "Took", Kind::Duration),
        }
    }

    #[test]
    fn what_a_reader_has_already_is_not_said_again() {
        use one::*;
        let check = |field: FieldId, value: Value<'_>, span: Span, expected: &str| {
            let mut json = Json::of(FrameId(6), String::new());
            json.field(field, value, span);
            assert_eq!(json.fields, expected);
        };
        let name = |name: &str, rest: &str| format!("{{\"name\":\"{name}\"{rest}}}");
        let none = Span::NONE;
        for (field, value, expected) in [
            (HEADING, Value::None, name("one", r#","text":"One""#)),
            (NUMBER, Value::Unsigned(7), name("one.number", r#","value":7"#)),
            (NAMED, Value::Unsigned(7), name("one.named", r#","value":7"#)),
            (NAMED, Value::Unsigned(1), name("one.named", r#","value":1,"text":"First (1)""#)),
            (HEX, Value::Unsigned(7), name("one.hex", r#","value":7,"text":"0x0007""#)),
            (FLAG, Value::Bool(true), name("one.flag", r#","value":true"#)),
            (TEXT, Value::Text("a\n"), name("one.text", r#","value":"a\n""#)),
            (ADDRESS, Value::Bytes(&[1, 2, 3, 4]), name("one.address", r#","value":"1.2.3.4""#)),
            (DURATION, Value::Unsigned(5), name("one.took", r#","value":"0.000000005""#)),
        ] {
            check(field, value, none, &expected);
        }
        let derived = Span { buffer: BufferId::derived(2), ..Span::frame(FrameId(0), 3, 4) };
        for (span, expected) in [
            (Span::frame(FrameId(6), 3, 4), r#"{"start":3,"len":4}"#),
            (Span::frame(FrameId(5), 3, 4), r#"{"buffer":"frame 6","start":3,"len":4}"#),
            (derived, r#"{"buffer":"derived 2","start":3,"len":4}"#),
        ] {
            let expected = name("one.number", &format!(",\"value\":7,\"span\":{expected}"));
            check(NUMBER, Value::Unsigned(7), span, &expected);
        }
    }
}
