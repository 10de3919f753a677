//! What the numbers of TLS are called: the IANA registries, spelled as Wireshark spells them.
//!
//! An unknown value keeps its number; nothing here decides how bytes are read, except that the
//! name of a cipher suite tells what it is made of.

mod parameters;
mod suites;

pub use parameters::{EXTENSIONS, GROUPS, QUIC_PARAMETERS, SIGNATURE_SCHEMES};
pub use suites::CIPHER_SUITES;

use std::fmt::{self, Display};

use crate::field::Names;

/// The name of a number in a table, or the number in hexadecimal.
#[must_use]
pub fn name(names: Names, number: u16) -> String {
    named(names, number).to_string()
}

/// The name of a number, or the number in hexadecimal.
pub fn named(names: Names, number: u16) -> impl Display {
    fmt::from_fn(move |f| match known(names, number) {
        Some(name) => f.write_str(name),
        None => write!(f, "{number:#06x}"),
    })
}

/// The name of a number in a table that is in ascending order.
#[must_use]
pub fn known(names: Names, number: u16) -> Option<&'static str> {
    let index = names.binary_search_by_key(&u64::from(number), |(value, _)| *value).ok()?;
    names.get(index).map(|(_, name)| *name)
}

/// Whether a question on certificates was answered (RFC 6960, section 4.2.1).
pub static OCSP_STATUSES: Names = &[
    (0, "successful"),
    (1, "malformedRequest"),
    (2, "internalError"),
    (3, "tryLater"),
    (5, "sigRequired"),
    (6, "unauthorized"),
];

/// Whether a certificate holds (RFC 6960, section 4.2.1).
pub static OCSP_CERTIFICATE_STATUSES: Names = &[(0, "good"), (1, "revoked"), (2, "unknown")];

/// Why one was revoked (RFC 5280, section 5.3.1).
pub static OCSP_REASONS: Names = &[
    (0, "unspecified"),
    (1, "keyCompromise"),
    (2, "cACompromise"),
    (3, "affiliationChanged"),
    (4, "superseded"),
    (5, "cessationOfOperation"),
    (6, "certificateHold"),
    (8, "removeFromCRL"),
    (9, "privilegeWithdrawn"),
    (10, "aACompromise"),
];

/// Protocol versions.
pub static VERSIONS: Names = &[
    (0x0002, "SSL 2.0"),
    (0x0300, "SSL 3.0"),
    (0x0301, "TLS 1.0"),
    (0x0302, "TLS 1.1"),
    (0x0303, "TLS 1.2"),
    (0x0304, "TLS 1.3"),
    (0x0a0a, "Reserved (GREASE)"),
    (0x1a1a, "Reserved (GREASE)"),
    (0x2a2a, "Reserved (GREASE)"),
    (0x3a3a, "Reserved (GREASE)"),
    (0x4a4a, "Reserved (GREASE)"),
    (0x5a5a, "Reserved (GREASE)"),
    (0x6a6a, "Reserved (GREASE)"),
    (0x7a7a, "Reserved (GREASE)"),
    (0x8a8a, "Reserved (GREASE)"),
    (0x9a9a, "Reserved (GREASE)"),
    (0xaaaa, "Reserved (GREASE)"),
    (0xbaba, "Reserved (GREASE)"),
    (0xcaca, "Reserved (GREASE)"),
    (0xdada, "Reserved (GREASE)"),
    (0xeaea, "Reserved (GREASE)"),
    (0xfafa, "Reserved (GREASE)"),
];

/// What records hold.
pub static CONTENT_TYPES: Names = &[
    (20, "Change Cipher Spec"),
    (21, "Alert"),
    (22, "Handshake"),
    (23, "Application Data"),
    (24, "Heartbeat"),
    (25, "Connection ID"),
];

/// Handshake messages.
pub static HANDSHAKE_TYPES: Names = &[
    (0, "Hello Request"),
    (1, "Client Hello"),
    (2, "Server Hello"),
    (3, "Hello Verify Request"),
    (4, "New Session Ticket"),
    (5, "End of Early Data"),
    (6, "Hello Retry Request"),
    (8, "Encrypted Extensions"),
    (11, "Certificate"),
    (12, "Server Key Exchange"),
    (13, "Certificate Request"),
    (14, "Server Hello Done"),
    (15, "Certificate Verify"),
    (16, "Client Key Exchange"),
    (20, "Finished"),
    (21, "Client Certificate URL"),
    (22, "Certificate Status"),
    (23, "Supplemental Data"),
    (24, "Key Update"),
    (25, "Compressed Certificate"),
    (67, "Encrypted Extensions"),
];

/// How bad an alert is.
pub static ALERT_LEVELS: Names = &[(1, "Warning"), (2, "Fatal")];

