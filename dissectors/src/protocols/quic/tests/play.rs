//! A connection to be played: its handshake, and packets after it.

use super::PORTS;
use super::packets::{CHOSEN, OF_CLIENT, OF_SERVER, answer_for, first_for, last};
use super::seal::{CLIENT, SERVER, key_log, short};
use crate::protocols::stage::{Played, ask, play_keyed, say};

/// Who sends a packet of [`connection`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::protocols) enum By {
    Client,
    Server,
}

/// A connection whose handshake is over, and packets after it, each with its frames: they begin in
/// frame 4.
pub(in crate::protocols) fn connection(packets: &[(By, Vec<u8>)]) -> Played {
    speaking(b"h3", packets)
}

/// The same, with the protocol that is spoken on its streams.
pub(super) fn speaking(alpn: &[u8], packets: &[(By, Vec<u8>)]) -> Played {
    let hello = first_for(alpn, CHOSEN, CHOSEN, &[], false);
    let mut steps = vec![ask(hello), say(answer_for(alpn, CHOSEN)), ask(last())];
    for (number, (by, frames)) in (0..).zip(packets) {
        steps.push(match by {
            By::Client => ask(short(OF_SERVER, (&CLIENT, &CLIENT, false), number, frames)),
            By::Server => say(short(OF_CLIENT, (&SERVER, &SERVER, false), number, frames)),
        });
    }
    play_keyed(PORTS, &steps, &key_log())
}
