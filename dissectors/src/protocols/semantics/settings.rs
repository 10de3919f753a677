//! Settings of HTTP/2 (RFC 9113, section 6.5), which a request of HTTP/1.1 can carry, too (RFC
//! 7540, section 3.2.1).
//!
//! ```text
//!   id 16 │ value 32       as many as there are
//! ```

use crate::field::{FieldId, Names, Value};
use crate::sink::Sink;
use crate::span::Span;

/// What settings are called: RFC 9113, section 6.5.2; RFC 8441, section 3; RFC 9218, section 2.1;
/// the last is registered by Microsoft.
pub(in crate::protocols) const SETTINGS: Names = &[
    (1, "Header table size"),
    (2, "Enable PUSH"),
    (3, "Max concurrent streams"),
    (4, "Initial Windows size"),
    (5, "Max frame size"),
    (6, "Max header list size"),
    (8, "Extended CONNECT"),
    (9, "No RFC7540 Priorities"),
    (16, "TLS Renegotiation Permitted"),
];

/// Bytes of one setting.
pub(in crate::protocols) const SETTING_LEN: usize = 6;

/// The fields that a setting has.
pub(in crate::protocols) struct SettingFields {
    pub(in crate::protocols) setting: FieldId,
    pub(in crate::protocols) id: FieldId,
    /// Those of values, in the order of [`SETTINGS`].
    pub(in crate::protocols) values: [FieldId; SETTINGS.len()],
    pub(in crate::protocols) unknown: FieldId,
}

/// Describes a setting that lies at a place, its number and its value at others.
pub(in crate::protocols) fn setting(
    (id, value): (u16, u32),
    [whole, id_place, value_place]: [Span; 3],
    fields: &SettingFields,
    sink: &mut dyn Sink,
) {
    let known = SETTINGS.iter().position(|(known, _)| *known == u64::from(id));
    let field = known.and_then(|at| fields.values.get(at)).copied().unwrap_or(fields.unknown);
    sink.open(fields.setting, Value::None, whole);
    sink.field(fields.id, Value::Unsigned(id.into()), id_place);
    sink.field(field, Value::Unsigned(value.into()), value_place);
    sink.close();
}
