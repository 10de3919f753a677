//! What both sides of a connection send in its handshake.

use super::seal::{
    CLIENT, CLIENT_HANDSHAKE, SERVER_HANDSHAKE, client_hello, crypto, encrypted_extensions,
    finished, initial, long, server_hello, short,
};

/// The ids that the client chose for the server, and that both sides go by.
pub(crate) const CHOSEN: &[u8] = &[1; 8];
pub(crate) const OF_CLIENT: &[u8] = &[2; 5];
pub(crate) const OF_SERVER: &[u8] = &[3; 7];
pub(crate) const TOKEN: [u8; 16] = [0x77; 16];

/// The client's first packet, to that id.
pub(crate) fn first(chosen: &[u8], to: &[u8], token: &[u8], early: bool) -> Vec<u8> {
    first_for(b"h3", chosen, to, token, early)
}

/// The same, with the protocol that is to be spoken.
pub(crate) fn first_for(
    alpn: &[u8],
    chosen: &[u8],
    to: &[u8],
    token: &[u8],
    early: bool,
) -> Vec<u8> {
    let secret = initial(chosen, "client in");
    let frames = [crypto(0, &client_hello(alpn, early)), vec![0; 900]].concat();
    long(0xc0, (to, OF_CLIENT), Some(token), &secret, 0, &frames)
}

/// The server's answer: two packets in one datagram.
pub(crate) fn answer(chosen: &[u8]) -> Vec<u8> {
    answer_for(b"h3", chosen)
}

/// The same, with the protocol that is to be spoken.
pub(crate) fn answer_for(alpn: &[u8], chosen: &[u8]) -> Vec<u8> {
    let secret = initial(chosen, "server in");
    let ids = (OF_CLIENT, OF_SERVER);
    let hello = long(0xc0, ids, Some(&[]), &secret, 0, &crypto(0, &server_hello()));
    let rest = [encrypted_extensions(alpn, TOKEN), finished()].concat();
    [hello, long(0xe0, ids, None, &SERVER_HANDSHAKE, 0, &crypto(0, &rest))].concat()
}

/// The client's last word of the handshake.
pub(crate) fn last() -> Vec<u8> {
    let ids = (OF_SERVER, OF_CLIENT);
    long(0xe0, ids, None, &CLIENT_HANDSHAKE, 0, &crypto(0, &finished()))
}

/// A packet of the client's with a PING in it.
pub(crate) fn ping(number: u16) -> Vec<u8> {
    short(OF_SERVER, (&CLIENT, &CLIENT, false), number, &[1])
}
