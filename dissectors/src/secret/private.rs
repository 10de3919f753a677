//! Private keys of servers: they open what clients have sealed to them.
//!
//! Only the key exchange of RSA is opened so (RFC 5246, section 7.4.7.1). Where both sides make
//! keys for one connection, a server's key signs, and opens nothing.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::rsa::{Pkcs1PrivateDecryptingKey, PrivateDecryptingKey};
use data_encoding::BASE64;

/// An RSA key. A copy costs a pointer.
#[derive(Clone)]
pub struct PrivateKey(Arc<Pkcs1PrivateDecryptingKey>);

/// As many are kept: each is tried for about a millisecond in each handshake.
pub(super) const MAX_PRIVATE_KEYS: usize = 16;

/// How a PEM block begins and ends (RFC 7468, section 2).
const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";

/// What its label is: PKCS #8 (RFC 7468, section 10), and the older form that OpenSSL wrote.
const PKCS8: &str = "PRIVATE KEY-----";
const PKCS1: &str = "RSA PRIVATE KEY-----";

/// What stands before a PKCS #1 key in PKCS #8 (RFC 5958, section 2): version 0, and rsaEncryption.
const ALGORITHM: [u8; 18] =
    [2, 1, 0, 0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0];

impl PrivateKey {
    /// Opens a secret that was sealed to this key; nothing where it was sealed to another.
    #[must_use]
    pub fn open(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        let mut room = vec![0; self.0.min_output_size()];
        self.0.decrypt(sealed, &mut room).ok().map(|opened| opened.to_vec())
    }

    fn read(pkcs8: &[u8]) -> Option<Self> {
        let key = PrivateDecryptingKey::from_pkcs8(pkcs8).ok()?;
        Pkcs1PrivateDecryptingKey::new(key).ok().map(|key| Self(Arc::new(key)))
    }
}

impl fmt::Debug for PrivateKey {
    /// Keeps the key: debug output ends up in logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey({} bits)", self.0.key_size_bits())
    }
}

/// Blocks of PEM among the lines of a text.
#[derive(Default)]
pub(super) struct Blocks {
    /// The label and the text of the block at hand.
    open: Option<(String, String)>,
}

/// What a line is to them.
pub(super) enum Line {
    /// No part of a block.
    Other,
    /// A part of one.
    Part,
    /// It ends one: its key, or nothing where that is none we can use.
    End(Option<PrivateKey>),
}

impl Blocks {
    /// Takes in the next line.
    pub(super) fn hear(&mut self, line: &str) -> Line {
        let line = line.trim();
        if let Some(label) = line.strip_prefix(BEGIN) {
            self.open = Some((label.to_owned(), String::new()));
            return Line::Part;
        }
        let Some((label, text)) = &mut self.open else { return Line::Other };
        if !line.starts_with(END) {
            text.push_str(line);
            return Line::Part;
        }
        let bytes = BASE64.decode(text.as_bytes()).ok();
        let read = match label.as_str() {
            PKCS8 => bytes.and_then(|bytes| PrivateKey::read(&bytes)),
            PKCS1 => bytes.and_then(|bytes| PrivateKey::read(&wrapped(&bytes))),
            // A certificate, and whatever else stands beside a key.
            _ => {
                self.open = None;
                return Line::Part;
            }
        };
        self.open = None;
        Line::End(read)
    }
}

/// A key of PKCS #1 as PKCS #8 holds it.
fn wrapped(pkcs1: &[u8]) -> Vec<u8> {
    let key = element(4, pkcs1);
    element(0x30, &[&ALGORITHM[..], &key].concat())
}

/// An element of DER: its tag, its length in as few bytes as do, and what it holds.
fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let len = content.len().to_be_bytes();
    let first = len.iter().position(|byte| *byte != 0).unwrap_or(len.len() - 1);
    let len = len.get(first..).unwrap_or_default();
    let mut out = vec![tag];
    if content.len() >= 0x80 {
        out.push(0x80 | u8::try_from(len.len()).unwrap_or_default());
    }
    out.extend(len);
    out.extend(content);
    out
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::encoding::AsDer;
    use aws_lc_rs::rsa::{KeySize, Pkcs1PublicEncryptingKey, PrivateDecryptingKey};

    use super::super::{BadLine, Secrets};
    use super::*;

    /// A block of PEM.
    fn pem(label: &str, bytes: &[u8]) -> String {
        let text = BASE64.encode(bytes);
        let lines: Vec<&str> =
            text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
        format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
    }

    #[test]
    fn a_key_opens_what_was_sealed_to_it() {
        let made = PrivateDecryptingKey::generate(KeySize::Rsa2048).unwrap();
        let der = AsDer::<aws_lc_rs::encoding::Pkcs8V1Der<'_>>::as_der(&made).unwrap();
        // In PKCS #8 the key of PKCS #1 is what ends it.
        let pkcs1 = &der.as_ref()[26..];
        let public = Pkcs1PublicEncryptingKey::new(made.public_key()).unwrap();
        let mut room = vec![0; public.ciphertext_size()];
        let sealed = public.encrypt(b"premaster", &mut room).unwrap();
        for text in [
            pem("PRIVATE KEY", der.as_ref()),
            pem("RSA PRIVATE KEY", pkcs1),
            format!("{}{}", pem("CERTIFICATE", b"any"), pem("PRIVATE KEY", der.as_ref())),
        ] {
            let mut secrets = Secrets::default();
            let added = secrets.add_key_log(&text);
            assert_eq!((added.private_keys, added.count(), &*added.broken), (1, 1, &[][..]));
            assert!(!secrets.is_empty());
            let [key] = secrets.private_keys() else { panic!("{text}") };
            assert_eq!(key.open(sealed).as_deref(), Some(&b"premaster"[..]));
            assert_eq!(key.open(b"sealed to nobody"), None);
            assert_eq!(format!("{key:?}"), "PrivateKey(2048 bits)");
        }
    }

    #[test]
    fn what_is_no_key_is_named_by_its_last_line() {
        let mut secrets = Secrets::default();
        let text = format!("# keys\n{}CLIENT_RANDOM 00\n", pem("PRIVATE KEY", b"no key"));
        let added = secrets.add_key_log(&text);
        assert_eq!(added.broken, [(4, BadLine::PrivateKey), (5, BadLine::Words)]);
        assert!(secrets.is_empty());
    }

    #[test]
    fn elements_have_the_shortest_lengths() {
        assert_eq!(element(4, &[7; 3]), [4, 3, 7, 7, 7]);
        assert_eq!(element(4, &[7; 0x80])[..3], [4, 0x81, 0x80]);
        assert_eq!(element(4, &[7; 0x123])[..4], [4, 0x82, 1, 0x23]);
        assert_eq!(element(4, &[]), [4, 0]);
    }
}
