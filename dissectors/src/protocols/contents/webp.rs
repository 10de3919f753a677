//! WebP (RFC 9649): chunks of RIFF, of which the first says how large the picture is.
//!
//! ```text
//!   RIFF │ size 32 │ WEBP │ VP8X │ size │ flags 32 │ width - 1, 24 │ height - 1, 24
//!                         │ VP8  │ size │ tag 24 │ 9d 01 2a │ width 14 │ height 14
//!                         │ VP8L │ size │ 2f │ width - 1, 14 bits │ height - 1, 14 bits │ …
//! ```
//!
//! Numbers have their low byte first.

use super::Placed;
use crate::field::{FieldDef, FieldId, Value};
use crate::fields;
use crate::protocol::Protocol;
use crate::sink::{Severity, Sink};

fields! { "webp", "WebP";
    CHUNK = FieldDef::text("webp.chunk.type", "Chunk"),
    WIDTH = FieldDef::u32("webp.width", "Width").computed(),
    HEIGHT = FieldDef::u32("webp.height", "Height").computed(),
}

/// WebP.
pub struct Webp;

impl Protocol for Webp {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 9649"]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }
}

/// Where the first chunk begins, and where what it holds does.
const CHUNK_AT: usize = 12;
const DATA_AT: usize = 20;

/// Describes the first chunk.
pub(super) fn describe(content: Placed<'_>, sink: &mut dyn Sink) {
    let chunk = content.part(CHUNK_AT..CHUNK_AT + 4);
    if !content.bytes.starts_with(b"RIFF") || chunk.bytes.len() < 4 {
        let text = "This does not begin as WebP does (RFC 9649, section 2.4)";
        return sink.note(Severity::Broken, content.span, format_args!("{text}"));
    }
    sink.field(CHUNK, Value::text(chunk.bytes), chunk.span);
    let data = content.part(DATA_AT..content.bytes.len());
    let low = |at: usize, len: usize| {
        let part = data.part(at..at + len);
        let number = part.bytes.iter().rev().fold(0u64, |sum, byte| sum << 8 | u64::from(*byte));
        (number, part.span)
    };
    let [width, height] = match chunk.bytes {
        b"VP8X" if data.bytes.len() >= 10 => [4, 7].map(|at| {
            let (number, place) = low(at, 3);
            (number + 1, place)
        }),
        b"VP8 " if data.bytes.len() >= 10 => [6, 8].map(|at| {
            let (number, place) = low(at, 2);
            (number & 0x3fff, place)
        }),
        b"VP8L" if data.bytes.len() >= 5 => {
            let (bits, place) = low(1, 4);
            [((bits & 0x3fff) + 1, place), ((bits >> 14 & 0x3fff) + 1, place)]
        }
        _ => return,
    };
    sink.field(WIDTH, Value::Unsigned(width.0), width.1);
    sink.field(HEIGHT, Value::Unsigned(height.0), height.1);
}
