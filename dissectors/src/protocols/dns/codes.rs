//! The names of DNS' numbers, as the IANA registry "Domain Name System (DNS) Parameters" and
//! Wireshark have them.

use std::fmt;

use crate::field::Names;

/// A number shown by its name, or as `Unknown (65400)` where it has none.
pub(super) struct Known(pub(super) Names, pub(super) u64);

impl fmt::Display for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(names, number) = self;
        match names.iter().find(|(known, _)| known == number) {
            Some((_, name)) => f.write_str(name),
            None => write!(f, "Unknown ({number})"),
        }
    }
}

/// Operations (RFC 1035, section 4.1.1, and later ones).
pub(super) const OPCODES: Names = &[
    (0, "Standard query"),
    (1, "Inverse query"),
    (2, "Server status request"),
    (4, "Zone change notification"),
    (5, "Dynamic update"),
    (6, "DNS Stateful operations (DSO)"),
];

/// Response codes; those from 16 on need the bits that an OPT record adds (RFC 6891,
/// section 6.1.3).
pub(super) const RCODES: Names = &[
    (0, "No error"),
    (1, "Format error"),
    (2, "Server failure"),
    (3, "No such name"),
    (4, "Not implemented"),
    (5, "Refused"),
    (6, "Name exists"),
    (7, "RRset exists"),
    (8, "RRset does not exist"),
    (9, "Not authoritative"),
    (10, "Name out of zone"),
    (11, "DSO-Type not implemented"),
    (16, "Bad OPT version or TSIG signature failure"),
    (17, "Key not recognized"),
    (18, "Signature out of time window"),
    (19, "Bad TKEY mode"),
    (20, "Duplicate key name"),
    (21, "Algorithm not supported"),
    (22, "Bad truncation"),
    (23, "Bad or missing server cookie"),
];

/// Classes.
pub(super) const CLASSES: Names =
    &[(1, "IN"), (2, "CS"), (3, "CH"), (4, "HS"), (254, "NONE"), (255, "ANY")];

/// Record types, the common ones first.
pub(super) const TYPES: Names = &[
    (1, "A"),
    (28, "AAAA"),
    (5, "CNAME"),
    (41, "OPT"),
    (2, "NS"),
    (6, "SOA"),
    (65, "HTTPS"),
    (12, "PTR"),
    (15, "MX"),
    (16, "TXT"),
    (33, "SRV"),
    (46, "RRSIG"),
    (3, "MD"),
    (4, "MF"),
    (7, "MB"),
    (8, "MG"),
    (9, "MR"),
    (10, "NULL"),
    (11, "WKS"),
    (13, "HINFO"),
    (14, "MINFO"),
    (17, "RP"),
    (18, "AFSDB"),
    (19, "X25"),
    (20, "ISDN"),
    (21, "RT"),
    (22, "NSAP"),
    (23, "NSAP-PTR"),
    (24, "SIG"),
    (25, "KEY"),
    (26, "PX"),
    (27, "GPOS"),
    (29, "LOC"),
    (30, "NXT"),
    (31, "EID"),
    (32, "NIMLOC"),
    (34, "ATMA"),
    (35, "NAPTR"),
    (36, "KX"),
    (37, "CERT"),
    (38, "A6"),
    (39, "DNAME"),
    (40, "SINK"),
    (42, "APL"),
    (43, "DS"),
    (44, "SSHFP"),
    (45, "IPSECKEY"),
    (47, "NSEC"),
    (48, "DNSKEY"),
    (49, "DHCID"),
    (50, "NSEC3"),
    (51, "NSEC3PARAM"),
    (52, "TLSA"),
    (53, "SMIMEA"),
    (55, "HIP"),
    (56, "NINFO"),
    (57, "RKEY"),
    (58, "TALINK"),
    (59, "CDS"),
    (60, "CDNSKEY"),
    (61, "OPENPGPKEY"),
    (62, "CSYNC"),
    (63, "ZONEMD"),
    (64, "SVCB"),
    (66, "DSYNC"),
    (99, "SPF"),
    (100, "UINFO"),
    (101, "UID"),
    (102, "GID"),
    (103, "UNSPEC"),
    (104, "NID"),
    (105, "L32"),
    (106, "L64"),
    (107, "LP"),
    (108, "EUI48"),
    (109, "EUI64"),
    (249, "TKEY"),
    (250, "TSIG"),
    (251, "IXFR"),
    (252, "AXFR"),
    (253, "MAILB"),
    (254, "MAILA"),
    (255, "ANY"),
    (256, "URI"),
    (257, "CAA"),
    (258, "AVC"),
    (259, "DOA"),
    (260, "AMTRELAY"),
    (261, "RESINFO"),
    (262, "WALLET"),
    (32768, "TA"),
    (32769, "DLV"),
    (65281, "WINS"),
    (65282, "WINS-R"),
    (65422, "XPF"),
];

