//! The steps of TLS: what was offered, proven, agreed and ended.
//!
//! Their order in a full handshake follows the library's callbacks, and is always this:
//!
//! ```text
//!          TLS 1.2                       TLS 1.3
//! client   tls.certificate.verified      tls.keys (handshake)
//!          tls.signature.verified        tls.certificate.verified
//!          tls.keys (connection)         tls.signature.verified
//!          tls.established               tls.keys (application)
//!          tls.waited                    tls.established
//!                                        tls.waited
//!                                        tls.ticket.received
//!
//! server   tls.client_hello.received     tls.client_hello.received
//!          tls.keys (connection)         tls.keys (handshake)
//!          tls.established               tls.keys (application)
//!                                        tls.ticket.sent
//!                                        tls.established
//! ```
//!
//! Where the two did not have to do all of it:
//!
//! - In a resumed handshake no certificate is shown and none is verified.
//! - A client with early data has its `tls.keys` (early) first, a server with a session that goes
//!   on has them after the hello. What came of the data is said right before `tls.established`:
//!   `tls.early.sent` by the client, `tls.early.received` by the server if it took any.
//! - A ClientHello that a HelloRetryRequest asks for is received like the first.
//! - A client's certificate is verified by the server in the order of the client's messages: in TLS
//!   1.2 the keys come between certificate and signature, in TLS 1.3 before both.
//! - A handshake that fails ends with `tls.refused` and `tls.alert.sent` on one side, and with
//!   `tls.alert.received` on the other.
//!
//! The server's ticket stands before its `tls.established`: the library writes it while it handles
//! the client's Finished, and only then reports the handshake complete. Alerts come last.

use super::Step;
use crate::digest;

/// What a handshake agreed on, in the terms both sides and the wire share.
#[derive(Clone, Copy, Debug)]
pub struct Established<'a> {
    /// `TLS 1.2` or `TLS 1.3`.
    pub version: Option<&'a str>,
    /// The suite, such as `TLS_AES_256_GCM_SHA384`.
    pub suite: Option<&'a str>,
    /// The group of the key exchange, such as `x25519`.
    pub group: Option<&'a str>,
    /// The protocol chosen by ALPN, such as `http/1.1`.
    pub alpn: Option<&'a str>,
    /// `full`, `full-after-retry` (a HelloRetryRequest came first) or `resumed`.
    pub handshake: Option<&'a str>,
    /// The name the client asked for in the server_name extension.
    pub server_name: Option<&'a str>,
    /// The server's own certificate, the first of its chain, in DER.
    pub certificate: Option<&'a [u8]>,
}

/// `tls.client_hello.received {server_name, suites, groups, signature_schemes, alpn}`: the server's
/// library asked it to choose a certificate for this ClientHello. Said by the server alone.
///
/// On the wire: the fields of the ClientHello, each list in its order; a number without a
/// registered name is `0x1a1a`.
pub fn tls_client_hello_received(
    server_name: Option<&str>,
    suites: &[String],
    groups: &[String],
    signature_schemes: &[String],
    alpn: &[String],
) -> Step {
    let list = |items: &[String]| (!items.is_empty()).then(|| items.join(","));
    Step::new("tls.client_hello.received", [])
        .maybe("server_name", server_name.map(str::to_owned))
        .maybe("suites", list(suites))
        .maybe("groups", list(groups))
        .maybe("signature_schemes", list(signature_schemes))
        .maybe("alpn", list(alpn))
}

/// `tls.keys {epoch, client_random}`: this side holds the traffic secrets of both directions of an
/// epoch, said when the key log got them. `epoch` is `handshake` and later `application` in TLS
/// 1.3, and `early` before them where it is made, which only the client uses; TLS 1.2 has one,
/// `connection`. `client_random` is 64 hexadecimal digits.
///
/// On the wire: the random of the ClientHello; a side that sends or must read records of an epoch
/// holds its keys. A client makes `early` keys where its ClientHello has `early_data`, a server
/// where its ServerHello has `pre_shared_key`, whether it takes early data or not.
pub fn tls_keys(epoch: &str, client_random: &[u8]) -> Step {
    Step::new(
        "tls.keys",
        [("epoch", epoch.to_owned()), ("client_random", digest::hex(client_random))],
    )
}

/// `tls.certificate.verified {server_name, certificates, sha256}`: the client's verifier accepted
/// the server's chain for this name. Said by the client alone.
///
/// On the wire: the server_name extension of the ClientHello, the number of certificates in the
/// Certificate message and the digest of the first; the client went on instead of sending an alert.
pub fn tls_certificate_verified(server_name: &str, chain: &[&[u8]]) -> Step {
    Step::new(
        "tls.certificate.verified",
        [
            ("server_name", server_name.to_owned()),
            ("certificates", chain.len().to_string()),
            ("sha256", digest::sha256(chain.first().copied().unwrap_or_default())),
        ],
    )
}

