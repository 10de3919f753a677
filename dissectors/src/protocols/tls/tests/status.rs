//! What an authority says of certificates, and names of keys that both sides share from before.

use super::{HANDSHAKE, TLS12, hellos, message, record};
use crate::protocols::stage::{Played, Step, ask, on_port, say};

/// An element of DER.
fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let len = content.len() as u8;
    assert!(len < 128, "short forms do here");
    [&[tag, len][..], &content].concat()
}

fn time(text: &str) -> Vec<u8> {
    der(0x18, &[text.as_bytes()])
}

/// The answer on one certificate, by the hash of a key.
fn answer(status: &[u8]) -> Vec<u8> {
    let sha1 = der(0x30, &[&[6, 5, 0x2b, 14, 3, 2, 26], &[5, 0]]);
    let whose = der(0x30, &[&sha1, &[4, 2, 1, 1], &[4, 2, 2, 2], &[2, 2, 0x12, 0x34]]);
    let next = der(0xa0, &[&time("20250104000000Z")]);
    let single = der(0x30, &[&whose, status, &time("20250103000000Z"), &next]);
    let nonce = der(0x30, &[&[6, 9, 0x2b, 6, 1, 5, 5, 7, 0x30, 1, 2], &[4, 4, 4, 2, 9, 9]]);
    let who = der(0xa2, &[&[4, 2, 7, 7]]);
    let listed = [der(0x30, &[&single]), der(0xa1, &[&der(0x30, &[&nonce])])];
    let said = [who, time("20250102030405Z"), listed.concat()].concat();
    // Longer than a short form holds.
    let said = [&[0x30, 0x81, said.len() as u8][..], &said].concat();
    let signed = [der(0x30, &[&[6, 3, 0x2b, 0x65, 0x70]]), der(3, &[&[0, 5, 5]])].concat();
    let basic = [said, signed].concat();
    let basic = [&[0x30, 0x81, basic.len() as u8][..], &basic].concat();
    let bytes = [&[6, 9, 0x2b, 6, 1, 5, 5, 7, 0x30, 1, 1, 4, 0x81, basic.len() as u8][..], &basic];
    let bytes = bytes.concat();
    let bytes = [&[0x30, 0x81, bytes.len() as u8][..], &bytes].concat();
    let bytes = [&[0xa0, 0x81, bytes.len() as u8][..], &bytes].concat();
    [&[0x30, 0x81, bytes.len() as u8 + 3, 10, 1, 0][..], &bytes].concat()
}

/// A CertificateStatus with that in it.
fn stapled(response: &[u8]) -> Played {
    let [hello, server] = hellos(TLS12, 0xc02f);
    let len = (response.len() as u32).to_be_bytes();
    let status = message(22, &[&[1][..], &len[1..], response].concat());
    on_port(443, &[hello, server, say(record(HANDSHAKE, TLS12, &status))])
}

#[track_caller]
fn check(read: &Played, expected: &[(&str, &str)]) {
    for (name, value) in expected {
        assert_eq!(read.values(name), *value, "{name}");
    }
}

fn notes(read: &Played) -> Vec<String> {
    read.messages().iter().flat_map(|one| read.describe(one).notes).collect()
}

#[test]
fn whether_a_certificate_still_holds() {
    let revoked = der(0xa1, &[&time("20250101000000Z"), &[0xa0, 3, 10, 1, 1]]);
    let read = stapled(&answer(&revoked));
    check(
        &read,
        &[
            ("ocsp.responseStatus", "0"),
            ("ocsp.responseType.id", "1.3.6.1.5.5.7.48.1.1"),
            ("ocsp.byKey", "0707"),
            ("ocsp.producedAt", "1735787045000000000"),
            ("ocsp.responses", "1"),
            ("ocsp.issuerNameHash", "0101"),
            ("ocsp.issuerKeyHash", "0202"),
            ("ocsp.serialNumber", "1234"),
            ("ocsp.certStatus", "1"),
            ("ocsp.revocationTime", "1735689600000000000"),
            ("ocsp.revocationReason", "1"),
            ("ocsp.thisUpdate", "1735862400000000000"),
            ("ocsp.nextUpdate", "1735948800000000000"),
            ("pkix1explicit.id", "1.3.6.1.5.5.7.48.1.2"),
            ("ocsp.ReOcspNonce", "0909"),
            ("x509af.algorithm.id", "1.3.14.3.2.26 1.3.101.112"),
            ("ocsp.signature", "0505"),
        ],
    );
    assert_eq!(notes(&read), [""; 0]);
    let good = stapled(&answer(&[0x80, 0]));
    check(&good, &[("ocsp.certStatus", "0"), ("ocsp.revocationTime", "")]);
}

#[test]
fn answers_that_say_nothing_or_end_early() {
    // tryLater (RFC 6960, section 4.2.1).
    let later = stapled(&[0x30, 3, 10, 1, 3]);
    check(&later, &[("ocsp.responseStatus", "3"), ("ocsp.producedAt", "")]);
    assert_eq!(notes(&later), [""; 0]);
    let whole = answer(&[0x80, 0]);
    for len in 1..whole.len() {
        assert!(!notes(&stapled(&whole[..len])).is_empty(), "{len} bytes are no answer");
    }
}

/// What both sides say in an exchange of keys with that suite.
fn exchanged(suite: u16, server: &[u8], client: &[u8]) -> Played {
    let [hello, answer] = hellos(TLS12, suite);
    let of = |kind, body: &[u8]| record(HANDSHAKE, TLS12, &message(kind, body));
    let steps: [Step; 4] = [hello, answer, say(of(12, server)), ask(of(16, client))];
    on_port(443, &steps)
}

#[test]
fn shared_keys_are_named_before_anything_else() {
    let named = |rest: &[u8]| [&[0, 2, b'm', b'e'][..], rest].concat();
    let group = [0, 1, 23, 0, 1, 5, 0, 1, 8];
    for (suite, server, client, more) in [
        // PSK, DHE_PSK, RSA_PSK and ECDHE_PSK.
        (0x008c, &[][..], &[][..], ("tls.handshake.epms", "")),
        (0x0090, &group[..], &[0, 1, 9][..], ("tls.handshake.yc", "09")),
        (0x0094, &[][..], &[0, 1, 6][..], ("tls.handshake.epms", "06")),
        (0xc035, &[3, 0, 29, 1, 4][..], &[1, 3][..], ("tls.handshake.client_point", "03")),
    ] {
        let read = exchanged(suite, &named(server), &named(client));
        check(&read, &[("tls.handshake.hint", "6d65"), ("tls.handshake.identity", "6d65"), more]);
        assert_eq!(notes(&read), [""; 0], "{suite:04x}");
    }
}
