//! Values of fields that are lists or numbers (RFC 9110, section 5.6).

/// A decimal number of digits only.
pub(in crate::protocols) fn number(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    digits
        .iter()
        .try_fold(0u64, |sum, digit| sum.checked_mul(10)?.checked_add(u64::from(digit - b'0')))
}

/// The elements of a list (RFC 9110, section 5.6.1). Blanks around them are spaces and tabs, and
/// line ends in folded values, and nothing else.
pub(in crate::protocols) fn list(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    value.split(|byte| *byte == b',').map(trim).filter(|item| !item.is_empty())
}

fn trim(mut item: &[u8]) -> &[u8] {
    while let [b' ' | b'\t' | b'\r' | b'\n', rest @ ..]
    | [rest @ .., b' ' | b'\t' | b'\r' | b'\n'] = item
    {
        item = rest;
    }
    item
}
