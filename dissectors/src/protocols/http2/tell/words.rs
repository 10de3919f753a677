//! Numbers of HTTP/2 in words.

use crate::protocols::http2::fields as f;

/// The error code that stands at an offset (RFC 9113, section 7).
pub(super) fn code_at(payload: &[u8], at: usize) -> String {
    let code = payload.get(at..).and_then(<[u8]>::first_chunk);
    match code.map(|all| u32::from_be_bytes(*all)) {
        Some(code) => match f::RST_ERROR.def().name_of(code.into()) {
            Some(name) => name.to_owned(),
            None => format!("Error {code}"),
        },
        None => "No error code".to_owned(),
    }
}

/// Settings, each with its value.
pub(super) fn settings(payload: &[u8]) -> String {
    let all = payload.chunks_exact(6).filter_map(|setting| {
        let (id, value) = setting.split_first_chunk()?;
        let (id, value) = (u16::from_be_bytes(*id), u32::from_be_bytes(*value.first_chunk()?));
        Some(match f::SETTING_ID.def().name_of(id.into()) {
            // The field has the name that others gave it.
            Some("Initial Windows size") => format!("Initial window size {value}"),
            Some(name) => format!("{name} {value}"),
            None => format!("Setting {id} {value}"),
        })
    });
    let all: Vec<String> = all.collect();
    if all.is_empty() { String::new() } else { format!("{}.", all.join(", ")) }
}
