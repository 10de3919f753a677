//! What is told of a hello that lay sealed in another. What becomes of it on the way stands beside
//! whole connections (`tls/tests/ech.rs`).

use super::super::super::handshake::Ech;
use super::*;

#[track_caller]
fn inside(extensions: &[Vec<u8>], expected: &str) {
    let extra = Extra { ech: Ech::Inner, ..open() };
    check(extra, CLIENT, (Type::CLIENT_HELLO, &hello(ONE_SUITE, extensions)), expected);
}

#[test]
fn a_hello_that_was_sealed_says_whom_it_asks_for() {
    let name = extension(0, &[0, 8, 0, 0, 5, b'e', b'.', b'o', b'r', b'g']);
    let alpn = extension(16, &[0, 3, 2, b'h', b'2']);
    let begins = "This stood in the ClientHello before it, sealed to a key that the server has \
                  published: nobody on the way reads it.";
    inside(
        &[versions(), name, alpn],
        &format!(
            "sealed ClientHello | Inside, under seal: it asks for e.org | {begins} It offers to \
             speak h2 (ALPN)."
        ),
    );
    inside(
        &[versions(), extension(42, &[])],
        &format!(
            "sealed ClientHello | Inside, under seal: it names no server | {begins} The early data \
             goes with this one."
        ),
    );
}
