//! Several contents in one (RFC 2046, section 5.1), each with a head of its own.
//!
//! ```text
//!   --boundary CRLF   head … CRLF CRLF   content   CRLF --boundary CRLF   …   CRLF --boundary--
//! ```

use super::media::Media;
use super::{Placed, within};
use crate::field::{FieldDef, FieldId, Value};
use crate::fields;
use crate::limits::MAX_CONTENT_PARTS;
use crate::protocol::Protocol;
use crate::sink::{Severity, Sink};

fields! { "mime_multipart", "MIME Multipart Media Encapsulation";
    TYPE = FieldDef::text("mime_multipart.type", "Type").computed(),
    PREAMBLE = FieldDef::bytes("mime_multipart.preamble", "Preamble"),
    FIRST_BOUNDARY = FieldDef::text("mime_multipart.first_boundary", "First boundary"),
    BOUNDARY = FieldDef::text("mime_multipart.boundary", "Boundary"),
    LAST_BOUNDARY = FieldDef::text("mime_multipart.last_boundary", "Last boundary"),
    PART = FieldDef::group("mime_multipart.part", "Encapsulated multipart part"),
    DISPOSITION =
        FieldDef::text("mime_multipart.header.content-disposition", "Content-Disposition"),
    CONTENT_TYPE = FieldDef::text("mime_multipart.header.content-type", "Content-Type"),
    TRANSFER_ENCODING = FieldDef::text(
        "mime_multipart.header.content-transfer-encoding",
        "Content-Transfer-Encoding"
    ),
    CONTENT_ID = FieldDef::text("mime_multipart.header.content-id", "Content-Id"),
    CONTENT_LENGTH = FieldDef::text("mime_multipart.header.content-length", "Content-Length"),
    DATA = FieldDef::bytes("data.data", "Data"),
    TRAILER = FieldDef::bytes("mime_multipart.trailer", "Trailer"),
}

/// Header fields that have a field of their own.
const HEADERS: [(&str, FieldId); 5] = [
    ("content-disposition", DISPOSITION),
    ("content-type", CONTENT_TYPE),
    ("content-transfer-encoding", TRANSFER_ENCODING),
    ("content-id", CONTENT_ID),
    ("content-length", CONTENT_LENGTH),
];

/// Several contents in one.
pub struct Multipart;

impl Protocol for Multipart {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 2046"]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }
}

/// A line that stands between parts: where it begins with the line end before it, and where the
/// next part begins.
struct Between {
    start: usize,
    end: usize,
    is_last: bool,
}

/// Describes the parts, and what each holds.
pub(super) fn describe(media: &Media, content: Placed<'_>, depth: usize, sink: &mut dyn Sink) {
    sink.field(TYPE, Value::Text(&media.name), content.span.part(0, 0));
    if media.boundary.is_empty() {
        let text = "Nothing says what stands between the parts (RFC 2046, section 5.1.1)";
        return sink.note(Severity::Broken, content.span, format_args!("{text}"));
    }
    let Some(mut last) = boundary(content.bytes, 0, &media.boundary) else {
        let text = "The line that stands between the parts is not there (RFC 2046, section 5.1.1)";
        return sink.note(Severity::Broken, content.span, format_args!("{text}"));
    };
    if last.start > 0 {
        let preamble = content.part(0..last.start);
        sink.field(PREAMBLE, Value::Bytes(preamble.bytes), preamble.span);
    }
    content.text(FIRST_BOUNDARY, last.start..last.end, sink);
    for _ in 0..MAX_CONTENT_PARTS {
        if last.is_last || sink.is_done() {
            break;
        }
        let next = boundary(content.bytes, last.end, &media.boundary);
        let end = next.as_ref().map_or(content.bytes.len(), |next| next.start);
        part(content.part(last.end..end), depth, sink);
        let Some(next) = next else {
            let text = "The content ends within a part";
            return sink.note(Severity::Missing, content.span, format_args!("{text}"));
        };
        let field = if next.is_last { LAST_BOUNDARY } else { BOUNDARY };
        content.text(field, next.start..next.end, sink);
        last = next;
    }
    let rest = content.part(last.end..content.bytes.len());
    if !rest.bytes.is_empty() {
        sink.field(TRAILER, Value::Bytes(rest.bytes), rest.span);
    }
}

/// The next line between parts, from an offset on.
fn boundary(bytes: &[u8], from: usize, name: &[u8]) -> Option<Between> {
    let line = [b"--", name].concat();
    let mut at = from;
    loop {
        let found = at + memchr::memmem::find(bytes.get(at..)?, &line)?;
        at = found + line.len();
        let before = bytes.get(..found).unwrap_or_default();
        // It begins a line, and the line end belongs to it.
        let start = if found == from {
            found
        } else if before.ends_with(b"\r\n") {
            found - 2
        } else if before.ends_with(b"\n") {
            found - 1
        } else {
            continue;
        };
        let behind = bytes.get(at..).unwrap_or_default();
        let is_last = behind.starts_with(b"--");
        let behind = if is_last { behind.get(2..).unwrap_or_default() } else { behind };
        let blanks = behind.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let rest = behind.get(blanks..).unwrap_or_default();
        let ends = match rest {
            [b'\r', b'\n', ..] => 2,
            [b'\n', ..] => 1,
            [] => 0,
            _ => continue,
        };
        let end = bytes.len() - rest.len() + ends;
        return Some(Between { start: start.max(from), end, is_last });
    }
}

/// One part: its head, and what it holds.
fn part(part: Placed<'_>, depth: usize, sink: &mut dyn Sink) {
    sink.open(PART, Value::None, part.span);
    let mut media = None;
    let mut at = 0;
    while let Some(len) = memchr::memchr(b'\n', part.bytes.get(at..).unwrap_or_default()) {
        let line = part.part(at..at + len + 1);
        at += len + 1;
        let text = line.bytes.trim_ascii();
        let Some(colon) = memchr::memchr(b':', text) else { break };
        let (name, value) = (text.get(..colon).unwrap_or_default(), text.get(colon + 1..));
        let value = value.unwrap_or_default().trim_ascii();
        let own = HEADERS.iter().find(|(own, _)| name.eq_ignore_ascii_case(own.as_bytes()));
        if let Some((_, field)) = own {
            let start = memchr::memmem::find(line.bytes, value).unwrap_or_default();
            line.text(*field, start..start + value.len(), sink);
            if *field == CONTENT_TYPE {
                media = Media::of(value);
            }
        }
    }
    let held = part.part(at..part.bytes.len());
    match media {
        _ if held.bytes.is_empty() => {}
        Some(media) => within(&media, held, depth + 1, sink),
        None => sink.field(DATA, Value::Bytes(held.bytes), held.span),
    }
    sink.close();
}
