//! Says what a message means: who looks for what, who has it, who comes and goes.

use super::{Kind, header, is_multicast, kind};
use crate::engine::view::View;
use crate::message::Message;
use crate::protocols::lines::text::{Shown, short};
use crate::telling::{Outcome, Telling};

const LESSON: &str = "ssdp/discovery";
const STANDARD: &str = "UPnP Device Architecture 2.0";
const CHAPTER: &str = "SSDP";

/// Tells of a message.
pub(super) fn tell(message: &Message, view: &View<'_>) -> Option<Telling> {
    let bytes = view.bytes(message.span);
    let is_paired = message.extra::<Kind>().flatten().is_some();
    let value = |name| header(bytes, name).unwrap_or(&[]);
    let told = match kind(bytes)? {
        Kind::Search => search(bytes),
        Kind::Response => {
            let detail = format!("It is described at {}.", Shown(value("LOCATION")));
            Telling::new(short(value("ST")), "Has what was looked for", CHAPTER)
                .detail(detail)
                .weight(6, 5)
                .lesson(LESSON, STANDARD, "1.3.3")
        }
        Kind::Notify if value("NTS") == b"ssdp:byebye" => {
            Telling::new(short(value("NT")), "Takes leave: it will not be there any more", CHAPTER)
                .detail("Everybody on the link hears it. A device that loses power says nothing.")
                .lesson(LESSON, STANDARD, "1.2.3")
                .closing()
        }
        Kind::Notify => {
            let detail = format!(
                "Everybody on the link hears it. It is described at {}.",
                Shown(value("LOCATION"))
            );
            Telling::new(short(value("NT")), "Announces what it is, unasked", CHAPTER)
                .detail(detail)
                .lesson(LESSON, STANDARD, "1.2.2")
        }
    };
    Some(match (kind(bytes)?, is_paired) {
        (Kind::Search, true) => told.outcome(Outcome::Repeated),
        (Kind::Response, true) => told.answering(),
        _ => told,
    })
}

fn search(bytes: &[u8]) -> Telling {
    let target = header(bytes, "ST").unwrap_or(&[]);
    let what = match target {
        b"ssdp:all" => "whatever there is".to_owned(),
        b"upnp:rootdevice" => "devices".to_owned(),
        target => Shown(target).to_string(),
    };
    if !is_multicast(bytes) {
        return Telling::new(short(target), "Asks one device what it is", CHAPTER)
            .detail(format!("It looks for {what}."))
            .lesson(LESSON, STANDARD, "1.3.2")
            .asking();
    }
    let wait = match header(bytes, "MX") {
        Some(seconds) => format!(" Each waits up to {} seconds first.", Shown(seconds)),
        None => String::new(),
    };
    let detail =
        format!("It looks for {what}. Whoever has that answers from an address of its own.{wait}");
    // Nobody need have it, and answers come from elsewhere: it waits for none in particular.
    Telling::new(short(target), "Asks everybody on the link who has it", CHAPTER)
        .detail(detail)
        .weight(6, 5)
        .lesson(LESSON, STANDARD, "1.3.2")
}
