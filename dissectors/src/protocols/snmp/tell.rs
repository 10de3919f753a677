//! Says what a message means: who asks an agent for what, and what it answers or reports.

use super::wire::{self, Binding, Outer, Pdu};
use super::{Kind, names};
use crate::bytes::Lossy;
use crate::engine::view::View;
use crate::message::Message;
use crate::protocols::ber::{Oid, number, signed};
use crate::telling::{Outcome, Telling};
use crate::wording::counted;

const CHAPTER: &str = "SNMP";
const REQUEST: &str = "snmp/request";
const TRAP: &str = "snmp/trap";
const STANDARD: &str = "RFC 3416";

/// The longest text that stands on a bead, and the longest value in a sentence.
const MAX_LABEL: usize = 40;
const MAX_VALUE: usize = 80;

/// Tells of a message.
pub(super) fn tell(message: &Message, view: &View<'_>) -> Option<Telling> {
    let outer = Outer::read(view.reader(message.span))?;
    let is_paired = message.extra::<Kind>().flatten().is_some();
    let told = match outer.pdu() {
        Some(data) => of_pdu(Pdu::read(data), &outer),
        None => sealed(&outer, message),
    };
    Some(match (message.is(Kind::Request), message.is(Kind::Response), is_paired) {
        (true, _, true) => told.asking().outcome(Outcome::Repeated),
        (true, _, false) => told.asking(),
        (_, true, true) => told.answering(),
        _ => told,
    })
}

fn of_pdu(pdu: Pdu<'_>, outer: &Outer<'_>) -> Telling {
    let first = pdu.bindings().next().and_then(Result::ok);
    let count = pdu.bindings().filter(Result::is_ok).count();
    let more = if count > 1 { format!(" and {} more", count - 1) } else { String::new() };
    let what = first.as_ref().map_or("nothing".into(), |binding| short(&name(binding), MAX_LABEL));
    let (headline, source) = match pdu.tag {
        wire::GET => ("Asks for values", (STANDARD, "4.2.1")),
        wire::GET_NEXT => ("Asks for what comes next in the tree", (STANDARD, "4.2.2")),
        wire::GET_BULK => ("Asks for a run of values at once", (STANDARD, "4.2.3")),
        wire::SET => ("Asks to change values", (STANDARD, "4.2.5")),
        wire::INFORM => {
            ("Reports what happened, and wants to know that it was heard", (STANDARD, "4.2.7"))
        }
        wire::TRAP => return trap(pdu, outer),
        wire::TRAP2 => {
            let event = event(pdu);
            return Telling::new(
                short(&event, MAX_LABEL),
                "Reports what happened; nobody confirms it",
                CHAPTER,
            )
            .detail(format!("{event}. If the datagram is lost, nobody learns of it."))
            .weight(6, 5)
            .lesson(TRAP, STANDARD, "4.2.6");
        }
        wire::REPORT => {
            return Telling::new(what.clone(), "Says why the message could not be taken", CHAPTER)
                .detail(format!("{what}. A first question often draws this: it teaches the asking side the agent's engine and clock."))
                .lesson(REQUEST, "RFC 3414", "4");
        }
        _ => return response(pdu, outer, (first.as_ref(), more)),
    };
    Telling::new(format!("{} {what}", verb(pdu.tag)), headline, CHAPTER)
        .detail(format!("{what}{more}. {}", who(outer)))
        .weight(6, 5)
        .lesson(if pdu.tag == wire::INFORM { TRAP } else { REQUEST }, source.0, source.1)
}

const fn verb(tag: u8) -> &'static str {
    match tag {
        wire::GET => "Get",
        wire::GET_NEXT => "Next after",
        wire::GET_BULK => "Bulk from",
        wire::SET => "Set",
        _ => "Inform",
    }
}

