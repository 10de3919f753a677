//! Finds where elements end, without reading XML further (XML 1.0, section 3).

use crate::span::Span;

/// What stands at the start of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// The tag that opens or ends a stream, with an XML declaration before it.
    Tag(usize),
    /// A whole element.
    Element(usize),
    /// More is to come.
    Part,
    /// It is no element.
    Broken,
}

/// Namespaces that are shown; real stanzas name fewer.
const MAX_NAMESPACES: usize = 16;

/// Where a tag ends that begins here: behind its `>`, which may stand in quotation marks, too.
fn tag(bytes: &[u8]) -> Option<usize> {
    let mut quote = None;
    for (index, byte) in bytes.iter().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Some(index + 1),
            (None, b'\'' | b'"') => quote = Some(*byte),
            (Some(open), byte) if open == *byte => quote = None,
            _ => {}
        }
    }
    None
}

/// Reads the element, or the tag of a stream, at the start of these bytes.
pub(super) fn element(bytes: &[u8]) -> Found {
    let (mut at, mut depth) = (0usize, 0usize);
    loop {
        let rest = bytes.get(at..).unwrap_or(&[]);
        if depth == 0 && at > 0 {
            at += rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        } else {
            match memchr::memchr(b'<', rest) {
                Some(0) => {}
                Some(skip) if depth > 0 => at += skip,
                None if depth > 0 || rest.is_empty() => return Found::Part,
                _ => return Found::Broken,
            }
        }
        let rest = bytes.get(at..).unwrap_or(&[]);
        let Some(len) = tag(rest) else { return Found::Part };
        let found = rest.get(..len).unwrap_or(rest);
        at += len;
        if found.starts_with(b"<?") || found.starts_with(b"<!") {
            continue;
        }
        if !found.starts_with(b"<") {
            return Found::Broken;
        }
        let ends = found.starts_with(b"</");
        if depth == 0 && (ends || found.starts_with(b"<stream:stream")) {
            return Found::Tag(at);
        }
        if ends {
            depth -= 1;
        } else if !found.ends_with(b"/>") {
            depth += 1;
        }
        if depth == 0 {
            return Found::Element(at);
        }
    }
}

/// The name of the first tag that is no declaration.
pub(super) fn name(bytes: &[u8]) -> &[u8] {
    let mut rest = bytes;
    while let Some(start) = memchr::memchr(b'<', rest) {
        rest = rest.get(start + 1..).unwrap_or(&[]);
        if !matches!(rest.first(), Some(b'?' | b'!')) {
            let begin = usize::from(rest.first() == Some(&b'/'));
            rest = rest.get(begin..).unwrap_or(&[]);
            let end = rest.iter().position(|byte| b" \t\r\n/>".contains(byte));
            return rest.get(..end.unwrap_or(rest.len())).unwrap_or(rest);
        }
    }
    &[]
}

/// The place of a part of bytes that lie at `span`.
pub(super) fn place(bytes: &[u8], part: &[u8], span: Span) -> Span {
    let start = (part.as_ptr() as usize).saturating_sub(bytes.as_ptr() as usize);
    if part.is_empty() { span.part(0, 0) } else { span.part(start, part.len()) }
}

/// The namespaces that an element names, with their places.
pub(super) fn namespaces(bytes: &[u8], span: Span) -> impl Iterator<Item = (&[u8], Span)> {
    let found = memchr::memmem::find_iter(bytes, b"xmlns").take(MAX_NAMESPACES);
    found.filter_map(move |start| {
        let rest = bytes.get(start..)?;
        let equals = memchr::memchr(b'=', rest)?;
        let quote = *rest.get(equals + 1).filter(|byte| matches!(byte, b'\'' | b'"'))?;
        let value = rest.get(equals + 2..)?;
        let value = value.get(..memchr::memchr(quote, value)?)?;
        Some((value, span.part(start + equals + 2, value.len())))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_end_where_their_depth_does() {
        for (text, expected) in [
            ("<a/><b/>", Found::Element(4)),
            ("<a x='>'>t<b/></a>rest", Found::Element(18)),
            ("<?xml version='1.0'?><stream:stream a='b'>", Found::Tag(42)),
            ("</stream:stream>", Found::Tag(16)),
            ("<a><b></b>", Found::Part),
            ("<a", Found::Part),
            ("text", Found::Broken),
            ("<?xml version='1.0'?>text", Found::Part),
            ("<?xml version='1.0'?>text>", Found::Broken),
        ] {
            assert_eq!(element(text.as_bytes()), expected, "{text}");
        }
        assert_eq!(name(b"<?xml?><iq a='b'/>"), b"iq");
    }
}
