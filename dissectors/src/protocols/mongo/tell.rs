//! What messages of MongoDB mean.

use super::Kind;
use super::wire::{self, Head, opcode};
use crate::engine::view::View;
use crate::message::Message;
use crate::protocols::lines::text::{Shown, sentence, short};
use crate::telling::{Outcome, Telling};

/// What a message means.
pub(super) fn tell(message: &Message, view: &View<'_>) -> Option<Telling> {
    let bytes = view.bytes(message.span);
    let head = Head::read(bytes)?;
    let about = wire::about(bytes);
    let told = match message.kind()? {
        Kind::Request => {
            let label = format!("{} {}", Shown(about.command), Shown(about.collection));
            let label = if about.command.is_empty() { "request" } else { label.trim_end() };
            let told = new(label, asks(head.opcode, about.command));
            let told = match about.database {
                [] => told,
                database => told.detail(format!("In the database {}.", Shown(database))),
            };
            if head.is_silent(bytes) { told } else { told.asking() }
        }
        Kind::Response if about.ok == Some(false) => {
            new("error", "Refuses the command, and says why")
                .detail(sentence(&Shown(about.error).to_string()))
                .answering()
                .outcome(Outcome::Refused)
        }
        Kind::Response if head.opcode == opcode::COMPRESSED => {
            new("compressed", "Answers, and has compressed what it says").answering()
        }
        Kind::Response => match about.command {
            b"cursor" => new("documents", "Gives the documents, or the first of them").answering(),
            _ => new("ok", "Has done what the command asked").answering(),
        },
    };
    Some(told)
}

fn new(label: &str, headline: &str) -> Telling {
    Telling::new(short(label.as_bytes()), headline, "MongoDB").lesson(
        "mongo/command",
        "MongoDB wire protocol",
        "OP_MSG",
    )
}

fn asks(opcode: u32, command: &[u8]) -> &'static str {
    match command {
        b"hello" | b"isMaster" | b"ismaster" => "Says what it can do, and asks whom it has reached",
        b"saslStart" | b"saslContinue" | b"authenticate" => "Proves who it is, step by step",
        b"find" | b"aggregate" | b"count" | b"distinct" => "Asks for documents of a collection",
        b"getMore" => "Asks for more documents of a cursor",
        b"insert" => "Adds documents to a collection",
        b"update" | b"findAndModify" | b"findandmodify" => "Changes documents of a collection",
        b"delete" => "Removes documents from a collection",
        b"create" | b"createIndexes" | b"drop" | b"dropIndexes" => {
            "Changes which collections and indexes there are"
        }
        b"ping" => "Asks whether the server answers",
        b"endSessions" | b"killCursors" => "Gives back what the server kept for it",
        _ => match opcode {
            opcode::COMPRESSED => "Asks, and has compressed what it says",
            opcode::QUERY | opcode::GET_MORE => "Asks for documents in the old form",
            2001 | 2002 | 2006 | 2007 => "Writes in the old form, which nothing answers",
            _ => "Gives the server a command",
        },
    }
}
