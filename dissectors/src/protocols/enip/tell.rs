//! What messages of EtherNet/IP mean.

use super::wire::{self, Head, command};
use super::{COMMAND, STATUS, describe};
use crate::bytes::Lossy;
use crate::engine::view::View;
use crate::message::Message;
use crate::telling::{Outcome, Telling};

/// What a message means.
pub(super) fn tell(message: &Message, view: &View<'_>) -> Option<Telling> {
    let bytes = view.bytes(message.span);
    if let Some((connection, number)) = wire::implicit(bytes) {
        let detail = format!("On connection 0x{connection:08x}, as number {number}.");
        let told = new("I/O", "Sends what is measured or set, at the rate agreed on");
        return Some(told.detail(detail).weight(2, 4));
    }
    let head = Head::read(bytes)?;
    let name = COMMAND.def().name_of(head.command.into())?;
    let answers = head.answers(bytes);
    if answers && head.status != 0 {
        let status = STATUS.def().name_of(head.status.into());
        let detail = status.map_or_else(|| format!("Status {}.", head.status), sentence);
        let told = new(name, "Refuses what was asked").detail(detail);
        return Some(told.answering().outcome(Outcome::Refused));
    }
    let headline = match (head.command, answers) {
        (command::NOP, _) => return Some(new(name, "Says nothing, and wants no answer")),
        (command::UNREGISTER, _) => {
            return Some(new(name, "Ends the session; nobody answers that").closing());
        }
        (command::REGISTER, false) => "Asks for a session: without one nothing is carried",
        (command::REGISTER, true) => "Gives the session a number, which all that follows bears",
        (command::LIST_IDENTITY, false) => "Asks who is there",
        (command::LIST_IDENTITY, true) => "Says who it is",
        (command::LIST_SERVICES, false) => "Asks what can be carried here",
        (command::LIST_SERVICES, true) => "Says what can be carried here",
        (command::SEND_RR, false) => "Carries a request to an object, outside of any connection",
        (command::SEND_RR, true) => "Carries the answer of an object",
        (command::SEND_UNIT, false) => "Carries a request over a connection that is open",
        (command::SEND_UNIT, true) => "Carries the answer over that connection",
        (_, false) => "Asks by which ways else it may be reached",
        (_, true) => "Says by which ways else it may be reached",
    };
    let detail = match describe::product(bytes) {
        Some(product) => sentence(&Lossy(product).to_string()),
        None if head.command == command::REGISTER && answers => {
            format!("Session 0x{:08x}.", head.session)
        }
        None => String::new(),
    };
    let told = new(name, headline).detail(detail);
    let told = if wire::carried(bytes).is_some() { told.carrying() } else { told };
    Some(if answers { told.answering() } else { told.asking() })
}

fn sentence(text: &str) -> String {
    format!("{text}.")
}

fn new(label: &str, headline: &str) -> Telling {
    Telling::new(label, headline, "EtherNet/IP").lesson("enip/session", "CIP, volume 2", "")
}
