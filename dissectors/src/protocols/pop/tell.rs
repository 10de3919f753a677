//! Says what a message of POP3 means.

use super::super::lines::reply;
use super::super::lines::text::{Shown, sentence, short};
use super::Kind;
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
        Some(Kind::Answer) if text.starts_with(b"-") => {
            Telling::new(short(text), "Refuses", "POP3").answering().outcome(Outcome::Refused)
        }
        Some(Kind::Answer) if text.starts_with(b"+ ") => {
            Telling::new(short(text), "Asks for proof, in base64", "POP3").answering()
        }
        Some(Kind::Greeting) => {
            let headline = "Greets: in POP3 the server speaks first";
            let source = Some(Source { standard: "RFC 1939", section: "4" });
            Telling { source, ..Telling::new(short(text), headline, "POP3").answering() }
        }
        Some(Kind::Answer) if text.starts_with(b"+OK") => {
            Telling::new(short(text), "Answers yes", "POP3").answering()
        }
        Some(Kind::Answer) => {
            let headline = "Says what is neither yes nor no: the question stays open";
            Telling::new(short(text), headline, "POP3").weight(2, 2)
        }
        Some(Kind::Part) => return None,
        Some(Kind::Auth) => {
            Telling::new("AUTH …", "Answers the challenge; base64 hides nothing", "POP3").asking()
        }
        _ => {
            let label = counted(message.span.len.into(), "byte");
            return Some(Telling::new(label, "Bytes that are no line", "POP3").weight(2, 2));
        }
    };
    let source = told.source.or(Some(Source { standard: "RFC 1939", section: "3" }));
    let told = Telling { source, ..told };
    Some(if told.detail.is_empty() {
        told.detail(sentence(&Shown(text).to_string()))
    } else {
        told
    })
}

pub(super) fn command(text: &[u8], is_sealed: bool) -> Telling {
    let verb = text.split(|byte| *byte == b' ').next().unwrap_or(&[]).to_ascii_uppercase();
    let headline = match verb.as_slice() {
        b"STLS" => {
            return Telling::new("STLS", "Asks to go on in TLS on this connection", "POP3")
                .detail("Until the handshake has ended, anyone on the way can take this away.")
                .weight(7, 5)
                .lesson("lines/starttls", "RFC 2595", "4")
                .asking();
        }
        b"USER" => "Says whose mail it wants",
        b"PASS" if is_sealed => "Gives the password, under seal",
        b"PASS" => "Gives the password, in the clear",
        b"CAPA" => "Asks what the server can do",
        b"AUTH" => "Wants to prove who it is by a method of its choice",
        b"APOP" => "Says who it is, and proves it by a digest of the password",
        b"STAT" => "Asks how many mails there are, and how large they are together",
        b"LIST" => "Asks how large mails are",
        b"UIDL" => "Asks for the names of mails that stay the same from session to session",
        b"TOP" => "Asks for the head of a mail, and so many lines of it",
        b"RSET" => "Takes back what it has marked for removal",
        b"NOOP" => "Asks for nothing: the session goes on",
        b"RETR" => "Asks for a mail",
        b"DELE" => "Marks a mail for removal when the session ends",
        b"QUIT" => "Asks to end the session; only then are marked mails removed",
        _ => "Gives the server a command",
    };
    Telling::new(short(text), headline, "POP3").asking()
}
