//! What a search looks for (RFC 4511, section 4.5.1.7), written as people do (RFC 4515).
//!
//! ```text
//!   a0 len  a3 len  04 len "cn"  04 len "ann" …      (&(cn=ann)…)
//! ```

use std::fmt::Write;

use crate::bytes::Reader;
use crate::protocols::ber::Element;

/// Filters of LDAP that hang in each other; what programs write has two or three, and Windows'
/// clients up to six.
const MAX_DEPTH: usize = 24;

/// Bytes of a filter that are written as text; what follows is left out.
const MAX_TEXT: usize = 1 << 12;

/// The filter that stands here, as text; `None` if it is none, or hangs too deep in itself.
pub(super) fn text(reader: &mut Reader<'_>) -> Option<String> {
    let mut out = String::new();
    one(reader, 0, &mut out)?;
    Some(out)
}

fn one(reader: &mut Reader<'_>, depth: usize, out: &mut String) -> Option<()> {
    let Element { tag, mut content, .. } = Element::next(reader, "A filter").ok()?;
    if depth >= MAX_DEPTH {
        return None;
    }
    if out.len() >= MAX_TEXT {
        out.push('…');
        return Some(());
    }
    out.push('(');
    match tag {
        0xa0..=0xa2 => {
            out.push(match tag {
                0xa0 => '&',
                0xa1 => '|',
                _ => '!',
            });
            while !content.is_empty() {
                one(&mut content, depth + 1, out)?;
            }
        }
        0xa3 => compared("=", &mut content, out)?,
        0xa4 => substrings(&mut content, out)?,
        0xa5 => compared(">=", &mut content, out)?,
        0xa6 => compared("<=", &mut content, out)?,
        0x87 => {
            value(content.rest(), out);
            out.push_str("=*");
        }
        0xa8 => compared("~=", &mut content, out)?,
        0xa9 => extended(content, out)?,
        _ => return None,
    }
    out.push(')');
    Some(())
}

/// An attribute and a value.
fn compared(sign: &str, content: &mut Reader<'_>, out: &mut String) -> Option<()> {
    value(octets(content)?, out);
    out.push_str(sign);
    value(octets(content)?, out);
    Some(())
}

fn octets<'a>(reader: &mut Reader<'a>) -> Option<&'a [u8]> {
    Element::expect(reader, 0x04, "A text").ok()?.whole().ok()
}

/// An attribute, and how its value begins, what is in it, and how it ends.
fn substrings(content: &mut Reader<'_>, out: &mut String) -> Option<()> {
    value(octets(content)?, out);
    out.push('=');
    let mut parts = Element::expect(content, 0x30, "Parts of a text").ok()?.content;
    let mut has_end = false;
    while !parts.is_empty() {
        let part = Element::next(&mut parts, "A part of a text").ok()?;
        if part.tag != 0x80 {
            out.push('*');
        }
        value(part.whole().ok()?, out);
        has_end = part.tag == 0x82;
    }
    if !has_end {
        out.push('*');
    }
    Some(())
}

/// A rule, an attribute, or both, and a value.
fn extended(mut content: Reader<'_>, out: &mut String) -> Option<()> {
    let (mut rule, mut name, mut asserted, mut with_names) = (&[][..], &[][..], &[][..], false);
    while !content.is_empty() {
        let part = Element::next(&mut content, "A part of a rule").ok()?;
        let bytes = part.whole().ok()?;
        match part.tag {
            0x81 => rule = bytes,
            0x82 => name = bytes,
            0x83 => asserted = bytes,
            0x84 => with_names = bytes.first().is_some_and(|byte| *byte != 0),
            _ => return None,
        }
    }
    value(name, out);
    if with_names {
        out.push_str(":dn");
    }
    if !rule.is_empty() {
        out.push(':');
        value(rule, out);
    }
    out.push_str(":=");
    value(asserted, out);
    Some(())
}

/// A value, with what is no text or would be read otherwise escaped (RFC 4515, section 3).
fn value(bytes: &[u8], out: &mut String) {
    let escape = |byte: u8, out: &mut String| {
        let _ = write!(out, "\\{byte:02x}");
    };
    for chunk in bytes.utf8_chunks() {
        for letter in chunk.valid().chars() {
            match letter {
                '*' | '(' | ')' | '\\' => escape(letter as u8, out),
                _ if letter.is_ascii_control() => escape(letter as u8, out),
                _ => out.push(letter),
            }
        }
        chunk.invalid().iter().for_each(|byte| escape(*byte, out));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::Span;

    fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
        let content = parts.concat();
        [&[tag, content.len() as u8][..], &content].concat()
    }

    fn check(bytes: &[u8], expected: Option<&str>) {
        let span = Span { len: bytes.len() as u32, ..Span::NONE };
        assert_eq!(text(&mut Reader::new(bytes, span)).as_deref(), expected);
    }

    #[test]
    fn filters_are_written_as_people_do() {
        let is =
            |name: &str, what: &[u8]| der(0xa3, &[&der(4, &[name.as_bytes()]), &der(4, &[what])]);
        check(&is("cn", b"ann"), Some("(cn=ann)"));
        check(&is("cn", b"a*(\xff"), Some("(cn=a\\2a\\28\\ff)"));
        check(&der(0x87, &[b"objectClass"]), Some("(objectClass=*)"));
        let both = der(0xa0, &[&is("a", b"1"), &der(0xa2, &[&is("b", b"2")])]);
        check(&both, Some("(&(a=1)(!(b=2)))"));
        let parts = der(0x30, &[&der(0x80, &[b"x"]), &der(0x81, &[b"y"]), &der(0x82, &[b"z"])]);
        check(&der(0xa4, &[&der(4, &[b"cn"]), &parts]), Some("(cn=x*y*z)"));
        let open = der(0x30, &[&der(0x81, &[b"y"])]);
        check(&der(0xa4, &[&der(4, &[b"cn"]), &open]), Some("(cn=*y*)"));
        let rule = der(0xa9, &[&der(0x81, &[b"1.2"]), &der(0x82, &[b"u"]), &der(0x83, &[b"2"])]);
        check(&rule, Some("(u:1.2:=2)"));
        check(&der(0xa5, &[&der(4, &[b"n"]), &der(4, &[b"5"])]), Some("(n>=5)"));
        check(&der(0xa6, &[&der(4, &[b"n"]), &der(4, &[b"5"])]), Some("(n<=5)"));
        check(&der(0xa8, &[&der(4, &[b"n"]), &der(4, &[b"5"])]), Some("(n~=5)"));
        check(&der(0xa1, &[]), Some("(|)"));
    }

    #[test]
    fn what_is_none_or_hangs_too_deep_is_not_written() {
        check(&[0xaf, 0], None);
        check(&[0xa3, 2, 4, 9], None);
        check(&[], None);
        let deep = (0..40).fold(vec![0x87, 1, b'a'], |inside, _| der(0xa2, &[&inside]));
        check(&deep, None);
    }
}
