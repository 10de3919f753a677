//! Forms as browsers send them (URL Standard, section 5): keys and values, in the letters of a URL.
//!
//! ```text
//!   name=Ada+L.&born=1815       a plus is a blank, %xx a byte
//! ```

use super::Placed;
use crate::field::{FieldDef, FieldId, Value};
use crate::fields;
use crate::limits::MAX_CONTENT_VALUES;
use crate::protocol::Protocol;
use crate::protocols::semantics::unescaped;
use crate::sink::Sink;

fields! { "urlencoded-form", "HTML Form URL Encoded";
    ITEM = FieldDef::text("urlencoded-form.item", "Form item").computed(),
    KEY = FieldDef::text("urlencoded-form.key", "Key").computed(),
    VALUE = FieldDef::text("urlencoded-form.value", "Value").computed(),
}

/// Forms.
pub struct Form;

impl Protocol for Form {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["URL"]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }
}

/// Describes each item.
pub(super) fn describe(content: Placed<'_>, sink: &mut dyn Sink) {
    let mut at = 0;
    for item in content.bytes.split(|byte| *byte == b'&').take(MAX_CONTENT_VALUES) {
        if sink.is_done() {
            return;
        }
        let whole = content.part(at..at + item.len());
        at += item.len() + 1;
        if item.is_empty() {
            continue;
        }
        let middle = memchr::memchr(b'=', item).unwrap_or(item.len());
        let (key, value) = (whole.part(0..middle), whole.part(middle + 1..item.len()));
        let [key_text, value_text] = [key.bytes, value.bytes].map(plain);
        sink.open(ITEM, Value::text(&[&key_text[..], b" = ", &value_text].concat()), whole.span);
        sink.field(KEY, Value::text(&key_text), key.span);
        sink.field(VALUE, Value::text(&value_text), value.span);
        sink.close();
    }
}

/// The bytes that are meant.
fn plain(written: &[u8]) -> Vec<u8> {
    let blanks: Vec<u8> =
        written.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    unescaped(&blanks)
}
