//! A connection to be played: its handshake, and packets after it.

use super::PORTS;
use super::packets::{CHOSEN, OF_CLIENT, OF_SERVER, answer_for, first_for, last};
use super::seal::{CLIENT, SERVER, key_log, short};
use crate::protocols::stage::{Played, ask, line, play_keyed, say};
use crate::registry::standard;

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
    let packets: Vec<_> =
        (0..).zip(packets).map(|(number, (by, frames))| (*by, number, frames.clone())).collect();
    numbered(alpn, &packets)
}

/// The same, each packet with a number of its own.
pub(super) fn numbered(alpn: &[u8], packets: &[(By, u16, Vec<u8>)]) -> Played {
    let hello = first_for(alpn, CHOSEN, CHOSEN, &[], false);
    let mut steps = vec![ask(hello), say(answer_for(alpn, CHOSEN)), ask(last())];
    steps.extend(packets.iter().map(|(by, number, frames)| match by {
        By::Client => ask(short(OF_SERVER, (&CLIENT, &CLIENT, false), *number, frames)),
        By::Server => say(short(OF_CLIENT, (&SERVER, &SERVER, false), *number, frames)),
    }));
    play_keyed(PORTS, &steps, &key_log())
}

/// The server sends a packet of that number; the client acknowledges numbers, from the highest run
/// down.
pub(super) fn server(number: u16, frames: Vec<u8>) -> (By, u16, Vec<u8>) {
    (By::Server, number, frames)
}

/// See [`server`].
pub(super) fn acknowledge(number: u16, runs: &[(u8, u8)]) -> (By, u16, Vec<u8>) {
    let [(from, to), rest @ ..] = runs else { panic!("an ACK names a packet") };
    let mut frames = vec![2, *to, 0, rest.len() as u8, to - from];
    let mut below = *from;
    for (from, to) in rest {
        frames.extend([below - to - 2, to - from]);
        below = *from;
    }
    (By::Client, number, frames)
}

/// What is told of packets, and not of what they carry, line by line.
pub(super) fn told(stage: &Played) -> Vec<String> {
    let view = stage.view();
    let told = stage.messages().iter().filter_map(|message| {
        let protocol = view.layer(message.layer)?.protocol;
        let is_packet = protocol == super::super::PROTOCOL_ID;
        is_packet.then(|| standard().get(protocol).tell(message, &view)).flatten()
    });
    told.map(|told| line(&told)).collect()
}
