//! How keys are exchanged before TLS 1.3, and how a handshake ends.

use super::*;

#[test]
fn halves_of_keys() {
    let (server, client) = (Type::SERVER_KEY_EXCHANGE, Type::CLIENT_KEY_EXCHANGE);
    check(
        tls12(ECDHE),
        SERVER,
        (server, &[3, 0, 29]),
        "ServerKeyExchange | Sends its half of the key, signed | x25519. The signature binds it \
         to the certificate, whose key alone opens no recording, even when it is stolen later \
         (forward secrecy).",
    );
    check(
        tls12(DHE),
        SERVER,
        (server, &[]),
        "ServerKeyExchange | Sends its half of the key, signed | finite field. The \
             signature binds it to the certificate, whose key alone opens no recording, even \
             when it is stolen later (forward secrecy).",
    );
    check(
        tls12(ANONYMOUS),
        SERVER,
        (server, &[3, 0, 29]),
        "ServerKeyExchange | Sends its half of the key, signed by nobody | x25519. Whoever sits \
         on the way can put another one in its place.",
    );
    check(
        tls12(Suite(0x008c)),
        SERVER,
        (server, &[]),
        "ServerKeyExchange | Sends what the key exchange needs",
    );
    check(
        tls12(ECDHE),
        CLIENT,
        (client, &[]),
        "ClientKeyExchange | Sends its half of the key: now both can compute the \
             application keys | A second round trip begins; in TLS 1.3 this half comes with the \
             ClientHello.",
    );
    check(
        tls12(RSA),
        CLIENT,
        (client, &[]),
        "ClientKeyExchange | Seals a secret to the server’s certificate: both can compute \
             the keys | Whoever gets the server’s private key later can open the recording.",
    );
    check(
        tls12(Suite(0x008c)),
        CLIENT,
        (client, &[]),
        "ClientKeyExchange | Sends what is missing: now both can compute the application keys | \
             A second round trip begins.",
    );
}

#[test]
fn how_a_handshake_ends() {
    let kind = Type::FINISHED;
    let resumed = Extra { resumed: true, ..tls12(ECDHE) };
    let (client, server) = ((true, Protection::Application), (false, Protection::Application));
    check(
        tls12(ECDHE),
        client,
        (kind, &[]),
        "Finished | Proves that nothing was tampered with, sealed with the new keys | Data \
             may follow once the server has answered in kind.",
    );
    check(
        tls12(ECDHE),
        server,
        (kind, &[]),
        "Finished | Proves the same: the handshake is complete, and data may flow | TLS has \
             taken two round trips; TLS 1.3 needs one less.",
    );
    check(
        resumed,
        client,
        (kind, &[]),
        "Finished | Proves that nothing was tampered with; data may follow at once | The \
             earlier session has saved a round trip.",
    );
    check(
        resumed,
        server,
        (kind, &[]),
        "Finished | Proves that it knows the old secret, and that nothing was tampered with \
             | In a resumed session the server is first.",
    );
    check(
        tls13(),
        SERVER_SEALED,
        (kind, &[]),
        "Finished | Proves that nothing was tampered with, and ends its part | From all \
             messages so far, both compute the application keys.",
    );
    check(
        tls13(),
        CLIENT_SEALED,
        (kind, &[]),
        "Finished | Proves that the handshake was not tampered with | Application keys from \
             here on: the first request may follow at once.",
    );
    check(
        Extra { early: true, taken: true, ..tls13() },
        CLIENT_SEALED,
        (kind, &[]),
        "Finished | Proves that the handshake was not tampered with | Application keys from \
             here on: the early data ends.",
    );
    check(tls13(), client, (kind, &[]), "Finished | Closes the late proof of who it is");
    check(
        tls13(),
        (true, Protection::Early),
        (Type::END_OF_EARLY_DATA, &[]),
        "EndOfEarlyData | Ends the early data; handshake keys from here on",
    );
    for (extra, expected) in [(tls13(), CHANGE_13), (tls12(ECDHE), CHANGE_12)] {
        let told = told(extra, true, Protection::Clear, &[1]).change_cipher_spec();
        assert_eq!(line(&told), expected);
    }
}

const CHANGE_13: &str = "ChangeCipherSpec | Says nothing: it is there to look like TLS 1.2 | \
                         Some devices on the way know only TLS 1.2, and drop what looks new.";
const CHANGE_12: &str = "ChangeCipherSpec | From here on the new keys seal this direction | \
                         A record of its own kind, not a handshake message.";