/// `tls.certificate.compressed {algorithm, bytes, compressed}`: the server's library had its
/// Certificate message packed. Said by the server alone, once for all connections.
///
/// On the wire: the fields of CompressedCertificate.
pub fn tls_certificate_compressed(algorithm: &str, bytes: usize, compressed: usize) -> Step {
    packed("tls.certificate.compressed", algorithm, bytes, compressed)
}

/// `tls.certificate.inflated {algorithm, bytes, compressed}`: the client's library had it unpacked.
/// The facts of [`tls_certificate_compressed`]; said by the client alone.
///
/// On the wire: the fields of CompressedCertificate.
pub fn tls_certificate_inflated(algorithm: &str, bytes: usize, compressed: usize) -> Step {
    packed("tls.certificate.inflated", algorithm, bytes, compressed)
}

fn packed(step: &'static str, algorithm: &str, bytes: usize, compressed: usize) -> Step {
    Step::new(
        step,
        [
            ("algorithm", algorithm.to_owned()),
            ("bytes", bytes.to_string()),
            ("compressed", compressed.to_string()),
        ],
    )
}

/// `tls.staple.received {bytes, sha256}`: with the server's certificate came its issuer's word on
/// whether it is revoked. The client's library hands it on; whoever verifies may weigh it. Said by
/// the client alone, after [`tls_certificate_verified`].
///
/// On the wire: length and digest of the OCSP response, in CertificateStatus (TLS 1.2) or in an
/// extension of the certificate (TLS 1.3).
pub fn tls_staple_received(response: &[u8]) -> Step {
    Step::new(
        "tls.staple.received",
        [("bytes", response.len().to_string()), ("sha256", digest::sha256(response))],
    )
}

/// `tls.signature.verified {scheme}`: the client's verifier accepted the server's proof that it
/// owns the certificate's key, such as `ecdsa_secp256r1_sha256`. Said by the client alone.
///
/// On the wire: the scheme in ServerKeyExchange (TLS 1.2) or CertificateVerify (TLS 1.3).
pub fn tls_signature_verified(scheme: &str) -> Step {
    Step::new("tls.signature.verified", [("scheme", scheme.to_owned())])
}

/// `tls.established {version, suite, group, alpn, handshake, server_name, certificate_sha256}`: the
/// handshake is complete for this side.
///
/// On the wire: ServerHello (version and suite, with its supported_versions extension in TLS 1.3),
/// the group of the server's key share or ServerKeyExchange, the ALPN answer, the server_name
/// extension, the Certificate message, and a Finished from each side.
pub fn tls_established(what: Established<'_>) -> Step {
    let facts = [
        ("version", what.version),
        ("suite", what.suite),
        ("group", what.group),
        ("alpn", what.alpn),
        ("handshake", what.handshake),
        ("server_name", what.server_name),
    ];
    let step = Step::new("tls.established", [])
        .maybe("certificate_sha256", what.certificate.map(digest::sha256));
    facts.into_iter().fold(step, |step, (fact, value)| step.maybe(fact, value.map(str::to_owned)))
}

/// `tls.client_certificate.verified {certificates, sha256}`: the server's verifier accepted the
/// client's chain. Said by the server alone.
///
/// On the wire: the number of certificates in the client's Certificate message and the digest of
/// the first; the server went on instead of sending an alert.
pub fn tls_client_certificate_verified(chain: &[&[u8]]) -> Step {
    Step::new(
        "tls.client_certificate.verified",
        [
            ("certificates", chain.len().to_string()),
            ("sha256", digest::sha256(chain.first().copied().unwrap_or_default())),
        ],
    )
}

/// `tls.ech.greased {}`: the client sent an encrypted_client_hello that encrypts nothing. Said by
/// the client alone, after [`tls_established`].
///
/// On the wire: an encrypted_client_hello extension of type outer in the ClientHello, and none in
/// the server's answer. That nothing is encrypted in it only the client knows.
pub fn tls_ech_greased() -> Step {
    Step::new("tls.ech.greased", [])
}

/// `tls.ech.accepted {}`: the server has taken the ClientHello that the client had sealed inside
/// another. Said by the client alone, after [`tls_established`].
///
/// On the wire: an encrypted_client_hello extension of type outer in the ClientHello, and a proof
/// in the last eight bytes of the ServerHello's random (RFC 9849, section 7.2).
pub fn tls_ech_accepted() -> Step {
    Step::new("tls.ech.accepted", [])
}

