//! Certificates in fewer bytes, and what their issuer says of them.

use std::io::Write;

use flate2::{Compression, write::ZlibEncoder};

use super::{GCM, HANDSHAKE, TLS12, hellos, message, record};
use crate::protocols::stage::{Played, on_port, say};

const DER: &[u8] = include_bytes!("../tell/certificate.der");
const GOOD: &[u8] = include_bytes!("good.der");
const REVOKED: &[u8] = include_bytes!("revoked.der");

/// A length of three bytes, and what it is of.
fn sized(bytes: &[u8]) -> Vec<u8> {
    [&(bytes.len() as u32).to_be_bytes()[1..], bytes].concat()
}

/// What a server says in the clear, where a handshake of TLS 1.2 lets it.
fn said(kind: u8, body: &[u8]) -> Played {
    let [hello, answer] = hellos(TLS12, GCM);
    on_port(443, &[hello, answer, say(record(HANDSHAKE, TLS12, &message(kind, body)))])
}

fn notes(played: &Played) -> Vec<String> {
    played.messages().iter().flat_map(|one| played.describe(one).notes).collect()
}

/// A CompressedCertificate of zlib that claims to hold so many bytes.
fn compressed(coded: &[u8], whole: usize) -> Played {
    let whole = &(whole as u32).to_be_bytes()[1..];
    said(25, &[&[0, 1], whole, &sized(coded)].concat())
}

#[test]
fn what_a_compressed_certificate_holds_is_told_as_a_certificate() {
    let list = sized(&sized(DER));
    let mut coded = ZlibEncoder::new(Vec::new(), Compression::best());
    coded.write_all(&list).unwrap();
    let coded = coded.finish().unwrap();
    let played = compressed(&coded, list.len());
    let field = |name| played.values(name);
    assert_eq!(field("tls.compress_certificate.algorithm"), "1");
    let whole = field("tls.compress_certificate.uncompressed_length");
    assert_eq!(whole, list.len().to_string());
    let inside = field("tls.handshake.certificates_length");
    assert_eq!(inside, (list.len() - 3).to_string());
    assert_eq!(field("x509sat.uTF8String"), said(11, &list).values("x509sat.uTF8String"));
    assert_ne!(field("x509sat.uTF8String"), "");
    assert_eq!(notes(&played), [""; 0]);
}

#[test]
fn what_holds_another_length_or_is_damaged_says_so() {
    let list = sized(&sized(DER));
    let mut coded = ZlibEncoder::new(Vec::new(), Compression::best());
    coded.write_all(&list).unwrap();
    let mut coded = coded.finish().unwrap();
    let said = format!("{} bytes are claimed to be inside, and it holds {}", 9, list.len());
    assert_eq!(notes(&compressed(&coded, 9)), [said]);
    coded.truncate(40);
    assert_eq!(notes(&compressed(&coded, list.len())).len(), 2);
}

#[test]
fn the_word_of_an_issuer_is_told_field_by_field() {
    let played = said(22, &[&[1][..], &sized(GOOD)].concat());
    let field = |name| played.values(name);
    assert_eq!(field("ocsp.responseStatus"), "0");
    assert_eq!(field("ocsp.responseType.id"), "1.3.6.1.5.5.7.48.1.1");
    assert_eq!(field("ocsp.serialNumber"), "1234567890");
    assert_eq!(field("ocsp.certStatus"), "0");
    assert_eq!(field("ocsp.byKey"), field("ocsp.issuerKeyHash"));
    assert_ne!(field("ocsp.nextUpdate"), "");
    assert_eq!(notes(&played), [""; 0]);

    let played = said(22, &[&[1][..], &sized(REVOKED)].concat());
    let field = |name| played.values(name);
    assert_eq!((field("ocsp.certStatus"), field("ocsp.byKey")), ("1".to_owned(), String::new()));
    // 2026-11-01, midnight.
    assert_eq!(field("ocsp.revocationTime"), "1793491200000000000");
}

#[test]
fn a_response_that_is_cut_costs_what_follows_alone() {
    let played = said(22, &[&[1][..], &sized(&GOOD[..120])].concat());
    assert_eq!(played.values("ocsp.responseStatus"), "0");
    assert_eq!(notes(&played).len(), 1, "{:?}", notes(&played));
}
