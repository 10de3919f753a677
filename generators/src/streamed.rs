//! Requests and responses on streams, as the transcript tells them: those of HTTP/2 and HTTP/3.

use hyper::{
    HeaderMap,
    http::{request, response, uri::PathAndQuery},
};

use crate::steps;

/// The request on `stream`.
pub(crate) fn told_request<'a>(
    stream: u64,
    head: &'a request::Parts,
    body: &'a [u8],
) -> steps::StreamRequest<'a> {
    steps::StreamRequest {
        stream,
        method: head.method.as_str(),
        scheme: head.uri.scheme_str(),
        authority: head.uri.authority().map(|authority| authority.as_str()),
        path: head.uri.path_and_query().map(PathAndQuery::as_str),
        fields: fields(&head.headers),
        body,
    }
}

/// The response on `stream`.
pub(crate) fn told_response<'a>(
    stream: u64,
    head: &'a response::Parts,
    body: &'a [u8],
) -> steps::StreamResponse<'a> {
    let status = head.status.as_u16();
    steps::StreamResponse { stream, status, fields: fields(&head.headers), body }
}

/// Header fields in their order. None here occurs twice, so the library keeps it.
fn fields(headers: &HeaderMap) -> steps::FieldLines {
    let lines = headers.iter().map(|(name, value)| (name.as_str().as_bytes(), value.as_bytes()));
    steps::FieldLines::of(lines)
}