/// EDNS options (RFC 6891, section 6.1.2).
pub(super) const OPTIONS: Names = &[
    (0, "Reserved"),
    (1, "LLQ - Long-lived query"),
    (2, "UL - Update lease"),
    (3, "NSID - Name Server Identifier"),
    (4, "Owner (reserved)"),
    (5, "DAU - DNSSEC Algorithm Understood (RFC6975)"),
    (6, "DHU - DS Hash Understood (RFC6975)"),
    (7, "N3U - NSEC3 Hash Understood (RFC6975)"),
    (8, "CSUBNET - Client subnet"),
    (9, "EDNS EXPIRE (RFC7314)"),
    (10, "COOKIE"),
    (11, "EDNS TCP Keepalive"),
    (12, "PADDING"),
    (13, "CHAIN"),
    (14, "Key tag"),
    (15, "Extended DNS Error"),
    (18, "Report-Channel"),
    (19, "Zone Version"),
    (20730, "Experimental - CSUBNET - Client subnet"),
];

/// What an extended error says (RFC 8914, section 4).
pub(super) const ERRORS: Names = &[
    (0, "Other Error"),
    (1, "Unsupported DNSKEY Algorithm"),
    (2, "Unsupported DS Digest Type"),
    (3, "Stale Answer"),
    (4, "Forged Answer"),
    (5, "DNSSEC Indeterminate"),
    (6, "DNSSEC Bogus"),
    (7, "Signature Expired"),
    (8, "Signature Not Yet Valid"),
    (9, "DNSKEY Missing"),
    (10, "RRSIGs Missing"),
    (11, "No Zone Key Bit Set"),
    (12, "NSEC Missing"),
    (13, "Cached Error"),
    (14, "Not Ready"),
    (15, "Blocked"),
    (16, "Censored"),
    (17, "Filtered"),
    (18, "Prohibited"),
    (19, "Stale NXDOMAIN Answer"),
    (20, "Not Authoritative"),
    (21, "Not Supported"),
    (22, "No Reachable Authority"),
    (23, "Network Error"),
    (24, "Invalid Data"),
];

/// Parameters of a service binding (RFC 9460, section 14.3.2, and later ones).
pub(super) const SERVICE_KEYS: Names = &[
    (0, "mandatory"),
    (1, "alpn"),
    (2, "no-default-alpn"),
    (3, "port"),
    (4, "ipv4hint"),
    (5, "ech"),
    (6, "ipv6hint"),
    (7, "dohpath"),
    (8, "ohttp"),
    (32769, "odohconfig"),
];

/// DNSSEC's algorithms.
pub(super) const ALGORITHMS: Names = &[
    (1, "RSA/MD5"),
    (2, "Diffie-Hellman"),
    (3, "DSA"),
    (5, "RSA/SHA1"),
    (6, "DSA + NSEC3/SHA1"),
    (7, "RSA/SHA1 + NSEC3/SHA1"),
    (8, "RSA/SHA-256"),
    (10, "RSA/SHA-512"),
    (12, "GOST R 34.10-2001"),
    (13, "ECDSA Curve P-256 with SHA-256"),
    (14, "ECDSA Curve P-384 with SHA-384"),
    (15, "Ed25519"),
    (16, "Ed448"),
    (252, "Indirect key"),
    (253, "Private, domain name"),
    (254, "Private, OID"),
];

/// Digests of a DS record.
pub(super) const DIGESTS: Names =
    &[(0, "Reserved"), (1, "SHA-1"), (2, "SHA-256"), (3, "GOST R 34.11-94"), (4, "SHA-384")];

/// Hashes of NSEC3 (RFC 5155, section 11).
pub(super) const HASHES: Names = &[(1, "SHA-1")];

/// Families of addresses.
pub(super) const FAMILIES: Names = &[(1, "IPv4"), (2, "IPv6")];

/// How a TLSA record is used (RFC 6698, section 7.2, with the names of RFC 7218).
pub(super) const USAGES: Names = &[(0, "PKIX-TA"), (1, "PKIX-EE"), (2, "DANE-TA"), (3, "DANE-EE")];

/// What of a certificate a TLSA record selects.
pub(super) const SELECTORS: Names =
    &[(0, "Full certificate"), (1, "SubjectPublicKeyInfo"), (255, "Private use")];

/// How a TLSA record is compared.
pub(super) const MATCHINGS: Names = &[(0, "Exact match"), (1, "SHA-256"), (2, "SHA-512")];

/// Kinds of SSH keys (RFC 4255 and later ones).
pub(super) const SSH_ALGORITHMS: Names =
    &[(1, "RSA"), (2, "DSA"), (3, "ECDSA"), (4, "Ed25519"), (6, "Ed448")];

/// Fingerprints of SSH keys.
pub(super) const SSH_FINGERPRINTS: Names = &[(1, "SHA1"), (2, "SHA256")];

/// Kinds of certificates (RFC 4398, section 2.1).
pub(super) const CERTIFICATES: Names = &[
    (1, "PKIX"),
    (2, "SPKI"),
    (3, "PGP"),
    (4, "IPKIX"),
    (5, "ISPKI"),
    (6, "IPGP"),
    (7, "ACPKIX"),
    (8, "IACPKIX"),
    (253, "Private, URI"),
    (254, "Private, OID"),
];

/// How a TKEY record makes its key (RFC 2930, section 2.5).
pub(super) const KEY_MODES: Names = &[
    (1, "Server assigned"),
    (2, "Diffie-Hellman"),
    (3, "GSSAPI"),
    (4, "Resolver assigned"),
    (5, "Delete"),
];
