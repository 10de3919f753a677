//! A head as it is compared with what became of it where it was handed on.

use super::describe::Shown;
use super::head::{Headers, StartLine};
use crate::known::Head;
use crate::limits::{MAX_COMPARED_HEAD, MAX_COMPARED_LINES};

/// The head of a message; nothing where it is too long.
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
