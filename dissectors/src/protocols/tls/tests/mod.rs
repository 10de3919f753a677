//! Connections of TLS in memory: what older versions and odd captures hold.

mod certificates;
mod compression;
pub(in crate::protocols) mod ech;
mod older;
mod premaster;
mod sealing;
mod status;

use aws_lc_rs::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::hmac::{HMAC_SHA1_FOR_LEGACY_USE_ONLY, Key, sign};
use aws_lc_rs::tls_prf::{P_SHA256, Secret};

use crate::engine::ports::Ports;
use crate::protocol::Framing;
use crate::protocols::stage::{Played, Step, ask, play_keyed, say};
use crate::secret::Secrets;

const TLS10: [u8; 2] = [3, 1];
const TLS12: [u8; 2] = [3, 3];

const HANDSHAKE: u8 = 22;

fn hex(text: &str) -> Vec<u8> {
    data_encoding::HEXLOWER.decode(text.as_bytes()).unwrap()
}

/// A record of a version.
fn record(kind: u8, version: [u8; 2], content: &[u8]) -> Vec<u8> {
    [&[kind][..], &version, &(content.len() as u16).to_be_bytes(), content].concat()
}

/// A handshake message.
fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    [&[kind][..], &(body.len() as u32).to_be_bytes()[1..], body].concat()
}

/// A ClientHello that offers one suite.
fn client_hello(version: [u8; 2], suite: u16) -> Vec<u8> {
    let [high, low] = suite.to_be_bytes();
    let body = [&version[..], &[7; 32], &[0, 0, 2, high, low, 1, 0]].concat();
    message(1, &body)
}

/// A ServerHello that takes it.
fn server_hello(version: [u8; 2], suite: u16) -> Vec<u8> {
    message(2, &[&version[..], &[8; 32], &[0], &suite.to_be_bytes(), &[0]].concat())
}

/// TLS_RSA_WITH_AES_128_GCM_SHA256, and TLS_RSA_WITH_NULL_SHA, whose records are guarded only.
const GCM: u16 = 0x009c;
const NULL: u16 = 0x0002;

/// A key log with the master secret of connections whose client random is a byte 32 times.
fn log(random: &str) -> String {
    format!("CLIENT_RANDOM {} {}\n", random.repeat(32), "09".repeat(48))
}

/// The key block of TLS 1.2 that comes out of it.
fn key_block() -> Vec<u8> {
    let secret = Secret::new(&P_SHA256, &[9; 48]).unwrap();
    let made = secret.derive_with_seed_concatination(b"key expansion", &[8; 32], &[7; 32], 40);
    made.unwrap().as_ref().to_vec()
}

/// A record that the client seals with AES-GCM.
fn sealed(kind: u8, number: u64, content: &[u8]) -> Vec<u8> {
    let (block, number) = (key_block(), number.to_be_bytes());
    let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &block[..16]).unwrap());
    let nonce: [u8; 12] = [&block[32..36], &number].concat().try_into().unwrap();
    let aad = [&number[..], &[kind], &TLS12, &(content.len() as u16).to_be_bytes()].concat();
    let mut body = content.to_vec();
    let nonce = Nonce::assume_unique_for_key(nonce);
    key.seal_in_place_append_tag(nonce, Aad::from(aad), &mut body).unwrap();
    record(kind, TLS12, &[&number[..], &body].concat())
}

/// A record that the client guards with HMAC-SHA1, and nothing seals.
fn guarded(kind: u8, number: u64, content: &[u8]) -> Vec<u8> {
    let key = Key::new(HMAC_SHA1_FOR_LEGACY_USE_ONLY, &key_block()[..20]);
    let len = (content.len() as u16).to_be_bytes();
    let over = [&number.to_be_bytes()[..], &[kind], &TLS12, &len, content].concat();
    record(kind, TLS12, &[content, sign(&key, &over).as_ref()].concat())
}

/// A connection with a key log.
fn played(steps: &[Step], log: &str) -> Played {
    let mut secrets = Secrets::default();
    assert_eq!(secrets.add_key_log(log).broken, []);
    let ports = Ports { framing: Framing::Stream, ports: [40000, 443], began: None };
    play_keyed(ports, steps, &secrets)
}

/// Both hellos, in records of their own.
fn hellos(version: [u8; 2], suite: u16) -> [Step; 2] {
    [
        ask(record(HANDSHAKE, version, &client_hello(version, suite))),
        say(record(HANDSHAKE, version, &server_hello(version, suite))),
    ]
}
