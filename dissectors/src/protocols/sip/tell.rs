//! Says what a message of SIP means.

use super::super::lines::text::{Shown, number, short};
use super::Kind;
use super::head::{Head, Start};
use crate::engine::view::View;
use crate::message::Message;
use crate::telling::{Outcome, Telling};
use crate::wording::counted;

const CHAPTER: &str = "SIP";

/// Tells of a message of any kind.
pub(super) fn tell(message: &Message, view: &View<'_>) -> Option<Telling> {
    if message.is(Kind::KeepAlive) {
        let headline = "Keeps the way through a NAT open";
        return Some(Telling::new("keep-alive", headline, CHAPTER).weight(1, 1).aside());
    }
    let bytes = view.bytes(message.span);
    let Some(head) = Head::read(bytes) else {
        let label = counted(bytes.len() as u64, "byte");
        return Some(Telling::new(label, "Part of a message of SIP", CHAPTER).weight(2, 2));
    };
    let told = match &head.start {
        Start::Request(method, uri) => {
            let method = bytes.get(method.clone()).unwrap_or(&[]);
            request(method, bytes.get(uri.clone()).unwrap_or(&[]))
        }
        Start::Response(code, reason) => {
            let label = bytes.get(code.start..reason.end).unwrap_or(&[]);
            let code = number(bytes.get(code.clone()).unwrap_or(&[])).unwrap_or_default();
            response(code, label)
        }
    };
    Some(if message.is(Kind::Again) { told.outcome(Outcome::Repeated) } else { told })
}

fn request(method: &[u8], uri: &[u8]) -> Telling {
    let headline = match method {
        b"INVITE" => "Calls, or changes a call that goes on",
        b"ACK" => "Confirms the final answer; nothing answers this",
        b"BYE" => "Hangs up",
        b"CANCEL" => "Takes back a request that has no final answer yet",
        b"REGISTER" => "Says at which address a user can be reached",
        b"OPTIONS" => "Asks what the other side can do, often only whether it is there",
        b"SUBSCRIBE" => "Asks to be told when something changes",
        b"NOTIFY" => "Tells how it stands with what was subscribed to",
        b"MESSAGE" => "Sends a short text",
        b"REFER" => "Asks the other side to call somebody else",
        b"PRACK" => "Confirms a provisional answer",
        b"UPDATE" | b"INFO" => "Says something about a call that goes on",
        _ => "Asks for something",
    };
    let told = Telling::new(Shown(method).to_string(), headline, CHAPTER);
    let told = told.detail(format!("For {}.", Shown(uri))).weight(6, 5);
    match method {
        b"ACK" => told.weight(4, 4).lesson("sip/call", "RFC 3261", "17.1.1.3"),
        b"INVITE" => told.lesson("sip/call", "RFC 3261", "13").asking(),
        b"BYE" => told.lesson("sip/call", "RFC 3261", "15").asking().closing(),
        b"CANCEL" => told.lesson("sip/call", "RFC 3261", "9").asking(),
        b"REGISTER" => told.lesson("sip/request", "RFC 3261", "10").asking(),
        b"OPTIONS" => told.lesson("sip/request", "RFC 3261", "11").asking(),
        _ => told.lesson("sip/request", "RFC 3261", "7.1").asking(),
    }
}

fn response(code: u64, label: &[u8]) -> Telling {
    let headline = match code {
        100 => "Has taken the request: it need not be sent again",
        180 => "It rings",
        183 => "Says how the call goes on before it is answered",
        101..=199 => "Says that it is still at work",
        200..=299 => "Accepts",
        300..=399 => "Says where else to ask",
        401 | 407 => "Asks who it is: a challenge, which the next request answers",
        408 => "Gives up: nobody has answered in time",
        486 | 600 => "Is busy",
        487 => "Ends the call that was taken back",
        400..=499 => "Refuses; the request would have to be another one",
        500..=599 => "Could not do it; another server might",
        _ => "Refuses, and nobody else would do it",
    };
    let told = Telling::new(short(label), headline, CHAPTER);
    let told = told.lesson("sip/request", "RFC 3261", "21");
    match code {
        // Provisional answers end no wait.
        ..=199 => told.weight(4, 4).aside(),
        408 => told.lesson("sip/request", "RFC 3261", "21.4.9").answering_in_vain(),
        200..=399 => told.answering(),
        401 | 407 => told.answering(),
        _ => told.answering().outcome(Outcome::Refused),
    }
}
