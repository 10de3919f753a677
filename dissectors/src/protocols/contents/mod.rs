//! Contents by their media type (RFC 9110, section 8.3.1): what a body holds, told below who
//! carries it.
//!
//! ```text
//!   application/json, …+json             json        objects, arrays, members
//!   application/xml, text/xml, …+xml     xml         tags, attributes, text
//!   application/x-www-form-urlencoded    form        keys and values
//!   multipart/…                          multipart   parts, each with a type of its own
//!   image/png, gif, jpeg, webp           png …       how large the picture is
//!   text/…                               text        lines, in their charset
//! ```
//!
//! Calls that are written in JSON are named (calls).
//!
//! A shared room: each has fields under Wireshark's names, and no session. Nothing is read before a
//! listener wants to know.

mod calls;
pub mod form;
pub mod gif;
pub mod jpeg;
pub mod json;
mod media;
pub mod multipart;
pub mod png;
mod quoted;
#[cfg(test)]
mod tests;
pub mod text;
pub mod webp;
pub mod xml;

pub(super) use calls::{called, first, member};
pub(super) use json::is_json;
pub(super) use media::Media;

use media::Kind;

use crate::engine::view::View;
use crate::field::{FieldDef, FieldId, Value};
use crate::ids::ProtocolId;
use crate::limits::{MAX_CONTENT_DEPTH, MAX_DECODED};
use crate::sink::{Severity, Sink};
use crate::span::Span;

/// Notes what went wrong where `sent` was unpacked: nothing came of it, or more than is kept.
pub(super) fn note_unpacked(sent: Span, content: &[u8], sink: &mut dyn Sink) {
    if content.is_empty() {
        let text = "The body does not decode with the codings that its head names";
        sink.note(Severity::Broken, sent, format_args!("{text}"));
    } else if content.len() >= MAX_DECODED {
        let text = format_args!(
            "Its {} bytes unpack to more than {MAX_DECODED}, as a decompression bomb does: the rest \
             is left out",
            sent.len
        );
        sink.note(Severity::Broken, sent, text);
    }
}

/// Content with its place.
#[derive(Clone, Copy)]
struct Placed<'a> {
    bytes: &'a [u8],
    span: Span,
}

impl<'a> Placed<'a> {
    /// A part of it, clipped to what there is.
    fn part(&self, range: std::ops::Range<usize>) -> Self {
        let end = range.end.min(self.bytes.len());
        let start = range.start.min(end);
        let bytes = self.bytes.get(start..end).unwrap_or_default();
        Self { bytes, span: self.span.part(start, bytes.len()) }
    }

    /// Tells a part of it as text.
    fn text(&self, field: FieldId, range: std::ops::Range<usize>, sink: &mut dyn Sink) {
        let part = self.part(range);
        sink.field(field, Value::text(part.bytes), part.span);
    }
}

/// Describes content of a media type that lies at a place.
pub(super) fn describe(media: &Media, span: Span, view: &View<'_>, sink: &mut dyn Sink) {
    let heading = media.kind.heading();
    if !is_wanted(heading, media.kind.fields(), sink) {
        // That it is there tells its type alone.
        sink.open(heading, Value::None, span);
        return sink.close();
    }
    let bytes = view.bytes(span);
    if !bytes.is_empty() {
        within(media, Placed { bytes, span: span.part(0, bytes.len()) }, 0, sink);
    }
}

fn within(media: &Media, content: Placed<'_>, depth: usize, sink: &mut dyn Sink) {
    if depth >= MAX_CONTENT_DEPTH || sink.is_done() {
        return;
    }
    sink.open(media.kind.heading(), Value::None, content.span);
    match media.kind {
        Kind::Json => json::describe(content, sink),
        Kind::Xml => xml::describe(content, sink),
        Kind::Form => form::describe(content, sink),
        Kind::Multipart => multipart::describe(media, content, depth, sink),
        Kind::Png => png::describe(content, sink),
        Kind::Gif => gif::describe(content, sink),
        Kind::Jpeg => jpeg::describe(content, sink),
        Kind::Webp => webp::describe(content, sink),
        Kind::Text => text::describe(media, content, sink),
    }
    sink.close();
}

/// Whether a listener wants any field of a content. What parts of a multipart hold are others'.
fn is_wanted(heading: FieldId, fields: &'static [FieldDef], sink: &dyn Sink) -> bool {
    let id: ProtocolId = heading.protocol();
    let field = |(index, def)| FieldId::new(id, index, def);
    heading == multipart::HEADING && sink.wants(multipart::PART)
        || (0..).zip(fields).map(field).any(|field| sink.wants(field))
}
