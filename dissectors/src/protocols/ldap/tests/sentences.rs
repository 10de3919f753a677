//! Every sentence of LDAP, beside what is said.

use super::message;
use crate::protocols::stage::{ask, check_told, on_port, say};

#[test]
fn operations() {
    let done: &[u8] = &[10, 1, 0, 4, 0, 4, 0];
    let name = [&[0x80, 22][..], b"1.3.6.1.4.1.1466.20037"].concat();
    let steps = [
        ask(message(1, 0x60, &[2, 1, 3, 4, 0, 0x80, 0])),
        say(message(1, 0x61, done)),
        ask(message(2, 0x63, &[4, 0])),
        say(message(2, 0x64, &[4, 0])),
        say(message(2, 0x65, done)),
        ask(message(3, 0x4a, &[])),
        say(message(3, 0x6b, &[10, 1, 32, 4, 0, 4, 0])),
        ask(message(4, 0x50, &[2])),
        ask(message(5, 0x42, &[])),
    ];
    check_told(
        &on_port(389, &steps),
        &[
            "bindRequest | Says who it is",
            "bindResponse | Answers; the number says which request",
            "searchRequest | Searches the directory",
            "searchResEntry | Gives one of the results",
            "searchResDone | Ends the results",
            "delRequest | Asks the server; the number will be in the answer",
            "delResponse | Answers; the number says which request | Result: noSuchObject.",
            "abandonRequest | No longer wants an answer",
            "unbindRequest | Takes leave; nothing answers it",
        ],
    );
    check_told(
        &on_port(389, &[ask(message(4, 0x77, &name))]),
        &["StartTLS | Asks to go on in TLS on this connection | Until the handshake has \
             ended, anyone on the way can take this away."],
    );
}

#[test]
fn the_layer_of_sasl() {
    let bind = [
        ask(message(1, 0x60, &[2, 1, 3, 4, 0, 0xa3, 0])),
        say(message(1, 0x61, &[10, 1, 0, 4, 0, 4, 0])),
    ];
    let mut token = vec![0, 0, 0, 20, 5, 4, 2, 0xff, 0, 0, 0, 0];
    token.extend([7; 12]);
    let [first, second] = bind;
    let mut signed = token.clone();
    signed[6] = 0;
    check_told(
        &on_port(389, &[first, second, ask(token), ask(signed)]),
        &[
            "bindRequest | Says who it is",
            "bindResponse | Answers; the number says which request",
            "20 bytes | Sealed with the key that the bind agreed on: only the two ends can read \
             it",
            "4 bytes | Bytes that are no message",
        ],
    );
}
