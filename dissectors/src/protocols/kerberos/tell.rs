//! What messages of Kerberos mean.

use super::describe::bytes;
use super::fields::ERROR_CODE;
use super::wire::{self, kind};
use crate::engine::view::View;
use crate::message::Message;
use crate::protocols::lines::text::{Shown, short};
use crate::telling::{Outcome, Telling};

/// The code with which a server wants a proof before it gives a ticket.
const PROOF_REQUIRED: u64 = 25;

/// What a message means.
pub(super) fn tell(message: &Message, view: &View<'_>) -> Option<Telling> {
    let about = wire::about(bytes(message, view));
    let service = Shown(about.service);
    Some(match about.number {
        kind::AS_REQ if about.has_proof => {
            new("AS-REQ", "Asks for a ticket, and proves that it knows the password", "3.1.1")
                .detail("The proof is the time of day, sealed with a key made of the password.")
                .asking()
        }
        kind::AS_REQ => new(
            "AS-REQ",
            "Asks for a ticket to get tickets with, and has proved nothing yet",
            "3.1.1",
        )
        .asking(),
        kind::AS_REP => {
            new("AS-REP", "Gives the ticket, and a key that only the password opens", "3.1.5")
                .answering()
        }
        kind::TGS_REQ => {
            let label = format!("TGS-REQ {service}");
            new(
                label.trim_end(),
                "Asks for a ticket for a service, and shows the one it has",
                "3.3.1",
            )
            .asking()
        }
        kind::TGS_REP => {
            new("TGS-REP", "Gives a ticket that only that service can read", "3.3.4").answering()
        }
        kind::AP_REQ => {
            new("AP-REQ", "Shows the service its ticket, and proves that it is its own", "3.2.2")
                .asking()
        }
        kind::AP_REP => {
            new("AP-REP", "Proves that it could read the ticket: it is the right service", "3.2.4")
                .answering()
        }
        kind::ERROR if about.error == PROOF_REQUIRED => {
            new("proof required", "Wants a proof first that the client knows the password", "3.1.3")
                .answering()
        }
        kind::ERROR => {
            let name = ERROR_CODE.def().name_of(about.error);
            let name = name.map_or_else(|| format!("error {}", about.error), str::to_owned);
            new(&name, "Refuses the ticket, and says why", "5.9.1")
                .answering()
                .outcome(Outcome::Refused)
        }
        _ => new("message", "Sends something that both sides have sealed", "3.4").weight(3, 4),
    })
}

fn new(label: &str, headline: &str, section: &'static str) -> Telling {
    Telling::new(short(label.as_bytes()), headline, "Kerberos").lesson(
        "kerberos/ticket",
        "RFC 4120",
        section,
    )
}
