//! Whether bytes begin an HTTP/1.x message, seen from their first line alone.

use super::head::{MAX_START_LINE, StartLine, VERSION, line_end};
use crate::protocol::Likelihood;

/// Methods that decide before their line is complete: RFC 9110, section 9.3, RFC 5789, and the
/// ones of WebDAV that are seen most.
pub(super) const METHODS: &[&str] = &[
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

/// How HTTP/2 begins (RFC 9113, section 3.4), in the grammar of a request.
const PREFACE: &[u8] = b"PRI * HTTP/2.0";

/// A complete first line decides by its grammar, so that other text protocols with the same verbs
/// (RTSP, SIP) are left alone. A longer prefix of one known method is enough to be sure; less than
/// a method is a guess.
pub(super) fn probe(bytes: &[u8]) -> Likelihood {
    // Empty lines before a start line are not part of it (RFC 9112, section 2.2).
    let blank = bytes.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    let bytes = bytes.get(blank..).unwrap_or(bytes);
    if bytes.is_empty() {
        return Likelihood::Unsaid;
    }
    if bytes.starts_with(PREFACE) {
        return Likelihood::No;
    }
    if let Some(end) = line_end(bytes.get(..bytes.len().min(MAX_START_LINE)).unwrap_or(bytes), 0) {
        let line = bytes.get(..end).unwrap_or(bytes);
        return if StartLine::read(line).is_some() { Likelihood::Surely } else { Likelihood::No };
    }
    let mut beginnings = METHODS.iter().map(|text| text.as_bytes()).chain([VERSION]);
    if beginnings.clone().any(|beginning| bytes.starts_with(beginning)) {
        Likelihood::Surely
    } else if beginnings.any(|beginning| beginning.starts_with(bytes)) {
        Likelihood::Perhaps
    } else {
        Likelihood::No
    }
}
