//! A connection to be played: what both sides send in the handshake, and packets after it.

use super::super::version::Version;
use super::PORTS;
use super::seal::{
    CLIENT, CLIENT_HANDSHAKE, SERVER, SERVER_HANDSHAKE, client_hello, crypto, encrypted_extensions,
    finished, initial, key_log, long, server_hello, short,
};
use crate::protocols::stage::{Played, ask, play_keyed, say};

/// The ids that the client chose for the server, and that both sides go by.
pub(super) const CHOSEN: &[u8] = &[1; 8];
pub(super) const OF_CLIENT: &[u8] = &[2; 5];
pub(super) const OF_SERVER: &[u8] = &[3; 7];
pub(super) const TOKEN: [u8; 16] = [0x77; 16];

/// The client's first packet, to that id.
pub(super) fn first(chosen: &[u8], to: &[u8], token: &[u8], early: bool) -> Vec<u8> {
    let secret = initial(Version::V1, chosen, "client in");
    let frames = [crypto(0, &client_hello(b"h3", early)), vec![0; 900]].concat();
    long(0xc0, (to, OF_CLIENT), Some(token), &secret, 0, &frames)
}

/// The server's answer: two packets in one datagram.
pub(super) fn answer(chosen: &[u8]) -> Vec<u8> {
    let secret = initial(Version::V1, chosen, "server in");
    let ids = (OF_CLIENT, OF_SERVER);
    let hello = long(0xc0, ids, Some(&[]), &secret, 0, &crypto(0, &server_hello()));
    let rest = [encrypted_extensions(b"h3", TOKEN), finished()].concat();
    [hello, long(0xe0, ids, None, &SERVER_HANDSHAKE, 0, &crypto(0, &rest))].concat()
}

/// The client's last word of the handshake.
pub(super) fn last() -> Vec<u8> {
    let ids = (OF_SERVER, OF_CLIENT);
    long(0xe0, ids, None, &CLIENT_HANDSHAKE, 0, &crypto(0, &finished()))
}

/// A packet of the client's with a PING in it.
pub(super) fn ping(number: u16) -> Vec<u8> {
    short(OF_SERVER, (&CLIENT, &CLIENT, false), number, &[1])
}

/// Who sends a packet of [`connection`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::protocols) enum By {
    Client,
    Server,
}

/// A connection whose handshake is over, and packets after it, each with its frames: they begin in
/// frame 4.
pub(in crate::protocols) fn connection(packets: &[(By, Vec<u8>)]) -> Played {
    let mut steps = vec![ask(first(CHOSEN, CHOSEN, &[], false)), say(answer(CHOSEN)), ask(last())];
    for (number, (by, frames)) in (0..).zip(packets) {
        steps.push(match by {
            By::Client => ask(short(OF_SERVER, (&CLIENT, &CLIENT, false), number, frames)),
            By::Server => say(short(OF_CLIENT, (&SERVER, &SERVER, false), number, frames)),
        });
    }
    play_keyed(PORTS, &steps, &key_log())
}
