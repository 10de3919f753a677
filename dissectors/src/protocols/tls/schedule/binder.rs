//! What the binder of a pre-shared key must be: a keyed hash of the ClientHello up to the binders,
//! by which a client proves that it has the key before anybody has taken it (RFC 9846, section
//! 4.3.11).
//!
//! ```text
//!   pre-shared key ──> Early Secret ── "res binder" or "ext binder" ──> binder_key ──> binder
//!                                      all before, and the hello up to its binders ──┘
//! ```

use aws_lc_rs::hmac;

use super::super::handshake::wire::{ANYWHERE, Hello, extension, vector};
use super::super::hkdf::{digest_of, expand_label_of, secret_of};
use super::super::suite::Hash;
use super::finished;
use crate::bytes::Reader;

/// What the key of a binder is made with: one word for keys of an earlier visit, another for those
/// that both had by another way, so that none passes for the other.
const WORDS: [&str; 2] = ["res binder", "ext binder"];

const HASHES: [Hash; 2] = [Hash::Sha256, Hash::Sha384];

/// The binders of a ClientHello, held against a pre-shared key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Binder {
    /// With which words its key is made.
    pub(super) words: &'static str,
    /// Whether one of them is what that key makes of the hello.
    pub(super) is_right: bool,
    /// The Early Secret that the pre-shared key gives, and the key of the binder.
    pub(super) early: Vec<u8>,
    pub(super) key: Vec<u8>,
}

impl Binder {
    /// Holds the binders of a ClientHello message against a pre-shared key; nothing where it has
    /// none. Which hash they are made with their length says.
    pub(super) fn check(
        shared: &[u8],
        (before, message): (&[u8], &[u8]),
        hello: &Hello<'_>,
        is_external: bool,
    ) -> Option<Self> {
        let mut data = hello.extension(extension::PRE_SHARED_KEY)?;
        vector(&mut data, 2)?;
        // It is the last of all extensions, and its binders are the last of it.
        let behind = data.rest();
        let hashed = message.strip_suffix(behind)?;
        let said = [before, hashed].concat();
        let mut list = Reader::new(vector(&mut data, 2)?, ANYWHERE);
        let found: Vec<&[u8]> = std::iter::from_fn(|| vector(&mut list, 1)).collect();
        let mut made: Vec<Self> = Vec::new();
        let is_shown = |hash: &Hash| found.iter().any(|one| one.len() == hash.output_len());
        for hash in HASHES.into_iter().filter(is_shown) {
            for words in WORDS {
                let (early, key) = keys(hash, shared, words)?;
                let right = finished::tls13(hash, &key, &said)?;
                let is_right = found.iter().any(|binder| *binder == right);
                made.push(Self { words, is_right, early, key });
            }
        }
        let own = |one: &&Self| one.words == if is_external { "ext binder" } else { "res binder" };
        let right = made.iter().find(|one| one.is_right);
        right.or_else(|| made.iter().find(own)).cloned()
    }
}

/// The Early Secret of a pre-shared key, and what its binder is made with (RFC 9846, section 7.1).
fn keys(hash: Hash, shared: &[u8], words: &str) -> Option<(Vec<u8>, Vec<u8>)> {
    let len = hash.output_len();
    let early = extract(hash, shared);
    let key = expand_label_of(&secret_of(hash, &early), words, &digest_of(hash, &[]), len)?;
    Some((early, key))
}

