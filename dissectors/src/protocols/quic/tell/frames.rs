//! Says what frames mean that do something to the connection. Of several in a packet the one that
//! does most speaks for it; acknowledgements and limits are the quietest.

use super::super::facts::Facts;
use super::super::fields::FRAME_TYPE;
use super::super::frame::{Frame, Says, kind};
use super::{CHAPTER, CLOSING, error};
use crate::bytes::{Lossy, Reader};
use crate::protocols::multiplexed::{NO_ERROR, error_of_http3};
use crate::telling::{OnLane, Outcome, Piece, Route, Silent, Telling, quoted};
use crate::wording::counted;
use crate::wording::span;

/// What frames are told, the most telling first.
const ORDER: [Tell; 9] = [closed, done, path, broken, ids, token, retired, datagrams, quiet];

/// What is told beside whatever speaks for the packet: what changes how a connection is reached,
/// and that its handshake is confirmed.
const BESIDE: [Tell; 4] = [done, ids, token, retired];

/// Tells of one kind of frames, where there is one among these.
type Tell = fn(&[Told<'_>]) -> Option<Telling>;

/// A frame, the bytes that it has besides numbers, and what is kept beside its packet.
pub(super) struct Told<'a> {
    frame: Frame,
    bytes: &'a [u8],
    facts: Option<&'a Facts>,
}

/// Tells of the frames of a packet.
pub(super) fn tell(whole: Reader<'_>, facts: Option<&Facts>) -> Option<Telling> {
    let all = all(whole, facts);
    ORDER.iter().find_map(|tell| tell(&all))
}

/// The same telling, with what other frames of its packet do: none of them has a packet of its own
/// to be told by.
pub(super) fn with_others(told: Telling, whole: Reader<'_>, facts: Option<&Facts>) -> Telling {
    let all = all(whole, facts);
    let others = BESIDE.iter().filter_map(|tell| tell(&all));
    others.fold(told, |mut told, other| {
        if told.label.split(", ").any(|label| label == other.label) {
            return told;
        }
        let gap = if told.detail.is_empty() { "" } else { " " };
        told.label += &format!(", {}", other.label);
        told.detail += &format!("{gap}{}: {}.", other.label, other.headline);
        told.silent = told.silent.or(other.silent);
        told
    })
}

fn all<'a>(whole: Reader<'a>, facts: Option<&'a Facts>) -> Vec<Told<'a>> {
    let mut all = Vec::new();
    for frame in Frame::all(whole) {
        let place = match frame.says {
            Says::Bytes(place) | Says::Closed { reason: place, .. } => place,
            _ => frame.place.part(0, 0),
        };
        let skip = place.start.saturating_sub(whole.span().start) as usize;
        let bytes = whole.rest().get(skip..).unwrap_or_default();
        let bytes = bytes.get(..place.len as usize).unwrap_or_default();
        all.push(Told { frame, bytes, facts });
    }
    all
}

/// Whether a packet brings the beginning of a handshake.
pub(super) fn brings_hello(frames: Reader<'_>) -> bool {
    let all = Frame::all(frames);
    all.iter().any(|frame| matches!(frame.says, Says::Crypto { offset: 0, .. }))
}

fn find<'t, 'a>(all: &'t [Told<'a>], kinds: &[u64]) -> Option<&'t Told<'a>> {
    all.iter().find(|told| kinds.contains(&told.frame.kind))
}

fn count(all: &[Told<'_>], wanted: u64) -> usize {
    all.iter().filter(|told| told.frame.kind == wanted).count()
}

fn closed(all: &[Told<'_>]) -> Option<Telling> {
    let told = find(all, &[kind::CLOSE, kind::CLOSE_APP])?;
    let Says::Closed { code, .. } = told.frame.says else { return None };
    let named = told.code_of_http3(code);
    let (headline, mut detail, is_refused) = match (told.frame.kind, code, named) {
        (kind::CLOSE, 0, _) => ("Ends the connection, as meant", String::new(), false),
        (kind::CLOSE, ..) => {
            ("Ends the connection, for an error", format!("{}.", error(code)), true)
        }
        (_, _, Some(NO_ERROR)) => {
            ("The application ends the connection, as meant", code_in_words(code, named), false)
        }
        (_, _, Some(_)) => {
            ("The application ends the connection, for an error", code_in_words(code, named), true)
        }
        _ => ("The application ends the connection", code_in_words(code, None), false),
    };
    if !told.bytes.is_empty() {
        let gap = if detail.is_empty() { "" } else { " " };
        detail += &format!("{gap}It adds {}", quoted(Lossy(told.bytes)));
    }
    let outcome = if is_refused { Outcome::Refused } else { Outcome::Arrived };
    Some(
        Telling::new("CONNECTION_CLOSE", headline, CLOSING)
            .detail(detail)
            .weight(7, 5)
            .outcome(outcome)
            .closing()
            .lesson("quic/close", "RFC 9000", "10.2"),
    )
}

impl Told<'_> {
    /// What the code of an application is called, where that is HTTP/3.
    fn code_of_http3(&self, code: u64) -> Option<&'static str> {
        self.facts.filter(|facts| facts.is_http3).and_then(|_| error_of_http3(code))
    }
}

