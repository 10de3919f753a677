//! Says what a frame means.

use super::frame::Frame;
use crate::bytes::Lossy;
use crate::engine::view::View;
use crate::message::Message;
use crate::protocols::contents;
use crate::protocols::lines::text::{Shown, sentence, short};
use crate::telling::{Outcome, Telling, quoted};
use crate::wording::counted;

/// Tells of a frame, or of the line between two.
pub(super) fn tell(message: &Message, view: &View<'_>) -> Option<Telling> {
    let bytes = view.bytes(message.span);
    let Some(frame) = Frame::read(bytes) else {
        let headline = "Says that this side is still there";
        return Some(new("Heart-beat", headline, "Heart-beating").weight(1, 3).aside());
    };
    let of = |name| frame.value(name).map(|value| Lossy(value).to_string());
    let word = Lossy(frame.command).to_string();
    let to = of("destination");
    let label = to.as_ref().map_or_else(|| word.clone(), |to| format!("{word} {to}"));
    let told = |headline, section| new(&short(label.as_bytes()), headline, section);
    let receipt = of("receipt").map(|name| format!(" It wants a receipt, {name}."));
    let receipt = receipt.unwrap_or_default();
    let body = body(&frame, bytes);
    let told = match frame.command {
        b"CONNECT" | b"STOMP" => {
            let versions = of("accept-version").unwrap_or_else(|| "1.0".to_owned());
            told("Begins a conversation, and says which versions it speaks", "Connecting")
                .detail(format!("Versions {versions}.{}", beats(&frame)))
                .weight(6, 6)
                .asking()
        }
        b"CONNECTED" => {
            let version = of("version").unwrap_or_else(|| "1.0".to_owned());
            told("Agrees to a version: the two sides can begin", "Connecting")
                .detail(format!("Version {version}.{}", beats(&frame)))
                .weight(6, 6)
                .answering()
        }
        b"SEND" => told("Sends a message to a destination; the broker knows who gets it", "SEND")
            .detail(format!("{body}{receipt}"))
            .weight(6, 6),
        b"SUBSCRIBE" => {
            let id = of("id").unwrap_or_default();
            let ack = of("ack").unwrap_or_else(|| "auto".to_owned());
            let each = if ack == "auto" {
                "No message has to be acknowledged."
            } else {
                "Messages have to be acknowledged."
            };
            told("Wants every message of a destination from here on", "SUBSCRIBE")
                .detail(format!("Subscription {id}. {each}{receipt}"))
                .weight(6, 6)
        }
        b"UNSUBSCRIBE" => told("Wants no more messages of a subscription", "UNSUBSCRIBE")
            .detail(format!("Subscription {}.{receipt}", of("id").unwrap_or_default())),
        b"MESSAGE" => {
            let id = of("message-id").unwrap_or_default();
            told("Hands a message to who has subscribed to its destination", "MESSAGE")
                .detail(format!("Message {id}. {body}"))
                .weight(6, 6)
        }
        b"ACK" => told("Says that a message was dealt with: the broker may forget it", "ACK")
            .detail(format!("Message {}.{receipt}", of("id").unwrap_or_default())),
        b"NACK" => told("Says that a message was not dealt with: another may get it", "NACK")
            .detail(format!("Message {}.{receipt}", of("id").unwrap_or_default())),
        b"BEGIN" => {
            told("Begins a transaction: what follows counts together or not at all", "BEGIN")
                .detail(format!("Transaction {}.", of("transaction").unwrap_or_default()))
        }
        b"COMMIT" => told("Ends a transaction: all of it counts", "COMMIT")
            .detail(format!("Transaction {}.", of("transaction").unwrap_or_default())),
        b"ABORT" => told("Gives a transaction up: none of it counts", "ABORT")
            .detail(format!("Transaction {}.", of("transaction").unwrap_or_default())),
        b"DISCONNECT" => told("Takes leave; with the receipt it knows that all came", "DISCONNECT")
            .detail(receipt.trim_start())
            .closing(),
        b"RECEIPT" => told("Says that a frame was taken, and all before it", "RECEIPT")
            .detail(format!("Receipt {}.", of("receipt-id").unwrap_or_default()))
            .answering(),
        _ => {
            let why = frame.value("message").map(|why| sentence(&Shown(why).to_string()));
            let why = why.unwrap_or_default();
            told("Says what went wrong, and ends the connection", "ERROR")
                .detail(format!("{why} {body}").trim().to_owned())
                .weight(7, 7)
                .answering()
                .outcome(Outcome::Refused)
        }
    };
    Some(told)
}

fn new(label: &str, headline: &str, section: &'static str) -> Telling {
    let told = Telling::new(label, headline, "STOMP").weight(4, 5);
    told.lesson("stomp/frame", "STOMP 1.2", section)
}

/// What a body holds, in a sentence.
fn body(frame: &Frame<'_>, bytes: &[u8]) -> String {
    let held = bytes.get(frame.body.clone()).unwrap_or_default();
    let kind = frame.value("content-type");
    let media = kind.and_then(contents::Media::of);
    let called = media.and_then(|media| contents::called(&media, held));
    let is_text = std::str::from_utf8(held).is_ok();
    let said = match (held.len(), is_text) {
        (0, _) => "It has no body.".to_owned(),
        (_, true) => quoted(short(held)),
        (len, false) => format!("{}.", counted(len as u64, "byte")),
    };
    called.map_or_else(|| said.clone(), |called| format!("{said} {called}"))
}

/// How often each side says that it is there ("Heart-beating").
fn beats(frame: &Frame<'_>) -> String {
    let Some(value) = frame.value("heart-beat") else { return String::new() };
    match Lossy(value).to_string().split_once(',') {
        None | Some(("0", "0")) => String::new(),
        Some(("0", wanted)) => {
            format!(" It wants to hear every {wanted} ms that the other side is there.")
        }
        Some((own, "0")) => format!(" It can say every {own} ms that it is there."),
        Some((own, wanted)) => {
            format!(
                " It can say every {own} ms that it is there, and wants to hear so every {wanted} ms."
            )
        }
    }
}
