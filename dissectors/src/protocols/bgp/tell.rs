//! What messages of BGP mean.

use super::MAJOR;
use super::wire::{self, Head, kind};
use crate::engine::view::View;
use crate::message::Message;
use crate::telling::{Outcome, Telling};

/// What a message means.
pub(super) fn tell(message: &Message, view: &View<'_>) -> Option<Telling> {
    let bytes = view.bytes(message.span);
    let head = Head::read(bytes)?;
    let new = |label: &str, headline: &str, section| {
        Telling::new(label, headline, "BGP").lesson("bgp/update", "RFC 4271", section)
    };
    Some(match head.kind {
        kind::OPEN => {
            let told = new("Open", "Says which network it speaks for, and what it can do", "4.2");
            match wire::open(bytes) {
                Some((system, hold, _)) => told.detail(format!(
                    "AS {system}; after {hold} seconds of silence the other side is taken to be gone."
                )),
                None => told,
            }
        }
        kind::UPDATE => update(bytes, new),
        kind::NOTIFICATION => {
            let told = new("Notification", "Says what was wrong, and ends the connection", "4.5");
            let (code, sub) = wire::error(bytes)?;
            let name = MAJOR.def().name_of(code.into()).unwrap_or("Unknown error");
            let detail = format!("{name}, number {sub}.");
            told.detail(detail).outcome(Outcome::Refused).closing()
        }
        kind::KEEPALIVE => {
            new("Keepalive", "Says that it is still here; after an Open, that it agrees", "4.4")
                .weight(2, 4)
        }
        kind::REFRESH => {
            let told = new("Route refresh", "Asks for all routes once more", "4");
            told.lesson("bgp/update", "RFC 2918", "3")
        }
        _ => new("Capability", "Changes what was agreed on in the Open", "4"),
    })
}

fn update(bytes: &[u8], new: impl Fn(&str, &str, &'static str) -> Telling) -> Telling {
    let [withdrawn, attributes, named] = wire::update(bytes).unwrap_or([0; 3]);
    let headline = match (withdrawn > 0, attributes > 0 || named > 0) {
        (true, true) => "Takes routes back, and announces others",
        (true, false) => "Takes routes back",
        (false, true) => "Announces which addresses can be reached, and through whom",
        (false, false) => "Says that all routes have been announced",
    };
    new("Update", headline, "4.3")
}
