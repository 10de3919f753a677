//! Tells what comes after the handshake, and what goes wrong: tickets, key updates, alerts, and
//! records that no key opens.

use super::super::handshake::wire::{extension, find_extension, vector};
use super::super::names;
use super::super::reason::Reason;
use super::hello::TICKET;
use super::{TLS12, TLS13, Told};
use crate::known::Token;
use crate::message::Protection;
use crate::telling::{Gained, Outcome, Side, Telling};

/// What a KeyUpdate brings both sides, for the direction of who sends it.
const NEXT_KEYS: Gained = Gained::Renewed(Protection::Application, "next application keys");

/// The chapter in which connections end.
const CLOSING: &str = "Closing";

impl Told<'_> {
    pub(super) fn ticket(&self) -> Telling {
        let mut body = self.body;
        let seconds = body.u32("lifetime").map_or(0, |(seconds, _)| seconds);
        let lifetime = match seconds {
            0 => "with no lifetime given".to_owned(),
            1..3600 => format!("good for {seconds} s"),
            3600..172_800 => format!("good for {} h", seconds / 3600),
            _ => format!("good for {} days", seconds / 86_400),
        };
        if self.is_tls13() {
            let headline = if self.allows_early_data() {
                "The ticket lets the next visit send early data (0-RTT)"
            } else {
                "The ticket lets the next visit do without a certificate"
            };
            return self
                .bead("NewSessionTicket", headline)
                .detail(format!("{}.", capital(&lifetime)))
                .weight(2, 0)
                .lesson("tls/new-session-ticket", TLS13, "4.7.1")
                .giving(self.given_ticket())
                .aside();
        }
        let open = match self.protection {
            Protection::Clear => " It travels in the clear.",
            _ => "",
        };
        self.bead(
            "NewSessionTicket",
            "Hands out a ticket: the next handshake may take one round trip",
        )
        .detail(format!("{}.{open}", capital(&lifetime)))
        .weight(2, 5)
        .lesson("tls/new-session-ticket", "RFC 5077", "3.3")
        .giving(self.given_ticket())
        .answering()
    }

    /// The ticket itself (RFC 9846, section 4.7.1; RFC 5077, section 3.3).
    fn given_ticket(&self) -> Option<Token> {
        let mut body = self.body;
        body.u32("lifetime").ok()?;
        if self.is_tls13() {
            body.u32("age added").ok()?;
            vector(&mut body, 1)?;
        }
        Token::of(TICKET, vector(&mut body, 2)?)
    }

    /// Whether a ticket of TLS 1.3 may be used for early data.
    fn allows_early_data(&self) -> bool {
        let mut body = self.body;
        let list = body.take(8, "lifetime and age").ok().and_then(|_| {
            vector(&mut body, 1)?;
            vector(&mut body, 2)?;
            vector(&mut body, 2)
        });
        list.is_some_and(|list| find_extension(list, extension::EARLY_DATA).is_some())
    }

    pub(super) fn key_update(&self) -> Telling {
        let asks = self.body.rest().first() == Some(&1);
        let headline = if asks {
            "Takes new keys into use, and asks the other side to do the same"
        } else {
            "Takes new keys into use in its direction"
        };
        self.bead("KeyUpdate", headline)
            .detail("The new key is computed from the old one: no round trip, no key exchange.")
            // More than a request that follows in the same flight.
            .weight(8, 1)
            .lesson("tls/key-update", TLS13, "4.7.3")
            .gains(Side::Sender, NEXT_KEYS)
            .gains(Side::Receiver, NEXT_KEYS)
    }

    pub(super) fn alert(&self) -> Option<Telling> {
        const CLOSE_NOTIFY: u8 = 0;
        const FATAL: u8 = 2;
        const USER_CANCELED: u8 = 90;
        let mut body = self.body;
        let (level, _) = body.u8("level").ok()?;
        let (description, _) = body.u8("description").ok()?;
        if description == CLOSE_NOTIFY {
            let detail = match self.protection {
                Protection::Clear => {
                    "Without it, what came may have been cut short. Nothing seals this one: anybody can forge it."
                }
                _ => {
                    "Without it, what came may have been cut short. It is sealed: who has no keys cannot forge it."
                }
            };
            let telling = Telling::new("close_notify", "Ends what it says in TLS", CLOSING)
                .detail(detail)
                .weight(4, 3);
            return Some(self.cite(telling, "tls/close-notify", "6.1", "7.2.1").closing());
        }
        let name = names::name(names::ALERTS, u16::from(description));
        let name = name.to_lowercase().replace(' ', "_");
        // TLS 1.3 ignores the level: all but a few alerts end the connection (section 6).
        let ends = (level == FATAL || self.is_tls13()) && description != USER_CANCELED;
        let (headline, outcome) = if ends {
            (format!("Refuses, and ends the connection: {name}"), Outcome::Refused)
        } else {
            (format!("Warns: {name}"), Outcome::Arrived)
        };
        let telling = self
            .bead(name, headline)
            .detail(format!("Sent by {}.", self.sender()))
            .weight(9, 5)
            .outcome(outcome);
        Some(self.cite(telling, "tls/alert", "6.2", "7.2.2").answering())
    }

    /// A record that no key opens.
    pub(super) fn sealed(&self, reason: Option<Reason>) -> Telling {
        // What a record holds is sealed too in TLS 1.3 (RFC 9846, section 5.2).
        let (label, headline) = match self.body.rest().first() {
            Some(21) => ("sealed alert", "An alert, sealed: which one, only the two ends can read"),
            Some(22) => ("sealed handshake", "A handshake message, sealed with the new keys"),
            _ => ("sealed record", "Sealed: only the two ends can read it"),
        };
        let telling = Telling::new(label, headline, SEALED)
            .detail(reason.map_or("", Reason::sentence))
            .weight(1, 1);
        if self.is_tls13() {
            telling.lesson("tls/sealed", TLS13, "5.2")
        } else {
            telling.lesson("tls/sealed", TLS12, "6.2.3")
        }
    }
}

/// The chapter of records that no key opens, unless they ride along with others.
const SEALED: &str = "Sealed data";

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase).into_iter().flatten();
    first.chain(letters).collect()
}
