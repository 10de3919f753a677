//! What messages of PostgreSQL mean.

use super::{Kind, Note, describe};
use crate::engine::view::View;
use crate::message::Message;
use crate::protocols::lines::text::{Shown, sentence, short};
use crate::telling::{Outcome, Telling};

/// The standard, and its chapter on what flows.
const STANDARD: &str = "PostgreSQL, Frontend/Backend Protocol";

/// What a message means.
pub(super) fn tell(message: &Message, view: &View<'_>) -> Option<Telling> {
    let bytes = view.bytes(message.span);
    let name = describe::name(message, bytes);
    let told = match message.kind()? {
        Kind::First => first(name),
        Kind::Consent if bytes.first() == Some(&b'S') => {
            starttls(new(name, "Agrees: the next byte of either side is TLS")).answering()
        }
        Kind::Consent => {
            let headline = "Does not: the client may go on in the open, or leave";
            starttls(new(name, headline)).answering()
        }
        Kind::Frontend => asked(name, bytes),
        Kind::Backend if message.extra::<Kind>() == Some(Note::Undone) => undone(name, bytes),
        Kind::Backend => answered(name, bytes),
        Kind::Other => new(name, "Bytes that are no message of PostgreSQL").weight(2, 2),
    };
    Some(told)
}

fn new(label: &str, headline: &str) -> Telling {
    Telling::new(short(label.as_bytes()), headline, "PostgreSQL").lesson(
        "sql/query",
        STANDARD,
        "Message Flow",
    )
}

fn starttls(told: Telling) -> Telling {
    told.lesson("lines/starttls", STANDARD, "SSL Session Encryption")
}

fn first(name: &str) -> Telling {
    match name {
        "SSL request" => starttls(new(name, "Asks to go on in TLS on this connection"))
            .detail("It asks before it says who it is; a server without TLS answers N.")
            .weight(7, 5)
            .asking(),
        "Cancel request" => new(name, "Asks to stop a query of another connection").closing(),
        _ => new(name, "Says who it is and which database it wants").asking(),
    }
}

/// A text of a message that a zero ends: the first one from that place on.
pub(super) fn text(bytes: &[u8], from: usize) -> &[u8] {
    let rest = bytes.get(from..).unwrap_or(&[]);
    rest.get(..memchr::memchr(0, rest).unwrap_or(rest.len())).unwrap_or(rest)
}

fn asked(name: &str, bytes: &[u8]) -> Telling {
    match bytes.first() {
        Some(b'Q') => {
            let query = text(bytes, 5);
            new(&shown(query, name), "Asks a query in one message")
                .detail(sentence(&Shown(query.get(..MAX_SHOWN).unwrap_or(query)).to_string()))
                .terse()
                .asking()
        }
        Some(b'P') => {
            let query = text(bytes, 5 + text(bytes, 5).len() + 1);
            new(&shown(query, name), "Has a query prepared, with places for values")
                .detail(sentence(&Shown(query.get(..MAX_SHOWN).unwrap_or(query)).to_string()))
                .terse()
        }
        Some(b'B') => new(name, "Puts values into the places of a prepared query"),
        Some(b'E') => new(name, "Has the query carried out, with its values"),
        Some(b'S') => new(name, "Ends a series of messages: the server answers all of it").asking(),
        Some(b'p') => proof(name, bytes),
        Some(b'd') => new(name, "Brings rows that are to be copied into a table").weight(3, 5),
        Some(b'X') => new(name, "Takes leave of the database").closing(),
        Some(b'F') => new(name, "Calls a function").asking(),
        // What belongs to a series is answered at its end.
        _ => new(name, "Goes on with what it asks"),
    }
}

/// The standard of SCRAM, with which most prove their passwords.
const SCRAM: &str = "RFC 5802";

/// What a client says of who it is. Of an exchange of SASL only the last message is a proof.
fn proof(name: &str, bytes: &[u8]) -> Telling {
    match name {
        "SASLInitialResponse message" => {
            let method = Shown(text(bytes, 5));
            new(name, "Chooses how it will prove who it is, and sends a number used once")
                .detail(format!("By {method}. The password does not travel."))
                .lesson("sql/query", SCRAM, "5")
                .asking()
        }
        "SASLResponse message" => new(
            name,
            "Offers a proof that it knows the password, made over the numbers of both sides",
        )
        .lesson("sql/query", SCRAM, "3")
        .asking(),
        _ => new(name, "Proves who it is, as the server demanded").asking(),
    }
}

