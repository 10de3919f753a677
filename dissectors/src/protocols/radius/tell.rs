//! Says what a packet means: who wants to come in, and what the server says.

use super::wire::{self, Head, find};
use super::{Kind, fields};
use crate::bytes::Lossy;
use crate::engine::view::View;
use crate::message::Message;
use crate::telling::{Outcome, Telling};

const LESSON: &str = "radius/access";
const CHAPTER: &str = "RADIUS";

/// Tells of a packet.
pub(super) fn tell(message: &Message, view: &View<'_>) -> Option<Telling> {
    let bytes = view.bytes(message.span);
    let head = Head::read(bytes)?;
    let is_paired = message.extra::<Kind>().flatten().is_some();
    let told = match head.code {
        wire::ACCESS_REQUEST
        | wire::ACCESS_ACCEPT
        | wire::ACCESS_REJECT
        | wire::ACCESS_CHALLENGE => access(head.code, bytes),
        wire::ACCOUNTING_REQUEST | wire::ACCOUNTING_RESPONSE => accounting(head.code, bytes),
        wire::DISCONNECT_REQUEST..=wire::COA_NAK => change(head.code, bytes),
        code => {
            let headline = if code == wire::STATUS_SERVER {
                "Asks whether the server is there"
            } else {
                "Asks how a client is"
            };
            Telling::new(wire::name(code), headline, CHAPTER).lesson(LESSON, "RFC 5997", "")
        }
    };
    Some(match (message.is(Kind::Response), is_paired) {
        (true, true) => told.answering(),
        (true, false) => told,
        (false, true) => {
            let headline = format!("{}, once more: nobody has answered", told.headline);
            Telling { headline, ..told }.asking().outcome(Outcome::Repeated)
        }
        (false, false) => told.asking(),
    })
}

/// The text of an attribute.
fn text(bytes: &[u8], kind: u8) -> Option<String> {
    find(bytes, kind).map(|value| Lossy(value).to_string())
}

/// The number in an attribute.
fn number(bytes: &[u8], kind: u8) -> Option<u32> {
    find(bytes, kind)?.first_chunk::<4>().map(|value| u32::from_be_bytes(*value))
}

fn access(code: u8, bytes: &[u8]) -> Telling {
    let said = text(bytes, 18).map_or(String::new(), |text| format!(" The server says: {text}."));
    let told = match code {
        wire::ACCESS_REQUEST => {
            let label = text(bytes, 1).map_or("Request".into(), |user| format!("{user}?"));
            let proof = if find(bytes, 79).is_some() {
                "The proof goes through EAP: the gateway only carries it."
            } else if find(bytes, 2).is_some() {
                "The password is hidden by MD5 and the shared secret, all else stands in the clear."
            } else if find(bytes, 3).is_some() {
                "The proof is CHAP's: a digest of the password, and not the password."
            } else {
                "It brings no proof of a password."
            };
            return Telling::new(label, "Asks whether this user may come in", CHAPTER)
                .detail(proof)
                .weight(6, 5)
                .lesson(LESSON, "RFC 2865", "4.1");
        }
        wire::ACCESS_ACCEPT => {
            let limit = number(bytes, 27);
            let limit = limit.map_or(String::new(), |time| format!(" For {time} seconds."));
            Telling::new("Accept", "Lets the user in", CHAPTER)
                .detail(format!("{limit}{said}").trim_start())
                .lesson(LESSON, "RFC 2865", "4.2")
        }
        wire::ACCESS_REJECT => Telling::new("Reject", "Does not let the user in", CHAPTER)
            .detail(said.trim_start())
            .lesson(LESSON, "RFC 2865", "4.3")
            .outcome(Outcome::Refused),
        _ => Telling::new("Challenge", "Wants more before it decides", CHAPTER)
            .detail(format!("The next request brings the answer.{said}"))
            .lesson(LESSON, "RFC 2865", "4.4"),
    };
    told.weight(6, 5)
}

fn accounting(code: u8, bytes: &[u8]) -> Telling {
    if code == wire::ACCOUNTING_RESPONSE {
        return Telling::new("recorded", "Confirms: it is written down", CHAPTER)
            .lesson(LESSON, "RFC 2866", "4.2");
    }
    let state = number(bytes, 40).unwrap_or(0);
    let name = fields::STATES.iter().find(|(known, _)| *known == state.into());
    let headline = match state {
        1 => "Reports that a session has begun",
        2 => "Reports that a session has ended, and what it used",
        3 => "Reports what a session has used so far",
        _ => "Reports for the records",
    };
    let user = text(bytes, 1).map_or(String::new(), |user| format!("The user is {user}."));
    Telling::new(name.map_or("Accounting", |(_, name)| name), headline, CHAPTER)
        .detail(user)
        .lesson(LESSON, "RFC 2866", "4.1")
}

/// Here the server asks.
fn change(code: u8, bytes: &[u8]) -> Telling {
    let cause = number(bytes, 101);
    let cause =
        cause.and_then(|code| fields::CAUSES.iter().find(|(known, _)| *known == code.into()));
    let cause = cause.map_or(String::new(), |(_, name)| format!("{name}."));
    let (headline, section, refused) = match code {
        wire::DISCONNECT_REQUEST => ("The server wants a session ended", "2.1", false),
        wire::COA_REQUEST => ("The server wants a session changed", "2.2", false),
        wire::DISCONNECT_ACK => ("Done: the session is over", "2.1", false),
        wire::COA_ACK => ("Done: the session is changed", "2.2", false),
        wire::DISCONNECT_NAK => ("The gateway could not end the session", "2.1", true),
        _ => ("The gateway could not change the session", "2.2", true),
    };
    let told = Telling::new(wire::name(code), headline, CHAPTER)
        .detail(cause)
        .lesson(LESSON, "RFC 5176", section);
    if refused { told.outcome(Outcome::Refused) } else { told }
}
