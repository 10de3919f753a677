//! The names of the IANA TLS registries for the numbers that occur here.
//!
//! `rustls` has names of its own for some of them (`TLS13_AES_128_GCM_SHA256`, `ECDSA_NISTP256_SHA256`).
//! The transcript uses the registered ones, and the number where there is none.

use rustls::{CipherSuite, NamedGroup, ProtocolVersion, SignatureScheme};

/// The alert that ends a direction.
pub(super) const CLOSE_NOTIFY: &str = "close_notify";

/// `TLS 1.3`
pub(super) fn version(version: ProtocolVersion) -> String {
    match version {
        ProtocolVersion::TLSv1_2 => "TLS 1.2".to_owned(),
        ProtocolVersion::TLSv1_3 => "TLS 1.3".to_owned(),
        other => number(other.into()),
    }
}

/// `TLS_AES_256_GCM_SHA384`
pub(super) fn suite(suite: CipherSuite) -> String {
    match suite.as_str() {
        Some(name) => name.replacen("TLS13_", "TLS_", 1),
        None => number(suite.into()),
    }
}

/// `x25519`
pub(super) fn group(group: NamedGroup) -> String {
    match u16::from(group) {
        0x0017 => "secp256r1".to_owned(),
        0x0018 => "secp384r1".to_owned(),
        0x0019 => "secp521r1".to_owned(),
        0x001d => "x25519".to_owned(),
        0x001e => "x448".to_owned(),
        0x11eb => "SecP256r1MLKEM768".to_owned(),
        0x11ec => "X25519MLKEM768".to_owned(),
        other => number(other),
    }
}

/// `ecdsa_secp256r1_sha256`
pub(super) fn signature_scheme(scheme: SignatureScheme) -> String {
    match u16::from(scheme) {
        0x0401 => "rsa_pkcs1_sha256".to_owned(),
        0x0501 => "rsa_pkcs1_sha384".to_owned(),
        0x0601 => "rsa_pkcs1_sha512".to_owned(),
        0x0403 => "ecdsa_secp256r1_sha256".to_owned(),
        0x0503 => "ecdsa_secp384r1_sha384".to_owned(),
        0x0603 => "ecdsa_secp521r1_sha512".to_owned(),
        0x0804 => "rsa_pss_rsae_sha256".to_owned(),
        0x0805 => "rsa_pss_rsae_sha384".to_owned(),
        0x0806 => "rsa_pss_rsae_sha512".to_owned(),
        0x0807 => "ed25519".to_owned(),
        0x0808 => "ed448".to_owned(),
        other => number(other),
    }
}

fn number(number: u16) -> String {
    format!("0x{number:04x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_registered_ones() {
        assert_eq!(version(ProtocolVersion::TLSv1_3), "TLS 1.3");
        assert_eq!(suite(CipherSuite::TLS13_AES_256_GCM_SHA384), "TLS_AES_256_GCM_SHA384");
        assert_eq!(
            suite(CipherSuite::TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256),
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"
        );
        assert_eq!(group(NamedGroup::X25519), "x25519");
        assert_eq!(
            signature_scheme(SignatureScheme::ECDSA_NISTP256_SHA256),
            "ecdsa_secp256r1_sha256"
        );
    }

    #[test]
    fn what_has_no_name_keeps_its_number() {
        assert_eq!(suite(CipherSuite::Unknown(0x1a1a)), "0x1a1a");
        assert_eq!(group(NamedGroup::Unknown(0x0a0a)), "0x0a0a");
        assert_eq!(signature_scheme(SignatureScheme::Unknown(0x0001)), "0x0001");
    }
}
