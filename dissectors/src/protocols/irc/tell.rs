//! What lines of IRC mean.

use super::{Kind, line};
use crate::engine::view::View;
use crate::message::Message;
use crate::protocols::lines;
use crate::protocols::lines::text::{Shown, sentence, short};
use crate::telling::{Outcome, Telling};

/// What a line means.
pub(super) fn tell(message: &Message, view: &View<'_>) -> Option<Telling> {
    let bytes = view.bytes(message.span);
    let end = lines::line(bytes).unwrap_or_else(|| lines::unended(bytes));
    let text = bytes.get(..end.text).unwrap_or(&[]);
    let Some(line) = line::read(text) else {
        return Some(new("line", "A line that holds no command").weight(2, 3));
    };
    let last = line.last(text).unwrap_or(&[]);
    let said = sentence(&Shown(last).to_string());
    if let Some(number) = line.number(text) {
        let label = format!("{number:03}");
        let told = match number {
            400..=599 => new(&label, "Says what went wrong").outcome(Outcome::Refused),
            1..=4 => new(&label, "Welcomes the client, and says which server it is"),
            372 | 375 | 376 => new(&label, "Gives a line of the message of the day").weight(2, 3),
            670 => new(&label, "Agrees to go on in TLS").lesson("lines/starttls", "IRCv3", ""),
            _ => new(&label, "Answers with what was asked for, or tells the state of things"),
        };
        return Some(told.detail(said).answering());
    }
    let command = line.command(text).to_ascii_uppercase();
    let first = line.words.first().and_then(|word| text.get(word.clone())).unwrap_or(&[]);
    let label = short(&[command.as_slice(), b" ", first].concat());
    let label = label.trim_end();
    let is_request = message.is(Kind::Request);
    let headline = match command.as_slice() {
        b"NICK" => "Takes a nickname",
        b"USER" => "Says who it is",
        b"PASS" => return Some(new("PASS …", "Gives a password, in the clear").asking()),
        b"CAP" => "Agrees on what both can do beyond the standard",
        b"STARTTLS" => "Asks to go on in TLS",
        b"JOIN" => "Enters a channel",
        b"PART" => "Leaves a channel",
        b"QUIT" => "Leaves the network",
        b"PRIVMSG" => "Says something, to a channel or to one person",
        b"NOTICE" => "Says something that no program is to answer",
        b"PING" => {
            return Some(new(label, "Asks whether the other side is still there").asking());
        }
        b"PONG" => return Some(new(label, "Says that it is still there").answering()),
        b"MODE" => "Changes what is allowed, or asks for it",
        b"ERROR" => "Says why it ends the connection",
        _ if is_request => "Gives the server a command",
        _ => "Tells what somebody did",
    };
    let told = new(label, headline).detail(said);
    Some(if is_request { told.asking() } else { told })
}

fn new(label: &str, headline: &str) -> Telling {
    Telling::new(label, headline, "IRC").lesson("irc/channel", "RFC 2812", "3")
}
