//! Messages that TLS 1.2 gave a pair of algorithms, and older versions have not.

use super::{
    HANDSHAKE, NULL, TLS10, TLS12, client_hello, guarded, hellos, log, message, played, record,
    server_hello,
};
use crate::protocols::stage::{Step, ask, on_port, say};

/// Over ECDHE with RSA: the server's half of the key, what it asks of the client, and its proof.
fn signed(version: [u8; 2], algorithms: &[u8], list: &[u8]) -> Vec<Step> {
    let half = [&[3, 0, 29, 2, 6, 6][..], algorithms, &[0, 3, 1, 2, 3]].concat();
    let request = [&[1, 1][..], list, &[0, 0]].concat();
    let proof = [algorithms, &[0, 2, 4, 5]].concat();
    let [hello, answer] = hellos(version, 0xc013);
    let server = [message(12, &half), message(13, &request)].concat();
    let client = record(HANDSHAKE, version, &message(15, &proof));
    vec![hello, answer, say(record(HANDSHAKE, version, &server)), ask(client)]
}

#[test]
fn signatures_name_their_algorithms_only_since_tls_12() {
    for (version, algorithms, list, named) in
        [(TLS10, &[][..], &[][..], ""), (TLS12, &[4, 1][..], &[0, 2, 4, 1][..], "1025 1025 1025")]
    {
        let read = on_port(443, &signed(version, algorithms, list));
        let values = |name| read.values(name);
        assert_eq!(values("tls.handshake.sig_hash_alg"), named);
        assert_eq!(values("tls.handshake.sig_len"), "3");
        assert_eq!(values("tls.handshake.sig"), "010203");
        assert_eq!(values("tls.handshake.cert_type"), "1");
        assert_eq!(values("tls.handshake.client_cert_vrfy.sig"), "0405");
        let notes = read.messages().iter().flat_map(|one| read.describe(one).notes);
        assert_eq!(notes.collect::<Vec<_>>(), [""; 0]);
    }
}

/// A ServerHello with extensions that say less than they must, and one more behind them.
#[test]
fn an_extension_that_is_too_short_costs_itself_only() {
    let empty = |kind: u8| [0, kind, 0, 0];
    let list = [empty(1), empty(10), empty(51), empty(23)].concat();
    let body = [&TLS12[..], &[8; 32], &[0, 0xc0, 0x2f, 0], &[0, list.len() as u8], &list].concat();
    let read = on_port(443, &[say(record(HANDSHAKE, TLS12, &message(2, &body)))]);
    assert_eq!(read.values("tls.handshake.extension.type"), "1 10 51 23");
    let notes: Vec<String> =
        read.messages().iter().flat_map(|one| read.describe(one).notes).collect();
    assert_eq!(notes.len(), 3, "{notes:?}");
}

/// A hello with truncated_hmac, or as it is.
fn cut(hello: &[u8], is_cut: bool) -> Vec<u8> {
    let list: &[u8] = if is_cut { &[0, 4, 0, 4, 0, 0] } else { &[] };
    record(HANDSHAKE, TLS12, &message(hello[0], &[&hello[4..], list].concat()))
}

#[test]
fn a_keyed_hash_may_be_cut_to_ten_bytes() {
    for (agreed, short, expected) in [
        (true, true, "data@3 5 bytes"),
        (false, false, "data@3 5 bytes"),
        (true, false, "tls@3 Application Data"),
        (false, true, "tls@3 Application Data"),
    ] {
        let mut tagged = guarded(23, 0, b"hello");
        if short {
            tagged.truncate(5 + 5 + 10);
            tagged[4] = 15;
        }
        let steps = [
            ask(cut(&client_hello(TLS12, NULL), true)),
            say(cut(&server_hello(TLS12, NULL), agreed)),
            ask([record(20, TLS12, &[1]), tagged].concat()),
        ];
        let rows = played(&steps, &log("07")).rows();
        assert_eq!(rows.lines().next_back(), Some(expected), "{agreed} {short}");
    }
}
