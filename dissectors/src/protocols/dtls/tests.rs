//! Tests of DTLS: fragments in any order, flights sent again, sealed records and those that a key
//! log opens.

use aws_lc_rs::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::tls_prf::{P_SHA256, Secret};

use crate::engine::ports::Ports;
use crate::protocol::Framing;
use crate::protocols::stage::{Played, Step, ask, check_told, play_keyed, say};
use crate::secret::Secrets;

/// Over UDP, to a port that nobody has.
fn over_udp(steps: &[Step], secrets: &Secrets) -> Played {
    let ports = Ports { framing: Framing::Datagram, ports: [40000, 5555], began: None };
    play_keyed(ports, steps, secrets)
}

fn number(value: usize, width: usize) -> Vec<u8> {
    value.to_be_bytes()[8 - width..].to_vec()
}

/// A record of DTLS 1.2.
fn record(kind: u8, epoch: u16, sequence: usize, content: &[u8]) -> Vec<u8> {
    let head = [&[kind, 0xfe, 0xfd][..], &epoch.to_be_bytes(), &number(sequence, 6)].concat();
    [&head, &number(content.len(), 2)[..], content].concat()
}

/// A part of a handshake message.
fn fragment(kind: u8, sequence: usize, body: &[u8], part: std::ops::Range<usize>) -> Vec<u8> {
    let head = [&[kind][..], &number(body.len(), 3), &number(sequence, 2), &number(part.start, 3)];
    [&head.concat(), &number(part.len(), 3)[..], &body[part]].concat()
}

fn whole(kind: u8, sequence: usize, body: &[u8]) -> Vec<u8> {
    fragment(kind, sequence, body, 0..body.len())
}

/// A ClientHello that offers one suite, with a cookie of that length.
fn client_hello(cookie: usize) -> Vec<u8> {
    let start = [&[0xfe, 0xfd][..], &[7; 32], &[0], &[cookie as u8], &vec![5; cookie]].concat();
    [&start[..], &[0, 2, 0xc0, 0x2b, 1, 0]].concat()
}

fn server_hello() -> Vec<u8> {
    [&[0xfe, 0xfd][..], &[8; 32], &[0, 0xc0, 0x2b, 0]].concat()
}

/// The key log that opens the connections here.
fn secrets() -> Secrets {
    let hex = |byte: &str, times: usize| byte.repeat(times);
    let mut secrets = Secrets::default();
    secrets.add_key_log(&format!("CLIENT_RANDOM {} {}\n", hex("07", 32), hex("09", 48)));
    secrets
}

/// A record that the client seals.
fn sealed(kind: u8, sequence: usize, content: &[u8]) -> Vec<u8> {
    let secret = Secret::new(&P_SHA256, &[9; 48]).unwrap();
    let block =
        secret.derive_with_seed_concatination(b"key expansion", &[8; 32], &[7; 32], 40).unwrap();
    let block: &[u8] = block.as_ref();
    let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &block[..16]).unwrap());
    let count = [&[0, 1][..], &number(sequence, 6)].concat();
    let nonce: [u8; 12] = [&block[32..36], &count].concat().try_into().unwrap();
    let aad = [&count[..], &[kind, 0xfe, 0xfd], &number(content.len(), 2)].concat();
    let mut body = content.to_vec();
    let nonce = Nonce::assume_unique_for_key(nonce);
    key.seal_in_place_append_tag(nonce, Aad::from(aad), &mut body).unwrap();
    record(kind, 1, sequence, &[count, body].concat())
}

fn opening() -> Vec<Step> {
    vec![
        ask(record(22, 0, 0, &whole(1, 0, &client_hello(0)))),
        say(record(22, 0, 0, &whole(3, 0, &[0xfe, 0xff, 2, 1, 1]))),
        ask(record(22, 0, 1, &whole(1, 1, &client_hello(2)))),
        say([
            record(22, 0, 1, &whole(2, 1, &server_hello())),
            record(22, 0, 2, &whole(14, 2, &[])),
        ]
        .concat()),
        ask([
            record(22, 0, 2, &whole(16, 2, &[1, 4])),
            record(20, 0, 3, &[1]),
            sealed(22, 0, &whole(20, 3, &[6; 12])),
        ]
        .concat()),
    ]
}

#[track_caller]
fn check(steps: &[Step], secrets: &Secrets, expected: &[&str]) {
    let rows = over_udp(steps, secrets).rows();
    let found: Vec<&str> =
        rows.lines().map(str::trim_end).filter(|row| row.contains(' ')).collect();
    assert_eq!(found, expected);
}

#[test]
fn a_handshake_up_to_where_it_is_sealed() {
    check(
        &opening(),
        &Secrets::default(),
        &[
            "dtls@1 Client Hello",
            "dtls@2 Hello Verify Request",
            "dtls@3 Client Hello",
            "dtls@4 Server Hello",
            "dtls@4 Server Hello Done",
            "dtls@5 Client Key Exchange",
            "dtls@5 Change Cipher Spec",
            "dtls@5 Encrypted Handshake Message",
        ],
    );
}

#[test]
fn a_key_log_opens_what_is_sealed() {
    let mut steps = opening();
    steps.push(ask(sealed(23, 1, b"hello")));
    steps.push(ask(sealed(21, 2, &[1, 0])));
    let stage = over_udp(&steps, &secrets());
    let rows = stage.rows();
    assert!(rows.contains("dtls@5 Finished\n"), "{rows}");
    assert!(rows.contains("data@6 5 bytes\n"), "{rows}");
    assert!(rows.contains("dtls@7 Alert (Level: Warning, Description: Close Notify)\n"), "{rows}");
    assert_eq!(stage.values("dtls.handshake.type"), "1 3 1 2 14 16 20");
}

