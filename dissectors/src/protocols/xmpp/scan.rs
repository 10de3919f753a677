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

/// How far an element was looked through: bytes that come later are looked at alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Scan {
    /// Everything before was looked at.
    at: usize,
    /// Elements that are open there.
    depth: usize,
    /// Where the tag begins that is open there, and the quotation mark that is.
    tag: Option<(usize, Option<u8>)>,
}

impl Scan {
    /// Reads on in the element, or the tag of a stream, at the start of these bytes, of which more
    /// are there than the last time.
    pub(super) fn element(&mut self, bytes: &[u8]) -> Found {
        loop {
            let Some((start, quote)) = self.tag else {
                match self.next_tag(bytes) {
                    None => continue,
                    Some(found) => return found,
                }
            };
            let rest = bytes.get(self.at..).unwrap_or(&[]);
            match tag_end(rest, quote) {
                Ok(len) => self.at += len,
                Err(quote) => {
                    (self.at, self.tag) = (bytes.len(), Some((start, quote)));
                    return Found::Part;
                }
            }
            self.tag = None;
            if let Some(found) = self.close(bytes.get(start..self.at).unwrap_or(&[])) {
                return found;
            }
        }
    }

    /// Goes to where the next tag begins; says what was found where there is none.
    fn next_tag(&mut self, bytes: &[u8]) -> Option<Found> {
        let rest = bytes.get(self.at..).unwrap_or(&[]);
        if self.depth == 0 && self.at > 0 {
            self.at += rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            if self.at >= bytes.len() {
                return Some(Found::Part);
            }
        } else {
            match memchr::memchr(b'<', rest) {
                Some(0) => {}
                Some(skip) if self.depth > 0 => self.at += skip,
                None if self.depth > 0 || rest.is_empty() => {
                    self.at = bytes.len();
                    return Some(Found::Part);
                }
                _ => return Some(Found::Broken),
            }
        }
        self.tag = Some((self.at, None));
        None
    }

    /// A whole tag was read: what it ends, where it ends anything.
    fn close(&mut self, tag: &[u8]) -> Option<Found> {
        if tag.starts_with(b"<?") || tag.starts_with(b"<!") {
            return None;
        }
        if !tag.starts_with(b"<") {
            return Some(Found::Broken);
        }
        let ends = tag.starts_with(b"</");
        if self.depth == 0 && (ends || tag.starts_with(b"<stream:stream")) {
            return Some(Found::Tag(self.at));
        }
        if ends {
            self.depth -= 1;
        } else if !tag.ends_with(b"/>") {
            self.depth += 1;
        }
        (self.depth == 0).then_some(Found::Element(self.at))
    }
}

/// Where a tag ends: behind its `>`, which may stand in quotation marks, too. Where it goes on, the
/// mark that is open at its end.
fn tag_end(bytes: &[u8], mut quote: Option<u8>) -> Result<usize, Option<u8>> {
    for (index, byte) in bytes.iter().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Ok(index + 1),
            (None, b'\'' | b'"') => quote = Some(*byte),
            (Some(open), byte) if open == *byte => quote = None,
            _ => {}
        }
    }
    Err(quote)
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
            assert_eq!(Scan::default().element(text.as_bytes()), expected, "{text}");
            let mut scan = Scan::default();
            let parts = (1..=text.len()).map(|len| scan.element(&text.as_bytes()[..len]));
            let found = parts.into_iter().find(|found| *found != Found::Part);
            assert_eq!(found.unwrap_or(Found::Part), expected, "{text}, byte by byte");
        }
        assert_eq!(name(b"<?xml?><iq a='b'/>"), b"iq");
    }

    #[test]
    fn what_was_looked_at_is_not_looked_at_again() {
        for text in ["<a>", "<a b='>", "text ", "<?b?>"].map(|part| part.repeat(100)) {
            let text = format!("<a>{text}");
            let mut scan = Scan::default();
            for len in 1..=text.len() {
                assert_eq!(scan.element(&text.as_bytes()[..len]), Found::Part);
                assert_eq!(scan.at, len, "{text}");
            }
        }
    }
}
