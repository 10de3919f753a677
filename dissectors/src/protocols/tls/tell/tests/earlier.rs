//! What a ClientHello holds beside the usual: earlier visits, large key shares, and what may be an
//! encrypted ClientHello.

use super::{CLIENT, ONE_SUITE, SERVER_SEALED, TWO_SUITES, Type, check, extension, hello, open};
use super::{tls13, versions};

/// Two tickets of one byte, with binders of one byte.
fn tickets(count: usize) -> Vec<u8> {
    let identities = [0, 1, 9, 0, 0, 0, 0].repeat(count);
    let binders = [1, 9].repeat(count);
    let len = |part: &[u8]| (part.len() as u16).to_be_bytes();
    extension(41, &[&len(&identities)[..], &identities, &len(&binders), &binders].concat())
}

fn share(group: u16, len: usize) -> Vec<u8> {
    let entry = [&group.to_be_bytes()[..], &(len as u16).to_be_bytes(), &vec![7; len]].concat();
    extension(51, &[&(entry.len() as u16).to_be_bytes()[..], &entry].concat())
}

#[track_caller]
fn offers(suites: &[u8], extensions: &[Vec<u8>], expected: &str) {
    check(open(), CLIENT, (Type::CLIENT_HELLO, &hello(suites, extensions)), expected);
}

#[test]
fn earlier_visits() {
    let guess = "ClientHello | Offers, and guesses: a key share for x25519 is sent at once | The \
                 guess is what saves TLS 1.2’s second round trip.";
    offers(
        ONE_SUITE,
        &[versions(), share(29, 1), tickets(1)],
        &format!(
            "{guess} It shows the ticket of an earlier visit, and proves by a binder that it has \
             the secret behind it; it offers 1 suite."
        ),
    );
    offers(
        ONE_SUITE,
        &[versions(), share(29, 1), tickets(2)],
        &format!(
            "{guess} It shows tickets of earlier visits, and proves by binders that it has the \
             secrets behind them; it offers 1 suite."
        ),
    );
    let waits = "ClientHello | Offers what it can do; keys have to wait | Before TLS 1.3, keys are \
                 exchanged only when the suite is settled.";
    offers(
        TWO_SUITES,
        &[extension(35, &[9])],
        &format!(
            "{waits} It shows the ticket of an earlier visit, which only the server can open; it \
             offers 2 suites."
        ),
    );
    offers(TWO_SUITES, &[extension(35, &[])], &format!("{waits} It offers 2 suites."));
    let mut named = hello(TWO_SUITES, &[]);
    named.splice(34..35, [1, 9]);
    check(
        open(),
        CLIENT,
        (Type::CLIENT_HELLO, &named),
        &format!(
            "{waits} It names the session of an earlier visit, which the server may have kept; it \
             offers 2 suites."
        ),
    );
}

#[test]
fn large_shares() {
    let begin = "ClientHello | Offers, and guesses: a key share for X25519MLKEM768 is sent at once \
                 | The guess is what saves TLS 1.2’s second round trip. It offers 1 suite. The \
                 share for X25519MLKEM768 takes";
    offers(
        ONE_SUITE,
        &[versions(), share(0x11ec, 1216), extension(21, &[0; 200])],
        &format!(
            "{begin} 1216 bytes, so that the ClientHello has 1484 and no longer fits into one \
             packet of Ethernet."
        ),
    );
    offers(
        ONE_SUITE,
        &[versions(), share(0x11ec, 1216)],
        &format!(
            "{begin} 1216 bytes, so that the ClientHello has 1280 and still fits into one packet."
        ),
    );
}

#[test]
fn what_may_be_an_encrypted_hello() {
    offers(
        ONE_SUITE,
        &[versions(), share(29, 1), extension(0xfe0d, &[0; 186])],
        "ClientHello | Offers, and guesses: a key share for x25519 is sent at once | The guess is \
         what saves TLS 1.2’s second round trip. It offers 1 suite. Its encrypted_client_hello \
         holds 186 bytes: another ClientHello sealed for the server, or random bytes in its place \
         (GREASE); nobody outside can tell which.",
    );
    let list = extension(0xfe0d, &[0; 4]);
    let body = [&(list.len() as u16).to_be_bytes()[..], &list].concat();
    check(
        tls13(),
        SERVER_SEALED,
        (Type::ENCRYPTED_EXTENSIONS, &body),
        "EncryptedExtensions | Answers the rest of the offer, sealed | The encrypted ClientHello \
         could not be opened: the keys for next time are here. TLS 1.2 says all of this in the \
         clear.",
    );
}
