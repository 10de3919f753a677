//! The fields of Kerberos, under Wireshark's names.

use crate::field::{FieldDef, Kind, Names};
use crate::fields;

const fn signed(name: &'static str, title: &'static str) -> FieldDef {
    FieldDef::of(name, title, Kind::Signed(32)).computed()
}

fields! { "kerberos", "KRB5";
    RECORD_LENGTH = FieldDef::u32("kerberos.rm.length", "Record Length").mask(0x7fff_ffff),
    PVNO = FieldDef::u32("kerberos.pvno", "pvno"),
    MSG_TYPE = signed("kerberos.msg_type", "msg-type").names(TYPES),
    PADATA_TYPE = signed("kerberos.padata_type", "padata-type").names(PADATA),
    CNAME = FieldDef::text("kerberos.CNameString", "CNameString"),
    SNAME = FieldDef::text("kerberos.SNameString", "SNameString"),
    NAME_TYPE = signed("kerberos.name_type", "name-type"),
    REALM = FieldDef::text("kerberos.realm", "realm"),
    CREALM = FieldDef::text("kerberos.crealm", "crealm"),
    NONCE = FieldDef::u32("kerberos.nonce", "nonce"),
    ENCTYPE = signed("kerberos.ENCTYPE", "ENCTYPE").names(ENCRYPTIONS),
    ETYPE = signed("kerberos.etype", "etype").names(ENCRYPTIONS),
    ERROR_CODE = signed("kerberos.error_code", "error-code").names(ERRORS),
    E_TEXT = FieldDef::text("kerberos.e_text", "e-text"),
}

/// RFC 4120, section 7.5.7.
pub(super) const TYPES: Names = &[
    (10, "AS-REQ"),
    (11, "AS-REP"),
    (12, "TGS-REQ"),
    (13, "TGS-REP"),
    (14, "AP-REQ"),
    (15, "AP-REP"),
    (20, "KRB-SAFE"),
    (21, "KRB-PRIV"),
    (22, "KRB-CRED"),
    (30, "KRB Error"),
];

/// RFC 4120, section 7.5.2, and what is met of later ones.
const PADATA: Names = &[
    (1, "pA-TGS-REQ"),
    (2, "pA-ENC-TIMESTAMP"),
    (3, "pA-PW-SALT"),
    (11, "pA-ETYPE-INFO"),
    (16, "pA-PK-AS-REQ"),
    (17, "pA-PK-AS-REP"),
    (19, "pA-ETYPE-INFO2"),
    (128, "pA-PAC-REQUEST"),
    (129, "pA-FOR-USER"),
    (133, "pA-FX-COOKIE"),
    (136, "pA-FX-FAST"),
    (149, "pA-REQ-ENC-PA-REP"),
    (150, "pA-AS-FRESHNESS"),
    (167, "pA-PAC-OPTIONS"),
];

/// IANA, "Kerberos Encryption Type Numbers": those that are met.
const ENCRYPTIONS: Names = &[
    (1, "eTYPE-DES-CBC-CRC"),
    (3, "eTYPE-DES-CBC-MD5"),
    (16, "eTYPE-DES3-CBC-SHA1"),
    (17, "eTYPE-AES128-CTS-HMAC-SHA1-96"),
    (18, "eTYPE-AES256-CTS-HMAC-SHA1-96"),
    (19, "eTYPE-AES128-CTS-HMAC-SHA256-128"),
    (20, "eTYPE-AES256-CTS-HMAC-SHA384-192"),
    (23, "eTYPE-ARCFOUR-HMAC-MD5"),
    (24, "eTYPE-ARCFOUR-HMAC-MD5-56"),
    (25, "eTYPE-CAMELLIA128-CTS-CMAC"),
    (26, "eTYPE-CAMELLIA256-CTS-CMAC"),
];

/// RFC 4120, section 7.5.9: those that are met.
pub(super) const ERRORS: Names = &[
    (0, "eRR-NONE"),
    (6, "eRR-C-PRINCIPAL-UNKNOWN"),
    (7, "eRR-S-PRINCIPAL-UNKNOWN"),
    (12, "eRR-POLICY"),
    (13, "eRR-BADOPTION"),
    (14, "eRR-ETYPE-NOSUPP"),
    (18, "eRR-CLIENT-REVOKED"),
    (23, "eRR-KEY-EXPIRED"),
    (24, "eRR-PREAUTH-FAILED"),
    (25, "eRR-PREAUTH-REQUIRED"),
    (32, "eRR-TKT-EXPIRED"),
    (34, "eRR-REPEAT"),
    (37, "eRR-SKEW"),
    (41, "eRR-MODIFIED"),
    (52, "eRR-RESPONSE-TOO-BIG"),
    (60, "eRR-GENERIC"),
    (68, "eRR-WRONG-REALM"),
];
