//! Says what a message means: why it is sent now, and what it does to the connection.

use super::body::{called, extent};
use super::describe::{Shown, fields, request_head, value_of};
use super::facts::{Ended, Extent, Facts};
use super::head::{Headers, StartLine};
use super::upgrade::is_word_on_the_way;
use super::{Kind, Role, doubt, handed};
use crate::engine::view::View;
use crate::known::{Token, tokens};
use crate::message::Message;
use crate::protocols::semantics::{codes, known, lesson, list, meaning};
use crate::telling::{Outcome, Telling};
use crate::wording::{counted, thousands};

/// How much the sentences of requests and responses insist: more than the end of a handshake
/// that travels in the same flight.
const WEIGHT: u8 = 7;

/// What is told of a head that the capture cut.
const CUT_HEAD: &str = " The capture kept the beginning of this head only.";

/// How many fields of a trailer section are named in a sentence.
const MAX_TRAILER_NAMES: usize = 4;

/// The longest target that stands on a bead.
const MAX_LABEL: usize = 40;

/// Tells of a message of any kind.
pub(super) fn tell(message: &Message, view: &View<'_>) -> Option<Telling> {
    let head = view.bytes(message.span);
    if message.is(Kind::Continuation) {
        let label = counted(message.span.len.into(), "byte");
        let headline = "Bytes that belong to no head that was captured";
        return Some(Telling::new(label, headline, "HTTP request").weight(2, 2));
    }
    match StartLine::read(head)? {
        StartLine::Request { method, target, version } => {
            let words = [head.get(method)?, head.get(target)?, head.get(version)?];
            Some(request(message, view, head, words))
        }
        StartLine::Response { number, phrase, .. } => {
            Some(response(message, view, head, number, head.get(phrase)?))
        }
    }
}

fn request(message: &Message, view: &View<'_>, head: &[u8], words: [&[u8]; 3]) -> Telling {
    let [method, target, version] = words;
    let label = format!("{} {}", Shown(method), short(target));
    let number = Facts::of(message, view).number;
    let (headline, section) = if asks_upgrade(head) {
        ("Asks, and offers to go on in another protocol", ("RFC 9110", "7.8"))
    } else if method == b"CONNECT" {
        ("Asks the proxy for a tunnel to another host", ("RFC 9110", "9.3.6"))
    } else if number > 1 {
        ("No new handshake: the connection is reused", ("RFC 9112", "9.3"))
    } else {
        (meaning(method, message.protection.is_sealed()), ("RFC 9112", "3"))
    };
    let mut detail = format!("{} {} {}", Shown(method), Shown(target), Shown(version));
    if let Some(host) = value_of(head, "host") {
        detail += &format!(", Host: {}", Shown(host));
    }
    detail.push('.');
    if number > 1 {
        detail += &format!(" Request {number} on this connection.");
    }
    if says(head, "connection", "close") {
        detail += " Connection: close asks the server to end the connection after its answer.";
    }
    if asks_upgrade(head) {
        let names = value_of(head, "upgrade").map(Shown);
        detail += &names.map(|names| format!(" Upgrade: {names}.")).unwrap_or_default();
    }
    let key = value_of(head, "idempotency-key");
    if let Some(key) = key {
        detail += &format!(
            " Idempotency-Key: {}: however often it comes with that, it is to be done once.",
            Shown(key)
        );
    }
    if let Some(id) = value_of(head, "last-event-id") {
        detail += &format!(" Last-Event-ID: {}: events go on behind that one.", Shown(id));
    }
    let expects = says(head, "expect", "100-continue");
    if expects {
        detail += " Expect: 100-continue: the client wants to hear from the server before it sends the body.";
    }
    let body = extent(message, view);
    match body.shortfall() {
        Some(_) if expects && body.is_spared() => {
            detail += &format!(
                " None of the {} that it announces was sent.",
                counted(body.announced.unwrap_or_default(), "byte")
            );
        }
        Some(short) => detail += &format!(" Body: {short}."),
        None if body.came > 0 => detail += &format!(" {} of body.", counted(body.came, "byte")),
        None => {}
    }
    if let Some(called) = called(message, view) {
        detail += &format!(" {called}");
    }
    if body.ended == Ended::InHead {
        detail += CUT_HEAD;
    }
    detail += &doubts(head, body);
    let lesson = match (expects, asks_upgrade(head)) {
        (true, _) => "http/expect",
        (false, true) => "http/upgrade",
        (false, false) => "http/request",
    };
    let told = Telling::new(label, headline, "HTTP request")
        .detail(detail)
        .weight(WEIGHT, WEIGHT)
        .lesson(lesson, section.0, section.1)
        .unkept(body.came.saturating_sub(body.kept))
        .head(handed::head(head).filter(|_| body.ended != Ended::InHead))
        .reusing(number > 1)
        .asking();
    let told = match known(method, target, fields(head)) {
        Some(by) => told.known(by),
        None => told,
    };
    let again = again(method, head, view.part(message, Role::Body).map(|span| view.bytes(span)));
    let told = told.giving(again).showing(again.into_iter().collect());
    if expects && body.came > 0 {
        let rest = Telling::new("body", "Sends the body that it had held back", "HTTP request")
            .detail("None of it left before the server had spoken.")
            .weight(WEIGHT, WEIGHT)
            .lesson("http/expect", "RFC 9110", "10.1.1")
            .asking();
        return told.holding_back(rest);
    }
    told
}

