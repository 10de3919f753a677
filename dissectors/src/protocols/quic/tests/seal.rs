//! Connections made in memory: hellos, secrets, and packets sealed with them.

use aws_lc_rs::aead::{self, Aad, LessSafeKey, Nonce, UnboundKey, quic};
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Prk, Salt};

use super::{Label, Secret, Secrets};

/// What Initial secrets of version 1 are salted with (RFC 9001, section 5.2).
const SALT: [u8; 20] = [
    0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17, 0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad,
    0xcc, 0xbb, 0x7f, 0x0a,
];

/// The random of the ClientHello.
const RANDOM: [u8; 32] = [7; 32];

/// A number of variable length, in eight bytes where it takes more than one.
pub(crate) fn varint(number: u64) -> Vec<u8> {
    match number {
        0..64 => vec![number as u8],
        64..16384 => (number as u16 | 0x4000).to_be_bytes().to_vec(),
        _ => (number | 0xc000_0000_0000_0000).to_be_bytes().to_vec(),
    }
}

/// A CRYPTO frame.
pub(crate) fn crypto(offset: u64, bytes: &[u8]) -> Vec<u8> {
    [vec![6], varint(offset), varint(bytes.len() as u64), bytes.to_vec()].concat()
}

/// A STREAM frame with offset and length.
pub(crate) fn stream(id: u64, offset: u64, bytes: &[u8], fin: bool) -> Vec<u8> {
    let kind = vec![0x0e | u8::from(fin)];
    [kind, varint(id), varint(offset), varint(bytes.len() as u64), bytes.to_vec()].concat()
}

fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    let len = (body.len() as u32).to_be_bytes();
    [&[kind], &len[1..], body].concat()
}

fn extension(kind: u16, data: &[u8]) -> Vec<u8> {
    [&kind.to_be_bytes()[..], &(data.len() as u16).to_be_bytes(), data].concat()
}

fn listed(extensions: &[Vec<u8>]) -> Vec<u8> {
    let all = extensions.concat();
    [&(all.len() as u16).to_be_bytes()[..], &all].concat()
}

/// What the client lets the server send at first: 1000 bytes in all, 20 on each of the client's own
/// streams (RFC 9000, section 18.2).
const LIMITS: [u8; 7] = [4, 2, 0x43, 0xe8, 5, 1, 20];

/// A ClientHello that offers TLS_AES_128_GCM_SHA256 and this protocol; with early data or without.
pub(crate) fn client_hello(alpn: &[u8], early: bool) -> Vec<u8> {
    client_hello_with(alpn, early, &LIMITS)
}

/// The same with these transport parameters.
pub(crate) fn client_hello_with(alpn: &[u8], early: bool, parameters: &[u8]) -> Vec<u8> {
    let name = [&[0, alpn.len() as u8 + 1, alpn.len() as u8][..], alpn].concat();
    let mut extensions =
        vec![extension(43, &[2, 3, 4]), extension(16, &name), extension(57, parameters)];
    extensions.extend(early.then(|| extension(42, &[])));
    let head = [&[3, 3][..], &RANDOM, &[0, 0, 2, 0x13, 1, 1, 0]].concat();
    message(1, &[head, listed(&extensions)].concat())
}

/// The ServerHello that takes it up.
pub(crate) fn server_hello() -> Vec<u8> {
    let extensions = listed(&[extension(43, &[3, 4])]);
    let head = [&[3, 3][..], &[9; 32], &[0, 0x13, 1, 0]].concat();
    message(2, &[head, extensions].concat())
}

/// EncryptedExtensions with the protocol that was chosen, and a token of a stateless reset.
pub(crate) fn encrypted_extensions(alpn: &[u8], token: [u8; 16]) -> Vec<u8> {
    encrypted_extensions_with(alpn, &[&[2, 16][..], &token].concat())
}

/// The same with these transport parameters.
pub(crate) fn encrypted_extensions_with(alpn: &[u8], parameters: &[u8]) -> Vec<u8> {
    let name = [&[0, alpn.len() as u8 + 1, alpn.len() as u8][..], alpn].concat();
    message(8, &listed(&[extension(16, &name), extension(57, parameters)]))
}

pub(crate) fn finished() -> Vec<u8> {
    message(20, &[5; 32])
}

/// The secrets of the levels: any bytes do.
pub(crate) const EARLY: [u8; 32] = [0x20; 32];
pub(crate) const CLIENT_HANDSHAKE: [u8; 32] = [0x21; 32];
pub(crate) const SERVER_HANDSHAKE: [u8; 32] = [0x22; 32];
pub(crate) const CLIENT: [u8; 32] = [0x23; 32];
pub(crate) const SERVER: [u8; 32] = [0x24; 32];

/// All of them, as a key log has them.
pub(crate) fn secrets() -> [Secret; 5] {
    let secrets = [
        (Label::ClientEarlyTraffic, EARLY),
        (Label::ClientHandshakeTraffic, CLIENT_HANDSHAKE),
        (Label::ServerHandshakeTraffic, SERVER_HANDSHAKE),
        (Label::ClientTraffic0, CLIENT),
        (Label::ServerTraffic0, SERVER),
    ];
    secrets.map(|(label, secret)| Secret { label, client_random: RANDOM, bytes: secret.to_vec() })
}

