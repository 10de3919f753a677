//! Addresses of data connections, as commands and replies write them.

use super::super::lines::text::number;

/// Six numbers with commas between them: an IPv4 address and a port (RFC 959, section 4.1.2).
pub(super) fn six(text: &[u8]) -> Option<([u8; 4], u16)> {
    let start = text.iter().position(u8::is_ascii_digit)?;
    let all = text.get(start..)?;
    let end = all.iter().position(|byte| !byte.is_ascii_digit() && *byte != b',');
    let mut numbers = all.get(..end.unwrap_or(all.len()))?.split(|byte| *byte == b',');
    let mut next = || number(numbers.next()?).and_then(|number| u8::try_from(number).ok());
    let address = [next()?, next()?, next()?, next()?];
    Some((address, u16::from_be_bytes([next()?, next()?])))
}

/// `|1|address|port|` (RFC 2428, section 2): family and port.
pub(super) fn extended(text: &[u8]) -> Option<(u8, u16)> {
    let mut parts = parts(text)?;
    let family = u8::try_from(number(parts.next().filter(|part| !part.is_empty())?)?).ok()?;
    Some((family, port(parts.nth(1)?)?))
}

/// `(|||port|)` (RFC 2428, section 3).
pub(super) fn passive(text: &[u8]) -> Option<u16> {
    let start = text.iter().position(|byte| *byte == b'(')?;
    port(parts(text.get(start + 1..)?)?.nth(2)?)
}

fn parts(text: &[u8]) -> Option<impl Iterator<Item = &[u8]>> {
    let (separator, rest) = text.split_first()?;
    Some(rest.split(move |byte| byte == separator))
}

fn port(digits: &[u8]) -> Option<u16> {
    if digits.is_empty() { None } else { u16::try_from(number(digits)?).ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_where_they_are_written_well() {
        assert_eq!(six(b"127,0,0,1,156,67"), Some(([127, 0, 0, 1], 40003)));
        assert_eq!(six(b"Entering Passive Mode (10,0,0,2,0,21)."), Some(([10, 0, 0, 2], 21)));
        assert_eq!(six(b"1,2,3,4,5"), None);
        assert_eq!(six(b"256,0,0,1,1,1"), None);
        assert_eq!(extended(b"|2|::1|5282|"), Some((2, 5282)));
        assert_eq!(extended(b"|2|::1|"), None);
        assert_eq!(passive(b"Entering Extended Passive Mode (|||6446|)"), Some(6446));
        assert_eq!(passive(b"(||||)"), None);
    }
}