fn response(
    message: &Message,
    view: &View<'_>,
    head: &[u8],
    number: u16,
    phrase: &[u8],
) -> Telling {
    let mut label = match phrase {
        _ if number == 0 => "No status code".into(),
        [] => number.to_string(),
        phrase => format!("{number} {}", short(phrase)),
    };
    let body = extent(message, view);
    let is_streamed = Facts::of(message, view).is_streamed;
    match body.announced.filter(|announced| body.came < *announced) {
        _ if is_streamed => {}
        Some(announced) => {
            label += &format!("  {} of {} B", thousands(body.came), thousands(announced))
        }
        None if body.came > 0 => label += &format!("  {} B", thousands(body.came)),
        None => {}
    }
    let (headline, section) = codes::meaning(number);
    let mut detail = detail_of_body(message, view, head, number, body);
    if let Some(called) = called(message, view) {
        detail += &format!(" {called}");
    }
    detail += &trailer(message, view);
    detail += &doubts(head, body);
    let waiting = Facts::of(message, view).waiting;
    let kept = match waiting {
        0 => None,
        1 => Some("Answers keep the order of the requests: one more waits behind this".to_owned()),
        more => Some(format!("Answers keep the order of the requests: {more} wait behind this")),
    };
    if waiting == 0 && matches!(body.ended, Ended::Whole | Ended::Hole) {
        detail += ending(message, view, head, number);
    }
    if let Some(kept) = kept.as_ref().filter(|_| number >= 400) {
        detail += &format!(" {kept} (RFC 9112, section 9.3.2).");
    }
    let (headline, source) = match kept.filter(|_| number < 400) {
        Some(kept) => (kept, ("RFC 9112", "9.3.2")),
        None => (headline.to_owned(), ("RFC 9110", section)),
    };
    let lesson = match number {
        101 => "http/upgrade",
        100..200 => "http/interim",
        _ => match lesson(number, |name| value_of(head, name).is_some()) {
            Some(lesson) => lesson,
            None if body.came > 0 && is_chunked(head) => "http/chunks",
            None => "http/response",
        },
    };
    let told = Telling::new(label, headline, "HTTP request")
        .detail(detail)
        .weight(WEIGHT, WEIGHT)
        .lesson(lesson, source.0, source.1)
        .unkept(body.came.saturating_sub(body.kept))
        .head(handed::head(head).filter(|_| body.ended != Ended::InHead));
    let told = match is_word_on_the_way(number, head) {
        true => told.answering_for_now(),
        false => told.answering(),
    };
    let told = if is_streamed { told.open_ended() } else { told };
    if number >= 400 { told.outcome(Outcome::Refused) } else { told }
}

/// What a request is known by that does something each time it comes (RFC 9110, section 9.2.2): its
/// key, or else all of it.
fn again(method: &[u8], head: &[u8], body: Option<&[u8]>) -> Option<Token> {
    if !matches!(method, b"POST" | b"PATCH") {
        return None;
    }
    match value_of(head, "idempotency-key") {
        Some(key) => Token::of(tokens::KEY, key),
        None => Token::of(tokens::REQUEST, &[head, body?].concat()),
    }
}

/// What readers of a head may not agree on, once each.
fn doubts(head: &[u8], body: Extent) -> String {
    if body.ended == Ended::InHead {
        return String::new();
    }
    let mut found: Vec<_> = doubt::of(head).into_iter().map(|(doubt, _)| doubt).collect();
    found.dedup();
    let told = found.iter().take(doubt::MAX_TOLD);
    told.map(|doubt| format!(" {}.", doubt.sentence())).collect()
}