/// The key log that holds them.
pub(crate) fn key_log() -> Secrets {
    let mut log = Secrets::default();
    for secret in secrets() {
        log.insert(secret);
    }
    log
}

/// HKDF-Expand-Label with an empty context (RFC 9846, section 7.1).
fn expand(secret: &Prk, label: &str, len: u8) -> Vec<u8> {
    struct Length(usize);
    impl KeyType for Length {
        fn len(&self) -> usize {
            self.0
        }
    }
    let label = format!("tls13 {label}");
    let info = [&[0, len, label.len() as u8][..], label.as_bytes(), &[0]];
    let mut out = vec![0; len.into()];
    secret.expand(&info, Length(len.into())).unwrap().fill(&mut out).unwrap();
    out
}

fn derive(secret: &[u8; 32], label: &str, len: u8) -> Vec<u8> {
    expand(&Prk::new_less_safe(HKDF_SHA256, secret), label, len)
}

/// The secret of Initial packets of one side.
pub(crate) fn initial(chosen: &[u8], label: &str) -> [u8; 32] {
    let salt = Salt::new(HKDF_SHA256, &SALT);
    expand(&salt.extract(chosen), label, 32).try_into().unwrap()
}

/// A Retry of version 1 with its tag, where the client chose that id (RFC 9001, section 5.8).
pub(crate) fn retry((to, from): (&[u8], &[u8]), token: &[u8], chosen: &[u8]) -> Vec<u8> {
    let version = 1u32.to_be_bytes();
    let ids = [&[to.len() as u8], to, &[from.len() as u8], from].concat();
    let bare = [&[0xf0][..], &version, &ids, token].concat();
    let key = 0xbe0c_690b_9f66_575a_1d76_6b54_e368_c84e_u128.to_be_bytes();
    let nonce = 0x4615_99d3_5d63_2bf2_2398_25bb_u128.to_be_bytes()[4..].try_into().unwrap();
    let key = LessSafeKey::new(UnboundKey::new(&aead::AES_128_GCM, &key).unwrap());
    let aad = [&[chosen.len() as u8], chosen, &bare].concat();
    let nonce = Nonce::assume_unique_for_key(nonce);
    let tag = key.seal_in_place_separate_tag(nonce, Aad::from(aad), &mut []).unwrap();
    [&bare, tag.as_ref()].concat()
}

/// The secret after a key update.
pub(crate) fn updated(secret: &[u8; 32]) -> [u8; 32] {
    derive(secret, "quic ku", 32).try_into().unwrap()
}

/// A packet with a long header: its type is in the upper half of the first byte.
pub(crate) fn long(
    first: u8,
    (to, from): (&[u8], &[u8]),
    token: Option<&[u8]>,
    secret: &[u8; 32],
    number: u16,
    frames: &[u8],
) -> Vec<u8> {
    let mut header = [&[first | 1][..], &1u32.to_be_bytes(), &[to.len() as u8], to].concat();
    header.push(from.len() as u8);
    header.extend(from);
    if let Some(token) = token {
        header.extend(varint(token.len() as u64));
        header.extend(token);
    }
    header.extend((0x4000 | (2 + frames.len().max(4) + 16) as u16).to_be_bytes());
    seal(header, secret, secret, number, frames)
}

/// A packet with a short header: the mask is of the first generation's secret.
pub(crate) fn short(
    to: &[u8],
    (first, now, phase): (&[u8; 32], &[u8; 32], bool),
    number: u16,
    frames: &[u8],
) -> Vec<u8> {
    let header = [&[0x41 | u8::from(phase) << 2], to].concat();
    seal(header, first, now, number, frames)
}

/// The same without the bit that is always set otherwise (RFC 9287).
pub(crate) fn greased(to: &[u8], secret: &[u8; 32], number: u16, frames: &[u8]) -> Vec<u8> {
    seal([&[1], to].concat(), secret, secret, number, frames)
}

fn seal(
    mut header: Vec<u8>,
    mask_of: &[u8; 32],
    secret: &[u8; 32],
    number: u16,
    frames: &[u8],
) -> Vec<u8> {
    let number_at = header.len();
    header.extend(number.to_be_bytes());
    let key = UnboundKey::new(&aead::AES_128_GCM, &derive(secret, "quic key", 16)).unwrap();
    let mut nonce: [u8; 12] = derive(secret, "quic iv", 12).try_into().unwrap();
    nonce.iter_mut().rev().zip(number.to_le_bytes()).for_each(|(byte, mask)| *byte ^= mask);
    let mut body = frames.to_vec();
    body.resize(frames.len().max(4), 0);
    LessSafeKey::new(key)
        .seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(&header),
            &mut body,
        )
        .unwrap();
    let mut packet = [header, body].concat();
    let mask = quic::HeaderProtectionKey::new(&quic::AES_128, &derive(mask_of, "quic hp", 16));
    let mask = mask.unwrap().new_mask(&packet[number_at + 4..number_at + 20]).unwrap();
    packet[0] ^= mask[0] & if packet[0] & 0x80 != 0 { 0x0f } else { 0x1f };
    packet[number_at] ^= mask[1];
    packet[number_at + 1] ^= mask[2];
    packet
}
