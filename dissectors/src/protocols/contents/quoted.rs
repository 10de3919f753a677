//! Strings of JSON (RFC 8259, section 7): what they say, their escapes undone.

use crate::bytes::Lossy;

/// What a string in its quotes says. An escape that means nothing stays as it is written.
pub(super) fn unquoted(quoted: &[u8]) -> String {
    let bare = quoted.strip_prefix(b"\"").and_then(|it| it.strip_suffix(b"\""));
    let text = Lossy(bare.unwrap_or(quoted)).to_string();
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((plain, behind)) = rest.split_once('\\') {
        out.push_str(plain);
        match escape(behind) {
            Some((letter, len)) => {
                out.push(letter);
                rest = behind.get(len..).unwrap_or_default();
            }
            None => {
                out.push('\\');
                rest = behind;
            }
        }
    }
    out.push_str(rest);
    out
}

/// The letter that an escape stands for, and how many bytes it has behind its backslash.
fn escape(behind: &str) -> Option<(char, usize)> {
    let letter = match behind.bytes().next()? {
        b'n' => '\n',
        b't' => '\t',
        b'r' => '\r',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        byte @ (b'"' | b'\\' | b'/') => char::from(byte),
        b'u' => {
            let high = unit(behind)?;
            // Letters beyond 16 bits are written as two halves.
            let low = behind.get(5..).and_then(|it| it.strip_prefix('\\')).and_then(unit);
            let pair = low.and_then(|low| char::decode_utf16([high, low]).next()?.ok());
            let is_pair = matches!(high, 0xd800..=0xdbff);
            return match pair.filter(|_| is_pair) {
                Some(letter) => Some((letter, 11)),
                None => Some((char::from_u32(high.into()).unwrap_or('\u{fffd}'), 5)),
            };
        }
        _ => return None,
    };
    Some((letter, 1))
}

/// The number of a `u` and four digits.
fn unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix('u')?.get(..4)?;
    let all_digits = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    u16::from_str_radix(digits, 16).ok().filter(|_| all_digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_undone_and_what_is_none_stays() {
        let check = |quoted: &str, text: &str| assert_eq!(unquoted(quoted.as_bytes()), text);
        check(r#""plain é""#, "plain é");
        check(r#""a\"b\\c\/d\n\t\r\b\f""#, "a\"b\\c/d\n\t\r\u{8}\u{c}");
        check(r#""\u00e9\ud83d\ude00!""#, "é😀!");
        check(r#""\ud83d!""#, "\u{fffd}!");
        check(r#""\ud83d\u0041""#, "\u{fffd}A");
        check(r#""\x\u12""#, r"\x\u12");
        check(r#""\u+123""#, r"\u+123");
        check(r#""open"#, r#""open"#);
    }
}
