//! Numbers of HTTP/2 in words.

use crate::protocols::http2::facts::{Facts, Whole};
use crate::protocols::http2::fields as f;
use crate::protocols::multiplexed::timeout;
use crate::protocols::semantics::count;
use crate::wording::span;
use crate::wording::thousands;

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

/// That the deadline of a call is over which is broken off.
pub(super) fn overdue(facts: &Facts) -> String {
    let longest = facts.asked.as_ref().and_then(|asked| timeout(&asked.timeout));
    match (facts.overdue, longest) {
        (Some(waited), Some(longest)) => format!(
            " Its deadline is over: it was to wait for {longest}, and has waited for {}. Whoever called \
             gets DEADLINE_EXCEEDED (4).",
            span(waited)
        ),
        _ => String::new(),
    }
}

/// What all frames of a header block hold.
pub(super) fn block(block: Whole) -> String {
    let Whole { frames, packed, fields: (fields, bytes) } = block;
    format!(
        "All {frames} frames of the block: {} with {} in {}; it is unpacked as one (section 4.3).",
        count(fields, "header field", "header fields"),
        count(bytes, "byte", "bytes"),
        thousands(packed),
    )
}

/// `SETTINGS_ENABLE_PUSH` and `SETTINGS_INITIAL_WINDOW_SIZE` (RFC 9113, section 6.5.2).
const ENABLE_PUSH: u16 = 2;
const INITIAL_WINDOW_SIZE: u16 = 4;

/// The settings of a frame, by number.
fn all_settings(payload: &[u8]) -> impl Iterator<Item = (u16, u32)> {
    payload.chunks_exact(6).filter_map(|setting| {
        let (id, value) = setting.split_first_chunk()?;
        Some((u16::from_be_bytes(*id), u32::from_be_bytes(*value.first_chunk()?)))
    })
}

/// Settings, each with its value.
pub(super) fn settings(payload: &[u8]) -> String {
    let all = all_settings(payload).map(|(id, value)| {
        match f::SETTING_ID.def().name_of(id.into()) {
            // The field has the name that others gave it.
            Some("Initial Windows size") => {
                format!("Initial window size {}", thousands(value.into()))
            }
            Some(name) => format!("{name} {}", thousands(value.into())),
            None => format!("Setting {id} {value}"),
        }
    });
    let all: Vec<String> = all.collect();
    let mut said = if all.is_empty() { String::new() } else { format!("{}.", all.join(", ")) };
    for (id, value) in all_settings(payload) {
        match (id, value) {
            (ENABLE_PUSH, 0) => said += " So nothing may be promised that was not asked for.",
            (INITIAL_WINDOW_SIZE, value) => {
                said += &format!(
                    " So the other side may send {} on each stream before it has to wait.",
                    count(value.into(), "byte", "bytes")
                );
            }
            _ => {}
        }
    }
    said
}
