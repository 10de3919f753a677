//! Tells of header lists: requests, responses, promises, trailers; and of content that ends.

use super::content::{Body, Wait};
use super::line::Form;
use super::list::{List, Part};
use super::text::Text;
use crate::bytes::Lossy;
use crate::engine::view::View;
use crate::protocols::protobuf::status;
use crate::protocols::semantics::{Asked, codes, count, known, lesson, meaning, number, short};
use crate::telling::{Outcome, Telling};
use crate::wording::span;

/// How much the sentences of requests and responses insist: more than the end of a handshake
/// that travels in the same flight.
const WEIGHT: u8 = 7;

/// The field that says how a call of gRPC went.
pub(super) const CALL: &[u8] = b"grpc-status";

/// Trailers that are told one by one.
const MAX_TRAILERS: usize = 4;

/// What differs between two versions of HTTP: lessons, and where the standard says what.
pub(in crate::protocols) struct Words {
    pub(in crate::protocols) chapter: &'static str,
    pub(in crate::protocols) standard: &'static str,
    /// The lessons of heads, of promises, of trailers.
    pub(in crate::protocols) heads: &'static str,
    pub(in crate::protocols) promises: &'static str,
    pub(in crate::protocols) trailers: &'static str,
    /// The standard and its section for a stream on which another protocol is spoken.
    pub(in crate::protocols) extended: (&'static str, &'static str),
    /// Sections of the standard: for header frames, control data, tunnels, promises, trailers.
    pub(in crate::protocols) frame: &'static str,
    pub(in crate::protocols) control: &'static str,
    pub(in crate::protocols) tunnel: &'static str,
    pub(in crate::protocols) promise: &'static str,
    pub(in crate::protocols) trailer: &'static str,
    /// Sections for requests that do not wait, and for connections that are used again.
    pub(in crate::protocols) parallel: &'static str,
    pub(in crate::protocols) again: &'static str,
}

/// A frame with a header list.
pub(in crate::protocols) struct Frame<'f, F> {
    /// What its type is called.
    pub(in crate::protocols) name: &'static str,
    pub(in crate::protocols) is_sealed: bool,
    /// Whether its sender says nothing more on the stream.
    pub(in crate::protocols) ends: bool,
    /// Whether the whole list is in it.
    pub(in crate::protocols) is_whole: bool,
    pub(in crate::protocols) list: Option<&'f List<F>>,
    /// What was asked for on its stream.
    pub(in crate::protocols) asked: Option<&'f Asked>,
}

/// Tells of a frame with a header list.
pub(in crate::protocols) fn tell<F: Form>(
    frame: &Frame<'_, F>,
    words: &Words,
    view: &View<'_>,
) -> Telling {
    let Some(list) = frame.list else { return unknown(frame, Part::Unknown, words) };
    let told = match (list.part, frame.asked) {
        (Part::Request, Some(asked)) => request(frame.is_sealed, list, asked, words, view),
        (Part::Promise, Some(asked)) => promise(asked, words),
        (Part::Interim | Part::Response, asked) => response(frame.ends, list, asked, words, view),
        (Part::Trailers, _) => trailers(list, words, view),
        (part, _) => unknown(frame, part, words),
    };
    if !frame.is_whole {
        // The last frame of the block says what all of it holds.
        return told;
    }
    let detail = format!("{} {}", told.detail, packing(list, view));
    let (fields, bytes) = list.count(view);
    let packed = (fields > 0).then_some((bytes, list.packed.into()));
    Telling { packed, ..told.detail(detail.trim()) }
}

fn unknown<F>(frame: &Frame<'_, F>, part: Part, words: &Words) -> Telling {
    let headline = match part {
        Part::Begun => "Begins a header block, which goes on in the next frame",
        _ => "Sends header fields; whose, is not in the recording",
    };
    let told = Telling::new(frame.name, headline, words.chapter).weight(WEIGHT, WEIGHT);
    told.lesson(words.heads, words.standard, words.frame)
}

