//! What numbers of SNMP are called, and a few objects that everybody asks for.

use crate::field::Names;

/// PDUs, by the number of their tag.
pub(super) const PDUS: Names = &[
    (0, "get-request"),
    (1, "get-next-request"),
    (2, "get-response"),
    (3, "set-request"),
    (4, "trap"),
    (5, "getBulkRequest"),
    (6, "informRequest"),
    (7, "snmpV2-trap"),
    (8, "report"),
];

/// The name of a PDU.
pub(super) fn pdu(tag: u8) -> &'static str {
    let number = u64::from(tag & 0x1f);
    PDUS.iter().find(|(known, _)| *known == number).map_or("PDU", |(_, name)| name)
}

pub(super) const VERSIONS: Names = &[(0, "version-1"), (1, "v2c"), (3, "snmpv3")];

/// RFC 3416, section 3.
pub(super) const ERRORS: Names = &[
    (0, "noError"),
    (1, "tooBig"),
    (2, "noSuchName"),
    (3, "badValue"),
    (4, "readOnly"),
    (5, "genErr"),
    (6, "noAccess"),
    (7, "wrongType"),
    (8, "wrongLength"),
    (9, "wrongEncoding"),
    (10, "wrongValue"),
    (11, "noCreation"),
    (12, "inconsistentValue"),
    (13, "resourceUnavailable"),
    (14, "commitFailed"),
    (15, "undoFailed"),
    (16, "authorizationError"),
    (17, "notWritable"),
    (18, "inconsistentName"),
];

/// RFC 1157, section 4.1.6.
pub(super) const TRAPS: Names = &[
    (0, "coldStart"),
    (1, "warmStart"),
    (2, "linkDown"),
    (3, "linkUp"),
    (4, "authenticationFailure"),
    (5, "egpNeighborLoss"),
    (6, "enterpriseSpecific"),
];

/// RFC 3411, section 5.
pub(super) const MODELS: Names = &[(0, "Any"), (1, "V1"), (2, "V2C"), (3, "USM"), (4, "TSM")];

/// The name of an error.
pub(super) fn error(number: i64) -> &'static str {
    let known = u64::try_from(number).ok();
    ERRORS.iter().find(|(one, _)| Some(*one) == known).map_or("an error", |(_, name)| name)
}

/// Objects by the beginning of their identifiers (RFC 3418; RFC 2863; RFC 3414, section 5).
const OBJECTS: &[(&[u8], &str)] = &[
    (&[0x2b, 6, 1, 2, 1, 1, 1], "sysDescr"),
    (&[0x2b, 6, 1, 2, 1, 1, 2], "sysObjectID"),
    (&[0x2b, 6, 1, 2, 1, 1, 3], "sysUpTime"),
    (&[0x2b, 6, 1, 2, 1, 1, 4], "sysContact"),
    (&[0x2b, 6, 1, 2, 1, 1, 5], "sysName"),
    (&[0x2b, 6, 1, 2, 1, 1, 6], "sysLocation"),
    (&[0x2b, 6, 1, 2, 1, 2, 1], "ifNumber"),
    (&[0x2b, 6, 1, 2, 1, 2, 2], "ifTable"),
    (&[0x2b, 6, 1, 2, 1, 0x1f, 1, 1], "ifXTable"),
    (&[0x2b, 6, 1, 6, 3, 1, 1, 4, 1], "snmpTrapOID"),
    (&[0x2b, 6, 1, 6, 3, 15, 1, 1, 1], "usmStatsUnsupportedSecLevels"),
    (&[0x2b, 6, 1, 6, 3, 15, 1, 1, 2], "usmStatsNotInTimeWindows"),
    (&[0x2b, 6, 1, 6, 3, 15, 1, 1, 3], "usmStatsUnknownUserNames"),
    (&[0x2b, 6, 1, 6, 3, 15, 1, 1, 4], "usmStatsUnknownEngineIDs"),
    (&[0x2b, 6, 1, 6, 3, 15, 1, 1, 5], "usmStatsWrongDigests"),
    (&[0x2b, 6, 1, 6, 3, 15, 1, 1, 6], "usmStatsDecryptionErrors"),
];

/// The name of a well-known object.
pub(super) fn object(oid: &[u8]) -> Option<&'static str> {
    OBJECTS.iter().find(|(known, _)| oid.starts_with(known)).map(|(_, name)| *name)
}
