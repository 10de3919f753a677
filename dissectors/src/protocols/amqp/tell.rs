//! What frames of AMQP mean.

use super::Kind;
use super::describe::names;
use super::methods::{Method, Role};
use super::wire::{self, Head, kind};
use crate::engine::view::View;
use crate::message::Message;
use crate::protocols::lines::text::{Shown, short};
use crate::telling::{Outcome, Telling};
use crate::wording::counted;

const STANDARD: &str = "AMQP 0-9-1";

/// What a frame means.
pub(super) fn tell(message: &Message, view: &View<'_>) -> Option<Telling> {
    let bytes = view.bytes(message.span);
    if message.is(Kind::Opening) {
        let from_client = bytes.get(5..8) == Some(&[0, 9, 1]);
        let headline = if from_client {
            "Says which protocol and which version it wants to speak"
        } else {
            "Names a version: who wants another has to come again"
        };
        return Some(new("AMQP", headline, "4.2.2").asking());
    }
    let head = Head::read(bytes)?;
    Some(match head.kind {
        kind::METHOD => match wire::known(bytes) {
            Some(known) => method(known, bytes),
            None => new("method", "Calls a method that is not known here", "4.2.3"),
        },
        kind::HEADER => {
            let size = bytes.get(wire::HEAD + 4..).and_then(|rest| rest.first_chunk::<8>());
            let size = size.map_or(0, |size| u64::from_be_bytes(*size));
            new("header", "Says how long the message is, and what is said of it", "4.2.6.1")
                .detail(format!("{} will follow.", counted(size, "byte")))
                .weight(3, 5)
        }
        kind::BODY => {
            new(&counted(head.size.into(), "byte"), "Brings a part of the message", "4.2.6.2")
                .weight(3, 5)
        }
        _ => new("heartbeat", "Says that it is still there", "4.2.7").weight(2, 3).aside(),
    })
}

fn new(label: &str, headline: &str, section: &'static str) -> Telling {
    Telling::new(short(label.as_bytes()), headline, "AMQP").lesson("amqp/queue", STANDARD, section)
}

/// The sentence of a method; those that say no more than their names are told by their role.
fn sentence(method: &Method) -> &'static str {
    match method.name {
        "Connection.Start" => "Greets, and names the ways to prove oneself",
        "Connection.Start-Ok" => "Chooses one, and proves who it is",
        "Connection.Tune" => "Proposes limits: channels, the longest frame, heartbeats",
        "Connection.Tune-Ok" => "Settles the limits",
        "Connection.Open" => "Goes into a virtual host of the broker",
        "Connection.Open-Ok" => "Lets it in: channels may be opened",
        "Connection.Close" => "Ends the connection",
        "Channel.Open" => "Opens a channel: a conversation of its own on this connection",
        "Channel.Close" => "Ends a channel, and the others go on",
        "Exchange.Declare" => "Wants an exchange to exist, which hands messages to queues",
        "Queue.Declare" => "Wants a queue to exist",
        "Queue.Bind" => "Binds a queue to an exchange: which keys go there",
        "Basic.Qos" => "Says how many messages it takes before it has confirmed some",
        "Basic.Consume" => "Wants the messages of a queue as they come",
        "Basic.Publish" => "Publishes a message: an exchange and a key, and no answer",
        "Basic.Return" => "Gives a message back: nobody wanted it",
        "Basic.Deliver" => "Delivers a message to who consumes",
        "Basic.Get" => "Asks a queue for one message",
        "Basic.Get-Ok" => "Gives one message of the queue",
        "Basic.Get-Empty" => "Has no message in that queue",
        "Basic.Ack" => "Confirms: the message may be forgotten",
        "Basic.Reject" | "Basic.Nack" => "Refuses a message, which goes back or is dropped",
        "Confirm.Select" => "Wants to hear of each message that it publishes whether it is safe",
        "Tx.Select" | "Tx.Commit" | "Tx.Rollback" => "Begins, carries out or drops a transaction",
        _ => match method.role {
            Role::Answers | Role::Goes(_) => "Has done what the method asked",
            Role::Asks(_) | Role::Alone => "Calls a method of the other side",
        },
    }
}

fn method(method: &Method, bytes: &[u8]) -> Telling {
    let names = names(bytes);
    let subject = names.iter().map(|(text, _)| *text).rfind(|text| !text.is_empty());
    let label = format!("{} {}", method.name, Shown(subject.unwrap_or(&[])));
    let told = new(label.trim_end(), sentence(method), section(method));
    let told = match method.role {
        Role::Asks(_) => told.asking(),
        Role::Answers => told.answering(),
        Role::Goes(_) => told.answering().asking(),
        Role::Alone => told,
    };
    match (method.name, closes(bytes)) {
        ("Connection.Close" | "Channel.Close", Some(code)) if code != 200 => {
            told.detail(format!("Code {code}.")).outcome(Outcome::Refused)
        }
        ("Connection.Close", _) => told.closing(),
        ("Basic.Return" | "Basic.Reject" | "Basic.Nack", _) => told.outcome(Outcome::Refused),
        // What is handed out speaks for a flight that says besides that it was asked for.
        ("Basic.Deliver", _) => told.weight(6, 5).detail(match wire::delivery(bytes) {
            Some((tag, true)) => format!("Delivery {tag}. {BEFORE}"),
            Some((tag, false)) => format!("Delivery {tag}."),
            None => String::new(),
        }),
        ("Basic.Qos", _) => told.detail(match wire::prefetch(bytes) {
            None => String::new(),
            Some(0) => "As many as there are.".to_owned(),
            Some(most) => format!("At most {most} at a time."),
        }),
        _ => told,
    }
}

/// What the flag of a delivery means.
const BEFORE: &str = "It was delivered before, and nobody has confirmed it: it may be done twice.";

/// The code with which a connection or a channel is closed.
fn closes(bytes: &[u8]) -> Option<u16> {
    let code = bytes.get(wire::HEAD + 4..)?.first_chunk::<2>()?;
    Some(u16::from_be_bytes(*code))
}

/// Where the specification describes what a method is about.
fn section(method: &Method) -> &'static str {
    match (method.class, method.name) {
        (10, _) => "2.2.4",
        (20, _) => "2.2.5",
        (40, _) | (_, "Basic.Publish" | "Basic.Return") => "3.1.3",
        (50, _) => "3.1.4",
        (_, "Basic.Qos" | "Basic.Qos-Ok") => "3.1.7",
        (_, "Basic.Ack" | "Basic.Nack" | "Basic.Reject") => "3.1.8",
        _ => "3.1.6",
    }
}
