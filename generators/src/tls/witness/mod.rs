//! Witnesses: what the TLS library asks or tells during a handshake goes through them, and they say
//! it.
//!
//! Each stands in a place where the library takes an object of the program's own, hands every
//! question on to the ordinary answer, and adds an entry to the transcript. None changes a
//! decision.

/// The library wants its parts printable; a witness prints as whose it is.
macro_rules! printable {
    ($($witness:ident),*) => {$(
        impl fmt::Debug for $witness {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, "{} of {}", stringify!($witness), self.actor.role())
            }
        }
    )*};
}

mod certificates;
mod sealing;
mod sessions;

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use rustls::KeyLog;

pub(super) use certificates::{ChooseCertificate, Verifier};
pub(super) use sealing::SealingWitness;
pub(super) use sessions::{ClientTickets, ServerTickets, Ticketer};

use crate::{actor::Actor, steps};

/// Hears of each secret, and says when both directions of an epoch have theirs.
pub(super) struct KeyWitness {
    actor: Actor,
    next: Arc<dyn KeyLog>,
    /// How many secrets of an epoch have come, by epoch and client random.
    come: Mutex<HashMap<(&'static str, Vec<u8>), usize>>,
}

impl KeyWitness {
    pub(super) fn new(actor: Actor) -> KeyWitness {
        let next = actor.stage().keys();
        KeyWitness { actor, next, come: Mutex::default() }
    }
}

impl KeyLog for KeyWitness {
    fn log(&self, label: &str, client_random: &[u8], secret: &[u8]) {
        self.next.log(label, client_random, secret);
        let (epoch, secrets) = match label {
            // The master secret, of which TLS 1.2 makes the keys of both directions.
            "CLIENT_RANDOM" => ("connection", 1),
            "CLIENT_HANDSHAKE_TRAFFIC_SECRET" | "SERVER_HANDSHAKE_TRAFFIC_SECRET" => {
                ("handshake", 2)
            }
            "CLIENT_TRAFFIC_SECRET_0" | "SERVER_TRAFFIC_SECRET_0" => ("application", 2),
            // Only the client sends early data.
            "CLIENT_EARLY_TRAFFIC_SECRET" => ("early", 1),
            // Not a traffic secret: nothing on the wire is sealed with it.
            _ => return,
        };
        let mut come = self.come.lock().unwrap_or_else(PoisonError::into_inner);
        let come = come.entry((epoch, client_random.to_vec())).or_default();
        *come += 1;
        if *come == secrets {
            self.actor.say(steps::tls_keys(epoch, client_random));
        }
    }
}

printable!(KeyWitness);
