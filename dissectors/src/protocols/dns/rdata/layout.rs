//! Which items the data of each type of record are made of.

use super::super::fields as f;
use super::super::wire::Record;
use crate::field::FieldId;

/// One item of a record's data.
#[derive(Clone, Copy, Debug)]
pub(super) enum Item {
    /// A number of so many bytes.
    Number(usize, FieldId),
    /// A number of so many bytes, and what some of its bits say.
    Flags(usize, FieldId, &'static [FieldId]),
    /// Seconds since 1970, in so many bytes.
    Time(usize, FieldId),
    /// So many bytes: an address.
    Bytes(usize, FieldId),
    /// A name.
    Name(FieldId),
    /// A name whose first label is a mailbox, and the mailbox as people write it.
    Mailbox(FieldId, FieldId),
    /// The name a NAPTR record leads to.
    Replacement,
    /// Text behind a length of one byte.
    Text(FieldId, FieldId),
    /// Such texts up to the end.
    Texts(FieldId, FieldId),
    /// Bytes behind a length of so many bytes.
    Sized(usize, FieldId, FieldId),
    /// A hash behind a length of one byte, written in base 32.
    Hash(FieldId, FieldId),
    /// The number of the key, worked out from all data.
    KeyId(FieldId),
    /// All bytes that are left.
    Rest(FieldId),
    /// All bytes that are left, as text.
    RestText(FieldId),
    /// A bit map of types, up to the end.
    Bitmap,
    /// The parameters of a service binding, up to the end.
    Params,
}

/// An item, and whether a row shows it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub(super) item: Item,
    pub(super) shown: bool,
}

/// An item that a row shows.
const fn shown(item: Item) -> Piece {
    Piece { item, shown: true }
}

/// An item that only the details show.
const fn more(item: Item) -> Piece {
    Piece { item, shown: false }
}

use Item::{
    Bitmap, Bytes, Flags, Hash, KeyId, Mailbox, Name, Number, Params, Replacement, Rest, RestText,
    Sized, Text, Texts, Time,
};

const A: &[Piece] = &[shown(Bytes(4, f::A))];
const A_CHAOS: &[Piece] = &[shown(Name(f::CHAOS_DOMAIN)), more(Number(2, f::CHAOS_ADDRESS))];
const AAAA: &[Piece] = &[shown(Bytes(16, f::AAAA))];
const NS: &[Piece] = &[shown(Name(f::NS))];
const CNAME: &[Piece] = &[shown(Name(f::CNAME))];
const DNAME: &[Piece] = &[shown(Name(f::DNAME))];
const PTR: &[Piece] = &[shown(Name(f::PTR))];
const MD: &[Piece] = &[shown(Name(f::MD))];
const MF: &[Piece] = &[shown(Name(f::MF))];
const MB: &[Piece] = &[shown(Name(f::MB))];
const MG: &[Piece] = &[shown(Name(f::MG))];
const MR: &[Piece] = &[shown(Name(f::MR))];
const SOA: &[Piece] = &[
    shown(Name(f::SOA_MNAME)),
    more(Mailbox(f::SOA_RNAME, f::SOA_RNAME_NAME)),
    more(Number(4, f::SOA_SERIAL)),
    more(Number(4, f::SOA_REFRESH)),
    more(Number(4, f::SOA_RETRY)),
    more(Number(4, f::SOA_EXPIRE)),
    more(Number(4, f::SOA_MINIMUM)),
];
const NULL: &[Piece] = &[more(Rest(f::NULL))];
const WKS: &[Piece] =
    &[shown(Bytes(4, f::WKS_ADDRESS)), more(Number(1, f::WKS_PROTOCOL)), more(Rest(f::DATA))];
const HINFO: &[Piece] =
    &[shown(Text(f::HINFO_CPU_LENGTH, f::HINFO_CPU)), shown(Text(f::HINFO_OS_LENGTH, f::HINFO_OS))];
