//! Says what a frame means to its connection: the request that it belongs to, the windows that it
//! changes, the body that it ends.

use super::f;
use crate::engine::view::View;
use crate::field::{FieldId, Value};
use crate::message::Message;
use crate::protocols::contents;
use crate::protocols::http2::facts::{Change, Facts, Remark};
use crate::protocols::http2::{Kind, Role};
use crate::protocols::multiplexed::Part;
use crate::sink::{Severity, Sink};
use crate::span::Span;

/// Describes what is kept beside a frame.
pub(super) fn describe(message: &Message, facts: &Facts, view: &View<'_>, sink: &mut dyn Sink) {
    if let Some(windows) = facts.windows {
        change(windows.connection, [f::CONNECTION_BEFORE, f::CONNECTION_AFTER], sink);
        change(windows.stream, [f::STREAM_BEFORE, f::STREAM_AFTER], sink);
    }
    if sink.wants(f::FULL_URI)
        && let Some(uri) = facts.asked.as_ref().and_then(|asked| asked.uri())
    {
        sink.field(f::FULL_URI, Value::text(&uri), Span::NONE);
    }
    if let Some(request) = message.extra::<Kind>().flatten() {
        let time = |frame| view.frames().frame(frame).time;
        if let (Some(came), Some(asked)) = (time(message.done).known(), time(request).known()) {
            sink.field(f::TIME, Value::Nanos(came.since(asked)), Span::NONE);
        }
        sink.field(f::REQUEST_IN, Value::Unsigned(request.number().into()), Span::NONE);
    }
    body(message, facts, view, sink);
    if let Some(remark) = facts.remark {
        let text = self::remark(remark);
        sink.note(Severity::Broken, message.span, format_args!("{text}"));
    }
    if facts.list.as_ref().is_some_and(|list| list.part == Part::Unknown) {
        let text = "Which request or response this belongs to is in bytes that are missing";
        sink.note(Severity::Missing, message.span, format_args!("{text}"));
    }
}

fn change(change: Option<Change>, fields: [FieldId; 2], sink: &mut dyn Sink) {
    let Some(Change { before, after }) = change else { return };
    for (field, value) in fields.into_iter().zip([before, after]) {
        sink.field(field, Value::Signed(value), Span::NONE);
    }
}

/// The content that ends with this frame: whole, where it came in several, and decoded.
fn body(message: &Message, facts: &Facts, view: &View<'_>, sink: &mut dyn Sink) {
    let Some(sent) = view.part(message, Role::Body) else { return };
    if facts.body.is_some_and(|body| body.frames > 1) {
        sink.field(f::BODY_LENGTH, Value::Unsigned(sent.len.into()), Span::NONE);
        if sink.wants(f::BODY_DATA) {
            sink.field(f::BODY_DATA, Value::Bytes(view.bytes(sent)), sent);
        }
    }
    if let Some(body) = facts.body.filter(|body| !body.whole) {
        let (kept, came) = (sent.len, body.came);
        let text = format_args!("Of the {came} bytes of the body {kept} are shown, as they came");
        sink.note(Severity::Hint, sent, text);
    }
    let shown = view.part(message, Role::BodyDecoded).unwrap_or(sent);
    if sink.wants(f::CONTENT) {
        let content = view.bytes(shown);
        if shown != sent {
            contents::note_unpacked(sent, content, sink);
        }
        // The length of a decoded buffer is known only now that it was made.
        sink.field(f::CONTENT, Value::text(content), shown.part(0, content.len()));
    }
    if let Some(media) = &facts.media {
        contents::describe(media, shown, view, sink);
    }
}

const fn remark(remark: Remark) -> &'static str {
    match remark {
        Remark::Ended => "Its stream had ended before (RFC 9113, section 5.1)",
        Remark::Within => {
            "Between the frames of one header block no other frame may stand (RFC 9113, section 4.3)"
        }
        Remark::NoBlock => {
            "It goes on with a header block that nobody began (RFC 9113, section 6.10)"
        }
        Remark::Flood => {
            "The header block is longer than anyone takes, as in a CONTINUATION flood: it is not read"
        }
        Remark::RapidReset => {
            "One of many streams in a row that were broken off before an answer: a rapid reset (CVE-2023-44487)"
        }
    }
}
