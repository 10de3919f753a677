//! Tells of header lists: requests, responses, promises, trailers.

use super::CHAPTER;
use crate::bytes::Lossy;
use crate::engine::view::View;
use crate::message::Message;
use crate::protocols::http2::describe::{text, value_of};
use crate::protocols::http2::facts::{Facts, List, Section};
use crate::protocols::http2::frame::FrameHeader;
use crate::protocols::http2::hpack;
use crate::protocols::semantics::{Asked, codes, count, known, meaning, short, span};
use crate::telling::{Outcome, Telling};

/// How much the sentences of requests and responses insist: more than the end of a handshake
/// that travels in the same flight.
const WEIGHT: u8 = 7;

/// Tells of a frame that begins a header list.
pub(super) fn tell(
    message: &Message,
    header: &FrameHeader,
    facts: &Facts,
    view: &View<'_>,
) -> Telling {
    let section = facts.list.as_ref().map(|list| list.section).unwrap_or_default();
    match (section, facts.list.as_deref(), facts.asked.as_deref()) {
        (Section::Request, Some(list), Some(asked)) => {
            let told =
                if list.number == 0 { promise(asked) } else { request(message, list, asked, view) };
            let detail = format!("{}{}", told.detail, behind(packing(facts, view)));
            told.detail(detail)
        }
        (Section::Interim | Section::Response, Some(list), asked) => {
            response(header, (list, facts), asked, view)
        }
        (Section::Trailers, Some(list), _) => trailers(list, facts, view),
        (section, ..) => {
            let headline = match section {
                Section::Begun => "Begins a header block, which goes on in the next frame",
                _ => "Sends header fields; whose, is not in the recording",
            };
            Telling::new(header.name(), headline, CHAPTER)
                .detail(packing(facts, view))
                .weight(WEIGHT, WEIGHT)
                .lesson("http2/headers", "RFC 9113", "6.2")
        }
    }
}

fn request(message: &Message, list: &List, asked: &Asked, view: &View<'_>) -> Telling {
    let [method, target] = [&asked.method, asked.target()].map(Lossy);
    let label = format!("{method} {}", short(&target.to_string()));
    let is_sealed = message.protection.is_sealed();
    let (headline, section) = if !asked.protocol.is_empty() {
        ("Asks for a stream on which another protocol is spoken", ("RFC 8441", "4"))
    } else if asked.is_connect() {
        ("Asks the proxy for a tunnel to another host, on one stream", ("RFC 9113", "8.5"))
    } else if list.waiting > 0 {
        ("Does not wait for the answers before: each request has a stream", ("RFC 9113", "5"))
    } else if list.number > 1 {
        ("No new handshake: the connection is reused", ("RFC 9113", "5"))
    } else {
        (meaning(&asked.method, is_sealed), ("RFC 9113", "8.3.1"))
    };
    let mut detail = match asked.uri() {
        Some(uri) => format!("{method} {}.", Lossy(&uri)),
        None => format!("{method} {target}."),
    };
    if !asked.protocol.is_empty() {
        detail += &format!(" The protocol is {}.", Lossy(&asked.protocol));
    }
    if list.number > 1 {
        detail += &format!(" Request {} on this connection", list.number);
        detail += &match list.waiting {
            0 => ".".to_owned(),
            1 => "; one more waits for its answer.".to_owned(),
            more => format!("; {more} more wait for their answers."),
        };
    }
    let told = Telling::new(label, headline, CHAPTER)
        .detail(detail)
        .weight(WEIGHT, WEIGHT)
        .lesson("http2/headers", section.0, section.1)
        .asking();
    let fields = list.lines.iter().map(|line| (text(line.name, view), text(line.value, view)));
    match known(&asked.method, asked.target(), fields) {
        Some(by) => told.known(by),
        None => told,
    }
}

fn promise(asked: &Asked) -> Telling {
    let [method, target] = [&asked.method, asked.target()].map(Lossy);
    let label = format!("Promise {method} {}", short(&target.to_string()));
    Telling::new(label, "Promises a response that nobody asked for", CHAPTER)
        .detail(format!("It is what {method} {target} would have been answered with."))
        .weight(4, 6)
        .lesson("http2/push", "RFC 9113", "6.6")
}

