//! Says what a message means: who asks for what, and what a server grants.

use super::Kind;
use super::names::STATUS;
use super::wire::{self, Head};
use crate::bytes::Lossy;
use crate::engine::view::View;
use crate::message::Message;
use crate::telling::{Outcome, Telling};

const CHAPTER: &str = "DHCPv6";
const LESSON: &str = "dhcpv6/exchange";
const STANDARD: &str = "RFC 9915";

/// Tells of a message.
pub(super) fn tell(message: &Message, view: &View<'_>) -> Option<Telling> {
    let bytes = view.bytes(message.span);
    let head = Head::read(bytes)?;
    let is_paired = message.extra::<Kind>().flatten().is_some();
    let told = match head.link() {
        Some(_) => relayed(head, wire::innermost(bytes)),
        None => plain(head),
    };
    let told = told.weight(6, 6).lesson(LESSON, STANDARD, "");
    Some(match (message.is(Kind::Reply), is_paired) {
        (true, true) => told.answering(),
        (true, false) => told,
        (false, true) => {
            let headline = format!("{}, once more: nobody has answered", told.headline);
            Telling { headline, ..told }.asking().outcome(Outcome::Repeated)
        }
        (false, false) => told.asking(),
    })
}

fn relayed(head: Head<'_>, inner: Option<Head<'_>>) -> Telling {
    let name = inner.map_or("message", |inner| inner.name());
    if head.kind == wire::RELAY_FORW {
        Telling::new(format!("relays {name}"), "Hands a client's message on to a server", CHAPTER)
            .detail("The message lies whole in an option; the relay adds on which link it came.")
    } else {
        let headline = "Gives the relay what it is to hand to the client";
        Telling::new(format!("relayed {name}"), headline, CHAPTER)
    }
}

fn plain(head: Head<'_>) -> Telling {
    let given = match (head.address(), head.prefix()) {
        (Some(address), _) => Some(address.to_string()),
        (None, Some((prefix, len))) => Some(format!("{prefix}/{len}")),
        (None, None) => None,
    };
    if let Some((code, text)) = head.refusal().filter(|_| wire::is_answer(head.kind)) {
        let known = STATUS.iter().find(|(one, _)| *one == code.into());
        let name = known.map_or("status", |(_, name)| name);
        let said = if text.is_empty() {
            String::new()
        } else {
            format!("The server says: {}.", Lossy(text))
        };
        return Telling::new(name, "Refuses what was asked for", CHAPTER)
            .detail(said)
            .outcome(Outcome::Refused);
    }
    let label = match &given {
        Some(given) => format!("{} {given}", head.name()),
        None => head.name().to_owned(),
    };
    let (headline, detail) = match head.kind {
        wire::SOLICIT => (
            "Asks all servers on the link for addresses or a prefix",
            "It asks the group ff02::1:2, from its link-local address.",
        ),
        wire::ADVERTISE => {
            ("Says what it would give", "The client may hear several, and takes one.")
        }
        wire::REQUEST => (
            "Takes what one server offered",
            "All servers hear it, and see by the server's identifier whose offer was taken.",
        ),
        wire::CONFIRM => (
            "Asks whether its addresses still fit this link",
            "It may have been moved to another one.",
        ),
        wire::RENEW => ("Asks its server to go on lending", "A host does so at time T1."),
        wire::REBIND => (
            "Asks any server to go on lending",
            "A host does so at time T2: its own did not answer.",
        ),
        wire::REPLY => match given {
            Some(_) => (
                "Gives it: the client may use it now",
                "With it come lifetimes, and when to renew.",
            ),
            None => ("Gives the settings, or confirms", ""),
        },
        wire::RELEASE => ("Gives back what it was lent", ""),
        wire::DECLINE => ("Turns an address down: somebody else on the link has it", ""),
        wire::RECONFIGURE => {
            ("A server wants its client to ask again", "Its settings have changed.")
        }
        wire::INFORMATION => (
            "Has addresses, and asks for the other settings",
            "No lease is made, and the server need not remember anything.",
        ),
        _ => ("Asks or says something about leases", ""),
    };
    Telling::new(label, headline, CHAPTER).detail(detail)
}
