//! What numbers of IKE are called, as Wireshark words them.

use crate::field::Names;

/// Exchanges (RFC 2408, section 3.1; RFC 2409; RFC 7296, section 3.1; RFC 5723; RFC 9242; RFC
/// 9370).
pub(super) const EXCHANGES: Names = &[
    (1, "Base"),
    (2, "Identity Protection (Main Mode)"),
    (3, "Authentication Only"),
    (4, "Aggressive"),
    (5, "Informational"),
    (6, "Transaction (Config Mode)"),
    (32, "Quick Mode"),
    (33, "New Group Mode"),
    (34, "IKE_SA_INIT"),
    (35, "IKE_AUTH"),
    (36, "CREATE_CHILD_SA"),
    (37, "INFORMATIONAL"),
    (38, "IKE_SESSION_RESUME"),
    (43, "IKE_INTERMEDIATE"),
    (44, "IKE_FOLLOWUP_KE"),
];

/// Payloads: those of version 1 below 33.
pub(super) const PAYLOADS: Names = &[
    (0, "NONE / No Next Payload"),
    (1, "Security Association"),
    (2, "Proposal"),
    (3, "Transform"),
    (4, "Key Exchange"),
    (5, "Identification"),
    (6, "Certificate"),
    (7, "Certificate Request"),
    (8, "Hash"),
    (9, "Signature"),
    (10, "Nonce"),
    (11, "Notification"),
    (12, "Delete"),
    (13, "Vendor ID"),
    (14, "Attributes"),
    (20, "NAT-D (RFC 3947)"),
    (21, "NAT-OA (RFC 3947)"),
    (33, "Security Association"),
    (34, "Key Exchange"),
    (35, "Identification - Initiator"),
    (36, "Identification - Responder"),
    (37, "Certificate"),
    (38, "Certificate Request"),
    (39, "Authentication"),
    (40, "Nonce"),
    (41, "Notify"),
    (42, "Delete"),
    (43, "Vendor ID"),
    (44, "Traffic Selector - Initiator"),
    (45, "Traffic Selector - Responder"),
    (46, "Encrypted and Authenticated"),
    (47, "Configuration"),
    (48, "Extensible Authentication"),
    (53, "Encrypted and Authenticated Fragment"),
    (130, "NAT-D (draft-ietf-ipsec-nat-t-ike-01 to 03)"),
    (131, "NAT-OA (draft-ietf-ipsec-nat-t-ike-01 to 03)"),
    (132, "Cisco-Fragmentation"),
];

/// What a proposal or an error is about, in version 1 (RFC 2407, section 4.4.1) and 2 (RFC 7296,
/// section 3.3.1).
pub(super) const PROTOCOLS_1: Names =
    &[(1, "ISAKMP"), (2, "IPSEC_AH"), (3, "IPSEC_ESP"), (4, "IPCOMP")];
pub(super) const PROTOCOLS_2: Names = &[(0, "RESERVED"), (1, "IKE"), (2, "AH"), (3, "ESP")];

/// Kinds of names that an end gives for itself.
pub(super) const IDENTITIES: Names = &[
    (1, "IPV4_ADDR"),
    (2, "FQDN"),
    (3, "USER_FQDN"),
    (4, "IPV4_ADDR_SUBNET"),
    (5, "IPV6_ADDR"),
    (6, "IPV6_ADDR_SUBNET"),
    (7, "IPV4_ADDR_RANGE"),
    (8, "IPV6_ADDR_RANGE"),
    (9, "DER_ASN1_DN"),
    (10, "DER_ASN1_GN"),
    (11, "KEY_ID"),
];

/// What version 1 notifies of (RFC 2408, section 3.14.1; RFC 2407, section 4.6.3; RFC 3706).
pub(super) const NOTES_1: Names = &[
    (1, "INVALID-PAYLOAD-TYPE"),
    (4, "INVALID-COOKIE"),
    (7, "INVALID-EXCHANGE-TYPE"),
    (9, "INVALID-MESSAGE-ID"),
    (11, "INVALID-SPI"),
    (14, "NO-PROPOSAL-CHOSEN"),
    (16, "PAYLOAD-MALFORMED"),
    (17, "INVALID-KEY-INFORMATION"),
    (18, "INVALID-ID-INFORMATION"),
    (23, "INVALID-HASH-INFORMATION"),
    (24, "AUTHENTICATION-FAILED"),
    (16384, "CONNECTED"),
    (24576, "RESPONDER-LIFETIME"),
    (24577, "REPLAY-STATUS"),
    (24578, "INITIAL-CONTACT"),
    (36136, "R-U-THERE"),
    (36137, "R-U-THERE-ACK"),
];

