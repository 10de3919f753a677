//! What commands and replies of memcached mean.

use super::binary::Head;
use super::{Kind, fields as f, line};
use crate::engine::view::View;
use crate::message::Message;
use crate::protocols::lines::text::{Shown, short};
use crate::telling::{Outcome, Telling};

/// What a message means.
pub(super) fn tell(message: &Message, view: &View<'_>) -> Option<Telling> {
    let bytes = view.bytes(message.span);
    let told = match message.kind()? {
        Kind::Command => command(bytes),
        Kind::Reply => reply(bytes),
        Kind::Request | Kind::Response => binary(bytes)?,
    };
    Some(told.lesson("memcache/cache", "memcached, protocol.txt", ""))
}

fn new(label: &str, headline: &str) -> Telling {
    Telling::new(short(label.as_bytes()), headline, "memcached")
}

fn command(bytes: &[u8]) -> Telling {
    let Some(found) = line::command(bytes) else {
        return new("command", "Gives the cache a command that is not whole");
    };
    let text = bytes.get(..found.text).unwrap_or(&[]);
    let called = text.get(found.name.clone()).unwrap_or(&[]);
    let first = line::words(text).nth(1).and_then(|word| text.get(word)).unwrap_or(&[]);
    let label = format!("{} {}", Shown(called), Shown(first));
    let headline = match called {
        b"get" | b"gets" | b"gat" | b"gats" | b"mg" => "Asks the cache for what is under a key",
        b"set" | b"add" | b"replace" | b"cas" | b"ms" => "Puts a value into the cache",
        b"append" | b"prepend" => "Adds to a value that is in the cache",
        b"delete" | b"md" => "Takes a key out of the cache",
        b"incr" | b"decr" | b"ma" => "Counts in the cache: nobody else can come in between",
        b"touch" => "Lets a key live for longer",
        b"flush_all" => "Empties the cache for all who use it",
        b"stats" => "Asks how the cache is doing",
        b"quit" => return new("quit", "Takes leave of the cache").closing(),
        _ => "Gives the cache a command",
    };
    let told = new(label.trim_end(), headline);
    if found.noreply.is_some() {
        return told.detail("It wants no reply, and will not learn whether it worked.");
    }
    told.asking()
}

fn reply(bytes: &[u8]) -> Telling {
    let Some(found) = line::reply(bytes) else {
        return new("reply", "A reply that is not whole").answering();
    };
    let text = bytes.get(..found.text).unwrap_or(&[]);
    let called = text.get(found.name.clone()).unwrap_or(&[]);
    let label = Shown(text).to_string();
    match called {
        b"VALUE" => new(&label, "Has it, and gives it").answering_for_now(),
        b"VA" => new(&label, "Has it, and gives it").answering(),
        b"STAT" => new(&label, "Says one thing about itself").weight(2, 4).answering_for_now(),
        b"END" | b"EN" => {
            new(&label, "Ends its answer: what was not given is not there").weight(3, 5).answering()
        }
        b"STORED" | b"DELETED" | b"TOUCHED" | b"OK" | b"HD" => {
            new(&label, "Has done what it was told").answering()
        }
        b"NOT_FOUND" | b"NF" => new(&label, "Does not have it").answering(),
        b"NOT_STORED" | b"NS" | b"EXISTS" | b"EX" => {
            new(&label, "Has not stored it: the condition does not hold").answering()
        }
        b"ERROR" | b"CLIENT_ERROR" | b"SERVER_ERROR" => {
            new(&label, "Refuses the command").answering().outcome(Outcome::Refused)
        }
        _ => new(&label, "Answers in one line").answering(),
    }
}

fn binary(bytes: &[u8]) -> Option<Telling> {
    let head = Head::read(bytes)?;
    let name = f::OPCODE.def().name_of(head.opcode.into()).unwrap_or("Unknown");
    if head.is_request {
        return Some(new(name, "Asks the cache, in the protocol of bytes").asking());
    }
    let status = f::STATUS.def().name_of(head.status.into()).unwrap_or("Unknown status");
    Some(match head.status {
        0 if head.goes_on() => new(name, "Answers in bytes, and more follows").answering_for_now(),
        0 => new(name, "Answers in bytes that it worked").answering(),
        1 => new(name, "Answers in bytes that there is no such key").answering(),
        _ => new(&format!("{name}: {status}"), "Refuses in bytes, and says why")
            .answering()
            .outcome(Outcome::Refused),
    })
}
