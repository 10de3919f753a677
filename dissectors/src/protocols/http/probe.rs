//! Whether bytes begin an HTTP/1.x message, seen from their first line alone.

use super::head::{MAX_START_LINE, StartLine, line_end};
use crate::protocol::Likelihood;

/// Methods that decide before their line is complete: RFC 9110, section 9.3, RFC 5789, and the
/// ones of WebDAV that are seen most.
const METHODS: &[&str] = &[
    "GET ",
    "HEAD ",
    "POST ",
    "PUT ",
    "DELETE ",
    "CONNECT ",
    "OPTIONS ",
    "TRACE ",
    "PATCH ",
    "PROPFIND ",
    "REPORT ",
    "MKCOL ",
    "COPY ",
    "MOVE ",
    "LOCK ",
    "UNLOCK ",
    "SEARCH ",
];

/// How responses begin.
const VERSION: &str = "HTTP/1.";

/// A complete first line decides by its grammar, so that other text protocols with the same verbs
/// (RTSP, SIP) are left alone. A longer prefix of one known method is enough to be sure; less than
/// a method is a guess.
pub(super) fn probe(bytes: &[u8]) -> Likelihood {
    if let Some(end) = line_end(bytes.get(..bytes.len().min(MAX_START_LINE)).unwrap_or(bytes), 0) {
        let line = bytes.get(..end).unwrap_or(bytes);
        return if StartLine::read(line).is_some() { Likelihood::Surely } else { Likelihood::No };
    }
    let mut beginnings = METHODS.iter().chain([&VERSION]).map(|text| text.as_bytes());
    if beginnings.clone().any(|beginning| bytes.starts_with(beginning)) {
        Likelihood::Surely
    } else if !bytes.is_empty() && beginnings.any(|beginning| beginning.starts_with(bytes)) {
        Likelihood::Perhaps
    } else {
        Likelihood::No
    }
}