/// What version 2 notifies of (RFC 7296, section 3.10.1, and its extensions).
pub(super) const NOTES_2: Names = &[
    (1, "UNSUPPORTED_CRITICAL_PAYLOAD"),
    (4, "INVALID_IKE_SPI"),
    (5, "INVALID_MAJOR_VERSION"),
    (7, "INVALID_SYNTAX"),
    (9, "INVALID_MESSAGE_ID"),
    (11, "INVALID_SPI"),
    (14, "NO_PROPOSAL_CHOSEN"),
    (17, "INVALID_KE_PAYLOAD"),
    (24, "AUTHENTICATION_FAILED"),
    (34, "SINGLE_PAIR_REQUIRED"),
    (35, "NO_ADDITIONAL_SAS"),
    (36, "INTERNAL_ADDRESS_FAILURE"),
    (37, "FAILED_CP_REQUIRED"),
    (38, "TS_UNACCEPTABLE"),
    (16384, "INITIAL_CONTACT"),
    (16386, "ADDITIONAL_TS_POSSIBLE"),
    (16387, "IPCOMP_SUPPORTED"),
    (16388, "NAT_DETECTION_SOURCE_IP"),
    (16389, "NAT_DETECTION_DESTINATION_IP"),
    (16390, "COOKIE"),
    (16391, "USE_TRANSPORT_MODE"),
    (16393, "REKEY_SA"),
    (16394, "ESP_TFC_PADDING_NOT_SUPPORTED"),
    (16396, "MOBIKE_SUPPORTED"),
    (16406, "REDIRECT_SUPPORTED"),
    (16418, "CHILDLESS_IKEV2_SUPPORTED"),
    (16430, "IKEV2_FRAGMENTATION_SUPPORTED"),
    (16431, "SIGNATURE_HASH_ALGORITHMS"),
];

/// What a transform of version 2 settles (RFC 7296, section 3.3.2).
pub(super) const TRANSFORMS: Names = &[
    (1, "Encryption Algorithm (ENCR)"),
    (2, "Pseudo-random Function (PRF)"),
    (3, "Integrity Algorithm (INTEG)"),
    (4, "Diffie-Hellman Group (D-H)"),
    (5, "Extended Sequence Numbers (ESN)"),
];

/// Ciphers of version 2 that are met.
pub(super) const ENCRYPTION: Names = &[
    (2, "ENCR_DES"),
    (3, "ENCR_3DES"),
    (11, "ENCR_NULL"),
    (12, "ENCR_AES_CBC"),
    (13, "ENCR_AES_CTR"),
    (18, "AES-GCM with a 8 octet ICV"),
    (19, "AES-GCM with a 12 octet ICV"),
    (20, "AES-GCM with a 16 octet ICV"),
    (23, "ENCR_CAMELLIA_CBC"),
    (28, "ENCR_CHACHA20_POLY1305"),
];

/// Pseudo-random functions of version 2.
pub(super) const PRF: Names = &[
    (1, "PRF_HMAC_MD5"),
    (2, "PRF_HMAC_SHA1"),
    (4, "PRF_AES128_CBC"),
    (5, "PRF_HMAC_SHA2_256"),
    (6, "PRF_HMAC_SHA2_384"),
    (7, "PRF_HMAC_SHA2_512"),
];

/// Integrity algorithms of version 2.
pub(super) const INTEGRITY: Names = &[
    (0, "NONE"),
    (1, "AUTH_HMAC_MD5_96"),
    (2, "AUTH_HMAC_SHA1_96"),
    (5, "AUTH_AES_XCBC_96"),
    (12, "AUTH_HMAC_SHA2_256_128"),
    (13, "AUTH_HMAC_SHA2_384_192"),
    (14, "AUTH_HMAC_SHA2_512_256"),
];

/// Groups of the key agreement, the same in both versions.
pub(super) const GROUPS: Names = &[
    (0, "NONE"),
    (1, "Default 768-bit MODP group"),
    (2, "Alternate 1024-bit MODP group"),
    (5, "1536 bit MODP group"),
    (14, "2048 bit MODP group"),
    (15, "3072 bit MODP group"),
    (16, "4096 bit MODP group"),
    (19, "256-bit random ECP group"),
    (20, "384-bit random ECP group"),
    (21, "521-bit random ECP group"),
    (31, "Curve25519"),
];

/// Attributes of a transform of version 1 (RFC 2409, appendix A).
pub(super) const ATTRIBUTES: Names = &[
    (1, "Encryption-Algorithm"),
    (2, "Hash-Algorithm"),
    (3, "Authentication-Method"),
    (4, "Group-Description"),
    (5, "Group-Type"),
    (11, "Life-Type"),
    (12, "Life-Duration"),
    (13, "PRF"),
    (14, "Key-Length"),
];

/// Ciphers of version 1.
pub(super) const CIPHERS: Names = &[
    (1, "DES-CBC"),
    (2, "IDEA-CBC"),
    (3, "BLOWFISH-CBC"),
    (5, "3DES-CBC"),
    (6, "CAST-CBC"),
    (7, "AES-CBC"),
    (8, "CAMELLIA-CBC"),
];

/// Hashes of version 1.
pub(super) const HASHES: Names =
    &[(1, "MD5"), (2, "SHA"), (3, "TIGER"), (4, "SHA2-256"), (5, "SHA2-384"), (6, "SHA2-512")];

/// How an end of version 1 proves who it is.
pub(super) const PROOFS_1: Names = &[
    (1, "Pre-shared key"),
    (2, "DSS signatures"),
    (3, "RSA signatures"),
    (4, "Encryption with RSA"),
    (5, "Revised encryption with RSA"),
    (64221, "HybridInitRSA"),
    (65001, "XAUTHInitPreShared"),
    (65005, "XAUTHInitRSA"),
];

/// How an end of version 2 does (RFC 7296, section 3.8; RFC 4754; RFC 7427).
pub(super) const PROOFS_2: Names = &[
    (1, "RSA Digital Signature"),
    (2, "Shared Key Message Integrity Code"),
    (3, "DSS Digital Signature"),
    (9, "ECDSA with SHA-256 on the P-256 curve"),
    (10, "ECDSA with SHA-384 on the P-384 curve"),
    (11, "ECDSA with SHA-512 on the P-521 curve"),
    (14, "Digital Signature"),
];
