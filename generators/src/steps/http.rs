//! The steps of HTTP/1.1: requests and responses, as both sides see them.

use super::Step;
use crate::digest;

/// A request in the terms both sides and the wire share.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The method, such as `GET`.
    pub method: &'a str,
    /// The request target as sent: `/about.html`.
    pub target: &'a str,
    /// `HTTP/1.1`.
    pub version: &'a str,
    /// The Host field.
    pub host: Option<&'a str>,
    /// The Connection field.
    pub connection: Option<&'a str>,
    /// The content, after any transfer coding is removed.
    pub body: &'a [u8],
}

/// A response in the terms both sides and the wire share.
#[derive(Clone, Copy, Debug)]
pub struct Response<'a> {
    /// `HTTP/1.1`.
    pub version: &'a str,
    /// The status code.
    pub status: u16,
    /// The Location field.
    pub location: Option<&'a str>,
    /// The Connection field.
    pub connection: Option<&'a str>,
    /// The Content-Encoding field.
    pub coding: Option<&'a str>,
    /// The content, after any transfer coding and content coding is undone.
    pub body: &'a [u8],
    /// The Content-Digest field of the trailer section.
    pub digest: Option<&'a str>,
}

/// `http.request.sent {method, target, version, host, connection, body_bytes, body_sha256}`: the
/// client handed a request to its library.
///
/// On the wire: the request line, the fields Host and Connection as they stand (absent if they
/// are), and the content.
pub fn http_request_sent(request: Request<'_>) -> Step {
    request_step("http.request.sent", request)
}

/// `http.request.received {...}`: the library handed a request to the server. The same facts as
/// [`http_request_sent`].
pub fn http_request_received(request: Request<'_>) -> Step {
    request_step("http.request.received", request)
}

fn request_step(name: &'static str, request: Request<'_>) -> Step {
    Step::new(
        name,
        [
            ("method", request.method.to_owned()),
            ("target", request.target.to_owned()),
            ("version", request.version.to_owned()),
            ("body_bytes", request.body.len().to_string()),
            ("body_sha256", digest::sha256(request.body)),
        ],
    )
    .maybe("host", request.host.map(str::to_owned))
    .maybe("connection", request.connection.map(str::to_owned))
}

/// `http.response.sent {version, status, location, connection, content_encoding, body_bytes,
/// body_sha256, content_digest}`: the server handed a response to its library.
///
/// On the wire: the status line, the fields Location, Connection and Content-Encoding as they stand
/// (absent if they are), the content with all codings undone, and the field Content-Digest behind
/// it.
pub fn http_response_sent(response: Response<'_>) -> Step {
    response_step("http.response.sent", response)
}

/// `http.response.received {...}`: the library handed a response to the client. The same facts as
/// [`http_response_sent`].
pub fn http_response_received(response: Response<'_>) -> Step {
    response_step("http.response.received", response)
}

fn response_step(name: &'static str, response: Response<'_>) -> Step {
    Step::new(
        name,
        [
            ("version", response.version.to_owned()),
            ("status", response.status.to_string()),
            ("body_bytes", response.body.len().to_string()),
            ("body_sha256", digest::sha256(response.body)),
        ],
    )
    .maybe("location", response.location.map(str::to_owned))
    .maybe("connection", response.connection.map(str::to_owned))
    .maybe("content_encoding", response.coding.map(str::to_owned))
    .maybe("content_digest", response.digest.map(str::to_owned))
}

/// `http.interim.received {version, status}`: the client's library was given an interim response,
/// such as 100 Continue. Only the client says it: the server's library sends it without being told
/// to, when the server's program begins to read the content (RFC 9110, section 10.1.1).
///
/// On the wire: a response whose status begins with 1.
pub fn http_interim_received(version: &str, status: u16) -> Step {
    Step::new(
        "http.interim.received",
        [("version", version.to_owned()), ("status", status.to_string())],
    )
}