fn request<F: Form>(
    is_sealed: bool,
    list: &List<F>,
    asked: &Asked,
    words: &Words,
    view: &View<'_>,
) -> Telling {
    let [method, target] = [&asked.method, asked.target()].map(Lossy);
    let label = format!("{method} {}", short(&target.to_string()));
    let here = |section| (words.standard, section);
    let (headline, section) = if !asked.protocol.is_empty() {
        ("Asks for a stream on which another protocol is spoken", words.extended)
    } else if asked.is_connect() {
        ("Asks the proxy for a tunnel to another host, on one stream", here(words.tunnel))
    } else if list.waiting > 0 {
        ("Does not wait for the answers before: each request has a stream", here(words.parallel))
    } else if list.number > 1 {
        ("No new handshake: the connection is reused", here(words.again))
    } else {
        (meaning(&asked.method, is_sealed), here(words.control))
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
    if let Some(longest) = list.value_of(b"grpc-timeout", view).and_then(timeout) {
        detail += &format!(" It waits for {longest} at most: its deadline (grpc-timeout).");
    }
    let told = Telling::new(label, headline, words.chapter)
        .detail(detail)
        .weight(WEIGHT, WEIGHT)
        .lesson(words.heads, section.0, section.1)
        .reusing(list.number > 1 && list.waiting == 0)
        .asking();
    match known(&asked.method, asked.target(), list.fields(view)) {
        Some(by) => told.known(by),
        None => told,
    }
}

/// The same in nanoseconds.
pub(in crate::protocols) fn timeout_nanos(value: &[u8]) -> Option<i64> {
    let (unit, digits) = value.split_last()?;
    let unit: i64 = match unit {
        b'H' => 3_600_000_000_000,
        b'M' => 60_000_000_000,
        b'S' => 1_000_000_000,
        b'm' => 1_000_000,
        b'u' => 1_000,
        b'n' => 1,
        _ => return None,
    };
    i64::try_from(number(digits)?).ok()?.checked_mul(unit)
}

/// A time as gRPC writes it, digits and a unit, in the largest unit that leaves it whole.
pub(in crate::protocols) fn timeout(value: &[u8]) -> Option<String> {
    let (unit, digits) = value.split_last()?;
    let number = number(digits)?;
    let small = match unit {
        b'H' => return Some(format!("{number} h")),
        b'M' => return Some(format!("{number} min")),
        b'S' => 3,
        b'm' => 2,
        b'u' => 1,
        b'n' => 0,
        _ => return None,
    };
    let (mut number, mut units) =
        (number, ["ns", "µs", "ms", "s"].into_iter().skip(small).peekable());
    let mut unit = units.next()?;
    while let Some(larger) = units.next_if(|_| number > 0 && number % 1000 == 0) {
        (number, unit) = (number / 1000, larger);
    }
    Some(format!("{number} {unit}"))
}

fn promise(asked: &Asked, words: &Words) -> Telling {
    let [method, target] = [&asked.method, asked.target()].map(Lossy);
    let label = format!("Promise {method} {}", short(&target.to_string()));
    Telling::new(label, "Promises a response that nobody asked for", words.chapter)
        .detail(format!("It is what {method} {target} would have been answered with."))
        .weight(WEIGHT + 1, 6)
        .lesson(words.promises, words.standard, words.promise)
}

fn response<F: Form>(
    ends: bool,
    list: &List<F>,
    asked: Option<&Asked>,
    words: &Words,
    view: &View<'_>,
) -> Telling {
    let status = list.status;
    let label = match codes::today(status) {
        Some(name) => format!("{status} {name}"),
        None => status.to_string(),
    };
    let (mut headline, section) = codes::meaning(status);
    // A call that failed before it sent anything has in its head what else is a trailer.
    let call = list.value_of(CALL, view);
    let has_failed = call.is_some_and(|status| status != b"0");
    let mut label = label;
    if has_failed {
        // The bead is red: what failed is not HTTP.
        let code = call.unwrap_or_default();
        let name = status::code(code).map(|name| format!("{name} ")).unwrap_or_default();
        label += &format!(", {name}{}", Lossy(code));
        headline = "HTTP succeeded and the call did not: its own status stands in the head";
    }
    let kind = list.value_of(b"content-type", view).unwrap_or_default();
    if call.is_none() && status == 200 && kind.starts_with(b"application/grpc") {
        headline = "Takes the call; how it went stands behind its messages, in trailers";
    }
    let mut said = Vec::new();
    if let Some(asked) = asked {
        let [method, target] = [&asked.method, asked.target()].map(Lossy);
        let since = match list.since {
            Some(Wait { nanos, is_long: false }) => format!(" after {}", span(nanos)),
            Some(Wait { nanos, is_long: true }) => format!(", {} after its last byte", span(nanos)),
            None => String::new(),
        };
        said.push(format!("It answers {method} {}{since}.", short(&target.to_string())));
    }
    if ends {
        said.push("No content follows.".to_owned());
    } else {
        said.extend(content(list, view));
    }
    said.extend(call.map(|call| format!("grpc-status: {}.", outcome(call))));
    said.extend(list.value_of(status::DETAILS, view).and_then(status::told));
    let told = Telling::new(label, headline, words.chapter)
        .detail(said.join(" "))
        .weight(WEIGHT, WEIGHT)
        .lesson(
            lesson(status, |name| list.value_of(name.as_bytes(), view).is_some())
                .unwrap_or(words.heads),
            "RFC 9110",
            section,
        );
    let told = match list.part {
        Part::Interim => told.answering_for_now(),
        _ => told.answering(),
    };
    if status >= 400 || has_failed { told.outcome(Outcome::Refused) } else { told }
}

/// What is to follow a response's head.
fn content<F: Form>(list: &List<F>, view: &View<'_>) -> Option<String> {
    let of = |name: &[u8]| list.value_of(name, view).map(Lossy);
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

fn trailers<F: Form>(list: &List<F>, words: &Words, view: &View<'_>) -> Telling {
    let fields = list.fields(view).filter(|(name, _)| *name != status::DETAILS);
    let fields = fields.take(MAX_TRAILERS).map(|(name, value)| match name {
        CALL => format!("grpc-status: {}", outcome(value)),
        _ => format!("{}: {}", Lossy(name), Lossy(value)),
    });
    let fields: Vec<String> = fields.collect();
    let details = list.value_of(status::DETAILS, view).and_then(status::told);
    let details = details.map_or_else(String::new, |details| format!(" {details}"));
    let headline = match list.value_of(CALL, view) {
        Some(b"0") => "The call succeeded: its status stands behind the messages",
        Some(_) => "The call failed, though HTTP did not: its status stands behind the messages",
        None => "Sends what was not known before the content was: fields behind it",
    };
    Telling::new("Trailers", headline, words.chapter)
        .detail(format!("{}.{details}", fields.join(", ")))
        .weight(6, 6)
        .lesson(
            list.value_of(CALL, view).map_or(words.trailers, |_| "grpc/status"),
            words.standard,
            words.trailer,
        )
        .continuing()
}

/// The code with which a call of gRPC ended, with its name.
pub(super) fn outcome(code: &[u8]) -> String {
    match status::code(code) {
        Some(name) => format!("{} ({name})", Lossy(code)),
        None => Lossy(code).to_string(),
    }
}

/// What header compression saved (RFC 7541; RFC 9204).
pub(in crate::protocols) fn packing<F: Form>(list: &List<F>, view: &View<'_>) -> String {
    let (number, bytes) = list.count(view);
    if number == 0 {
        return String::new();
    }
    let unknown = list.lines().filter(|line| [line.name, line.value].contains(&Text::Unknown));
    let unknown = unknown.count() as u64;
    let mut text = format!(
        "{} with {} in {}.",
        count(number, "header field", "header fields"),
        count(bytes, "byte", "bytes"),
        list.packed
    );
    if unknown > 0 {
        let of = count(unknown, "field stands", "fields stand");
        text +=
            &format!(" What {of} for was said before the recording, or where bytes are missing.");
    }
    text
}

/// How content ended: its size, and how long it took from its request on.
pub(in crate::protocols) fn ended(body: Body, asked: Option<&Asked>) -> String {
    let frames = count(body.frames.into(), "frame", "frames");
    let mut text = format!("{} of content in {frames}", count(body.came, "byte", "bytes"));
    if let Some(since) = body.since {
        let last = if since.is_long { "the last byte of " } else { "" };
        text += &format!(", whole {} after {last}its request", span(since.nanos));
        if let Some(asked) = asked {
            let [method, target] = [&asked.method, asked.target()].map(Lossy);
            text += &format!(" {method} {target}");
        }
    }
    text + "."
}
