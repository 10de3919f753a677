//! What packets of MySQL mean.

use super::describe::statement;
use super::session::{HEAD, is_ok};
use super::{COMMAND_CODE, Kind};
use crate::engine::view::View;
use crate::message::Message;
use crate::protocols::lines::text::{Shown, sentence, short};
use crate::telling::{Outcome, Telling};

const STANDARD: &str = "MySQL Client/Server Protocol";

/// The longest part of a statement that stands in a detail.
const MAX_SHOWN: usize = 400;

/// What a packet means.
pub(super) fn tell(message: &Message, view: &View<'_>) -> Option<Telling> {
    let bytes = view.bytes(message.span);
    Some(match message.kind()? {
        Kind::Greeting => {
            way_in("greeting", "Greets: in MySQL the server speaks first").answering()
        }
        Kind::TlsRequest => {
            let headline = "Goes on in TLS on this connection, as the greeting allows";
            // Nothing answers it: the ClientHello follows at once.
            way_in("SSL request", headline).weight(7, 5).lesson(
                "lines/starttls",
                STANDARD,
                "Connection Phase",
            )
        }
        Kind::Login => way_in("login", "Says who it is, and proves it").asking(),
        Kind::Command => command(bytes),
        Kind::Error => error(bytes, new),
        Kind::Denied => error(bytes, way_in),
        Kind::Accepted => way_in("OK", "Lets the client in: commands may follow").answering(),
        Kind::Packet if is_ok(bytes) => new("OK", "Has done what the command asked").answering(),
        Kind::Packet => new("packet", "A part of an answer").weight(3, 5).answering(),
        Kind::WayIn => proof(bytes),
        Kind::Other => new("bytes", "Bytes that are no packet of MySQL").weight(2, 2),
    })
}

fn new(label: &str, headline: &str) -> Telling {
    Telling::new(short(label.as_bytes()), headline, "MySQL").lesson(
        "sql/query",
        STANDARD,
        "Command Phase",
    )
}

/// The same of what comes before the first command.
fn way_in(label: &str, headline: &str) -> Telling {
    Telling::new(short(label.as_bytes()), headline, "MySQL").lesson(
        "sql/query",
        STANDARD,
        "Connection Phase",
    )
}

/// A packet of either side on the way in: how a client proves who it is, as far as bytes say so.
/// The first of the two bytes below marks what a method of proof says for itself.
fn proof(bytes: &[u8]) -> Telling {
    /// What the server says of a password that is kept as a digest ("caching_sha2_password").
    const TAKEN: [u8; 2] = [1, 3];
    const IN_FULL: [u8; 2] = [1, 4];
    /// A client without TLS asks so for the key that it seals its password with.
    const KEY_WANTED: [u8; 1] = [2];
    const KEY: &[u8] = b"\x01-----BEGIN";
    let payload = bytes.get(HEAD..).unwrap_or(&[]);
    let says = |label, headline: &str| way_in(label, headline).weight(4, 5);
    match payload {
        payload if payload == TAKEN => {
            says("proof taken", "Takes the proof: the server knew the password’s digest")
                .answering_for_now()
        }
        payload if payload == IN_FULL => {
            let headline = "Wants the password itself: the server keeps no digest of it yet";
            says("password wanted", headline).answering()
        }
        payload if payload == KEY_WANTED => {
            let headline = "Asks for the server’s public key, to seal its password with";
            says("key wanted", headline).asking()
        }
        payload if payload.starts_with(KEY) => {
            says("public key", "Gives its public key: only its private one opens what that seals")
                .answering()
        }
        // A plugin's name stands behind the mark; at the end of a list there are numbers.
        [0xfe, rest @ ..] if plugin(rest).is_some() => {
            let name = plugin(rest).unwrap_or_default();
            says("another proof", "Asks for the proof by another method")
                .answering()
                .detail(format!("By {}.", Shown(name)))
        }
        // Of the server's side all others are marked; what the client proves is not.
        [0 | 1, ..] => says("packet", "A part of the way in").weight(3, 5).answering(),
        _ => says("proof", "Proves who it is, by the method that was asked for").asking(),
    }
}

/// The name at the beginning, which a zero ends.
fn plugin(bytes: &[u8]) -> Option<&[u8]> {
    let name = bytes.get(..bytes.iter().position(|byte| *byte == 0)?)?;
    let is_name = !name.is_empty() && name.iter().all(u8::is_ascii_graphic);
    is_name.then_some(name)
}

fn command(bytes: &[u8]) -> Telling {
    let number = bytes.get(HEAD).copied().unwrap_or(0);
    let name = COMMAND_CODE.def().name_of(number.into()).unwrap_or("command");
    let text = bytes.get(HEAD + 1..).unwrap_or(&[]);
    let (headline, text) = match number {
        1 => return new(name, "Takes leave of the server").closing(),
        2 => ("Goes on in another database", text),
        3 => ("Asks a query in one packet", statement(text)),
        14 => ("Asks whether the server still answers", &[][..]),
        22 => ("Has a statement prepared, with places for values", text),
        23 => ("Has a prepared statement carried out, with values", &[][..]),
        // Nothing answers it.
        25 => return new(name, "Gives a prepared statement back"),
        _ => ("Gives the server a command", &[][..]),
    };
    let label = if text.is_empty() { name.to_owned() } else { Shown(text).to_string() };
    new(&label, headline)
        .detail(sentence(&Shown(text.get(..MAX_SHOWN).unwrap_or(text)).to_string()))
        .terse()
        .asking()
}

/// How long a state is that comes with an error (SQLSTATE).
const STATE: usize = 5;

/// Its number, perhaps a state, and words.
fn error(bytes: &[u8], new: fn(&str, &str) -> Telling) -> Telling {
    let rest = bytes.get(HEAD + 1..).unwrap_or(&[]);
    let code = rest.first_chunk::<2>().map_or(0, |code| u16::from_le_bytes(*code));
    let (state, words) = match rest.get(2..).unwrap_or(&[]) {
        [b'#', state @ ..] if state.len() >= STATE => {
            let (state, words) = state.split_at(STATE);
            (format!(" ({})", Shown(state)), words)
        }
        words => (String::new(), words),
    };
    let label = if words.is_empty() { "error".to_owned() } else { Shown(words).to_string() };
    let whole = if short(label.as_bytes()) == label {
        String::new()
    } else {
        let words: String = label.chars().take(MAX_SHOWN).collect();
        format!(": {words}")
    };
    new(&label, "Refuses, and says why")
        .detail(format!("Error {code}{state}{whole}."))
        .answering()
        .outcome(Outcome::Refused)
}