#[test]
fn fields_have_the_names_of_dtls() {
    let stage = over_udp(&opening(), &Secrets::default());
    for (name, expected) in [
        ("dtls.record.content_type", "22 22 22 22 22 22 20 22"),
        ("dtls.record.epoch", "0 0 0 0 0 0 0 1"),
        ("dtls.record.sequence_number", "0 0 1 1 2 2 3 0"),
        ("dtls.handshake.type", "1 3 1 2 14 16"),
        ("dtls.handshake.message_seq", "0 0 1 1 2 2"),
        ("dtls.handshake.version", "65277 65279 65277 65277"),
        ("dtls.handshake.ciphersuite", "49195 49195 49195"),
        ("dtls.handshake.cookie", "0101 0505"),
        ("tls.handshake.type", ""),
    ] {
        assert_eq!(stage.values(name), expected, "{name}");
    }
}

#[test]
fn fragments_come_in_any_order() {
    let hello = client_hello(20);
    let part = |sequence, range| record(22, 0, sequence, &fragment(1, 0, &hello, range));
    let end = hello.len();
    check(
        &[ask(part(1, 30..end)), ask(part(0, 0..20)), ask(part(2, 15..40))],
        &Secrets::default(),
        &[
            "dtls@1 Client Hello (Fragment)",
            "dtls@2 Client Hello (Fragment)",
            "dtls@3 Client Hello (Fragment)",
            "dtls@3 Client Hello",
        ],
    );
}

#[test]
fn a_flight_that_is_sent_again_is_known() {
    let hello = || whole(1, 0, &client_hello(0));
    check(
        &[ask(record(22, 0, 0, &hello())), ask(record(22, 0, 1, &hello()))],
        &Secrets::default(),
        &["dtls@1 Client Hello", "dtls@2 Client Hello (again)"],
    );
}

#[test]
fn sealed_records_of_the_newest_version() {
    let bytes = [&[0x2f, 1, 2, 0, 20][..], &[9; 20]].concat();
    let stage = over_udp(&[say(&bytes)], &Secrets::default());
    assert_eq!(stage.rows(), "dtls@1 Encrypted Data\n");
    assert_eq!(stage.values("dtls.unified_header.epoch"), "3");
    let told = over_udp(&[say([bytes.clone(), bytes].concat())], &Secrets::default());
    assert!(told.messages().len() <= 2);
}

#[test]
fn what_is_told() {
    let mut steps = opening();
    steps.push(ask(record(22, 0, 4, &whole(1, 1, &client_hello(2)))));
    steps.push(say(record(23, 1, 1, &[3; 30])));
    steps.push(say(record(21, 1, 2, &[3; 30])));
    steps.push(say(record(21, 0, 3, &[2, 40])));
    steps.push(say(record(21, 0, 4, &[1, 90])));
    steps.push(say(record(21, 0, 5, &[1, 0])));
    steps.push(say([&[0x2f, 1, 2, 0, 20][..], &[9; 20]].concat()));
    check_told(
        &over_udp(&steps, &Secrets::default()),
        &[
            "ClientHello | Offers what it can do; keys have to wait | Before TLS 1.3, keys are exchanged only when the suite is settled. It offers 1 suite.",
            "HelloVerifyRequest | Asks for the hello again, with this cookie in it | Only who receives at the sender’s address can send it back: RFC 6347, 4.2.1.",
            "ClientHello | Offers what it can do; keys have to wait | Before TLS 1.3, keys are exchanged only when the suite is settled. It offers 1 suite.",
            "ServerHello | Names the suite; the keys must wait for the next flight | TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: the client’s half of the key exchange comes one round trip later. Everything in this flight can be read on the way.",
            "ServerHelloDone | Has said its part and waits | It is the client’s turn.",
            "ClientKeyExchange | Sends its half of the key: now both can compute the application keys | A second round trip begins; in TLS 1.3 this half comes with the ClientHello.",
            "ChangeCipherSpec | From here on its records name another epoch, and are sealed",
            "sealed handshake | A message of the handshake, sealed with the new keys | Record 0 of epoch 1. A key log with the secrets of this connection would open it.",
            "again | Sends this part of the handshake again, as no answer came in time | Datagrams may be lost, and nobody below says so: each side has a timer.",
            "sealed record | Sealed: nobody but the two ends can read it | Record 1 of epoch 1. A key log with the secrets of this connection would open it.",
            "sealed alert | An alert, which only the two ends can read | Record 2 of epoch 1. A key log with the secrets of this connection would open it.",
            "handshake_failure | Refuses to go on, and names the reason",
            "user_canceled | Warns, and goes on all the same",
            "close_notify | Says that nothing more will come from it",
            "sealed record | Sealed, and even its number is masked | A key log with the secrets of this connection would open it.",
        ],
    );
}

#[test]
fn its_own_standards_are_cited() {
    let mut steps = opening();
    steps.push(say(record(21, 0, 3, &[2, 40])));
    let stage = over_udp(&steps, &Secrets::default());
    let view = stage.view();
    let cited = stage.messages().iter().filter_map(|message| {
        let layer = view.layer(message.layer)?;
        let told = crate::registry::standard().get(layer.protocol).tell(message, &view)?;
        Some(told.source?.to_string())
    });
    let cited: Vec<String> = cited.collect();
    assert!(cited.iter().all(|source| source.starts_with("RFC 6347, section 4.")), "{cited:?}");
    assert_eq!(cited.first().map(String::as_str), Some("RFC 6347, section 4.2.1"));
    assert_eq!(cited.last().map(String::as_str), Some("RFC 6347, section 4.2.7"));
}
