//! A key that hellos are sealed to: as it is published (RFC 9849, section 4), and as `selfserv`
//! takes it.

use rustls::crypto::{
    aws_lc_rs::hpke::DH_KEM_X25519_HKDF_SHA256_AES_128,
    hpke::{Hpke, HpkePrivateKey},
};

use super::{PUBLIC_NAME, failed};
use crate::Failure;

/// The version of an ECHConfig.
const VERSION: u16 = 0xfe0d;
/// DHKEM(X25519, HKDF-SHA256) (RFC 9180, section 7.1).
const KEM: u16 = 0x0020;
/// HKDF-SHA256 and AES-128-GCM (RFC 9180, sections 7.2 and 7.3).
const SUITE: [u16; 2] = [0x0001, 0x0001];
/// By what hellos name the key.
const ID: u8 = 1;
/// Up to how many bytes names are filled up, so that none shows by its length.
const LONGEST_NAME: u8 = 64;

/// Both halves of a key on X25519.
#[derive(Clone)]
pub(crate) struct SealingKey {
    public: Vec<u8>,
    private: Vec<u8>,
}

impl SealingKey {
    /// Makes one.
    pub(crate) fn new() -> Result<SealingKey, Failure> {
        let (public, private) = DH_KEM_X25519_HKDF_SHA256_AES_128
            .generate_key_pair()
            .map_err(|error| failed("make a key")(std::io::Error::other(error)))?;
        Ok(SealingKey { public: public.0, private: private.secret_bytes().to_vec() })
    }

    /// Bytes that nobody else knows.
    pub(super) fn seed(&self) -> &[u8] {
        &self.private
    }

    /// The half that nobody else is given.
    pub(crate) fn private(&self) -> HpkePrivateKey {
        HpkePrivateKey::from(self.private.clone())
    }

    /// The ECHConfigList that is published: DNS would hand it out (RFC 9848).
    pub(crate) fn published(&self) -> Vec<u8> {
        let suite = SUITE.map(u16::to_be_bytes).concat();
        let contents = [
            &[ID][..],
            &KEM.to_be_bytes(),
            &counted(&self.public),
            &counted(&suite),
            &[LONGEST_NAME, PUBLIC_NAME.len() as u8],
            PUBLIC_NAME.as_bytes(),
            // No extensions.
            &counted(&[]),
        ]
        .concat();
        counted(&[&VERSION.to_be_bytes()[..], &counted(&contents)].concat())
    }

    /// What `selfserv` takes: the private key, counted, and what is published.
    pub(super) fn for_selfserv(&self) -> Vec<u8> {
        [counted(&self.pkcs8()), self.published()].concat()
    }

    /// The key in the form that NSS reads: PrivateKeyInfo (RFC 5208) around ECPrivateKey (RFC
    /// 5915), with the name that the curve had before it had a standard.
    fn pkcs8(&self) -> Vec<u8> {
        const EC_PUBLIC_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
        const CURVE25519: &[u8] = &[0x2b, 0x06, 0x01, 0x04, 0x01, 0xda, 0x47, 0x0f, 0x01];
        let bits = der(0x03, &[&[0][..], &self.public].concat());
        let key = [der(0x02, &[1]), der(0x04, &self.private), der(0xa1, &bits)].concat();
        let algorithm = [der(0x06, EC_PUBLIC_KEY), der(0x06, CURVE25519)].concat();
        let inside = [der(0x02, &[0]), der(0x30, &algorithm), der(0x04, &der(0x30, &key))].concat();
        der(0x30, &inside)
    }
}

/// Bytes behind their length in two.
fn counted(bytes: &[u8]) -> Vec<u8> {
    [&(bytes.len() as u16).to_be_bytes()[..], bytes].concat()
}

/// A value of DER, of fewer than 256 bytes.
fn der(tag: u8, value: &[u8]) -> Vec<u8> {
    let len = value.len() as u8;
    let head = if len < 0x80 { vec![tag, len] } else { vec![tag, 0x81, len] };
    [head, value.to_vec()].concat()
}
