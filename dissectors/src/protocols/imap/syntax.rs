//! The grammar of IMAP as far as it is needed: tags, commands, literals (RFC 9051, section 9).

use std::ops::Range;

use super::super::lines::text::{number, word};

/// Commands of RFC 9051, section 6, and of the extensions that are seen most.
const COMMANDS: &[&str] = &[
    "CAPABILITY",
    "NOOP",
    "LOGOUT",
    "STARTTLS",
    "AUTHENTICATE",
    "LOGIN",
    "ENABLE",
    "SELECT",
    "EXAMINE",
    "CREATE",
    "DELETE",
    "RENAME",
    "SUBSCRIBE",
    "UNSUBSCRIBE",
    "LIST",
    "LSUB",
    "NAMESPACE",
    "STATUS",
    "APPEND",
    "IDLE",
    "CLOSE",
    "UNSELECT",
    "EXPUNGE",
    "SEARCH",
    "FETCH",
    "STORE",
    "COPY",
    "MOVE",
    "UID",
    "ID",
    "CHECK",
    "SORT",
    "THREAD",
    "GETQUOTA",
    "GETQUOTAROOT",
    "COMPRESS",
    "XLIST",
];

/// Whether this is a command.
pub(super) fn is_command(word: &[u8]) -> bool {
    COMMANDS.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(word))
}

/// The tag of a line and the word behind it; `None` if the line begins with no tag.
pub(super) fn tagged(line: &[u8]) -> Option<(Range<usize>, Range<usize>)> {
    let tag = word(line, 0);
    let name = line.get(tag.clone())?;
    let fits = |byte: &u8| byte.is_ascii_graphic() && !b"(){%*\"\\+".contains(byte);
    if tag.start != 0 || name.is_empty() || !name.iter().all(fits) {
        return None;
    }
    let next = word(line, tag.end);
    (!next.is_empty()).then_some((tag, next))
}

/// Whether the word behind a tag ends a command: what only a server says.
pub(super) fn is_status(word: &[u8]) -> bool {
    ["OK", "NO", "BAD"].iter().any(|status| status.as_bytes().eq_ignore_ascii_case(word))
}

/// How long the literal is that follows this line: `{n}` at its end, `{n+}` where the client does
/// not wait to be asked for it (RFC 7888), `~{n}` where it may hold anything.
pub(super) fn literal(line: &[u8]) -> Option<u64> {
    let inside = line.strip_suffix(b"}")?;
    let start = inside.iter().rposition(|byte| *byte == b'{')?;
    let digits = inside.get(start + 1..)?;
    let digits = digits.strip_suffix(b"+").or(digits.strip_suffix(b"-")).unwrap_or(digits);
    if digits.is_empty() { None } else { number(digits) }
}

/// The argument at or after this place: a quoted string with its quotes, or an atom.
pub(super) fn argument(line: &[u8], from: usize) -> Range<usize> {
    let found = word(line, from);
    let Some(b'"') = line.get(found.start) else { return found };
    let mut escaped = false;
    let inside = line.get(found.start + 1..).unwrap_or(&[]);
    let end = inside.iter().position(|byte| {
        let quote = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        quote
    });
    found.start..end.map_or(line.len(), |end| found.start + 1 + end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_words_literals_and_strings() {
        assert_eq!(tagged(b"a1 NOOP"), Some((0..2, 3..7)));
        assert_eq!(tagged(b"* OK"), None);
        assert_eq!(tagged(b"+ go"), None);
        assert_eq!(tagged(b"DONE"), None);
        assert_eq!(literal(b"a1 LOGIN {3}"), Some(3));
        assert_eq!(literal(b"a1 APPEND x {10+}"), Some(10));
        assert_eq!(literal(b"* 1 FETCH (BODY[] ~{0}"), Some(0));
        assert_eq!(literal(b"a1 x {}"), None);
        assert_eq!(literal(b"a1 x {99999999999999999999}"), None);
        assert_eq!(argument(b"LOGIN \"a \\\" b\" c", 5), 6..14);
        assert_eq!(argument(b"LOGIN joe c", 5), 6..9);
        assert_eq!(argument(b"LOGIN \"joe", 5), 6..10);
    }
}