fn response(
    header: &FrameHeader,
    (list, facts): (&List, &Facts),
    asked: Option<&Asked>,
    view: &View<'_>,
) -> Telling {
    let status = list.status;
    let label = match codes::name(status) {
        Some(name) => format!("{status} {name}"),
        None => status.to_string(),
    };
    let (mut headline, section) = codes::meaning(status);
    // A call that failed before it sent anything has in its head what else is a trailer.
    let call = value_of(list, b"grpc-status", view);
    let has_failed = call.is_some_and(|status| status != b"0");
    if has_failed {
        headline = "HTTP succeeded and the call did not: its own status stands in the head";
    }
    let mut detail = String::new();
    if let Some(asked) = asked {
        let [method, target] = [&asked.method, asked.target()].map(Lossy);
        detail += &format!("It answers {method} {}", short(&target.to_string()));
        if let Some(since) = list.since {
            detail += &format!(" after {}", span(since));
        }
        detail += ".";
    }
    detail += &behind(match (content(list, view), header.ends_stream()) {
        (_, true) => "No content follows.".to_owned(),
        (Some(content), false) => content,
        (None, false) => String::new(),
    });
    if let Some(call) = call {
        detail += &format!(" grpc-status: {}.", Lossy(call));
    }
    detail += &behind(packing(facts, view));
    let told = Telling::new(label, headline, CHAPTER)
        .detail(detail.trim_start())
        .weight(WEIGHT, WEIGHT)
        .lesson("http2/headers", "RFC 9110", section);
    let told = match list.section {
        Section::Interim => told.answering_for_now(),
        _ => told.answering(),
    };
    if status >= 400 || has_failed { told.outcome(Outcome::Refused) } else { told }
}

/// What is to follow a response's head.
fn content(list: &List, view: &View<'_>) -> Option<String> {
    let of = |name: &[u8]| value_of(list, name, view).map(Lossy);
    let length = of(b"content-length");
    let kind = of(b"content-type");
    let coding =
        of(b"content-encoding").map_or_else(String::new, |it| format!(", packed with {it}"));
    Some(match (length, kind) {
        (Some(length), Some(kind)) => format!("{length} bytes of {kind}{coding} are to follow."),
        (None, Some(kind)) => format!("Content of type {kind}{coding} is to follow."),
        (Some(length), None) => format!("{length} bytes{coding} are to follow."),
        (None, None) => return None,
    })
}

fn trailers(list: &List, facts: &Facts, view: &View<'_>) -> Telling {
    let fields = list.lines.iter().filter(|line| line.kind != hpack::Kind::Resize);
    let fields = fields.take(MAX_TRAILERS).map(|line| {
        let [name, value] = [line.name, line.value].map(|one| Lossy(text(one, view)));
        format!("{name}: {value}")
    });
    let fields: Vec<String> = fields.collect();
    let detail = format!("{}.{}", fields.join(", "), behind(packing(facts, view)));
    Telling::new(
        "Trailers",
        "Sends what was not known before the content was: fields behind it",
        CHAPTER,
    )
    .detail(detail)
    .weight(6, 6)
    .lesson("http2/trailers", "RFC 9113", "8.1")
    .continuing()
}

/// Trailers that are told one by one.
const MAX_TRAILERS: usize = 4;

/// What header compression saved (RFC 7541).
pub(super) fn packing(facts: &Facts, view: &View<'_>) -> String {
    let Some(list) = facts.list.as_deref() else { return String::new() };
    let fields = || list.lines.iter().filter(|line| line.kind != hpack::Kind::Resize);
    let size = |line: &hpack::Line| text(line.name, view).len() + text(line.value, view).len();
    let (number, all) = (fields().count() as u64, fields().map(size).sum::<usize>());
    let unknown = fields().filter(|line| [line.name, line.value].contains(&hpack::Text::Unknown));
    let unknown = unknown.count() as u64;
    if number == 0 {
        return String::new();
    }
    let mut text = format!(
        "{} with {} in {}.",
        count(number, "header field", "header fields"),
        count(all as u64, "byte", "bytes"),
        list.packed
    );
    if unknown > 0 {
        let of = count(unknown, "field stands", "fields stand");
        text +=
            &format!(" What {of} for was said before the recording, or where bytes are missing.");
    }
    text
}

/// A sentence behind others.
fn behind(sentence: String) -> String {
    if sentence.is_empty() { sentence } else { format!(" {sentence}") }
}