/// What an alert says.
pub static ALERTS: Names = &[
    (0, "Close Notify"),
    (10, "Unexpected Message"),
    (20, "Bad Record MAC"),
    (21, "Decryption Failed"),
    (22, "Record Overflow"),
    (30, "Decompression Failure"),
    (40, "Handshake Failure"),
    (41, "No Certificate"),
    (42, "Bad Certificate"),
    (43, "Unsupported Certificate"),
    (44, "Certificate Revoked"),
    (45, "Certificate Expired"),
    (46, "Certificate Unknown"),
    (47, "Illegal Parameter"),
    (48, "Unknown CA"),
    (49, "Access Denied"),
    (50, "Decode Error"),
    (51, "Decrypt Error"),
    (52, "Too Many CIDs Requested"),
    (60, "Export Restriction"),
    (70, "Protocol Version"),
    (71, "Insufficient Security"),
    (80, "Internal Error"),
    (86, "Inappropriate Fallback"),
    (90, "User Canceled"),
    (100, "No Renegotiation"),
    (109, "Missing Extension"),
    (110, "Unsupported Extension"),
    (111, "Certificate Unobtainable"),
    (112, "Unrecognized Name"),
    (113, "Bad Certificate Status Response"),
    (114, "Bad Certificate Hash Value"),
    (115, "Unknown PSK Identity"),
    (116, "Certificate Required"),
    (120, "No application Protocol"),
    (121, "ECH Required"),
];

/// Compression methods.
pub static COMPRESSIONS: Names = &[(0, "null"), (1, "DEFLATE"), (64, "LZS")];

/// Formats of points on curves.
pub static POINT_FORMATS: Names =
    &[(0, "uncompressed"), (1, "ansiX962_compressed_prime"), (2, "ansiX962_compressed_char2")];

/// How a pre-shared key may be used.
pub static PSK_MODES: Names = &[
    (0, "PSK-only key establishment (psk_ke)"),
    (1, "PSK with (EC)DHE key establishment (psk_dhe_ke)"),
];

/// How the group of a ServerKeyExchange is given.
pub static CURVE_TYPES: Names = &[(1, "explicit_prime"), (2, "explicit_char2"), (3, "named_curve")];

/// Kinds of server names.
pub static NAME_TYPES: Names = &[(0, "host_name")];

/// Hashes of TLS 1.2 signature algorithms.
pub static HASHES: Names = &[
    (0, "None"),
    (1, "MD5"),
    (2, "SHA1"),
    (3, "SHA224"),
    (4, "SHA256"),
    (5, "SHA384"),
    (6, "SHA512"),
    (7, "SM3"),
];

/// Signatures of TLS 1.2 signature algorithms.
pub static SIGNATURES: Names =
    &[(0, "Anonymous"), (1, "RSA"), (2, "DSA"), (3, "ECDSA"), (4, "SM2")];

/// Which hello an encrypted_client_hello stands in (RFC 9849, section 5).
pub static ECH_HELLO_TYPES: Names = &[(0, "Outer Client Hello"), (1, "Inner Client Hello")];

/// Kinds of certificates a TLS 1.2 server may ask for.
pub static CERTIFICATE_TYPES: Names = &[
    (1, "RSA Sign"),
    (2, "DSS Sign"),
    (3, "RSA Fixed DH"),
    (4, "DSS Fixed DH"),
    (64, "ECDSA Sign"),
    (65, "RSA Fixed ECDH"),
    (66, "ECDSA Fixed ECDH"),
];

/// Encodings of certificates.
pub static CERTIFICATE_FORMATS: Names = &[(0, "X.509"), (1, "OpenPGP"), (2, "Raw Public Key")];

/// Ways to prove that a certificate is not revoked.
pub static STATUS_TYPES: Names = &[(1, "OCSP"), (2, "OCSP Multi")];

/// Ways to compress certificates.
pub static CERTIFICATE_COMPRESSIONS: Names = &[(1, "zlib"), (2, "brotli"), (3, "zstd")];

/// Lengths to which fragments may be bounded.
pub static FRAGMENT_LENGTHS: Names = &[(1, "512"), (2, "1024"), (3, "2048"), (4, "4096")];

/// Whether a KeyUpdate asks for another.
pub static KEY_UPDATES: Names = &[(0, "update_not_requested"), (1, "update_requested")];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_that_are_searched_are_in_ascending_order() {
        for table in [CIPHER_SUITES, GROUPS, SIGNATURE_SCHEMES, EXTENSIONS, ALERTS, VERSIONS] {
            assert!(table.is_sorted_by(|a, b| a.0 < b.0));
        }
        assert_eq!(known(CIPHER_SUITES, 0x1301), Some("TLS_AES_128_GCM_SHA256"));
        assert_eq!(name(GROUPS, 0x11ec), "X25519MLKEM768");
        assert_eq!(name(GROUPS, 0x7777), "0x7777");
    }
}
