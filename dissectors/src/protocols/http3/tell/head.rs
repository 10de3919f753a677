//! Tells of header sections: requests, responses, promises, trailers.

use super::CHAPTER;
use crate::bytes::Lossy;
use crate::engine::view::View;
use crate::message::Message;
use crate::protocols::http3::describe::{text, value_of};
use crate::protocols::http3::frame::FrameHeader;
use crate::protocols::http3::kind::{Facts, List, Part};
use crate::protocols::http3::qpack::{Line, Text};
use crate::protocols::semantics::{Asked, codes, count, known, meaning, short, span};
use crate::telling::{Outcome, Telling};

/// How much the sentences of requests and responses insist: more than the end of a handshake
/// that travels in the same flight.
const WEIGHT: u8 = 7;

/// Trailers that are told one by one.
const MAX_TRAILERS: usize = 4;

/// Tells of a frame with a header section.
pub(super) fn tell(
    message: &Message,
    header: &FrameHeader,
    facts: &Facts,
    view: &View<'_>,
) -> Telling {
    let Some(list) = facts.list.as_deref() else { return unknown(header, String::new()) };
    let told = match (list.part, facts.asked.as_deref()) {
        (Part::Request, Some(asked)) => request(message, list, asked, view),
        (Part::Promise, Some(asked)) => promise(asked),
        (Part::Interim | Part::Response, asked) => response(list, asked, view),
        (Part::Trailers, _) => trailers(list, view),
        _ => unknown(header, String::new()),
    };
    let mut detail = format!("{} {}", told.detail, packing(list, view));
    if let Some(frame) = list.unblocked {
        detail += &format!(
            " It names entries of the table that had not come yet: it was read with frame {}.",
            frame.number()
        );
    }
    told.detail(detail.trim())
}

fn unknown(header: &FrameHeader, detail: String) -> Telling {
    let headline = "Sends header fields; whose, is not in the recording";
    Telling::new(header.name(), headline, CHAPTER).detail(detail).weight(WEIGHT, WEIGHT).lesson(
        "http3/headers",
        "RFC 9114",
        "7.2.2",
    )
}

fn request(message: &Message, list: &List, asked: &Asked, view: &View<'_>) -> Telling {
    let [method, target] = [&asked.method, asked.target()].map(Lossy);
    let label = format!("{method} {}", short(&target.to_string()));
    let is_sealed = message.protection.is_sealed();
    let (headline, section) = if !asked.protocol.is_empty() {
        ("Asks for a stream on which another protocol is spoken", ("RFC 9220", "3"))
    } else if asked.is_connect() {
        ("Asks the proxy for a tunnel to another host, on one stream", ("RFC 9114", "4.4"))
    } else if list.waiting > 0 {
        ("Does not wait for the answers before: each request has a stream", ("RFC 9114", "4.1"))
    } else if list.number > 1 {
        ("No new handshake: the connection is reused", ("RFC 9114", "3.3"))
    } else {
        (meaning(&asked.method, is_sealed), ("RFC 9114", "4.3.1"))
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
        .lesson("http3/headers", section.0, section.1)
        .asking();
    let fields = list.fields.lines.iter();
    let fields = fields.map(|line| (text(line.name, view), text(line.value, view)));
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
        .lesson("http3/headers", "RFC 9114", "4.6")
}

fn response(list: &List, asked: Option<&Asked>, view: &View<'_>) -> Telling {
    let status = list.status;
    let label = match codes::name(status) {
        Some(name) => format!("{status} {name}"),
        None => status.to_string(),
    };
    let (headline, section) = codes::meaning(status);
    let mut detail = String::new();
    if let Some(asked) = asked {
        let [method, target] = [&asked.method, asked.target()].map(Lossy);
        detail += &format!("It answers {method} {}", short(&target.to_string()));
        if let Some(since) = list.since {
            detail += &format!(" after {}", span(since));
        }
        detail += ".";
    }
    if let Some(content) = content(list, view) {
        detail += " ";
        detail += &content;
    }
    let told = Telling::new(label, headline, CHAPTER)
        .detail(detail.trim_start())
        .weight(WEIGHT, WEIGHT)
        .lesson("http3/headers", "RFC 9110", section);
    let told = match list.part {
        Part::Interim => told.answering_for_now(),
        _ => told.answering(),
    };
    if status >= 400 { told.outcome(Outcome::Refused) } else { told }
}

/// What is to follow a response's head.
fn content(list: &List, view: &View<'_>) -> Option<String> {
    let of = |name: &[u8]| value_of(list, name, view).map(Lossy);
    let (length, kind) = (of(b"content-length"), of(b"content-type"));
    let coding =
        of(b"content-encoding").map_or_else(String::new, |it| format!(", packed with {it}"));
    Some(match (length, kind) {
        (Some(length), Some(kind)) => format!("{length} bytes of {kind}{coding} are to follow."),
        (None, Some(kind)) => format!("Content of type {kind}{coding} is to follow."),
        (Some(length), None) => format!("{length} bytes{coding} are to follow."),
        (None, None) => return None,
    })
}

fn trailers(list: &List, view: &View<'_>) -> Telling {
    let fields = list.fields.lines.iter().take(MAX_TRAILERS).map(|line| {
        let [name, value] = [line.name, line.value].map(|one| Lossy(text(one, view)));
        format!("{name}: {value}")
    });
    let fields: Vec<String> = fields.collect();
    let headline = "Sends what was not known before the content was: fields behind it";
    Telling::new("Trailers", headline, CHAPTER)
        .detail(format!("{}.", fields.join(", ")))
        .weight(6, 6)
        .lesson("http3/headers", "RFC 9114", "4.1")
        .continuing()
}

/// What header compression saved (RFC 9204).
fn packing(list: &List, view: &View<'_>) -> String {
    let lines = &list.fields.lines;
    if lines.is_empty() {
        return String::new();
    }
    let size = |line: &Line| text(line.name, view).len() + text(line.value, view).len();
    let all = lines.iter().map(size).sum::<usize>() as u64;
    let unknown = lines.iter().filter(|line| [line.name, line.value].contains(&Text::Unknown));
    let unknown = unknown.count() as u64;
    let mut packed = format!(
        "{} with {} in {}.",
        count(lines.len() as u64, "header field", "header fields"),
        count(all, "byte", "bytes"),
        list.packed
    );
    if unknown > 0 {
        let of = count(unknown, "field stands", "fields stand");
        packed +=
            &format!(" What {of} for was said before the recording, or where bytes are missing.");
    }
    packed
}
