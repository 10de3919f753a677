//! The names of the IANA registries of TLS, DNS and HTTP/2, and those of the gRPC project, for the
//! numbers that occur here.
//!
//! `rustls` has names of its own for some of them (`TLS13_AES_128_GCM_SHA256`,
//! `ECDSA_NISTP256_SHA256`). The transcript uses the registered ones, and `0x1a1a` for a number
//! that has none here. The functions take the number as it stands on the wire, so that whoever
//! reads the wire can spell it alike.

use hickory_net::proto::rr::RecordType;
use rustls::CipherSuite;

/// The alert that ends a direction.
pub const CLOSE_NOTIFY: &str = "close_notify";

/// An alert: 48 is `unknown_ca`. One without a name here is `0x00ff`.
pub fn tls_alert(number: u8) -> String {
    named(ALERTS, number.into())
}

/// A protocol version: 0x0304 is `TLS 1.3`.
pub fn tls_version(number: u16) -> String {
    match number {
        0x0303 => "TLS 1.2".to_owned(),
        0x0304 => "TLS 1.3".to_owned(),
        other => unnamed(other),
    }
}

/// A cipher suite: 0x1302 is `TLS_AES_256_GCM_SHA384`.
pub fn tls_suite(number: u16) -> String {
    match CipherSuite::from(number).as_str() {
        Some(name) => name.replacen("TLS13_", "TLS_", 1),
        None => unnamed(number),
    }
}

/// A cipher suite as OpenSSL calls it, where that is asked for here: `AES128-GCM-SHA256`.
pub(crate) fn tls_suite_of_openssl(name: &str) -> Option<&'static str> {
    OPENSSL_SUITES.iter().find(|(known, _)| *known == name).map(|(_, name)| *name)
}

/// A group of the key exchange: 0x001d is `x25519`.
pub fn tls_group(number: u16) -> String {
    named(GROUPS, number)
}

/// A signature scheme: 0x0403 is `ecdsa_secp256r1_sha256`.
pub fn tls_signature_scheme(number: u16) -> String {
    named(SIGNATURE_SCHEMES, number)
}

/// A type of DNS record: 28 is `AAAA`. One without a name is `TYPE65280` (RFC 3597, section 5).
pub fn dns_type(number: u16) -> String {
    match RecordType::from(number) {
        RecordType::Unknown(_) => format!("TYPE{number}"),
        named => named.to_string(),
    }
}

/// A response code of DNS: 3 is `NXDomain`.
pub fn dns_code(number: u16) -> String {
    named(DNS_CODES, number)
}

/// The code of what ends without an error.
pub const NO_ERROR: &str = "NO_ERROR";

/// An error code of HTTP/2: 8 is `CANCEL`.
pub fn http2_error(number: u32) -> String {
    let name = usize::try_from(number).ok().and_then(|at| HTTP2_ERRORS.get(at));
    name.map_or_else(|| format!("0x{number:08x}"), |name| (*name).to_owned())
}

/// A status of gRPC: 5 is `NOT_FOUND`. The numbers are those of the gRPC project.
pub fn grpc_status(number: u32) -> String {
    let name = usize::try_from(number).ok().and_then(|at| GRPC_STATUSES.get(at));
    name.map_or_else(|| number.to_string(), |name| (*name).to_owned())
}

/// "Status codes and their use in gRPC", from 0 on.
const GRPC_STATUSES: &[&str] = &[
    "OK",
    "CANCELLED",
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "DEADLINE_EXCEEDED",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "FAILED_PRECONDITION",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNIMPLEMENTED",
    "INTERNAL",
    "UNAVAILABLE",
    "DATA_LOSS",
    "UNAUTHENTICATED",
];

/// The setting by which a client allows pushed answers, or refuses them.
pub const ENABLE_PUSH: u16 = 2;
/// The setting that bounds how many streams the other side may have open.
pub const MAX_CONCURRENT_STREAMS: u16 = 3;
/// The setting that says how much content may come on a stream before more is asked for.
pub const INITIAL_WINDOW_SIZE: u16 = 4;

/// A setting of HTTP/2: 4 is `initial_window_size`. The registry has SETTINGS_INITIAL_WINDOW_SIZE.
pub fn http2_setting(number: u16) -> String {
    named(HTTP2_SETTINGS, number)
}

/// RFC 9113, section 6.5.2.
const HTTP2_SETTINGS: &[(u16, &str)] = &[
    (1, "header_table_size"),
    (ENABLE_PUSH, "enable_push"),
    (MAX_CONCURRENT_STREAMS, "max_concurrent_streams"),
    (INITIAL_WINDOW_SIZE, "initial_window_size"),
    (5, "max_frame_size"),
    (6, "max_header_list_size"),
];

