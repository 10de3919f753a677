//! Connections of TLS in memory: what older versions and odd captures hold.

mod older;
mod premaster;

use crate::protocols::stage::{Step, ask, say};

const TLS10: [u8; 2] = [3, 1];
const TLS12: [u8; 2] = [3, 3];

const HANDSHAKE: u8 = 22;

fn hex(text: &str) -> Vec<u8> {
    data_encoding::HEXLOWER.decode(text.as_bytes()).unwrap()
}

/// A record of a version.
fn record(kind: u8, version: [u8; 2], content: &[u8]) -> Vec<u8> {
    [&[kind][..], &version, &(content.len() as u16).to_be_bytes(), content].concat()
}

/// A handshake message.
fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    [&[kind][..], &(body.len() as u32).to_be_bytes()[1..], body].concat()
}

/// A ClientHello that offers one suite.
fn client_hello(version: [u8; 2], suite: u16) -> Vec<u8> {
    let [high, low] = suite.to_be_bytes();
    let body = [&version[..], &[7; 32], &[0, 0, 2, high, low, 1, 0]].concat();
    message(1, &body)
}

/// A ServerHello that takes it.
fn server_hello(version: [u8; 2], suite: u16) -> Vec<u8> {
    message(2, &[&version[..], &[8; 32], &[0], &suite.to_be_bytes(), &[0]].concat())
}

/// Both hellos, in records of their own.
fn hellos(version: [u8; 2], suite: u16) -> [Step; 2] {
    [
        ask(record(HANDSHAKE, version, &client_hello(version, suite))),
        say(record(HANDSHAKE, version, &server_hello(version, suite))),
    ]
}