/// A code of the application, with its name where that is known.
fn code_in_words(code: u64, name: Option<&str>) -> String {
    match name {
        Some(name) => format!("Its code is {name} ({code:#x})."),
        None => format!("Its code is {code:#x}."),
    }
}

fn done(all: &[Told<'_>]) -> Option<Telling> {
    let told = find(all, &[kind::HANDSHAKE_DONE])?;
    let headline = "The server confirms the handshake: its keys can be forgotten";
    let silent = told.facts.and_then(|facts| facts.idle).and_then(|millis| {
        let after = i64::try_from(millis.checked_mul(1_000_000)?).ok()?;
        let told = format!(
            "After {} of silence the connection is over, and nobody says so: both sides had agreed on that (max_idle_timeout; RFC 9000, section 10.1).",
            span(after)
        );
        Some(Box::new(Silent { after, told }))
    });
    let told = Telling::new("HANDSHAKE_DONE", headline, CHAPTER).weight(3, 2).aside();
    let told = told.lesson("quic/handshake-done", "RFC 9001", "4.1.2");
    Some(Telling { silent, ..told })
}

fn path(all: &[Told<'_>]) -> Option<Telling> {
    let told = find(all, &[kind::PATH_CHALLENGE, kind::PATH_RESPONSE])?;
    let told = if told.frame.kind == kind::PATH_CHALLENGE {
        let headline = "Asks along a path whether the other side is really there";
        Telling::new("PATH_CHALLENGE", headline, CHAPTER).asking()
    } else {
        let headline = "Sends back what it was asked with: the path leads to it";
        Telling::new("PATH_RESPONSE", headline, CHAPTER).answering()
    };
    let told = told.weight(5, 4).naming_path(Route::Along);
    Some(told.lesson("quic/path", "RFC 9000", "8.2"))
}

fn broken(all: &[Told<'_>]) -> Option<Telling> {
    let told = find(all, &[kind::RESET_STREAM, kind::RESET_STREAM_AT, kind::STOP_SENDING])?;
    let Says::Broken { stream, code } = told.frame.says else { return None };
    let (label, headline, piece) = if told.frame.kind == kind::RESET_STREAM_AT {
        let headline = "Breaks off what it sends on one stream, and still brings the first of it";
        ("RESET_STREAM_AT", headline, Piece::Reset)
    } else if told.frame.kind == kind::RESET_STREAM {
        ("RESET_STREAM", "Breaks off what it sends on one stream; the others go on", Piece::Reset)
    } else {
        let headline = "Wants no more of one stream: what is still sent there is thrown away";
        ("STOP_SENDING", headline, Piece::Content(0))
    };
    let ends = piece == Piece::Reset;
    let detail = match told.code_of_http3(code) {
        Some(name) => format!("The code of the application is {name} ({code:#x})."),
        None => format!("The code of the application is {code:#x}."),
    };
    let told = Telling::new(label, headline, CHAPTER)
        .detail(detail)
        .weight(5, 4)
        .outcome(Outcome::Refused)
        .lesson("quic/reset-stream", "RFC 9000", "3.5");
    let on_lane = ends.then_some(OnLane { piece, ends, purpose: None });
    Some(Telling { on_lane, ..told.on_lane(stream) })
}

fn ids(all: &[Told<'_>]) -> Option<Telling> {
    let new = count(all, kind::NEW_CONNECTION_ID);
    let headline = "Hands out more ids to be reached by, for when an address changes";
    let detail = if new == 1 { "One id.".to_owned() } else { format!("{new} ids.") };
    let told = Telling::new("NEW_CONNECTION_ID", headline, CHAPTER).detail(detail);
    let told = told.weight(2, 1).aside().lesson("quic/connection-id", "RFC 9000", "5.1");
    (new > 0).then_some(told)
}

fn retired(all: &[Told<'_>]) -> Option<Telling> {
    find(all, &[kind::RETIRE_CONNECTION_ID])?;
    let headline = "Will not use an id of the other side any more";
    let told = Telling::new("RETIRE_CONNECTION_ID", headline, CHAPTER).weight(2, 1).aside();
    Some(told.lesson("quic/connection-id", "RFC 9000", "5.1.2"))
}

fn token(all: &[Told<'_>]) -> Option<Telling> {
    let told = find(all, &[kind::NEW_TOKEN])?;
    let headline = "Hands out a token: the next visit need not prove its address again";
    Some(
        Telling::new("NEW_TOKEN", headline, CHAPTER)
            .detail(format!("It has {}.", counted(told.bytes.len() as u64, "byte")))
            .weight(2, 1)
            .aside()
            .lesson("quic/retry", "RFC 9000", "8.1.3"),
    )
}

fn datagrams(all: &[Told<'_>]) -> Option<Telling> {
    let told = find(all, &[kind::DATAGRAM, kind::DATAGRAM_LEN])?;
    let headline = "Sends bytes that nobody sends again where they are lost";
    Some(
        Telling::new("DATAGRAM", headline, CHAPTER)
            .detail(format!("{}.", counted(told.bytes.len() as u64, "byte")))
            .weight(3, 3)
            .lesson("quic/datagram", "RFC 9221", "5"),
    )
}

/// Limits, and asking whether anybody is there.
fn quiet(all: &[Told<'_>]) -> Option<Telling> {
    const LIMITS: [u64; 4] =
        [kind::MAX_DATA, kind::MAX_STREAM_DATA, kind::MAX_STREAMS_BIDI, kind::MAX_STREAMS_UNI];
    const BLOCKED: [u64; 4] = [
        kind::DATA_BLOCKED,
        kind::STREAM_DATA_BLOCKED,
        kind::STREAMS_BLOCKED_BIDI,
        kind::STREAMS_BLOCKED_UNI,
    ];
    let carries =
        |told: &Told<'_>| matches!(told.frame.says, Says::Crypto { .. } | Says::Stream { .. });
    if let Some(told) = find(all, &BLOCKED) {
        let headline = "Would send more than the other side allows so far";
        let label = FRAME_TYPE.def().name_of(told.frame.kind);
        let detail = match told.frame.says {
            Says::OfStream { stream, number } => {
                format!("Stream {stream} has come to its limit of {}.", counted(number, "byte"))
            }
            Says::Number(number) if told.frame.kind == kind::DATA_BLOCKED => {
                format!(
                    "All streams together have come to their limit of {}.",
                    counted(number, "byte")
                )
            }
            Says::Number(number) => format!("{number} streams are allowed so far."),
            _ => String::new(),
        };
        let lane = match told.frame.says {
            Says::OfStream { stream, .. } => Some(stream),
            _ => None,
        };
        let told = flow(label.unwrap_or("BLOCKED"), headline).detail(detail).weight(3, 2);
        return Some(Telling { lane, ..told });
    }
    if all.iter().any(carries) {
        return None;
    }
    if let Some(told) = find(all, &LIMITS) {
        let headline = "Lets the other side send more";
        let label = FRAME_TYPE.def().name_of(told.frame.kind);
        return Some(flow(label.unwrap_or("MAX_DATA"), headline).weight(1, 1));
    }
    if let Some(told) = asks_otherwise(all) {
        return Some(told);
    }
    find(all, &[kind::PING])?;
    let headline = "Asks for an acknowledgement, and for nothing else";
    Some(Telling::new("PING", headline, CHAPTER).weight(1, 1).aside().lesson(
        "quic/acknowledgement",
        "RFC 9000",
        "19.2",
    ))
}

/// How often the other side is to acknowledge (draft-ietf-quic-ack-frequency).
fn asks_otherwise(all: &[Told<'_>]) -> Option<Telling> {
    let told = find(all, &[kind::ACK_FREQUENCY, kind::IMMEDIATE_ACK])?;
    let (label, headline) = if told.frame.kind == kind::ACK_FREQUENCY {
        ("ACK_FREQUENCY", "Asks the other side to acknowledge at other times from here on")
    } else {
        ("IMMEDIATE_ACK", "Asks for an acknowledgement at once")
    };
    let told = Telling::new(label, headline, CHAPTER).weight(1, 1).aside();
    Some(told.lesson("quic/acknowledgement", "RFC 9000", "13.2"))
}

fn flow(label: &str, headline: &str) -> Telling {
    Telling::new(label, headline, CHAPTER).aside().lesson("quic/flow-control", "RFC 9000", "4.1")
}
