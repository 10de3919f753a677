//! Says what a message means: who offers what, who proves who it is, and what is sealed from where
//! on.

use super::Kind;
use super::wire::{self, Chain, Head};
use crate::bytes::Reader;
use crate::engine::view::View;
use crate::message::Message;
use crate::telling::{Outcome, Telling};

const CHAPTER: &str = "IKE";
const LESSON: &str = "isakmp/exchange";

/// Tells of a message.
pub(super) fn tell(message: &Message, view: &View<'_>) -> Option<Telling> {
    let mut reader = view.reader(message.span);
    let head = Head::read(reader.rest())?;
    reader.take(wire::start(reader.rest()) + wire::HEAD, "a head").ok()?;
    let told = match head.major {
        1 => first(&head, reader),
        _ => second(&head, reader),
    };
    if head.major == 1 {
        return Some(told);
    }
    let is_paired = message.extra::<Kind>().flatten().is_some();
    Some(match (head.is_response(), is_paired) {
        (true, true) => told.answering(),
        (true, false) => told,
        (false, true) => told.asking().outcome(Outcome::Repeated),
        (false, false) => told.asking(),
    })
}

/// A message of version 2.
fn second(head: &Head, reader: Reader<'_>) -> Telling {
    const INIT: u8 = 34;
    const INIT_STANDARD: &str = "1.2";
    let asks = !head.is_response();
    if let (INIT, false, Some((note, refuses))) = (head.exchange, asks, said_no(head, reader)) {
        let (label, headline) = match note {
            16390 => (
                "Cookie",
                "Is careful: asks to come again with a cookie, so as to prove the address",
            ),
            17 => ("Other group", "Asks to begin anew, with another group for the key agreement"),
            _ => ("Refused", "Takes nothing of what was offered"),
        };
        let told = Telling::new(label, headline, CHAPTER).lesson(LESSON, "RFC 7296", "2.6");
        return if refuses { told.outcome(Outcome::Refused) } else { told };
    }
    let (headline, detail, section) = match (head.exchange, asks) {
        (INIT, true) => (
            "Offers ciphers, and its half of a key agreement",
            "This and the answer are the only messages in the clear.",
            INIT_STANDARD,
        ),
        (INIT, false) => (
            "Chooses, and gives its half: both can make the keys now",
            "From here on all is sealed; but nobody has proved who it is.",
            INIT_STANDARD,
        ),
        (35, true) => (
            "Proves who it is, sealed, and asks for the first tunnel",
            "A signature or a shared secret covers what was sent in the clear before.",
            INIT_STANDARD,
        ),
        (35, false) => (
            "Proves who it is, too: the tunnel stands",
            "Packets go through ESP from here on.",
            INIT_STANDARD,
        ),
        (36, true) => ("Asks for another tunnel, or for fresh keys", "It is sealed.", "1.3"),
        (36, false) => ("Answers about another tunnel or fresh keys", "It is sealed.", "1.3"),
        (37, true) => (
            "Says that something ended or went wrong, or asks whether the other is there",
            "Which of these is sealed.",
            "1.4",
        ),
        (37, false) => ("Confirms", "It is sealed.", "1.4"),
        (_, true) => ("Asks, by an extension of the exchange", "It may be sealed.", "1"),
        (_, false) => ("Answers, by an extension of the exchange", "It may be sealed.", "1"),
    };
    Telling::new(head.name(), headline, CHAPTER).detail(detail).lesson(LESSON, "RFC 7296", section)
}

/// The note by which an answer that carries nothing else says no, and whether it is an error:
/// numbers below 16384 are (RFC 7296, section 3.10.1).
fn said_no(head: &Head, reader: Reader<'_>) -> Option<(u16, bool)> {
    const NOTE: u8 = 41;
    const FIRST_STATUS: u16 = 16384;
    const COOKIE: u16 = 16390;
    // Head of the payload, protocol, size of a number, and the note.
    let mut notes = Chain::new(head.next, reader).filter(|payload| payload.kind == NOTE);
    let numbers = notes.find_map(|payload| match *payload.reader.rest() {
        [_, _, _, _, _, _, high, low, ..] => {
            Some(u16::from_be_bytes([high, low])).filter(|n| *n < FIRST_STATUS || *n == COOKIE)
        }
        _ => None,
    })?;
    Some((numbers, numbers < FIRST_STATUS && numbers != 17))
}

/// A message of version 1: what it carries says how far the two are.
fn first(head: &Head, reader: Reader<'_>) -> Telling {
    const SA: u8 = 1;
    const KEY: u8 = 4;
    let carries = |kind| Chain::new(head.next, reader).any(|payload| payload.kind == kind);
    let is_sealed = head.is_encrypted();
    let headline = match head.exchange {
        2 if is_sealed => "Proves who it is, sealed",
        2 if carries(SA) && head.responder == 0 => "Offers ciphers, and ways to prove who one is",
        2 if carries(SA) => "Chooses among what was offered",
        2 if carries(KEY) => "Gives its half of a key agreement",
        4 if carries(SA) && head.responder == 0 => {
            "Offers ciphers, its half of a key agreement and its name at once, in the clear"
        }
        4 if carries(SA) => "Chooses, gives its half and proves who it is, in the clear",
        4 => "Proves who it is",
        5 if is_sealed => "Says that something ended or went wrong, sealed",
        5 => "Says that something went wrong",
        6 => "Asks for a password or hands out an address",
        32 => "Settles a tunnel with keys of its own, sealed",
        _ => "Goes on with the exchange",
    };
    Telling::new(head.name(), headline, CHAPTER).lesson(LESSON, "RFC 2409", "5")
}
