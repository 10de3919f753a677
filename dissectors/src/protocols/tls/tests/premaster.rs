//! Secrets of which the master secret is made: by how they were sealed, and by the client's random.
//! What is opened was guarded by another program (Python's hashes) with a premaster secret of 48
//! times 11.

use super::{HANDSHAKE, NULL, client_hello, hex, message, played, record, server_hello};
use crate::protocols::stage::{ask, say};

/// What stands for a premaster secret sealed with RSA.
const SEALED: [u8; 16] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];

/// A hello with extended_master_secret (RFC 7627).
fn extended(hello: &[u8], is_extended: bool) -> Vec<u8> {
    let list: &[u8] = if is_extended { &[0, 4, 0, 23, 0, 0] } else { &[] };
    message(hello[0], &[&hello[4..], list].concat())
}

/// The last row of a connection that says hello, with that key log.
fn last_row(version: u8, is_extended: bool, tag: &str, log: &str) -> String {
    let version = [3, version];
    let of = |kind, content: &[u8]| record(kind, version, content);
    let counted = [&[0, 16][..], &SEALED].concat();
    let exchange = if version == [3, 0] { SEALED.to_vec() } else { counted };
    let steps = [
        ask(of(HANDSHAKE, &extended(&client_hello(version, NULL), is_extended))),
        say(of(HANDSHAKE, &extended(&server_hello(version, NULL), is_extended))),
        ask([of(HANDSHAKE, &message(16, &exchange)), of(20, &[1])].concat()),
        ask(of(23, &[&b"hello"[..], &hex(tag)].concat())),
    ];
    let rows = played(&steps, log).rows();
    rows.lines().next_back().unwrap().to_owned()
}

#[test]
fn the_master_secret_is_made_of_the_premaster_secret() {
    let (random, premaster) = ("07".repeat(32), "0b".repeat(48));
    let by_random = format!("PMS_CLIENT_RANDOM {random} {premaster}\n");
    let by_sealed = format!("RSA 0102030405060708 {premaster}\n");
    for (version, is_extended, tag) in [
        (0, false, "0537de7e62e0dd856d0c36b1f4c3e01758db6c0d"),
        (1, false, "03e7024e1b46c7666b484765b177d1ff43b27100"),
        (1, true, "f0cf9ff8521232f44a188e58076add543320cc6b"),
        (2, true, "bae44cf52f9c29a4b7cb7ff80856520bff369f42"),
        (3, false, "60dc3d3b48ee3873a3a70add02d16622b2721959"),
        (3, true, "d70aac2b2a431276c131637fcbbc6a8907f39356"),
    ] {
        for log in [&by_random, &by_sealed] {
            let found = last_row(version, is_extended, tag, log);
            assert_eq!(found, "data@4 5 bytes", "{version} {is_extended} {log}");
        }
        let other = by_sealed.replace("0708", "0709");
        assert_eq!(last_row(version, is_extended, tag, &other), "tls@4 Application Data");
        let wrong = by_random.replace("0b0b", "0b0c");
        assert_eq!(last_row(version, is_extended, tag, &wrong), "tls@4 Application Data");
    }
}
