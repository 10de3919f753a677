//! Bytes of a URL that are written as digits (RFC 3986, section 2.1).

/// A value with the bytes that stand for themselves (RFC 3986, section 2.1).
pub(in crate::protocols) fn unescaped(value: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(value.len());
    let mut rest = value;
    while let Some((first, behind)) = rest.split_first() {
        let byte = match behind {
            [high, low, ..] if *first == b'%' => digit(*high).zip(digit(*low)),
            _ => None,
        };
        out.push(byte.map_or(*first, |(high, low)| high << 4 | low));
        rest = byte.and_then(|_| behind.get(2..)).unwrap_or(behind);
    }
    out
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}
