//! What a message of RESP means.

use super::value::{self, Follows};
use super::{Kind, STANDARD, grammar};
use crate::engine::view::View;
use crate::message::Message;
use crate::protocols::lines::text::{Shown, sentence, short};
use crate::telling::{Outcome, Telling};
use crate::wording::counted;

/// The chapter of all of it.
const CHAPTER: &str = "Redis";

/// What commands do: the names, and a sentence.
const COMMANDS: &[(&[&str], &str)] = &[
    (&["GET", "MGET", "GETRANGE", "STRLEN", "EXISTS", "TTL", "TYPE"], "Asks for what a key holds"),
    (&["SET", "SETEX", "SETNX", "MSET", "APPEND", "GETSET"], "Stores a value under a key"),
    (&["DEL", "UNLINK", "EXPIRE", "PERSIST"], "Says how long a key lives, or ends it"),
    (&["INCR", "DECR", "INCRBY", "DECRBY"], "Counts: nobody else can come in between"),
    (
        &["HGET", "HGETALL", "LRANGE", "SMEMBERS", "ZRANGE", "XRANGE", "XREAD"],
        "Asks for a part of what a key holds",
    ),
    (&["HSET", "LPUSH", "RPUSH", "SADD", "ZADD", "XADD"], "Adds to what a key holds"),
    (&["SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE"], "Wants all messages of a channel from now on"),
    (&["PUBLISH", "SPUBLISH"], "Sends a message to all who subscribed to its channel"),
    (&["MULTI"], "Begins a transaction: what follows waits until EXEC"),
    (&["EXEC"], "Has everything done that waited, at once"),
    (
        &["AUTH"],
        "Proves who it is, with a password that everybody on the way can read in the clear",
    ),
    (&["HELLO"], "Says which version of the protocol it speaks"),
    (&["PING"], "Asks whether the server is there"),
    (&["QUIT"], "Takes leave of the server"),
];

/// What a message means.
pub(super) fn tell(message: &Message, view: &View<'_>) -> Option<Telling> {
    let bytes = view.bytes(message.span);
    let told = match message.kind()? {
        Kind::Command => command(bytes),
        Kind::Reply => reply(bytes),
        Kind::Push => Telling::new(
            push_label(bytes),
            "Sends what nobody asked for now: the client subscribed before",
            CHAPTER,
        )
        .aside(),
        Kind::Rest => {
            Telling::new("…", "The rest of a message that is too long to be shown whole", CHAPTER)
                .weight(2, 2)
        }
    };
    Some(told)
}

fn command(bytes: &[u8]) -> Telling {
    let mut words = grammar::words(bytes);
    let name = Shown(words.next().unwrap_or(&[])).to_string().to_ascii_uppercase();
    let known = COMMANDS.iter().find(|(names, _)| names.contains(&name.as_str()));
    let headline = known.map_or("Gives the server a command", |(_, headline)| *headline);
    // A password is nothing for a picture.
    let label = match words.next() {
        Some(first) if !matches!(name.as_str(), "AUTH" | "HELLO") => {
            short(format!("{name} {}", Shown(first)).as_bytes())
        }
        _ => short(name.as_bytes()),
    };
    let told = Telling::new(label, headline, CHAPTER)
        .detail("Replies come in the order of the commands: nothing numbers them.")
        .lesson("resp/command", STANDARD, "Sending commands");
    if name == "QUIT" { told.closing().asking() } else { told.asking() }
}

fn reply(bytes: &[u8]) -> Telling {
    let text = value::text(bytes).and_then(|range| bytes.get(range)).unwrap_or(&[]);
    let letter = bytes.first().copied().unwrap_or(0);
    let follows = value::head(bytes).map_or(Follows::Nothing, |head| head.follows);
    let told = |label: String, headline: &str| Telling::new(label, headline, CHAPTER).answering();
    match (letter, follows) {
        (b'-' | b'!', _) => error(text),
        (b'+', _) if text == b"QUEUED" => {
            told("QUEUED".into(), "Keeps the command until the transaction is carried out")
        }
        (b'+', _) => told(short(text), "Has done it"),
        (b':', _) => told(short(text), "Answers with a number"),
        (b'$' | b'=', Follows::Bytes(len)) => {
            told(counted(len, "byte"), "Gives the value").detail(sentence(&short(text)))
        }
        (b'$' | b'_' | b'=', _) => told("null".into(), "Has no such value"),
        (b'*' | b'~' | b'>' | b'%' | b'|', Follows::Values(values)) => {
            let values = if letter == b'%' { values / 2 } else { values };
            told(counted(values, "value"), "Answers with a list of values")
        }
        _ => told(short(text), "Answers with one value"),
    }
}

/// An error: a word in capitals says which (the first one).
fn error(text: &[u8]) -> Telling {
    let headline = match text.split(|byte| *byte == b' ').next().unwrap_or(&[]) {
        b"MOVED" | b"ASK" => "Sends the client to another node of the cluster, which has the key",
        b"WRONGPASS" | b"NOAUTH" => "Lets the client not in: the password is wrong or missing",
        _ => "Refuses the command, and says why",
    };
    Telling::new(short(text), headline, CHAPTER)
        .detail(sentence(&Shown(text).to_string()))
        .terse()
        .lesson("resp/command", STANDARD, "Simple errors")
        .answering()
        .outcome(Outcome::Refused)
}

/// Of a message the channel that it came on.
fn push_label(bytes: &[u8]) -> String {
    let mut words = value::words(bytes).map(|word| word.text);
    let kind = words.next().unwrap_or(&[]);
    let channel = words.next().unwrap_or(&[]);
    short(format!("{} {}", Shown(kind), Shown(channel)).trim_end().as_bytes())
}