fn response(
    pdu: Pdu<'_>,
    outer: &Outer<'_>,
    (first, more): (Option<&Binding<'_>>, String),
) -> Telling {
    if let [Some(error), index] = pdu.numbers
        && error != 0
    {
        let name = names::error(error);
        let place = index.filter(|index| *index > 0);
        let place = place.map_or(String::new(), |index| format!(" It is about name {index}."));
        return Telling::new(name, "Refuses: none of it was done", CHAPTER)
            .detail(format!("{name}.{place} {}", who(outer)))
            .weight(7, 5)
            .lesson(REQUEST, STANDARD, "3")
            .outcome(Outcome::Refused);
    }
    let Some(first) = first else {
        return Telling::new("Response", "Answers, without a value", CHAPTER)
            .lesson(REQUEST, STANDARD, "4.2.4");
    };
    let value = shown(first);
    let missing = matches!(first.value.tag, 0x80..=0x82);
    let headline = match first.value.tag {
        0x82 => "There is nothing behind that: the tree ends here",
        0x80 | 0x81 => "The agent has no such value",
        _ => "Gives the values",
    };
    let told = Telling::new(short(&value, MAX_LABEL), headline, CHAPTER)
        .detail(format!("{} is {}{more}.", name(first), short(&value, MAX_VALUE)))
        .weight(6, 5)
        .lesson(REQUEST, STANDARD, "4.2.4");
    if missing { told.outcome(Outcome::Refused) } else { told }
}

fn trap(pdu: Pdu<'_>, outer: &Outer<'_>) -> Telling {
    let [generic, specific] = pdu.numbers;
    let known = generic.and_then(|number| u64::try_from(number).ok());
    let name = names::TRAPS.iter().find(|(one, _)| Some(*one) == known);
    let label = match (name, specific) {
        (Some((6, _)), Some(specific)) => format!("enterprise trap {specific}"),
        (Some((_, name)), _) => (*name).to_owned(),
        (None, _) => "trap".to_owned(),
    };
    Telling::new(label, "Reports what happened; nobody confirms it", CHAPTER)
        .detail(format!(
            "A trap of version 1. If the datagram is lost, nobody learns of it. {}",
            who(outer)
        ))
        .weight(6, 5)
        .lesson(TRAP, "RFC 1157", "4.1.6")
}

/// What a notification of version 2 is about: the value of its second binding.
fn event(pdu: Pdu<'_>) -> String {
    let is_event =
        |binding: &Binding<'_>| names::object(binding.name.content.rest()) == Some("snmpTrapOID");
    let found = pdu.bindings().flatten().find(is_event);
    let oid = found.map(|binding| binding.value.content.rest());
    match oid {
        // RFC 3418, section 2: the traps of version 1 by their new names.
        Some([0x2b, 6, 1, 6, 3, 1, 1, 5, number @ 1..=6]) => {
            let name = names::TRAPS.iter().find(|(one, _)| *one == u64::from(number - 1));
            name.map_or_else(String::new, |(_, name)| (*name).to_owned())
        }
        Some(oid) => format!("event {}", Oid(oid)),
        None => "notification".to_owned(),
    }
}

fn sealed(outer: &Outer<'_>, message: &Message) -> Telling {
    let headline = match message.is(Kind::Request) {
        true => "Asks an agent something: sealed",
        false => "Answers or reports: sealed",
    };
    Telling::new("sealed PDU", headline, CHAPTER)
        .detail(format!("Only who has the user's key can read what is asked. {}", who(outer)))
        .lesson(REQUEST, "RFC 3414", "")
}

/// By what right it asks.
fn who(outer: &Outer<'_>) -> String {
    match (outer.community, outer.v3) {
        (Some(community), _) => {
            let name = Lossy(community.content.rest()).to_string();
            format!("The community “{}” is a password in the clear.", short(&name, MAX_LABEL))
        }
        (None, Some(head)) if head.sealed() => "Signed and sealed.".into(),
        (None, Some(head)) if head.flags & 1 != 0 => "Signed, and readable by anyone.".into(),
        _ => "Neither signed nor sealed.".into(),
    }
}

/// The name of a binding, in words where it has any.
fn name(binding: &Binding<'_>) -> String {
    let oid = binding.name.content.rest();
    let dots = Oid(oid);
    match names::object(oid) {
        Some(name) => format!("{name} ({dots})"),
        None => dots.to_string(),
    }
}

fn shown(binding: &Binding<'_>) -> String {
    let bytes = binding.value.content.rest();
    match binding.value.tag {
        0x02 => signed(bytes).map_or("?".into(), |number| number.to_string()),
        0x41..=0x43 | 0x46 => number(bytes).to_string(),
        0x06 => Oid(bytes).to_string(),
        0x04 if bytes.iter().all(|byte| (b' '..=b'~').contains(byte)) => Lossy(bytes).to_string(),
        0x80 => "noSuchObject".into(),
        0x81 => "noSuchInstance".into(),
        0x82 => "endOfMibView".into(),
        _ => counted(bytes.len() as u64, "byte"),
    }
}

fn short(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most - 1).chain(['…']).collect()
}
