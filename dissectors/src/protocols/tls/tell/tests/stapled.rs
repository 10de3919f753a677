//! What is told of an issuer's word that comes with a certificate; both answers are OpenSSL's.

use super::*;

const GOOD: &[u8] = include_bytes!("../../tests/good.der");
const REVOKED: &[u8] = include_bytes!("../../tests/revoked.der");

/// A CertificateStatus with this response.
fn status(response: &[u8]) -> Vec<u8> {
    let len = response.len() as u32;
    [&[1][..], &len.to_be_bytes()[1..], response].concat()
}

#[test]
fn the_word_of_an_issuer_has_a_verdict_and_dates() {
    let check = |response: &[u8], expected: &str| {
        let body = status(response);
        super::check(tls12(ECDHE), SERVER, (Type::CERTIFICATE_STATUS, &body), expected);
    };
    check(
        GOOD,
        "CertificateStatus | Brings word on whether the certificate is revoked | Its issuer says \
         “good” as of 2026-11-30, until 2026-12-07. The client need not ask, and the issuer does not \
         learn whom it visits.",
    );
    check(
        REVOKED,
        "CertificateStatus | Brings word on whether the certificate is revoked | Its issuer says \
         “revoked” as of 2026-11-30. The client need not ask, and the issuer does not learn whom it \
         visits.",
    );
    // The answer is cut.
    check(&GOOD[..90], "CertificateStatus | Brings word on whether the certificate is revoked");
}

#[test]
fn in_tls_13_it_comes_with_the_certificate() {
    let der = include_bytes!("../certificate.der");
    let len = |len: usize| [0, (len >> 8) as u8, len as u8];
    let word = status(GOOD);
    let extension = [&[0, 5][..], &(word.len() as u16).to_be_bytes(), &word].concat();
    let extensions = [&(extension.len() as u16).to_be_bytes()[..], &extension].concat();
    let entry = [&len(der.len())[..], der, &extensions].concat();
    let body = [&[0][..], &len(entry.len()), &entry].concat();
    super::check(
        tls13(),
        SERVER_SEALED,
        (Type::CERTIFICATE, &body),
        "Certificate | Shows who it is, and only the client can read it | CN=example.org. A \
         certificate ties a key to a name: who shows it has still to prove that the key is theirs. \
         Its issuer’s word comes along: “good” as of 2026-11-30, until 2026-12-07.",
    );
}
