//! The fields of TLS: names and types as Wireshark has them.
//!
//! Headings for which Wireshark has no name, such as a single extension, have names of ours.

use super::names;
use crate::field::{FieldDef, Kind};
use crate::fields;
use crate::protocols::ech::fields::{Fields, defs as ech};

/// Fields below `tls.handshake`.
macro_rules! handshake {
    ($rest:literal) => {
        concat!("tls.handshake.", $rest)
    };
}

/// A number of variable length, below `tls.quic.parameter`.
macro_rules! quic_number {
    ($rest:literal, $title:literal) => {
        FieldDef::u64(concat!("tls.quic.parameter.", $rest), $title).computed()
    };
}

/// An object identifier, shown with dots.
const fn oid(name: &'static str, title: &'static str) -> FieldDef {
    FieldDef::text(name, title).computed()
}

/// A moment.
const fn time(name: &'static str, title: &'static str) -> FieldDef {
    FieldDef::of(name, title, Kind::Time).computed()
}

/// Bytes below `tls.quic.parameter`.
macro_rules! quic_bytes {
    ($rest:literal, $title:literal) => {
        FieldDef::bytes(concat!("tls.quic.parameter.", $rest), $title)
    };
}

fields! { "tls", "TLS";
    // Records.
    RECORD = FieldDef::group("tls.record", "Record Layer"),
    CONTENT_TYPE = FieldDef::u8("tls.record.content_type", "Content Type")
        .names(names::CONTENT_TYPES),
    OPAQUE_TYPE = FieldDef::u8("tls.record.opaque_type", "Opaque Type").names(names::CONTENT_TYPES),
    RECORD_VERSION = FieldDef::u16("tls.record.version", "Version").hex().names(names::VERSIONS),
    RECORD_LENGTH = FieldDef::u16("tls.record.length", "Length"),
    APP_DATA = FieldDef::bytes("tls.app_data", "Encrypted Application Data").fresh(),
    // Wireshark has no name for it.
    SEALED = FieldDef::text("tls.record.sealed", "Stays sealed").computed(),
    CHANGE_CIPHER_SPEC = FieldDef::group("tls.change_cipher_spec", "Change Cipher Spec Message"),
    ALERT = FieldDef::group("tls.alert_message", "Alert Message"),
    ALERT_LEVEL = FieldDef::u8("tls.alert_message.level", "Level").names(names::ALERT_LEVELS),
    ALERT_DESCRIPTION = FieldDef::u8("tls.alert_message.desc", "Description").names(names::ALERTS),

    // A ClientHello in the form of SSL 2.0, whose record has no version but that by its form.
    FORM_VERSION = FieldDef::u16("tls.record.version", "Version").hex().names(names::VERSIONS)
        .computed(),
    FORM_LENGTH = FieldDef::u16("tls.record.length", "Length").mask(0x7fff),
    FORM_SPECS_LENGTH = FieldDef::u16(handshake!("cipher_spec_len"), "Cipher Spec Length"),
    FORM_SESSION_LENGTH = FieldDef::u16(handshake!("session_id_length"), "Session ID Length"),
    FORM_CHALLENGE_LENGTH = FieldDef::u16(handshake!("challenge_length"), "Challenge Length"),
    FORM_SPEC = FieldDef::u24(handshake!("cipherspec"), "Cipher Spec").hex()
        .names(names::CIPHER_SUITES),
    FORM_CHALLENGE = FieldDef::bytes(handshake!("challenge"), "Challenge"),

    // Handshake messages.
    HANDSHAKE = FieldDef::group("tls.handshake", "Handshake Protocol"),
    TYPE = FieldDef::u8(handshake!("type"), "Handshake Type").names(names::HANDSHAKE_TYPES),
    LENGTH = FieldDef::u24(handshake!("length"), "Length"),
    VERSION = FieldDef::u16(handshake!("version"), "Version").hex().names(names::VERSIONS),
    RANDOM = FieldDef::bytes(handshake!("random"), "Random").fresh(),
    RANDOM_TIME = FieldDef::of(handshake!("random_time"), "GMT Unix Time", Kind::Time).computed().fresh(),
    RANDOM_BYTES = FieldDef::bytes(handshake!("random_bytes"), "Random Bytes").fresh(),
    SESSION_ID_LENGTH = FieldDef::u8(handshake!("session_id_length"), "Session ID Length"),
    SESSION_ID = FieldDef::bytes(handshake!("session_id"), "Session ID").fresh(),
    HELLO_COOKIE_LENGTH = FieldDef::u8("dtls.handshake.cookie_length", "Cookie Length"),
    HELLO_COOKIE = FieldDef::bytes("dtls.handshake.cookie", "Cookie"),
    CIPHER_SUITES_LENGTH = FieldDef::u16(handshake!("cipher_suites_length"), "Cipher Suites Length"),
    CIPHER_SUITES = FieldDef::group(handshake!("ciphersuites"), "Cipher Suites"),
    CIPHER_SUITE = FieldDef::u16(handshake!("ciphersuite"), "Cipher Suite").hex()
        .names(names::CIPHER_SUITES),
    COMPRESSIONS_LENGTH = FieldDef::u8(handshake!("comp_methods_length"),
        "Compression Methods Length"),
    COMPRESSIONS = FieldDef::group(handshake!("comp_methods"), "Compression Methods"),
    COMPRESSION = FieldDef::u8(handshake!("comp_method"), "Compression Method")
        .names(names::COMPRESSIONS),

    // Fingerprints, for programs and filters.
    JA3_FULL = FieldDef::text(handshake!("ja3_full"), "JA3 Fullstring").computed().listed(),
    JA3 = FieldDef::text(handshake!("ja3"), "JA3").computed().listed(),
    JA3S_FULL = FieldDef::text(handshake!("ja3s_full"), "JA3S Fullstring").computed().listed(),
    JA3S = FieldDef::text(handshake!("ja3s"), "JA3S").computed().listed(),
    JA4 = FieldDef::text(handshake!("ja4"), "JA4").computed().listed(),

    // Extensions.
    EXTENSIONS_LENGTH = FieldDef::u16(handshake!("extensions_length"), "Extensions Length"),
    EXTENSION = FieldDef::group(handshake!("extension"), "Extension"),
    EXTENSION_TYPE = FieldDef::u16(handshake!("extension.type"), "Type").names(names::EXTENSIONS),
    EXTENSION_LENGTH = FieldDef::u16(handshake!("extension.len"), "Length"),
    EXTENSION_DATA = FieldDef::bytes(handshake!("extension.data"), "Data"),
    SERVER_NAMES_LENGTH = FieldDef::u16(handshake!("extensions_server_name_list_len"),
        "Server Name list length"),
    SERVER_NAME_TYPE = FieldDef::u8(handshake!("extensions_server_name_type"), "Server Name Type")
        .names(names::NAME_TYPES),
    SERVER_NAME_LENGTH = FieldDef::u16(handshake!("extensions_server_name_len"),
        "Server Name length"),
    SERVER_NAME = FieldDef::text(handshake!("extensions_server_name"), "Server Name"),
    FRAGMENT_LENGTH = FieldDef::u8(handshake!("max_fragment_length"), "Maximum Fragment Length")
        .names(names::FRAGMENT_LENGTHS),
    STATUS_TYPE = FieldDef::u8(handshake!("extensions_status_request_type"),
        "Certificate Status Type").names(names::STATUS_TYPES),
    RESPONDERS_LENGTH = FieldDef::u16(handshake!("extensions_status_request_responder_ids_len"),
        "Responder ID list Length"),
    STATUS_EXTENSIONS_LENGTH = FieldDef::u16(handshake!("extensions_status_request_exts_len"),
        "Request Extensions Length"),
    OCSP_LIST_LENGTH =
        FieldDef::u24(handshake!("ocsp_response_list_len"), "OCSP Response List Length"),
    OCSP_LENGTH = FieldDef::u24(handshake!("ocsp_response_len"), "OCSP Response Length"),
    OCSP = FieldDef::bytes(handshake!("ocsp_response"), "OCSP Response").fresh(),
    GROUPS_LENGTH = FieldDef::u16(handshake!("extensions_supported_groups_length"),
        "Supported Groups List Length"),
    GROUPS = FieldDef::group(handshake!("extensions_supported_groups"), "Supported Groups"),
    GROUP = FieldDef::u16(handshake!("extensions_supported_group"), "Supported Group").hex()
        .names(names::GROUPS),
    POINT_FORMATS_LENGTH = FieldDef::u8(handshake!("extensions_ec_point_formats_length"),
        "EC point formats Length"),
    POINT_FORMATS = FieldDef::group(handshake!("extensions_ec_point_formats"), "EC point formats"),
    POINT_FORMAT = FieldDef::u8(handshake!("extensions_ec_point_format"), "EC point format")
        .names(names::POINT_FORMATS),
    SCHEMES_LENGTH = FieldDef::u16(handshake!("sig_hash_alg_len"),
        "Signature Hash Algorithms Length"),
    SCHEMES = FieldDef::group(handshake!("sig_hash_algs"), "Signature Algorithms"),
    SCHEME = FieldDef::u16(handshake!("sig_hash_alg"), "Signature Algorithm").hex()
        .names(names::SIGNATURE_SCHEMES),
    SCHEME_HASH = FieldDef::u8(handshake!("sig_hash_hash"), "Signature Hash Algorithm Hash")
        .names(names::HASHES),
    SCHEME_SIGNATURE = FieldDef::u8(handshake!("sig_hash_sig"),
        "Signature Hash Algorithm Signature").names(names::SIGNATURES),
    ALPN_LENGTH = FieldDef::u16(handshake!("extensions_alpn_len"), "ALPN Extension Length"),
    ALPN_LIST = FieldDef::group(handshake!("extensions_alpn_list"), "ALPN Protocol"),
    ALPN_NAME_LENGTH = FieldDef::u8(handshake!("extensions_alpn_str_len"), "ALPN string length"),
    ALPN_NAME = FieldDef::text(handshake!("extensions_alpn_str"), "ALPN Next Protocol"),
    CERTIFICATE_FORMATS_LENGTH = FieldDef::u8(handshake!("cert_type.types_len"),
        "Certificate Type List Length"),
    CERTIFICATE_FORMAT = FieldDef::u8(handshake!("cert_type.type"), "Certificate Type").hex()
        .names(names::CERTIFICATE_FORMATS),
    PADDING = FieldDef::bytes(handshake!("extensions_padding_data"), "Padding Data"),
    COMPRESSION_ALGORITHMS_LENGTH = FieldDef::u8("tls.compress_certificate.algorithms_length",
        "Algorithms Length"),
    COMPRESSION_ALGORITHM = FieldDef::u16("tls.compress_certificate.algorithm", "Algorithm")
        .names(names::CERTIFICATE_COMPRESSIONS),
    UNCOMPRESSED_LENGTH = FieldDef::u24("tls.compress_certificate.uncompressed_length",
        "Uncompressed Length"),
    COMPRESSED_LENGTH = FieldDef::u24(
        "tls.compress_certificate.compressed_certificate_message.length", "Length"),
    COMPRESSED = FieldDef::bytes("tls.compress_certificate.compressed_certificate_message",
        "Compressed Certificate Message"),
    RECORD_SIZE_LIMIT = FieldDef::u16("tls.record_size_limit", "Record Size Limit"),
    MAX_EARLY_DATA = FieldDef::u32("tls.early_data.max_early_data_size", "Maximum Early Data Size"),
    SUPPORTED_VERSIONS_LENGTH = FieldDef::u8(handshake!("extensions.supported_versions_len"),
        "Supported Versions length"),
    SUPPORTED_VERSION = FieldDef::u16(handshake!("extensions.supported_version"),
        "Supported Version").hex().names(names::VERSIONS),
    COOKIE_LENGTH = FieldDef::u16(handshake!("extensions.cookie_len"), "Cookie length"),
    COOKIE = FieldDef::bytes(handshake!("extensions.cookie"), "Cookie"),
    PSK_MODES_LENGTH = FieldDef::u8("tls.extension.psk_ke_modes_length",
        "PSK Key Exchange Modes Length"),
    PSK_MODE = FieldDef::u8("tls.extension.psk_ke_mode", "PSK Key Exchange Mode")
        .names(names::PSK_MODES),
    PSK_IDENTITIES_LENGTH = FieldDef::u16(handshake!("extensions.psk.identities.length"),
        "Identities Length"),
    PSK_IDENTITY_LENGTH = FieldDef::u16(handshake!("extensions.psk.identity.identity_length"),
        "Identity Length"),
    PSK_IDENTITY = FieldDef::bytes(handshake!("extensions.psk.identity.identity"), "Identity").fresh(),
    PSK_AGE = FieldDef::u32(handshake!("extensions.psk.identity.obfuscated_ticket_age"),
        "Obfuscated Ticket Age").fresh(),
    PSK_BINDERS_LENGTH = FieldDef::u16(handshake!("extensions.psk.binders_len"),
        "PSK Binders length"),
    PSK_BINDERS = FieldDef::group(handshake!("extensions.psk.binders"), "PSK Binders").fresh(),
    PSK_SELECTED = FieldDef::u16(handshake!("extensions.psk.identity.selected"),
        "Selected Identity"),
    RENEGOTIATION_LENGTH = FieldDef::u8(handshake!("extensions_reneg_info_len"),
        "Renegotiation info extension length"),
    RENEGOTIATION = FieldDef::bytes(handshake!("extensions_reneg_info"), "Renegotiation info"),
    KEY_SHARE_CLIENT_LENGTH = FieldDef::u16(handshake!("extensions_key_share_client_length"),
        "Client Key Share Length"),
    KEY_SHARE_ENTRY = FieldDef::group(handshake!("extensions_key_share_entry"), "Key Share Entry"),
    KEY_SHARE_GROUP = FieldDef::u16(handshake!("extensions_key_share_group"), "Group")
        .names(names::GROUPS),
    KEY_SHARE_LENGTH = FieldDef::u16(handshake!("extensions_key_share_key_exchange_length"),
        "Key Exchange Length"),
    KEY_SHARE = FieldDef::bytes(handshake!("extensions_key_share_key_exchange"), "Key Exchange").fresh(),
    // A sealed hello (RFC 9849, section 5), and what it is sealed with (section 4).
    ECH_LIST_LENGTH = ech::LIST_LENGTH,
    ECH_CONFIG = ech::CONFIG,
    ECH_VERSION = ech::VERSION,
    ECH_LENGTH = ech::LENGTH,
    ECH_KEY_CONFIG = ech::KEY_CONFIG,
    ECH_CONFIG_ID = ech::CONFIG_ID,
    ECH_KEM = ech::KEM,
    ECH_KEY_LENGTH = ech::KEY_LENGTH,
    ECH_KEY = ech::KEY,
    ECH_SUITES_LENGTH = ech::SUITES_LENGTH,
    ECH_SUITES = ech::SUITES,
    ECH_SUITE = ech::SUITE,
    ECH_KDF = ech::KDF,
    ECH_AEAD = ech::AEAD,
    ECH_MAX_NAME = ech::MAX_NAME,
    ECH_NAME_LENGTH = ech::NAME_LENGTH,
    ECH_NAME = ech::NAME,
    ECH_EXTENSIONS_LENGTH = ech::EXTENSIONS_LENGTH,
    ECH_EXTENSIONS = ech::EXTENSIONS,
    ECH_HELLO_TYPE = FieldDef::u8("tls.ech.client_hello_type", "Client Hello type")
        .names(names::ECH_HELLO_TYPES),
    ECH_SEALED_TO = FieldDef::u8("tls.ech.config_id", "Config Id"),
    ECH_ENC_LENGTH = FieldDef::u16("tls.ech.enc_length", "Enc length"),
    ECH_ENC = FieldDef::bytes("tls.ech.enc", "Enc").fresh(),
    ECH_PAYLOAD_LENGTH = FieldDef::u16("tls.ech.payload_length", "Payload length"),
    ECH_PAYLOAD = FieldDef::bytes("tls.ech.payload", "Payload").fresh(),
    ECH_PADDING = FieldDef::bytes("tls.ech.encrypted_padding", "ECH Encrypted Padding"),
    ECH_CONFIRMATION = FieldDef::bytes("tls.ech.confirmation", "Confirmation"),
    ECH_ACCEPTED = FieldDef::group("tls.ech_accepted", "The sealed Client Hello was accepted"),
    ECH_REJECTED = FieldDef::group("tls.ech_rejected", "The sealed Client Hello was rejected"),
    ECH_RETRY_CONFIGS = FieldDef::group("tls.ech.retry_configs", "Retry Configs"),
    ECH_OUTER_LENGTH = FieldDef::u8(handshake!("extensions_ech_outer_extensions_length"),
        "Outer Extensions List Length"),
    ECH_OUTER_LIST = FieldDef::group(handshake!("extensions_ech_outer_extensions"),
        "Outer Extensions List"),
    KEY_SHARE_SELECTED = FieldDef::u16(handshake!("extensions_key_share_selected_group"),
        "Selected Group").names(names::GROUPS),

    // Key exchange of TLS 1.2.
    CURVE_TYPE = FieldDef::u8(handshake!("server_curve_type"), "Curve Type").hex()
        .names(names::CURVE_TYPES),
    NAMED_CURVE = FieldDef::u16(handshake!("server_named_curve"), "Named Curve").hex()
        .names(names::GROUPS),
    SERVER_POINT_LENGTH = FieldDef::u8(handshake!("server_point_len"), "Pubkey Length"),
    SERVER_POINT = FieldDef::bytes(handshake!("server_point"), "Pubkey").fresh(),
    CLIENT_POINT_LENGTH = FieldDef::u8(handshake!("client_point_len"), "Pubkey Length"),
    CLIENT_POINT = FieldDef::bytes(handshake!("client_point"), "Pubkey").fresh(),
    P_LENGTH = FieldDef::u16(handshake!("p_len"), "p Length"),
    P = FieldDef::bytes(handshake!("p"), "p"),
    G_LENGTH = FieldDef::u16(handshake!("g_len"), "g Length"),
    G = FieldDef::bytes(handshake!("g"), "g"),
    YS_LENGTH = FieldDef::u16(handshake!("ys_len"), "Pubkey Length"),
    YS = FieldDef::bytes(handshake!("ys"), "Pubkey"),
    YC_LENGTH = FieldDef::u16(handshake!("yc_len"), "Pubkey Length"),
    YC = FieldDef::bytes(handshake!("yc"), "Pubkey"),
    SEALED_SECRET_LENGTH = FieldDef::u16(handshake!("epms_len"), "Encrypted PreMaster length"),
    SEALED_SECRET = FieldDef::bytes(handshake!("epms"), "Encrypted PreMaster"),
    HINT_LENGTH = FieldDef::u16(handshake!("hint_len"), "Hint Length"),
    HINT = FieldDef::bytes(handshake!("hint"), "Hint"),
    IDENTITY_LENGTH = FieldDef::u16(handshake!("identity_len"), "Identity Length"),
    IDENTITY = FieldDef::bytes(handshake!("identity"), "Identity"),
    SIGNATURE_LENGTH = FieldDef::u16(handshake!("sig_len"), "Signature Length"),
    SIGNATURE = FieldDef::bytes(handshake!("sig"), "Signature").fresh(),

    // Authentication, and what comes after.
    CONTEXT_LENGTH = FieldDef::u8(handshake!("certificate_request_context_length"),
        "Certificate Request Context Length"),
    CONTEXT = FieldDef::bytes(handshake!("certificate_request_context"),
        "Certificate Request Context"),
    CERTIFICATES_LENGTH = FieldDef::u24(handshake!("certificates_length"), "Certificates Length"),
    CERTIFICATES = FieldDef::group(handshake!("certificates"), "Certificates"),
    CERTIFICATE_LENGTH = FieldDef::u24(handshake!("certificate_length"), "Certificate Length"),
    CERTIFICATE = FieldDef::bytes(handshake!("certificate"), "Certificate").fresh(),
    CERTIFICATE_TYPES_COUNT = FieldDef::u8(handshake!("cert_types_count"),
        "Certificate types count"),
    CERTIFICATE_TYPES = FieldDef::group(handshake!("cert_types"), "Certificate types"),
    CERTIFICATE_TYPE = FieldDef::u8(handshake!("cert_type"), "Certificate type")
        .names(names::CERTIFICATE_TYPES),
    NAMES_LENGTH = FieldDef::u16(handshake!("dnames_len"), "Distinguished Names Length"),
    NAMES = FieldDef::group(handshake!("dnames"), "Distinguished Names"),
    NAME_LENGTH = FieldDef::u16(handshake!("dname_len"), "Distinguished Name Length"),
    NAME = FieldDef::group(handshake!("dname"), "Distinguished Name"),
    PROOF_LENGTH = FieldDef::u16(handshake!("client_cert_vrfy.sig_len"), "Signature length"),
    PROOF = FieldDef::bytes(handshake!("client_cert_vrfy.sig"), "Signature").fresh(),
    VERIFY_DATA = FieldDef::group(handshake!("verify_data"), "Verify Data"),
    TICKET_LIFETIME = FieldDef::u32(handshake!("session_ticket_lifetime_hint"),
        "Session Ticket Lifetime Hint"),
    TICKET_AGE_ADD = FieldDef::u32(handshake!("session_ticket_age_add"), "Session Ticket Age Add").fresh(),
    TICKET_NONCE_LENGTH = FieldDef::u8(handshake!("session_ticket_nonce_length"),
        "Session Ticket Nonce Length"),
    TICKET_NONCE = FieldDef::bytes(handshake!("session_ticket_nonce"), "Session Ticket Nonce").fresh(),
    TICKET_LENGTH = FieldDef::u16(handshake!("session_ticket_length"), "Session Ticket Length"),
    TICKET = FieldDef::bytes(handshake!("session_ticket"), "Session Ticket").fresh(),
    // Transport parameters of QUIC (RFC 9000, section 18).
    QUIC_PARAMETER = FieldDef::group("tls.quic.parameter", "Parameter"),
    QUIC_TYPE = quic_number!("type", "Type").names(names::QUIC_PARAMETERS),
    QUIC_LENGTH = quic_number!("length", "Length"),
    QUIC_VALUE = quic_bytes!("value", "Value").fresh(),
    QUIC_ORIGINAL_ID = quic_bytes!("original_destination_connection_id",
        "original_destination_connection_id").fresh(),
    QUIC_IDLE = quic_number!("max_idle_timeout", "max_idle_timeout"),
    QUIC_RESET_TOKEN = quic_bytes!("stateless_reset_token", "stateless_reset_token").fresh(),
    QUIC_PAYLOAD_SIZE = quic_number!("max_udp_payload_size", "max_udp_payload_size"),
    QUIC_MAX_DATA = quic_number!("initial_max_data", "initial_max_data"),
    QUIC_BIDI_LOCAL = quic_number!("initial_max_stream_data_bidi_local",
        "initial_max_stream_data_bidi_local"),
    QUIC_BIDI_REMOTE = quic_number!("initial_max_stream_data_bidi_remote",
        "initial_max_stream_data_bidi_remote"),
    QUIC_UNI = quic_number!("initial_max_stream_data_uni", "initial_max_stream_data_uni"),
    QUIC_STREAMS_BIDI = quic_number!("initial_max_streams_bidi", "initial_max_streams_bidi"),
    QUIC_STREAMS_UNI = quic_number!("initial_max_streams_uni", "initial_max_streams_uni"),
    QUIC_ACK_EXPONENT = quic_number!("ack_delay_exponent", "ack_delay_exponent"),
    QUIC_ACK_DELAY = quic_number!("max_ack_delay", "max_ack_delay"),
    QUIC_V4 = FieldDef::of("tls.quic.parameter.preferred_address.ipv4address", "ipv4Address",
        Kind::Ipv4),
    QUIC_V4_PORT = FieldDef::u16("tls.quic.parameter.preferred_address.ipv4port", "ipv4Port"),
    QUIC_V6 = FieldDef::of("tls.quic.parameter.preferred_address.ipv6address", "ipv6Address",
        Kind::Ipv6),
    QUIC_V6_PORT = FieldDef::u16("tls.quic.parameter.preferred_address.ipv6port", "ipv6Port"),
    QUIC_PREFERRED_LENGTH =
        FieldDef::u8("tls.quic.parameter.preferred_address.connectionid.length", "Length"),
    QUIC_PREFERRED_ID = quic_bytes!("preferred_address.connectionid", "connectionId"),
    QUIC_PREFERRED_TOKEN = quic_bytes!("preferred_address.statelessresettoken",
        "statelessResetToken"),
    QUIC_ACTIVE_IDS = quic_number!("active_connection_id_limit", "Active Connection ID Limit"),
    QUIC_SOURCE_ID = quic_bytes!("initial_source_connection_id", "Initial Source Connection ID").fresh(),
    QUIC_RETRY_ID = quic_bytes!("retry_source_connection_id", "Retry Source Connection ID"),
    QUIC_DATAGRAM_SIZE = quic_number!("max_datagram_frame_size", "max_datagram_frame_size"),
    QUIC_MIN_ACK_DELAY = quic_number!("min_ack_delay", "min_ack_delay"),
    QUIC_CHOSEN = FieldDef::u32("tls.quic.parameter.vi.chosen_version", "Chosen Version").hex(),
    QUIC_OTHER = FieldDef::u32("tls.quic.parameter.vi.other_version", "Other Version").hex(),
    REQUEST_UPDATE = FieldDef::u8(handshake!("key_update.request_update"), "Key Update Request")
        .names(names::KEY_UPDATES),

    // What is said of whether a certificate still holds.
    OCSP_STATUS = FieldDef::u8("ocsp.responseStatus", "responseStatus")
        .names(names::OCSP_STATUSES),
    OCSP_TYPE = oid("ocsp.responseType.id", "ResponseType Id"),
    OCSP_BY_NAME = FieldDef::text("tls.ocsp.responder", "byName").computed(),
    OCSP_BY_KEY = FieldDef::bytes("ocsp.byKey", "byKey"),
    OCSP_PRODUCED = time("ocsp.producedAt", "producedAt"),
    OCSP_RESPONSES = FieldDef::u32("ocsp.responses", "responses").computed(),
    OCSP_RESPONSE = FieldDef::group("ocsp.SingleResponse_element", "SingleResponse"),
    OCSP_ISSUER_NAME = FieldDef::bytes("ocsp.issuerNameHash", "issuerNameHash"),
    OCSP_ISSUER_KEY = FieldDef::bytes("ocsp.issuerKeyHash", "issuerKeyHash"),
    OCSP_SERIAL = FieldDef::bytes("ocsp.serialNumber", "serialNumber"),
    OCSP_CERTIFICATE_STATUS = FieldDef::u32("ocsp.certStatus", "certStatus").computed()
        .names(names::OCSP_CERTIFICATE_STATUSES),
    OCSP_REVOKED = time("ocsp.revocationTime", "revocationTime"),
    OCSP_REASON = FieldDef::u8("ocsp.revocationReason", "revocationReason")
        .names(names::OCSP_REASONS),
    OCSP_THIS_UPDATE = time("ocsp.thisUpdate", "thisUpdate"),
    OCSP_NEXT_UPDATE = time("ocsp.nextUpdate", "nextUpdate"),
    OCSP_EXTENSION = oid("pkix1explicit.id", "Id"),
    OCSP_NONCE = FieldDef::bytes("ocsp.ReOcspNonce", "ReOcspNonce"),
    OCSP_SIGNATURE = FieldDef::bytes("ocsp.signature", "signature"),
    OCSP_CERTIFICATES = FieldDef::u32("ocsp.certs", "certs").computed(),

    // Certificates.
    X509_VERSION = FieldDef::u8("x509af.version", "version").computed(),
    X509_SERIAL = FieldDef::bytes("x509af.serialNumber", "serialNumber").fresh(),
    X509_ISSUER = FieldDef::text("tls.certificate.issuer", "issuer").computed(),
    X509_SUBJECT = FieldDef::text("tls.certificate.subject", "subject").computed(),
    X509_UTF8 = FieldDef::text("x509sat.uTF8String", "uTF8String"),
    X509_PRINTABLE = FieldDef::text("x509sat.printableString", "printableString"),
    X509_COUNTRY = FieldDef::text("x509sat.CountryName", "CountryName"),
    X509_TELETEX = FieldDef::text("x509sat.teletexString", "teletexString"),
    X509_IA5 = FieldDef::text("x509sat.IA5String", "IA5String"),
    X509_UNIVERSAL = FieldDef::text("x509sat.universalString", "universalString").computed(),
    X509_BMP = FieldDef::text("x509sat.bmpString", "bmpString").computed(),
    X509_ATTRIBUTE = oid("x509if.oid", "Id"),
    X509_NOT_BEFORE = FieldDef::group("tls.certificate.not_before", "notBefore"),
    X509_NOT_AFTER = FieldDef::group("tls.certificate.not_after", "notAfter"),
    X509_TIME = FieldDef::text("x509af.utcTime", "utcTime").computed().fresh(),
    X509_KEY_ALGORITHM = FieldDef::text("tls.certificate.key_algorithm", "key algorithm")
        .computed(),
    X509_KEY = FieldDef::bytes("x509af.subjectPublicKey", "subjectPublicKey").fresh(),
    X509_DNS = FieldDef::text("x509ce.dNSName", "dNSName"),
    X509_MAIL = FieldDef::text("x509ce.rfc822Name", "rfc822Name"),
    X509_URI = FieldDef::text("x509ce.uniformResourceIdentifier", "uniformResourceIdentifier"),
    X509_DIRECTORY = FieldDef::text("tls.certificate.directory_name", "directoryName").computed(),
    X509_REGISTERED = oid("x509ce.registeredID", "registeredID"),
    X509_NETWORK = FieldDef::bytes("tls.certificate.network", "iPAddress with mask"),
    X509_SIGNED_WITH = oid("x509af.algorithm.id", "Algorithm Id"),
    X509_SIGNATURE = FieldDef::bytes("x509af.encrypted", "encrypted").fresh(),
    X509_EXTENSION = FieldDef::group("x509af.Extension_element", "Extension"),
    EXTENSION_ID = oid("x509af.extension.id", "Extension Id"),
    CRITICAL = FieldDef::of("x509af.critical", "critical", Kind::Bool).computed(),
    IS_AUTHORITY = FieldDef::of("x509ce.cA", "cA", Kind::Bool).computed(),
    PATH_LEN = FieldDef::u32("x509ce.pathLenConstraint", "pathLenConstraint").computed(),
    USE_SIGNATURE = FieldDef::flag("x509ce.KeyUsage.digitalSignature", "digitalSignature", 0x80),
    USE_COMMITMENT = FieldDef::flag("x509ce.KeyUsage.contentCommitment", "contentCommitment", 0x40),
    USE_KEY_SEALING = FieldDef::flag("x509ce.KeyUsage.keyEncipherment", "keyEncipherment", 0x20),
    USE_DATA_SEALING = FieldDef::flag("x509ce.KeyUsage.dataEncipherment", "dataEncipherment", 0x10),
    USE_AGREEMENT = FieldDef::flag("x509ce.KeyUsage.keyAgreement", "keyAgreement", 0x08),
    USE_CERTIFICATES = FieldDef::flag("x509ce.KeyUsage.keyCertSign", "keyCertSign", 0x04),
    USE_REVOCATION = FieldDef::flag("x509ce.KeyUsage.cRLSign", "cRLSign", 0x02),
    USE_SEALING_ONLY = FieldDef::flag("x509ce.KeyUsage.encipherOnly", "encipherOnly", 0x01),
    USE_OPENING_ONLY = FieldDef::flag("x509ce.KeyUsage.decipherOnly", "decipherOnly", 0x80)
        .computed(),
    PURPOSE = oid("x509ce.KeyPurposeId", "KeyPurposeId"),
    SUBJECT_KEY = FieldDef::bytes("x509ce.SubjectKeyIdentifier", "SubjectKeyIdentifier").fresh(),
    AUTHORITY_KEY = FieldDef::bytes("x509ce.keyIdentifier", "keyIdentifier").fresh(),
    AUTHORITY_SERIAL =
        FieldDef::bytes("x509ce.authorityCertSerialNumber", "authorityCertSerialNumber"),
    PERMITTED = FieldDef::group("tls.certificate.permitted", "permittedSubtrees"),
    EXCLUDED = FieldDef::group("tls.certificate.excluded", "excludedSubtrees"),
    POLICY = oid("x509ce.policyIdentifier", "policyIdentifier"),
    ACCESS_METHOD = oid("pkix1implicit.accessMethod", "accessMethod"),
    SCT_VERSION = FieldDef::u8("tls.sct.sct_version", "SCT Version").computed(),
    SCT_LOG = FieldDef::bytes("tls.sct.sct_logid", "Log ID"),
    SCT_TIME = FieldDef::of("tls.sct.sct_timestamp", "Timestamp", Kind::Time).computed(),
    SCT_SIGNATURE = FieldDef::bytes("tls.sct.sct_signature", "Signature"),
    X509_IPV4 = FieldDef::of("x509ce.IPAddress.ipv4", "iPAddress", Kind::Ipv4),
    X509_IPV6 = FieldDef::of("x509ce.IPAddress.ipv6", "iPAddress", Kind::Ipv6),
}

/// Who is told what an ECHConfigList holds.
pub(super) static ECH: Fields = Fields {
    list_length: ECH_LIST_LENGTH,
    config: ECH_CONFIG,
    version: ECH_VERSION,
    length: ECH_LENGTH,
    key_config: ECH_KEY_CONFIG,
    config_id: ECH_CONFIG_ID,
    kem: ECH_KEM,
    key_length: ECH_KEY_LENGTH,
    key: ECH_KEY,
    suites_length: ECH_SUITES_LENGTH,
    suites: ECH_SUITES,
    suite: ECH_SUITE,
    kdf: ECH_KDF,
    aead: ECH_AEAD,
    max_name: ECH_MAX_NAME,
    name_length: ECH_NAME_LENGTH,
    name: ECH_NAME,
    extensions_length: ECH_EXTENSIONS_LENGTH,
    extensions: ECH_EXTENSIONS,
};