const MINFO: &[Piece] = &[more(Name(f::MINFO_R)), more(Name(f::MINFO_E))];
const MX: &[Piece] = &[shown(Number(2, f::MX_PREFERENCE)), shown(Name(f::MX_EXCHANGE))];
const TXT: &[Piece] = &[more(Texts(f::TXT_LENGTH, f::TXT))];
const SPF: &[Piece] = &[more(Texts(f::SPF_LENGTH, f::SPF))];
const RP: &[Piece] = &[more(Name(f::RP_MAILBOX)), more(Name(f::RP_TXT))];
const AFSDB: &[Piece] = &[more(Number(2, f::AFSDB_SUBTYPE)), more(Name(f::AFSDB_HOSTNAME))];
const KX: &[Piece] = &[shown(Number(2, f::KX_PREFERENCE)), shown(Name(f::KX_EXCHANGE))];
const SRV: &[Piece] = &[
    shown(Number(2, f::SRV_PRIORITY)),
    shown(Number(2, f::SRV_WEIGHT)),
    shown(Number(2, f::SRV_PORT)),
    shown(Name(f::SRV_TARGET)),
];
const URI: &[Piece] = &[
    shown(Number(2, f::SRV_PRIORITY)),
    shown(Number(2, f::SRV_WEIGHT)),
    more(RestText(f::URI_TARGET)),
];
const NAPTR: &[Piece] = &[
    shown(Number(2, f::NAPTR_ORDER)),
    shown(Number(2, f::NAPTR_PREFERENCE)),
    shown(Text(f::NAPTR_FLAGS_LENGTH, f::NAPTR_FLAGS)),
    more(Text(f::NAPTR_SERVICE_LENGTH, f::NAPTR_SERVICE)),
    more(Text(f::NAPTR_REGEX_LENGTH, f::NAPTR_REGEX)),
    more(Replacement),
];
const LOC: &[Piece] = &[
    more(Number(1, f::LOC_VERSION)),
    more(Number(1, f::LOC_SIZE)),
    more(Number(1, f::LOC_HORIZONTAL)),
    more(Number(1, f::LOC_VERTICAL)),
    more(Number(4, f::LOC_LATITUDE)),
    more(Number(4, f::LOC_LONGITUDE)),
    more(Number(4, f::LOC_ALTITUDE)),
];
const LOC_UNKNOWN: &[Piece] = &[more(Number(1, f::LOC_VERSION)), more(Rest(f::LOC_UNKNOWN))];
const EUI48: &[Piece] = &[more(Bytes(6, f::EUI48))];
const EUI64: &[Piece] = &[more(Bytes(8, f::EUI64))];
const OPENPGPKEY: &[Piece] = &[more(Rest(f::OPENPGPKEY))];
const DHCID: &[Piece] = &[more(Rest(f::DHCID))];
const SERVICE: &[Piece] =
    &[shown(Number(2, f::SVC_PRIORITY)), shown(Name(f::SVC_TARGET)), more(Params)];
