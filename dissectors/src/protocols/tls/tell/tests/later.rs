//! What comes after the handshake, and what goes wrong.

use super::super::super::reason::Reason;
use super::super::super::version::Version;
use super::{ECDHE, Extra, Protection, SERVER, Type, check, extension, line, tls12, tls13, told};

#[test]
fn what_comes_later() {
    let ticket = Type::NEW_SESSION_TICKET;
    let server = (false, Protection::Application);
    let body = |lifetime: u32, extensions: &[u8]| {
        let len = (extensions.len() as u16).to_be_bytes();
        [&lifetime.to_be_bytes()[..], &[0; 4], &[1, 0], &[0, 1, 9], &len, extensions].concat()
    };
    check(
        tls13(),
        server,
        (ticket, &body(0, &[])),
        "NewSessionTicket | The ticket lets the next visit do without a certificate | With \
             no lifetime given.",
    );
    check(
        tls13(),
        server,
        (ticket, &body(300, &extension(42, &[0; 4]))),
        "NewSessionTicket | The ticket lets the next visit send early data (0-RTT) | Good for \
         300 s.",
    );
    check(
        tls12(ECDHE),
        SERVER,
        (ticket, &body(7200, &[])),
        "NewSessionTicket | Hands out a ticket: the next handshake may take one round trip \
             | Good for 2 h. It travels in the clear.",
    );
    check(
        tls12(ECDHE),
        server,
        (ticket, &body(604_800, &[])),
        "NewSessionTicket | Hands out a ticket: the next handshake may take one round trip \
             | Good for 7 days.",
    );
    check(
        tls13(),
        server,
        (Type::KEY_UPDATE, &[0]),
        "KeyUpdate | Takes new keys into use in its direction | The new key is computed from \
         the old one: no round trip, no key exchange.",
    );
    check(
        tls13(),
        server,
        (Type::KEY_UPDATE, &[1]),
        "KeyUpdate | Takes new keys into use, and asks the other side to do the same | The new \
         key is computed from the old one: no round trip, no key exchange.",
    );
}

#[test]
fn proofs_before_their_algorithms_had_names() {
    check(
        Extra { version: Version::TLS10, agreed: true, ..Extra::default() },
        (true, Protection::Clear),
        (Type::CERTIFICATE_VERIFY, &[1, 0]),
        "CertificateVerify | Proves that it holds the certificate’s private key | Signed, over all \
         messages so far: in another handshake a copy is worth nothing.",
    );
}

#[test]
fn alerts() {
    let check = |extra: Extra, protection: Protection, body: &[u8], expected: &str| {
        let told = told(extra, false, protection, body).alert().unwrap();
        assert_eq!(line(&told), expected);
    };
    check(tls12(ECDHE), Protection::Clear, &[1, 0], CLOSE_CLEAR);
    check(tls13(), Protection::Application, &[1, 0], CLOSE_SEALED);
    check(tls13(), Protection::Handshake, &[1, 48], FATAL);
    check(tls12(ECDHE), Protection::Clear, &[2, 48], FATAL);
    check(tls12(ECDHE), Protection::Clear, &[1, 112], WARNING);
    check(tls13(), Protection::Application, &[1, 90], CANCELED);
}

const CLOSE_CLEAR: &str = "close_notify | Ends what it says in TLS | Without it, what came may \
                           have been cut short. Nothing seals this one: anybody can forge it.";
const CLOSE_SEALED: &str = "close_notify | Ends what it says in TLS | Without it, what came may \
                            have been cut short. It is sealed: who has no keys cannot forge it.";
const FATAL: &str =
    "unknown_ca | Refuses, and ends the connection: unknown_ca | Sent by the server.";
const WARNING: &str = "unrecognized_name | Warns: unrecognized_name | Sent by the server.";
const CANCELED: &str = "user_canceled | Warns: user_canceled | Sent by the server.";

#[test]
fn sealed_records() {
    for (content, expected) in [
        (21, "sealed alert | An alert, sealed: which one, only the two ends can read"),
        (22, "sealed handshake | A handshake message, sealed with the new keys"),
        (23, "sealed record | Sealed: only the two ends can read it"),
    ] {
        let told = told(tls12(ECDHE), true, Protection::Opaque, &[content, 3, 3]).sealed(None);
        assert_eq!(line(&told), expected);
    }
    let why = |reason| {
        let told = told(tls12(ECDHE), true, Protection::Opaque, &[23, 3, 3]);
        line(&told.sealed(Some(reason)))
    };
    for (reason, expected) in [
        (Reason::NoKeys, "A key log with the secrets of this connection would open it."),
        (
            Reason::NoLine,
            "The keys at hand are those of other connections: no line of the key log bears the \
             random of this ClientHello.",
        ),
        (
            Reason::NoLabel,
            "The key log holds other secrets of this connection, and not the one that this takes.",
        ),
        (
            Reason::NoHandshake,
            "What both sides agreed on is not in the capture: no key can be tried.",
        ),
        (Reason::Suite, "The cipher suite is none that is opened here."),
        (
            Reason::Mismatch,
            "The key at hand does not open it: it was changed on its way, or the key is that of \
             another connection.",
        ),
        (Reason::Behind, "Something before it is missing, and it takes that to open it."),
        (Reason::Compressed, "It opens, and what it holds cannot be inflated."),
    ] {
        let said = "sealed record | Sealed: only the two ends can read it";
        assert_eq!(why(reason), format!("{said} | {expected}"));
    }
}
