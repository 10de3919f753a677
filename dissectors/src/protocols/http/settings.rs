//! The settings with which a client asks for HTTP/2 (RFC 7540, section 3.2.1): what its first
//! SETTINGS frame would hold, in the digits of a URL.
//!
//! ```text
//!   HTTP2-Settings: AAMAAABkAAQAAP__        eight digits for the six bytes of a setting
//! ```

use data_encoding::BASE64URL_NOPAD;

use super::fields as f;
use crate::protocols::semantics::{SETTING_LEN, SettingFields, setting};
use crate::sink::{Severity, Sink};
use crate::span::Span;

/// Digits of one setting.
const DIGITS: usize = 8;

/// What settings are called here.
const OWN: SettingFields = SettingFields {
    setting: f::SETTING,
    id: f::SETTING_ID,
    values: [
        f::SETTING_HEADER_TABLE_SIZE,
        f::SETTING_ENABLE_PUSH,
        f::SETTING_MAX_CONCURRENT_STREAMS,
        f::SETTING_INITIAL_WINDOW_SIZE,
        f::SETTING_MAX_FRAME_SIZE,
        f::SETTING_MAX_HEADER_LIST_SIZE,
        f::SETTING_EXTENDED_CONNECT,
        f::SETTING_NO_OLD_PRIORITIES,
        f::SETTING_TLS_RENEGOTIATION,
    ],
    unknown: f::SETTING_UNKNOWN,
};

/// The bytes that a value stands for.
pub(super) fn decode(value: &[u8]) -> Option<Vec<u8>> {
    let bytes = BASE64URL_NOPAD.decode(value.trim_ascii()).ok()?;
    bytes.len().is_multiple_of(SETTING_LEN).then_some(bytes)
}

/// Describes a value that lies at a place.
pub(super) fn describe(value: &[u8], place: Span, sink: &mut dyn Sink) {
    let Some(bytes) = decode(value) else {
        let text =
            "HTTP2-Settings holds no settings in the digits of a URL (RFC 7540, section 3.2.1)";
        return sink.note(Severity::Broken, place, format_args!("{text}"));
    };
    for (at, bytes) in bytes.chunks_exact(SETTING_LEN).enumerate() {
        let Some((id, value)) = bytes.split_first_chunk() else { return };
        let Some(value) = value.first_chunk() else { return };
        // The third digit holds the end of the number and the beginning of the value.
        let whole = place.part(at * DIGITS, DIGITS);
        let places = [whole, whole.part(0, 3), whole.part(2, DIGITS)];
        setting((u16::from_be_bytes(*id), u32::from_be_bytes(*value)), places, &OWN, sink);
    }
}
