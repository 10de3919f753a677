//! Says what a message of SMTP means.

use super::super::lines::reply;
use super::super::lines::text::{Shown, sentence, short};
use super::describe::mail_of;
use super::{Kind, Note, Verb};
use crate::engine::view::View;
use crate::message::Message;
use crate::telling::{Outcome, Telling};
use crate::wording::{counted, thousands};

/// The title of the chapter before TLS, and of the rest.
const CHAPTER: &str = "SMTP";

/// Tells of a message of any kind.
pub(super) fn tell(message: &Message, view: &View<'_>) -> Option<Telling> {
    let bytes = view.bytes(message.span);
    let first = reply::lines(bytes).next().unwrap_or(0..0);
    let text = bytes.get(first).unwrap_or(&[]);
    match message.kind() {
        Some(Kind::Command) => Some(command(text)),
        Some(Kind::Reply) => Some(answer(message, bytes, text)),
        Some(Kind::Content) => {
            let (mail, _) = mail_of(message, view);
            let label = format!("mail  {} B", thousands(mail.len() as u64));
            let headline = "Hands over the mail itself: headers, an empty line, the text";
            let detail = "Inside DATA a line of one dot ends the mail; a line that begins with a \
                          dot is sent with one more. BDAT counts its bytes instead.";
            let told = Telling::new(label, headline, CHAPTER).detail(detail).asking();
            Some(sourced(told, "RFC 5321", "4.1.1.4"))
        }
        Some(Kind::Part) => None,
        Some(Kind::Auth) => {
            let headline = "Answers the challenge; base64 hides nothing";
            Some(sourced(Telling::new("AUTH …", headline, CHAPTER).asking(), "RFC 4954", "4"))
        }
        _ => {
            let label = counted(message.span.len.into(), "byte");
            let headline = "Bytes that are no line that was captured whole";
            Some(Telling::new(label, headline, CHAPTER).weight(2, 2))
        }
    }
}

fn sourced(told: Telling, standard: &'static str, section: &'static str) -> Telling {
    Telling { source: Some(crate::telling::Source { standard, section }), ..told }
}

fn command(text: &[u8]) -> Telling {
    let verb = text.split(|byte| *byte == b' ').next().unwrap_or(&[]);
    let (headline, section) = match Verb::of(verb).name() {
        "EHLO" | "LHLO" => ("Says its name, and asks what the server can do", "4.1.1.1"),
        "HELO" => ("Says its name, in the way of before extensions", "4.1.1.1"),
        "MAIL" => ("Begins a mail: where errors are to be sent", "4.1.1.2"),
        "RCPT" => ("Names a recipient; the server may refuse each one alone", "4.1.1.3"),
        "DATA" => ("Asks to send the mail itself", "4.1.1.4"),
        "RSET" => ("Drops the mail that was begun", "4.1.1.5"),
        "QUIT" => ("Asks the server to end the connection", "4.1.1.10"),
        "STARTTLS" => {
            let headline = "Asks to go on in TLS on this connection";
            return Telling::new("STARTTLS", headline, CHAPTER)
                .detail("Until the handshake has ended, anyone on the way can take this away.")
                .weight(7, 5)
                .lesson("lines/starttls", "RFC 3207", "4")
                .asking();
        }
        "AUTH" => {
            let told = Telling::new(short(text), "Says how it will prove who it is", CHAPTER);
            return sourced(told.asking(), "RFC 4954", "4");
        }
        "BDAT" => {
            let told =
                Telling::new(short(text), "Sends a chunk of mail, its bytes counted", CHAPTER);
            return sourced(told.asking(), "RFC 3030", "2");
        }
        _ => ("Gives the server a command", "4.1"),
    };
    let told = Telling::new(short(text), headline, CHAPTER);
    sourced(told.detail(sentence(&Shown(text).to_string())).asking(), "RFC 5321", section)
}

fn answer(message: &Message, bytes: &[u8], text: &[u8]) -> Telling {
    let code = reply::code(text).map_or(0, |(code, _)| code);
    let verb = match message.extra::<Kind>() {
        Some(Note::Answers(verb)) => verb,
        _ => Verb::NONE,
    };
    let headline = match (code, verb.name()) {
        (220, "STARTTLS") => "Agrees: the next byte of either side is TLS",
        (220, _) => "Greets: in SMTP the server speaks first",
        (250, "EHLO") => "Greets back, with a line for each extension it can do",
        (250, "MAIL" | "RCPT") => "Accepts the address",
        (250, _) if verb == Verb::MAIL => "Takes the mail, and is answerable for it from now on",
        (354, _) => "Asks for the mail; a line of one dot ends it",
        (334, _) => "Asks for proof, in base64",
        (235, _) => "Believes who the client is",
        (221, _) => "Ends the connection",
        (400..=499, _) => "Cannot now; the client may try again later",
        (500.., _) => "Refuses; the same again would be refused, too",
        _ => "Answers",
    };
    let lines = reply::lines(bytes)
        .map(|one| Shown(bytes.get(reply::argument(bytes, &one)).unwrap_or(&[])).to_string());
    let detail = sentence(&lines.collect::<Vec<_>>().join("; "));
    let told = Telling::new(short(text), headline, CHAPTER).detail(detail).answering();
    let told = sourced(told, "RFC 5321", "4.2");
    if code >= 400 { told.outcome(Outcome::Refused) } else { told }
}
