//! The fields of DTLS: records have their own, and those of the handshake are TLS's under another
//! name, as Wireshark has them (`tls.handshake.type`, `dtls.handshake.type`).

use std::sync::LazyLock;

use crate::field::{FieldDef, FieldId};
use crate::fields;
use crate::maps::FastMap;
use crate::protocols::tls::fields as tls;
use crate::protocols::tls::names;

fields! { "dtls", "DTLS";
    RECORD = FieldDef::group("dtls.record", "Record Layer"),
    CONTENT_TYPE =
        FieldDef::u8("dtls.record.content_type", "Content Type").names(names::CONTENT_TYPES),
    RECORD_VERSION = FieldDef::u16("dtls.record.version", "Version").hex().names(names::VERSIONS),
    EPOCH = FieldDef::u16("dtls.record.epoch", "Epoch"),
    SEQUENCE = FieldDef::u64("dtls.record.sequence_number", "Sequence Number"),
    RECORD_LENGTH = FieldDef::u16("dtls.record.length", "Length"),
    APP_DATA = FieldDef::bytes("dtls.app_data", "Encrypted Application Data"),
    SEALED = FieldDef::text("dtls.record.sealed", "Stays sealed").computed(),
    FIXED_BITS = FieldDef::u8("dtls.unified_header.fixed_bits", "Fixed bits").mask(0xe0),
    CID_BIT = FieldDef::flag("dtls.unified_header.cid", "CID field", 0x10),
    SEQUENCE_BIT = FieldDef::flag("dtls.unified_header.sequence_number", "Sequence number size", 0x08),
    LENGTH_BIT = FieldDef::flag("dtls.unified_header.length", "Length field", 0x04),
    EPOCH_BITS = FieldDef::u8("dtls.unified_header.epoch", "Low order bits of epoch").mask(0x03),
    MESSAGE_SEQ = FieldDef::u16("dtls.handshake.message_seq", "Message Sequence"),
    FRAGMENT_OFFSET = FieldDef::u24("dtls.handshake.fragment_offset", "Fragment Offset"),
    FRAGMENT_LENGTH = FieldDef::u24("dtls.handshake.fragment_length", "Fragment Length"),
}

/// The parts of TLS whose fields DTLS has as well.
const SHARED: &[&str] =
    &["tls.handshake", "tls.alert_message", "tls.change_cipher_spec", "tls.ech"];

/// All fields, those of TLS behind the protocol's own: their names are made once.
static ALL: LazyLock<Vec<FieldDef>> = LazyLock::new(|| {
    let is_shared = |field: &&FieldDef| SHARED.iter().any(|part| field.name.starts_with(part));
    let renamed = |field: &FieldDef| {
        let name: &'static str = format!("d{}", field.name).leak();
        FieldDef { name, ..*field }
    };
    let shared = tls::FIELDS.iter().filter(is_shared).map(renamed);
    FIELDS.iter().copied().chain(shared).collect()
});

/// By a field of TLS: the one that stands for it here.
static RENAMED: LazyLock<FastMap<FieldId, FieldId>> = LazyLock::new(|| {
    let mut found = FastMap::default();
    for (index, def) in (0..).zip(ALL.iter()).skip(FIELDS.len()) {
        let name = def.name.get(1..).unwrap_or_default();
        let place = tls::FIELDS.iter().position(|field| field.name == name);
        if let Some((place, field)) = place.and_then(|at| Some((at, tls::FIELDS.get(at)?))) {
            let of_tls = FieldId::new(tls::PROTOCOL_ID, place as u16, field);
            found.insert(of_tls, FieldId::new(PROTOCOL_ID, index, def));
        }
    }
    found
});

/// All fields of DTLS.
pub(super) fn all() -> &'static [FieldDef] {
    &ALL
}

/// The field of DTLS that a field of TLS is; itself where it is none of the shared ones.
pub(super) fn renamed(field: FieldId) -> FieldId {
    RENAMED.get(&field).copied().unwrap_or(field)
}