/// HKDF-Extract without salt (RFC 5869, section 2.2), as a value.
fn extract(hash: Hash, material: &[u8]) -> Vec<u8> {
    let key = hmac::Key::new(finished::algorithm(hash), &vec![0; hash.output_len()]);
    hmac::sign(&key, material).as_ref().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::tls::handshake::wire::split;

    fn hex(text: &str) -> Vec<u8> {
        data_encoding::HEXLOWER.decode(text.as_bytes()).expect("digits")
    }

    /// RFC 8448, section 4: the pre-shared key of the ticket, and the client's hello: up to the
    /// zeros that it is filled up with, and what follows them.
    const SHARED: &str = "4ecd0eb6ec3b4d87f5d6028f922ca4c5851a277fd41311c9e62d2c9492e1c4f3";
    const HELLO: [&str; 2] = [
        "010001fc03031bc3ceb6bbe39cff938355b5a50adb6db21b7a6af649d7b4bc419d7876487d95000006130113031302\
         010001cd0000000b0009000006736572766572ff01000100000a00140012001d001700180019010001010102010301\
         04003300260024001d0020e4ffb68ac05f8d96c99da26698346c6be16482badddafe051a66b4f18d668f0b002a0000\
         002b0003020304000d0020001e040305030603020308040805080604010501060102010402050206020202002d0002\
         0101001c0002400100150057",
        "002900dd00b800b22c035d829359ee5ff7af4ec900000000262a6494dc486d2c8a34cb33fa90bf1b0070ad3c498883\
         c9367c09a2be785abc55cd226097a3a982117283f82a03a143efd3ff5dd36d64e861be7fd61d2827db279cce145077\
         d454a3664d4e6da4d29ee03725a6a4dafcd0fc67d2aea70529513e3da2677fa5906c5b3f7d8f92f228bda40dda7214\
         70f9fbf297b5aea617646fac5c03272e970727c621a79141ef5f7de6505e5bfbc388e93343694093934ae4d357fad6\
         aacb0021203add4fb2d8fdf822a0ca3cf7678ef5e88dae990141c5924d57bb6fa31b9e5f9d",
    ];

    fn published() -> Vec<u8> {
        let [begin, end] = HELLO.map(hex);
        [begin, vec![0; 87], end].concat()
    }

    fn check(shared: &[u8], before: &[u8], message: &[u8]) -> Option<Binder> {
        let (_, body) = split(Reader::new(message, ANYWHERE)).expect("a message");
        let hello = Hello::client(body).expect("a hello");
        Binder::check(shared, (before, message), &hello, false)
    }

    #[test]
    fn a_binder_comes_out_as_published() {
        let found = check(&hex(SHARED), &[], &published()).expect("it has one");
        assert!(found.is_right);
        assert_eq!(found.words, "res binder");
        let early = "9b2188e9b2fc6d64d71dc329900e20bb41915000f678aa839cbb797cb7d8332c";
        assert_eq!(found.early, hex(early));
        let key = "69fe131a3bbad5d63c64eebcc30e395b9d8107726a13d074e389dbc8a4e47256";
        assert_eq!(found.key, hex(key));
    }

    #[test]
    fn another_key_another_hello_and_another_word_give_another_binder() {
        let shared = hex(SHARED);
        let is_right = |shared: &[u8], before: &[u8], message: &[u8]| {
            check(shared, before, message).expect("it has one").is_right
        };
        assert!(!is_right(&[7; 32], &[], &published()), "another key");
        assert!(!is_right(&shared, b"something said before", &published()), "another transcript");
        let mut changed = published();
        changed[20] ^= 1;
        assert!(!is_right(&shared, &[], &changed), "another random");
        // The same hello with the binder of a key that both had by another way.
        let mut external = published();
        let hashed = external.len() - 35;
        let (_, key) = keys(Hash::Sha256, &shared, "ext binder").expect("a key");
        let binder = finished::tls13(Hash::Sha256, &key, &external[..hashed]).expect("a binder");
        external[hashed + 3..].copy_from_slice(&binder);
        let found = check(&shared, &[], &external).expect("it has one");
        assert!((found.words, found.is_right) == ("ext binder", true));
    }

    #[test]
    fn a_hello_without_binders_has_none_to_check() {
        let [begin, _] = HELLO.map(hex);
        let mut hello = [begin, vec![0; 87]].concat();
        // Its message, and the list of its extensions, are shorter by what is left out.
        for at in [2, 49] {
            let len = u16::from_be_bytes([hello[at], hello[at + 1]]) - 225;
            hello[at..at + 2].copy_from_slice(&len.to_be_bytes());
        }
        assert_eq!(check(&hex(SHARED), &[], &hello), None);
    }
}
