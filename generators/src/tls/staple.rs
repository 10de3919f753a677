//! The word of an authority on a certificate, for the server to hand on (OCSP, RFC 6960).
//!
//! ```text
//!   OCSPResponse        successful, and
//!   BasicOCSPResponse     what is signed, how, and the signature
//!   ResponseData            who says it, when, and of each certificate:
//!   SingleResponse            which one, that it is good, since when, until when
//! ```
//!
//! Everything is DER, a tag and a length before each content (RFC 6960, section 4.2.1).

use std::time::{Duration, SystemTime};

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use rcgen::{CertificateParams, SigningKey};

use super::authority::{Authority, Identity, refused};
use crate::Failure;

/// How old the answer is that the server has fetched.
const AGE: Duration = Duration::from_secs(60 * 60);

/// How long it may be used.
const LIFE: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// Tags of DER (ITU-T X.690, section 8), and those that a structure gives its parts.
const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OCTETS: u8 = 0x04;
const NULL: u8 = 0x05;
const OID: u8 = 0x06;
const ENUMERATED: u8 = 0x0a;
const UTF8: u8 = 0x0c;
const TIME: u8 = 0x18;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const GOOD: u8 = 0x80;
const PART_0: u8 = 0xa0;
const BY_KEY: u8 = 0xa2;

/// Object identifiers as they are encoded: SHA-1, ecdsa-with-SHA256, id-pkix-ocsp-basic and
/// commonName.
const SHA1: &[u8] = &[0x2b, 14, 3, 2, 26];
const ECDSA_SHA256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2];
const BASIC: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 48, 1, 1];
const COMMON_NAME: &[u8] = &[0x55, 4, 3];

impl Authority {
    /// Gives a server that it has vouched for its word that the certificate is not revoked.
    pub(crate) fn staple(&self, identity: Identity) -> Result<Identity, Failure> {
        let response = self.response(&identity.serial);
        let response = response.map_err(|error| refused("sign an answer of OCSP", error))?;
        Ok(Identity { staple: Some(response), ..identity })
    }

    fn response(&self, serial: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        let key = self.issuer.key();
        let made = SystemTime::now() - AGE;
        let own_key = sha1(key.public_key_raw());
        let certificate = sequence(&[
            sequence(&[der(OID, &[SHA1]), der(NULL, &[])]),
            der(OCTETS, &[&sha1(&name(&self.name))]),
            der(OCTETS, &[&own_key]),
            der(INTEGER, &[serial]),
        ]);
        let single = sequence(&[
            certificate,
            der(GOOD, &[]),
            time(made),
            der(PART_0, &[&time(made + LIFE)]),
        ]);
        let said =
            sequence(&[der(BY_KEY, &[&der(OCTETS, &[&own_key])]), time(made), sequence(&[single])]);
        let signature = key.sign(&said)?;
        let basic = sequence(&[
            said,
            sequence(&[der(OID, &[ECDSA_SHA256])]),
            // All bits of it count.
            der(BIT_STRING, &[&[0], &signature]),
        ]);
        let typed = sequence(&[der(OID, &[BASIC]), der(OCTETS, &[&basic])]);
        Ok(sequence(&[der(ENUMERATED, &[&[0]]), der(PART_0, &[&typed])]))
    }
}

/// An element: its tag, the length of its content in the shortest form, and the content.
fn der(tag: u8, content: &[&[u8]]) -> Vec<u8> {
    let content = content.concat();
    let len = content.len().to_be_bytes();
    let zeros = len.iter().take_while(|byte| **byte == 0).count();
    let len = len.get(zeros..).unwrap_or_default();
    let head = match len {
        [] => vec![tag, 0],
        [short] if *short < 0x80 => vec![tag, *short],
        long => [&[tag, 0x80 | long.len() as u8], long].concat(),
    };
    [head, content].concat()
}

fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    der(SEQUENCE, &[&parts.concat()])
}

/// A name of one part, as the authority's certificates have it.
fn name(common: &str) -> Vec<u8> {
    let part = sequence(&[der(OID, &[COMMON_NAME]), der(UTF8, &[common.as_bytes()])]);
    sequence(&[der(SET, &[&part])])
}

/// A time to the second: `20261130161500Z` (RFC 5280, section 4.1.2.5.2).
fn time(at: SystemTime) -> Vec<u8> {
    // The library that makes certificates knows calendars.
    let mut params = CertificateParams::default();
    params.not_before = at.into();
    let at = params.not_before;
    let (month, hour) = (u8::from(at.month()), at.hour());
    let date = format!("{:04}{month:02}{:02}", at.year(), at.day());
    let text = format!("{date}{hour:02}{:02}{:02}Z", at.minute(), at.second());
    der(TIME, &[text.as_bytes()])
}

fn sha1(bytes: &[u8]) -> Vec<u8> {
    digest(&SHA1_FOR_LEGACY_USE_ONLY, bytes).as_ref().to_vec()
}

#[cfg(test)]
mod tests {
    use std::{fs::write, process::Command};

    use super::*;

    #[test]
    fn lengths_are_as_short_as_they_can_be() {
        let head = |len: usize| der(OCTETS, &[&vec![7; len]]).get(..4).map(<[u8]>::to_vec);
        assert_eq!(der(NULL, &[]), [5, 0]);
        assert_eq!(head(127), Some(vec![4, 127, 7, 7]));
        assert_eq!(head(128), Some(vec![4, 0x81, 128, 7]));
        assert_eq!(head(300), Some(vec![4, 0x82, 1, 44]));
    }

    /// OpenSSL is asked whether the answer is its issuer's, for this certificate, and good.
    #[test]
    #[expect(
        clippy::print_stdout,
        reason = "who reads the test's output shall know what it left out"
    )]
    fn openssl_believes_the_answer() {
        if Command::new("openssl").arg("version").output().is_err() {
            println!("skipped: there is no openssl");
            return;
        }
        let authority = Authority::called("Some Root").unwrap();
        let identity = authority.staple(authority.issue("server.wirestage.test").unwrap()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str, bytes: &[u8]| write(folder.path().join(name), bytes).unwrap();
        put("answer.der", &identity.staple.unwrap());
        put("server.der", &identity.chain[0]);
        put("root.der", &authority.root_certificate());
        let script = "for name in root server; do \
             openssl x509 -inform DER -in $name.der -out $name.pem; done; \
             openssl ocsp -respin answer.der -issuer root.pem -cert server.pem -CAfile root.pem";
        let output = Command::new("sh").args(["-c", script]).current_dir(folder.path()).output();
        let output = output.unwrap();
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        assert!(said.contains("Response verify OK"), "{said}");
        assert!(said.contains("server.pem: good"), "{said}");
    }
}
