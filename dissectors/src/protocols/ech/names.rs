//! What the numbers of HPKE are called (RFC 9180, section 7), spelled as Wireshark spells them.

use crate::field::Names;

/// Ways to seal a secret to a public key (RFC 9180, section 7.1).
pub const KEMS: Names = &[
    (0x0010, "DHKEM(P-256, HKDF-SHA256)"),
    (0x0011, "DHKEM(P-384, HKDF-SHA384)"),
    (0x0012, "DHKEM(P-521, HKDF-SHA512)"),
    (0x0020, "DHKEM(X25519, HKDF-SHA256)"),
    (0x0021, "DHKEM(X448, HKDF-SHA512)"),
];

/// Ways to make keys of it (RFC 9180, section 7.2).
pub const KDFS: Names = &[(1, "HKDF-SHA256"), (2, "HKDF-SHA384"), (3, "HKDF-SHA512")];

/// Ways to seal with these (RFC 9180, section 7.3).
pub const AEADS: Names =
    &[(1, "AES-128-GCM"), (2, "AES-256-GCM"), (3, "ChaCha20Poly1305"), (0xffff, "Export-only")];
