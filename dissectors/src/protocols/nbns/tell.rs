//! Says what a message means: who looks for a name, who has it, who claims it.

use super::Kind;
use super::wire::{Entries, Entry, Header, NBSTAT};
use crate::engine::view::View;
use crate::message::Message;
use crate::telling::{Outcome, Telling};

const CHAPTER: &str = "NetBIOS names";
const LESSON: &str = "nbns/name";
const STANDARD: &str = "RFC 1002";

/// Tells of a message.
pub(super) fn tell(message: &Message, view: &View<'_>) -> Option<Telling> {
    let reader = view.reader(message.span);
    let header = Header::read(reader.rest())?;
    let first = Entries::new(reader, header).next().and_then(Result::ok);
    let is_paired = message.extra::<Kind>().flatten().is_some();
    if header.is_response() {
        let told = response(header, first.as_ref());
        return Some(if is_paired { told.answering() } else { told });
    }
    let told = request(header, first.as_ref());
    // What everybody hears is answered from elsewhere, if at all.
    let told = if header.is_broadcast() { told } else { told.asking() };
    Some(if is_paired { told.outcome(Outcome::Repeated) } else { told })
}

/// What the last byte of a name stands for (the names that Windows uses).
fn service(service: u8) -> Option<&'static str> {
    Some(match service {
        0x00 => "the workstation itself, or a group",
        0x03 => "messages for a user",
        0x1b => "the domain's master browser",
        0x1c => "the domain's controllers",
        0x1d => "the master browser of this link",
        0x1e => "the election of browsers",
        0x20 => "the file server",
        _ => return None,
    })
}

fn request(header: Header, first: Option<&Entry<'_>>) -> Telling {
    let name = first.map_or("?".into(), |part| part.name.to_string());
    let service = first.and_then(|part| service(part.name.service()));
    let service = service.map_or(String::new(), |service| format!(" It stands for {service}."));
    let whom = if header.is_broadcast() {
        "Everybody on the link hears it."
    } else {
        "A name server or one host is asked."
    };
    let is_state = first.is_some_and(|part| part.kind == NBSTAT);
    let (label, headline, section) = match header.opcode() {
        0 if is_state => {
            ("names of a host".to_owned(), "Asks a host for all the names that it has", "4.2.17")
        }
        0 => (name, "Asks who has this name", "4.2.12"),
        6 => (format!("release {name}"), "Gives a name back", "4.2.9"),
        8 | 9 => (format!("refresh {name}"), "Keeps a name that it has", "4.2.4"),
        _ => (format!("claim {name}"), "Claims a name: who has it already may object", "4.2.2"),
    };
    Telling::new(label, headline, CHAPTER)
        .detail(format!("{whom}{service}"))
        .weight(6, 5)
        .lesson(LESSON, STANDARD, section)
}

fn response(header: Header, first: Option<&Entry<'_>>) -> Telling {
    if header.rcode() != 0 {
        let rcode = u64::from(header.rcode());
        let name = super::RCODE.def().name_of(rcode).unwrap_or("Unknown error");
        return Telling::new(name, "Says no: the name cannot be had", CHAPTER)
            .weight(7, 5)
            .lesson(LESSON, STANDARD, "4.2.14")
            .outcome(Outcome::Refused);
    }
    let told = match (header.opcode(), first) {
        (7, _) => Telling::new("Wait", "Asks to wait: the name server looks into it", CHAPTER),
        (0, Some(part)) if part.kind == NBSTAT => {
            let count = part.data.rest().first().copied().unwrap_or(0);
            Telling::new(format!("{count} names"), "Gives its names, and what it counted", CHAPTER)
        }
        (0, Some(part)) => {
            let address = part.address().map_or("answer".into(), |address| address.to_string());
            Telling::new(address, "Has the name: this is its address", CHAPTER)
                .detail(format!("{}. Nothing proves that it is true.", part.name))
        }
        _ => Telling::new("granted", "Confirms: nobody objects", CHAPTER),
    };
    told.weight(6, 5).lesson(LESSON, STANDARD, "4.2.13")
}
