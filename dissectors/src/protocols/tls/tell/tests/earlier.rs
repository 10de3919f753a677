//! What a ClientHello holds beside the usual: earlier visits, large key shares, and what may be an
//! encrypted ClientHello.

use super::{
    CLIENT, Extra, ONE_SUITE, SERVER, SERVER_SEALED, TWO_SUITES, Type, check, extension, hello,
    open, shares, tls13, versions,
};
use crate::message::Protection;

/// Tickets of one byte, with binders of one byte, of an age that is hidden.
fn tickets(count: usize) -> Vec<u8> {
    secrets(count, 7)
}

/// Secrets of that age, named by one byte each.
fn secrets(count: usize, age: u8) -> Vec<u8> {
    let identities = [0, 1, 9, 0, 0, 0, age].repeat(count);
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
    offers(
        ONE_SUITE,
        &[versions(), share(29, 1), secrets(1, 0)],
        &format!(
            "{guess} It names a key that both had before, by another way than a ticket (an external \
             PSK), and proves by a binder that it has it; it offers 1 suite."
        ),
    );
    let early = Extra { early: true, ..open() };
    check(
        early,
        CLIENT,
        (Type::CLIENT_HELLO, &hello(ONE_SUITE, &[versions(), share(29, 1), secrets(1, 0)])),
        "ClientHello | Offers early data, under a key that both had before | Early data saves a \
         round trip, but whoever records it can send it again. It names a key that both had before, \
         by another way than a ticket (an external PSK), and proves by a binder that it has it; it \
         offers 1 suite.",
    );
    let answer = hello(&[0x13, 1, 0], &[extension(43, &[3, 4])]);
    check(
        Extra { resumed: true, external: true, ..tls13() },
        SERVER,
        (Type::SERVER_HELLO, &answer),
        "ServerHello | Takes the key that both had before; from EncryptedExtensions on it is sealed \
         | By a secret that both had before, alone, the server has the handshake keys, and the client \
         once it reads this. TLS_AES_128_GCM_SHA256. A secret that both had before vouches for them: \
         no certificate is sent.",
    );
    let waits = "ClientHello | Offers what it can do; keys have to wait | Before TLS 1.3, keys are \
                 exchanged only when the suite is settled.";
    let goes_on = "ClientHello | Offers to go on from an earlier visit, and what else it can do | Where \
                   the server agrees, the old secret and two new randoms make the keys, and nothing is \
                   exchanged for them.";
    offers(
        TWO_SUITES,
        &[extension(35, &[9])],
        &format!(
            "{goes_on} It shows the ticket of an earlier visit, which only the server can open; it \
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
            "{goes_on} It names the session of an earlier visit, which the server may have kept; it \
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
         could not be opened: the keys to come back with are here (retry_configs). TLS 1.2 says \
         all of this in the clear.",
    );
}

#[test]
fn drafts_are_told_as_what_they_became() {
    let guess = "ClientHello | Offers, and guesses: a key share for x25519 is sent at once | The \
                 guess is what saves TLS 1.2’s second round trip. It offers 1 suite.";
    // Until draft 22 key shares went by another number.
    let share_of_drafts = extension(40, &[0, 5, 0, 29, 0, 1, 9]);
    offers(
        ONE_SUITE,
        &[extension(43, &[2, 0x7f, 18]), share_of_drafts.clone()],
        &format!("{guess} TLS 1.3 was no standard yet: it is offered as of draft 18."),
    );
    offers(
        ONE_SUITE,
        &[extension(43, &[6, 0x7f, 28, 0x7f, 26, 3, 3]), shares(&[29])],
        &format!("{guess} TLS 1.3 was no standard yet: it is offered as of drafts 28, 26."),
    );
    // Beside the standard a draft is of no account, and elsewhere its number means nothing.
    offers(ONE_SUITE, &[extension(43, &[4, 3, 4, 0x7f, 28]), shares(&[29])], guess);
    offers(
        TWO_SUITES,
        &[share_of_drafts],
        "ClientHello | Offers what it can do; keys have to wait | Before TLS 1.3, keys are exchanged \
         only when the suite is settled. It offers 2 suites.",
    );
}

#[test]
fn answers_of_drafts_are_told_by_their_own_form() {
    let told = |body: &[u8], draft: u8| {
        check(
            tls13(),
            SERVER,
            (Type::SERVER_HELLO, body),
            &format!(
                "ServerHello | One flight carries everything; from EncryptedExtensions on it is sealed \
                 | By x25519 the server has the handshake keys, and the client once it reads this. TLS_AES_128_GCM_SHA256. A tap sees no \
                 certificate. This is TLS 1.3 as of draft {draft}."
            ),
        );
    };
    let share = |number: u16| extension(number, &[0, 29, 0, 1, 9]);
    // Neither a session id nor a compression method.
    let mut short = vec![0x7f, 18];
    short.extend([7; 32]);
    short.extend([0x13, 1]);
    let list = share(40);
    short.extend((list.len() as u16).to_be_bytes());
    short.extend(list);
    told(&short, 18);
    told(&hello(&[0x13, 1, 0], &[extension(43, &[0x7f, 28]), share(51)]), 28);
}

#[test]
fn what_drafts_sealed_of_a_hello_is_named() {
    let guess = "ClientHello | Offers, and guesses: a key share for x25519 is sent at once | The \
                 guess is what saves TLS 1.2’s second round trip. It offers 1 suite.";
    offers(
        ONE_SUITE,
        &[versions(), shares(&[29]), extension(0xfe0a, &[0; 40])],
        &format!(
            "{guess} Its encrypted_client_hello is that of a draft, of 40 bytes: another ClientHello \
             sealed for the server, or random bytes in its place (GREASE)."
        ),
    );
    offers(
        ONE_SUITE,
        &[versions(), shares(&[29]), extension(0xffce, &[0; 40])],
        &format!(
            "{guess} Its encrypted_server_name holds 40 bytes: the name sealed for the server, as \
             drafts had it before whole hellos were sealed."
        ),
    );
}

#[test]
fn a_hello_inside_a_connection_begins_a_second_handshake() {
    let sealed = (true, Protection::Application);
    let bound = extension(0xff01, &[3, 1, 2, 3]);
    let name = extension(0, &[0, 8, 0, 0, 5, b'e', b'.', b'o', b'r', b'g']);
    check(
        open(),
        sealed,
        (Type::CLIENT_HELLO, &hello(TWO_SUITES, &[bound, name])),
        "ClientHello | Begins a second handshake inside the first | It is sealed with the keys of \
         the first. Its renegotiation_info repeats the client’s Finished of that one, so that \
         nobody else can have been there before. The server name e.org is there this time under \
         seal (SNI); it offers 2 suites.",
    );
    check(
        open(),
        sealed,
        (Type::CLIENT_HELLO, &hello(TWO_SUITES, &[extension(0xff01, &[0])])),
        "ClientHello | Begins a second handshake inside the first | It is sealed with the keys of \
         the first, and does not say that its sender was there: somebody else may have shaken \
         hands before, and hand this on. It offers 2 suites.",
    );
}
