//! Lines of text, in their charset.

use super::Placed;
use super::media::Media;
use crate::field::{FieldDef, FieldId, Value};
use crate::fields;
use crate::limits::MAX_CONTENT_VALUES;
use crate::protocol::Protocol;
use crate::sink::{Severity, Sink};

fields! { "data-text-lines", "Line-based text data";
    LINE = FieldDef::text("data-text-lines.line", "Line").computed(),
}

/// Text.
pub struct Text;

impl Protocol for Text {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }
}

/// Describes each line, its end left out.
pub(super) fn describe(media: &Media, content: Placed<'_>, sink: &mut dyn Sink) {
    if media.charset.is_wide() {
        // Where a line ends is seen behind decoding only.
        let text = media.charset.decode(content.bytes);
        for line in text.split(|byte| *byte == b'\n').take(MAX_CONTENT_VALUES) {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            sink.field(LINE, Value::text(line), content.span);
        }
        return;
    }
    let mut at = 0;
    for line in content.bytes.split_inclusive(|byte| *byte == b'\n').take(MAX_CONTENT_VALUES) {
        if sink.is_done() {
            return;
        }
        let bare = line.strip_suffix(b"\n").unwrap_or(line);
        let bare = bare.strip_suffix(b"\r").unwrap_or(bare);
        let text = media.charset.decode(bare);
        sink.field(LINE, Value::text(&text), content.part(at..at + bare.len()).span);
        at += line.len();
    }
    if at < content.bytes.len() {
        let rest = content.part(at..content.bytes.len()).span;
        sink.note(
            Severity::Hint,
            rest,
            format_args!("No more lines are told than {MAX_CONTENT_VALUES}"),
        );
    }
}