/// What body came, and how its end is known (RFC 9112, section 6.3).
fn detail_of_body(
    message: &Message,
    view: &View<'_>,
    head: &[u8],
    number: u16,
    body: Extent,
) -> String {
    if body.ended == Ended::InHead {
        return CUT_HEAD.trim_start().into();
    }
    let chunked = is_chunked(head);
    let asked = request_head(message, view);
    let to_head = asked.is_some_and(|head| head.bytes.starts_with(b"HEAD "));
    if to_head {
        return "The request was HEAD: no body follows, whatever its headers announce.".into();
    }
    if number / 100 == 1 || number == 204 || number == 304 {
        return "A response of this kind has no body.".into();
    }
    let is_streamed = Facts::of(message, view).is_streamed;
    if let Some(short) = body.shortfall() {
        return match is_streamed {
            true => format!("It comes bit by bit, told below, and in the end there is: {short}."),
            false => format!("Body: {short}."),
        };
    }
    let body = body.came;
    let size = counted(body, "byte");
    let Some(kind) = value_of(head, "content-type").map(Shown).filter(|_| body > 0) else {
        return if body > 0 { format!("{size} of body.") } else { "No body.".into() };
    };
    let coded = match value_of(head, "content-encoding") {
        Some(coding) => format!(", compressed with {}", Shown(coding)),
        None => String::new(),
    };
    let how = if chunked {
        "in chunks, each with its own length"
    } else if value_of(head, "content-length").is_some() {
        "as announced by Content-Length"
    } else {
        "up to the end of the connection, for the head announced no length"
    };
    if is_streamed {
        return format!(
            "Content of type {kind}{coded} comes bit by bit, told below: {size} in the end, {how}."
        );
    }
    format!("{size} of {kind}{coded}, {how}.")
}

/// Names the fields that follow the last chunk (RFC 9112, section 7.1.2).
fn trailer(message: &Message, view: &View<'_>) -> String {
    let bytes = view.part(message, Role::Trailer).map_or(&[][..], |span| view.bytes(span));
    let names = Headers::trailer(bytes).filter_map(|field| bytes.get(field.name));
    let mut names = names.take(MAX_TRAILER_NAMES).map(|name| Shown(name).to_string());
    let Some(first) = names.next() else { return String::new() };
    let names = names.fold(first, |listed, name| listed + ", " + &name);
    format!(" Behind the last chunk a trailer follows: {names}.")
}

fn is_chunked(head: &[u8]) -> bool {
    says(head, "transfer-encoding", "chunked")
}

/// What becomes of the connection (RFC 9112, section 9.3).
fn ending(message: &Message, view: &View<'_>, head: &[u8], number: u16) -> &'static str {
    let asked = request_head(message, view).map_or(&[][..], |head| head.bytes);
    if number / 100 == 1 {
        ""
    } else if number / 100 == 2 && asked.starts_with(b"CONNECT ") {
        " From here on the connection is a tunnel (RFC 9110, section 9.3.6)."
    } else if ends_with_connection(head, asked, number) {
        // Its body has said so.
        ""
    } else if says(head, "connection", "close") {
        " Connection: close: the server will end the connection after this."
    } else if says(asked, "connection", "close") {
        " The client asked for the connection to be closed after this."
    } else if Facts::of(message, view).is_early {
        " It came before the request's body was whole: until that body has come, the connection \
         can carry no other request."
    } else if head.starts_with(b"HTTP/1.0") && !says(head, "connection", "keep-alive") {
        " HTTP/1.0 without keep-alive: no other request may follow on this connection."
    } else {
        " Another request may follow on this connection."
    }
}

/// Whether only the end of the connection ends the body (RFC 9112, section 6.3).
fn ends_with_connection(head: &[u8], asked: &[u8], number: u16) -> bool {
    let has = |name| value_of(head, name).is_some();
    let is_bodyless = number == 204 || number == 304 || asked.starts_with(b"HEAD ");
    !is_bodyless && !has("content-length") && !has("transfer-encoding")
}

fn asks_upgrade(head: &[u8]) -> bool {
    value_of(head, "upgrade").is_some() && says(head, "connection", "upgrade")
}

/// Whether a list header holds this element.
fn says(head: &[u8], name: &str, element: &str) -> bool {
    let value = value_of(head, name).unwrap_or(&[]);
    list(value).any(|item| item.eq_ignore_ascii_case(element.as_bytes()))
}

/// Text that fits on a bead.
fn short(text: &[u8]) -> String {
    let text = Shown(text).to_string();
    if text.chars().count() <= MAX_LABEL {
        return text;
    }
    text.chars().take(MAX_LABEL - 1).chain(['…']).collect()
}
