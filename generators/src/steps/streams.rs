//! What a stream carries, in HTTP/2 and in HTTP/3: one request and its response.

use super::Step;
use crate::digest::{self, Running};

/// Header fields: how many, and a digest of all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldLines {
    count: usize,
    sha256: String,
}

impl FieldLines {
    /// Of names and values in the order of the wire, without those that begin with a colon. The
    /// digest is of lines `name: value`, each with a line feed behind it.
    pub fn of<'a>(fields: impl IntoIterator<Item = (&'a [u8], &'a [u8])>) -> FieldLines {
        let mut digest = Running::new();
        let mut count = 0;
        for (name, value) in fields {
            for part in [name, b": ", value, b"\n"] {
                digest.update(part);
            }
            count += 1;
        }
        FieldLines { count, sha256: digest.sha256() }
    }
}

/// A request in the terms both sides and the wire share.
#[derive(Clone, Debug)]
pub struct StreamRequest<'a> {
    /// Its stream.
    pub stream: u64,
    /// `:method`.
    pub method: &'a str,
    /// `:scheme`.
    pub scheme: Option<&'a str>,
    /// `:authority`.
    pub authority: Option<&'a str>,
    /// `:path`.
    pub path: Option<&'a str>,
    /// All other fields.
    pub fields: FieldLines,
    /// The content.
    pub body: &'a [u8],
}

/// A response in the terms both sides and the wire share.
#[derive(Clone, Debug)]
pub struct StreamResponse<'a> {
    /// Its stream.
    pub stream: u64,
    /// `:status`.
    pub status: u16,
    /// All other fields.
    pub fields: FieldLines,
    /// The content, as far as it came before the stream ended.
    pub body: &'a [u8],
}

pub(super) fn request_step(name: &'static str, request: &StreamRequest<'_>) -> Step {
    let step = Step::new(name, [("method", request.method.to_owned())]);
    with(step, request.stream, &request.fields, request.body)
        .maybe("scheme", request.scheme.map(str::to_owned))
        .maybe("authority", request.authority.map(str::to_owned))
        .maybe("path", request.path.map(str::to_owned))
}

pub(super) fn response_step(name: &'static str, response: &StreamResponse<'_>) -> Step {
    let step = Step::new(name, [("status", response.status.to_string())]);
    with(step, response.stream, &response.fields, response.body)
}

/// What requests and responses have in common.
fn with(step: Step, stream: u64, fields: &FieldLines, body: &[u8]) -> Step {
    step.maybe("stream", Some(stream.to_string()))
        .maybe("fields", Some(fields.count.to_string()))
        .maybe("fields_sha256", Some(fields.sha256.clone()))
        .maybe("body_bytes", Some(body.len().to_string()))
        .maybe("body_sha256", Some(digest::sha256(body)))
}