/// What a server wants to know of who the client is.
fn demand(name: &str, bytes: &[u8]) -> Telling {
    let kind = bytes.get(5..9).and_then(|kind| kind.first_chunk()).copied();
    match kind.map(u32::from_be_bytes) {
        Some(3) => new(name, "Demands the password, in the clear").answering(),
        Some(10) => {
            let methods = text(bytes, 9);
            let first = if methods.is_empty() {
                String::new()
            } else {
                format!("The first is {}.", Shown(methods))
            };
            new(name, "Demands a proof of who the client is, and lists the ways to give one")
                .detail(first)
                .answering()
        }
        Some(11) => new(name, "Gives a salt and a number of its own: the proof is made over them")
            .lesson("sql/query", SCRAM, "5")
            .answering(),
        Some(12) => new(name, "Proves in turn that it knows the password, as a digest")
            .lesson("sql/query", SCRAM, "3")
            .answering_for_now(),
        _ => new(name, "Demands a proof of who the client is").answering(),
    }
}

/// The longest part of a query that stands in a detail.
const MAX_SHOWN: usize = 400;

/// A query, or what its message is called where there is none.
fn shown(query: &[u8], name: &str) -> String {
    if query.is_empty() { name.to_owned() } else { Shown(query).to_string() }
}

fn answered(name: &str, bytes: &[u8]) -> Telling {
    match bytes.first() {
        Some(b'E') => {
            let words = shown(part(bytes, b'M'), name);
            let code = Shown(part(bytes, b'C')).to_string();
            // How grave it is, as psql prints it: FATAL ends the connection, ERROR the command.
            let words = match part(bytes, b'S') {
                [] => words,
                severity => format!("{}: {words}", Shown(severity)),
            };
            let detail = with_rest(&words, &format!("SQLSTATE {code}"));
            let told =
                new(&words, "Refuses, and says why").detail(detail).outcome(Outcome::Refused);
            // Behind an error the server says when it is ready for more.
            if is_fatal(bytes) { told.answering() } else { told.answering_for_now() }
        }
        Some(b'N') => new(&shown(part(bytes, b'M'), name), "Has something to say beside").aside(),
        Some(b'A') => new(name, "Tells what another connection announced").aside(),
        Some(b'C') => new(&shown(text(bytes, 5), name), "Has carried it out").answering_for_now(),
        Some(b'T') => {
            new(name, "Says which columns the rows will have").weight(3, 5).answering_for_now()
        }
        Some(b'D') => new(name, "Gives one row").weight(2, 5).answering_for_now(),
        Some(b'Z') if bytes.get(5) == Some(&b'E') => {
            let headline =
                "Is ready, in a transaction that has failed: nothing but its end is taken";
            new(name, headline).weight(3, 5).answering()
        }
        Some(b'Z') => new(name, "Is ready for the next query").weight(3, 5).answering(),
        Some(b'R') if bytes.get(5..9) == Some(&[0; 4]) => {
            new(name, "Lets the client in").answering_for_now()
        }
        Some(b'R') => demand(name, bytes),
        _ => new(name, "Answers, and goes on").weight(2, 5).answering_for_now(),
    }
}

/// The answer to who asks to commit a transaction that has failed before.
fn undone(name: &str, bytes: &[u8]) -> Telling {
    new(&shown(text(bytes, 5), name), "Has committed nothing: the transaction is rolled back")
        .detail("It had failed before. What a command in it changed is as it was.")
        .outcome(Outcome::Refused)
        .answering_for_now()
}

/// Whether an error ends the connection.
fn is_fatal(bytes: &[u8]) -> bool {
    matches!(part(bytes, b'V'), b"FATAL" | b"PANIC")
        || matches!(part(bytes, b'S'), b"FATAL" | b"PANIC")
}

/// What is added to a bead that may be too short for all its words: these before the rest.
fn with_rest(words: &str, rest: &str) -> String {
    if short(words.as_bytes()) == words {
        format!("{rest}.")
    } else {
        let words: String = words.chars().take(MAX_SHOWN).collect();
        format!("{words} ({rest}).")
    }
}

/// The part of an error or a notice with that letter.
fn part(bytes: &[u8], letter: u8) -> &[u8] {
    let mut rest = bytes.get(5..).unwrap_or(&[]);
    while let Some((kind, after)) = rest.split_first().filter(|(kind, _)| **kind != 0) {
        let len = memchr::memchr(0, after).unwrap_or(after.len());
        if *kind == letter {
            return after.get(..len).unwrap_or(&[]);
        }
        rest = after.get(len + 1..).unwrap_or(&[]);
    }
    &[]
}
