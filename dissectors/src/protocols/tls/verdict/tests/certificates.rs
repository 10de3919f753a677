//! Verdicts on certificates. None is made here: what they show is given, and that they are read is
//! shown by recordings.

use super::*;

const BAD_CERTIFICATE: &str = "The alert is bad_certificate, which names no reason: GnuTLS sends it \
                               where it knows nobody who vouches for a certificate, too.";

#[test]
fn certificates_that_are_not_taken() {
    let good = shown("CN=Root", "e.org", [-9, 9]);
    alert(
        &good,
        CLIENT,
        48,
        "unknown-issuer: The client knows nobody who vouches for the certificate of the server. The \
         certificate of CN=e.org is signed by CN=Root. No other certificate came along: if one \
         stands between it and a root, it is missing.",
    );
    alert(
        &shown("CN=e.org", "e.org", [-9, 9]),
        CLIENT,
        48,
        "unknown-issuer: The certificate of the server is signed by itself, and the client does not \
         know it. The certificate of CN=e.org is signed by itself.",
    );
    alert(
        &shown("CN=Root", "e.org", [-9, -2]),
        CLIENT,
        45,
        "expired: The certificate of the server has run out. It is valid from 2026-11-20 to \
         2026-11-27; it was shown on 2026-11-29.",
    );
    alert(
        &shown("CN=Root", "e.org", [2, 9]),
        CLIENT,
        42,
        "not-yet-valid: The certificate of the server is not valid yet. It is valid from 2026-12-01 \
         to 2026-12-08; it was shown on 2026-11-29.",
    );
    alert(
        &good,
        CLIENT,
        45,
        "clock: The client holds that the certificate of the server has run out, which by the \
         recording’s clock it has not. It is valid from 2026-11-20 to 2026-12-08; it was shown on \
         2026-11-29.",
    );
    for bad in [42, 46] {
        alert(
            &shown("CN=Root", "*.e.org", [-9, 9]),
            CLIENT,
            bad,
            "wrong-name: The certificate is for another name than the client asks for. The client \
             asks for e.org (SNI). The certificate is for *.e.org.",
        );
    }
    alert(
        &Case {
            shown: [None, Some(Shown::made("CN=f.org", "CN=Root", "", [-9, 9]))],
            ..answered(0x0304)
        },
        CLIENT,
        42,
        "wrong-name: The certificate is for another name than the client asks for. The client asks \
         for e.org (SNI). The certificate names no host, but CN=f.org.",
    );
    alert(
        &shown("CN=e.org", "", [-9, 9]),
        CLIENT,
        42,
        &format!(
            "bad-certificate: The client does not take the certificate of the server; its dates \
             are no reason. The certificate of CN=e.org is signed by itself. The certificate names \
             no host, but CN=e.org. {BAD_CERTIFICATE}"
        ),
    );
    alert(
        &good,
        CLIENT,
        46,
        "bad-certificate: The client does not take the certificate of the server; its dates and \
         names are no reason. The certificate of CN=e.org is signed by CN=Root. No other \
         certificate came along: if one stands between it and a root, it is missing. The alert is \
         certificate_unknown, which names no reason.",
    );
    let fits = |handshake: &Case, by: Direction, time: Time| {
        handshake.alert(&[2, 42], by, Protection::Clear, time).map(|one| one.told())
    };
    let told = fits(&good, CLIENT, NOW).expect("a verdict");
    assert!(told.ends_with(BAD_CERTIFICATE), "{told}");
    let mut turned = shown("CN=Root", "e.org", [-9, 9]);
    turned.shown.reverse();
    let told = fits(&turned, SERVER, NOW).expect("a verdict");
    assert!(told.contains("of the client; its dates are no reason. "), "{told}");
    let told = fits(&turned, SERVER, Time::UNKNOWN).expect("a verdict");
    assert!(told.contains("of the client. "), "{told}");
    let told = fits(&good, CLIENT, Time::UNKNOWN).expect("a verdict");
    assert!(told.contains("of the server; its names are no reason. "), "{told}");
    alert(
        &good,
        CLIENT,
        43,
        "unsupported-certificate: The certificate of the server is of a kind that the client does \
         not take. The certificate of CN=e.org is signed by CN=Root. No other certificate came \
         along: if one stands between it and a root, it is missing.",
    );
}

#[test]
fn certificates_that_nobody_here_has_seen() {
    let sealed = "What the certificate says is sealed here, or was not recorded.";
    alert(
        &answered(0x0304),
        CLIENT,
        45,
        &format!(
            "expired: The client holds that the certificate of the server has run out. {sealed}"
        ),
    );
    alert(
        &answered(0x0304),
        CLIENT,
        42,
        &format!(
            "bad-certificate: The client does not take the certificate of the server. {sealed} \
             {BAD_CERTIFICATE}"
        ),
    );
    alert(
        &answered(0x0304),
        CLIENT,
        48,
        "unknown-issuer: The client knows nobody who vouches for the certificate of the server.",
    );
}

#[test]
fn a_client_without_a_certificate() {
    let expected = "no-client-certificate: The server wants a certificate of the client, and the \
                    client has shown none. The server asked with CertificateRequest; the client’s \
                    Certificate is empty.";
    let mut handshake = answered(0x0304);
    say(&mut handshake, &[(SERVER, 13, &[0, 0, 0]), (CLIENT, 11, &[0, 0, 0, 0])]);
    alert(&handshake, SERVER, 116, expected);
    alert(&handshake, SERVER, 40, expected);
    alert(
        &handshake,
        SERVER,
        50,
        "decode-error: The server will not go on: a message could not be read. The server had asked \
         for a certificate, and the client’s Certificate is empty: GnuTLS refuses that by \
         decode_error before TLS 1.3.",
    );
    alert(
        &answered(0x0304),
        SERVER,
        116,
        "no-client-certificate: The server wants a certificate of the client, and the client has \
         shown none. Its question is sealed here, or was not recorded.",
    );
}
