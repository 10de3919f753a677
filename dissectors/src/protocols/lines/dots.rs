//! Content that a line of a single dot ends (RFC 5321, section 4.1.1.4; RFC 1939, section 3).

/// Where one is in such content: after how much of `CRLF . CRLF`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dots {
    /// At the start of a line.
    #[default]
    Start,
    /// After a dot at the start of a line.
    Dot,
    /// After that and a CR.
    DotCr,
    /// Inside a line.
    Inside,
    /// After a CR inside a line.
    Cr,
}

impl Dots {
    /// Reads on: how many of these bytes belong to the content, its end included, and whether the
    /// end was among them. A line feed alone ends no line.
    pub fn read(&mut self, bytes: &[u8]) -> (usize, bool) {
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            at += 1;
            *self = match (*self, byte) {
                (Self::Start, b'.') => Self::Dot,
                (Self::Dot, b'\r') => Self::DotCr,
                (Self::DotCr, b'\n') => return (at, true),
                (Self::Cr, b'\n') => Self::Start,
                (_, b'\r') => Self::Cr,
                _ => {
                    // Nothing but a CR matters inside a line.
                    let rest = bytes.get(at..).unwrap_or(&[]);
                    at += memchr::memchr(b'\r', rest).unwrap_or(rest.len());
                    Self::Inside
                }
            };
        }
        (bytes.len(), false)
    }
}

/// The content without the line that ends it.
#[must_use]
pub fn without_end(content: &[u8]) -> &[u8] {
    match content.strip_suffix(b".\r\n") {
        Some(rest) if rest.is_empty() || rest.ends_with(b"\r\n") => rest,
        _ => content,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where content ends, wherever it is cut.
    fn check(bytes: &[u8], expected: Option<usize>) {
        for cut in 0..=bytes.len() {
            let (head, tail) = bytes.split_at(cut);
            let mut dots = Dots::default();
            let (taken, over) = dots.read(head);
            let end = if over {
                Some(taken)
            } else {
                let (more, over) = dots.read(tail);
                over.then_some(cut + more)
            };
            assert_eq!(end, expected, "{:?} cut at {cut}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn only_a_dot_alone_on_its_line_ends_content() {
        check(b".\r\nQUIT\r\n", Some(3));
        check(b"a\r\n.\r\nQUIT", Some(6));
        check(b"a\r\n..\r\n.\r\n", Some(10));
        check(b"a.\r\n\r\r\n.\r\n", Some(10));
        check(b"a\n.\n", None);
        check(b"a\n.\r\nb\r\n.\r\n", Some(11));
        check(b"a\r\n.b\r\n", None);
        check(b"\r\n.\r", None);
    }
}
