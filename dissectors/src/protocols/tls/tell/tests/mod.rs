//! Every sentence of TLS, beside what is known when it is said. Its messages are made here, so
//! that no keys are needed.

mod earlier;
mod keys;
mod later;
mod sealed;
mod stapled;

use super::super::handshake::Extra;
use super::super::handshake::wire::{ANYWHERE, HandshakeType as Type};
use super::super::suite::Suite;
use super::super::version::Version;
use super::Told;
use crate::bytes::Reader;
use crate::message::Protection;
use crate::protocols::stage::line;

const RSA: Suite = Suite(0x009c);
const ECDHE: Suite = Suite(0xc02f);
const DHE: Suite = Suite(0x009e);
const ANONYMOUS: Suite = Suite(0xc018);
const TLS13_SUITE: Suite = Suite(0x1301);

/// Nothing is agreed on yet.
fn open() -> Extra {
    Extra { version: Version::TLS12, ..Extra::default() }
}

fn tls13() -> Extra {
    Extra { version: Version::TLS13, agreed: true, suite: TLS13_SUITE, ..Extra::default() }
}

fn tls12(suite: Suite) -> Extra {
    Extra { version: Version::TLS12, agreed: true, suite, ..Extra::default() }
}

fn told(extra: Extra, from_client: bool, protection: Protection, body: &[u8]) -> Told<'_> {
    let body = Reader::new(body, ANYWHERE);
    Told { body, extra, from_client, protection, inside: None, around: None }
}

/// One message: what is settled, who sends it under which keys, its type and its body.
#[track_caller]
fn check(
    extra: Extra,
    (from_client, protection): (bool, Protection),
    (kind, body): (Type, &[u8]),
    expected: &str,
) {
    let told = told(extra, from_client, protection, body).handshake(kind);
    check_line(&line(&told), expected);
}

#[track_caller]
fn check_line(found: &str, expected: &str) {
    assert_eq!(found, expected);
}

const CLIENT: (bool, Protection) = (true, Protection::Clear);
const SERVER: (bool, Protection) = (false, Protection::Clear);
const CLIENT_SEALED: (bool, Protection) = (true, Protection::Handshake);
const SERVER_SEALED: (bool, Protection) = (false, Protection::Handshake);

fn extension(kind: u16, data: &[u8]) -> Vec<u8> {
    [&kind.to_be_bytes()[..], &(data.len() as u16).to_be_bytes(), data].concat()
}

fn hello(suites: &[u8], extensions: &[Vec<u8>]) -> Vec<u8> {
    let mut body = vec![3, 3];
    body.extend([7; 32]);
    body.push(0);
    body.extend(suites);
    let list = extensions.concat();
    body.extend((list.len() as u16).to_be_bytes());
    body.extend(list);
    body
}

const ONE_SUITE: &[u8] = &[0, 2, 0x13, 1, 1, 0];
const TWO_SUITES: &[u8] = &[0, 4, 0xc0, 0x2f, 0, 0x9c, 1, 0];

fn versions() -> Vec<u8> {
    extension(43, &[2, 3, 4])
}

fn shares(groups: &[u16]) -> Vec<u8> {
    let one = |group: &u16| [&group.to_be_bytes()[..], &[0, 1, 9]].concat();
    let list: Vec<u8> = groups.iter().flat_map(one).collect();
    extension(51, &[&(list.len() as u16).to_be_bytes()[..], &list].concat())
}

#[test]
fn client_hellos() {
    let name = extension(0, &[0, 8, 0, 0, 5, b'e', b'.', b'o', b'r', b'g']);
    let alpn = extension(16, &[0, 3, 2, b'h', b'2']);
    let kind = Type::CLIENT_HELLO;
    let offer = hello(ONE_SUITE, &[versions(), shares(&[29]), name, alpn]);
    check(
        open(),
        CLIENT,
        (kind, &offer),
        "ClientHello | Offers, and guesses: a key share for x25519 is sent at once | The guess \
         is what saves TLS 1.2’s second round trip. The server name e.org is there for all to \
         read (SNI); it offers to speak h2 (ALPN); it offers 1 suite.",
    );
    let offer = hello(ONE_SUITE, &[versions(), shares(&[29, 23])]);
    check(
        open(),
        CLIENT,
        (kind, &offer),
        "ClientHello | Offers, and guesses: key shares for x25519 and secp256r1 are sent at \
         once | The guess is what saves TLS 1.2’s second round trip. It offers 1 suite.",
    );
    let offer = hello(ONE_SUITE, &[versions(), shares(&[])]);
    check(
        open(),
        CLIENT,
        (kind, &offer),
        "ClientHello | Offers TLS 1.3 without a guess: the server has to ask for a key share | \
         That costs a round trip, or the keys come from a secret that both had before, alone. It offers 1 \
         suite.",
    );
    let offer = hello(ONE_SUITE, &[versions(), shares(&[29])]);
    check(
        Extra { early: true, ..open() },
        CLIENT,
        (kind, &offer),
        "ClientHello | Offers early data, under keys from an earlier visit | Early data saves a \
         round trip, but whoever records it can send it again. It offers 1 suite.",
    );
    check(
        Extra { retried: true, ..open() },
        CLIENT,
        (kind, &offer),
        "ClientHello | Offers again, as the server wants it | Asking twice has cost a round \
         trip. It offers 1 suite.",
    );
    check(
        open(),
        CLIENT,
        (kind, &hello(TWO_SUITES, &[])),
        "ClientHello | Offers what it can do; keys have to wait | Before TLS 1.3, keys are \
             exchanged only when the suite is settled. It offers 2 suites.",
    );
    check(
        open(),
        CLIENT,
        (kind, &[3]),
        "ClientHello | Opens the handshake, in a form not read here",
    );
}