/// RFC 9113, section 7, from 0 on.
const HTTP2_ERRORS: &[&str] = &[
    NO_ERROR,
    "PROTOCOL_ERROR",
    "INTERNAL_ERROR",
    "FLOW_CONTROL_ERROR",
    "SETTINGS_TIMEOUT",
    "STREAM_CLOSED",
    "FRAME_SIZE_ERROR",
    "REFUSED_STREAM",
    "CANCEL",
    "COMPRESSION_ERROR",
    "CONNECT_ERROR",
    "ENHANCE_YOUR_CALM",
    "INADEQUATE_SECURITY",
    "HTTP_1_1_REQUIRED",
];

/// RFC 9846, section 6, as far as alerts occur here.
const ALERTS: &[(u16, &str)] = &[
    (0, CLOSE_NOTIFY),
    (40, "handshake_failure"),
    (42, "bad_certificate"),
    (45, "certificate_expired"),
    (48, "unknown_ca"),
    (70, "protocol_version"),
    (116, "certificate_required"),
    (120, "no_application_protocol"),
];

const DNS_CODES: &[(u16, &str)] = &[
    (0, "NoError"),
    (1, "FormErr"),
    (2, "ServFail"),
    (3, "NXDomain"),
    (4, "NotImp"),
    (5, "Refused"),
];

const GROUPS: &[(u16, &str)] = &[
    (0x0017, "secp256r1"),
    (0x0018, "secp384r1"),
    (0x0019, "secp521r1"),
    (0x001d, "x25519"),
    (0x001e, "x448"),
    (0x11eb, "SecP256r1MLKEM768"),
    (0x11ec, "X25519MLKEM768"),
];

/// OpenSSL's name, and the registered one.
const OPENSSL_SUITES: &[(&str, &str)] = &[
    ("AES128-GCM-SHA256", "TLS_RSA_WITH_AES_128_GCM_SHA256"),
    ("ECDHE-RSA-AES128-GCM-SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
];

const SIGNATURE_SCHEMES: &[(u16, &str)] = &[
    (0x0401, "rsa_pkcs1_sha256"),
    (0x0501, "rsa_pkcs1_sha384"),
    (0x0601, "rsa_pkcs1_sha512"),
    (0x0403, "ecdsa_secp256r1_sha256"),
    (0x0503, "ecdsa_secp384r1_sha384"),
    (0x0603, "ecdsa_secp521r1_sha512"),
    (0x0804, "rsa_pss_rsae_sha256"),
    (0x0805, "rsa_pss_rsae_sha384"),
    (0x0806, "rsa_pss_rsae_sha512"),
    (0x0807, "ed25519"),
    (0x0808, "ed448"),
    (0x0904, "mldsa44"),
    (0x0905, "mldsa65"),
    (0x0906, "mldsa87"),
];

fn named(names: &[(u16, &str)], number: u16) -> String {
    let name = names.iter().find(|(known, _)| *known == number);
    name.map_or_else(|| unnamed(number), |(_, name)| (*name).to_owned())
}

fn unnamed(number: u16) -> String {
    format!("0x{number:04x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_registered_ones() {
        assert_eq!(tls_version(0x0304), "TLS 1.3");
        assert_eq!(tls_suite(0x1302), "TLS_AES_256_GCM_SHA384");
        assert_eq!(tls_suite(0xcca9), "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256");
        assert_eq!(tls_group(0x001d), "x25519");
        assert_eq!(tls_signature_scheme(0x0403), "ecdsa_secp256r1_sha256");
        assert_eq!(tls_alert(48), "unknown_ca");
        assert_eq!((dns_type(28), dns_type(5)), ("AAAA".to_owned(), "CNAME".to_owned()));
        assert_eq!(dns_code(3), "NXDomain");
        assert_eq!(http2_error(8), "CANCEL");
        assert_eq!(grpc_status(5), "NOT_FOUND");
        assert_eq!(http2_setting(INITIAL_WINDOW_SIZE), "initial_window_size");
    }

    #[test]
    fn what_has_no_name_keeps_its_number() {
        assert_eq!(tls_version(0x7f1c), "0x7f1c");
        assert_eq!(tls_suite(0x1a1a), "0x1a1a");
        assert_eq!(tls_group(0x0a0a), "0x0a0a");
        assert_eq!(tls_signature_scheme(0x0001), "0x0001");
        assert_eq!(dns_type(0xff00), "TYPE65280");
        assert_eq!(dns_code(4095), "0x0fff");
        assert_eq!(http2_error(99), "0x00000063");
        assert_eq!(grpc_status(17), "17");
        assert_eq!(http2_setting(0xf000), "0xf000");
    }
}
