//! A head as it is compared with what became of it where it was handed on.

use super::describe::Shown;
use super::head::{Headers, StartLine};
use crate::known::Head;
use crate::limits::{MAX_COMPARED_HEAD, MAX_COMPARED_LINES};

/// The head of a message; `None` if it is too long.
pub(super) fn head(head: &[u8]) -> Option<Head> {
    if head.len() > MAX_COMPARED_HEAD {
        return None;
    }
    let text = |range: std::ops::Range<usize>| -> Option<Box<str>> {
        Some(Shown(head.get(range)?).to_string().into())
    };
    let start = match StartLine::read(head)? {
        StartLine::Request { method, target, version } => {
            vec![("method", text(method)?), ("target", text(target)?), ("version", text(version)?)]
        }
        StartLine::Response { version, code, phrase, .. } => {
            let status = format!("{} {}", text(code)?, text(phrase)?);
            vec![("version", text(version)?), ("status", status.trim_end().into())]
        }
    };
    let lines = Headers::new(head).map(|header| Some((text(header.name)?, text(header.value)?)));
    let lines: Vec<_> = lines.take(MAX_COMPARED_LINES + 1).collect::<Option<_>>()?;
    (lines.len() <= MAX_COMPARED_LINES).then_some(Head { start, lines })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_kept_in_its_parts() {
        let shown = |bytes: &str| {
            let Head { start, lines } = head(bytes.as_bytes()).expect("short enough");
            let start = start.iter().map(|(what, word)| format!("{what}={word}"));
            let lines = lines.iter().map(|(name, value)| format!("{name}={value}"));
            start.chain(lines).collect::<Vec<_>>().join(" ")
        };
        let asked = "GET /a HTTP/1.1\r\nHost: h\r\nX-A:\r\n\r\n";
        assert_eq!(shown(asked), "method=GET target=/a version=HTTP/1.1 Host=h X-A=");
        let said = "HTTP/1.1 404 Not Found\r\nServer: nginx\r\n\r\n";
        assert_eq!(shown(said), "version=HTTP/1.1 status=404 Not Found Server=nginx");
        assert_eq!(shown("HTTP/1.1 200\r\n\r\n"), "version=HTTP/1.1 status=200");
        let long = |lines: usize| format!("GET / HTTP/1.1\r\n{}\r\n", "A: b\r\n".repeat(lines));
        assert!(head(long(MAX_COMPARED_LINES).as_bytes()).is_some());
        assert_eq!(head(long(MAX_COMPARED_LINES + 1).as_bytes()), None);
        assert_eq!(head(long(MAX_COMPARED_HEAD).as_bytes()), None);
    }
}
