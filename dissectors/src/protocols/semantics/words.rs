//! Counts and texts as stories of HTTP have them.

use crate::wording::thousands;

/// The longest target that stands on a bead.
const MAX_LABEL: usize = 40;

/// So many of something, in one or in more.
pub(in crate::protocols) fn count(number: u64, one: &str, more: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{} {more}", thousands(number)) }
}

/// Text that fits on a bead.
pub(in crate::protocols) fn short(text: &str) -> String {
    if text.chars().count() <= MAX_LABEL {
        return text.to_owned();
    }
    text.chars().take(MAX_LABEL - 1).chain(['…']).collect()
}
