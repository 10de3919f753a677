//! The fields of an ECHConfigList, under the names that they have wherever it stands. Each protocol
//! that carries one has them among its own.

use super::names;
use crate::field::{FieldDef, FieldId};

/// Who is told what a list holds.
#[allow(missing_docs)] // The names are the fields' own.
#[derive(Clone, Copy, Debug)]
pub struct Fields {
    pub list_length: FieldId,
    pub config: FieldId,
    pub version: FieldId,
    pub length: FieldId,
    pub key_config: FieldId,
    pub config_id: FieldId,
    pub kem: FieldId,
    pub key_length: FieldId,
    pub key: FieldId,
    pub suites_length: FieldId,
    pub suites: FieldId,
    pub suite: FieldId,
    pub kdf: FieldId,
    pub aead: FieldId,
    pub max_name: FieldId,
    pub name_length: FieldId,
    pub name: FieldId,
    pub extensions_length: FieldId,
    pub extensions: FieldId,
}

/// Their definitions.
#[allow(missing_docs)] // The names are the fields' own.
pub mod defs {
    use super::{FieldDef, names};

    pub const LIST_LENGTH: FieldDef =
        FieldDef::u16("tls.ech.echconfiglist_length", "ECHConfigList length");
    pub const CONFIG: FieldDef = FieldDef::group("tls.ech.echconfig", "ECHConfig");
    pub const VERSION: FieldDef = FieldDef::u16("tls.ech.echconfig.version", "Version").hex();
    pub const LENGTH: FieldDef = FieldDef::u16("tls.ech.echconfig.length", "Length");
    pub const KEY_CONFIG: FieldDef = FieldDef::group("tls.ech.hpke.keyconfig", "HPKE Key Config");
    pub const CONFIG_ID: FieldDef = FieldDef::u8("tls.ech.hpke.keyconfig.config_id", "Config Id");
    pub const KEM: FieldDef =
        FieldDef::u16("tls.ech.hpke.keyconfig.kem_id", "KEM Id").names(names::KEMS);
    pub const KEY_LENGTH: FieldDef =
        FieldDef::u16("tls.ech.hpke.keyconfig.public_key_length", "Public Key length");
    pub const KEY: FieldDef = FieldDef::bytes("tls.ech.hpke.keyconfig.public_key", "Public Key");
    pub const SUITES_LENGTH: FieldDef =
        FieldDef::u16("tls.ech.hpke.keyconfig.cipher_suites_length", "Cipher Suites length");
    pub const SUITES: FieldDef =
        FieldDef::group("tls.ech.hpke.keyconfig.cipher_suites", "Cipher Suites");
    pub const SUITE: FieldDef =
        FieldDef::group("tls.ech.hpke.keyconfig.cipher_suite", "Cipher Suite");
    pub const KDF: FieldDef =
        FieldDef::u16("tls.ech.hpke.keyconfig.cipher_suite.kdf_id", "KDF Id").names(names::KDFS);
    pub const AEAD: FieldDef =
        FieldDef::u16("tls.ech.hpke.keyconfig.cipher_suite.aead_id", "AEAD Id").names(names::AEADS);
    pub const MAX_NAME: FieldDef =
        FieldDef::u8("tls.ech.echconfigcontents.maximum_name_length", "Maximum Name Length");
    pub const NAME_LENGTH: FieldDef =
        FieldDef::u8("tls.ech.echconfigcontents.public_name_length", "Public Name length");
    pub const NAME: FieldDef =
        FieldDef::text("tls.ech.echconfigcontents.public_name", "Public Name");
    pub const EXTENSIONS_LENGTH: FieldDef =
        FieldDef::u16("tls.ech.echconfigcontents.extensions_length", "Extensions length");
    pub const EXTENSIONS: FieldDef =
        FieldDef::bytes("tls.ech.echconfigcontents.extensions", "Extensions");
}