/// `tls.early.sent {bytes, sha256, accepted}`: what the client wrote before its handshake was
/// complete, and whether the server took it. What was not taken the library has sent again.
///
/// On the wire: all application data under early keys; `accepted` is whether EncryptedExtensions
/// has early_data.
pub fn tls_early_sent(early: &[u8], accepted: bool) -> Step {
    let accepted = if accepted { "yes" } else { "no" };
    Step::new(
        "tls.early.sent",
        [
            ("bytes", early.len().to_string()),
            ("sha256", digest::sha256(early)),
            ("accepted", accepted.to_owned()),
        ],
    )
}

/// `tls.early.received {bytes, sha256}`: what the server read before the client's Finished. The
/// facts of [`tls_early_sent`] where that was accepted.
pub fn tls_early_received(early: &[u8]) -> Step {
    Step::new(
        "tls.early.received",
        [("bytes", early.len().to_string()), ("sha256", digest::sha256(early))],
    )
}

/// `tls.keys.updated {}`: this side asked its library for new application keys in both directions.
///
/// On the wire: a KeyUpdate of this side with `update_requested`. The other side's library answers
/// with one of its own and tells nobody.
pub fn tls_keys_updated() -> Step {
    Step::new("tls.keys.updated", [])
}

/// `tls.waited {round_trips}`: how many times the client, during the handshake, sent something and
/// then had to wait for an answer: 2 in TLS 1.2, 1 in TLS 1.3. Counted at its socket, as turns from
/// writing to reading; said by the client alone.
///
/// On the wire: the flights of the client before the handshake is established that the server
/// answered.
pub fn tls_waited(round_trips: u32) -> Step {
    Step::new("tls.waited", [("round_trips", round_trips.to_string())])
}

/// `tls.session.found {bytes, sha256}`: the server still knows the session of TLS 1.2 whose id the
/// client has named, and goes on from it.
///
/// On the wire: length and digest of the session id of a ServerHello that repeats the
/// ClientHello's, where that has no ticket.
pub fn tls_session_found(id: &[u8]) -> Step {
    Step::new(
        "tls.session.found",
        [("bytes", id.len().to_string()), ("sha256", digest::sha256(id))],
    )
}

/// `tls.ticket.sent {bytes, sha256}`: the server issued a session ticket.
///
/// On the wire: length and digest of the field `ticket` of a NewSessionTicket message.
pub fn tls_ticket_sent(ticket: &[u8]) -> Step {
    Step::new(
        "tls.ticket.sent",
        [("bytes", ticket.len().to_string()), ("sha256", digest::sha256(ticket))],
    )
}

/// `tls.ticket.received {suite, early_data}`: the client's library put a TLS 1.3 session ticket by
/// for a later connection; it does not show the ticket itself. `suite` is the suite it can be used
/// with, `early_data` how many bytes may be sent early.
///
/// On the wire: a NewSessionTicket message, the connection's suite, and the max_early_data_size of
/// its early_data extension (0 without one).
pub fn tls_ticket_received(suite: &str, early_data: u32) -> Step {
    Step::new(
        "tls.ticket.received",
        [("suite", suite.to_owned()), ("early_data", early_data.to_string())],
    )
}

/// `tls.alert.sent {description}`: this side sent an alert, such as `close_notify`.
///
/// On the wire: the description of an Alert record.
pub fn tls_alert_sent(description: &str) -> Step {
    Step::new("tls.alert.sent", [("description", description.to_owned())])
}

/// `tls.alert.received {description}`: this side read an alert. The same fact as
/// [`tls_alert_sent`]. For `close_notify`: a read returned the end of the stream, which the library
/// reports only after that alert.
pub fn tls_alert_received(description: &str) -> Step {
    Step::new("tls.alert.received", [("description", description.to_owned())])
}

/// Nobody the client believes has signed the certificate.
pub const UNKNOWN_ISSUER: &str = "unknown-issuer";
/// The certificate has run out.
pub const EXPIRED: &str = "expired";
/// The certificate is for another name than the one that was asked for.
pub const WRONG_NAME: &str = "wrong-name";
/// The two speak no protocol in common above TLS.
pub const NO_COMMON_ALPN: &str = "no-common-alpn";
/// The two speak no version of TLS in common.
pub const NO_COMMON_VERSION: &str = "no-common-version";
/// The server has not opened the ClientHello that was sealed for it.
pub const ECH_REQUIRED: &str = "ech-required";

/// `tls.refused {cause}`: this side's library would not go on with the handshake, for one of the
/// reasons above.
///
/// On the wire: an alert, and in what both sides have said before, what it is for: the
/// certificate's dates and names against the time and the name asked for, what the one offers
/// against what the other takes.
pub fn tls_refused(cause: &str) -> Step {
    Step::new("tls.refused", [("cause", cause.to_owned())])
}