#[test]
fn server_hellos() {
    let kind = Type::SERVER_HELLO;
    let share = extension(51, &[0, 29, 0, 1, 9]);
    let answer = hello(&[0x13, 1, 0], &[extension(43, &[3, 4]), share]);
    check(
        tls13(),
        SERVER,
        (kind, &answer),
        "ServerHello | One flight carries everything; from EncryptedExtensions on it is sealed \
         | By x25519 the server has the handshake keys, and the client once it reads this. TLS_AES_128_GCM_SHA256. A tap sees no \
         certificate.",
    );
    let answer = hello(&[0x13, 1, 0], &[extension(43, &[3, 4])]);
    check(
        Extra { resumed: true, ..tls13() },
        SERVER,
        (kind, &answer),
        "ServerHello | Goes on from an earlier visit; from EncryptedExtensions on it is sealed \
         | By a secret that both had before, alone, the server has the handshake keys, and the client once it reads this. \
         TLS_AES_128_GCM_SHA256. A secret that both had before vouches for them: no \
         certificate is sent.",
    );
    let answer = hello(&[0xc0, 0x2f, 0], &[]);
    check(
        tls12(ECDHE),
        SERVER,
        (kind, &answer),
        "ServerHello | Names the suite; the keys must wait for the next flight | \
         TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256: the client’s half of the key exchange comes \
         one round trip later. Everything in this flight can be read on the way.",
    );
    check(
        tls12(ECDHE),
        (false, Protection::Application),
        (kind, &answer),
        "ServerHello | Names the suite; the keys must wait for the next flight | \
         TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256: the client’s half of the key exchange comes \
         one round trip later.",
    );
    check(
        Extra { resumed: true, ..tls12(ECDHE) },
        SERVER,
        (kind, &answer),
        "ServerHello | Takes an earlier session up again: one round trip is enough | \
         TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256. The old secret and the two new randoms make \
         the keys; no certificate is sent.",
    );
    check(
        tls12(RSA),
        SERVER,
        (kind, &hello(&[0, 0x9c, 0], &[])),
        "ServerHello | Names the suite; the keys must wait for the next flight | \
             TLS_RSA_WITH_AES_128_GCM_SHA256: the secret comes from the client, one round trip \
             later. Everything in this flight can be read on the way.",
    );
    check(tls13(), SERVER, (kind, &[3]), "ServerHello | Answers, in a form not read here");
    let mut retry = hello(&[0x13, 1, 0], &[extension(51, &[0, 23])]);
    retry[2..34].copy_from_slice(&RETRY);
    check(
        tls13(),
        SERVER,
        (kind, &retry),
        "HelloRetryRequest | Asks for another key share: secp256r1 | The guess was wrong: one \
         more round trip. TLS_AES_128_GCM_SHA256 is settled.",
    );
    let mut retry = hello(&[0x13, 1, 0], &[extension(44, &[0, 1, 9])]);
    retry[2..34].copy_from_slice(&RETRY);
    check(
        tls13(),
        SERVER,
        (kind, &retry),
        "HelloRetryRequest | Asks for the hello again | The server wants to be sure of the \
         client’s address, or keeps no state: one more round trip. TLS_AES_128_GCM_SHA256 is settled.",
    );
}

/// The random of a HelloRetryRequest: the SHA-256 of that name (RFC 9846, section 4.2.3).
const RETRY: [u8; 32] = [
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
    0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
];

