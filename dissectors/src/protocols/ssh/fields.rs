//! The fields of SSH.

use crate::field::{FieldDef, Names};
use crate::fields;

/// RFC 4250, section 4.1.2; what codes from 30 on mean, the exchange says that was agreed on.
pub(super) const CODES: Names = &[
    (1, "Disconnect"),
    (2, "Ignore"),
    (3, "Unimplemented"),
    (4, "Debug"),
    (5, "Service Request"),
    (6, "Service Accept"),
    (7, "Extension Information"),
    (20, "Key Exchange Init"),
    (21, "New Keys"),
];

/// The codes of SSH 1.5 that are sent before it is sealed.
pub(super) const OLD_CODES: Names =
    &[(1, "Disconnect"), (2, "Public Key"), (3, "Session Key"), (32, "Ignore"), (36, "Debug")];

/// RFC 4250, section 4.2.2.
const REASONS: Names = &[
    (1, "Host not allowed to connect"),
    (2, "Protocol error"),
    (3, "Key exchange failed"),
    (5, "MAC error"),
    (6, "Compression error"),
    (7, "Service not available"),
    (8, "Protocol version not supported"),
    (9, "Host key not verifiable"),
    (10, "Connection lost"),
    (11, "By application"),
    (12, "Too many connections"),
    (13, "Auth cancelled by user"),
    (14, "No more auth methods available"),
    (15, "Illegal user name"),
];

fields! { "ssh", "SSH";
    PROTOCOL = FieldDef::text("ssh.protocol", "Protocol"),
    PACKET_LENGTH = FieldDef::u32("ssh.packet_length", "Packet Length"),
    PADDING_LENGTH = FieldDef::u8("ssh.padding_length", "Padding Length"),
    /// Of SSH 1, whose padding follows from the length.
    OLD_PADDING = FieldDef::u8("ssh.padding_length", "Padding Length").computed(),
    CODE = FieldDef::u8("ssh.message_code", "Message Code").names(CODES),
    OLD_CODE = FieldDef::u8("ssh.message_code", "Message Code").names(OLD_CODES),
    COOKIE = FieldDef::bytes("ssh.cookie", "Cookie"),
    KEX_LENGTH = FieldDef::u32("ssh.kex_algorithms_length", "kex_algorithms length"),
    KEX = FieldDef::text("ssh.kex_algorithms", "kex_algorithms string"),
    HOST_KEY_LENGTH =
        FieldDef::u32("ssh.server_host_key_algorithms_length", "server_host_key_algorithms length"),
    HOST_KEY =
        FieldDef::text("ssh.server_host_key_algorithms", "server_host_key_algorithms string"),
    CIPHER_CS_LENGTH = FieldDef::u32(
        "ssh.encryption_algorithms_client_to_server_length",
        "encryption_algorithms_client_to_server length"
    ),
    CIPHER_CS = FieldDef::text(
        "ssh.encryption_algorithms_client_to_server",
        "encryption_algorithms_client_to_server string"
    ),
    CIPHER_SC_LENGTH = FieldDef::u32(
        "ssh.encryption_algorithms_server_to_client_length",
        "encryption_algorithms_server_to_client length"
    ),
    CIPHER_SC = FieldDef::text(
        "ssh.encryption_algorithms_server_to_client",
        "encryption_algorithms_server_to_client string"
    ),
    MAC_CS_LENGTH = FieldDef::u32(
        "ssh.mac_algorithms_client_to_server_length",
        "mac_algorithms_client_to_server length"
    ),
    MAC_CS = FieldDef::text(
        "ssh.mac_algorithms_client_to_server",
        "mac_algorithms_client_to_server string"
    ),
    MAC_SC_LENGTH = FieldDef::u32(
        "ssh.mac_algorithms_server_to_client_length",
        "mac_algorithms_server_to_client length"
    ),
    MAC_SC = FieldDef::text(
        "ssh.mac_algorithms_server_to_client",
        "mac_algorithms_server_to_client string"
    ),
    COMPRESSION_CS_LENGTH = FieldDef::u32(
        "ssh.compression_algorithms_client_to_server_length",
        "compression_algorithms_client_to_server length"
    ),
    COMPRESSION_CS = FieldDef::text(
        "ssh.compression_algorithms_client_to_server",
        "compression_algorithms_client_to_server string"
    ),
    COMPRESSION_SC_LENGTH = FieldDef::u32(
        "ssh.compression_algorithms_server_to_client_length",
        "compression_algorithms_server_to_client length"
    ),
    COMPRESSION_SC = FieldDef::text(
        "ssh.compression_algorithms_server_to_client",
        "compression_algorithms_server_to_client string"
    ),
    LANGUAGE_CS_LENGTH =
        FieldDef::u32("ssh.languages_client_to_server_length", "languages_client_to_server length"),
    LANGUAGE_CS =
        FieldDef::text("ssh.languages_client_to_server", "languages_client_to_server string"),
    LANGUAGE_SC_LENGTH =
        FieldDef::u32("ssh.languages_server_to_client_length", "languages_server_to_client length"),
    LANGUAGE_SC =
        FieldDef::text("ssh.languages_server_to_client", "languages_server_to_client string"),
    FIRST_FOLLOWS = FieldDef::u8("ssh.first_kex_packet_follows", "First KEX Packet Follows"),
    RESERVED = FieldDef::bytes("ssh.kex.reserved", "Reserved"),
    CLIENT_POINT_LENGTH =
        FieldDef::u32("ssh.ecdh.q_c_length", "ECDH client's ephemeral public key length"),
    CLIENT_POINT =
        FieldDef::bytes("ssh.ecdh.q_c", "ECDH client's ephemeral public key (Q_C)"),
    SERVER_POINT_LENGTH =
        FieldDef::u32("ssh.ecdh.q_s_length", "ECDH server's ephemeral public key length"),
    SERVER_POINT =
        FieldDef::bytes("ssh.ecdh.q_s", "ECDH server's ephemeral public key (Q_S)"),
    HOST_KEY_SIZE = FieldDef::u32("ssh.host_key.length", "Host key length"),
    HOST_KEY_TYPE_SIZE = FieldDef::u32("ssh.host_key.type_length", "Host key type length"),
    HOST_KEY_TYPE = FieldDef::text("ssh.host_key.type", "Host key type"),
    SIGNATURE_SIZE = FieldDef::u32("ssh.host_sig.length", "Host signature length"),
    SIGNATURE_TYPE_SIZE =
        FieldDef::u32("ssh.host_sig.type_length", "Host signature type length"),
    SIGNATURE_TYPE = FieldDef::text("ssh.host_sig.type", "Host signature type"),
    REASON = FieldDef::u32("ssh.disconnect_reason", "Disconnect reason").hex().names(REASONS),
    PAYLOAD = FieldDef::bytes("ssh.payload", "Payload"),
    PADDING = FieldDef::bytes("ssh.padding_string", "Padding String"),
    ENCRYPTED = FieldDef::bytes("ssh.encrypted_packet", "Encrypted Packet"),
    IS_FROM_SERVER = FieldDef::flag("ssh.direction", "Direction", 0).computed(),
}
