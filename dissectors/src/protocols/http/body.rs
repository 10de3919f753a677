//! Says what a message's body holds: its chunks, and the content they carried.

use super::Role;
use super::chunk::{ChunkLine, MAX_CHUNK_LINES};
use super::describe::{Shown, value_of};
use super::facts::{Ended, Extent, Facts};
use super::fields as f;
use super::head::Headers;
use crate::engine::view::View;
use crate::field::Value;
use crate::message::{Message, MessagePart};
use crate::protocols::contents::{self, Media};
use crate::protocols::semantics::number;
use crate::sink::{Severity, Sink};
use crate::span::Span;

/// Describes the body, where there is one.
pub(super) fn describe(message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
    let parts = view.parts(message);
    let part = |role: Role| view.part(message, role);
    let body = part(Role::Body);
    if parts.iter().any(|part| part.is(Role::ChunkLine)) {
        chunks(parts, body.unwrap_or(Span::NONE), view, sink);
    }
    if let Some(trailer) = part(Role::Trailer) {
        trailer_fields(trailer, view, sink);
    }
    let extent = extent(message, view);
    if let Some(text) = extent.shortfall() {
        let severity = match extent.ended {
            Ended::Closed | Ended::Broken => Severity::Broken,
            _ => Severity::Missing,
        };
        sink.note(severity, body.unwrap_or(message.span), format_args!("Body: {text}"));
    }
    if extent.kept < extent.came {
        let Extent { kept, came, .. } = extent;
        let text = format_args!("Of the {came} bytes of the body the first {kept} are shown");
        sink.note(Severity::Hint, body.unwrap_or(message.span), text);
    }
    let Some(sent) = body else { return };
    let shown = part(Role::BodyDecoded).unwrap_or(sent);
    let coding = value_of(view.bytes(message.span), "content-encoding").unwrap_or(b"identity");
    if shown == sent && !coding.eq_ignore_ascii_case(b"identity") {
        let text = format_args!("Shown as it travelled: nothing here undoes {}", Shown(coding));
        sink.note(Severity::Missing, sent, text);
    }
    if sink.wants(f::FILE_DATA) {
        let content = view.bytes(shown);
        if shown != sent {
            contents::note_unpacked(sent, content, sink);
        }
        // The length of a decoded buffer is known only now that it was made.
        sink.field(f::FILE_DATA, Value::text(content), shown.part(0, content.len()));
    }
    if let Some(media) = media(message, view) {
        contents::describe(&media, shown, view, sink);
    }
}

/// The type of a body that is there. What is still coded is of none.
fn media(message: &Message, view: &View<'_>) -> Option<Media> {
    let head = view.bytes(message.span);
    let coding = value_of(head, "content-encoding").unwrap_or(b"identity");
    let decoded = view.part(message, Role::BodyDecoded);
    let is_plain = coding.eq_ignore_ascii_case(b"identity")
        || decoded.is_some_and(|decoded| view.part(message, Role::Body) != Some(decoded));
    let media = value_of(head, "content-type").and_then(Media::of);
    media.filter(|_| is_plain && view.part(message, Role::Body).is_some_and(|body| body.len > 0))
}

/// What its body calls, in a sentence.
pub(super) fn called(message: &Message, view: &View<'_>) -> Option<String> {
    let shown = view.part(message, Role::BodyDecoded).or_else(|| view.part(message, Role::Body))?;
    contents::called(&media(message, view)?, view.bytes(shown))
}

/// How many bytes of body a message has: kept, captured, announced.
pub(super) fn extent(message: &Message, view: &View<'_>) -> Extent {
    let facts = Facts::of(message, view);
    let kept = view.part(message, Role::Body).map_or(0, |span| span.len);
    let head = view.bytes(message.span);
    // It overrides Content-Length (RFC 9112, section 6.3).
    let is_coded = value_of(head, "transfer-encoding").is_some();
    let length = value_of(head, "content-length").filter(|_| !is_coded);
    let came = facts.came;
    Extent {
        kept: u64::from(kept),
        came: came.unwrap_or(u64::from(kept)),
        // A response to HEAD announces what it does not have.
        announced: length.and_then(number).filter(|_| kept > 0 || came.is_some()),
        ended: facts.ended,
    }
}

/// The chunks as they were cut: each size line, the data it announced, the line end after it.
fn chunks(parts: &[MessagePart], body: Span, view: &View<'_>, sink: &mut dyn Sink) {
    let mut lines = parts.iter().filter(|part| part.is(Role::ChunkLine)).enumerate().peekable();
    let mut at = 0usize;
    if parts.iter().filter(|part| part.is(Role::ChunkLine)).count() >= MAX_CHUNK_LINES {
        let text = format_args!(
            "Only the first {MAX_CHUNK_LINES} chunks are shown: a body in so many is not cut by need"
        );
        sink.note(Severity::Hint, body, text);
    }
    while let Some((index, part)) = lines.next() {
        if sink.is_done() {
            return;
        }
        let Ok(line) = ChunkLine::read(view.bytes(part.span), index == 0) else { return };
        let digits = part.span.part(line.digits.start, line.digits.len());
        sink.field(f::CHUNK_SIZE, Value::Unsigned(line.size), digits);
        if line.is_odd {
            let text = format_args!(
                "The size of this chunk is written as the grammar does not allow: some readers refuse \
                 it or find another, and see another message begin elsewhere (RFC 9112, section 7.1)"
            );
            sink.note(Severity::Broken, part.span, text);
        }
        let len = usize::try_from(line.size).unwrap_or(usize::MAX);
        let data = body.part(at, len);
        at = at.saturating_add(len);
        if data.len > 0 {
            sink.field(f::CHUNK_DATA, Value::Bytes(view.bytes(data)), data);
        }
        if let Some((next, part)) = lines.peek()
            && let Ok(line) = ChunkLine::read(view.bytes(part.span), *next == 0)
        {
            let boundary = part.span.part(line.boundary.start, line.boundary.len());
            sink.field(f::CHUNK_BOUNDARY, Value::Bytes(view.bytes(boundary)), boundary);
        }
    }
}

fn trailer_fields(trailer: Span, view: &View<'_>, sink: &mut dyn Sink) {
    let bytes = view.bytes(trailer);
    let mut headers = Headers::trailer(bytes);
    while headers.next().is_some() {}
    if headers.at() > 0 {
        let fields = trailer.part(0, headers.at());
        sink.field(f::TRAILER_PART, Value::text(view.bytes(fields)), fields);
    }
}
