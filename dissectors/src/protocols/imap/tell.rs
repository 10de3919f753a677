//! Says what a message of IMAP means.

use super::super::lines::reply;
use super::super::lines::text::{Shown, sentence, short, word};
use super::{Kind, syntax};
use crate::engine::view::View;
use crate::message::Message;
use crate::telling::{Outcome, Source, Telling};
use crate::wording::counted;

/// Tells of a message of any kind.
pub(super) fn tell(message: &Message, view: &View<'_>) -> Option<Telling> {
    let bytes = view.bytes(message.span);
    let text = bytes.get(reply::lines(bytes).next().unwrap_or(0..0)).unwrap_or(&[]);
    let told = match message.kind() {
        Some(Kind::Command) => command(text, message.protection.is_sealed()),
        Some(Kind::Greeting) => greeting(text),
        Some(Kind::Response) => response(text),
        Some(Kind::Data) => {
            Telling::new(short(text), "Goes on with what it was asked for", "IMAP").asking()
        }
        _ => {
            let label = counted(message.span.len.into(), "byte");
            return Some(Telling::new(label, "Bytes that are no line", "IMAP").weight(2, 2));
        }
    };
    let source = told.source.or(Some(Source { standard: "RFC 9051", section: "2.2" }));
    let told = Telling { source, ..told };
    Some(if told.detail.is_empty() {
        told.detail(sentence(&Shown(text).to_string()))
    } else {
        told
    })
}

pub(super) fn command(text: &[u8], is_sealed: bool) -> Telling {
    let verb = syntax::tagged(text).map_or(0..0, |(_, verb)| verb);
    let next = text.get(word(text, verb.end)).unwrap_or(&[]);
    let by_number = text.get(verb.clone()).is_some_and(|verb| verb.eq_ignore_ascii_case(b"UID"));
    let verb = if by_number { next } else { text.get(verb).unwrap_or(&[]) };
    let headline = match verb.to_ascii_uppercase().as_slice() {
        b"STARTTLS" => {
            return Telling::new(short(text), "Asks to go on in TLS on this connection", "IMAP")
                .detail("Until the handshake has ended, anyone on the way can take this away.")
                .weight(7, 5)
                .lesson("lines/starttls", "RFC 9051", "6.2.1")
                .asking();
        }
        b"LOGIN" if is_sealed => "Gives name and password, under seal",
        b"LOGIN" => "Gives name and password, in the clear",
        b"CAPABILITY" => "Asks what the server can do",
        b"SELECT" | b"EXAMINE" => "Opens a mailbox",
        b"FETCH" => "Asks for mails, or parts of them",
        b"IDLE" => "Lets the server speak on its own until DONE",
        b"LOGOUT" => "Asks the server to end the connection",
        _ => "Gives the server a command; its tag will be in the answer",
    };
    Telling::new(short(text), headline, "IMAP").asking()
}

/// What a server says first: that it listens, that the client is in already, or that it will not.
fn greeting(text: &[u8]) -> Telling {
    let status = text.get(word(text, 1)).unwrap_or(&[]).to_ascii_uppercase();
    let (headline, outcome) = match status.as_slice() {
        b"OK" => ("Greets: in IMAP the server speaks first", Outcome::Arrived),
        b"PREAUTH" => ("Greets, and takes the client as known", Outcome::Arrived),
        b"BYE" => ("Lets nobody in now", Outcome::Refused),
        _ => return response(text),
    };
    let told = Telling::new(short(text), headline, "IMAP").answering().outcome(outcome);
    Telling { source: Some(Source { standard: "RFC 9051", section: "7.1" }), ..told }
}

fn response(text: &[u8]) -> Telling {
    match text.first() {
        Some(b'*') => Telling::new(short(text), "Says something that ends no command", "IMAP")
            .weight(4, 5)
            .answering(),
        Some(b'+') => Telling::new(short(text), "Asks the client to go on", "IMAP").answering(),
        _ => {
            let status = text.get(word(text, word(text, 0).end)).unwrap_or(&[]);
            let told = |headline| Telling::new(short(text), headline, "IMAP").answering();
            if status.eq_ignore_ascii_case(b"OK") {
                told("Ends the command of that tag: it is done")
            } else if syntax::is_status(status) {
                told("Ends the command of that tag: refused").outcome(Outcome::Refused)
            } else {
                told("Answers the command of that tag")
            }
        }
    }
}