const DS: &[Piece] = &[
    more(Number(2, f::DS_KEY_ID)),
    more(Number(1, f::DS_ALGORITHM)),
    more(Number(1, f::DS_DIGEST_TYPE)),
    more(Rest(f::DS_DIGEST)),
];
const RRSIG: &[Piece] = &[
    more(Number(2, f::RRSIG_COVERED)),
    more(Number(1, f::RRSIG_ALGORITHM)),
    more(Number(1, f::RRSIG_LABELS)),
    more(Number(4, f::RRSIG_TTL)),
    more(Time(4, f::RRSIG_EXPIRATION)),
    more(Time(4, f::RRSIG_INCEPTION)),
    more(Number(2, f::RRSIG_KEY_TAG)),
    more(Name(f::RRSIG_SIGNER)),
    more(Rest(f::RRSIG_SIGNATURE)),
];
const DNSKEY: &[Piece] = &[
    more(Flags(
        2,
        f::DNSKEY_FLAGS,
        &[f::DNSKEY_ZONE, f::DNSKEY_REVOKED, f::DNSKEY_ENTRY, f::DNSKEY_RESERVED],
    )),
    more(Number(1, f::DNSKEY_PROTOCOL)),
    more(Number(1, f::DNSKEY_ALGORITHM)),
    more(KeyId(f::DNSKEY_KEY_ID)),
    more(Rest(f::DNSKEY_KEY)),
];
const KEY: &[Piece] = &[
    more(Number(2, f::KEY_FLAGS)),
    more(Number(1, f::KEY_PROTOCOL)),
    more(Number(1, f::KEY_ALGORITHM)),
    more(KeyId(f::KEY_KEY_ID)),
    more(Rest(f::KEY_KEY)),
];
const NSEC: &[Piece] = &[shown(Name(f::NSEC_NEXT)), more(Bitmap)];
const NSEC3: &[Piece] = &[
    more(Number(1, f::NSEC3_ALGO)),
    more(Flags(1, f::NSEC3_FLAGS, &[f::NSEC3_OPT_OUT])),
    more(Number(2, f::NSEC3_ITERATIONS)),
    more(Sized(1, f::NSEC3_SALT_LENGTH, f::NSEC3_SALT)),
    more(Hash(f::NSEC3_HASH_LENGTH, f::NSEC3_HASH)),
    more(Bitmap),
];
const NSEC3PARAM: &[Piece] = &[
    more(Number(1, f::NSEC3_ALGO)),
    more(Number(1, f::NSEC3_FLAGS)),
    more(Number(2, f::NSEC3_ITERATIONS)),
    more(Sized(1, f::NSEC3_SALT_LENGTH, f::NSEC3_SALT)),
];
const CSYNC: &[Piece] = &[
    more(Number(4, f::CSYNC_SOA)),
    more(Flags(2, f::CSYNC_FLAGS, &[f::CSYNC_IMMEDIATE, f::CSYNC_SOAMINIMUM])),
    more(Bitmap),
];
const ZONEMD: &[Piece] = &[
    more(Number(4, f::ZONEMD_SERIAL)),
    more(Number(1, f::ZONEMD_SCHEME)),
    more(Number(1, f::ZONEMD_HASH)),
    more(Rest(f::ZONEMD_DIGEST)),
];
const TLSA: &[Piece] = &[
    more(Number(1, f::TLSA_USAGE)),
    more(Number(1, f::TLSA_SELECTOR)),
    more(Number(1, f::TLSA_MATCHING)),
    more(Rest(f::TLSA_DATA)),
];
const SSHFP: &[Piece] = &[
    more(Number(1, f::SSHFP_ALGORITHM)),
    more(Number(1, f::SSHFP_TYPE)),
    more(Rest(f::SSHFP_FINGERPRINT)),
];
const CERT: &[Piece] = &[
    more(Number(2, f::CERT_TYPE)),
    more(Number(2, f::CERT_KEY_TAG)),
    more(Number(1, f::CERT_ALGORITHM)),
    more(Rest(f::CERT_CERTIFICATE)),
];
const TKEY: &[Piece] = &[
    more(Name(f::TKEY_ALGORITHM)),
    more(Time(4, f::TKEY_INCEPTION)),
    more(Time(4, f::TKEY_EXPIRATION)),
    more(Number(2, f::TKEY_MODE)),
    more(Number(2, f::TKEY_ERROR)),
    more(Sized(2, f::TKEY_KEY_SIZE, f::TKEY_KEY_DATA)),
    more(Sized(2, f::TKEY_OTHER_SIZE, f::TKEY_OTHER_DATA)),
];
const TSIG: &[Piece] = &[
    more(Name(f::TSIG_ALGORITHM)),
    more(Time(6, f::TSIG_TIME)),
    more(Number(2, f::TSIG_FUDGE)),
    more(Sized(2, f::TSIG_MAC_SIZE, f::TSIG_MAC)),
    more(Number(2, f::TSIG_ORIGINAL_ID)),
    more(Number(2, f::TSIG_ERROR)),
    more(Sized(2, f::TSIG_OTHER_LEN, f::TSIG_OTHER_DATA)),
];

/// The items of a record's data; nothing where its type is not known, or needs more than a row
/// of items.
pub(super) fn layout(record: &Record<'_>) -> Option<&'static [Piece]> {
    // The top bit is a flag in mDNS.
    let chaos = record.class_number() & 0x7fff == 3;
    Some(match record.type_number() {
        1 if chaos => A_CHAOS,
        1 => A,
        2 => NS,
        3 => MD,
        4 => MF,
        5 => CNAME,
        6 => SOA,
        7 => MB,
        8 => MG,
        9 => MR,
        10 => NULL,
        11 => WKS,
        12 => PTR,
        13 => HINFO,
        14 => MINFO,
        15 => MX,
        16 => TXT,
        17 => RP,
        18 => AFSDB,
        24 | 46 => RRSIG,
        25 => KEY,
        28 => AAAA,
        29 if record.data.rest().first() == Some(&0) => LOC,
        29 => LOC_UNKNOWN,
        33 => SRV,
        35 => NAPTR,
        36 => KX,
        37 => CERT,
        39 => DNAME,
        43 | 59 | 32769 => DS,
        44 => SSHFP,
        47 => NSEC,
        48 | 60 => DNSKEY,
        49 => DHCID,
        50 => NSEC3,
        51 => NSEC3PARAM,
        52 | 53 => TLSA,
        61 => OPENPGPKEY,
        62 => CSYNC,
        63 => ZONEMD,
        64 | 65 => SERVICE,
        99 => SPF,
        108 => EUI48,
        109 => EUI64,
        249 => TKEY,
        250 => TSIG,
        256 => URI,
        _ => return None,
    })
}