#[test]
fn what_the_server_adds() {
    let extensions = Type::ENCRYPTED_EXTENSIONS;
    let alpn = extension(16, &[0, 3, 2, b'h', b'2']);
    let list = |extensions: &[Vec<u8>]| {
        let list = extensions.concat();
        [&(list.len() as u16).to_be_bytes()[..], &list].concat()
    };
    let early = Extra { early: true, ..tls13() };
    check(
        tls13(),
        SERVER_SEALED,
        (extensions, &list(&[alpn])),
        "EncryptedExtensions | Answers the rest of the offer, sealed | The protocol above is \
         settled on the way: h2 (ALPN). TLS 1.2 says all of this in the clear.",
    );
    check(
        early,
        SERVER_SEALED,
        (extensions, &list(&[extension(42, &[])])),
        "EncryptedExtensions | Takes the early data: it counts as sent",
    );
    check(
        Extra { resumed: true, external: true, ..early },
        SERVER_SEALED,
        (extensions, &list(&[])),
        "EncryptedExtensions | Throws the early data away: it has to be sent again | Its server has \
         read none of it.",
    );
    check(
        early,
        SERVER_SEALED,
        (extensions, &list(&[])),
        "EncryptedExtensions | Throws the early data away: it has to be sent again | The server \
         does not take the ticket whose secret has sealed it: none of it was read.",
    );
    check(
        Extra { resumed: true, ..early },
        SERVER_SEALED,
        (extensions, &list(&[])),
        "EncryptedExtensions | Throws the early data away: it has to be sent again | The server \
         takes the ticket and not the early data: none of it was read.",
    );
    check(
        tls13(),
        SERVER_SEALED,
        (Type::CERTIFICATE_REQUEST, &[]),
        "CertificateRequest | Wants to know who the client is, too | With a certificate of \
             the client, the authentication is mutual.",
    );
    check(
        open(),
        SERVER,
        (Type::HELLO_VERIFY_REQUEST, &[]),
        "HelloVerifyRequest | Asks for the hello again, with this cookie in it | Only who \
             receives at the sender’s address can send it back: RFC 6347, 4.2.1.",
    );
    check(
        tls12(ECDHE),
        SERVER,
        (Type::HELLO_REQUEST, &[]),
        "HelloRequest | Asks the client to negotiate anew",
    );
    check(
        tls12(ECDHE),
        SERVER,
        (Type::SERVER_HELLO_DONE, &[]),
        "ServerHelloDone | Has said its part and waits | It is the client’s turn.",
    );
    check(
        tls12(ECDHE),
        SERVER,
        (Type::CERTIFICATE_STATUS, &[]),
        "CertificateStatus | Brings word on whether the certificate is revoked",
    );
    check(
        tls12(ECDHE),
        SERVER,
        (Type(99), &[]),
        "message 99 | Sends a handshake message that is not known here",
    );
    let cut = told(open(), true, Protection::Clear, &[1]).cut(Type::CLIENT_HELLO);
    check_line(&line(&cut), "ClientHello | Only its beginning is in the capture");
}

#[test]
fn certificates() {
    let kind = Type::CERTIFICATE;
    let der = include_bytes!("../certificate.der");
    let len = |len: usize| [0, (len >> 8) as u8, len as u8];
    let entry = [&len(der.len())[..], der].concat();
    let list12 = [&len(entry.len())[..], &entry].concat();
    let entry13 = [&entry[..], &[0, 0]].concat();
    let list13 = [&[0][..], &len(entry13.len()), &entry13].concat();
    check(
        tls12(ECDHE),
        SERVER,
        (kind, &list12),
        "Certificate | Shows who it is, in the clear | CN=example.org. A certificate ties \
         a key to a name: who shows it has still to prove that the key is theirs.",
    );
    check(
        tls12(RSA),
        SERVER,
        (kind, &list12),
        "Certificate | Shows who it is, in the clear | CN=example.org. The client will seal its \
         secret to the key in it.",
    );
    check(
        tls13(),
        SERVER_SEALED,
        (kind, &list13),
        "Certificate | Shows who it is, and only the client can read it | CN=example.org. A certificate ties a key to a name: who shows it has still to prove that the key is theirs.",
    );
    check(
        tls13(),
        CLIENT_SEALED,
        (kind, &list13),
        "Certificate | Shows who it is, and only the server can read it | CN=example.org. A certificate ties a key to a name: who shows it has still to prove that the key is theirs.",
    );
    check(
        tls13(),
        CLIENT_SEALED,
        (kind, &[0, 0, 0, 0]),
        "Certificate | Has no certificate to show",
    );
    check(
        tls13(),
        CLIENT_SEALED,
        (kind, &[0, 0, 0, 4, 0, 0, 1, 7]),
        "Certificate | Shows who it is, in a form not read here",
    );
    check(
        tls12(ECDHE),
        SERVER,
        (kind, &[0, 0, 4, 0, 0, 1, 7]),
        "Certificate | Shows who it is, in a form not read here",
    );
    check(
        tls13(),
        SERVER_SEALED,
        (Type::COMPRESSED_CERTIFICATE, &[]),
        "CompressedCertificate | Shows who it is, in fewer bytes | Certificates mostly are \
             the largest part of a handshake.",
    );
    // Zlib, so many bytes inside, so many in their place.
    let packed = [&[0, 1][..], &len(list13.len()), &len(3), &[7; 3]].concat();
    let inside = Some(Reader::new(&list13, ANYWHERE));
    let told = Told { inside, ..told(tls13(), false, Protection::Handshake, &packed) };
    check_line(
        &line(&told.handshake(Type::COMPRESSED_CERTIFICATE)),
        &format!(
            "CompressedCertificate | Shows who it is, in fewer bytes | CN=example.org. 3 bytes in \
             place of {}, by zlib. Certificates mostly are the largest part of a handshake.",
            list13.len()
        ),
    );
    check(
        tls13(),
        SERVER_SEALED,
        (Type::CERTIFICATE_VERIFY, &[4, 3]),
        "CertificateVerify | Proves that it holds the certificate’s private key | \
         ecdsa_secp256r1_sha256, over all messages so far: in another handshake a copy is \
         worth nothing.",
    );
}
