//! Cuts an event stream into blocks and blocks into lines (HTML, section 9.2.5).
//!
//! ```text
//!   name  :  ␣  value  end       an end is CR LF, LF, or CR
//!   │        └ one space, which is not part of the value
//!   └ nothing before the colon: a comment
//! ```

use std::ops::Range;

/// What a line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name {
    /// The type of the event.
    Event,
    /// A line of what it is about.
    Data,
    /// By what a client that comes again names it.
    Id,
    /// How long a client waits before it comes again.
    Retry,
    /// Nothing that a client is told.
    Comment,
    /// A name that the standard does not know.
    Unknown,
}

/// One line, as places in its block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    name: Range<usize>,
    /// What it says, less the space behind the colon.
    pub(super) value: Range<usize>,
    /// All of it, less its end.
    pub(super) all: Range<usize>,
}

impl Line {
    fn new(bytes: &[u8], all: Range<usize>) -> Self {
        let text = bytes.get(all.clone()).unwrap_or_default();
        let Some(colon) = text.iter().position(|byte| *byte == b':') else {
            return Self { name: all.clone(), value: all.end..all.end, all };
        };
        let space = usize::from(text.get(colon + 1) == Some(&b' '));
        let value = (all.start + colon + 1 + space).min(all.end)..all.end;
        Self { name: all.start..all.start + colon, value, all }
    }

    /// What it says something of.
    pub(super) fn name(&self, bytes: &[u8]) -> Name {
        match bytes.get(self.name.clone()).unwrap_or_default() {
            b"event" => Name::Event,
            b"data" => Name::Data,
            b"id" => Name::Id,
            b"retry" => Name::Retry,
            b"" => Name::Comment,
            _ => Name::Unknown,
        }
    }
}

/// The lines of a block, less empty ones.
pub(super) fn lines(bytes: &[u8]) -> impl Iterator<Item = Line> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < bytes.len() {
            let (end, next) = line_end(bytes, at).unwrap_or((bytes.len(), bytes.len()));
            let all = at..end;
            at = next;
            if !all.is_empty() {
                return Some(Line::new(bytes, all));
            }
        }
        None
    })
}

/// Where the line that begins at `from` ends, and where the next one begins.
fn line_end(bytes: &[u8], from: usize) -> Option<(usize, usize)> {
    let rest = bytes.get(from..)?;
    let end = from + rest.iter().position(|byte| matches!(byte, b'\r' | b'\n'))?;
    let is_pair = bytes.get(end..end + 2) == Some(b"\r\n");
    Some((end, end + 1 + usize::from(is_pair)))
}

/// How long a block is, with the empty line that ends it; else from where to go on looking once
/// there is more. `from` is where a line begins.
pub(super) fn block_end(bytes: &[u8], from: usize) -> Result<usize, usize> {
    let mut at = from;
    while let Some((end, next)) = line_end(bytes, at) {
        if end == at {
            return Ok(next);
        }
        if next == bytes.len() && bytes.last() == Some(&b'\r') {
            // The line feed that belongs to it may come next.
            break;
        }
        at = next;
    }
    Err(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_ends_with_an_empty_line() {
        for (bytes, expected) in [
            (&b"data: a\n\n"[..], Ok(9)),
            (b"data: a\r\n\r\nx", Ok(11)),
            (b"data: a\r\rx", Ok(9)),
            // Where the line feed behind a last CR is not there yet, it begins the next block.
            (b"data: a\n\r", Ok(9)),
            (b"data: a\n", Err(8)),
            (b"id: 1\ndata", Err(6)),
            (b"data: a\r", Err(0)),
            (b"", Err(0)),
        ] {
            assert_eq!(block_end(bytes, 0), expected, "{}", bytes.escape_ascii());
        }
    }

    #[test]
    fn a_line_is_a_name_and_a_value() {
        let bytes = b"data:a\ndata:  b\r\n: c\rretry\nid:\n\nxyz: 1";
        let said: Vec<_> = lines(bytes)
            .map(|line| (line.name(bytes), bytes[line.value].escape_ascii().to_string()))
            .collect();
        let expected = [
            (Name::Data, "a"),
            (Name::Data, " b"),
            (Name::Comment, "c"),
            (Name::Retry, ""),
            (Name::Id, ""),
            (Name::Unknown, "1"),
        ];
        assert_eq!(said, expected.map(|(name, value)| (name, value.to_owned())));
    }
}
